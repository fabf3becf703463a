"""Images turned as their cameras say, with nothing left that would turn them once more."""

from __future__ import annotations

import struct

from PIL import Image, ImageOps

from tidymedia.media.exif import orientation_of, turn_upright
from tidymedia.media.tiff_pages import white_is_zero_unseen

__all__ = ["upright_copy"]

# A block that Pillow cannot write again without its orientation is left out as a whole.
_DAMAGE = (ArithmeticError, AttributeError, LookupError, OSError, SyntaxError, TypeError, ValueError, struct.error)
_BLOCKS = ("exif", "Raw profile type exif", "xmp", "XML:com.adobe.xmp")


def upright_copy(image: Image.Image) -> Image.Image:
    """Return an image upright, decoded, and independent of its file.

    Parameters
    ----------
    image : PIL.Image.Image
        An image, decoded or not. Its pixels and marks stay as they are.

    Returns
    -------
    PIL.Image.Image
        A new image in the same mode. EXIF and XMP say no longer that it should be turned; ICC profile, density
        and the rest of ``info`` are those of the image, density in the order of the turned sides.

    Raises
    ------
    OSError, ValueError
        Whatever Pillow raises where the image turns out to be damaged while it is decoded.

    Examples
    --------
    >>> from PIL import Image
    >>> stored = Image.new("L", (4, 3))
    >>> stored.getexif()[0x0112] = 6
    >>> upright_copy(stored).size
    (3, 4)
    """
    # First the pixels: Pillow turns TIFF by itself while it decodes, and PNG may have its EXIF behind them.
    image.load()
    orientation = orientation_of(image)
    if orientation == 1:
        upright = image.copy()
    else:
        try:
            upright = ImageOps.exif_transpose(image)
        except _DAMAGE:
            upright = turn_upright(image, orientation)
            for block in _BLOCKS:
                upright.info.pop(block, None)
        density = upright.info.get("dpi")
        if orientation >= 5 and isinstance(density, tuple):
            upright.info["dpi"] = density[::-1]
    if image.format == "TIFF" and white_is_zero_unseen(image):
        upright = _inverted(upright)
    upright.format = image.format
    return upright


def _inverted(image: Image.Image) -> Image.Image:
    """Exchange black and white in an image of more than 8 bits, by the whites that its numbers suggest."""
    import numpy as np

    levels = np.asarray(image)
    if image.mode.startswith("I;16"):
        inverted = Image.fromarray(65_535 - levels.astype(np.uint16))
    else:
        low, high = levels.min(), levels.max()
        whites = (1, 255) if image.mode == "F" else (65_535,)
        white = next((white for white in whites if low >= 0 and high <= white), low + high)
        inverted = Image.fromarray((white - levels).astype(levels.dtype))
    inverted.info = image.info
    return inverted
