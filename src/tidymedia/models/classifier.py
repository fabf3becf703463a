"""A network that gives pictures labels, once it is loaded: scores, and the best of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tidymedia.errors import ExtractionError
from tidymedia.models.labels import Label

__all__ = ["Classifier", "ScoredLabel", "best_of", "checked_scores", "scores_from"]


class ScoredLabel(NamedTuple):
    """A label that a picture or a stretch of sound got.

    Parameters
    ----------
    label : Label
        The label, with its synset in WordNet where it has one.
    score : float
        How strongly the network stands for it, 0 to 1.
    """

    label: Label
    score: float


@dataclass(frozen=True)
class Classifier:
    """A network that is loaded and gives a picture a score for each of its classes.

    Parameters
    ----------
    identifier : str
        Name and revision of the network.
    classes : tuple of Label
        Its classes, in the order of its scores.
    score : callable
        Turns a picture (mode RGB, upright) into the scores, one a class, 0 to 1.
    """

    identifier: str
    classes: tuple[Label, ...]
    score: Callable[[Image.Image], NDArray[np.float64]]

    def scores(self, image: Image.Image) -> NDArray[np.float64]:
        """Give a picture its scores. It goes through the network alone, so they depend on no other picture.

        Parameters
        ----------
        image : PIL.Image.Image
            The picture, mode RGB, upright.

        Returns
        -------
        numpy.ndarray
            float64, one score a class, 0 to 1.

        Raises
        ------
        ExtractionError
            Where the network fails, or gives something else than a number for each of its classes.
        """
        return checked_scores(self.score(image), len(self.classes), self.identifier, "picture")

    def best(self, image: Image.Image, top: int, min_score: float = 0.0) -> list[ScoredLabel]:
        """Give the labels with the highest scores.

        Parameters
        ----------
        image : PIL.Image.Image
            The picture, mode RGB, upright.
        top : int
            How many labels at most.
        min_score : float, default 0.0
            Labels with a smaller score are left out.

        Returns
        -------
        list of ScoredLabel
            The best first; equal scores in the order of the classes.
        """
        return best_of(self.classes, self.scores(image), top, min_score)


def checked_scores(scores: NDArray[np.float64], classes: int, identifier: str, what: str) -> NDArray[np.float64]:
    """Check that a network gave a number for each of its classes.

    Parameters
    ----------
    scores : numpy.ndarray
        What it gave.
    classes : int
        How many classes it has.
    identifier : str
        Name and revision of the network, for messages.
    what : str
        What it looked at, in a word.

    Returns
    -------
    numpy.ndarray
        The scores.

    Raises
    ------
    ExtractionError
        Where they are others.
    """
    if scores.shape != (classes,):
        raise ExtractionError(
            f"The network {identifier} gives {scores.size} scores for {classes} labels.",
            "Check that the labels are those of this network.",
        )
    if not np.isfinite(scores).all():
        raise ExtractionError(f"The network {identifier} gives scores that are no numbers for this {what}.")
    return scores


def best_of(
    classes: Sequence[Label], scores: NDArray[np.float64], top: int, min_score: float = 0.0
) -> list[ScoredLabel]:
    """Choose the labels with the highest scores.

    Parameters
    ----------
    classes : sequence of Label
        The labels.
    scores : numpy.ndarray
        A score for each.
    top : int
        How many labels at most.
    min_score : float, default 0.0
        Labels with a smaller score are left out.

    Returns
    -------
    list of ScoredLabel
        The best first; equal scores in the order of the classes.

    Examples
    --------
    >>> best_of([Label("rain"), Label("wind")], np.array([0.2, 0.7]), 1)[0].label.name
    'wind'
    """
    order = np.argsort(-scores, kind="stable")[:top]
    return [ScoredLabel(classes[place], float(scores[place])) for place in order if scores[place] >= min_score]


def scores_from(logits: NDArray[Any], *, exclusive: bool) -> NDArray[np.float64]:
    """Turn what the last layer gives into scores.

    Parameters
    ----------
    logits : numpy.ndarray
        One number a class.
    exclusive : bool
        True for a softmax: the scores sum to 1. False for a sigmoid: each stands alone.

    Returns
    -------
    numpy.ndarray
        float64, 0 to 1.

    Examples
    --------
    >>> scores_from(np.array([0.0, 0.0]), exclusive=True).tolist()
    [0.5, 0.5]
    >>> scores_from(np.array([0.0, -800.0]), exclusive=False).tolist()
    [0.5, 0.0]
    """
    values = logits.astype(np.float64)
    if exclusive:
        powers = np.exp(values - values.max())
        made: NDArray[np.float64] = powers / powers.sum()
        return made
    # Each side of zero has the form that cannot overflow.
    small = np.exp(-np.abs(values))
    return np.where(values >= 0, 1 / (1 + small), small / (1 + small))
