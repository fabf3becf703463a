"""Masks and label maps laid over a picture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tidymedia.errors import UsageError
from tidymedia.images.mark_colors import Rgb

__all__ = ["Region", "paint_regions", "regions_of"]

_STRENGTH = 0.45
_MOST_LABELS = 1_000
_SMALLEST_LABELLED = 0.002
"""Share of the picture below which a region gets no label."""


class Region(NamedTuple):
    """A part of a picture.

    Parameters
    ----------
    label : str
        Its name.
    cover : numpy.ndarray
        float32, shape (height, width): how much of each pixel belongs to it, 0 to 1.
    text : str
        What is written on it; empty for nothing.
    """

    label: str
    cover: NDArray[np.float32]
    text: str

    def middle(self) -> tuple[float, float] | None:
        """Return the point that is farthest from its margins; None for a region that is very small."""
        import cv2

        inside = (self.cover >= 0.5).astype(np.uint8)
        if inside.mean() < _SMALLEST_LABELLED:
            return None
        framed = np.pad(inside, 1)
        depth = cv2.distanceTransform(framed, cv2.DIST_L2, 3)
        row, column = np.unravel_index(int(depth.argmax()), depth.shape)
        return float(column) - 1, float(row) - 1


def regions_of(mask: NDArray[Any], size: tuple[int, int], names: Mapping[int, str]) -> list[Region]:
    """Read a mask or a label map.

    Parameters
    ----------
    mask : numpy.ndarray
        Shape (height, width). Yes and no, or numbers between 0 and 1 with a fraction, or the levels 0 and 255 alone
        are one mask. Other whole numbers are a label map: each number is a region, and 0 is background unless it has
        a name.
    size : tuple of int
        Width and height of the picture; a mask of another size is enlarged or reduced to it.
    names : mapping of int to str
        Names of the regions by number.

    Returns
    -------
    list of Region
        The regions, by number.

    Raises
    ------
    UsageError
        Where it is no mask.

    Examples
    --------
    >>> found = regions_of(np.array([[0, 1], [0, 3]]), (4, 4), {1: "sky"})
    >>> [(region.label, float(region.cover.mean())) for region in found]
    [('sky', 0.25), ('3', 0.25)]
    """
    mask = np.asarray(mask)
    if mask.ndim != 2 or mask.size == 0 or mask.dtype.kind not in "buif":
        raise UsageError(
            f"An array of shape {mask.shape} and type {mask.dtype} is no mask.",
            "Give shape (height, width): yes and no, numbers from 0 to 1, or the number of a class for each pixel.",
        )
    if mask.dtype.kind == "f" and not np.isfinite(mask).all():
        raise UsageError("The mask has numbers that are not finite.", "Replace them, for example with 0.")
    numbers = [int(number) for number in np.unique(mask)] if mask.dtype.kind in "ui" else []
    if mask.dtype.kind == "b" or set(numbers) == {0, 255}:
        name = names.get(1, names.get(255, ""))
        return [Region(name, _fitted(mask != 0, size), name)]
    if mask.dtype.kind == "f":
        if mask.min() < 0 or mask.max() > 1:
            raise UsageError("A mask of fractions lies between 0 and 1.", "Divide it by its largest number.")
        return [Region(names.get(1, ""), _fitted(mask, size), names.get(1, ""))]
    if len(numbers) > _MOST_LABELS:
        raise UsageError(
            f"The label map has {len(numbers):,} numbers; the limit is {_MOST_LABELS:,}.", "Give classes, not levels."
        )
    large = np.asarray(Image.fromarray(mask.astype(np.int32)).resize(size, Image.Resampling.NEAREST))
    return [
        Region(name := names.get(number, str(number)), (large == number).astype(np.float32), name)
        for number in numbers
        if number != 0 or 0 in names
    ]


def _fitted(mask: NDArray[Any], size: tuple[int, int]) -> NDArray[np.float32]:
    resized = Image.fromarray(mask.astype(np.float32)).resize(size, Image.Resampling.BILINEAR)
    return np.asarray(resized, np.float32)


def paint_regions(image: Image.Image, regions: list[Region], colors: Mapping[str, Rgb]) -> Image.Image:
    """Lay regions over a picture, each in its colour, with a darker margin.

    Parameters
    ----------
    image : PIL.Image.Image
        The picture, mode RGB.
    regions : list of Region
        Its regions.
    colors : mapping of str to tuple of int
        Colours by label.

    Returns
    -------
    PIL.Image.Image
        A new image.
    """
    import cv2

    pixels = np.array(image, np.float32)
    thick = max(1, round(max(image.size) / 500))
    kernel = np.ones((2 * thick + 1, 2 * thick + 1), np.uint8)
    for region in regions:
        strength = (region.cover * _STRENGTH)[:, :, None]
        pixels += (np.array(colors[region.label], np.float32) - pixels) * strength
        inside = (region.cover >= 0.5).astype(np.uint8)
        margin = cv2.dilate(inside, kernel) - cv2.erode(inside, kernel) if inside.any() else inside
        pixels[margin > 0] = pixels[margin > 0] * 0.3 + np.array(colors[region.label], np.float32) * 0.7
    return Image.fromarray(np.clip(np.rint(pixels), 0, 255).astype(np.uint8))
