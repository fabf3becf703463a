"""By how much the lines of a page stand askew, and the page turned back."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tidymedia.images.modes import PixelValue

__all__ = ["MOST_SKEW", "angle_of_lines", "straighten", "turned_size"]

MOST_SKEW: Final = 10.0
"""Degrees up to which lines are looked for, where nothing else is asked for."""

_LEAST_SKEW: Final = 0.2
_LONGEST_SIDE: Final = 1200
_LEAST_INK: Final = 200
_CLEARLY: Final = 1.5
"""How much sharper the best profile is than the median one, where there are lines."""


def angle_of_lines(image: Image.Image, most: float = MOST_SKEW) -> float:
    """Return by how many degrees the lines of a text rise to the right.

    The angle at which the profile of ink across the lines is sharpest, as in Postl (1986, "Detection of linear
    oblique structures and skew scan in digitized documents"), found in steps of one degree and then of a tenth.

    Parameters
    ----------
    image : PIL.Image.Image
        The picture, mode RGB or L.
    most : float, default 10
        Angles beyond it are not looked for.

    Returns
    -------
    float
        The angle in degrees, positive where the right end of a line is higher than its left end. 0 where no
        angle is clearly better than the others, as in a photograph, and where it is below 0.2.

    Examples
    --------
    >>> from PIL import Image
    >>> angle_of_lines(Image.new("L", (400, 300), 255))
    0.0
    """
    small = image.convert("L")
    small.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE), Image.Resampling.BILINEAR, reducing_gap=2.0)
    ys, xs = _ink(np.asarray(small))
    if len(xs) < _LEAST_INK:
        return 0.0
    # What is clear is judged by the same range of angles, however narrow the one that was asked for.
    widest = math.floor(max(most, MOST_SKEW))
    coarse = np.arange(-widest, widest + 0.5, 1.0)
    sharpness = np.array([_sharpness(xs, ys, angle) for angle in coarse])
    within = np.abs(coarse) <= most
    around = float(coarse[within][int(sharpness[within].argmax())])
    fine = np.arange(around - 1.0, around + 1.05, 0.1)
    fine = fine[np.abs(fine) <= most + 1e-9]
    finest = np.array([_sharpness(xs, ys, angle) for angle in fine])
    best = float(fine[int(finest.argmax())])
    if finest.max() < _CLEARLY * float(np.median(sharpness)) or abs(best) < _LEAST_SKEW:
        return 0.0
    return round(best, 1)


def straighten(image: Image.Image, angle: float) -> tuple[Image.Image, tuple[float, float, float, float, float, float]]:
    """Turn a picture so that lines that rise by an angle are level.

    Parameters
    ----------
    image : PIL.Image.Image
        The picture, of a mode in which Pillow mixes pixels rightly.
    angle : float
        By how many degrees its lines rise to the right.

    Returns
    -------
    tuple
        The turned picture on a canvas that holds all of it, filled with the median colour of its rim; and
        a to f of the way back: a pixel (x, y) of it comes from (ax + by + c, dx + ey + f).

    Examples
    --------
    >>> from PIL import Image
    >>> straighten(Image.new("L", (40, 30), 255), 90)[0].size
    (31, 40)
    """
    cosine, sine = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    width, height = image.size
    new_width, new_height = turned_size(image.size, angle)
    across, down = new_width / 2, new_height / 2
    back = (
        cosine, sine, width / 2 - cosine * across - sine * down,
        -sine, cosine, height / 2 + sine * across - cosine * down,
    )  # fmt: skip
    turned = image.transform(
        (new_width, new_height), Image.Transform.AFFINE, back, Image.Resampling.BICUBIC, fillcolor=_rim(image)
    )
    return turned, back


def turned_size(size: tuple[int, int], angle: float) -> tuple[int, int]:
    """Return the size of the smallest canvas that holds a turned picture.

    Parameters
    ----------
    size : tuple of int
        Width and height of the picture.
    angle : float
        By how many degrees it is turned, to either side.

    Returns
    -------
    tuple of int
        Width and height of the canvas.

    Examples
    --------
    >>> turned_size((100, 100), 45)
    (142, 142)
    """
    cosine, sine = abs(math.cos(math.radians(angle))), abs(math.sin(math.radians(angle)))
    return math.ceil(size[0] * cosine + size[1] * sine), math.ceil(size[0] * sine + size[1] * cosine)


def _ink(gray: NDArray[np.uint8]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return rows and columns of the pixels that differ from what is around them."""
    import cv2

    if min(gray.shape) < 20:
        return np.empty(0), np.empty(0)
    local = cv2.blur(gray, (31, 31)).astype(np.int16)
    difference = local - gray.astype(np.int16)
    dark, light = difference > 20, difference < -20
    # Edges of ink are dark on one side and light on the other; ink is the rarer of the two.
    ink = dark if dark.sum() >= light.sum() else light
    ys, xs = np.nonzero(ink)
    step = max(1, len(xs) // 60_000)
    return ys[::step].astype(np.float64), xs[::step].astype(np.float64)


def _sharpness(xs: NDArray[np.float64], ys: NDArray[np.float64], angle: float) -> float:
    """Return how sharp the profile of ink is across lines that rise by ``angle``."""
    radians = math.radians(angle)
    across = ys * math.cos(radians) + xs * math.sin(radians)
    bins = np.bincount((across - across.min()).astype(np.int64))
    return float(np.square(np.diff(bins.astype(np.float64))).sum())


def _rim(image: Image.Image) -> PixelValue:
    """Return the median colour of the outermost pixels."""
    middles = []
    for band in image.split():
        pixels = np.asarray(band)
        rim = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
        middles.append(float(np.median(rim)))
    if image.mode == "F":
        return middles[0]
    levels = tuple(int(middle) for middle in middles)
    return levels[0] if len(levels) == 1 else levels
