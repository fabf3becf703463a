"""What a picture shows, as scores for each class that a network knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tidymedia.errors import UnavailableError
from tidymedia.models.bundled import BUNDLED
from tidymedia.models.classifier import Classifier, scores_from
from tidymedia.models.inputs import as_input
from tidymedia.models.labels import Label, labels_of
from tidymedia.models.sessions import load_network

if TYPE_CHECKING:
    from tidymedia.models.choice import ChosenModel

__all__ = ["MODEL", "load_classifier", "with_synsets"]

MODEL = BUNDLED["efficientnet_lite2"]
"""The network where the user names none."""


def load_classifier(chosen: ChosenModel, *, normalization: str = "imagenet") -> Classifier:
    """Load a network that knows classes.

    Networks whose classes exclude each other give a softmax: scores that sum to 1. Models of the hub that were trained
    for several labels a picture say so in their configuration and give a sigmoid: each score stands alone. A file does
    not say it. Where what it gives for three trial pictures lies between 0 and 1 throughout, these are the scores;
    else they go through a softmax.

    Parameters
    ----------
    chosen : ChosenModel
        The network.
    normalization : {"imagenet", "half", "unit", "none"}, default "imagenet"
        How an ONNX file wants the values of pixels, see ``models.onnx_file``; the others say it themselves.

    Returns
    -------
    Classifier
        The network, loaded.

    Raises
    ------
    UnavailableError
        Where it is not there, cannot be loaded, or names no classes.
    SettingError
        Where there is no such normalization.

    Examples
    --------
    >>> from tidymedia.models.choice import choose_model
    >>> classifier = load_classifier(choose_model("", "tags", default=MODEL))
    >>> made = classifier.scores(Image.new("RGB", (300, 200), "white"))
    >>> made.shape, round(float(made.sum()), 6)
    ((1000,), 1.0)
    """
    found = chosen.availability()
    if not found.installed:
        raise UnavailableError(found.missing, found.remedy)
    if chosen.model is not None:
        return _bundled(chosen)
    return _of_hub(chosen) if chosen.origin == "hub" else _of_file(chosen, normalization)


def with_synsets(classes: tuple[Label, ...]) -> tuple[Label, ...]:
    """Add the synsets of WordNet to classes that are those of ImageNet-1k in their usual order.

    Parameters
    ----------
    classes : tuple of Label
        Classes of a network; names may carry synonyms, as in ``"tabby, tabby cat"``.

    Returns
    -------
    tuple of Label
        With synsets where there are 1,000 classes and at least half have the name of ImageNet at their place; else as
        they were.

    Examples
    --------
    >>> with_synsets((Label("protest"), Label("police")))[0].wordnet_id is None
    True
    """
    known = labels_of(MODEL)
    if len(classes) != len(known) or any(label.wordnet_id for label in classes):
        return classes
    pairs = list(zip(classes, known, strict=True))
    alike = sum(_name(one.name) == _name(other.name) for one, other in pairs)
    if alike * 2 < len(known):
        return classes
    return tuple(Label(one.name, other.wordnet_id) for one, other in pairs)


def _name(label: str) -> str:
    return label.partition(",")[0].strip().replace("_", " ").casefold()


def _bundled(chosen: ChosenModel) -> Classifier:
    model = chosen.model
    if model is None or model.labels is None:
        raise UnavailableError(f"The network {chosen.identifier} knows no classes.", "Choose another one.")
    network = load_network(model)

    def score(image: Image.Image) -> NDArray[np.float64]:
        return scores_from(network.run(as_input(image, model.input), "logits")["logits"][0], exclusive=True)

    return Classifier(chosen.identifier, labels_of(model), score)


def _of_hub(chosen: ChosenModel) -> Classifier:
    from tidymedia.models.hub import load_hub_model

    loaded = load_hub_model(chosen, "AutoModelForImageClassification")
    classes = chosen.classes
    if classes is None:
        raise UnavailableError(
            f"The configuration of the model {chosen.name} names no classes.",
            "Choose a model for image classification whose config.json has id2label.",
        )
    exclusive = loaded.network.config.problem_type != "multi_label_classification" and len(classes) > 1

    def score(image: Image.Image) -> NDArray[np.float64]:
        return scores_from(loaded.run([image]).logits[0].float().cpu().numpy(), exclusive=exclusive)

    return Classifier(chosen.identifier, with_synsets(classes), score)


def _of_file(chosen: ChosenModel, normalization: str) -> Classifier:
    from tidymedia.models.onnx_file import load_onnx_file

    loaded = load_onnx_file(chosen, normalization=normalization, classes_in=1)
    classes = chosen.classes
    if classes is None:
        raise UnavailableError(f"The names of the classes of {chosen.name} are not known.", "Write them into a file.")
    output = loaded.network.outputs[0].name

    def raw(image: Image.Image) -> NDArray[Any]:
        made: NDArray[Any] = loaded.run(image, output)[output].reshape(-1)
        return made

    trials = np.concatenate([raw(image) for image in _trials()])
    ready = bool(((trials >= 0) & (trials <= 1)).all())

    def score(image: Image.Image) -> NDArray[np.float64]:
        return raw(image).astype(np.float64) if ready else scores_from(raw(image), exclusive=True)

    return Classifier(chosen.identifier, with_synsets(classes), score)


def _trials() -> list[Image.Image]:
    noise = np.random.default_rng(0).integers(0, 256, (224, 224, 3), np.uint8)
    return [Image.new("RGB", (224, 224), "black"), Image.new("RGB", (224, 224), "white"), Image.fromarray(noise)]
