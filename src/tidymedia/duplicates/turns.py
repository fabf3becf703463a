"""The hash of a rotated or mirrored picture, from the hash of the picture."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["turned_hashes"]

_ODD: Final = np.arange(8) % 2 == 1


def turned_hashes(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the hashes that pictures would have if they were turned.

    The bits of the hash are signs of waves of light and dark. A mirrored picture has the same waves, the odd
    ones across with the other sign; a picture laid on its side has those across and those down exchanged.

    Parameters
    ----------
    hashes : numpy.ndarray of uint64, shape (n,)
        Hashes of upright pictures, as numbers.

    Returns
    -------
    numpy.ndarray of uint64, shape (n, 8)
        One column a way in :data:`tidymedia.duplicates.table.TURNS`; the first is the hash itself.

    Examples
    --------
    >>> import numpy as np
    >>> one = np.array([0x8000000000000000], np.uint64)
    >>> [f"{turned:016x}" for turned in turned_hashes(one)[0, :2]]
    ['8000000000000000', 'd555555555555555']
    """
    bits = np.unpackbits(np.asarray(hashes, ">u8").view(np.uint8).reshape(-1, 8), axis=1).reshape(-1, 8, 8).astype(bool)
    turned = []
    for start in (bits, _mirrored(bits)):
        ways = [start]
        for _ in range(3):
            ways.append(_rotated(ways[-1]))
        turned.append(ways)
    (upright, left, over, right), (mirrored, mirrored_left, mirrored_over, mirrored_right) = turned
    ways = [upright, mirrored, left, over, right, mirrored_left, mirrored_over, mirrored_right]
    return np.stack([np.packbits(way.reshape(-1, 64), axis=1).view(">u8").ravel() for way in ways], axis=1).astype(
        np.uint64
    )


def _mirrored(bits: NDArray[np.bool_]) -> NDArray[np.bool_]:
    mirrored: NDArray[np.bool_] = bits ^ _ODD[None, None, :]
    return mirrored


def _rotated(bits: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Rotate by 90 degrees counter-clockwise: exchange the axes, then turn the upper side down."""
    rotated: NDArray[np.bool_] = bits.transpose(0, 2, 1) ^ _ODD[None, :, None]
    return rotated
