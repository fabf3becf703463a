"""Pixels of any image as whole-numbered levels of sRGB, with alpha apart or laid on a background."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from PIL import Image

from tidymedia.images.array_pixels import pixels_of
from tidymedia.images.deep_color import deep_color, is_png_or_tiff
from tidymedia.images.held import hold
from tidymedia.images.opening import ImageSource, open_held, open_image
from tidymedia.media.color_conversion import background_color, to_rgb
from tidymedia.media.settings import Limits

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Levels", "deep_levels", "shallow_levels"]


class Levels(NamedTuple):
    """Levels of an image.

    Parameters
    ----------
    color : ndarray of uint8 or uint16, shape (height, width) or (height, width, 3)
        Gray, or red, green and blue.
    alpha : ndarray or None
        Opacity, same type, shape (height, width); None where every pixel is opaque.
    """

    color: NDArray[Any]
    alpha: NDArray[Any] | None

    def over(self, background: str) -> NDArray[Any]:
        """Return the colours laid on a background, rounded to whole levels."""
        if self.alpha is None:
            return self.color
        most = np.uint32(np.iinfo(self.color.dtype).max)
        behind = np.array(background_color(background), dtype=np.uint32) * (most // 255)
        color, alpha = self.color.astype(np.uint32), self.alpha.astype(np.uint32)[:, :, None]
        color = color[:, :, None] if color.ndim == 2 else color
        # 32 bits hold the product of two 16-bit levels and half of one.
        return ((color * alpha + behind * (most - alpha) + most // 2) // most).astype(self.color.dtype)


def shallow_levels(image: Image.Image) -> Levels:
    """Return the levels of an image in 8 bits, its ICC profile applied.

    Parameters
    ----------
    image : PIL.Image.Image
        An image of any mode, upright.

    Returns
    -------
    Levels
        sRGB, with alpha where a pixel is transparent.

    Examples
    --------
    >>> color, alpha = shallow_levels(Image.new("LA", (1, 1), (9, 70)))
    >>> color.tolist(), alpha.tolist()
    ([[[9, 9, 9]]], [[70]])
    """
    profile = image.info.get("icc_profile")
    alpha = None
    if image.mode.startswith("I;16") and isinstance(image.info.get("transparency"), int):
        clear = image.info["transparency"]
        levels = np.asarray(image).astype(np.uint16)
        alpha = np.where(levels == clear, 0, 255).astype(np.uint8)
        image = Image.fromarray(levels)
    elif image.has_transparency_data or image.mode in ("La", "RGBa"):
        # Only the way over RGBA knows about black and white with one of them marked as transparent.
        image = image.convert({"La": "LA", "LA": "LA"}.get(image.mode, "RGBA"))
        alpha = np.array(image.getchannel("A"))
        image = image.convert("L" if image.mode == "LA" else "RGB")
    color = np.array(to_rgb(image, profile=profile if isinstance(profile, bytes) else None))
    return Levels(color, None if alpha is None or alpha.min() == 255 else alpha)


def deep_levels(source: ImageSource) -> Levels | Image.Image:
    """Return the levels of an image that has more than 8 bits, as they are stored.

    Parameters
    ----------
    source : ImageSource
        What :func:`tidymedia.open_image` takes.

    Returns
    -------
    Levels or PIL.Image.Image
        Levels of ``uint16``; the opened image where it has 8 bits or fewer. Numbers of 32 bits are brought to
        16 by the rules of :func:`tidymedia.media.color_conversion.to_rgb`.

    Examples
    --------
    >>> deep_levels(np.full((1, 1), 40_000, dtype=np.uint16)).color.tolist()
    [[40000]]
    """
    if isinstance(source, np.ndarray):
        if source.dtype.newbyteorder("=") == np.uint16:
            return _with_opacity(pixels_of(source).astype(np.uint16))
        return open_image(source)
    if isinstance(source, Image.Image):
        image = open_image(source)
    else:
        held = hold(source, Limits())
        with held.stream:
            data = held.stream.read() if is_png_or_tiff(held.stream) else b""
            image = open_held(held)
        deep = deep_color(data, held.name, image)
        if deep is not None:
            return _with_opacity(deep)
    if image.mode.startswith("I;16"):
        levels = np.asarray(image).astype(np.uint16)
        clear = image.info.get("transparency")
        return Levels(levels, np.where(levels == clear, 0, 65_535).astype(np.uint16) if clear is not None else None)
    return Levels(_sixteen_bits(image), None) if image.mode in ("I", "F") else image


def _with_opacity(levels: NDArray[np.uint16]) -> Levels:
    return Levels(levels[:, :, :3], levels[:, :, 3]) if levels.shape[2:] == (4,) else Levels(levels, None)


def _sixteen_bits(image: Image.Image) -> NDArray[np.uint16]:
    values = np.nan_to_num(np.asarray(image).astype(np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    low, high = float(values.min()), float(values.max())
    whites = (1.0, 255.0) if image.mode == "F" else (65_535.0,)
    white = next((white for white in whites if low >= 0 and high <= white), None)
    if white is None:
        values, white = values - low, (high - low) or 1.0
    return np.rint(values * (65_535 / white)).astype(np.uint16)
