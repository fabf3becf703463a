"""Boxes around objects, as arrays: how much two of them share, and which of several say the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Boxes", "corners_of", "intersection_over_union", "join", "overlap_of", "suppress"]


@dataclass(frozen=True, slots=True)
class Boxes:
    """Boxes of one picture.

    Parameters
    ----------
    corners : numpy.ndarray
        float32, shape (number, 4): left, top, right and bottom in pixels.
    scores : numpy.ndarray
        float32, shape (number,): 0 to 1.
    classes : numpy.ndarray
        int64, shape (number,): numbers of their classes.

    Examples
    --------
    >>> len(Boxes.empty())
    0
    """

    corners: NDArray[np.float32]
    scores: NDArray[np.float32]
    classes: NDArray[np.int64]

    @classmethod
    def empty(cls) -> Boxes:
        """Return no boxes."""
        return cls(np.empty((0, 4), np.float32), np.empty(0, np.float32), np.empty(0, np.int64))

    def __len__(self) -> int:
        """Return their number."""
        return len(self.scores)

    def take(self, which: NDArray[np.intp] | NDArray[np.bool_]) -> Boxes:
        """Return some of them, by number or by yes and no."""
        return Boxes(self.corners[which], self.scores[which], self.classes[which])

    def clipped(self, width: int, height: int) -> Boxes:
        """Return them cut to a picture; those without any area in it, and broken ones, are left out."""
        finite = self.take(np.isfinite(self.corners).all(axis=1) & np.isfinite(self.scores))
        limits = np.array([width, height, width, height], np.float32)
        corners = np.clip(finite.corners, 0, limits)
        cut = Boxes(corners, np.clip(finite.scores, 0, 1), finite.classes)
        return cut.take((corners[:, 2] > corners[:, 0]) & (corners[:, 3] > corners[:, 1]))

    def ordered(self) -> Boxes:
        """Return them by falling score; equal ones by class and place, so that the order is always the same."""
        keys = (*self.corners.T[::-1], self.classes, -self.scores)
        return self.take(np.lexsort(keys))


def corners_of(centers: NDArray[np.float32]) -> NDArray[np.float32]:
    """Turn boxes given by center and size into corners.

    Parameters
    ----------
    centers : numpy.ndarray
        Shape (number, 4): x and y of the center, width, height.

    Returns
    -------
    numpy.ndarray
        float32, shape (number, 4): left, top, right, bottom.

    Examples
    --------
    >>> corners_of(np.array([[10, 20, 4, 6]], np.float32)).tolist()
    [[8.0, 17.0, 12.0, 23.0]]
    """
    middle, half = centers[:, :2], centers[:, 2:] / 2
    return np.concatenate((middle - half, middle + half), axis=1).astype(np.float32)


def join(parts: Sequence[Boxes]) -> Boxes:
    """Put boxes together.

    Parameters
    ----------
    parts : sequence of Boxes
        In pixels of the same picture.

    Returns
    -------
    Boxes
        All of them.

    Examples
    --------
    >>> len(join([Boxes.empty(), Boxes.empty()]))
    0
    """
    if not parts:
        return Boxes.empty()
    return Boxes(
        np.concatenate([part.corners for part in parts]),
        np.concatenate([part.scores for part in parts]),
        np.concatenate([part.classes for part in parts]),
    )


def overlap_of(one: NDArray[np.float32], others: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the area that a box shares with each of others.

    Parameters
    ----------
    one : numpy.ndarray
        Four corners.
    others : numpy.ndarray
        Shape (number, 4).

    Returns
    -------
    numpy.ndarray
        Shape (number,), in square pixels.

    Examples
    --------
    >>> overlap_of(np.float32([0, 0, 10, 10]), np.float32([[5, 5, 20, 20], [10, 0, 20, 10]])).tolist()
    [25.0, 0.0]
    """
    sides = np.minimum(one[2:], others[:, 2:]) - np.maximum(one[:2], others[:, :2])
    shared: NDArray[np.float32] = np.prod(np.maximum(sides, 0), axis=1)
    return shared


def intersection_over_union(one: NDArray[np.float32], others: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the area that a box shares with each of others, as a share of what both cover.

    Parameters
    ----------
    one : numpy.ndarray
        Four corners.
    others : numpy.ndarray
        Shape (number, 4).

    Returns
    -------
    numpy.ndarray
        Shape (number,), 0 to 1.

    Examples
    --------
    >>> intersection_over_union(np.float32([0, 0, 10, 10]), np.float32([[0, 0, 10, 10], [0, 0, 5, 10]])).tolist()
    [1.0, 0.5]
    """
    shared = overlap_of(one, others)
    areas = np.prod(others[:, 2:] - others[:, :2], axis=1) + np.prod(one[2:] - one[:2]) - shared
    shares: NDArray[np.float32] = np.divide(shared, areas, out=np.zeros_like(shared), where=areas > 0)
    return shares


def suppress(boxes: Boxes, overlap: float = 0.5) -> Boxes:
    """Keep of boxes of one class that cover nearly the same only the one with the highest score.

    Boxes of different classes never compete: a person on a horse keeps both.

    Parameters
    ----------
    boxes : Boxes
        What a network found.
    overlap : float, default 0.5
        Two boxes say the same when their intersection over union is greater.

    Returns
    -------
    Boxes
        Those that are kept, by falling score.

    Notes
    -----
    Greedy non-maximum suppression, a class at a time.

    Examples
    --------
    >>> corners = np.float32([[0, 0, 10, 10], [1, 0, 10, 10], [30, 0, 40, 10]])
    >>> suppress(Boxes(corners, np.float32([0.6, 0.9, 0.5]), np.array([0, 0, 0]))).corners.tolist()
    [[1.0, 0.0, 10.0, 10.0], [30.0, 0.0, 40.0, 10.0]]
    """
    ordered = boxes.ordered()
    waiting = np.ones(len(ordered), np.bool_)
    kept: list[int] = []
    for place in range(len(ordered)):
        if not waiting[place]:
            continue
        kept.append(place)
        rivals = np.flatnonzero(waiting & (ordered.classes == ordered.classes[place]))
        rivals = rivals[rivals > place]
        shares = intersection_over_union(ordered.corners[place], ordered.corners[rivals])
        waiting[rivals[shares > overlap]] = False
    return ordered.take(np.array(kept, np.intp))
