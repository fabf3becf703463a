"""What lies near a hash."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tidymedia.duplicates.hamming_index import HammingIndex
from tidymedia.duplicates.pairs import Pairs
from tidymedia.duplicates.turns import turned_hashes

__all__ = ["HashNeighbours"]


class HashNeighbours:
    """Hashes that differ in few bits.

    Parameters
    ----------
    hashes : numpy.ndarray of uint64, shape (n,)
        The hashes, in the order in which they are preferred.
    threshold : int
        In how many bits two may differ.
    turned : bool, default False
        Whether rotated and mirrored copies count as near.

    Examples
    --------
    >>> neighbours = HashNeighbours(np.array([0, 1, 255], np.uint64), threshold=2)
    >>> neighbours.near(np.array([0])).found.tolist()
    [0, 1]
    """

    def __init__(self, hashes: NDArray[np.uint64], threshold: int, *, turned: bool = False) -> None:
        self._hashes = np.ascontiguousarray(hashes, np.uint64)
        self._index = HammingIndex(self._hashes, threshold)
        self._turned = turned

    def __len__(self) -> int:
        return len(self._hashes)

    def work(self, positions: NDArray[np.int64]) -> NDArray[np.int64]:
        """Say how many comparisons each of the members at these positions costs."""
        queries = self._queries(positions)
        work: NDArray[np.int64] = self._index.work(queries.ravel()).reshape(queries.shape).sum(axis=1)
        return work

    def near(self, positions: NDArray[np.int64]) -> Pairs:
        """Find what is near the members at these positions, themselves included."""
        queries = self._queries(positions)
        pairs = self._index.near(queries.ravel())
        ways = queries.shape[1]
        return Pairs(pairs.query // ways, pairs.found, pairs.distance, (pairs.query % ways).astype(np.int8)).ordered()

    def _queries(self, positions: NDArray[np.int64]) -> NDArray[np.uint64]:
        hashes = self._hashes[positions]
        return turned_hashes(hashes) if self._turned else hashes[:, None]
