"""Arrays of pixels: which numbers count as an image, and which do not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from tidymedia.errors import UsageError

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["check_unit", "image_from_pixels", "pixels_of"]

_SLACK = 0.001
"""How far beyond 0 and 1 rounding may lead; a quarter of one of 255 levels."""


def image_from_pixels(array: NDArray[Any]) -> Image.Image:
    """Make an image of an array of gray, RGB or RGBA pixels.

    Parameters
    ----------
    array : ndarray
        Shape (height, width), or (height, width, channels) with 1, 3 or 4 channels. Unsigned 8 bits; unsigned
        16 bits, which stay in gray and keep their upper 8 bits in colour; floating-point numbers from 0 to 1,
        rounded to 8 bits; or booleans without channels, True for white.

    Returns
    -------
    PIL.Image.Image
        A new image, mode L, RGB, RGBA, I;16 or 1.

    Raises
    ------
    UsageError
        Where the array has another shape or other numbers.

    Examples
    --------
    >>> image_from_pixels(np.full((2, 3), 0.5)).getpixel((0, 0))
    128
    """
    pixels = pixels_of(array)
    pixels = pixels.astype(pixels.dtype.newbyteorder("="), copy=False)
    if pixels.dtype == np.bool_:
        if pixels.ndim == 3:
            raise UsageError(
                "An array of booleans with channels is no image.", "Turn it into uint8: array.astype('uint8') * 255."
            )
        return Image.fromarray(pixels)
    if np.issubdtype(pixels.dtype, np.floating):
        check_unit(pixels)
        pixels = np.rint(np.clip(pixels, 0, 1) * 255).astype(np.uint8)
    elif pixels.dtype == np.uint16 and pixels.ndim == 3:
        pixels = (pixels >> 8).astype(np.uint8)
    elif pixels.dtype not in (np.uint8, np.uint16):
        raise UsageError(
            f"An array of {pixels.dtype} is no image.",
            "Turn levels from 0 to 255 into uint8: array.astype('uint8'); from 0 to 1 into float32.",
        )
    return Image.fromarray(np.ascontiguousarray(pixels))


def pixels_of(array: NDArray[Any]) -> NDArray[Any]:
    """Check that an array has the shape of an image, and leave out a single channel.

    Parameters
    ----------
    array : ndarray
        The array.

    Returns
    -------
    ndarray
        Shape (height, width), or (height, width, channels) with 3 or 4 channels.

    Raises
    ------
    UsageError
        Where it has another shape, or no pixels.

    Examples
    --------
    >>> pixels_of(np.zeros((2, 3, 1))).shape
    (2, 3)
    """
    shape = array.shape
    if array.ndim == 3 and shape[2] == 1:
        array = array[:, :, 0]
    if array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] not in (3, 4)):
        if array.ndim == 3 and shape[0] in (1, 3, 4):
            remedy = "Its channels come first: write np.moveaxis(array, 0, -1)."
        elif array.ndim == 4:
            remedy = "It is a stack: take one of its images, array[0]."
        elif array.ndim == 1:
            remedy = "It is flat: tm.from_array with size=(width, height) makes an image of it."
        else:
            remedy = "Write (height, width), or (height, width, channels) with 1, 3 or 4 channels."
        raise UsageError(f"An array of shape {shape} is no image.", remedy)
    if 0 in shape:
        raise UsageError(f"An array of shape {shape} has no pixels.", "Give one with a height and a width.")
    return array


def check_unit(values: NDArray[Any]) -> None:
    """Refuse floating-point numbers that are no levels from 0 to 1.

    Parameters
    ----------
    values : ndarray of float
        The numbers.

    Raises
    ------
    UsageError
        Where one is not a number, or not from 0 to 1.

    Examples
    --------
    >>> check_unit(np.array([0.0, 0.5, 1.0]))
    """
    low, high = float(values.min()), float(values.max())
    if not (np.isfinite(low) and np.isfinite(high)):
        raise UsageError("The array holds numbers that are infinite or not a number.", "Fill or leave them out.")
    if low < -_SLACK or high > 1 + _SLACK:
        raise UsageError(
            f"The array holds floating-point numbers from {low:g} to {high:g}; they count from 0 to 1.",
            "Divide levels from 0 to 255 by 255, or turn them into uint8.",
        )
