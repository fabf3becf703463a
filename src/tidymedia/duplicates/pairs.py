"""Pairs of pictures that are near each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["Neighbours", "Pairs"]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Queries and what was found near them, as arrays of one length.

    Parameters
    ----------
    query : numpy.ndarray of int64
        Position of the query among the queries.
    found : numpy.ndarray of int64
        Position of what was found in the index.
    distance : numpy.ndarray of float64
        How far apart they are.
    turn : numpy.ndarray of int8
        How what was found is turned against the query, as a position in :data:`tidymedia.duplicates.table.TURNS`.
    """

    query: NDArray[np.int64]
    found: NDArray[np.int64]
    distance: NDArray[np.float64]
    turn: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.query)

    @staticmethod
    def joined(parts: Sequence[Pairs]) -> Pairs:
        """Put several results into one.

        Parameters
        ----------
        parts : sequence of Pairs
            The results.

        Returns
        -------
        Pairs
            All of them, in the order in which they came.
        """
        none = Pairs(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float64), np.empty(0, np.int8))
        parts = [none, *parts]
        return Pairs(
            np.concatenate([part.query for part in parts]),
            np.concatenate([part.found for part in parts]),
            np.concatenate([part.distance for part in parts]),
            np.concatenate([part.turn for part in parts]),
        )

    def where(self, kept: NDArray[np.bool_] | NDArray[np.int64]) -> Pairs:
        """Return some of the pairs.

        Parameters
        ----------
        kept : numpy.ndarray
            Which ones: a mask, or positions.

        Returns
        -------
        Pairs
            These pairs.
        """
        return Pairs(self.query[kept], self.found[kept], self.distance[kept], self.turn[kept])

    def ordered(self) -> Pairs:
        """Return the pairs sorted by query and by what was found, each pair once, with its smallest distance."""
        ordered = self.where(np.lexsort((self.turn, self.distance, self.found, self.query)))
        first = np.ones(len(ordered), bool)
        first[1:] = (np.diff(ordered.query) != 0) | (np.diff(ordered.found) != 0)
        return ordered.where(first)


class Neighbours(Protocol):
    """Something that knows what lies near each of its members."""

    def __len__(self) -> int: ...

    def work(self, positions: NDArray[np.int64]) -> NDArray[np.int64]:
        """Say how many comparisons each of the members at these positions costs, at most."""
        ...

    def near(self, positions: NDArray[np.int64]) -> Pairs:
        """Find what is near the members at these positions; sorted by query, each pair once."""
        ...
