"""Hue, saturation and value: the hexagonal cone of Smith (1978)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["hsv_to_rgb", "rgb_to_hsv"]


def rgb_to_hsv(rgb: NDArray[np.float32]) -> NDArray[np.float32]:
    """Convert sRGB levels to hue, saturation and value.

    Parameters
    ----------
    rgb : ndarray of float, shape (..., 3)
        Red, green and blue from 0 to 1.

    Returns
    -------
    ndarray of float, shape (..., 3)
        Hue as a share of the circle from 0 up to, but not including, 1 (0 red, 1/3 green, 2/3 blue; 0 for
        grays, which have none), saturation and value from 0 to 1. The same numbers as
        ``matplotlib.colors.rgb_to_hsv``.

    References
    ----------
    Smith, A. R. (1978). Color gamut transform pairs. Computer Graphics, 12(3), 12-19.
    https://doi.org/10.1145/965139.807361

    Examples
    --------
    >>> rgb_to_hsv(np.array([0.0, 1.0, 0.0])).round(3).tolist()
    [0.333, 1.0, 1.0]
    """
    red, green, blue = (rgb[..., channel] for channel in range(3))
    # Three arrays are compared much faster than one along its short last axis.
    value = np.maximum(np.maximum(red, green), blue)
    chroma = value - np.minimum(np.minimum(red, green), blue)
    safe = np.where(chroma > 0, chroma, 1)
    sixth = np.select(
        [chroma == 0, value == red, value == green],
        [np.zeros_like(value), (green - blue) / safe % 6, (blue - red) / safe + 2],
        (red - green) / safe + 4,
    )
    # A hue just below red may round up to the whole circle, which is red.
    hue = sixth / 6 % 1
    saturation = chroma / np.where(value > 0, value, 1)
    return np.stack([hue, saturation, value], axis=-1).astype(rgb.dtype)


def hsv_to_rgb(hsv: NDArray[np.float32]) -> NDArray[np.float32]:
    """Convert hue, saturation and value to sRGB levels.

    Parameters
    ----------
    hsv : ndarray of float, shape (..., 3)
        Hue as a share of the circle, saturation and value from 0 to 1.

    Returns
    -------
    ndarray of float, shape (..., 3)
        Red, green and blue from 0 to 1.

    Examples
    --------
    >>> hsv_to_rgb(np.array([0.5, 1.0, 1.0])).tolist()
    [0.0, 1.0, 1.0]
    """
    hue, saturation, value = (hsv[..., channel, None] for channel in range(3))
    # Each channel falls off by its distance on the circle: red is full around 0, green around 2, blue around 4 sixths.
    offset = (hue * 6 + np.array([5, 3, 1], dtype=hsv.dtype)) % 6
    fall = np.clip(np.minimum(offset, 4 - offset), 0, 1)
    rgb: NDArray[np.float32] = (value - value * saturation * fall).astype(hsv.dtype)
    return rgb
