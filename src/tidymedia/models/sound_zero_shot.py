"""What is heard, out of labels that the user writes, by a network that was trained on sounds with texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tidymedia.errors import SettingError
from tidymedia.models.classifier import scores_from
from tidymedia.models.labels import Label
from tidymedia.models.own_labels import check_labels, texts_of
from tidymedia.models.sound_classifier import Samples, SoundClassifier
from tidymedia.models.sound_labels import TEMPLATE

if TYPE_CHECKING:
    from tidymedia.models.choice import ChosenModel
    from tidymedia.models.hub import HubModel

__all__ = ["load_sound_zero_shot"]


def load_sound_zero_shot(chosen: ChosenModel, labels: Sequence[str], template: str = TEMPLATE) -> SoundClassifier:
    """Load CLAP, which compares sounds with texts, and prepare the texts.

    The labels share a score of 1 (softmax): it says which label fits best, and something always does.

    Parameters
    ----------
    chosen : ChosenModel
        The network; it is there.
    labels : sequence of str
        The labels, at least two, in the language that the network was trained on, which is English.
    template : str, default "This is a sound of {}."
        A text with one ``{}``, for which each label is put.

    Returns
    -------
    SoundClassifier
        The network, loaded, with the labels as its classes.

    Raises
    ------
    SettingError
        Where a label or the template is not allowed, or a text is too long for the network.
    UnavailableError
        Where the network cannot be loaded.

    Notes
    -----
    Wu, Y., Chen, K., Zhang, T., Hui, Y., Berg-Kirkpatrick, T., & Dubnov, S. (2023). Large-scale contrastive
    language-audio pretraining with feature fusion and keyword-to-caption augmentation. ICASSP 2023.
    """
    from tidymedia.models.hub import load_hub_model

    cleaned = check_labels(labels, template, such_as=TEMPLATE)
    loaded = load_hub_model(chosen, "AutoModel", prepares="sound and text")
    prepares = loaded.processor.feature_extractor
    rate = int(prepares.sampling_rate)
    words = _vectors_of_texts(loaded, texts_of(cleaned, template))
    scale = float(loaded.network.logit_scale_a.detach().exp())

    def score(samples: Samples) -> NDArray[np.float64]:
        (vector,) = _unit(loaded.run(audio=samples, sampling_rate=rate, method="get_audio_features"))
        return scores_from(words @ vector * scale, exclusive=True)

    longest = float(prepares.nb_max_samples) / rate  # of what is longer, the preparation takes a part by chance
    return SoundClassifier(chosen.identifier, tuple(Label(label) for label in cleaned), rate, longest, score)


def _vectors_of_texts(loaded: HubModel, texts: list[str]) -> NDArray[np.float64]:
    tokenizer: Any = loaded.processor.tokenizer
    # Its places are counted from behind the filling, as in RoBERTa.
    configuration: Any = loaded.network.config.text_config
    longest = int(configuration.max_position_embeddings) - int(configuration.pad_token_id) - 1
    for text in texts:
        length = len(tokenizer(text, truncation=False)["input_ids"])
        if length > longest:
            raise SettingError(
                f"The text {text!r} has {length} parts of words, and the model {loaded.chosen.name} takes {longest}.",
                "Shorten the label or the template.",
            )
    return _unit(loaded.run(text=texts, padding=True, method="get_text_features"))


def _unit(made: Any) -> NDArray[np.float64]:
    vectors: NDArray[np.float64] = made.pooler_output.double().cpu().numpy()
    unit: NDArray[np.float64] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit
