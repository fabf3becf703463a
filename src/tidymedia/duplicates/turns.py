"""The hashes of a rotated or mirrored picture, from the hashes of the picture."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["turned_hashes"]

_ODD: Final = np.arange(8) % 2 == 1


def turned_hashes(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the hashes that pictures would have if they were turned.

    The bits of the perceptual hash are signs of waves of light and dark. A mirrored picture has the same waves,
    the odd ones across with the other sign; in a picture laid on its side, those across and those down are
    exchanged. The bits of the difference hashes say where it gets brighter from one part to the next; in a
    mirrored picture they stand in the other order and say the contrary. What is found so misses the hash of
    the turned picture by a few bits: those of waves near the median, and of neighbours that are equal.

    Parameters
    ----------
    hashes : numpy.ndarray of uint64, shape (n, 3)
        Perceptual, difference and vertical difference hash of upright pictures, as numbers.

    Returns
    -------
    numpy.ndarray of uint64, shape (n, 8, 3)
        One entry a way in :data:`tidymedia.duplicates.table.TURNS`; the first are the hashes themselves.

    Examples
    --------
    >>> import numpy as np
    >>> one = np.array([[0x8000000000000000, 0, 0]], np.uint64)
    >>> [f"{number:016x}" for number in turned_hashes(one)[0, 1]]
    ['d555555555555555', 'ffffffffffffffff', '0000000000000000']
    """
    bits = np.unpackbits(np.asarray(hashes, ">u8").view(np.uint8), axis=-1).reshape(-1, 3, 8, 8).astype(bool)
    upright = _Bits(bits[:, 0], bits[:, 1], bits[:, 2])
    rotated, mirrored = _all_rotated(upright), _all_rotated(_mirrored(upright))
    ways = [rotated[0], mirrored[0], *rotated[1:], *mirrored[1:]]
    turned = np.stack([np.stack(way, axis=1) for way in ways], axis=1)
    packed = np.packbits(turned.reshape(len(turned), 8, 3, 64), axis=-1)
    return packed.view(">u8")[..., 0].astype(np.uint64)


class _Bits(NamedTuple):
    """The bits of three hashes, each of shape (n, 8, 8)."""

    waves: NDArray[np.bool_]
    across: NDArray[np.bool_]
    down: NDArray[np.bool_]


def _mirrored(bits: _Bits) -> _Bits:
    return _Bits(bits.waves ^ _ODD[None, None, :], ~bits.across[:, :, ::-1], bits.down[:, :, ::-1])


def _rotated(bits: _Bits) -> _Bits:
    """Rotate by 90 degrees counter-clockwise: exchange the axes, then turn the upper side down."""
    waves, across, down = (one.transpose(0, 2, 1) for one in (bits.waves, bits.down, bits.across))
    return _Bits(waves ^ _ODD[None, :, None], across[:, ::-1, :], ~down[:, ::-1, :])


def _all_rotated(bits: _Bits) -> list[_Bits]:
    ways = [bits]
    for _ in range(3):
        ways.append(_rotated(ways[-1]))
    return ways
