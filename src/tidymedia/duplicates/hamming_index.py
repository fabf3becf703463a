"""All pairs of hashes that differ in a few bits, without comparing all with all."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tidymedia.duplicates.pairs import Pairs

__all__ = ["HammingIndex"]

_BITS: Final = 64
_WIDEST_PART: Final = 24
_WIDEST_RADIUS: Final = 4
_COST_OF_BUCKET: Final = 3.0
"""Looking up a bucket takes as long as comparing so many hashes; measured."""


@dataclass(frozen=True, slots=True)
class _Part:
    """Some of the bits of all hashes, sorted into buckets of the same bits."""

    word: int
    shift: int
    mask: int
    changes: NDArray[np.int64]
    """Changes of these bits that are looked up, as numbers to combine by exclusive or."""
    starts: NDArray[np.int64]
    """Where each bucket begins in ``order``; one more than there are buckets."""
    order: NDArray[np.int64]
    hashes: NDArray[np.uint64]
    """The hashes, in the order of the buckets, so that a bucket lies together in memory."""

    def bits(self, hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
        return _cut_out(hashes, self.word, self.shift, self.mask)


class HammingIndex:
    """An exact index of hashes for one threshold (multi-index hashing).

    The bits are cut into parts. Two hashes that differ in at most ``threshold`` bits cannot differ in many
    bits of every part: in at least one part they differ in no more bits than that part allows. So looking up,
    for every part, the buckets of hashes with nearly the same bits there finds all of them, and only what is in
    these buckets is compared. How many parts there are follows from the number of hashes. Nothing is
    missed: the answer is that of comparing all with all.

    Parameters
    ----------
    hashes : numpy.ndarray of uint64, shape (n,) or (n, words)
        The hashes: 64 bits in a number, longer ones in several.
    threshold : int
        In how many bits hashes may differ to be found.

    References
    ----------
    Norouzi, M., Punjani, A., & Fleet, D. J. (2012). Fast search in Hamming space with multi-index hashing.
    CVPR 2012, 3108-3115.

    Examples
    --------
    >>> index = HammingIndex(np.array([0b0000, 0b0111, 1 << 60], np.uint64), threshold=3)
    >>> pairs = index.near(np.array([0b0001], np.uint64))
    >>> pairs.found.tolist(), pairs.distance.tolist()
    ([0, 1, 2], [1.0, 2.0, 2.0])
    """

    def __init__(self, hashes: NDArray[np.uint64], threshold: int) -> None:
        self._hashes = _in_words(hashes)
        self._threshold = threshold
        cut = _best_cut(len(self._hashes), threshold, self._hashes.shape[1])
        self._parts = [self._make_part(word, shift, width, radius) for word, shift, width, radius in cut]

    def __len__(self) -> int:
        return len(self._hashes)

    def _make_part(self, word: int, shift: int, width: int, radius: int) -> _Part:
        mask = (1 << width) - 1
        bits = _cut_out(self._hashes, word, shift, mask)
        order = np.argsort(bits, kind="stable")
        starts = np.zeros((1 << width) + 1, np.int64)
        np.cumsum(np.bincount(bits, minlength=1 << width), out=starts[1:])
        changes = [
            sum(1 << bit for bit in chosen) for size in range(radius + 1) for chosen in combinations(range(width), size)
        ]
        return _Part(word, shift, mask, np.array(changes, np.int64), starts, order, self._hashes[order])

    def work(self, queries: NDArray[np.uint64]) -> NDArray[np.int64]:
        """Say how many hashes would be compared for each query, so that queries can be asked in fair portions.

        Parameters
        ----------
        queries : numpy.ndarray of uint64, shape (q,) or (q, words)
            The queries.

        Returns
        -------
        numpy.ndarray of int64, shape (q,)
            Numbers of comparisons.
        """
        queries = _in_words(queries)
        if not self._parts:
            return np.full(len(queries), len(self), np.int64)
        total = np.zeros(len(queries), np.int64)
        for part in self._parts:
            bits = part.bits(queries)
            for change in part.changes:
                bucket = bits ^ change
                total += part.starts[bucket + 1] - part.starts[bucket]
        return total

    def near(self, queries: NDArray[np.uint64]) -> Pairs:
        """Find all hashes within the threshold of each query.

        Parameters
        ----------
        queries : numpy.ndarray of uint64, shape (q,) or (q, words)
            The queries.

        Returns
        -------
        Pairs
            Sorted by query, then by position, each pair once; a hash that is in the index finds itself.
        """
        queries = _in_words(queries)
        pairs = Pairs.joined(list(self._compare_with_all(queries) if not self._parts else self._look_up(queries)))
        return pairs.ordered()

    def _compare_with_all(self, queries: NDArray[np.uint64]) -> Iterator[Pairs]:
        for number, query in enumerate(queries):
            distance = _differing(self._hashes, query)
            found = np.flatnonzero(distance <= self._threshold)
            yield _upright(np.full(len(found), number, np.int64), found, distance[found])

    def _look_up(self, queries: NDArray[np.uint64]) -> Iterator[Pairs]:
        for part in self._parts:
            buckets = part.bits(queries)[:, None] ^ part.changes[None, :]
            first = part.starts[buckets].ravel()
            sizes = part.starts[buckets + 1].ravel() - first
            some = np.flatnonzero(sizes)
            first, sizes = first[some], sizes[some]
            asked = np.repeat(some // len(part.changes), sizes)
            ends = np.cumsum(sizes)
            places = np.arange(len(asked)) + np.repeat(first - (ends - sizes), sizes)
            distance = _differing(part.hashes[places], queries[asked])
            kept = distance <= self._threshold
            yield _upright(asked[kept], part.order[places[kept]], distance[kept])


def _upright(query: NDArray[np.int64], found: NDArray[np.int64], distance: NDArray[np.uint8]) -> Pairs:
    return Pairs(query, found, distance.astype(np.float64), np.zeros(len(query), np.int8))


def _in_words(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return hashes as rows of 64-bit numbers."""
    numbers = np.ascontiguousarray(hashes, dtype=np.uint64)
    return numbers[:, None] if numbers.ndim == 1 else numbers


