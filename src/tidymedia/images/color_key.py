"""A colour key: pixels of one colour are background, such as a green wall or white paper."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tidymedia.images.lab import rgb_to_lab

__all__ = ["border_color", "key_out"]

_PIXELS_AT_ONCE = 1_000_000
_BIN = 16


def border_color(image: Image.Image) -> tuple[int, int, int]:
    """Return the colour that is most frequent along the border of an image.

    Parameters
    ----------
    image : PIL.Image.Image
        The image, mode RGB.

    Returns
    -------
    tuple of int
        Red, green and blue: the median of the border pixels that share the most frequent sixteenth of each channel.

    Examples
    --------
    >>> image = Image.new("RGB", (9, 9), (10, 200, 30))
    >>> image.paste("red", (3, 3, 6, 9))
    >>> border_color(image)
    (10, 200, 30)
    """
    pixels = np.asarray(image)
    border = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    _, which, counts = np.unique(border // _BIN, axis=0, return_inverse=True, return_counts=True)
    red, green, blue = np.median(border[which.ravel() == counts.argmax()], axis=0).round().astype(int).tolist()
    return red, green, blue


def key_out(
    image: Image.Image, color: tuple[int, int, int], tolerance: float, softness: float
) -> tuple[Image.Image, Image.Image]:
    """Separate an image from a background of one colour.

    Parameters
    ----------
    image : PIL.Image.Image
        The image, mode RGB.
    color : tuple of int
        The colour of the background: red, green and blue from 0 to 255.
    tolerance : float
        Distance in CIE L*a*b* up to which a pixel is background.
    softness : float
        Distance beyond the tolerance over which pixels become opaque.

    Returns
    -------
    foreground : PIL.Image.Image
        The image, mode RGB. From half transparent pixels the share of the background's colour is taken out.
    alpha : PIL.Image.Image
        Mode L: 0 for background, 255 for what stays.

    Examples
    --------
    >>> image = Image.new("RGB", (2, 1), "lime")
    >>> image.putpixel((1, 0), (200, 0, 0))
    >>> list(key_out(image, (0, 255, 0), 20, 10)[1].get_flattened_data())
    [0, 255]
    """
    pixels = np.asarray(image)
    foreground = np.empty_like(pixels)
    alpha = np.empty(pixels.shape[:2], np.uint8)
    level = np.asarray(color, np.float32)
    white = np.float32(255)
    key = rgb_to_lab(level / white)
    for rows in _rows(pixels):
        part = pixels[rows].astype(np.float32)
        distance = np.sqrt(((rgb_to_lab(part / white) - key) ** 2).sum(axis=-1))
        share = np.clip((distance - tolerance) / max(softness, 1e-6), 0, 1)[:, :, None]
        with np.errstate(divide="ignore", invalid="ignore"):
            cleaned = np.where(share > 0, (part - (1 - share) * level) / share, part)
        foreground[rows] = np.clip(np.rint(cleaned), 0, 255).astype(np.uint8)
        alpha[rows] = np.rint(share[:, :, 0] * 255).astype(np.uint8)
    return Image.fromarray(foreground), Image.fromarray(alpha)


def _rows(pixels: NDArray[np.uint8]) -> Iterator[slice]:
    """Yield rows in parts, so that the numbers in between need little memory."""
    step = max(1, _PIXELS_AT_ONCE // pixels.shape[1])
    for start in range(0, pixels.shape[0], step):
        yield slice(start, start + step)
