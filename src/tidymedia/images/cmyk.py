"""Cyan, magenta, yellow and key: inks of an idealised press."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["cmyk_to_rgb", "rgb_to_cmyk"]


def rgb_to_cmyk(rgb: NDArray[np.float32]) -> NDArray[np.float32]:
    """Convert sRGB levels to amounts of ink, as much of it black as possible.

    K = 1 - max(R, G, B), and C = 1 - R / (1 - K), and so on: the formula of textbooks, and of ``device-cmyk``
    in CSS Color 4. It knows no paper and no press; what a printer would lay down needs the profile of the press.

    Parameters
    ----------
    rgb : ndarray of float, shape (..., 3)
        Red, green and blue from 0 to 1.

    Returns
    -------
    ndarray of float, shape (..., 4)
        Cyan, magenta, yellow and black ink, 0 for none to 1 for full.

    References
    ----------
    W3C (2025). CSS Color Module Level 4, uncalibrated CMYK. https://www.w3.org/TR/css-color-4/#cmyk-rgb

    Examples
    --------
    >>> rgb_to_cmyk(np.array([0.5, 0.25, 0.0])).tolist()
    [0.0, 0.5, 1.0, 0.5]
    """
    light = np.maximum(np.maximum(rgb[..., 0], rgb[..., 1]), rgb[..., 2])[..., None]
    inks = (light - rgb) / np.where(light > 0, light, 1)
    return np.concatenate([inks, 1 - light], axis=-1).astype(rgb.dtype)


def cmyk_to_rgb(cmyk: NDArray[np.float32]) -> NDArray[np.float32]:
    """Convert amounts of ink to sRGB levels: R = (1 - C)(1 - K), and so on.

    Parameters
    ----------
    cmyk : ndarray of float, shape (..., 4)
        Cyan, magenta, yellow and black ink, 0 for none to 1 for full.

    Returns
    -------
    ndarray of float, shape (..., 3)
        Red, green and blue from 0 to 1.

    Examples
    --------
    >>> cmyk_to_rgb(np.array([0.0, 0.5, 1.0, 0.5])).tolist()
    [0.5, 0.25, 0.0]
    """
    return ((1 - cmyk[..., :3]) * (1 - cmyk[..., 3:])).astype(cmyk.dtype)
