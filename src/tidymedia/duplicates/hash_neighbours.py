"""What lies near a hash."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from tidymedia.duplicates.hamming_index import HammingIndex
from tidymedia.duplicates.pairs import Pairs
from tidymedia.duplicates.table import TURNS
from tidymedia.duplicates.turns import turned_hashes

__all__ = ["HashNeighbours", "weight_of_bits"]

_PLAIN_FROM: Final = 0.75
_PLAIN_TO: Final = 0.8
_HEAVIEST: Final = 4.0


def weight_of_bits(plain: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how much a bit counts in which the hashes of two pictures differ, by how much of both is one light tone.

    Two pages of text have the same paper, whatever is written on it, so that few bits differ. What differs must
    count more there.

    Parameters
    ----------
    plain : numpy.ndarray of float64
        The smaller ``plain_share`` of the two.

    Returns
    -------
    numpy.ndarray of float64
        1 up to a share of 0.75, which few photographs exceed; then more and more, 4 from 0.8 on.

    Examples
    --------
    >>> weight_of_bits(np.array([0.3, 0.775, 0.95])).tolist()
    [1.0, 1.6, 4.0]
    """
    beyond = np.clip((plain - _PLAIN_FROM) / (_PLAIN_TO - _PLAIN_FROM), 0.0, 1.0)
    weight: NDArray[np.float64] = np.round(1.0 / (1.0 - (1.0 - 1.0 / _HEAVIEST) * beyond), 9)
    return weight


class HashNeighbours:
    """Hashes that differ in few bits.

    Parameters
    ----------
    hashes : numpy.ndarray of uint64, shape (n,) or (n, words)
        The hashes. Several numbers in a row count as one long hash.
    threshold : int
        In how many bits two may differ.
    owners : numpy.ndarray of int64, shape (n,), or None, default None
        Position of the member that each hash is of, ascending; None for one hash a member. Members are in the order
        in which they are preferred. Two members are as near as the nearest of their hashes.
    plain : numpy.ndarray of float64, shape (n,), or None, default None
        How much of what each hash is of is one light tone. In two that are both plain, such as pages of text, each
        bit counts more, as :func:`weight_of_bits` says.
    turned : bool, default False
        Whether rotated and mirrored copies count as near; for the three hashes that
        :func:`tidymedia.duplicates.turns.turned_hashes` takes.

    Examples
    --------
    >>> neighbours = HashNeighbours(np.array([0, 1, 255], np.uint64), threshold=2)
    >>> neighbours.near(np.array([0])).found.tolist()
    [0, 1]
    """

    def __init__(
        self,
        hashes: NDArray[np.uint64],
        threshold: int,
        *,
        owners: NDArray[np.int64] | None = None,
        plain: NDArray[np.float64] | None = None,
        turned: bool = False,
    ) -> None:
        numbers = np.ascontiguousarray(hashes, np.uint64)
        self._hashes = numbers[:, None] if numbers.ndim == 1 else numbers
        self._owners = np.arange(len(self._hashes)) if owners is None else owners
        count = int(self._owners[-1]) + 1 if len(self._owners) else 0
        self._starts = np.searchsorted(self._owners, np.arange(count + 1))
        self._plain = np.zeros(len(self._hashes)) if plain is None else plain
        self._threshold = threshold
        self._index = HammingIndex(self._hashes, threshold)
        self._turned = turned

    def __len__(self) -> int:
        return len(self._starts) - 1

    def work(self, positions: NDArray[np.int64]) -> NDArray[np.int64]:
        """Say how many comparisons each of the members at these positions costs."""
        queries, _, asked = self._queries(positions)
        work = np.bincount(asked, self._index.work(queries), minlength=len(positions))
        return work.astype(np.int64)

    def near(self, positions: NDArray[np.int64]) -> Pairs:
        """Find what is near the members at these positions, themselves included."""
        queries, rows, asked = self._queries(positions)
        pairs = self._index.near(queries)
        both_plain = np.minimum(self._plain[rows[pairs.query]], self._plain[pairs.found])
        distance = pairs.distance * weight_of_bits(both_plain)
        turn = (pairs.query % self._ways).astype(np.int8)
        weighed = Pairs(asked[pairs.query], self._owners[pairs.found], distance, turn)
        return weighed.where(distance <= self._threshold).ordered()

    @property
    def _ways(self) -> int:
        return len(TURNS) if self._turned else 1

    def _queries(self, positions: NDArray[np.int64]) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.int64]]:
        """Return the hashes of some members in each way in which they may be turned.

        With them come the row of each hash, and the place of its member among the positions.
        """
        sizes = self._starts[positions + 1] - self._starts[positions]
        asked = np.repeat(np.arange(len(positions)), sizes)
        within = np.arange(len(asked)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        rows = self._starts[positions][asked] + within
        hashes = self._hashes[rows]
        if self._turned:
            hashes = turned_hashes(hashes).reshape(-1, hashes.shape[1])
        return hashes, np.repeat(rows, self._ways), np.repeat(asked, self._ways)
