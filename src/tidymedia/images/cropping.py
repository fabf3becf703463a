"""Parts cut out of images."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from tidymedia.errors import UsageError
from tidymedia.images.box_sampling import sample_box
from tidymedia.images.modes import keep_profile, mixing, open_full_color, resampling_filter
from tidymedia.images.opening import ImageSource
from tidymedia.images.result_size import check_result, read_number, read_pair

if TYPE_CHECKING:
    from tidymedia.images.modes import PixelValue

__all__ = ["crop_box", "crop_square"]


def crop_square(image: ImageSource) -> Image.Image:
    """Cut the largest square out of the middle of an image.

    What lies at both ends of the longer side is lost; :func:`tidymedia.pad_square` keeps it.

    Parameters
    ----------
    image : str, Path, bytes, file object, PIL.Image.Image or numpy.ndarray
        The image, or where it is; it is not changed.

    Returns
    -------
    PIL.Image.Image
        A square as large as the shorter side. Where the difference of the sides is odd, the pixel too many is
        cut off at the right or at the bottom. The mode stays; a palette becomes RGB or RGBA.

    Raises
    ------
    MediumError
        Where the image cannot be read.

    Notes
    -----
    Example 14.6 of the chapter gives the same square where the difference of the sides is even; where it is
    odd, its result can be a pixel away from a square. Source: van Atteveldt, Trilling and Arcila Calderón
    (2022), Computational Analysis of Communication, section 14.3.

    Examples
    --------
    >>> import tidymedia as tm
    >>> from PIL import Image
    >>> tm.crop_square(Image.new("RGB", (805, 453))).size
    (453, 453)
    """
    opened = open_full_color(image)
    side = min(opened.size)
    left, top = (opened.width - side) // 2, (opened.height - side) // 2
    return keep_profile(opened.crop((left, top, left + side, top + side)), opened)


def crop_box(
    image: ImageSource,
    box: Sequence[float],
    size: tuple[int, int] | None = None,
    *,
    resample: str = "bilinear",
    fill: float = 0,
) -> Image.Image:
    """Cut a box out of an image and, if a size is given, bring it to that size.

    Parameters
    ----------
    image : str, Path, bytes, file object, PIL.Image.Image or numpy.ndarray
        The image, or where it is; it is not changed.
    box : sequence of float
        y0, x0, y1, x1 as shares of the picture from 0 to 1, rows first, from the top left. With y0 above y1
        the part is turned upside down, with x0 above x1 it is mirrored.
    size : tuple of int or None, default None
        (width, height) of the result in pixels. None gives the pixels of the box as they are.
    resample : {"bilinear", "nearest"}, default "bilinear"
        How the box is brought to the size. Used with a size only.
    fill : float, default 0
        Value in each channel of what lies outside of the picture, as far as the box reaches out of it: 0 is
        black in gray and RGB, transparent in RGBA, and white in CMYK. Used with a size only.

    Returns
    -------
    PIL.Image.Image
        The part. It keeps its mode and ICC profile; a palette becomes RGB or RGBA, black and white (mode 1)
        becomes gray where pixels are mixed.

    Raises
    ------
    UsageError
        Where the box, size or filter make no sense; without a size, also where the box lies outside.
    MediumError
        Where the image cannot be read.

    Notes
    -----
    **With a size**, pixels are sampled as by TensorFlow's ``tf.image.crop_and_resize``: 0 is the *middle* of
    the first row and 1 that of the last, the points of the result span the box from corner to corner, and a
    side of 1 takes the middle. Before rounding to whole levels, the results of TensorFlow 2.21 and of this
    function differ by less than 0.002 of 255 levels. There is one exception: where the box ends exactly at 1,
    TensorFlow's rounding can push the last row or column out of the picture and fill it; here it is sampled.
    Four pixels at most make one of the result, so a part that gets much smaller looks grainy (aliasing): for
    pictures to look at, cut without a size and use :func:`tidymedia.resize`.

    **Without a size**, 0 and 1 are the *rims* of the picture; each side of the box is rounded to the nearest
    rim of a pixel, halves up, then moved into the picture, and the result is at least 1 x 1 large.

    Colours are weighed by alpha while they are mixed. Source: van Atteveldt, Trilling and Arcila Calderón
    (2022), Computational Analysis of Communication, section 14.4.

    Examples
    --------
    >>> import tidymedia as tm
    >>> from PIL import Image
    >>> photograph = Image.new("RGB", (1540, 978), "teal")
    >>> tm.crop_box(photograph, [0.1, 0.35, 0.8, 0.95]).size
    (924, 684)
    >>> tm.crop_box(photograph, [0.1, 0.35, 0.8, 0.95], (224, 224)).size
    (224, 224)
    """
    y0, x0, y1, x1 = _read_box(box)
    resampling_filter(resample, ("bilinear", "nearest"))
    value = read_number(fill, "A fill value")
    if size is None:
        opened = open_full_color(image)
        return keep_profile(_cut(opened, y0, x0, y1, x1), opened)
    width, height = read_pair(size)
    if width is None or height is None:
        raise UsageError(f"{size!r} leaves one side open.", "Give both width and height.")
    check_result(width, height)
    opened = open_full_color(image)
    return _sample(opened, (y0, x0, y1, x1), (width, height), resample == "nearest", value)


def _read_box(box: Any) -> tuple[float, float, float, float]:
    sides = box.tolist() if isinstance(box, np.ndarray) else box
    if not isinstance(sides, Sequence) or isinstance(sides, (str, bytes)) or len(sides) != 4:
        raise UsageError(f"{box!r} is no box.", "Give [y0, x0, y1, x1], each from 0 to 1.")
    y0, x0, y1, x1 = (read_number(side, "A side of a box") for side in sides)
    if max(abs(y0), abs(x0), abs(y1), abs(x1)) > 1000:
        raise UsageError(f"{list(sides)} is no box in shares.", "Divide pixels by height and width first.")
    return y0, x0, y1, x1


def _cut(image: Image.Image, y0: float, x0: float, y1: float, x1: float) -> Image.Image:
    left, right = _pixels(x0, x1, image.width)
    top, bottom = _pixels(y0, y1, image.height)
    part = image.crop((left, top, right, bottom))
    if x0 > x1:
        part = part.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    if y0 > y1:
        part = part.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    return part


def _pixels(first: float, last: float, length: int) -> tuple[int, int]:
    """Return the first pixel and the one after the last, at least one of them inside."""
    low, high = min(first, last), max(first, last)
    if high < 0 or low > 1:
        raise UsageError(f"A box from {low:g} to {high:g} lies outside of the picture.", "Give shares from 0 to 1.")
    begin = min(max(math.floor(low * length + 0.5), 0), length - 1)
    return begin, max(min(math.floor(high * length + 0.5), length), begin + 1)


def _sample(
    image: Image.Image, box: tuple[float, float, float, float], size: tuple[int, int], nearest: bool, fill: float
) -> Image.Image:
    alpha = image.mode in ("LA", "RGBA")

    def sample(work: Image.Image, _: PixelValue | None) -> Image.Image:
        # Band by band, since NumPy would see the a and b of LAB as bytes with a sign.
        channels = np.stack([np.asarray(band) for band in work.split()], axis=-1)
        levels = sample_box(channels, box, size, nearest=nearest, alpha=alpha, fill=fill)
        if work.mode != "F":
            levels = np.clip(np.rint(levels), 0, 255)
        dtype = np.float32 if work.mode == "F" else np.uint8
        bands = [Image.fromarray(levels[:, :, number].astype(dtype)) for number in range(levels.shape[2])]
        return bands[0] if len(bands) == 1 else Image.merge(work.mode, bands)

    if alpha:  # weighed while it is sampled, more exactly than in Pillow's 8 bits
        return keep_profile(sample(image, None), image)
    if image.mode == "1" and nearest:
        return mixing(image, sample).convert("1", dither=Image.Dither.NONE)
    return mixing(image, sample, copies=nearest)
