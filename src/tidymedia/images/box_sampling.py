"""Pixels sampled on a grid within a box, at the same places as TensorFlow's ``crop_and_resize``."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["sample_box"]


def sample_box(
    pixels: NDArray[np.generic],
    box: tuple[float, float, float, float],
    size: tuple[int, int],
    *,
    nearest: bool = False,
    alpha: bool = False,
    fill: float = 0.0,
) -> NDArray[np.float32]:
    """Sample a grid of points that spans a box from corner to corner.

    The places are computed in single precision, step by step as TensorFlow does it, since a difference in the
    last digit decides whether a point on the rim lies inside. In one thing it differs: where the box itself
    lies inside of the picture, no point falls out of it by rounding (TensorFlow fills such a last row).

    Parameters
    ----------
    pixels : numpy.ndarray
        Shape (height, width, channels), any dtype of numbers.
    box : tuple of float
        y0, x0, y1, x1 in shares of the picture: 0 is the middle of the first row or column, 1 that of the last.
    size : tuple of int
        Width and height of the grid.
    nearest : bool, default False
        Whether each point takes the pixel that it is nearest to, instead of the bilinear mean of four.
    alpha : bool, default False
        Whether the last channel is alpha, from 0 to 255, by which the colours of the four are weighed.
    fill : float, default 0.0
        Value in each channel of points outside of the picture.

    Returns
    -------
    numpy.ndarray
        float32, shape (height, width, channels) of the grid.

    Examples
    --------
    >>> import numpy as np
    >>> sample_box(np.array([[[0], [10]]]), (0, 0, 1, 1), (3, 1)).ravel().tolist()
    [0.0, 5.0, 10.0]
    """
    rows, row_is_out = _places(box[0], box[2], pixels.shape[0], size[1])
    columns, column_is_out = _places(box[1], box[3], pixels.shape[1], size[0])
    if nearest:
        # Halves go up, as C's roundf has it for numbers that are not negative.
        row, column = np.floor(rows + 0.5).astype(np.intp), np.floor(columns + 0.5).astype(np.intp)
        sampled: NDArray[np.float32] = pixels[row[:, None], column].astype(np.float32)
    else:
        with np.errstate(invalid="ignore", over="ignore"):  # between infinite numbers there is none
            sampled = _bilinear(pixels, rows, columns, alpha)
    sampled[row_is_out] = fill
    sampled[:, column_is_out] = fill
    return sampled


def _places(first: float, last: float, length: int, count: int) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Return where the points lie along one side, in pixels, and which of them lie outside."""
    start, end, span = np.float32(first), np.float32(last), np.float32(length - 1)
    if count > 1:
        places = start * span + np.arange(count, dtype=np.float32) * ((end - start) * span / np.float32(count - 1))
    else:
        places = np.array([0.5 * (float(start) + float(end)) * float(span)], dtype=np.float32)
    within = 0 <= start <= 1 and 0 <= end <= 1
    is_out = np.full(count, False) if within else (places < 0) | (places > span)
    return np.clip(places, np.float32(0), span), is_out


def _bilinear(
    pixels: NDArray[np.generic], rows: NDArray[np.float32], columns: NDArray[np.float32], alpha: bool
) -> NDArray[np.float32]:
    top, bottom = np.floor(rows).astype(np.intp)[:, None], np.ceil(rows).astype(np.intp)[:, None]
    left, right = np.floor(columns).astype(np.intp), np.ceil(columns).astype(np.intp)
    down = (rows[:, None] - top.astype(np.float32))[:, :, None]
    along = (columns - left.astype(np.float32))[None, :, None]

    def corner(row: NDArray[np.intp], column: NDArray[np.intp]) -> NDArray[np.float32]:
        values: NDArray[np.float32] = pixels[row, column].astype(np.float32)
        if alpha:
            values[:, :, :-1] *= values[:, :, -1:] / np.float32(255)
        return values

    upper_left, lower_left = corner(top, left), corner(bottom, left)
    upper = upper_left + (corner(top, right) - upper_left) * along
    lower = lower_left + (corner(bottom, right) - lower_left) * along
    mixed: NDArray[np.float32] = upper + (lower - upper) * down
    if alpha:
        share = mixed[:, :, -1:] / np.float32(255)
        mixed[:, :, :-1] = np.divide(mixed[:, :, :-1], share, out=np.zeros_like(mixed[:, :, :-1]), where=share > 0)
    return mixed
