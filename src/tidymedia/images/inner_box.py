"""The part of a picture where something is to be seen, without borders, bars and plain surroundings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tidymedia.images.gray_levels import small_gray_levels

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL import Image

__all__ = ["inner_box"]

_TOLERANCE: Final = 12
_PLAIN: Final = 0.97
_LEAST: Final = 0.25
_ROUNDS: Final = 4


def inner_box(image: Image.Image) -> tuple[int, int, int, int] | None:
    """Find the largest busy block of a picture: a photograph within a border, a frame or a screenshot.

    A row is plain where 97 percent of its pixels lie within 12 gray levels of its median. The longest run of
    rows that are not plain is kept, if it is a quarter of the height or more; then the same is done with
    columns, and both again until nothing changes.

    Parameters
    ----------
    image : PIL.Image.Image
        The picture, mode RGB or L.

    Returns
    -------
    tuple of int or None
        Left, upper, right and lower edge in pixels, right and lower ones not included; None where the block is the
        whole picture. The edges are exact to 1/256 of the longer side.

    Examples
    --------
    >>> from PIL import Image
    >>> page = Image.new("L", (256, 200), 255)
    >>> page.paste(Image.effect_noise((128, 100), 90), (100, 40))
    >>> inner_box(page)
    (100, 40, 228, 140)
    >>> inner_box(Image.effect_noise((128, 100), 90)) is None
    True
    """
    levels = small_gray_levels(image).astype("int16")
    height, width = levels.shape
    top, bottom, left, right = 0, height, 0, width
    for _ in range(_ROUNDS):
        before = (top, bottom, left, right)
        first, last = _busy_run(levels[top:bottom, left:right])
        top, bottom = top + first, top + last
        first, last = _busy_run(levels[top:bottom, left:right].T)
        left, right = left + first, left + last
        if (top, bottom, left, right) == before:
            break
    if (top, bottom, left, right) == (0, height, 0, width):
        return None
    across, down = image.width / width, image.height / height
    return round(left * across), round(top * down), round(right * across), round(bottom * down)


def _busy_run(levels: NDArray[np.int16]) -> tuple[int, int]:
    """Return where the longest run of rows that are not plain begins and ends; all rows where it is too short."""
    import numpy as np

    middle = np.median(levels, axis=1, keepdims=True)
    busy = np.mean(np.abs(levels - middle) <= _TOLERANCE, axis=1) < _PLAIN
    edges = np.flatnonzero(np.diff(np.concatenate([[False], busy, [False]]).astype(np.int8))).reshape(-1, 2)
    if not len(edges):
        return 0, len(levels)
    first, last = edges[np.argmax(edges[:, 1] - edges[:, 0])]
    return (int(first), int(last)) if last - first >= _LEAST * len(levels) else (0, len(levels))
