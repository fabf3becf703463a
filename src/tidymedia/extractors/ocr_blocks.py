"""Blocks of text that an engine has read: lines are put together, blocks are put into reading order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean
from typing import TYPE_CHECKING, NamedTuple, Protocol

from tidymedia.media.picture import Box

if TYPE_CHECKING:
    import numpy as np
    from PIL import Image

__all__ = ["Block", "Line", "Reader", "enclosing_box", "group_lines", "reading_order"]

_MOST_ORDERED = 300
"""More blocks than these are no page of text; they are sorted from top to bottom."""

_WIDEST_LEADING = 0.6
"""Widest gap between the lines of a block, in heights of a line; engines draw boxes with some margin."""

_WIDEST_SPACE = 0.5
"""Widest space between words, in heights of a line; columns stand further apart."""


class Line(NamedTuple):
    """One line of text as an engine reads it: box in pixels, score from 0 to 1."""

    text: str
    box: Box
    score: float


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together.

    Parameters
    ----------
    text : str
        Lines joined by newlines, paragraphs by an empty line.
    box : Box
        Where it stands, in pixels of the image that was read.
    score : float or None
        Mean confidence of its words or lines, 0 to 1; None where nothing was recognised but read from a file.
    lang : str or None
        Language as BCP 47; None where the engine does not say.
    """

    text: str
    box: Box
    score: float | None
    lang: str | None


class Reader(Protocol):
    """An engine with its model in memory."""

    def read(self, image: Image.Image, dpi: int | None) -> list[Block]:
        """Read the text of an image.

        Parameters
        ----------
        image : PIL.Image.Image
            The image, mode L or RGB.
        dpi : int or None
            Its resolution, where it is known.

        Returns
        -------
        list of Block
            Blocks in reading order, boxes in pixels of the image.
        """
        ...


def enclosing_box(boxes: Sequence[Box]) -> Box:
    """Return the smallest box around all of ``boxes``.

    Parameters
    ----------
    boxes : sequence of Box
        At least one box.

    Returns
    -------
    Box
        Left, top, width, height.

    Examples
    --------
    >>> enclosing_box([(0, 0, 10, 5), (20, 10, 10, 5)])
    (0, 0, 30, 15)
    """
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right = max(box[0] + box[2] for box in boxes)
    bottom = max(box[1] + box[3] for box in boxes)
    return (left, top, right - left, bottom - top)


def group_lines(lines: Sequence[Line]) -> list[Block]:
    r"""Put lines that stand close under or beside each other into blocks.

    Two lines of similar height (factor 1.8 at most) belong together where one follows the other at less than 0.6 of
    its height and they share half of the shorter one's width, or where they share half of their height and stand less
    than half a height apart. A line that stands over or under two columns belongs to neither.

    Parameters
    ----------
    lines : sequence of Line
        Lines in any order.

    Returns
    -------
    list of Block
        Blocks in reading order.

    Examples
    --------
    >>> above, below = Line("ONE DOES", (10, 10, 200, 30), 1.0), Line("NOT SIMPLY", (10, 45, 200, 30), 0.5)
    >>> [(block.text, block.score) for block in group_lines([below, above, Line("READ", (10, 300, 90, 30), 0.9)])]
    [('ONE DOES\nNOT SIMPLY', 0.75), ('READ', 0.9)]
    """
    groups = list(range(len(lines)))
    for first, second in _links([line.box for line in lines]):
        if groups[second] != groups[first]:
            old, new = groups[first], groups[second]
            groups = [new if group == old else group for group in groups]
    blocks = []
    for group in dict.fromkeys(groups):
        members = [line for line, its in zip(lines, groups, strict=True) if its == group]
        rows = _rows(members)
        text = "\n".join(" ".join(line.text for line in row) for row in rows)
        box = enclosing_box([line.box for line in members])
        blocks.append(Block(text, box, fmean(line.score for line in members), None))
    return reading_order(blocks)


