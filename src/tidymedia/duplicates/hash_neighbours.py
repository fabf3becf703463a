"""What lies near a hash."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tidymedia.duplicates.hamming_index import HammingIndex
from tidymedia.duplicates.pairs import Pairs
from tidymedia.duplicates.table import TURNS
from tidymedia.duplicates.turns import turned_hashes

__all__ = ["HashNeighbours"]


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
        turned: bool = False,
    ) -> None:
        numbers = np.ascontiguousarray(hashes, np.uint64)
        self._hashes = numbers[:, None] if numbers.ndim == 1 else numbers
        self._owners = np.arange(len(self._hashes)) if owners is None else owners
        count = int(self._owners[-1]) + 1 if len(self._owners) else 0
        self._starts = np.searchsorted(self._owners, np.arange(count + 1))
        self._index = HammingIndex(self._hashes, threshold)
        self._turned = turned

    def __len__(self) -> int:
        return len(self._starts) - 1

    def work(self, positions: NDArray[np.int64]) -> NDArray[np.int64]:
        """Say how many comparisons each of the members at these positions costs."""
        queries, asked = self._queries(positions)
        work = np.bincount(asked, self._index.work(queries), minlength=len(positions))
        return work.astype(np.int64)

    def near(self, positions: NDArray[np.int64]) -> Pairs:
        """Find what is near the members at these positions, themselves included."""
        queries, asked = self._queries(positions)
        pairs = self._index.near(queries)
        ways = len(TURNS) if self._turned else 1
        turn = (pairs.query % ways).astype(np.int8)
        return Pairs(asked[pairs.query], self._owners[pairs.found], pairs.distance, turn).ordered()

    def _queries(self, positions: NDArray[np.int64]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        """Return the hashes of some members in each way in which they may be turned, and which member asks."""
        sizes = self._starts[positions + 1] - self._starts[positions]
        asked = np.repeat(np.arange(len(positions)), sizes)
        within = np.arange(len(asked)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        hashes = self._hashes[self._starts[positions][asked] + within]
        if not self._turned:
            return hashes, asked
        return turned_hashes(hashes).reshape(-1, hashes.shape[1]), np.repeat(asked, len(TURNS))
