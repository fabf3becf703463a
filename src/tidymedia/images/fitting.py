"""Images brought to one size, by cutting, squeezing or a border."""

from __future__ import annotations

from PIL import Image

from tidymedia.errors import UsageError
from tidymedia.images.resizing import resize

__all__ = ["FITS", "check_fit", "fitted"]

FITS = ("square", "stretch", "pad")


def check_fit(fit: str) -> None:
    """Refuse a way of fitting that there is not.

    Parameters
    ----------
    fit : str
        Its name.

    Raises
    ------
    UsageError
        Where there is none of that name.

    Examples
    --------
    >>> check_fit("pad")
    """
    if fit not in FITS:
        raise UsageError(f"fit={fit!r} is no way to fit an image.", f"Choose one of: {', '.join(FITS)}.")


def fitted(image: Image.Image, size: tuple[int, int], fit: str, color: float | tuple[int, ...]) -> Image.Image:
    """Bring an image to a size.

    Parameters
    ----------
    image : PIL.Image.Image
        The image, mode L, RGB, RGBA or CMYK.
    size : tuple of int
        Width and height of the result, in pixels.
    fit : {"square", "stretch", "pad"}
        Cut the middle out, squeeze, or add a border.
    color : float or tuple of int
        The border, in the mode of the image.

    Returns
    -------
    PIL.Image.Image
        The image in that size and its own mode, resampled bicubic.

    Examples
    --------
    >>> fitted(Image.new("L", (4, 2), 9), (4, 4), "pad", 0).getpixel((0, 0))
    0
    """
    width, height = size
    if fit == "square":
        share = min(image.width / width, image.height / height)
        across = min(image.width, max(1, round(width * share)))
        down = min(image.height, max(1, round(height * share)))
        left, top = (image.width - across) // 2, (image.height - down) // 2
        image = image.crop((left, top, left + across, top + down))
    if fit == "pad":
        share = min(width / image.width, height / image.height)
        inner = max(1, min(width, round(image.width * share))), max(1, min(height, round(image.height * share)))
        padded = Image.new(image.mode, size, color)
        padded.paste(resize(image, inner), ((width - inner[0]) // 2, (height - inner[1]) // 2))
        return padded
    return resize(image, size)
