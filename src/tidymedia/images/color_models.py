"""The colour models that arrays come in: how many channels, which numbers, and the way from and to sRGB."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from tidymedia.errors import UsageError
from tidymedia.images.cmyk import cmyk_to_rgb, rgb_to_cmyk
from tidymedia.images.hsv import hsv_to_rgb, rgb_to_hsv
from tidymedia.images.lab import lab_to_rgb, rgb_to_lab
from tidymedia.images.ryb import rgb_to_ryb, ryb_to_rgb

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["MODELS", "ColorModel", "channel_count", "levels_from_model", "model_from_levels", "whole"]

Conversion = Callable[["NDArray[np.float32]"], "NDArray[np.float32]"]

_PLAIN: Final = {"L": 1, "RGB": 3, "RGBA": 4}
_BLOCK_PIXELS: Final = 500_000
"""How many pixels are converted at once, so that a large picture needs no multiple of its memory."""


class ColorModel(NamedTuple):
    """A colour model other than gray and RGB.

    Parameters
    ----------
    from_rgb : callable
        Turns sRGB levels from 0 to 1, shape (..., 3), into the model's own numbers, shape (..., channels).
    to_rgb : callable
        The way back.
    low : tuple of float
        The number that is level 0, for each channel.
    span : tuple of float
        How far the number of the highest level is above it.
    """

    from_rgb: Conversion
    to_rgb: Conversion
    low: tuple[float, ...]
    span: tuple[float, ...]


MODELS: Final = {
    "CMYK": ColorModel(rgb_to_cmyk, cmyk_to_rgb, (0, 0, 0, 0), (1, 1, 1, 1)),
    "HSV": ColorModel(rgb_to_hsv, hsv_to_rgb, (0, 0, 0), (1, 1, 1)),
    "LAB": ColorModel(rgb_to_lab, lab_to_rgb, (0, -128, -128), (100, 255, 255)),
    "RYB": ColorModel(rgb_to_ryb, ryb_to_rgb, (0, 0, 0), (1, 1, 1)),
}


def channel_count(mode: str) -> int:
    """Return how many channels a colour model has.

    Parameters
    ----------
    mode : str
        L, RGB, RGBA, CMYK, HSV, LAB or RYB.

    Returns
    -------
    int
        1, 3 or 4.

    Raises
    ------
    UsageError
        Where there is no such colour model.

    Examples
    --------
    >>> channel_count("CMYK")
    4
    """
    if mode in MODELS:
        return len(MODELS[mode].low)
    if mode not in _PLAIN:
        raise UsageError(f"mode={mode!r} is no colour model.", f"Choose one of: {', '.join([*_PLAIN, *MODELS])}.")
    return _PLAIN[mode]


def whole(levels: NDArray[Any]) -> np.float32:
    """Return the level of full white in an array of whole numbers.

    Parameters
    ----------
    levels : ndarray of uint8 or uint16
        The array.

    Returns
    -------
    numpy.float32
        255 or 65,535.

    Examples
    --------
    >>> float(whole(np.zeros(1, dtype=np.uint16)))
    65535.0
    """
    return np.float32(np.iinfo(levels.dtype).max)


def model_from_levels(rgb: NDArray[Any], mode: str, *, scale: bool) -> NDArray[Any]:
    """Convert sRGB levels into a colour model.

    Parameters
    ----------
    rgb : ndarray of uint8 or uint16, shape (height, width, 3)
        Red, green and blue.
    mode : str
        A key of :data:`MODELS`.
    scale : bool
        Whether to return the model's own numbers; otherwise levels over its range.

    Returns
    -------
    ndarray of float32, or of the type of ``rgb``, shape (height, width, channels)
        The colours in the model.

    Examples
    --------
    >>> white = np.full((1, 1, 3), 255, dtype=np.uint8)
    >>> model_from_levels(white, "LAB", scale=False).tolist()
    [[[255, 128, 128]]]
    """
    model, full = MODELS[mode], whole(rgb)
    low, span = np.array(model.low, dtype=np.float32), np.array(model.span, dtype=np.float32)
    converted = np.empty((*rgb.shape[:2], len(model.low)), dtype=np.float32 if scale else rgb.dtype)
    for rows in _blocks(rgb):
        own = model.from_rgb((rgb[rows] / full).astype(np.float32, copy=False))
        converted[rows] = own if scale else np.rint(np.clip((own - low) / span, 0, 1) * full)
    return converted


def levels_from_model(values: NDArray[Any], mode: str) -> NDArray[np.uint8]:
    """Convert the numbers of a colour model into sRGB levels.

    Parameters
    ----------
    values : ndarray, shape (height, width, channels)
        Floating-point numbers of the model, or levels of ``uint8`` or ``uint16`` over its range.
    mode : str
        A key of :data:`MODELS`.

    Returns
    -------
    ndarray of uint8, shape (height, width, 3)
        Red, green and blue, 0 to 255.

    Examples
    --------
    >>> levels_from_model(np.array([[[0.0, 1.0, 1.0]]], dtype=np.float32), "RYB").tolist()
    [[[0, 255, 0]]]
    """
    model = MODELS[mode]
    low, span = np.array(model.low, dtype=np.float32), np.array(model.span, dtype=np.float32)
    rgb = np.empty((*values.shape[:2], 3), dtype=np.uint8)
    for rows in _blocks(values):
        block = values[rows]
        if np.issubdtype(block.dtype, np.integer):
            block = block / whole(block) * span + low
        shown = model.to_rgb(block.astype(np.float32))
        rgb[rows] = np.rint(np.clip(shown, 0, 1) * 255)
    return rgb


def _blocks(pixels: NDArray[Any]) -> Iterator[slice]:
    height, width = pixels.shape[:2]
    rows = max(1, _BLOCK_PIXELS // max(1, width))
    for start in range(0, height, rows):
        yield slice(start, start + rows)
