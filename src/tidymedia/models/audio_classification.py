"""What is heard in a stretch of sound, as scores for each class that a network of the user knows."""

from __future__ import annotations

import functools
import os
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tidymedia.errors import UnavailableError
from tidymedia.models.choice import ChosenModel
from tidymedia.models.sound_classifier import RATE, Samples, SoundClassifier, excluding, rate_of, scoring_of
from tidymedia.models.sound_labels import TEMPLATE, fault_of_sound_labels

if TYPE_CHECKING:
    from tidymedia.models.hub import HubModel

__all__ = ["load_sound_classifier"]


@functools.lru_cache(maxsize=2)
def load_sound_classifier(
    chosen: ChosenModel,
    labels: tuple[str, ...] = (),
    template: str = TEMPLATE,
    *,
    rate: int = RATE,
    scores: str = "auto",
) -> SoundClassifier:
    """Load a network that gives sound labels, or return the one that was loaded last.

    Parameters
    ----------
    chosen : ChosenModel
        The network: a model of the hub for audio classification (AST, wav2vec 2.0, HuBERT, WavLM, the encoder of
        Whisper, ...), CLAP with labels of the user, or an ONNX file that takes samples.
    labels : tuple of str, default ()
        Labels that the user writes, for CLAP; none for the classes of the network.
    template : str, default "This is a sound of {}."
        The text in which labels of the user are put.
    rate : int, default 16000
        Samples a second that the network in an ONNX file wants; models of the hub say it themselves.
    scores : {"auto", "softmax", "sigmoid", "none"}, default "auto"
        How what the network gives becomes scores. ``"auto"`` is a softmax, so that the scores of all classes sum to 1,
        and a sigmoid, so that each stands alone, for models whose configuration says that they were trained for several
        labels at once and for the classes of AudioSet. What an ONNX file gives is left as it is where it lies between 0
        and 1 for three trial sounds.

    Returns
    -------
    SoundClassifier
        The network, loaded.

    Raises
    ------
    SettingError
        Where labels, template or scores are not allowed.
    UnavailableError
        Where the network is not there, cannot be loaded, or cannot do what is asked for.

    Notes
    -----
    Gong, Y., Chung, Y.-A., & Glass, J. (2021). AST: Audio Spectrogram Transformer. Interspeech 2021, 571-575.
    """
    found = chosen.availability()
    if not found.installed:
        raise UnavailableError(found.missing, found.remedy)
    if fault := fault_of_sound_labels(chosen, labels):
        raise UnavailableError(*fault)
    if labels:
        from tidymedia.models.sound_zero_shot import load_sound_zero_shot

        return load_sound_zero_shot(chosen, labels, template)
    if chosen.origin == "hub":
        return _of_hub(chosen, scores)
    from tidymedia.models.sound_onnx_file import load_sound_onnx_file

    return load_sound_onnx_file(chosen, rate=rate, scores=scores)


if hasattr(os, "register_at_fork"):
    # The threads of a network stay with the parent of a forked process.
    os.register_at_fork(after_in_child=load_sound_classifier.cache_clear)


def _of_hub(chosen: ChosenModel, scores: str) -> SoundClassifier:
    from tidymedia.models.hub import load_hub_model

    loaded = load_hub_model(chosen, "AutoModelForAudioClassification", prepares="sound")
    classes = chosen.classes
    if classes is None:
        raise UnavailableError(
            f"The configuration of the model {chosen.name} names no classes.",
            "Choose a model for audio classification whose config.json has id2label.",
        )
    problem = loaded.network.config.problem_type
    if problem == "regression":
        raise UnavailableError(
            f"The model {chosen.name} measures something on a scale, as its configuration says; it names no classes.",
            "Choose a model for audio classification.",
        )
    scored = scoring_of(scores, excluding(classes, problem))
    rate = rate_of(chosen, RATE)

    def score(samples: Samples) -> NDArray[np.float64]:
        made = loaded.run(raw_speech=samples, sampling_rate=rate)
        return scored(made.logits[0].float().cpu().numpy())

    return SoundClassifier(chosen.identifier, classes, rate, _longest(loaded), score)


def _longest(loaded: HubModel) -> float | None:
    """Return how many seconds a model hears at once; the preparation would silently cut off what is beyond."""
    prepares: Any = loaded.processor
    if type(prepares).__name__ == "ASTFeatureExtractor":
        return float(prepares.max_length) / 100  # steps of 10 milliseconds
    if hasattr(prepares, "n_samples"):  # Whisper
        return float(prepares.n_samples) / float(prepares.sampling_rate)
    return None
