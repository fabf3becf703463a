"""How far two taggers agree on one picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tidymedia.comparison.agreement import concordance, jaccard, rank_biased_overlap
from tidymedia.comparison.reading import Labelled
from tidymedia.tables.keys import unit_id

__all__ = ["ComparedPicture", "compare_picture"]


class ComparedPicture(NamedTuple):
    """What two taggers say about one picture; the names are those of columns.

    Parameters
    ----------
    path, media_id, unit_id : str
        The picture.
    picture : int
        Its number in its medium.
    same_first : bool
        Whether both put the same label first.
    jaccard, rank_biased_overlap : float
        How far their labels agree, 0 to 1.
    labels_a, labels_b : str
        Their labels as they wrote them, the best first.
    score_a, score_b : float or None
        The scores of their first labels.
    agreeing, label_pairs : int
        Pairs of labels that both gave: those in the same order, and all.
    """

    path: str
    media_id: str
    unit_id: str
    picture: int
    same_first: bool
    jaccard: float
    rank_biased_overlap: float
    labels_a: str
    labels_b: str
    score_a: float | None
    score_b: float | None
    agreeing: int
    label_pairs: int


def compare_picture(
    key: tuple[str, int],
    one: Labelled | None,
    other: Labelled | None,
    concepts_a: Sequence[str],
    concepts_b: Sequence[str],
    top: int,
    persistence: float,
) -> ComparedPicture:
    """Compare what two taggers say about one picture.

    Parameters
    ----------
    key : tuple of (str, int)
        media_id and picture.
    one, other : Labelled or None
        What they say; None for no label.
    concepts_a, concepts_b : sequence of str
        The concepts of their best labels, the best first, none twice.
    top : int
        How many labels count.
    persistence : float
        That of the rank-biased overlap.

    Returns
    -------
    ComparedPicture
        At least one of the two has labels.
    """
    agreeing, shared = concordance(concepts_a, concepts_b)
    labelled = one or other
    return ComparedPicture(
        labelled.path if labelled else "",
        key[0],
        unit_id(key[0], {"picture": key[1]}),
        key[1],
        list(concepts_a[:1]) == list(concepts_b[:1]),
        jaccard(concepts_a, concepts_b),
        rank_biased_overlap(concepts_a, concepts_b, persistence),
        _written(one, top),
        _written(other, top),
        one.scores[0] if one else None,
        other.scores[0] if other else None,
        agreeing,
        shared,
    )


def _written(labelled: Labelled | None, top: int) -> str:
    return "; ".join(label for label, _ in labelled.labels[:top]) if labelled else ""