def reading_order(blocks: Sequence[Block]) -> list[Block]:
    """Sort blocks as a person would read them, column by column.

    After Breuel (2003, "High performance document layout analysis"): a block comes before one that stands below it
    and shares some of its width, and before one that stands right of it unless another block spans both.

    Parameters
    ----------
    blocks : sequence of Block
        Blocks in any order.

    Returns
    -------
    list of Block
        The same blocks, left to right and top to bottom.
    """
    by_top = sorted(blocks, key=lambda block: (block.box[1], block.box[0], block.text))
    if not 1 < len(by_top) <= _MOST_ORDERED:
        return by_top
    before = _before([block.box for block in by_top])
    left = list(range(len(by_top)))
    order = []
    while left:
        # A circle of "before" can only come from boxes that overlap: then the topmost goes first.
        free = next((index for index in left if not before[left, index].any()), left[0])
        order.append(by_top[free])
        left.remove(free)
    return order


def _before(boxes: Sequence[Box]) -> np.ndarray:
    """Say for each pair of boxes, sorted by their top, whether the first must be read before the second."""
    import numpy as np

    corners = np.array(boxes, dtype=np.float64)
    x0, y0 = corners[:, 0], corners[:, 1]
    x1, y1 = x0 + corners[:, 2], y0 + corners[:, 3]
    share_width = (x0[:, None] < x1[None, :]) & (x0[None, :] < x1[:, None])
    above = share_width & ((y0 + y1)[:, None] < (y0 + y1)[None, :])
    beside = x1[:, None] <= x0[None, :]
    for first, second in zip(*np.nonzero(beside), strict=True):
        top, bottom = min(y0[first], y0[second]), max(y0[first], y0[second])
        spans = share_width[first] & share_width[second] & (y0 >= top) & (y0 <= bottom)
        spans[[first, second]] = False
        beside[first, second] = not spans.any()
    before = above | beside
    np.fill_diagonal(before, False)
    return before


def _links(boxes: Sequence[Box]) -> list[tuple[int, int]]:
    """Return the pairs of lines that belong to one block."""
    beside: list[tuple[int, int]] = []
    below: dict[int, list[int]] = {}
    above: dict[int, list[int]] = {}
    for first, one in enumerate(boxes):
        for second, other in enumerate(boxes[:first]):
            smaller, larger = sorted((one[3], other[3]))
            if larger > 1.8 * smaller:
                continue
            wide = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
            high = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
            if high >= 0.5 * smaller:
                if -wide < _WIDEST_SPACE * smaller:
                    beside.append((first, second))
            elif wide >= 0.5 * min(one[2], other[2]) and -high < _WIDEST_LEADING * smaller:
                upper, lower = (first, second) if one[1] < other[1] else (second, first)
                below.setdefault(upper, []).append(lower)
                above.setdefault(lower, []).append(upper)
    # A line that spans two columns would tie them together.
    spanning = {("below", line) for line, others in below.items() if _are_columns([boxes[other] for other in others])}
    spanning |= {("above", line) for line, others in above.items() if _are_columns([boxes[other] for other in others])}
    under = [
        (upper, lower)
        for upper, lowers in below.items()
        for lower in lowers
        if ("below", upper) not in spanning and ("above", lower) not in spanning
    ]
    return beside + under


def _are_columns(boxes: Sequence[Box]) -> bool:
    """Say whether lines stand so far from each other that they are no single line."""
    by_left = sorted(boxes)
    return any(
        right[0] - (left[0] + left[2]) >= _WIDEST_SPACE * min(left[3], right[3]) for left, right in pairwise(by_left)
    )


def _rows(lines: Sequence[Line]) -> list[list[Line]]:
    """Put the lines of a block that stand beside each other into one row, from left to right."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: (line.box[1] + line.box[3] / 2, line.box[0])):
        middle = line.box[1] + line.box[3] / 2
        last = rows[-1][0].box if rows else None
        if last is not None and last[1] <= middle <= last[1] + last[3] and middle - last[1] < 0.8 * last[3]:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda line: line.box[0]) for row in rows]
