"""The numbers of arrays that become images: their shape, type and range."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tidymedia.errors import UsageError
from tidymedia.images.array_pixels import check_unit
from tidymedia.images.color_models import MODELS, channel_count

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["read_values", "shaped"]


def shaped(values: NDArray[Any], mode: str, size: tuple[int, int] | None) -> NDArray[Any]:
    """Bring an array into the shape (height, width, channels).

    Parameters
    ----------
    values : ndarray
        Its shape is this one, (height, width) for one channel, or flat.
    mode : str
        The colour model.
    size : tuple of int or None
        Width and height of a flat array.

    Returns
    -------
    ndarray, shape (height, width, channels)
        The same numbers.

    Raises
    ------
    UsageError
        Where the numbers are too many or too few, or the shape is another one.

    Examples
    --------
    >>> shaped(np.zeros(12), "RGB", (2, 2)).shape
    (2, 2, 3)
    """
    channels = channel_count(mode)
    if values.ndim == 1:
        if size is None:
            raise UsageError("The array is flat and does not say how wide it is.", "Add size=(width, height).")
        width, height = size
        if width < 1 or height < 1 or width * height * channels != values.size:
            raise UsageError(
                f"{values.size:,} numbers are no {width} x {height} pixels in {mode},"
                f" which has {channels} for each pixel.",
                "Check size=(width, height) and the mode.",
            )
        return values.reshape(height, width, channels)
    if size is not None and (values.ndim < 2 or (values.shape[1], values.shape[0]) != tuple(size)):
        raise UsageError(
            f"size={size} does not fit an array of shape {values.shape}.", "Leave size out: the shape says it."
        )
    if values.ndim == 2 and channels == 1:
        values = values[:, :, None]
    if values.ndim != 3 or values.shape[2] != channels:
        wanted = "(height, width)" if channels == 1 else f"(height, width, {channels})"
        raise UsageError(f"An array of shape {values.shape} is no image in {mode}.", f"Its shape must be {wanted}.")
    if values.size == 0:
        raise UsageError(f"An array of shape {values.shape} has no pixels.", "Give one with a height and a width.")
    return values


def read_values(values: NDArray[Any], mode: str, scaled: bool | None) -> NDArray[Any]:
    """Check the numbers of an array and bring them to one of three types.

    Parameters
    ----------
    values : ndarray, shape (height, width, channels)
        The numbers.
    mode : str
        The colour model.
    scaled : bool or None
        Whether they are scaled numbers; None for floating-point numbers alone.

    Returns
    -------
    ndarray of uint8, uint16 or float32
        Levels where they are not scaled, else the numbers of the colour model.

    Raises
    ------
    UsageError
        Where the type or a number makes no sense.

    Examples
    --------
    >>> read_values(np.array([[[255]]]), "L", None).dtype
    dtype('uint8')
    """
    floating = np.issubdtype(values.dtype, np.floating)
    if not floating and not np.issubdtype(values.dtype, np.integer):
        raise UsageError(
            f"An array of {values.dtype} is no image.", "Turn it into uint8 (0 to 255) or float32 (0 to 1)."
        )
    if scaled is None:
        scaled = bool(floating)
    if scaled:
        if not floating:
            raise UsageError(
                f"An array of {values.dtype} holds whole numbers, no scaled ones.", "Leave scaled=True out."
            )
        return _scaled(values, mode)
    native = values.dtype.newbyteorder("=")
    if native in (np.uint8, np.uint16):
        levels: NDArray[Any] = values.astype(native)
        return levels
    low, high = values.min(), values.max()
    if not (low >= 0 and high <= 255):
        raise UsageError(
            f"The array holds numbers from {low:g} to {high:g}; levels go from 0 to 255.",
            "Bring them into this range, or turn levels of 16 bits into uint16.",
        )
    rounded: NDArray[np.uint8] = np.rint(values).astype(np.uint8)
    return rounded


def _scaled(values: NDArray[Any], mode: str) -> NDArray[np.float32]:
    if mode != "LAB":
        check_unit(values)
        cut: NDArray[np.float32] = np.clip(values, 0, 1).astype(np.float32)
        return cut
    low, span = (np.array(bound) for bound in (MODELS["LAB"].low, MODELS["LAB"].span))
    try:
        check_unit((values - low) / span)
    except UsageError as error:
        raise UsageError(
            f"The array holds numbers from {values.min():g} to {values.max():g} that are no L*a*b* colours.",
            "L* goes from 0 to 100, a* and b* from -128 to 127.",
        ) from error
    numbers: NDArray[np.float32] = values.astype(np.float32)
    return numbers
