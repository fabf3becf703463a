"""What lies near a vector, by the angle between the two."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from tidymedia.duplicates.pairs import Pairs

__all__ = ["VectorNeighbours", "unit_vectors"]

_SAMPLE: Final = 10_000
_DIRECTIONS: Final = 96
_COLUMNS_AT_ONCE: Final = 8192
_PAIRS_AT_ONCE: Final = 16_384
_PROBES: Final = 2_000
_ROUNDING: Final = 1e-5
_SAME: Final = 1e-6
"""By so much the cosine of equal vectors may miss 1, as their numbers are rounded."""


def unit_vectors(vectors: NDArray[np.floating]) -> NDArray[np.float32]:
    """Scale vectors to length 1.

    Parameters
    ----------
    vectors : numpy.ndarray, shape (n, d)
        The vectors.

    Returns
    -------
    numpy.ndarray of float32, shape (n, d)
        The same directions; a vector of zeros stays one, and is near nothing.

    Examples
    --------
    >>> unit_vectors(np.array([[3.0, 4.0], [0.0, 0.0]])).round(1).tolist()
    [[0.6..., 0.8...], [0.0, 0.0]]
    """
    wide = vectors.astype(np.float32)
    length = np.linalg.norm(wide, axis=1, keepdims=True)
    units: NDArray[np.float32] = np.divide(wide, length, out=np.zeros_like(wide), where=length > 0)
    return units


class VectorNeighbours:
    """Vectors whose cosine distance is small: 1 minus the cosine of the angle between them.

    The search is exact. Each vector is split into its part along the few directions in which the vectors differ
    most (principal components) and the length of the rest. The cosine of two vectors is at most the product of
    the parts plus the product of these lengths, so that most pairs are ruled out by a few numbers instead of all.

    Parameters
    ----------
    vectors : numpy.ndarray, shape (n, d)
        The vectors, in the order in which they are preferred.
    threshold : float
        How large the cosine distance may be.

    Examples
    --------
    >>> vectors = np.array([[1.0, 0.0], [0.99, 0.1], [0.0, 1.0]])
    >>> VectorNeighbours(vectors, threshold=0.05).near(np.array([0])).found.tolist()
    [0, 1]
    """

    def __init__(self, vectors: NDArray[np.floating], threshold: float) -> None:
        self._least = 1.0 - threshold - _SAME
        units = unit_vectors(vectors)
        self._vectors = units.astype(np.float16) if vectors.dtype == np.float16 else units
        self._short = _shortened(units)

    def __len__(self) -> int:
        return len(self._vectors)

    def work(self, positions: NDArray[np.int64]) -> NDArray[np.int64]:
        """Say how many comparisons each of the members at these positions costs."""
        # A matrix product is far cheaper than looking up. What takes memory is what is found: this is foretold
        # from some of the members, so that a crowd of equal pictures is asked for in small portions.
        step = max(1, len(self) // _PROBES)
        likely = np.count_nonzero(self._short[positions] @ self._short[::step].T >= self._least, axis=1) * step
        work: NDArray[np.int64] = np.maximum(likely, max(1, len(self) // 128)).astype(np.int64)
        return work

    def near(self, positions: NDArray[np.int64]) -> Pairs:
        """Find what is near the members at these positions, themselves included."""
        asked = self._short[positions]
        exact = self._vectors[positions].astype(np.float32)
        parts = []
        for start in range(0, len(self), _COLUMNS_AT_ONCE):
            bound = asked @ self._short[start : start + _COLUMNS_AT_ONCE].T
            query, found = np.nonzero(bound >= self._least - _ROUNDING)
            found += start
            cosine = np.empty(len(query), np.float64)
            for some in range(0, len(query), _PAIRS_AT_ONCE):
                part = slice(some, some + _PAIRS_AT_ONCE)
                there = self._vectors[found[part]].astype(np.float32)
                cosine[part] = np.einsum("ij,ij->i", exact[query[part]], there)
            kept = cosine >= self._least
            distance = np.maximum(0.0, 1.0 - cosine[kept])
            parts.append(Pairs(query[kept], found[kept], distance, np.zeros(len(distance), np.int8)))
        return Pairs.joined(parts).ordered()


def _shortened(units: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the parts of vectors along the directions in which they differ most, and the length of the rest."""
    count, width = units.shape
    if width <= _DIRECTIONS + 1:
        return units
    sample = units[np.linspace(0, count - 1, min(count, _SAMPLE)).astype(np.int64)]
    # The largest of these belong to the directions that hold most of the vectors' length.
    _, directions = np.linalg.eigh((sample.T @ sample).astype(np.float64))
    along = units @ directions[:, -_DIRECTIONS:].astype(np.float32)
    rest = np.sqrt(np.maximum(0.0, np.sum(units**2, axis=1) - np.sum(along**2, axis=1)))
    return np.concatenate([along, rest[:, None].astype(np.float32)], axis=1)
