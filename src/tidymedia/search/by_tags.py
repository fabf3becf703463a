"""Find pictures by the labels that a network gave them."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from tidymedia.errors import UsageError
from tidymedia.search.wordnet import synonyms_of, wider_terms
from tidymedia.search.words import contains, content_words, words_of
from tidymedia.tables.keys import unit_id
from tidymedia.tables.study_files import study_files

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["covered_words", "search_tags"]

_LABELS_NAMED: Final = 8
_LABELS_MATCHED: Final = 5
_ALIKE: Final = 0.8
_HUNDREDTH: Final = 0.005


class _Tag(NamedTuple):
    """One tag of a picture, and the words of the query that it counts for."""

    label: str
    score: float
    covers: frozenset[str]
    model: str | None


def search_tags(folder: Path, query: str, n: int) -> tuple[pd.DataFrame, str]:
    """Find the pictures of a study whose tags are named by a query.

    A tag counts for a word of the query that its label has, and for words and phrases of the query that WordNet has
    as its synonym or as a wider term ("dog" for "golden retriever"). The score of a picture is the mean over the words
    of the query of the sum of the scores of the tags that count for the word, at most 1.

    Parameters
    ----------
    folder : pathlib.Path
        The study.
    query : str
        Words, in English like the labels.
    n : int
        How many pictures at most.

    Returns
    -------
    tuple of (pandas.DataFrame, str)
        The pictures, with the columns of :func:`tidymedia.search.finding.search`, and what to know about them.

    Raises
    ------
    UsageError
        Where the query has no word that could be found, or the study has no tags.
    """
    import pandas as pd

    words = content_words(query)
    if not words:
        raise UsageError(f"There is nothing to look for in {query!r}.", "Name things that pictures show.")
    rows = _read_tags(folder)
    labels = rows[["label", "wordnet_id"]].drop_duplicates()
    ordered = words_of(query)
    covers = {
        (label, wordnet_id): covered
        for label, wordnet_id in labels.itertuples(index=False)
        if (covered := covered_words(label, wordnet_id, ordered) & set(words))
    }
    tagged: dict[tuple[str, int], list[_Tag]] = {}
    for media_id, picture, label, wordnet_id, score, model in rows.itertuples(index=False):
        if (label, wordnet_id) in covers:
            tag = _Tag(label, 0.0 if pd.isna(score) else float(score), covers[label, wordnet_id], model)
            tagged.setdefault((media_id, int(picture)), []).append(tag)
    found = pd.DataFrame(
        [
            (*picture, unit_id(picture[0], {"picture": picture[1]}), *_scored(of, len(words)))
            for picture, of in tagged.items()
        ],
        columns=["media_id", "picture", "unit_id", "score", "matched"],
    )
    found = found.sort_values(["score", "media_id", "picture"], ascending=[False, True, True]).head(n)
    missed = [word for word in words if not any(word in covered for covered in covers.values())]
    return found.assign(how="tags"), _notice(labels["label"].tolist(), missed, len(tagged))


def covered_words(label: str, wordnet_id: str | None, query: list[str]) -> frozenset[str]:
    """Say which words of a query a label counts for.

    Parameters
    ----------
    label : str
        The label; synonyms may be joined by commas.
    wordnet_id : str or None
        Its synset in WordNet 3.0, where it is known.
    query : list of str
        The words of the query, in their order, as :func:`tidymedia.search.words.words_of` gives them.

    Returns
    -------
    frozenset of str
        Some of these words.

    Examples
    --------
    >>> sorted(covered_words("canoe", "n02951358", ["person", "in", "a", "boat"]))
    ['boat']
    >>> sorted(covered_words("golden_retriever", None, ["retriever"]))
    ['retriever']
    """
    found = set(words_of(label)) & set(query)
    for term in (*synonyms_of(wordnet_id), *wider_terms(wordnet_id)):
        phrase = words_of(term)
        if contains(query, phrase):
            found.update(phrase)
    return frozenset(found)


def _read_tags(folder: Path) -> pd.DataFrame:
    """Read one row a picture and tag, however many paths the file has."""
    import pyarrow.parquet as pq

    files = study_files(folder)
    if "tags" not in files:
        raise UsageError(
            f"The study {folder} has no table tags; pictures are found by words with it.",
            f"Make it with: tidymedia analyze -o {folder} --with tags.",
        )
    has = pq.read_schema(files["tags"]).names
    columns = ["media_id", "picture", "label", "wordnet_id", "score", "model"]
    rows: pd.DataFrame = pq.read_table(files["tags"], columns=[name for name in columns if name in has]).to_pandas()
    for name in ("wordnet_id", "model"):  # services name no synsets
        rows[name] = rows[name].astype(object).where(rows[name].notna(), None) if name in has else None
    rows = rows.dropna(subset=["label"])[columns]
    return rows.drop_duplicates(["media_id", "picture", "label", "wordnet_id", "model"])


def _scored(tags: list[_Tag], words: int) -> tuple[float, str]:
    """Return the score of one picture, and which labels gave it."""
    sums: dict[tuple[str, str | None], float] = {}
    for tag in tags:
        for word in tag.covers:
            sums[word, tag.model] = min(1.0, sums.get((word, tag.model), 0.0) + tag.score)
    # Where several models gave tags, the one that is surest of a word counts for it.
    surest: dict[str, float] = {}
    for (word, _), score in sums.items():
        surest[word] = max(score, surest.get(word, 0.0))
    best = sorted(tags, key=lambda tag: -tag.score)
    named = [f"{tag.label} {tag.score:.2f}" for tag in best if tag.score >= _HUNDREDTH or tag is best[0]]
    return sum(surest.values()) / words, "; ".join(list(dict.fromkeys(named))[:_LABELS_MATCHED])


def _notice(labels: list[str], missed: list[str], found: int) -> str:
    """Say that labels were compared, and what no label names."""
    parts = []
    if missed:
        vocabulary = sorted({word for label in labels for word in words_of(label)})
        near = list(
            dict.fromkeys(one for word in missed for one in difflib.get_close_matches(word, vocabulary, 2, _ALIKE))
        )
        parts.append(f"No label of the study is called {' or '.join(missed)}, or is a kind of it.")
        if near:
            parts.append(f"There are labels with {', '.join(near)}.")
        elif not found:
            often = list(dict.fromkeys(labels))[:_LABELS_NAMED]
            parts.append(f"Labels are words of the model, such as {', '.join(often)}.")
    return " ".join(parts)
