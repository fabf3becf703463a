"""The taggers of a study: what they said about its pictures, and how long they took."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tidymedia.errors import UsageError
from tidymedia.tables.study_files import study_files

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Labelled", "Tagger", "read_taggers"]


@dataclass(frozen=True, slots=True)
class Labelled:
    """The labels that a tagger gave one picture, the best first.

    Parameters
    ----------
    path : str
        The file; the first one by path, where several have its bytes.
    labels : tuple of (str, str or None)
        Labels, with their synsets where they are known.
    scores : tuple of float
        Their scores; NaN where there is none.
    """

    path: str
    labels: tuple[tuple[str, str | None], ...]
    scores: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Tagger:
    """One extractor with one model, as it labelled the pictures of one study.

    Parameters
    ----------
    study : pathlib.Path
        The study.
    extractor : str
        The extractor.
    model : str
        Its model, as ``name@revision``.
    pictures : dict of (str, int) to Labelled
        What it said, by media_id and picture; pictures that got no label have no entry.
    whole : frozenset of str
        Media that it went through to their end: a picture of theirs without an entry got no label.
    seconds : float or None
        Seconds a picture, decoding apart; None where the study does not say.
    """

    study: Path
    extractor: str
    model: str
    pictures: dict[tuple[str, int], Labelled]
    whole: frozenset[str]
    seconds: float | None


def read_taggers(folder: Path) -> list[Tagger]:
    """Read the taggers of a study.

    Parameters
    ----------
    folder : pathlib.Path
        The study.

    Returns
    -------
    list of Tagger
        One a pair of extractor and model that has rows in ``tags``.

    Raises
    ------
    UsageError
        Where the study has no tags.
    """
    import pyarrow.parquet as pq

    files = study_files(folder)
    if "tags" not in files:
        raise UsageError(
            f"The study {folder} has no table tags.", f"Make it with: tidymedia analyze -o {folder} --with tags."
        )
    has = pq.read_schema(files["tags"]).names
    wanted = ["path", "media_id", "picture", "rank", "label", "wordnet_id", "score", "extractor", "model"]
    rows: pd.DataFrame = pq.read_table(files["tags"], columns=[name for name in wanted if name in has]).to_pandas()
    for name in ("wordnet_id", "model"):
        rows[name] = rows[name].astype(object).where(rows[name].notna(), None) if name in has else None
    rows = rows.dropna(subset=["label"]).sort_values(["path", "picture", "rank"], kind="stable")
    rows = rows.drop_duplicates(["media_id", "picture", "rank", "extractor", "model"])
    counts, seconds = _pictures_of_media(files), _seconds_of_media(files)
    taggers = []
    for (extractor, model), some in rows.groupby(["extractor", "model"], dropna=False, sort=True):
        pictures = _labelled(some)
        spent = {one: time for (by, one), time in seconds.items() if by == extractor}
        total = sum(counts.get(one, 0) for one in spent)
        named = model if isinstance(model, str) else str(extractor)
        rate = sum(time for one, time in spent.items() if one in counts) / total if total else None
        taggers.append(Tagger(folder, str(extractor), named, pictures, frozenset(spent), rate))
    return taggers


def _labelled(rows: pd.DataFrame) -> dict[tuple[str, int], Labelled]:
    """Return the labels of each picture, from the rows of one tagger in the order of their ranks."""
    names = ["media_id", "picture", "path", "label", "wordnet_id", "score"]
    found: dict[tuple[str, int], Labelled] = {}
    for media_id, picture, path, label, wordnet_id, score in rows[names].itertuples(index=False):
        key = (str(media_id), int(picture))
        before = found.get(key, Labelled(str(path), (), ()))
        labels = (*before.labels, (str(label), wordnet_id))
        found[key] = Labelled(before.path, labels, (*before.scores, float(score)))
    return found


def _pictures_of_media(files: dict[str, Path]) -> dict[str, int]:
    """Return how many pictures each medium has."""
    import pyarrow.parquet as pq

    if "pictures" not in files:
        return {}
    rows = pq.read_table(files["pictures"], columns=["media_id", "picture"]).to_pandas().drop_duplicates()
    return dict(Counter(str(media_id) for media_id in rows["media_id"]))


def _seconds_of_media(files: dict[str, Path]) -> dict[tuple[str, str], float]:
    """Return how long each extractor took for each medium that it went through to its end."""
    import pyarrow.parquet as pq

    if "status" not in files:
        return {}
    rows = pq.read_table(files["status"], columns=["media_id", "extractor", "status", "seconds"]).to_pandas()
    done = rows[rows["status"].isin(["ok", "empty"])].fillna({"seconds": 0.0})
    return {
        (str(extractor), str(media_id)): float(seconds)
        for media_id, extractor, _, seconds in done.itertuples(index=False)
    }
