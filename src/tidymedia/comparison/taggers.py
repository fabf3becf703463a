"""Compare taggers: how far networks agree on what the same pictures show."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tidymedia.comparison.agreement import PERSISTENCE
from tidymedia.comparison.harmonizing import Harmonized, harmonize
from tidymedia.comparison.one_picture import ComparedPicture, compare_picture
from tidymedia.comparison.reading import Tagger, read_taggers
from tidymedia.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["TaggerComparison", "compare_taggers"]

_PAIR_COLUMNS: Final = (
    "tagger_a",
    "tagger_b",
    "pictures",
    "same_first",
    "jaccard",
    "rank_biased_overlap",
    "kendall_tau",
    "label_pairs",
    "seconds_a",
    "seconds_b",
)
_TAGGER_COLUMNS: Final = ("tagger", "study", "extractor", "model", "pictures", "labels", "seconds_a_picture")


class TaggerComparison:
    """How far taggers agree; :meth:`tidymedia.Study.compare_tags` makes it.

    Parameters
    ----------
    taggers, pairs, pictures : pandas.DataFrame
        See the attributes.

    Attributes
    ----------
    taggers : pandas.DataFrame
        One row a tagger: ``tagger`` (its name here), ``study``, ``extractor``, ``model``, ``pictures`` (how many got a
        label), ``labels`` (how many different ones, harmonised) and ``seconds_a_picture`` (decoding apart; missing
        where the study does not say).
    pairs : pandas.DataFrame
        One row a pair of taggers, over the pictures that both studies have: ``tagger_a``, ``tagger_b``, ``pictures``;
        the means over the pictures of ``same_first`` (1 where the first label is the same, else 0), ``jaccard`` (of
        the sets of labels) and ``rank_biased_overlap``; ``kendall_tau`` over the pairs of labels that both gave to a
        picture (1: always in the same order, -1: always in the other; missing where there are none) and
        ``label_pairs``, how many those are; ``seconds_a`` and ``seconds_b`` a picture.
    pictures : pandas.DataFrame
        One row a pair of taggers and picture, with the same measures and both lists of labels; ``score_a`` and
        ``score_b`` are the scores of the first labels.
    """

    def __init__(self, taggers: pd.DataFrame, pairs: pd.DataFrame, pictures: pd.DataFrame) -> None:
        self.taggers = taggers
        self.pairs = pairs
        self.pictures = pictures

    def differences(self, n: int = 20) -> pd.DataFrame:
        """Return the pictures on which two taggers differ most: little overlap, and both are sure.

        Parameters
        ----------
        n : int, default 20
            How many rows at most.

        Returns
        -------
        pandas.DataFrame
            Rows of ``pictures``: those with the smallest rank-biased overlap first, and of equal ones those first
            where the less sure of the two first labels has the higher score.
        """
        sure = self.pictures[["score_a", "score_b"]].min(axis=1)
        order = self.pictures.assign(sure=sure).sort_values(
            ["rank_biased_overlap", "sure", "path", "picture"], ascending=[True, False, True, True], kind="stable"
        )
        found: pd.DataFrame = order.drop(columns="sure").head(n).reset_index(drop=True)
        return found

    def __repr__(self) -> str:
        return self.pairs.to_string(index=False)

    def _repr_html_(self) -> str:
        """Show the pairs in a notebook."""
        return str(self.pairs.to_html(index=False))


def compare_taggers(folders: Sequence[Path], *, top: int = 5, persistence: float = PERSISTENCE) -> TaggerComparison:
    """Compare the taggers of some studies of the same media.

    Parameters
    ----------
    folders : sequence of pathlib.Path
        The studies.
    top : int, default 5
        How many labels of a picture count, the best first.
    persistence : float, default 0.8
        That of the rank-biased overlap; see :func:`tidymedia.comparison.agreement.rank_biased_overlap`.

    Returns
    -------
    TaggerComparison
        Every pair of taggers that have a picture in common.

    Raises
    ------
    UsageError
        Where there are not two taggers, they have no picture in common, or an argument makes no sense.
    """
    import pandas as pd

    if top < 1:
        raise UsageError(f"{top} labels cannot be compared.", "Compare 1 or more; 5 is usual.")
    if not 0 < persistence < 1:
        raise UsageError(
            f"A persistence of {persistence:g} makes no sense.", "Choose one between 0 and 1, such as 0.8."
        )
    taggers = [
        tagger for folder in dict.fromkeys(path.resolve() for path in folders) for tagger in read_taggers(folder)
    ]
    if len(taggers) < 2:
        raise UsageError(
            "There is one tagger here, and nothing to compare it with.",
            "Tag the same media in another study with another network, and name that study: "
            "tidymedia analyze MEDIA -o other --with tags --set tags.model=MODEL.",
        )
    names = _names(taggers)
    concepts = harmonize(named for one in taggers for labelled in one.pictures.values() for named in labelled.labels)
    lists = [_concept_lists(tagger, concepts, top) for tagger in taggers]
    pairs, pictures = [], []
    for a, b in combinations(range(len(taggers)), 2):
        one, other = taggers[a], taggers[b]
        rows = [
            compare_picture(
                key,
                one.pictures.get(key),
                other.pictures.get(key),
                lists[a].get(key, []),
                lists[b].get(key, []),
                top,
                persistence,
            )
            for key in _in_common(one, other)
        ]
        if rows:
            pairs.append((names[a], names[b], *_summed(rows), one.seconds, other.seconds))
            pictures += [(names[a], names[b], *row) for row in rows]
    if not pairs:
        raise UsageError("The taggers have no picture in common.", "Compare studies of the same files.")
    found = pd.DataFrame(pictures, columns=["tagger_a", "tagger_b", *ComparedPicture._fields])
    return TaggerComparison(
        pd.DataFrame(
            [
                (
                    name,
                    str(one.study),
                    one.extractor,
                    one.model,
                    len(one.pictures),
                    _distinct(one, concepts),
                    one.seconds,
                )
                for name, one in zip(names, taggers, strict=True)
            ],
            columns=list(_TAGGER_COLUMNS),
        ).astype({"seconds_a_picture": float}),
        pd.DataFrame(pairs, columns=list(_PAIR_COLUMNS)).astype(
            {"kendall_tau": float, "seconds_a": float, "seconds_b": float}
        ),
        found.drop(columns=["agreeing", "label_pairs"]).astype({"score_a": float, "score_b": float}),
    )


def _names(taggers: Sequence[Tagger]) -> list[str]:
    """Name each tagger by its model, and by more where that is not enough."""
    names = [tagger.model for tagger in taggers]
    for more in (lambda one: one.study.name, lambda one: one.extractor, lambda one: str(one.study)):
        twice = {name for name in names if names.count(name) > 1}
        names = [f"{name} {more(one)}" if name in twice else name for name, one in zip(names, taggers, strict=True)]
    return names


def _concept_lists(tagger: Tagger, concepts: Harmonized, top: int) -> dict[tuple[str, int], list[str]]:
    """Return the concepts of each picture's best labels, the best first, none twice."""
    return {
        key: list(dict.fromkeys(concepts.concept[named] for named in labelled.labels))[:top]
        for key, labelled in tagger.pictures.items()
    }


def _distinct(tagger: Tagger, concepts: Harmonized) -> int:
    return len({concepts.concept[named] for labelled in tagger.pictures.values() for named in labelled.labels})


def _in_common(one: Tagger, other: Tagger) -> list[tuple[str, int]]:
    """Return the pictures that both taggers looked at and at least one of them labelled, by path."""
    either = {**other.pictures, **one.pictures}
    whole = one.whole & other.whole
    shared = [key for key in either if key[0] in whole or (key in one.pictures and key in other.pictures)]
    return sorted(shared, key=lambda key: (either[key].path, key[1], key[0]))


def _summed(rows: Sequence[ComparedPicture]) -> tuple[int, float, float, float, float | None, int]:
    """Return the number of pictures, the means over them, and Kendall's tau over all pairs of labels."""
    count = len(rows)
    agreeing, shared = sum(row.agreeing for row in rows), sum(row.label_pairs for row in rows)
    return (
        count,
        sum(row.same_first for row in rows) / count,
        sum(row.jaccard for row in rows) / count,
        sum(row.rank_biased_overlap for row in rows) / count,
        2 * agreeing / shared - 1 if shared else None,
        shared,
    )
