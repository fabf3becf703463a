"""The search among vectors is exact, although it looks at few numbers of each."""

import numpy as np
import pytest
from numpy.typing import NDArray

from tidymedia.duplicates import vector_neighbours
from tidymedia.duplicates.vector_neighbours import VectorNeighbours, unit_vectors


def positive_vectors(count: int, width: int, seed: int = 0) -> NDArray[np.float32]:
    """Make vectors like those of a network: no number below zero, and some directions stronger than others."""
    random = np.random.default_rng(seed)
    mixed = random.standard_normal((count, 12)) @ random.standard_normal((12, width))
    return np.maximum(0.01, mixed + random.standard_normal((count, width)) * 0.4).astype(np.float32)


@pytest.mark.parametrize("threshold", [0.0, 0.05, 0.3, 1.0])
@pytest.mark.parametrize("width", [5, 200])
def test_it_finds_what_comparing_all_with_all_finds(
    width: int, threshold: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vector_neighbours, "_COLUMNS_AT_ONCE", 100)
    monkeypatch.setattr(vector_neighbours, "_PAIRS_AT_ONCE", 64)
    vectors = positive_vectors(333, width)
    asked = np.arange(0, 333, 7)
    pairs = VectorNeighbours(vectors, threshold).near(asked)
    units = vectors.astype(float) / np.linalg.norm(vectors.astype(float), axis=1, keepdims=True)
    distance = 1 - units[asked] @ units.T
    found = set(zip(pairs.query.tolist(), pairs.found.tolist(), strict=True))
    surely = {(int(q), int(f)) for q, f in np.argwhere(distance <= threshold - 1e-5)}
    perhaps = {(int(q), int(f)) for q, f in np.argwhere(distance <= threshold + 1e-5)}
    assert surely <= found <= perhaps
    np.testing.assert_allclose(pairs.distance, np.maximum(0, distance[pairs.query, pairs.found]), atol=1e-5)


def test_a_vector_of_zeros_is_near_nothing() -> None:
    vectors = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 0.0]])
    assert VectorNeighbours(vectors, 0.5).near(np.array([0, 1])).found.tolist() == [1]


def test_equal_vectors_are_near_at_a_threshold_of_0() -> None:
    vectors = np.repeat(positive_vectors(50, 300), 2, axis=0)
    assert VectorNeighbours(vectors, 0.0).near(np.arange(100)).found.reshape(-1, 2).tolist() == [
        [row - row % 2, row - row % 2 + 1] for row in range(100)
    ]


def test_unit_vectors_have_length_1() -> None:
    lengths = np.linalg.norm(unit_vectors(positive_vectors(20, 30).astype(np.float16)), axis=1)
    np.testing.assert_allclose(lengths, 1, atol=1e-6)


def test_a_crowd_is_foretold() -> None:
    lonely = VectorNeighbours(positive_vectors(4_000, 40), 0.0)
    crowd = VectorNeighbours(np.ones((4_000, 40), np.float32), 0.1)
    assert crowd.work(np.array([5]))[0] >= 4_000
    assert lonely.work(np.array([5]))[0] < 100
