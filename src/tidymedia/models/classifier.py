"""A network that gives pictures labels, once it is loaded: scores, and the best of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tidymedia.errors import ExtractionError
from tidymedia.models.labels import Label

__all__ = ["Classifier", "ScoredLabel", "scores_from"]


class ScoredLabel(NamedTuple):
    """A label that a picture got.

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
        made = self.score(image)
        if made.shape != (len(self.classes),):
            raise ExtractionError(
                f"The network {self.identifier} gives {made.size} scores for {len(self.classes)} labels.",
                "Check that the labels are those of this network.",
            )
        if not np.isfinite(made).all():
            raise ExtractionError(f"The network {self.identifier} gives scores that are no numbers for this picture.")
        return made

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
        scores = self.scores(image)
        order = np.argsort(-scores, kind="stable")[:top]
        return [ScoredLabel(self.classes[place], float(scores[place])) for place in order if scores[place] >= min_score]


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
