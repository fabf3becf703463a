"""CIE L*a*b*: colours as far apart as they look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["lab_to_rgb", "rgb_to_lab"]

_Float = TypeVar("_Float", bound=np.floating)

_XYZ: Final = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
# Each row over its own sum, so that white is exactly (1, 1, 1) and grays have a* and b* of zero.
_TO_RELATIVE: Final = _XYZ / _XYZ.sum(axis=1, keepdims=True)
_FROM_RELATIVE: Final = np.linalg.inv(_TO_RELATIVE)
_BEND: Final = 6 / 29


def rgb_to_lab(rgb: NDArray[_Float]) -> NDArray[_Float]:
    """Convert sRGB levels to CIE L*a*b* 1976, 2 degree observer, white point D65.

    D65 is the white of sRGB itself. Programs for printing use D50, where the same colour has slightly other
    numbers.

    Parameters
    ----------
    rgb : ndarray of float, shape (..., 3)
        Red, green and blue from 0 to 1.

    Returns
    -------
    ndarray of float, shape (..., 3)
        L* from 0 (black) to 100 (white); a* from green (-86) to red (98); b* from blue (-108) to yellow (94).
        The distance between two colours is about 2.3 where people just see it (Mahy et al., 1994).

    References
    ----------
    CIE (2018). Colorimetry, 4th edition (CIE 015:2018).

    IEC 61966-2-1:1999. Default RGB colour space - sRGB.

    Mahy, M., Van Eycken, L., & Oosterlinck, A. (1994). Evaluation of uniform color spaces developed after the
    adoption of CIELAB and CIELUV. Color Research & Application, 19(2), 105-121.

    Examples
    --------
    >>> rgb_to_lab(np.array([1.0, 0.0, 0.0])).round(1).tolist()
    [53.2, 80.1, 67.2]
    """
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    relative = linear @ _TO_RELATIVE.T.astype(rgb.dtype)
    bent = np.where(relative > _BEND**3, np.cbrt(relative), relative / (3 * _BEND**2) + 4 / 29)
    x, y, z = bent[..., 0], bent[..., 1], bent[..., 2]
    lab: NDArray[_Float] = np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1).astype(rgb.dtype)
    return lab


def lab_to_rgb(lab: NDArray[np.float32]) -> NDArray[np.float32]:
    """Convert CIE L*a*b* (D65) to sRGB levels; colours that no screen can show are cut to the nearest level.

    Parameters
    ----------
    lab : ndarray of float, shape (..., 3)
        L*, a* and b*.

    Returns
    -------
    ndarray of float, shape (..., 3)
        Red, green and blue from 0 to 1.

    Examples
    --------
    >>> lab_to_rgb(np.array([100.0, 0.0, 0.0])).round(3).tolist()
    [1.0, 1.0, 1.0]
    """
    lightness = (lab[..., 0] + 16) / 116
    bent = np.stack([lightness + lab[..., 1] / 500, lightness, lightness - lab[..., 2] / 200], axis=-1)
    relative = np.where(bent > _BEND, bent**3, 3 * _BEND**2 * (bent - 4 / 29))
    linear = np.clip(relative @ _FROM_RELATIVE.T.astype(lab.dtype), 0, 1)
    rgb = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    shown: NDArray[np.float32] = np.clip(rgb, 0, 1).astype(lab.dtype)
    return shown
