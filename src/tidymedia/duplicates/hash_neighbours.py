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
    hashes : numpy.ndarray of uint64, shape (n,) or (n, words)
        The hashes, in the order in which they are preferred. Several numbers a member count as one long hash.
    threshold : int
        In how many bits two may differ.
    turned : bool, default False
        Whether rotated and mirrored copies count as near; for the three hashes that
        :func:`tidymedia.duplicates.turns.turned_hashes` takes.

    Examples
    --------
    >>> neighbours = HashNeighbours(np.array([0, 1, 255], np.uint64), threshold=2)
    >>> neighbours.near(np.array([0])).found.tolist()
    [0, 1]
    """

    def __init__(self, hashes: NDArray[np.uint64], threshold: int, *, turned: bool = False) -> None:
        numbers = np.ascontiguousarray(hashes, np.uint64)
        self._hashes = numbers[:, None] if numbers.ndim == 1 else numbers
        self._index = HammingIndex(self._hashes, threshold)
        self._turned = turned

    def __len__(self) -> int:
        return len(self._hashes)

    def work(self, positions: NDArray[np.int64]) -> NDArray[np.int64]:
        """Say how many comparisons each of the members at these positions costs."""
        queries = self._queries(positions)
        work: NDArray[np.int64] = self._index.work(_flat(queries)).reshape(queries.shape[:2]).sum(axis=1)
        return work

    def near(self, positions: NDArray[np.int64]) -> Pairs:
        """Find what is near the members at these positions, themselves included."""
        queries = self._queries(positions)
        pairs = self._index.near(_flat(queries))
        ways = queries.shape[1]
        return Pairs(pairs.query // ways, pairs.found, pairs.distance, (pairs.query % ways).astype(np.int8)).ordered()

    def _queries(self, positions: NDArray[np.int64]) -> NDArray[np.uint64]:
        """Return the hashes of some members in each way in which they may be turned: (q, ways, words)."""
        hashes = self._hashes[positions]
        return turned_hashes(hashes) if self._turned else hashes[:, None, :]


def _flat(queries: NDArray[np.uint64]) -> NDArray[np.uint64]:
    return queries.reshape(-1, queries.shape[-1])
