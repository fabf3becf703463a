"""Where the labels of boxes stand: near their boxes, within the picture, and never on one another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Place", "place_labels"]

_RINGS = 10
"""How many heights of a label away a place is looked for."""

_FARTHER = 0.12
"""How much of a label may hide other boxes, as a share of it, before the next candidate is better."""


class Place(NamedTuple):
    """A rectangle in pixels of the picture.

    Parameters
    ----------
    left, top, right, bottom : float
        Its sides.
    """

    left: float
    top: float
    right: float
    bottom: float

    def shared(self, other: Place) -> float:
        """Return the area that two rectangles share."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(0.0, across) * max(0.0, down)


def place_labels(
    boxes: Sequence[Place], sizes: Sequence[tuple[int, int] | None], picture: tuple[int, int]
) -> list[Place | None]:
    """Find a place for every label.

    The first choice is above the upper left corner of the box, then its other corners, outside and inside, then
    places around it. Of those that are free the one is taken that hides the least of other boxes.

    Parameters
    ----------
    boxes : sequence of Place
        The boxes, the most important first.
    sizes : sequence of tuple of int or None
        Width and height of each label; None for a box without.
    picture : tuple of int
        Width and height of the picture.

    Returns
    -------
    list of Place or None
        A place for each; None where it has none, or no room is left.

    Examples
    --------
    >>> box = Place(10, 50, 60, 90)
    >>> first, second = place_labels([box, box], [(30, 10), (30, 10)], (100, 100))
    >>> first, first.shared(second)
    (Place(left=10, top=40, right=40, bottom=50), 0.0)
    """
    return list(_placed(tuple(boxes), tuple(sizes), picture))


@lru_cache(maxsize=4)
def _placed(
    boxes: tuple[Place, ...], sizes: tuple[tuple[int, int] | None, ...], picture: tuple[int, int]
) -> tuple[Place | None, ...]:
    """Place the labels; kept, since the frames of a film have the same boxes many times in a row."""
    rectangles = np.array(boxes, np.float64).reshape(-1, 4)
    taken = np.empty((0, 4))
    places: list[Place | None] = []
    for number, (box, size) in enumerate(zip(boxes, sizes, strict=True)):
        place = None
        if size is not None and size[0] <= picture[0] and size[1] <= picture[1]:
            place = _best(box, size, picture, taken, np.delete(rectangles, number, axis=0))
        if place is not None:
            taken = np.vstack((taken, place))
        places.append(place)
    return tuple(places)


def _best(
    box: Place,
    size: tuple[int, int],
    picture: tuple[int, int],
    taken: NDArray[np.float64],
    others: NDArray[np.float64],
) -> Place | None:
    candidates = list(_candidates(box, size, picture))
    rectangles = np.array(candidates, np.float64)
    free = np.flatnonzero(~(_shared(rectangles, taken) > 0).any(axis=1))
    if not len(free):
        return None
    hidden = _shared(rectangles[free], others).sum(axis=1) / (size[0] * size[1])
    return candidates[int(free[np.argmin(hidden + free * _FARTHER)])]


def _shared(some: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the area that each rectangle of one list shares with each of another."""
    across = np.minimum(some[:, None, 2], others[:, 2]) - np.maximum(some[:, None, 0], others[:, 0])
    down = np.minimum(some[:, None, 3], others[:, 3]) - np.maximum(some[:, None, 1], others[:, 1])
    areas: NDArray[np.float64] = np.maximum(across, 0) * np.maximum(down, 0)
    return areas


def _candidates(box: Place, size: tuple[int, int], picture: tuple[int, int]) -> Iterator[Place]:
    """Give places from good to bad, each within the picture."""
    wide, high = size
    right, bottom = box.right - wide, box.bottom - high
    corners = (
        (box.left, box.top - high),
        (box.left, box.top),
        (box.left, box.bottom),
        (right, box.top - high),
        (right, box.top),
        (right, box.bottom),
        (box.left, bottom),
        (right, bottom),
        (box.right, box.top),
        (box.left - wide, box.top),
    )
    for left, top in corners:
        yield _within(left, top, size, picture)
    for ring in range(1, _RINGS + 1):
        step = ring * high
        middle = (box.left + box.right - wide) / 2
        for left, top in (
            (box.left, box.top + step),
            (box.left, box.top - high - step),
            (middle, box.top - high - step),
            (right, box.top - high - step),
            (box.right + step, box.top),
            (box.left - wide - step, box.top),
            (box.left, box.bottom + step),
            (right, box.bottom + step),
        ):
            yield _within(left, top, size, picture)


def _within(left: float, top: float, size: tuple[int, int], picture: tuple[int, int]) -> Place:
    left = min(max(left, 0), picture[0] - size[0])
    top = min(max(top, 0), picture[1] - size[1])
    return Place(left, top, left + size[0], top + size[1])
