"""The colour of pixels that come from nowhere, in whatever mode the image has."""

from __future__ import annotations

import operator
from typing import Any, TypeAlias

import numpy as np
from PIL import Image, ImageCms, ImageColor

from tidymedia.errors import UsageError
from tidymedia.images.modes import PixelValue, keep_profile

__all__ = ["Color", "filled", "read_color"]

Color: TypeAlias = str | tuple[int, ...]
"""A colour as CSS writes it, ``"transparent"``, or red, green, blue and perhaps alpha from 0 to 255."""


def read_color(color: Any) -> tuple[int, int, int, int]:
    """Read a colour.

    Parameters
    ----------
    color : str or tuple of int
        ``"white"``, ``"#ff8000"``, ``"transparent"``, ``(255, 128, 0)`` or ``(255, 128, 0, 128)``.

    Returns
    -------
    tuple of int
        Red, green, blue and alpha, 0 to 255.

    Raises
    ------
    UsageError
        Where it is no colour.

    Examples
    --------
    >>> read_color("#ff8000")
    (255, 128, 0, 255)
    """
    levels: tuple[int, ...]
    try:
        if isinstance(color, str):
            levels = (0, 0, 0, 0) if color.strip().lower() == "transparent" else ImageColor.getrgb(color)
        else:
            levels = tuple(operator.index(level) for level in color)
    except (TypeError, ValueError):
        levels = ()
    if len(levels) not in (3, 4) or not all(0 <= level <= 255 for level in levels):
        raise UsageError(
            f"{color!r} is no colour.", 'Write it as "white", "#ff8000" or (255, 128, 0), red, green and blue from 0.'
        )
    red, green, blue, alpha = (*levels, 255)[:4]
    return red, green, blue, alpha


def filled(image: Image.Image, color: Color) -> tuple[Image.Image, PixelValue]:
    """Return an image that can hold a colour, and the colour as a pixel of it.

    The colour is written in the numbers of the image's own colour space. 16 bits of gray have white at
    65,535; so have 32-bit integers between 0 and that. Floating-point numbers between 0 and 1 have white at
    1, those between 0 and 255 at 255; whatever lies outside of these ranges has black at its smallest and
    white at its largest number.

    Parameters
    ----------
    image : PIL.Image.Image
        The image, as :func:`tidymedia.images.modes.full_color` leaves it.
    color : Color
        The colour.

    Returns
    -------
    tuple of PIL.Image.Image and PixelValue
        The image, with an alpha channel where the colour is transparent and L, RGB or 1 had none.

    Raises
    ------
    UsageError
        Where it is no colour, or is transparent and the image's mode has no alpha.

    Examples
    --------
    >>> from PIL import Image
    >>> filled(Image.new("CMYK", (1, 1)), "white")[1]
    (0, 0, 0, 0)
    >>> filled(Image.new("RGB", (1, 1)), "transparent")[0].mode
    'RGBA'
    """
    rgba = read_color(color)
    mode = image.mode
    if rgba[3] < 255 and mode not in ("LA", "RGBA"):
        with_alpha = {"1": "LA", "L": "LA", "RGB": "RGBA"}.get(mode)
        if with_alpha is None:
            raise UsageError(
                f"An image of mode {mode} cannot be transparent.", "Give an opaque colour, or convert it to RGBA first."
            )
        image = keep_profile((image.convert("L") if mode == "1" else image).convert(with_alpha), image)
        mode = with_alpha
    return image, _pixel(rgba, image)


def _pixel(rgba: tuple[int, int, int, int], image: Image.Image) -> PixelValue:
    mode = image.mode
    if mode == "RGBA":
        return rgba
    spot = Image.new("RGB", (1, 1), rgba[:3])
    luma = spot.convert("L").getpixel((0, 0))
    if not isinstance(luma, int):
        raise TypeError("a gray pixel is one number")
    if mode == "LA":
        return luma, rgba[3]
    if mode == "1":
        return 255 if luma >= 128 else 0
    if mode == "I;16":
        return luma * 257
    if mode in ("I", "F"):
        low, high = _black_and_white(image)
        level = low + (high - low) * luma / 255
        return round(level) if mode == "I" else level
    if mode == "LAB":
        to_lab = ImageCms.buildTransform(ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB")
        converted = ImageCms.applyTransform(spot, to_lab)
    else:
        converted = spot.convert(mode)
    value = None if converted is None else converted.getpixel((0, 0))
    if value is None:
        raise TypeError("a colour of one pixel can be converted")
    return value


def _black_and_white(image: Image.Image) -> tuple[float, float]:
    """Return the numbers of black and white in an image of 32 bits."""
    values = np.asarray(image)
    values = values[np.isfinite(values)]
    low, high = (float(values.min()), float(values.max())) if values.size else (0.0, 0.0)
    if low >= 0:
        for white in (1.0, 255.0) if image.mode == "F" else (65_535.0,):
            if high <= white:
                return 0.0, white
    return low, high
