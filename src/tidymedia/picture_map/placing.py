"""Vectors as points of a plane, those that are near each other side by side."""

from __future__ import annotations

import warnings
from typing import Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tidymedia.picture_map.table import usual_perplexity

__all__ = ["FEWEST_FOR_TSNE", "Placing", "place"]

FEWEST_FOR_TSNE: Final = 5
"""With fewer pictures there are no neighbourhoods to keep; they are placed by their principal components."""

_COMPONENTS: Final = 50
_SAME: Final = 1e-12


class Placing(NamedTuple):
    """Points of a plane, and how they came about.

    Parameters
    ----------
    points : numpy.ndarray of float64, shape (n, 2)
        x from left to right and y from top to bottom, 0 to 1, the two in one scale.
    method : {"t-SNE", "PCA"}
        How they were found.
    perplexity : float or None
        How many neighbours t-SNE looked at, more or less; None for PCA.
    """

    points: NDArray[np.float64]
    method: Literal["t-SNE", "PCA"]
    perplexity: float | None


def place(vectors: NDArray[np.floating], *, perplexity: float | None = None, seed: int = 0) -> Placing:
    """Place vectors on a plane by t-SNE, after PCA to 50 components (van der Maaten & Hinton, 2008).

    Parameters
    ----------
    vectors : numpy.ndarray, shape (n, d)
        The vectors; their lengths count for nothing.
    perplexity : float or None, default None
        How many neighbours count; None for 30, or a third of the others where there are few.
    seed : int, default 0
        Another seed gives another map.

    Returns
    -------
    Placing
        The same vectors and seed give the same points on one machine. Fewer than 5, and vectors that are all the
        same, are placed by their principal components.

    Examples
    --------
    >>> placing = place(np.eye(3))
    >>> placing.method, placing.points.shape
    ('PCA', (3, 2))
    """
    wide = vectors.astype(np.float64)
    length = np.linalg.norm(wide, axis=1, keepdims=True)
    units = np.divide(wide, length, out=np.zeros_like(wide), where=length > 0)
    components = _components(units, seed)
    count = len(units)
    spread = float(components.var(axis=0).sum()) if count else 0.0
    if count < FEWEST_FOR_TSNE or spread < _SAME:
        return Placing(_in_square(components[:, :2]), "PCA", None)
    chosen = usual_perplexity(count) if perplexity is None else min(perplexity, (count - 1) / 3)
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits

    projection = TSNE(perplexity=chosen, init="pca", learning_rate="auto", random_state=seed)
    # Each step is short, and threads that wait for each other took three times the work of one that does all.
    with warnings.catch_warnings(), threadpool_limits(1):
        # Directions in which nothing differs, as with few pictures, make it divide by zero on the way.
        warnings.simplefilter("ignore", RuntimeWarning)
        points = projection.fit_transform(components.astype(np.float32)).astype(np.float64)
    # Which way is up means nothing: the map is laid on its long side, as screens are.
    _, _, axes = np.linalg.svd(points - points.mean(axis=0), full_matrices=False)
    return Placing(_in_square(points @ axes.T), "t-SNE", chosen)


def _components(units: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    """Return the parts of vectors along the directions in which they differ most, at least two."""
    count, width = units.shape
    centred = units - units.mean(axis=0) if count else units
    kept = min(_COMPONENTS, count, width)
    if kept < 1:
        return np.zeros((count, 2))
    if count < FEWEST_FOR_TSNE:
        left, sizes, _ = np.linalg.svd(centred, full_matrices=False)
        parts: NDArray[np.float64] = (left * sizes)[:, :kept]
    else:
        from sklearn.decomposition import PCA

        solver = "randomized" if count > 500 and width > 2 * kept else "full"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # all vectors the same: shares of no variance
            parts = PCA(kept, svd_solver=solver, random_state=seed).fit_transform(centred)
    return np.pad(parts, ((0, 0), (0, max(0, 2 - parts.shape[1]))))


def _in_square(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Shrink points into the square of side 1, both axes alike, its middle theirs."""
    if not len(points):
        return points.reshape(0, 2)
    low, high = points.min(axis=0), points.max(axis=0)
    side = float((high - low).max())
    if side < _SAME:
        return np.full_like(points, 0.5)
    placed: NDArray[np.float64] = np.clip((points - (low + high) / 2) / side + 0.5, 0.0, 1.0)
    return placed
