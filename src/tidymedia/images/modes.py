"""Modes in which pixels may be mixed: what Pillow would mix wrongly is taken through a mode where it is right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

import numpy as np
from PIL import Image

from tidymedia.errors import UsageError
from tidymedia.images.opening import ImageSource, open_image

__all__ = ["PixelValue", "full_color", "keep_profile", "mixing", "open_full_color", "resampling_filter"]

PixelValue: TypeAlias = float | tuple[int, ...]
"""One pixel as Pillow takes it: a number for one band, a tuple for several."""

_FILTERS: Final = {
    "nearest": Image.Resampling.NEAREST,
    "box": Image.Resampling.BOX,
    "bilinear": Image.Resampling.BILINEAR,
    "hamming": Image.Resampling.HAMMING,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
}
_RANGES: Final = {"I;16": (0, 65_535), "I": (-(2**31), 2**31 - 1)}
_PREMULTIPLIED: Final = {"LA": "La", "RGBA": "RGBa"}
_KEPT: Final = ("icc_profile", "dpi")


def resampling_filter(name: str, allowed: tuple[str, ...] = tuple(_FILTERS)) -> Image.Resampling:
    """Return the filter of a name.

    Parameters
    ----------
    name : str
        Its name.
    allowed : tuple of str, optional
        Names that fit the operation; all by default.

    Returns
    -------
    PIL.Image.Resampling
        The filter.

    Raises
    ------
    UsageError
        Where there is none of that name.

    Examples
    --------
    >>> resampling_filter("box").name
    'BOX'
    """
    if name not in allowed:
        raise UsageError(f"resample={name!r} is not known here.", f"Choose one of: {', '.join(allowed)}.")
    return _FILTERS[name]


def open_full_color(source: ImageSource) -> Image.Image:
    """Open an image so that each of its pixels is a colour of its own.

    Parameters
    ----------
    source : ImageSource
        What :func:`open_image` takes.

    Returns
    -------
    PIL.Image.Image
        The image as :func:`full_color` leaves it; it may be the caller's own object.
    """
    return full_color(open_image(source))


def full_color(image: Image.Image) -> Image.Image:
    """Turn numbers of a palette and colours marked as transparent into colours and alpha.

    Parameters
    ----------
    image : PIL.Image.Image
        An image of any mode.

    Returns
    -------
    PIL.Image.Image
        Mode 1, L, LA, RGB, RGBA, CMYK, YCbCr, HSV, LAB, I;16, I or F. A level of 16-bit gray that is marked
        as transparent becomes an ordinary one, since there is no 16-bit mode with alpha.

    Examples
    --------
    >>> from PIL import Image
    >>> full_color(Image.new("P", (2, 2))).mode
    'RGB'
    """
    mode = image.mode
    if mode in ("P", "PA", "RGBX"):
        wanted = "RGBA" if image.has_transparency_data else "RGB"
    elif mode in ("1", "L", "RGB") and "transparency" in image.info:
        wanted = "RGBA" if mode == "RGB" else "LA"
    else:
        wanted = {"La": "LA", "RGBa": "RGBA"}.get(mode, mode)
    if mode.startswith("I;16") and mode != "I;16":
        return keep_profile(Image.fromarray(np.asarray(image).astype(np.uint16)), image)
    if wanted == mode:
        return image
    # Only the way over RGBA knows about black and white with one of them marked as transparent.
    return keep_profile((image.convert("RGBA") if mode == "1" else image).convert(wanted), image)


def keep_profile(result: Image.Image, source: Image.Image) -> Image.Image:
    """Leave with a result what is still true of it: its ICC profile and its density.

    Parameters
    ----------
    result : PIL.Image.Image
        A new image; it is changed.
    source : PIL.Image.Image
        The image that it was made from.

    Returns
    -------
    PIL.Image.Image
        The result.
    """
    result.info = {key: source.info[key] for key in _KEPT if key in source.info}
    return result


def mixing(
    image: Image.Image,
    operation: Callable[[Image.Image, PixelValue | None], Image.Image],
    fill: PixelValue | None = None,
    *,
    copies: bool = False,
) -> Image.Image:
    """Apply an operation that mixes pixels, in a mode where a mean of two pixels is the colour between them.

    Black and white becomes gray. Alpha is multiplied into the colours first, so that the unseen colour of
    transparent pixels leaves no fringe. 16 and 32 bits go through floating-point numbers, where Pillow's
    filters cannot overflow (32 bits keep 24 of precision). Hues are a circle and go through RGB.

    Parameters
    ----------
    image : PIL.Image.Image
        The image, as :func:`full_color` leaves it.
    operation : callable
        Takes an image and the colour of pixels that come from nowhere, in the image's mode.
    fill : PixelValue or None, default None
        That colour, in the mode of ``image``.
    copies : bool, default False
        Whether the operation only copies pixels: then black and white, hues and alpha need nothing.

    Returns
    -------
    PIL.Image.Image
        The result, in the image's mode; L for 1 where pixels are mixed.
    """
    mode = image.mode
    if mode in _RANGES:
        low, high = _RANGES[mode]
        levels = np.asarray(operation(Image.fromarray(np.asarray(image).astype(np.float32)), fill)).astype(np.float64)
        rounded = np.clip(np.rint(levels), low, high).astype(np.uint16 if mode == "I;16" else np.int32)
        return keep_profile(Image.fromarray(rounded), image)
    if copies:
        return keep_profile(operation(image, fill), image)
    if mode == "1":
        return keep_profile(operation(image.convert("L"), fill), image)
    if mode == "HSV":
        color = None if fill is None else Image.new("HSV", (1, 1), fill).convert("RGB").getpixel((0, 0))
        return keep_profile(operation(image.convert("RGB"), color).convert("HSV"), image)
    if mode in _PREMULTIPLIED:
        if isinstance(fill, tuple):
            fill = (*(round(value * fill[-1] / 255) for value in fill[:-1]), fill[-1])
        return keep_profile(operation(image.convert(_PREMULTIPLIED[mode]), fill).convert(mode), image)
    return keep_profile(operation(image, fill), image)
