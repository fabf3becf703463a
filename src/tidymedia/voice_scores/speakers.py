"""Who speaks in a segment: by the file, by the user's own table, or by turns in time."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tidymedia.errors import UsageError
from tidymedia.tables.study_files import study_files
from tidymedia.voice_scores.turns import longest_turns

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["NamedSpeakers", "name_speakers"]

_BY_FILE: Final = ("path", "media_id")


@dataclass(frozen=True, slots=True)
class NamedSpeakers:
    """Who speaks in each segment.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``speaker`` (None where nobody is named), ``speaker_share`` and ``reason``, a row a segment.
    source : str
        Where the names come from: ``path``, ``media_id``, ``items``, ``speakers`` or ``given``.
    tables : tuple of str
        Tables of the study that they come from.
    fingerprints : tuple of str
        Fingerprints of the rows of these tables.
    sha256 : str or None
        Of the table that was given.
    """

    rows: pd.DataFrame
    source: str
    tables: tuple[str, ...] = ()
    fingerprints: tuple[str, ...] = ()
    sha256: str | None = None


def name_speakers(
    folder: Path, segments: pd.DataFrame, by: str, given: pd.DataFrame | str | Path | None, min_overlap: float
) -> NamedSpeakers:
    """Name the speaker of each segment.

    Parameters
    ----------
    folder : pathlib.Path
        The study.
    segments : pandas.DataFrame
        ``path``, ``media_id``, ``start_ms`` and ``end_ms``.
    by : str
        ``"path"`` or ``"media_id"`` where each file has one speaker; a column of the user's own table (items); or, as
        ``"speaker"``, the turns of the table ``speakers``.
    given : pandas.DataFrame, str, pathlib.Path or None
        Speakers by ``path`` or ``media_id``, with ``start_ms`` and ``end_ms`` or for whole files; the column ``by``
        names them.
    min_overlap : float
        Least share of a segment that turns of its speaker cover.

    Returns
    -------
    NamedSpeakers
        In the order of the segments.

    Raises
    ------
    UsageError
        Where there are no such names.
    """
    import pandas as pd
    import pyarrow.parquet as pq

    files = study_files(folder)
    if given is not None:
        turns, sha256 = _read_given(given, by)
        if not turns[turns.columns[0]].isin(segments[turns.columns[0]]).any():
            raise UsageError(
                f"No {turns.columns[0]} of the speakers is one of the segments of the study.",
                "Paths are written as in the table media of the study: relative to its root, with /.",
            )
        return NamedSpeakers(_by_turns(segments, turns, min_overlap), "given", sha256=sha256)
    if by in _BY_FILE:
        return NamedSpeakers(_frame(segments[by].to_list()), by)
    if "items" in files:
        items = pq.read_table(files["items"]).to_pandas()
        if by in items.columns:
            return NamedSpeakers(_by_items(segments, items, by), "items", ("items",))
    if by == "speaker" and "speakers" in files:
        columns = ["media_id", "speaker", "start_ms", "end_ms", "unit_id", "fingerprint"]
        stored = pq.read_table(files["speakers"], columns=columns).to_pandas().drop_duplicates("unit_id")
        turns = stored[["media_id", "speaker", "start_ms", "end_ms"]]
        # Numbers of speakers count within a file: speaker_1 of another file is another person.
        named = turns.assign(speaker=stored["media_id"].str[:12] + ":" + turns["speaker"])
        marks = tuple(sorted(set(stored["fingerprint"])))
        return NamedSpeakers(_by_turns(segments, named, min_overlap), "speakers", ("speakers",), marks)
    known = [name for name in pd.Index(items.columns) if name not in _OURS] if "items" in files else []
    columns_told = f" The table of posts has: {', '.join(known)}." if known else ""
    raise UsageError(
        f"The study {folder} does not say who speaks: it has no column {by!r} of a table of posts"
        f"{', and no table speakers' if by == 'speaker' else ''}.{columns_told}",
        "Choose path where each file has one speaker, or give a table with path, start_ms, end_ms and speaker.",
    )


_OURS: Final = ("item_id", "media_id", "position", "path")


def _frame(speakers: list[Any], reasons: list[Any] | None = None, shares: list[Any] | None = None) -> pd.DataFrame:
    import pandas as pd

    nothing: list[Any] = [None] * len(speakers)
    return pd.DataFrame(
        {
            "speaker": pd.Series(speakers, dtype=object),
            "speaker_share": pd.Series(shares or nothing, dtype="float64"),
            "reason": pd.Series(
                reasons or [None if one is not None else "no_speaker" for one in speakers], dtype=object
            ),
        }
    )


def _by_items(segments: pd.DataFrame, items: pd.DataFrame, by: str) -> pd.DataFrame:
    """Take the name beside each file; a file with several names has none that is known."""
    told = items[["media_id", by]].dropna()
    named = told.assign(name=told[by].astype(str).str.strip())
    names = named[named["name"] != ""].groupby("media_id")["name"].unique()
    found = [names.get(media, ()) for media in segments["media_id"]]
    return _frame(
        [one[0] if len(one) == 1 else None for one in found],
        [None if len(one) == 1 else "several_speakers" if len(one) else "no_speaker" for one in found],
    )


def _by_turns(segments: pd.DataFrame, turns: pd.DataFrame, min_overlap: float) -> pd.DataFrame:
    key = turns.columns[0]
    has_times = "start_ms" in turns.columns
    speakers: list[Any] = [None] * len(segments)
    shares: list[Any] = [None] * len(segments)
    by_file = dict(iter(turns.groupby(key)))
    for place, rows in segments.reset_index(drop=True).groupby(key):
        if place not in by_file:
            continue
        here = by_file[place]
        if not has_times:
            names = here["speaker"].unique()
            if len(names) > 1:
                raise UsageError(
                    f"{place!s} has several speakers: {', '.join(sorted(names)[:5])}.",
                    "Give start_ms and end_ms for their turns.",
                )
            for at in rows.index:
                speakers[at] = names[0]
            continue
        for at, (name, share) in zip(rows.index, longest_turns(rows, here), strict=True):
            if name is not None and share >= min_overlap:
                speakers[at], shares[at] = name, share
    return _frame(speakers, shares=shares)


def _read_given(given: pd.DataFrame | str | Path, by: str) -> tuple[pd.DataFrame, str]:
    """Read the table of speakers: its key first, then ``speaker`` and, where there are turns, their times."""
    import pandas as pd

    if isinstance(given, pd.DataFrame):
        table, what = given, "The speakers"
    else:
        what = f"The table of speakers {given}"
        try:
            table = pd.read_csv(given, dtype={by: "str", "path": "str", "media_id": "str"}, encoding="utf-8-sig")
        except FileNotFoundError as error:
            raise UsageError(f"There is no table of speakers {given}.") from error
        except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
            raise UsageError(f"{what} cannot be read: {error}", "Write it as CSV in UTF-8, with commas.") from error
    name = by if by not in _BY_FILE else "speaker"
    key = next((one for one in _BY_FILE if one in table.columns), None)
    if key is None or name not in table.columns:
        raise UsageError(
            f"{what} has the columns {', '.join(map(str, table.columns))}; needed are path or media_id, and {name}.",
            "Name its columns: path (or media_id), start_ms, end_ms, speaker.",
        )
    times = [one for one in ("start_ms", "end_ms") if one in table.columns]
    if len(times) == 1:
        raise UsageError(f"{what} has {times[0]} alone.", "Give start_ms and end_ms, or neither.")
    kept = table[[key, name, *times]].rename(columns={name: "speaker"}).dropna()
    if times:
        numbers = kept[times].apply(pd.to_numeric, errors="coerce")
        if numbers.isna().any(axis=None) or (numbers["end_ms"] <= numbers["start_ms"]).any():
            raise UsageError(
                f"{what} has a turn whose times are no numbers, or that ends before it begins.",
                "Write start_ms and end_ms as milliseconds from the start of the file.",
            )
        kept = kept.assign(start_ms=numbers["start_ms"], end_ms=numbers["end_ms"])
    kept = kept.assign(speaker=kept["speaker"].astype(str).str.strip())
    digest = hashlib.sha256(kept.to_csv(index=False).encode()).hexdigest()
    return kept[kept["speaker"] != ""], digest
