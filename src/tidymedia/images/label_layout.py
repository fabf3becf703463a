"""Where the labels of boxes stand: near their boxes, within the picture, and never on one another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

__all__ = ["Place", "place_labels"]

_RINGS = 6
"""How many heights of a label away a place is looked for."""


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
    taken: list[Place] = []
    places: list[Place | None] = []
    for number, (box, size) in enumerate(zip(boxes, sizes, strict=True)):
        place = None
        if size is not None and size[0] <= picture[0] and size[1] <= picture[1]:
            others = [other for index, other in enumerate(boxes) if index != number]
            place = _best(box, size, picture, taken, others)
        if place is not None:
            taken.append(place)
        places.append(place)
    return places


def _best(
    box: Place, size: tuple[int, int], picture: tuple[int, int], taken: Sequence[Place], others: Sequence[Place]
) -> Place | None:
    best, least = None, float("inf")
    area = size[0] * size[1]
    for order, place in enumerate(_candidates(box, size, picture)):
        if order * 0.12 >= least:
            break
        if any(place.shared(other) > 0 for other in taken):
            continue
        hidden = sum(place.shared(other) for other in others) / area
        if hidden + order * 0.12 < least:
            best, least = place, hidden + order * 0.12
    return best


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
