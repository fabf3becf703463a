"""What was said in each medium: segments, words and speakers, one medium at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tidymedia.errors import StudyError, UsageError
from tidymedia.tables.database import open_database
from tidymedia.tables.export_source import BATCH_ROWS, Copies
from tidymedia.tables.flags import without
from tidymedia.tables.study_files import file_schema, study_files

if TYPE_CHECKING:
    import duckdb

__all__ = ["Segment", "Spoken", "Turn", "Word", "read_spoken"]

_TRANSCRIPTS = ("path", "segment", "start_ms", "end_ms", "text")
_WORDS = ("path", "segment", "word", "start_ms", "end_ms", "text")
_LENGTHS = {"metadata": "duration_ms", "speech": "end_ms", "shots": "end_ms"}
"""By table, the column that tells how long a medium is at least."""
_SPEAKERS = ("path", "segment", "start_ms", "end_ms", "speaker")


@dataclass(frozen=True, slots=True)
class Word:
    """A word and when it is said, in milliseconds from the start of the medium."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment of a transcript, with its words where they are known."""

    start: int
    end: int
    text: str
    lang: str | None = None
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """A stretch in which one speaker speaks."""

    start: int
    end: int
    speaker: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """What was said in one medium.

    Parameters
    ----------
    path : str
        Path of the medium in the study.
    segments : tuple of Segment
        The segments of its transcript.
    turns : tuple of Turn
        Who speaks when; empty where nobody looked.
    duration : int
        Length of the medium in milliseconds, as far as the study knows it: at least up to the last segment.
    """

    path: str
    segments: tuple[Segment, ...]
    turns: tuple[Turn, ...]
    duration: int


def read_spoken(folder: Path, *, copies: Copies = "all", without_flags: Sequence[str] = ()) -> Iterator[Spoken]:
    """Read what was said, medium by medium; rows are streamed, so memory does not grow with the study.

    Parameters
    ----------
    folder : pathlib.Path
        The study.
    copies : {"all", "first"}, default "all"
        Whether a file that lies in several places comes for each path or for the first one.
    without_flags : sequence of str, default ()
        Segments with one of these flags are left out, and their words.

    Yields
    ------
    Spoken
        One a path that has a segment, by path.

    Raises
    ------
    UsageError
        Where the study has no transcripts.
    StudyError
        Where the table lacks columns that it should have.
    """
    files = study_files(folder)
    if "transcripts" not in files:
        raise UsageError(
            f"The study {folder} has no transcripts.",
            f"Make them first: tidymedia analyze -o {folder} --with transcripts",
        )
    columns = {name: set(file_schema(path).names) for name, path in files.items()}
    if lacking := [name for name in _TRANSCRIPTS if name not in columns["transcripts"]]:
        raise StudyError(
            f"The table transcripts of {folder} has no {' and no '.join(lacking)}.", "Analyse the media again."
        )
    kept = "trim(text) <> '' AND start_ms IS NOT NULL AND end_ms IS NOT NULL"
    if without_flags and "flags" in columns["transcripts"]:
        kept += f" AND {without(without_flags)}"
    lang = "lang" if "lang" in columns["transcripts"] else "NULL::VARCHAR"
    chosen = "SELECT min(path) FROM media GROUP BY coalesce(media_id, path)" if copies == "first" else ""
    with open_database(folder) as database:
        segments = _rows(
            database,
            f"SELECT path, segment, start_ms, end_ms, text, {lang} AS lang FROM transcripts "  # noqa: S608
            f"WHERE {kept}{f' AND path IN ({chosen})' if chosen else ''} ORDER BY path, start_ms, end_ms, segment",
        )
        words = _Beside(_stream(database, columns, "words", _WORDS, "word"))
        turns = _Beside(_stream(database, columns, "speakers", _SPEAKERS, "segment"))
        ends = [
            f"SELECT path, {end} AS ends FROM {name}"  # noqa: S608  # constant names
            for name, end in _LENGTHS.items()
            if {"path", end} <= columns.get(name, set())
        ]
        lengths: dict[str, int] = {}
        if ends:
            union = " UNION ALL ".join(ends)
            sql = f"SELECT path, max(ends) FROM ({union}) WHERE ends IS NOT NULL GROUP BY path"  # noqa: S608
            lengths = dict(database.sql(sql).fetchall())
        for path, rows in groupby(segments, key=itemgetter("path")):
            yield _spoken(path, list(rows), words.of(path), turns.of(path), lengths.get(path, 0))


def _spoken(
    path: str,
    rows: Sequence[dict[str, Any]],
    words: Sequence[dict[str, Any]],
    turns: Sequence[dict[str, Any]],
    length: int,
) -> Spoken:
    by_segment: dict[int, list[Word]] = {}
    for row in words:
        if row["text"] and row["text"].strip():
            by_segment.setdefault(row["segment"], []).append(Word(row["start_ms"], row["end_ms"], row["text"].strip()))
    segments = tuple(
        Segment(
            row["start_ms"],
            max(row["start_ms"], row["end_ms"]),
            " ".join(row["text"].split()),
            row["lang"],
            tuple(by_segment.get(row["segment"], ())),
        )
        for row in rows
    )
    spoken = tuple(Turn(row["start_ms"], row["end_ms"], row["speaker"]) for row in turns if row["speaker"])
    ends = [*(one.end for one in segments), *(one.end for one in spoken)]
    return Spoken(path, segments, spoken, max([length, *ends]))


def _rows(database: duckdb.DuckDBPyConnection, sql: str) -> Iterator[dict[str, Any]]:
    """Stream the rows of a query beside other queries of the same database."""
    with database.cursor() as cursor, closing(cursor.sql(sql).to_arrow_reader(BATCH_ROWS)) as reader:
        for batch in reader:
            yield from batch.to_pylist()


def _stream(
    database: duckdb.DuckDBPyConnection, columns: dict[str, set[str]], name: str, wanted: Sequence[str], last: str
) -> Iterator[dict[str, Any]]:
    if not set(wanted) <= columns.get(name, set()):
        return iter(())
    order = "path, segment, word" if last == "word" else "path, start_ms, segment"
    return _rows(
        database,
        f"SELECT {', '.join(wanted)} FROM {name} "  # noqa: S608  # constant names
        f"WHERE start_ms IS NOT NULL AND end_ms IS NOT NULL ORDER BY {order}",
    )


class _Beside:
    """Rows sorted by path, of which those of some paths are wanted, in the same order."""

    def __init__(self, rows: Iterator[dict[str, Any]]) -> None:
        self._groups = groupby(rows, key=itemgetter("path"))
        self._next: tuple[str, list[dict[str, Any]]] | None = None

    def of(self, path: str) -> list[dict[str, Any]]:
        """Return the rows of a path; none of an earlier path can be asked for afterwards."""
        while self._next is None or self._next[0] < path:
            group = next(self._groups, None)
            if group is None:
                return []
            self._next = (group[0], list(group[1]))
        return self._next[1] if self._next[0] == path else []
