"""A network that gives sound labels, once it is loaded: how it wants to hear, and its scores."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from tidymedia.errors import ExtractionError, SettingError
from tidymedia.models.classifier import ScoredLabel, best_of, checked_scores, scores_from
from tidymedia.models.hub_preparation import sampling_rate
from tidymedia.models.labels import Label

if TYPE_CHECKING:
    from tidymedia.models.choice import ChosenModel

__all__ = ["RATE", "SCORINGS", "Samples", "SoundClassifier", "excluding", "rate_of", "scoring_of"]

Samples = NDArray[np.float32]
"""A stretch of sound of one channel: float32, -1 to 1."""

RATE: Final = 16_000
"""Samples a second for a network in an ONNX file where the user says nothing."""

SCORINGS: Final = ("auto", "softmax", "sigmoid", "none")
"""How what a network gives becomes scores."""

_SHORTEST_SECONDS = 0.1
_ROUNDING = 1e-3
"""How far a network that calculates in 16 bits may be beyond 0 and 1."""

_AUDIOSET = (521, 527)
"""How many classes of AudioSet networks know: YAMNet 521, most others all 527."""


@dataclass(frozen=True)
class SoundClassifier:
    """A network that is loaded and gives a stretch of sound a score for each of its classes.

    Parameters
    ----------
    identifier : str
        Name and revision of the network.
    classes : tuple of Label
        Its classes, in the order of its scores.
    rate : int
        Samples a second that it wants.
    longest_seconds : float or None
        The longest stretch that it hears at once; None where its files set no limit.
    score : callable
        Turns samples into the scores, one a class, 0 to 1.
    """

    identifier: str
    classes: tuple[Label, ...]
    rate: int
    longest_seconds: float | None
    score: Callable[[Samples], NDArray[np.float64]]

    def scores(self, samples: Samples) -> NDArray[np.float64]:
        """Give a stretch of sound its scores. It goes through the network alone.

        What is shorter than 0.1 seconds is filled up with silence at its end, since many networks can take no less.
        What is longer than the network hears at once must be divided before; a sample more by rounding is left out.

        Parameters
        ----------
        samples : numpy.ndarray
            One channel, float32, -1 to 1, at the rate of the network.

        Returns
        -------
        numpy.ndarray
            float64, one score a class, 0 to 1.

        Raises
        ------
        ExtractionError
            Where the network fails, or gives something else than a number from 0 to 1 for each of its classes.
        """
        missing = round(_SHORTEST_SECONDS * self.rate) - len(samples)
        if missing > 0:
            samples = np.pad(samples, (0, missing))
        if self.longest_seconds is not None:
            samples = samples[: round(self.longest_seconds * self.rate)]
        made = checked_scores(self.score(samples), len(self.classes), self.identifier, "stretch of sound")
        if made.min() < -_ROUNDING or made.max() > 1 + _ROUNDING:
            raise ExtractionError(
                f"The network {self.identifier} gives numbers from {made.min():.3g} to {made.max():.3g}, which are no "
                "scores yet.",
                "Set the parameter scores to softmax (labels that exclude each other) or sigmoid.",
            )
        return made.clip(0, 1)

    def best(self, scores: NDArray[np.float64], top: int, min_score: float = 0.0) -> list[ScoredLabel]:
        """Choose the labels with the highest scores.

        Parameters
        ----------
        scores : numpy.ndarray
            A score for each class, of one stretch or the mean of several.
        top : int
            How many labels at most.
        min_score : float, default 0.0
            Labels with a smaller score are left out.

        Returns
        -------
        list of ScoredLabel
            The best first; equal scores in the order of the classes.
        """
        return best_of(self.classes, scores, top, min_score)


def rate_of(chosen: ChosenModel, given: int) -> int:
    """Say how many samples a second a network wants, without loading it.

    Parameters
    ----------
    chosen : ChosenModel
        The network.
    given : int
        What the user says, for an ONNX file.

    Returns
    -------
    int
        What the preparation of a model of the hub says; for others, and where it says nothing, what was given.
    """
    said = sampling_rate(chosen.path) if chosen.origin == "hub" and chosen.path is not None else None
    return given if said is None else said


def excluding(classes: tuple[Label, ...], problem: str | None = None) -> bool:
    """Tell whether the classes of a network exclude each other.

    Parameters
    ----------
    classes : tuple of Label
        Its classes.
    problem : str or None, default None
        What the configuration of a model of the hub calls its problem.

    Returns
    -------
    bool
        False where the configuration says so, where there is only one, and for the classes of AudioSet: there is speech
        with music, and their networks were trained for that, although configurations often do not say it.

    Examples
    --------
    >>> excluding((Label("happy"), Label("sad")))
    True
    """
    audioset = len(classes) in _AUDIOSET and classes[0].name == "Speech"
    return problem != "multi_label_classification" and len(classes) > 1 and not audioset


def scoring_of(wanted: str, exclusive: bool) -> Callable[[NDArray[Any]], NDArray[np.float64]]:
    """Choose how what a network gives becomes scores.

    Parameters
    ----------
    wanted : {"auto", "softmax", "sigmoid", "none"}
        What the user says.
    exclusive : bool
        Whether the classes exclude each other; decides what ``"auto"`` is: a softmax, else a sigmoid.

    Returns
    -------
    callable
        Turns one number a class into scores.

    Raises
    ------
    SettingError
        Where there is no such way.

    Examples
    --------
    >>> scoring_of("auto", False)(np.array([0.0, 800.0])).tolist()
    [0.5, 1.0]
    """
    if wanted not in SCORINGS:
        raise SettingError(f"Scores cannot be made by {wanted!r}.", f"Choose one of: {', '.join(SCORINGS)}.")
    if wanted == "none":
        return lambda values: values.astype(np.float64)
    softmax = exclusive if wanted == "auto" else wanted == "softmax"
    return lambda values: scores_from(values, exclusive=softmax)
