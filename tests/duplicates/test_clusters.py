"""Clusters do not chain, are the same each time, and hold what was planted."""

import numpy as np
import pytest
from numpy.typing import NDArray

from tidymedia.duplicates import clusters as clusters_module
from tidymedia.duplicates.clusters import Clusters, star_clusters
from tidymedia.duplicates.hash_neighbours import HashNeighbours
from tidymedia.duplicates.table import TURNS
from tidymedia.duplicates.turns import turned_hashes
from tidymedia.duplicates.vector_neighbours import VectorNeighbours

Hashes = NDArray[np.uint64]


def planted(hubs: int, copies: int, lonely: int, bits: int, seed: int = 0) -> tuple[Hashes, NDArray[np.int64]]:
    """Make hubs first, then copies of them in disorder, then hashes that are near nothing; and their true hubs."""
    random = np.random.default_rng(seed)
    centres = random.integers(0, 2**64, hubs + lonely, dtype=np.uint64)
    truth = np.repeat(np.arange(hubs), copies)
    members = centres[truth]
    for number in range(len(members)):
        for bit in random.choice(64, random.integers(0, bits + 1), replace=False):
            members[number] ^= np.uint64(1) << np.uint64(bit)
    order = random.permutation(len(members) + lonely)
    hashes = np.concatenate([centres[:hubs], np.concatenate([members, centres[hubs:]])[order]])
    places = np.concatenate([truth, np.full(lonely, -1)])[order]
    return hashes, np.concatenate([np.arange(hubs), places])


def check(found: Clusters, distances: NDArray[np.float64], threshold: float) -> None:
    """Say what must hold for any clusters: all near their representative, and that the nearest one."""
    count = len(found.representative)
    stands = found.representative == np.arange(count)
    assert stands[found.representative].all()
    assert (found.distance[stands] == 0).all()
    np.testing.assert_allclose(found.distance, distances[np.arange(count), found.representative], atol=1e-5)
    assert (found.distance <= threshold).all()
    between = distances[np.ix_(stands, stands)] + np.where(np.eye(stands.sum(), dtype=bool), np.inf, 0)
    assert (between > threshold).all()
    nearest = distances[:, stands].min(axis=1)
    np.testing.assert_allclose(found.distance[~stands], nearest[~stands], atol=1e-5)


def apart(hashes: Hashes) -> NDArray[np.float64]:
    return np.bitwise_count(hashes[:, None] ^ hashes[None, :]).astype(float)


@pytest.mark.parametrize("threshold", [0, 2, 8, 14])
def test_members_are_near_the_nearest_representative(threshold: int) -> None:
    hashes, _ = planted(hubs=30, copies=12, lonely=300, bits=10, seed=threshold)
    check(star_clusters(HashNeighbours(hashes, threshold)), apart(hashes), threshold)


def test_planted_clusters_are_found() -> None:
    hashes, truth = planted(hubs=200, copies=20, lonely=2_000, bits=4)
    found = star_clusters(HashNeighbours(hashes, 8))
    members = truth >= 0
    assert (found.representative[members] == truth[members]).all()
    assert (found.representative[~members] == np.flatnonzero(~members)).all()


def test_a_chain_of_small_steps_is_cut() -> None:
    """Each hash is 3 bits from the next; linked by neighbours, all would be one cluster whose ends share nothing."""
    chain = np.array([(1 << length) - 1 for length in range(0, 64, 3)], np.uint64)
    found = star_clusters(HashNeighbours(chain, 8))
    assert apart(chain)[0, -1] > 56
    assert len(np.unique(found.representative)) > 3
    check(found, apart(chain), 8)


def test_small_portions_give_the_same_clusters(monkeypatch: pytest.MonkeyPatch) -> None:
    hashes, _ = planted(hubs=40, copies=25, lonely=200, bits=9)
    whole = star_clusters(HashNeighbours(hashes, 8))
    monkeypatch.setattr(clusters_module, "_MOST_AT_ONCE", 7)
    monkeypatch.setattr(clusters_module, "_MOST_WORK", 50)
    portions = star_clusters(HashNeighbours(hashes, 8))
    np.testing.assert_array_equal(whole.representative, portions.representative)
    np.testing.assert_array_equal(whole.distance, portions.distance)


def test_turned_copies_are_found_and_named() -> None:
    hashes = np.random.default_rng(8).integers(0, 2**64, (300, 3), dtype=np.uint64)
    ways = turned_hashes(hashes[:1])[0]
    members = np.concatenate([hashes, ways])
    found = star_clusters(HashNeighbours(members, 10, turned=True))
    assert (found.representative[-8:] == 0).all()
    assert [TURNS[turn] for turn in found.turn[-8:]] == list(TURNS)
    assert (found.representative[:-8] == np.arange(len(hashes))).all()
    upright = star_clusters(HashNeighbours(members, 10))
    assert (upright.representative[-8:] == 0).sum() == 1


def test_two_plain_pictures_must_be_nearer() -> None:
    hashes = np.array([0, 0b111, 0b1, 0b11], np.uint64)
    plain = np.array([0.9, 0.95, 0.4, 0.8])
    pairs = HashNeighbours(hashes, 8, plain=plain).near(np.arange(4))
    found = set(zip(pairs.query.tolist(), pairs.found.tolist(), strict=True))
    every = {(one, other) for one in range(4) for other in range(4)}
    assert found == every - {(0, 1), (1, 0)}  # 3 bits apart, which count four times
    distances = dict(zip(zip(pairs.query.tolist(), pairs.found.tolist(), strict=True), pairs.distance, strict=True))
    assert (distances[0, 2], distances[0, 3], distances[1, 2]) == (1, 8, 2)


def test_members_with_several_hashes() -> None:
    """A member is as near as the nearest of its hashes."""
    hashes = np.array([0, 2**40 - 1, 2**40 - 2, 2**63], np.uint64)
    neighbours = HashNeighbours(hashes, 4, owners=np.array([0, 0, 1, 2]))
    assert len(neighbours) == 3
    pairs = neighbours.near(np.array([0, 2]))
    assert list(zip(pairs.query.tolist(), pairs.found.tolist(), pairs.distance.tolist(), strict=True)) == [
        (0, 0, 0.0),
        (0, 1, 1.0),
        (0, 2, 1.0),
        (1, 0, 1.0),
        (1, 2, 0.0),
    ]
    assert star_clusters(neighbours).representative.tolist() == [0, 0, 0]


def test_a_crowd_of_equal_pictures_costs_little_memory() -> None:
    """Half a million pairs a portion would be 10 GB for all pairs of these."""
    found = star_clusters(HashNeighbours(np.zeros(60_000, np.uint64), 8))
    assert (found.representative == 0).all()


def test_vectors() -> None:
    random = np.random.default_rng(3)
    hubs = random.standard_normal((20, 300))
    vectors = np.concatenate([hubs, *(hubs + random.standard_normal((20, 300)) * 0.2 for _ in range(4))])
    found = star_clusters(VectorNeighbours(vectors.astype(np.float16), 0.1))
    units = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    assert (found.representative == np.tile(np.arange(20), 5)).all()
    np.testing.assert_allclose(found.distance, 1 - (units * units[found.representative]).sum(axis=1), atol=2e-3)


def test_no_members() -> None:
    found = star_clusters(HashNeighbours(np.empty(0, np.uint64), 8))
    assert len(found.representative) == 0
