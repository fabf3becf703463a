"""What a picture shows, out of labels that the user writes, by a network that was trained on pictures with texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tidymedia.errors import SettingError, UnavailableError
from tidymedia.models.classifier import Classifier, scores_from
from tidymedia.models.labels import Label
from tidymedia.models.own_labels import EXCLUSIVE, TEMPLATE, check_labels, family_of, fault_of_labels, texts_of

if TYPE_CHECKING:
    from tidymedia.models.choice import ChosenModel
    from tidymedia.models.hub import HubModel

__all__ = ["load_zero_shot"]


def load_zero_shot(chosen: ChosenModel, labels: Sequence[str], template: str = TEMPLATE) -> Classifier:
    """Load a network that compares pictures with texts, and prepare the texts.

    The score is what the network was trained for. With CLIP the labels share a score of 1 (softmax): it says which
    label fits best, and something always does. With SigLIP each label has a score of its own (sigmoid): all can be low.

    Parameters
    ----------
    chosen : ChosenModel
        The network: CLIP, SigLIP or SigLIP 2.
    labels : sequence of str
        The labels, in any language that the network was trained on.
    template : str, default "a photo of {}"
        A text with one ``{}``, for which each label is put.

    Returns
    -------
    Classifier
        The network, loaded, with the labels as its classes.

    Raises
    ------
    SettingError
        Where a label or the template is not allowed, or a text is too long for the network.
    UnavailableError
        Where the network is not there, cannot be loaded, or cannot compare pictures with texts.

    Notes
    -----
    Radford, A., et al. (2021). Learning transferable visual models from natural language supervision. ICML 2021.
    Zhai, X., Mustafa, B., Kolesnikov, A., & Beyer, L. (2023). Sigmoid loss for language image pre-training. ICCV 2023.
    """
    from tidymedia.models.hub import load_hub_model

    cleaned = check_labels(labels, template)
    found = chosen.availability()
    if not found.installed:
        raise UnavailableError(found.missing, found.remedy)
    if fault := fault_of_labels(chosen, cleaned):
        raise UnavailableError(*fault)
    loaded = load_hub_model(chosen, "AutoModelForZeroShotImageClassification", prepares="images and text")
    exclusive = EXCLUSIVE[family_of(chosen)]
    words = _vectors_of_texts(loaded, texts_of(cleaned, template), exclusive)
    scale = float(loaded.network.logit_scale.detach().exp())
    bias = 0.0 if exclusive else float(loaded.network.logit_bias.detach())

    def score(image: Image.Image) -> NDArray[np.float64]:
        (vector,) = _unit(loaded.run([image], method="get_image_features"))
        return scores_from(words @ vector * scale + bias, exclusive=exclusive)

    return Classifier(chosen.identifier, tuple(Label(label) for label in cleaned), score)


def _vectors_of_texts(loaded: HubModel, texts: list[str], exclusive: bool) -> NDArray[np.float64]:
    longest = int(loaded.network.config.text_config.max_position_embeddings)
    # SigLIP was trained on texts that are filled up to their full length.
    filling = {"padding": True} if exclusive else {"padding": "max_length", "max_length": longest}
    for text in texts:
        length = len(loaded.processor.tokenizer(text, truncation=False)["input_ids"])
        if length > longest:
            raise SettingError(
                f"The text {text!r} has {length} parts of words, and the model {loaded.chosen.name} takes {longest}.",
                "Shorten the label or the template.",
            )
    return _unit(loaded.run(text=texts, method="get_text_features", **filling))


def _unit(made: Any) -> NDArray[np.float64]:
    vectors: NDArray[np.float64] = made.pooler_output.double().cpu().numpy()
    unit: NDArray[np.float64] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit
