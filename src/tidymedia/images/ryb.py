"""Red, yellow and blue: the colours of the paint box."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["rgb_to_ryb", "ryb_to_rgb"]


def rgb_to_ryb(rgb: NDArray[np.float32]) -> NDArray[np.float32]:
    """Convert sRGB levels to amounts of red, yellow and blue paint, after Sugita and Takahashi.

    White is taken out, yellow is what red and green have in common, green goes half to yellow and half to blue,
    and black is added. Paints are subtractive: none is white, all three are black, yellow with blue is
    green. The model imitates the colour wheel of art lessons (Itten); it is no physics of pigments, and the
    model of Gossett and Chen (2004), which looks more like paint, has no way back.

    Parameters
    ----------
    rgb : ndarray of float, shape (..., 3)
        Red, green and blue from 0 to 1.

    Returns
    -------
    ndarray of float, shape (..., 3)
        Red, yellow and blue, 0 for none to 1 for full.

    References
    ----------
    Sugita, J., & Takahashi, T. (2017). Computational RYB color model and its applications. IIEEJ Transactions
    on Image Electronics and Visual Computing, 5(2), 110-122.

    Examples
    --------
    >>> rgb_to_ryb(np.array([[0.0, 1.0, 0.0], [1.0, 1.0, 1.0], [1.0, 0.5, 0.0]])).tolist()
    [[0.0, 1.0, 1.0], [0.0, 0.0, 0.0], [1.0, 1.0, 0.0]]
    """
    black = 1 - _strongest(rgb)
    light = rgb - _weakest(rgb)
    red, green, blue = (light[..., channel] for channel in range(3))
    common = np.minimum(red, green)
    paint = np.stack([red - common, (green + common) / 2, (blue + green - common) / 2], axis=-1)
    mixed: NDArray[np.float32] = (_as_strong(paint, light) + black).astype(rgb.dtype)
    return mixed


def ryb_to_rgb(ryb: NDArray[np.float32]) -> NDArray[np.float32]:
    """Convert amounts of red, yellow and blue paint to sRGB levels.

    It is the exact inverse of :func:`rgb_to_ryb`: each colour has one mixture, and each mixture one colour.

    Parameters
    ----------
    ryb : ndarray of float, shape (..., 3)
        Red, yellow and blue, 0 for none to 1 for full.

    Returns
    -------
    ndarray of float, shape (..., 3)
        Red, green and blue from 0 to 1.

    Examples
    --------
    >>> ryb_to_rgb(np.array([[0.0, 1.0, 1.0], [1.0, 1.0, 1.0], [0.0, 1.0, 0.0]])).tolist()
    [[0.0, 1.0, 0.0], [0.0, 0.0, 0.0], [1.0, 1.0, 0.0]]
    """
    white = 1 - _strongest(ryb)
    paint = ryb - _weakest(ryb)
    red, yellow, blue = (paint[..., channel] for channel in range(3))
    common = np.minimum(yellow, blue)
    light = np.stack([red + yellow - common, yellow + common, 2 * (blue - common)], axis=-1)
    shown: NDArray[np.float32] = (_as_strong(light, paint) + white).astype(ryb.dtype)
    return shown


def _as_strong(color: NDArray[np.float32], wanted: NDArray[np.float32]) -> NDArray[np.float32]:
    """Bring the strongest part of each colour to that of the wanted one."""
    strength = _strongest(color)
    factor = _strongest(wanted) / np.where(strength > 0, strength, 1)
    scaled: NDArray[np.float32] = (color * factor).astype(color.dtype)
    return scaled


def _strongest(color: NDArray[np.float32]) -> NDArray[np.float32]:
    strongest: NDArray[np.float32] = np.maximum(np.maximum(color[..., :1], color[..., 1:2]), color[..., 2:])
    return strongest


def _weakest(color: NDArray[np.float32]) -> NDArray[np.float32]:
    weakest: NDArray[np.float32] = np.minimum(np.minimum(color[..., :1], color[..., 1:2]), color[..., 2:])
    return weakest
