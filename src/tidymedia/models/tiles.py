"""Large pictures looked at in overlapping parts, so that small things in them are found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tidymedia.errors import OverLimitError
from tidymedia.models.boxes import Boxes, join, overlap_of, suppress

__all__ = ["MOST_TILES", "OVERLAP", "SMALLEST_TILE", "Tile", "boxes_by_tiles", "merge", "tiles_of"]

OVERLAP = 0.25
"""Share of a tile that its neighbour has too. What is smaller is whole in at least one of them."""

MOST_TILES = 2_000
"""How many tiles a picture may have."""

SMALLEST_TILE = 64
"""Shortest side of a tile in pixels."""

_EDGE = 0.02
_COVERED = 0.5


class Tile(NamedTuple):
    """A part of a picture, in its pixels.

    Parameters
    ----------
    left, top, right, bottom : int
        Its corners.
    """

    left: int
    top: int
    right: int
    bottom: int


def tiles_of(width: int, height: int, side: int) -> list[Tile]:
    """Divide a picture into overlapping tiles.

    Parameters
    ----------
    width, height : int
        Size of the picture in pixels.
    side : int
        Side of a tile in pixels.

    Returns
    -------
    list of Tile
        Tiles of equal size that cover the picture, row by row; none where it is no larger than one.

    Raises
    ------
    OverLimitError
        Where there would be more than 2,000.

    Examples
    --------
    >>> tiles_of(1000, 400, 600)
    [Tile(left=0, top=0, right=600, bottom=400), Tile(left=400, top=0, right=1000, bottom=400)]
    >>> tiles_of(600, 400, 600)
    []
    """
    if width <= side and height <= side:
        return []
    across, down = _starts(width, side), _starts(height, side)
    if len(across) * len(down) > MOST_TILES:
        raise OverLimitError(
            f"A picture of {width:,} x {height:,} pixels has {len(across) * len(down):,} tiles of {side} pixels; the "
            f"limit is {MOST_TILES:,}.",
            "Choose larger tiles.",
        )
    wide, high = min(side, width), min(side, height)
    return [Tile(left, top, left + wide, top + high) for top in down for left in across]


def _starts(length: int, side: int) -> list[int]:
    if length <= side:
        return [0]
    number = int(np.ceil((length - side) / (side * (1 - OVERLAP)))) + 1
    return [round(place * (length - side) / (number - 1)) for place in range(number)]


def boxes_by_tiles(image: Image.Image, side: int, detect: Callable[[Image.Image], Boxes]) -> Boxes:
    """Find objects in a picture as a whole and in its tiles.

    Parameters
    ----------
    image : PIL.Image.Image
        The picture, mode RGB.
    side : int
        Side of a tile in pixels; 0 for the picture as a whole alone.
    detect : callable
        Finds boxes in an image, in its pixels.

    Returns
    -------
    Boxes
        Boxes in pixels of the picture, each object once, by falling score.

    Raises
    ------
    OverLimitError
        Where there would be too many tiles.
    """
    tiles = tiles_of(image.width, image.height, side) if side else []
    whole = detect(image)
    if not tiles:
        return whole
    return merge(whole, [(tile, detect(image.crop(tile))) for tile in tiles], image.size)


def merge(whole: Boxes, parts: Sequence[tuple[Tile, Boxes]], size: tuple[int, int]) -> Boxes:
    """Put boxes of tiles together.

    A box that touches a side of its tile, where the picture goes on, is a part of something. It is left out where
    another box of its class, one that is not cut, covers half of it or more.

    Parameters
    ----------
    whole : Boxes
        What was found in the picture as a whole.
    parts : sequence of tuple of Tile and Boxes
        What was found in each tile, in its own pixels.
    size : tuple of int
        Width and height of the picture.

    Returns
    -------
    Boxes
        Boxes in pixels of the picture, by falling score.

    Examples
    --------
    >>> half = Boxes(np.float32([[90, 10, 100, 30]]), np.float32([0.9]), np.array([0]))
    >>> found = Boxes(np.float32([[15, 10, 60, 30]]), np.float32([0.6]), np.array([0]))
    >>> merged = merge(Boxes.empty(), [(Tile(0, 0, 100, 100), half), (Tile(75, 0, 175, 100), found)], (175, 100))
    >>> merged.corners.tolist()
    [[90.0, 10.0, 135.0, 30.0]]
    """
    moved = [
        Boxes(boxes.corners + np.array(tile[:2] * 2, np.float32), boxes.scores, boxes.classes) for tile, boxes in parts
    ]
    cut = [_cut(boxes, tile, size) for (tile, _), boxes in zip(parts, moved, strict=True)]
    sound = join([whole, *(boxes.take(~at) for boxes, at in zip(moved, cut, strict=True))])
    broken = join([boxes.take(at) for boxes, at in zip(moved, cut, strict=True)])
    alone = [place for place in range(len(broken)) if not _is_covered(broken, place, sound)]
    return suppress(join([sound, broken.take(np.array(alone, np.intp))]))


def _cut(boxes: Boxes, tile: Tile, size: tuple[int, int]) -> NDArray[np.bool_]:
    """Say which boxes touch a side of the tile that is none of the picture."""
    margin_x, margin_y = (tile.right - tile.left) * _EDGE, (tile.bottom - tile.top) * _EDGE
    left, top, right, bottom = boxes.corners.T
    touched: NDArray[np.bool_] = (
        ((left < tile.left + margin_x) & (tile.left > 0))
        | ((top < tile.top + margin_y) & (tile.top > 0))
        | ((right > tile.right - margin_x) & (tile.right < size[0]))
        | ((bottom > tile.bottom - margin_y) & (tile.bottom < size[1]))
    )
    return touched


def _is_covered(boxes: Boxes, place: int, others: Boxes) -> bool:
    box = boxes.corners[place]
    rivals = others.corners[others.classes == boxes.classes[place]]
    area = float(np.prod(box[2:] - box[:2]))
    return bool((overlap_of(box, rivals) >= _COVERED * area).any())
