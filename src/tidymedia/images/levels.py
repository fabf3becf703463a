"""Numbers of pixels as levels from 0 to 1, and back into the type that they came in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from tidymedia.errors import UsageError

if TYPE_CHECKING:
    from numpy.typing import DTypeLike, NDArray

__all__ = ["as_levels", "from_levels"]

_WHOLE: Final = {"uint8": 255, "uint16": 65_535}


def as_levels(values: NDArray[np.generic]) -> NDArray[np.float32]:
    """Bring the numbers of an array to levels from 0 to 1.

    Parameters
    ----------
    values : ndarray of uint8, uint16, bool or float
        Whole numbers count up to the largest of their type; floating-point numbers are levels already.

    Returns
    -------
    ndarray of float32
        Levels from 0 to 1, of the same shape.

    Raises
    ------
    UsageError
        Where the type is another one, or floating-point numbers are not from 0 to 1.

    Examples
    --------
    >>> as_levels(np.array([0, 51, 255], dtype=np.uint8)).tolist()
    [0.0, 0.20000000298023224, 1.0]
    """
    if values.dtype.name in _WHOLE:
        return np.divide(values.astype(np.float32), np.float32(_WHOLE[values.dtype.name]), dtype=np.float32)
    if values.dtype == np.bool_:
        return values.astype(np.float32)
    if not np.issubdtype(values.dtype, np.floating):
        raise UsageError(
            f"An array of {values.dtype} is no image.", "Turn it into uint8 (0 to 255) or floating point (0 to 1)."
        )
    with np.errstate(over="ignore"):
        levels = values.astype(np.float32)
    if not np.isfinite(values).all():
        raise UsageError("The array holds numbers that are infinite or not a number.", "Fill or leave them out.")
    if not ((levels >= 0) & (levels <= 1)).all():
        raise UsageError(
            "The array holds numbers that are not from 0 to 1.", "Divide by 255, or turn it into uint8, first."
        )
    return levels


def from_levels(levels: NDArray[np.float32], dtype: DTypeLike) -> NDArray[np.generic]:
    """Turn levels back into numbers of a type.

    Parameters
    ----------
    levels : ndarray of float32
        Levels from 0 to 1.
    dtype : dtype
        ``uint8``, ``uint16``, ``bool`` or a floating-point type.

    Returns
    -------
    ndarray
        The numbers, rounded to the nearest where they are whole.

    Examples
    --------
    >>> from_levels(np.array([0, 0.2, 1], dtype=np.float32), np.uint8).tolist()
    [0, 51, 255]
    """
    kind = np.dtype(dtype)
    if kind.name in _WHOLE:
        whole: NDArray[np.generic] = np.rint(levels * np.float32(_WHOLE[kind.name])).astype(kind)
        return whole
    other: NDArray[np.generic] = (levels >= 0.5 if kind == np.bool_ else levels).astype(kind)
    return other
