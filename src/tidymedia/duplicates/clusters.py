"""Clusters that do not chain: every member is near the one picture that stands for its cluster."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tidymedia.duplicates.pairs import Neighbours

__all__ = ["Clusters", "star_clusters"]

_MOST_AT_ONCE: Final = 4096
_MOST_WORK: Final = 2_000_000
"""Comparisons in one portion; about 100 MB of memory."""


@dataclass(frozen=True, slots=True)
class Clusters:
    """Which cluster each member belongs to.

    Parameters
    ----------
    representative : numpy.ndarray of int64, shape (n,)
        Position of the member that stands for the cluster; a member that is near no other stands for itself.
    distance : numpy.ndarray of float64, shape (n,)
        Distance to it.
    turn : numpy.ndarray of int8, shape (n,)
        How the member is turned against it, as a position in :data:`tidymedia.duplicates.table.TURNS`.
    """

    representative: NDArray[np.int64]
    distance: NDArray[np.float64]
    turn: NDArray[np.int8]


def star_clusters(neighbours: Neighbours) -> Clusters:
    """Cluster what is near each other around representatives.

    Members are taken in their order, the one to be preferred first. Each that is near no representative yet
    becomes one. All others belong to the representative that is nearest; of two that are equally near, the
    earlier one. So

    - every member lies within the threshold of its representative, and two members of a cluster lie within
      twice the threshold. A row of pictures that change step by step, each near the next, is cut into several
      clusters; linking neighbours (single linkage) would make one of them, with ends that have nothing in common;
    - the clusters follow from the members and their order alone: the same study gives the same clusters.

    Only what is near is ever held in memory, never the distances of all to all.

    Parameters
    ----------
    neighbours : Neighbours
        The members, in their order, and what is near them.

    Returns
    -------
    Clusters
        One entry a member.

    Examples
    --------
    >>> import numpy as np
    >>> from tidymedia.duplicates.hash_neighbours import HashNeighbours
    >>> steps = np.array([0b0, 0b11, 0b1111, 0b111111], np.uint64)  # each 2 bits from the next
    >>> star_clusters(HashNeighbours(steps, threshold=2)).representative.tolist()
    [0, 0, 2, 2]
    """
    count = len(neighbours)
    representative = np.arange(count)
    distance = np.full(count, np.inf)
    turn = np.zeros(count, np.int8)
    done = np.zeros(count, bool)
    stands = np.zeros(count, bool)
    for block in _portions(neighbours, done):
        pairs = neighbours.near(block)
        pairs = pairs.where(block[pairs.query] != pairs.found)
        done[block] = True
        lonely = np.ones(len(block), bool)
        lonely[pairs.query] = False
        stands[block[lonely]] = True
        bounds = np.searchsorted(pairs.query, np.arange(len(block) + 1))
        for place in np.flatnonzero(~lonely):
            centre = block[place]
            if representative[centre] != centre:
                continue  # one of this portion before it has taken it
            stands[centre] = True
            inside = slice(bounds[place], bounds[place + 1])
            found, apart = pairs.found[inside], pairs.distance[inside]
            nearer = (apart < distance[found]) & ~stands[found]
            representative[found[nearer]] = centre
            distance[found[nearer]] = apart[nearer]
            turn[found[nearer]] = pairs.turn[inside][nearer]
            done[found] = True
    distance[stands] = 0.0
    return Clusters(representative, distance, turn)


def _portions(neighbours: Neighbours, done: NDArray[np.bool_]) -> Iterator[NDArray[np.int64]]:
    """Give the positions of the members that are not done yet, in order, as many at once as memory allows."""
    for start in range(0, len(done), _MOST_AT_ONCE):
        waiting = start + np.flatnonzero(~done[start : start + _MOST_AT_ONCE])
        if not len(waiting):
            continue
        total = np.cumsum(neighbours.work(waiting))
        first = 0
        while first < len(waiting):
            before = total[first - 1] if first else 0
            last = max(first + 1, int(np.searchsorted(total, before + _MOST_WORK, side="right")))
            portion = waiting[first:last]
            first = last
            portion = portion[~done[portion]]
            if len(portion):
                yield portion
