"""A picture fitted into the input of a detector, and boxes mapped back out of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

__all__ = ["Fitted", "letterboxed", "stretched"]


@dataclass(frozen=True, slots=True)
class Fitted:
    """A picture as a network sees it.

    Parameters
    ----------
    image : PIL.Image.Image
        The input.
    scale : tuple of float
        Pixels of the input for one pixel of the picture, across and down.
    offset : tuple of int
        Where the picture begins in the input.
    """

    image: Image.Image
    scale: tuple[float, float]
    offset: tuple[int, int]

    def back(self, corners: NDArray[np.float32]) -> NDArray[np.float32]:
        """Map corners in pixels of the input to pixels of the picture."""
        offset = np.array(self.offset * 2, np.float32)
        scale = np.array(self.scale * 2, np.float32)
        return ((corners - offset) / scale).astype(np.float32)


def stretched(image: Image.Image, size: tuple[int, int]) -> Fitted:
    """Press a picture into a size; its proportions change.

    Parameters
    ----------
    image : PIL.Image.Image
        The picture, mode RGB.
    size : tuple of int
        Width and height of the input.

    Returns
    -------
    Fitted
        The input.

    Examples
    --------
    >>> stretched(Image.new("RGB", (200, 100)), (50, 50)).scale
    (0.25, 0.5)
    """
    scale = (size[0] / image.width, size[1] / image.height)
    return Fitted(image if image.size == size else image.resize(size, Image.Resampling.BICUBIC), scale, (0, 0))


def letterboxed(image: Image.Image, size: tuple[int, int], gray: int = 114) -> Fitted:
    """Fit a picture into a size with its proportions, in the middle of a gray ground.

    Parameters
    ----------
    image : PIL.Image.Image
        The picture, mode RGB.
    size : tuple of int
        Width and height of the input.
    gray : int, default 114
        Level of the ground.

    Returns
    -------
    Fitted
        The input.

    Examples
    --------
    >>> made = letterboxed(Image.new("RGB", (200, 100)), (50, 50))
    >>> made.scale, made.offset
    ((0.25, 0.25), (0, 12))
    """
    ratio = min(size[0] / image.width, size[1] / image.height)
    inner = (max(1, round(image.width * ratio)), max(1, round(image.height * ratio)))
    ground = Image.new("RGB", size, (gray, gray, gray))
    offset = ((size[0] - inner[0]) // 2, (size[1] - inner[1]) // 2)
    ground.paste(image.resize(inner, Image.Resampling.BICUBIC), offset)
    return Fitted(ground, (inner[0] / image.width, inner[1] / image.height), offset)
