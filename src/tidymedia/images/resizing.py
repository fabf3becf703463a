"""Images made smaller or larger."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeAlias

from PIL import Image

from tidymedia.errors import UsageError
from tidymedia.images.modes import mixing, open_full_color, resampling_filter
from tidymedia.images.opening import ImageSource
from tidymedia.images.result_size import check_result, read_number, read_pair

if TYPE_CHECKING:
    from tidymedia.images.modes import PixelValue

__all__ = ["Size", "resize"]

Size: TypeAlias = float | tuple[int | None, int | None]
"""A factor, or (width, height) of which one may be None."""


def resize(image: ImageSource, size: Size, *, resample: str = "bicubic") -> Image.Image:
    """Make an image smaller or larger.

    Parameters
    ----------
    image : str, Path, bytes, file object, PIL.Image.Image or numpy.ndarray
        The image, or where it is; it is not changed.
    size : float or tuple of (int or None)
        One number is a factor for both sides: 0.25 gives a quarter of width and height. Two numbers are
        (width, height) in pixels, and the picture is pressed into them, as in example 14.5 of the chapter.
        With None for one of them, as in ``(640, None)``, it follows from the other so that the proportions
        stay. Sides are rounded to the nearest pixel and are never below 1.
    resample : {"bicubic", "bilinear", "lanczos", "box", "hamming", "nearest"}, default "bicubic"
        How pixels are mixed. All but ``"nearest"`` take every pixel of the original into account when they
        make it smaller. ``"nearest"`` copies single pixels: for masks and labels, which must not be mixed.

    Returns
    -------
    PIL.Image.Image
        The resized image. It keeps its mode, with its alpha channel, its 16 bits and its ICC profile; a
        palette becomes RGB or RGBA, black and white (mode 1) becomes gray unless ``"nearest"`` copies it.

    Raises
    ------
    UsageError
        Where the size or the filter makes no sense, or the result would have more than 250 million pixels.
    MediumError
        Where the image cannot be read.

    Notes
    -----
    Alpha is multiplied into the colours while they are mixed, so that what lies unseen under transparent
    pixels leaves no dark fringe. Example 14.4 of the chapter cuts sides off to whole pixels instead of
    rounding them; both give 201 x 113 for its picture. Source: van Atteveldt, Trilling and Arcila Calderón
    (2022), Computational Analysis of Communication, section 14.3.

    Examples
    --------
    >>> import tidymedia as tm
    >>> from PIL import Image
    >>> photograph = Image.new("RGB", (805, 453), "teal")
    >>> tm.resize(photograph, 0.25).size
    (201, 113)
    >>> tm.resize(photograph, (640, None)).size
    (640, 360)
    """
    kernel = resampling_filter(resample)
    opened = open_full_color(image)
    width, height = _result_size(opened.size, size)
    if isinstance(size, (tuple, list)):
        check_result(width, height)
    else:
        check_result(width, height, "One number is a factor; write pixels as (224, 224), or (224, None).")

    def change(work: Image.Image, _: PixelValue | None) -> Image.Image:
        return work.resize((width, height), kernel)

    return mixing(opened, change, copies=resample == "nearest")


def _result_size(before: tuple[int, int], size: Size) -> tuple[int, int]:
    if not isinstance(size, (tuple, list)):
        factor = read_number(size, "A factor")
        if factor <= 0:
            raise UsageError(f"An image cannot be resized by {factor:g}.", "Give a factor above 0, such as 0.25.")
        return _rounded(before[0] * factor), _rounded(before[1] * factor)
    width, height = read_pair(size)
    if width is None and height is None:
        raise UsageError("Neither width nor height is given.", "Give one of them, or both.")
    if width is None:
        width = _rounded(before[0] * (height or 1) / before[1])
    elif height is None:
        height = _rounded(before[1] * width / before[0])
    return width, height or 1


def _rounded(length: float) -> int:
    """Round to whole pixels, halves up, never below one; what is endless is refused as too large later."""
    return max(1, math.floor(min(length, 1e15) + 0.5))
