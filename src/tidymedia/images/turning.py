"""Images turned and mirrored."""

from __future__ import annotations

from typing import Final, Literal

from PIL import Image

from tidymedia.errors import UsageError
from tidymedia.images.fill_color import Color, filled
from tidymedia.images.modes import PixelValue, keep_profile, mixing, open_full_color, resampling_filter
from tidymedia.images.opening import ImageSource
from tidymedia.images.result_size import check_result, read_number
from tidymedia.images.skew import turned_size

__all__ = ["flip", "rotate"]

_QUARTERS: Final = {
    90: Image.Transpose.ROTATE_90,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_270,
}
_FLIPS: Final = {
    "horizontal": Image.Transpose.FLIP_LEFT_RIGHT,
    "vertical": Image.Transpose.FLIP_TOP_BOTTOM,
}


def rotate(
    image: ImageSource, degrees: float, *, expand: bool = True, fill: Color | None = None, resample: str = "bicubic"
) -> Image.Image:
    """Turn an image around its centre.

    Parameters
    ----------
    image : str, Path, bytes, file object, PIL.Image.Image or numpy.ndarray
        The image, or where it is; it is not changed.
    degrees : float
        Positive turns counter-clockwise, negative clockwise. Multiples of 90 move pixels without mixing them.
    expand : bool, default True
        Whether the canvas grows so that the whole picture stays. If not, it keeps its size and the corners of
        the picture are cut off.
    fill : str, tuple of int or None, default None
        Colour of the empty corners: as CSS writes it, ``"transparent"``, or (red, green, blue). None makes
        them transparent where the image has an alpha channel and white where it has none. ``"transparent"``
        adds an alpha channel to gray and RGB.
    resample : {"bicubic", "bilinear", "nearest"}, default "bicubic"
        How pixels are mixed.

    Returns
    -------
    PIL.Image.Image
        The turned image. It keeps its mode and ICC profile; a palette becomes RGB or RGBA, black and white
        (mode 1) becomes gray where pixels are mixed.

    Raises
    ------
    UsageError
        Where angle, colour or filter make no sense, or the result would have more than 250 million pixels.
    MediumError
        Where the image cannot be read.

    Notes
    -----
    Example 14.7 of the chapter turns by 45 degrees clockwise: its Python code gives Pillow -45, which turns
    counter-clockwise for positive angles as here; its R code gives ImageMagick 45, which turns clockwise.
    ``rotate(image, -45, expand=False)`` is what its Python code does (but for its black corners),
    ``rotate(image, -45)`` what its R code does.

    Examples
    --------
    >>> import tidymedia as tm
    >>> from PIL import Image
    >>> photograph = Image.new("RGB", (40, 30), "teal")
    >>> tm.rotate(photograph, 90).size
    (30, 40)
    >>> tm.rotate(photograph, -45, expand=False).getpixel((0, 0))
    (255, 255, 255)
    """
    kernel = resampling_filter(resample, ("bicubic", "bilinear", "nearest"))
    angle = read_number(degrees, "An angle") % 360
    opened = open_full_color(image)
    if fill is None:
        fill = "transparent" if opened.mode in ("LA", "RGBA") else "white"
    opened, value = filled(opened, fill)
    if angle % 90 == 0:
        return keep_profile(_turn_by_quarters(opened, int(angle), expand, value), opened)
    if expand:
        check_result(*turned_size(opened.size, angle))

    def turn(work: Image.Image, corner: PixelValue | None) -> Image.Image:
        return work.rotate(angle, kernel, expand=expand, fillcolor=corner)

    return mixing(opened, turn, value, copies=resample == "nearest")


def flip(image: ImageSource, direction: Literal["horizontal", "vertical"] = "horizontal") -> Image.Image:
    """Mirror an image.

    Parameters
    ----------
    image : str, Path, bytes, file object, PIL.Image.Image or numpy.ndarray
        The image, or where it is; it is not changed.
    direction : {"horizontal", "vertical"}, default "horizontal"
        ``"horizontal"`` is what a looking glass shows: left and right change places, and writing becomes
        unreadable. ``"vertical"`` changes top and bottom, as a lake mirrors its shore; that is not the same
        as turning by 180 degrees.

    Returns
    -------
    PIL.Image.Image
        The mirrored image in its mode; a palette becomes RGB or RGBA.

    Raises
    ------
    UsageError
        Where there is no such direction.
    MediumError
        Where the image cannot be read.

    Examples
    --------
    >>> import tidymedia as tm
    >>> import numpy as np
    >>> letters = np.array([[1, 2], [3, 4]], np.uint8)
    >>> np.asarray(tm.flip(letters)).tolist(), np.asarray(tm.flip(letters, "vertical")).tolist()
    ([[2, 1], [4, 3]], [[3, 4], [1, 2]])
    """
    if direction not in tuple(_FLIPS):
        raise UsageError(f"An image cannot be flipped {direction!r}.", 'Give "horizontal" or "vertical".')
    opened = open_full_color(image)
    return keep_profile(opened.transpose(_FLIPS[direction]), opened)


def _turn_by_quarters(image: Image.Image, angle: int, expand: bool, value: PixelValue) -> Image.Image:
    turned = image.transpose(_QUARTERS[angle]) if angle in _QUARTERS else image.copy()
    if expand or turned.size == image.size:
        return turned
    canvas = Image.new(image.mode, image.size, value)
    canvas.paste(turned, ((image.width - turned.width) // 2, (image.height - turned.height) // 2))
    return canvas
