"""Grain and specks taken out of images."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, TypeVar

import numpy as np
from PIL import Image

from tidymedia.errors import UsageError
from tidymedia.images.modes import keep_profile, open_full_color
from tidymedia.images.opening import ImageSource

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["denoise"]

_Level = TypeVar("_Level", np.uint16, np.int32, np.float32)

_WINDOW: Final = {1: 3, 2: 5, 3: 7}
_FILTERING: Final = {1: 9.0, 2: 18.0, 3: 32.0}
_LEVELS: Final = {1: 40.0, 2: 90.0, 3: 140.0}
_SPREAD: Final = {1: 1.5, 2: 2.0, 3: 2.5}
_METHODS: Final = ("median", "non_local_means", "bilateral")
_PATCH, _NEIGHBOURHOOD = 5, 21
_ROWS_AT_ONCE = 64


def denoise(
    image: ImageSource,
    strength: int = 1,
    *,
    method: Literal["median", "non_local_means", "bilateral"] = "median",
) -> Image.Image:
    """Take noise out of an image.

    Parameters
    ----------
    image : str, Path, bytes, file object, PIL.Image.Image or numpy.ndarray
        The image, or where it is; it is not changed.
    strength : {1, 2, 3}, default 1
        1 is for slight noise (of 255 levels, a standard deviation of about 10), 2 for noise of about 20, and
        3 for more. What is stronger than the noise takes detail away: small print first.
    method : {"median", "non_local_means", "bilateral"}, default "median"
        ``"median"`` gives each pixel the median of a square around it (3, 5 or 7 pixels wide), band by band:
        it removes specks of dust and dead pixels, keeps edges, and is the quickest.
        ``"bilateral"`` takes a mean of near pixels that have a similar colour (Tomasi and Manduchi 1998, ICCV):
        for fine grain. ``"non_local_means"`` takes a mean of pixels in similar patches (Buades, Coll and Morel
        2005, CVPR): for grain over repeated structure, such as print; it takes about two seconds a megapixel.

    Returns
    -------
    PIL.Image.Image
        The image in its mode, with its alpha channel untouched; a palette becomes RGB or RGBA, and black and
        white (mode 1) becomes gray.

    Raises
    ------
    UsageError
        Where there is no such strength or method, or the method cannot work on 32 bits (only ``"median"``
        can, for the others need to know which number is white).
    MediumError
        Where the image cannot be read.

    Notes
    -----
    The filters are OpenCV's. Noise that a compressor made into blocks, and blur, stay.

    Examples
    --------
    >>> import numpy as np
    >>> import tidymedia as tm
    >>> page = np.full((5, 5), 255, np.uint8)
    >>> page[2, 2] = 0
    >>> np.asarray(tm.denoise(page)).min()
    np.uint8(255)
    """
    if method not in _METHODS:
        raise UsageError(f"method={method!r} is not known here.", f"Choose one of: {', '.join(_METHODS)}.")
    if isinstance(strength, bool) or strength not in tuple(_WINDOW):
        raise UsageError(f"strength={strength!r} is not known here.", "Choose 1, 2 or 3.")
    opened = open_full_color(image)
    if opened.mode in ("I", "F"):
        if method != "median":
            raise UsageError(
                f"{method} cannot work on 32 bits.", 'Use method="median", or convert the image to 8 or 16 bits first.'
            )
        return keep_profile(Image.fromarray(_wide_median(np.asarray(opened), _WINDOW[strength])), opened)
    if opened.mode == "I;16":
        return keep_profile(Image.fromarray(_sixteen_bits(np.asarray(opened), strength, method)), opened)
    return keep_profile(_eight_bits(opened, strength, method), opened)


def _eight_bits(image: Image.Image, strength: int, method: str) -> Image.Image:
    mode = image.mode
    if mode == "1":
        return _eight_bits(image.convert("L"), strength, method)
    if mode == "HSV":  # hues are a circle
        return _eight_bits(image.convert("RGB"), strength, method).convert("HSV")
    if mode in ("LA", "RGBA"):
        clean = _eight_bits(image.convert(mode[:-1]), strength, method)
        return Image.merge(mode, [*clean.split(), image.getchannel("A")])
    # Band by band, since NumPy would see the a and b of LAB as bytes with a sign.
    bands = [np.asarray(band) for band in image.split()]
    if method == "median" or (method == "bilateral" and len(bands) != 3):
        cleaned = [_filtered(band, strength, method) for band in bands]
    else:
        together = _filtered(np.ascontiguousarray(np.dstack(bands)), strength, method)
        cleaned = [together] if together.ndim == 2 else [together[:, :, number] for number in range(len(bands))]
    images = [Image.fromarray(np.ascontiguousarray(band)) for band in cleaned]
    return images[0] if len(images) == 1 else Image.merge(mode, images)


def _filtered(levels: NDArray[np.uint8], strength: int, method: str) -> NDArray[np.uint8]:
    """Filter 8 bits of one band, or of several together."""
    import cv2

    if method == "median":
        cleaned = cv2.medianBlur(levels, _WINDOW[strength])
    elif method == "bilateral":
        cleaned = cv2.bilateralFilter(levels, 0, _LEVELS[strength], _SPREAD[strength])
    else:
        # Not OpenCV's variant for colours: at the same noise it wiped out faces that this one keeps.
        cleaned = cv2.fastNlMeansDenoising(levels, None, _FILTERING[strength], _PATCH, _NEIGHBOURHOOD)
    return np.asarray(cleaned, np.uint8)


def _sixteen_bits(levels: NDArray[np.uint16], strength: int, method: str) -> NDArray[np.uint16]:
    import cv2

    scale = 257.0
    if method == "median":
        return _wide_median(levels, _WINDOW[strength])
    if method == "bilateral":
        smooth = cv2.bilateralFilter(levels.astype(np.float32), 0, _LEVELS[strength] * scale, _SPREAD[strength])
        return np.clip(np.rint(smooth), 0, 65_535).astype(np.uint16)
    by = [_FILTERING[strength] * scale]
    cleaned = cv2.fastNlMeansDenoising(levels, by, None, _PATCH, _NEIGHBOURHOOD, cv2.NORM_L1)
    return np.asarray(cleaned, np.uint16)


def _wide_median(levels: NDArray[_Level], side: int) -> NDArray[_Level]:
    """Return the median of a square around each pixel, for more than 8 bits; OpenCV's stops at 5 x 5."""
    padded = np.pad(levels, side // 2, mode="edge")
    cleaned = np.empty_like(levels)
    for top in range(0, len(levels), _ROWS_AT_ONCE):
        rows = padded[top : top + _ROWS_AT_ONCE + side - 1]
        squares = np.lib.stride_tricks.sliding_window_view(rows, (side, side))
        cleaned[top : top + _ROWS_AT_ONCE] = np.median(squares, axis=(-2, -1)).astype(levels.dtype)
    return cleaned