def _cut_out(hashes: NDArray[np.uint64], word: int, shift: int, mask: int) -> NDArray[np.int64]:
    """Return some of the bits of hashes, as numbers."""
    return ((hashes[:, word] >> np.uint64(shift)) & np.uint64(mask)).astype(np.int64)


def _differing(some: NDArray[np.uint64], others: NDArray[np.uint64]) -> NDArray[np.uint8]:
    """Count the bits in which the rows of two arrays differ."""
    count: NDArray[np.uint8] = np.bitwise_count(some[:, 0] ^ others[..., 0])
    for word in range(1, some.shape[1]):
        count += np.bitwise_count(some[:, word] ^ others[..., word])
    return count


def _best_cut(count: int, threshold: int, words: int = 1) -> list[tuple[int, int, int, int]]:
    """Choose the parts: word, shift, number of bits, and in how many of these bits to look around.

    No parts at all, where comparing all with all is less work.
    """
    best: list[tuple[int, int, int, int]] = []
    least = float(count)
    for number in range(1, min(_BITS, (threshold + 1) // words) + 1):
        sizes = [_BITS // number + (place < _BITS % number) for place in range(number)]
        places = [
            (word, sum(sizes[:place]), min(sizes[place], _WIDEST_PART))
            for word in range(words)
            for place in range(number)
        ]
        # Radii whose sum, each raised by one, exceeds the threshold: then one part is within its radius.
        base, more = divmod(threshold + 1 - len(places), len(places))
        if base + (more > 0) > _WIDEST_RADIUS:
            continue
        cut = [(*place, base + (rank < more)) for rank, place in enumerate(places)]
        cost = sum(
            sum(math.comb(width, size) for size in range(radius + 1)) * (_COST_OF_BUCKET + count / 2**width)
            + 2**width / max(1, count)
            for _, _, width, radius in cut
        )
        if cost < least:
            best, least = cut, cost
    return best
