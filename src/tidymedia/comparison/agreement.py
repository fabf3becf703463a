"""How far two ranked lists of labels agree."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Final

__all__ = ["PERSISTENCE", "concordance", "jaccard", "rank_biased_overlap"]

PERSISTENCE: Final = 0.8
"""How much the next rank counts, of what the rank before it counts, where the user does not say."""


def jaccard(one: Sequence[str], other: Sequence[str]) -> float:
    """Return the share of labels that both have, of those that either has (Jaccard, 1901).

    Parameters
    ----------
    one, other : sequence of str
        The labels.

    Returns
    -------
    float
        0 to 1; 1 for two empty lists.

    Examples
    --------
    >>> jaccard(["dog", "cat"], ["cat", "car"])
    0.333...
    """
    either = set(one) | set(other)
    return len(set(one) & set(other)) / len(either) if either else 1.0


def rank_biased_overlap(one: Sequence[str], other: Sequence[str], persistence: float = PERSISTENCE) -> float:
    r"""Return the rank-biased overlap of two ranked lists, extrapolated (Webber, Moffat & Zobel, 2010, equation 32).

    The lists are compared at every depth d: X_d is how many labels their first d have in common, and the deeper, the
    less it counts. With s and l the lengths of the shorter and the longer list and p the persistence,

    .. math::

        RBO = \frac{1-p}{p} \left( \sum_{d=1}^{l} \frac{X_d}{d} p^d +
        \sum_{d=s+1}^{l} \frac{X_s (d-s)}{s d} p^d \right) +
        \left( \frac{X_l - X_s}{l} + \frac{X_s}{s} \right) p^l

    What lies beyond the lists is taken to agree as their ends do.

    Parameters
    ----------
    one, other : sequence of str
        The labels, the best first, none twice.
    persistence : float, default 0.8
        p, more than 0 and less than 1: how far down a reader goes. With 0.8 the first five ranks have 86 % of the
        weight.

    Returns
    -------
    float
        0 (nothing in common) to 1 (the same list); 1 for two empty lists, 0 where one is empty.

    References
    ----------
    Webber, W., Moffat, A., & Zobel, J. (2010). A similarity measure for indefinite rankings. ACM Transactions on
    Information Systems, 28(4), 20. https://doi.org/10.1145/1852102.1852106

    Examples
    --------
    >>> round(rank_biased_overlap(["a", "b", "c"], ["a", "b", "c"]), 6)
    1.0
    >>> round(rank_biased_overlap(["a", "b", "c"], ["b", "a", "c"]), 3)
    0.8
    >>> rank_biased_overlap(["a"], ["b"])
    0.0
    """
    short, long = sorted((list(one), list(other)), key=len)
    if not long:
        return 1.0
    if not short:
        return 0.0
    s, deepest, p = len(short), len(long), persistence
    common = [len(set(short[:depth]) & set(long[:depth])) for depth in range(1, deepest + 1)]
    at_s, at_end = common[s - 1], common[-1]
    seen = sum(common[depth - 1] / depth * p**depth for depth in range(1, deepest + 1))
    unseen = sum(at_s * (depth - s) / (s * depth) * p**depth for depth in range(s + 1, deepest + 1))
    found = (1 - p) / p * (seen + unseen) + ((at_end - at_s) / deepest + at_s / s) * p**deepest
    return min(1.0, max(0.0, found))


def concordance(one: Sequence[str], other: Sequence[str]) -> tuple[int, int]:
    """Count the pairs of labels that both lists have, and that stand in the same order in both.

    Parameters
    ----------
    one, other : sequence of str
        The labels, the best first, none twice.

    Returns
    -------
    tuple of (int, int)
        Pairs in the same order, and pairs of labels that both have.

    Examples
    --------
    >>> concordance(["a", "b", "c"], ["b", "a", "c", "d"])
    (2, 3)
    """
    places = {label: place for place, label in enumerate(other)}
    shared = [places[label] for label in one if label in places]
    pairs = list(combinations(shared, 2))
    return sum(first < second for first, second in pairs), len(pairs)
