"""Images made square by adding to them."""

from __future__ import annotations

from PIL import Image

from tidymedia.images.fill_color import Color, filled
from tidymedia.images.modes import keep_profile, open_full_color
from tidymedia.images.opening import ImageSource
from tidymedia.images.result_size import check_result

__all__ = ["pad_square"]


def pad_square(image: ImageSource, *, color: Color = "white") -> Image.Image:
    """Make an image square by adding pixels to both ends of its shorter side.

    Nothing of the picture is lost, unlike with :func:`tidymedia.crop_square`, and it is not distorted; the
    price is a border that a classifier may learn.

    Parameters
    ----------
    image : str, Path, bytes, file object, PIL.Image.Image or numpy.ndarray
        The image, or where it is; it is not changed.
    color : str or tuple of int, default "white"
        Colour of what is added: as CSS writes it, (red, green, blue) from 0 to 255, ``"edge"`` to repeat the
        outermost pixels, or ``"transparent"``, which adds an alpha channel to gray and RGB.

    Returns
    -------
    PIL.Image.Image
        The picture unchanged in the middle of a square. Where the difference of its sides is odd, the pixel
        too many is added at the right or at the bottom. The mode stays; a palette becomes RGB or RGBA.

    Raises
    ------
    UsageError
        Where the colour is none, or the result would have more than 250 million pixels.
    MediumError
        Where the image cannot be read.

    Examples
    --------
    >>> import tidymedia as tm
    >>> from PIL import Image
    >>> padded = tm.pad_square(Image.new("RGB", (40, 30), "teal"))
    >>> padded.size, padded.getpixel((0, 0)), padded.getpixel((0, 5))
    ((40, 40), (255, 255, 255), (0, 128, 128))
    """
    opened = open_full_color(image)
    side = max(opened.size)
    check_result(side, side)
    left, top = (side - opened.width) // 2, (side - opened.height) // 2
    if color == "edge":
        padded = Image.new(opened.mode, (side, side))
        _repeat_edges(padded, opened, left, top)
    else:
        opened, value = filled(opened, color)
        padded = Image.new(opened.mode, (side, side), value)
    padded.paste(opened, (left, top))
    return keep_profile(padded, opened)


def _repeat_edges(square: Image.Image, image: Image.Image, left: int, top: int) -> None:
    """Fill both ends of the one side that is too short."""
    width, height = image.size
    side = square.width
    right, bottom = side - width - left, side - height - top
    for strip, size, place in (
        ((0, 0, 1, height), (left, height), (0, 0)),
        ((width - 1, 0, width, height), (right, height), (left + width, 0)),
        ((0, 0, width, 1), (width, top), (0, 0)),
        ((0, height - 1, width, height), (width, bottom), (0, top + height)),
    ):
        if min(size) > 0:
            square.paste(image.crop(strip).resize(size, Image.Resampling.NEAREST), place)
