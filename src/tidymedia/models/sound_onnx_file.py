"""A network of a user for sound in an ONNX file: what it takes is read from the file, the rest is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from tidymedia.errors import UnavailableError
from tidymedia.models.onnx_file import described
from tidymedia.models.sessions import Network, Port, load_network
from tidymedia.models.sound_classifier import RATE, Samples, SoundClassifier, excluding, scoring_of

if TYPE_CHECKING:
    from tidymedia.models.choice import ChosenModel

__all__ = ["load_sound_onnx_file"]

_TYPES: Mapping[str, str] = {
    "tensor(float)": "float32",
    "tensor(float16)": "float16",
    "tensor(double)": "float64",
}

_NAMED: Final = ("clipwise_output", "scores", "probabilities", "logits")
"""What the output with the scores is called, where there are several."""


def load_sound_onnx_file(chosen: ChosenModel, *, rate: int = RATE, scores: str = "auto") -> SoundClassifier:
    """Load a network of a user that takes the samples of one channel and gives one number a class.

    Its input is read from the file: samples alone (N), or one row of them (1 x N, 1 x 1 x N), as many as the file says
    or any number. Where it takes a fixed number, shorter stretches are filled up with silence at their end. Where it
    gives numbers for several moments (moments x classes), their scores are averaged.

    Parameters
    ----------
    chosen : ChosenModel
        The file; the names of its classes are known.
    rate : int, default 16000
        Samples a second that it wants. A file does not say it; a wrong one gives wrong labels without an error.
    scores : {"auto", "softmax", "sigmoid", "none"}, default "auto"
        How what it gives becomes scores, see ``models.audio_classification``.

    Returns
    -------
    SoundClassifier
        The network, loaded.

    Raises
    ------
    UnavailableError
        Where the file is not there, is no network for sound, or gives another number of scores than there are labels.
    SettingError
        Where there is no such way to make scores.
    """
    network = load_network(described(chosen), path=chosen.path)
    classes = chosen.classes
    if classes is None:
        raise UnavailableError(f"The names of the classes of {chosen.name} are not known.", "Write them into a file.")
    taken = _input(network)
    output = _output(network, len(classes), str(chosen.labels_path))
    count = taken.shape[-1]
    scored = scoring_of(scores, excluding(classes))

    def raw(samples: Samples) -> NDArray[Any]:
        if count is not None and count > len(samples):
            samples = np.pad(samples, (0, count - len(samples)))
        values = samples.astype(_TYPES[taken.type], copy=False).reshape((1,) * (len(taken.shape) - 1) + (-1,))
        made = np.asarray(network.run(values, output)[output])
        return made.reshape(-1, made.shape[-1] if made.ndim else 1)

    if scores == "auto":
        trials = np.concatenate([raw(one[:count]) for one in _trials(rate, count)])
        if bool(((trials >= 0) & (trials <= 1)).all()):
            scored = scoring_of("none", exclusive=True)

    def score(samples: Samples) -> NDArray[np.float64]:
        made: NDArray[np.float64] = np.mean([scored(moment) for moment in raw(samples)], axis=0)
        return made

    return SoundClassifier(chosen.identifier, classes, rate, None if count is None else count / rate, score)


def _input(network: Network) -> Port:
    name = network.model.identifier
    if len(network.inputs) != 1:
        names = ", ".join(port.name for port in network.inputs)
        raise UnavailableError(
            f"The network {name} takes {len(network.inputs)} inputs ({names}), not the samples of a sound alone.",
            "Export it with the samples as its only input.",
        )
    port = network.inputs[0]
    rows = port.shape[:-1]
    if port.type not in _TYPES or not 1 <= len(port.shape) <= 3 or any(side not in (None, 1) for side in rows):
        declared = " x ".join("any" if side is None else str(side) for side in port.shape)
        raise UnavailableError(
            f"The network {name} takes {port.type} of {declared or 'one number'}, not the samples of a sound.",
            "Export it for the samples of one channel as 32-bit numbers: N, or 1 x N. What is made of them first, such "
            "as a spectrogram, must be in the file.",
        )
    return port


def _output(network: Network, classes: int, labels: str) -> str:
    """Find the output with a number for each class."""
    fitting = [port for port in network.outputs if port.shape and port.shape[-1] in (None, classes)]
    if not fitting:
        told = " or ".join(str(port.shape[-1]) if port.shape else "1" for port in network.outputs)
        raise UnavailableError(
            f"The network {network.model.identifier} gives {told} scores, and {classes} labels are known.",
            f"Write as many names into {labels}, one a line, in the order of its scores.",
        )
    named = [port.name for port in fitting if port.name in _NAMED]
    exact = [port.name for port in fitting if port.shape[-1] == classes]
    return [*named, *exact, *(port.name for port in fitting)][0]


def _trials(rate: int, count: int | None) -> list[Samples]:
    """Make silence, a tone and noise."""
    moments = np.arange(count or rate)
    tone = 0.5 * np.sin(2 * np.pi * 440 * moments / rate)
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, len(moments))
    return [one.astype(np.float32) for one in (np.zeros(len(moments)), tone, noise)]
