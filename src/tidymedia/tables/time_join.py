"""Tables side by side by time: what is said while a picture is seen, what is seen in a shot."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from tidymedia.errors import UsageError
from tidymedia.tables.database import open_database
from tidymedia.tables.export_source import Copies
from tidymedia.tables.frames import to_frame
from tidymedia.tables.keys import KEYS, PROVENANCE
from tidymedia.tables.sql_names import quoted_name
from tidymedia.tables.study_files import file_schema, study_files

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["How", "join_by_time", "timed_tables"]

How = Literal["left", "inner"]
"""Whether rows of the left table that nothing is joined to are kept."""

_BUCKET_MS: Final = 10_000
_MOST_BUCKETS: Final = 20_000
_LEFT_OUT: Final = frozenset(column.name for column in PROVENANCE)
_IDENTITY: Final = frozenset({"path", "media_id"})


@dataclass(frozen=True, slots=True)
class _Timed:
    """A table, and how its rows lie in time."""

    name: str
    columns: tuple[str, ...]
    source: str
    is_moment: bool

    @property
    def keys(self) -> list[str]:
        """Its keys, outermost first."""
        return [name for name in KEYS if name in self.columns]


def timed_tables(columns: Mapping[str, Collection[str]]) -> list[str]:
    """Return the names of the tables whose rows lie in time.

    Parameters
    ----------
    columns : mapping of str to collection of str
        Names of columns by table.

    Returns
    -------
    list of str
        Those with ``start_ms`` and ``end_ms``, with ``time_ms``, or with a picture whose time is known.

    Examples
    --------
    >>> timed_tables({"shots": ["path", "media_id", "start_ms", "end_ms"], "metadata": ["path", "media_id"]})
    ['shots']
    """
    return [name for name in columns if _timed(name, columns) is not None]


def join_by_time(folder: Path, left: str, right: str, *, how: How = "left", copies: Copies = "all") -> pd.DataFrame:
    """Join two tables of a study by medium and time.

    Rows with ``start_ms`` and ``end_ms`` last from the first up to, and without, the second; rows about a picture are
    a moment, which the table ``pictures`` tells. A moment falls into what has begun and has not ended; two stretches
    are joined where they overlap by a millisecond or more; two moments where they are the same. A stretch of no
    length is a moment. Rows without a time, such as those of photographs, are left out.

    Parameters
    ----------
    folder : pathlib.Path
        The study.
    left, right : str
        Names of the tables.
    how : {"left", "inner"}, default "left"
        Whether to keep rows of the left table that nothing of the right one falls together with.
    copies : {"all", "first"}, default "all"
        Whether a file that lies in several places comes for each path or for the first one.

    Returns
    -------
    pandas.DataFrame
        A row for each row of the left table and each of the right one that falls together with it, sorted by path and
        time: the columns of the left table with ``time_ms``, where it has none of its own; those of the right one,
        with its name before those that the left one has too; and ``overlap_ms``, the time that both have in common,
        missing where one of them is about a picture. What made the rows (``extractor``, ``model``, ``fingerprint``)
        is left out.

    Raises
    ------
    UsageError
        Where a table is not there or its rows do not lie in time.
    StudyError
        Where the folder holds no study.
    """
    if how not in ("left", "inner"):
        raise UsageError(f"Tables cannot be joined by how={how!r}.", "Choose left or inner.")
    if copies not in ("all", "first"):
        raise UsageError(f"Copies cannot be {copies}.", "Choose all or first.")
    files = study_files(folder)
    columns = {name: file_schema(path).names for name, path in files.items()}
    first, second = (_find(name, columns, folder) for name in (left, right))
    with open_database(folder) as database:
        return to_frame(database.sql(_query(first, second, how, copies)).to_arrow_table())


def _find(name: str, columns: Mapping[str, Collection[str]], folder: Path) -> _Timed:
    if name not in columns:
        raise UsageError(f"The study {folder} has no table {name}.", f"It has: {', '.join(columns)}.")
    found = _timed(name, columns)
    if found is None:
        every = ", ".join(timed_tables(columns)) or "none yet"
        raise UsageError(f"The rows of {name} do not lie in time.", f"Tables whose rows do: {every}.")
    return found


def _timed(name: str, columns: Mapping[str, Collection[str]]) -> _Timed | None:
    """Say how the rows of a table lie in time; None where they do not."""
    here = [column for column in columns[name] if column not in _LEFT_OUT]
    if not set(here) >= _IDENTITY or name in ("status", "failures", "items"):
        return None
    table = quoted_name(name)
    if {"start_ms", "end_ms"} <= set(here):
        source = f"SELECT *, start_ms AS begins, end_ms AS ends FROM {table}"  # noqa: S608  # a quoted name
        return _Timed(name, tuple(here), source, is_moment=False)
    if "time_ms" in here:
        source = f"SELECT *, time_ms AS begins, time_ms AS ends FROM {table}"  # noqa: S608
        return _Timed(name, tuple(here), source, is_moment=True)
    if "picture" in here and {"path", "picture", "time_ms"} <= set(columns.get("pictures", ())):
        place = max(here.index(key) for key in (*KEYS, "path", "media_id", "unit_id") if key in here) + 1
        here.insert(place, "time_ms")
        source = (
            "SELECT *, time_ms AS begins, time_ms AS ends "  # noqa: S608
            f"FROM {table} JOIN (SELECT path, picture, time_ms FROM pictures) AS shown USING (path, picture)"
        )
        return _Timed(name, tuple(here), source, is_moment=True)
    return None


def _query(left: _Timed, right: _Timed, how: How, copies: Copies) -> str:
    """Write the query.

    Rows meet in buckets of time, so that not every row of a film is compared with every other one; a pair is taken
    in the first bucket that both lie in, so no bucket is needed behind the one in which the last row begins.
    """
    kept = "path IN (SELECT min(path) FROM media GROUP BY coalesce(media_id, path))" if copies == "first" else "true"
    sides = ", ".join(
        f"{side} AS (SELECT *, row_number() OVER () AS row_id, greatest(ends, begins + 1) AS until "  # noqa: S608
        f"FROM ({table.source}) WHERE begins >= 0 AND ends IS NOT NULL AND {kept})"
        for side, table in (("left_rows", left), ("right_rows", right))
    )
    buckets = ", ".join(
        f"{side}_buckets AS (SELECT row_id, path, begins, until, begins // wide AS bucket_from, "  # noqa: S608
        "unnest(range(begins // wide, least(until - 1, latest) // wide + 1)) AS bucket "
        f"FROM {side}_rows JOIN widths USING (path))"
        for side in ("left", "right")
    )
    overlap = "NULL::BIGINT"
    if not (left.is_moment or right.is_moment):
        overlap = (
            "CASE WHEN right_rows.row_id IS NOT NULL THEN greatest(0, least(left_rows.ends, right_rows.ends) "
            "- greatest(left_rows.begins, right_rows.begins)) END"
        )
    order = ["path", "left_rows.begins", *(f"left_rows.{quoted_name(key)}" for key in left.keys)]
    order += ["right_rows.begins", *(f"right_rows.{quoted_name(key)}" for key in right.keys)]
    return (
        f"WITH {sides}, "  # noqa: S608
        f"widths AS (SELECT path, max(begins) AS latest, greatest({_BUCKET_MS}, latest // {_MOST_BUCKETS} + 1) AS wide "
        "FROM (SELECT path, begins FROM left_rows UNION ALL SELECT path, begins FROM right_rows) GROUP BY path), "
        f"{buckets}, pairs AS (SELECT one.row_id AS left_id, other.row_id AS right_id FROM left_buckets AS one "
        "JOIN right_buckets AS other ON one.path = other.path AND one.bucket = other.bucket "
        "AND one.bucket = greatest(one.bucket_from, other.bucket_from) "
        "AND one.begins < other.until AND other.begins < one.until) "
        f"SELECT {_columns(left, right)}, {overlap} AS overlap_ms FROM left_rows "
        f"{how.upper()} JOIN pairs ON left_rows.row_id = pairs.left_id "
        f"{how.upper()} JOIN right_rows ON right_rows.row_id = pairs.right_id ORDER BY {', '.join(order)}"
    )


def _columns(left: _Timed, right: _Timed) -> str:
    chosen = [f"left_rows.{quoted_name(name)}" for name in left.columns]
    taken = {name.casefold() for name in (*left.columns, "overlap_ms")}
    for name in right.columns:
        if name in _IDENTITY:
            continue
        shown = name
        while shown.casefold() in taken:
            shown = f"{right.name}_{shown}"
        taken.add(shown.casefold())
        chosen.append(f"right_rows.{quoted_name(name)} AS {quoted_name(shown)}")
    return ", ".join(chosen)
