"""Measures of agreement of two lists, against their definitions and by hand."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidymedia.comparison.agreement import concordance, jaccard, rank_biased_overlap

LISTS = st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=8)


def by_definition(one: list[str], other: list[str], p: float, depth: int) -> float:
    """Sum the infinite series of equation 4, with the overlap beyond the lists as equations 23 and 29 take it."""
    short, long = sorted((one, other), key=len)
    s, deepest = len(short), len(long)
    at_s = len(set(short) & set(long[:s]))
    total = 0.0
    for d in range(1, depth + 1):
        common = len(set(short[:d]) & set(long[:d]))
        if d <= s:
            agreement = common / d
        elif d <= deepest:
            agreement = common / d + at_s / s * (d - s) / d
        else:
            at_end = len(set(short) & set(long))
            agreement = (at_end - at_s) / deepest + at_s / s
        total += agreement * p ** (d - 1)
    return (1 - p) * total


@given(LISTS, LISTS, st.floats(0.3, 0.95))
def test_rank_biased_overlap_is_the_sum_of_the_series(one: list[str], other: list[str], p: float) -> None:
    found = rank_biased_overlap(one, other, p)
    assert 0 <= found <= 1
    assert found == pytest.approx(rank_biased_overlap(other, one, p))
    if one and other:
        assert found == pytest.approx(min(1.0, by_definition(one, other, p, 600)), abs=1e-9)


def test_rank_biased_overlap_by_hand() -> None:
    # Both of length 2, crossed: agreement 0 at depth 1 and 1 from depth 2 on, so that the sum is p.
    assert rank_biased_overlap(["a", "b"], ["b", "a"], 0.9) == pytest.approx(0.9)
    # The first agrees, the second does not: 1, 1/2, and 1/2 from there on.
    assert rank_biased_overlap(["a", "b"], ["a", "c"], 0.8) == pytest.approx(0.2 + 0.8 * 0.5)
    assert rank_biased_overlap([], []) == 1
    assert rank_biased_overlap(["a"], []) == 0


def test_the_first_five_ranks_have_the_weight_that_is_said() -> None:
    p, d = 0.8, 5
    rest = math.log(1 / (1 - p)) - sum(p**i / i for i in range(1, d))
    assert round(1 - p ** (d - 1) + (1 - p) / p * d * rest, 2) == 0.86  # equation 21


def test_overlap_of_sets_and_order_of_pairs() -> None:
    assert jaccard(["a", "b"], ["b", "a"]) == 1
    assert jaccard(["a"], ["b"]) == 0
    assert jaccard([], []) == 1
    assert concordance(["a", "b", "c"], ["c", "b", "a"]) == (0, 3)
    assert concordance(["a", "b"], ["x", "a", "y", "b"]) == (1, 1)
    assert concordance(["a"], ["a"]) == (0, 0)
