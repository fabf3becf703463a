"""The index finds what comparing all with all finds, and nothing else."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tidymedia.duplicates.hamming_index import HammingIndex, _best_cut

Hashes = NDArray[np.uint64]


def by_comparing_all(hashes: Hashes, queries: Hashes, threshold: int) -> list[tuple[int, int, float]]:
    distance = np.bitwise_count(hashes[None, :] ^ queries[:, None])
    return [(int(q), int(f), float(distance[q, f])) for q, f in np.argwhere(distance <= threshold)]


def by_index(hashes: Hashes, queries: Hashes, threshold: int) -> list[tuple[int, int, float]]:
    pairs = HammingIndex(hashes, threshold).near(queries)
    return list(zip(pairs.query.tolist(), pairs.found.tolist(), pairs.distance.tolist(), strict=True))


def crowded(count: int, seed: int) -> Hashes:
    """Make hashes of which many are near each other, as in real studies."""
    random = np.random.default_rng(seed)
    hubs = random.integers(0, 2**64, max(1, count // 20), dtype=np.uint64)
    hashes = random.choice(hubs, count)
    for _ in range(6):
        flips = np.uint64(1) << random.integers(0, 64, count).astype(np.uint64)
        hashes = np.where(random.random(count) < 0.7, hashes ^ flips, hashes)
    return hashes


@pytest.mark.parametrize("threshold", [0, 1, 3, 8, 12, 20, 64])
@pytest.mark.parametrize("count", [1, 50, 3_000])
def test_it_finds_what_comparing_all_with_all_finds(count: int, threshold: int) -> None:
    hashes = crowded(count, seed=threshold)
    queries = np.concatenate([hashes[:40], crowded(10, seed=99)])
    assert by_index(hashes, queries, threshold) == by_comparing_all(hashes, queries, threshold)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=30),
    st.integers(0, 63),
    st.integers(0, 12),
)
def test_any_hashes(values: list[int], bit: int, threshold: int) -> None:
    hashes = np.array([*values, values[0] ^ (1 << bit)], np.uint64)
    assert by_index(hashes, hashes, threshold) == by_comparing_all(hashes, hashes, threshold)


@pytest.mark.parametrize("count", [10_000, 100_000, 1_000_000])
@pytest.mark.parametrize(("threshold", "words"), [(0, 1), (4, 1), (8, 1), (15, 1), (2, 3), (20, 3), (32, 3), (44, 3)])
def test_the_parts_can_miss_nothing(count: int, threshold: int, words: int) -> None:
    parts = _best_cut(count, threshold, words)
    # Only hashes that differ in at least so many bits can be beyond the radius of every part.
    assert not parts or sum(radius + 1 for *_, radius in parts) > threshold
    bits = [{(word, bit) for bit in range(shift, shift + width)} for word, shift, width, _ in parts]
    assert len(set().union(*bits)) == sum(map(len, bits))
    assert all(word < words and bit < 64 for part in bits for word, bit in part)


@pytest.mark.parametrize("threshold", [0, 5, 16, 32, 44])
def test_long_hashes(threshold: int) -> None:
    hashes = np.stack([crowded(3_000, seed) for seed in (1, 2, 3)], axis=1)
    hashes[1_000:2_000] = hashes[:1_000] ^ np.uint64(0b1011 << 20)  # 9 bits in all
    distance = np.bitwise_count(hashes[None, :, :] ^ hashes[:30, None, :]).sum(axis=2)
    expected = [(int(q), int(f), float(distance[q, f])) for q, f in np.argwhere(distance <= threshold)]
    assert by_index(hashes, hashes[:30], threshold) == expected
    assert len(expected) >= 30


def test_it_foretells_its_work() -> None:
    hashes = np.zeros(5_000, np.uint64)
    index = HammingIndex(hashes, 8)
    assert index.work(hashes[:1])[0] >= len(hashes)
    assert index.work(np.array([2**64 - 1], np.uint64))[0] < len(hashes)


def test_an_empty_index_finds_nothing() -> None:
    nothing = np.empty(0, np.uint64)
    assert len(HammingIndex(nothing, 8).near(np.array([1], np.uint64))) == 0
    assert len(HammingIndex(np.array([1], np.uint64), 8).near(nothing)) == 0
