"""Vectors on a plane."""

import numpy as np
import pytest

from tidymedia.picture_map.placing import place


def groups(*sizes: int, width: int = 80, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Make vectors around centres that have nothing in common, and say which group each is of."""
    chance = np.random.default_rng(seed)
    centres = np.abs(chance.normal(size=(len(sizes), width)))
    group = np.repeat(np.arange(len(sizes)), sizes)
    return (centres[group] + 0.05 * chance.normal(size=(len(group), width))).astype(np.float16), group


def test_neighbours_stay_neighbours() -> None:
    vectors, group = groups(20, 20, 20)
    placing = place(vectors)
    assert placing.method == "t-SNE"
    assert placing.perplexity == pytest.approx(59 / 3)
    apart = np.linalg.norm(placing.points[:, None] - placing.points[None], axis=2)
    np.fill_diagonal(apart, np.inf)
    assert (group[apart.argmin(axis=1)] == group).all()


def test_points_lie_in_the_square_and_on_its_long_side() -> None:
    points = place(groups(15, 8, 3)[0]).points
    assert points.min() >= 0 and points.max() <= 1
    assert np.ptp(points[:, 0]) == pytest.approx(1)
    assert 0 < np.ptp(points[:, 1]) <= 1


def test_the_same_seed_gives_the_same_map() -> None:
    vectors, _ = groups(12, 12)
    first = place(vectors, seed=3).points
    np.testing.assert_array_equal(place(vectors, seed=3).points, first)
    assert not np.allclose(place(vectors, perplexity=4, seed=3).points, first)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4])
def test_a_few_pictures_are_placed_by_their_components(count: int) -> None:
    placing = place(np.eye(4, 6)[:count])
    assert placing.method == "PCA"
    assert placing.perplexity is None
    assert placing.points.shape == (count, 2)
    assert np.isfinite(placing.points).all()
    assert len(np.unique(placing.points.round(6), axis=0)) == count


@pytest.mark.parametrize("count", [5, 6, 8])
def test_few_pictures_by_tsne(count: int) -> None:
    placing = place(np.abs(np.random.default_rng(0).normal(size=(count, 7))))
    assert placing.method == "t-SNE"
    assert placing.perplexity == pytest.approx((count - 1) / 3)
    assert np.isfinite(placing.points).all()


def test_pictures_that_are_all_the_same_lie_in_the_middle() -> None:
    placing = place(np.tile([1.0, 2.0, 3.0], (9, 1)))
    assert placing.method == "PCA"
    assert (placing.points == 0.5).all()


def test_vectors_of_zeros_and_copies_do_no_harm() -> None:
    vectors, _ = groups(10, 10)
    placing = place(np.concatenate([vectors, vectors[:5], np.zeros((2, 80), np.float16)]))
    assert np.isfinite(placing.points).all()
