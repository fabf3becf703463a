"""The query behind the summary: one row a file or an item, in the SQL of DuckDB."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from tidymedia.tables.column import Column
from tidymedia.tables.description import ExtractorDescription, by_name, makers
from tidymedia.tables.keys import PATH
from tidymedia.tables.sql_names import SQL_TYPES, no_rows, quoted_name, quoted_text
from tidymedia.tables.standard import ITEM_COLUMNS, MEDIA_COLUMNS
from tidymedia.tables.study_files import STANDARD_COLUMNS, user_columns
from tidymedia.tables.table import Table

__all__ = ["SummaryQuery", "Unit", "summary_query"]

Unit = Literal["medium", "item"]
"""What a row of a summary is about."""

_SHOWN_PROBLEMS = 5
_NEXT_MEDIUM = 1 << 32
"""Added to the keys for each further medium of an item, so that they stay in order and stay apart."""


_STATUS = Column(
    "status",
    "string",
    "What became of the {unit} over all extractors: ok where each one that applies was done; partial where some part "
    "failed or was held back; failed where nothing could be analysed; missing where there was no file; skipped where "
    "no extractor applies.",
    range="ok | partial | failed | missing | skipped",
    missing="no extractor has run on it yet",
)
_PROBLEMS = Column(
    "problems",
    "string",
    f"What went wrong, joined: the first {_SHOWN_PROBLEMS} messages, and how many more there are. The table failures "
    "has them all.",
    missing="nothing went wrong",
)
_UNKNOWN = "not known, because it was not analysed or the analysis failed: see status and problems"


@dataclass(frozen=True, slots=True)
class SummaryQuery:
    """A query and the columns of its answer, in order."""

    sql: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """What one table adds to the summary."""

    table: Table
    columns: tuple[Column, ...]
    makers: tuple[str, ...]
    has_rows: bool


def summary_query(
    unit: Unit,
    columns: Mapping[str, Sequence[str]],
    recorded: Collection[str],
    definitions: Sequence[Table] = (),
    extractors: Sequence[ExtractorDescription] = (),
) -> SummaryQuery:
    """Write the query for the summary of a study.

    Parameters
    ----------
    unit : {"medium", "item"}
        Whether a row is a file or an item.
    columns : mapping of str to sequence of str
        Names of the columns of each file of the study.
    recorded : collection of str
        Names of the extractors in ``status``.
    definitions : sequence of Table, default ()
        The tables that are known.
    extractors : sequence of ExtractorDescription, default ()
        The extractors that are known.

    Returns
    -------
    SummaryQuery
        The query, over the views of the study, and the columns of its answer.
    """
    base = _medium_base() if unit == "medium" else _item_base(user_columns(columns["items"]))
    taken = {column.name.casefold() for column in base.columns}
    parts = []
    for table in by_name(definitions, extractors).values():
        filled_by = tuple(one.name for one in makers(table.name, extractors))
        has_rows = table.name in columns and table.name not in STANDARD_COLUMNS
        if table.summary and (has_rows or any(name in recorded for name in filled_by)):
            named = tuple(_named(summary.column, table.name, taken) for summary in table.summary)
            parts.append(_Part(table, named, filled_by, has_rows))
    clauses = [_UNITS[unit], _WORDS, _MESSAGES, *base.clauses]
    joins, selected = [], [f"base.{quoted_name(column.name)}" for column in base.columns]
    for number, part in enumerate(parts):
        clauses += _part_clauses(part, number, unit)
        joins.append(
            f"LEFT JOIN values_{number} ON values_{number}._unit = base._unit "
            f"LEFT JOIN done_{number} ON done_{number}._unit = base._unit CROSS JOIN nothing_{number}"
        )
        selected += [
            f"CASE WHEN values_{number}._unit IS NOT NULL THEN values_{number}.{quoted_name(column.name)} "
            f"WHEN done_{number}._unit IS NOT NULL THEN nothing_{number}.{quoted_name(column.name)} END "
            f"AS {quoted_name(column.name)}"
            for column in part.columns
        ]
    sql = (
        f"WITH {', '.join(clauses)} SELECT {', '.join(selected)} FROM base {' '.join(joins)} "  # noqa: S608
        "ORDER BY base._order"
    )
    return SummaryQuery(sql, (*base.columns, *(column for part in parts for column in part.columns)))


@dataclass(frozen=True, slots=True)
class _Base:
    """The first columns of the summary, before those of the tables."""

    columns: tuple[Column, ...]
    clauses: tuple[str, ...]


_UNITS: Mapping[str, str] = {
    "medium": "units AS (SELECT path AS _unit, 0 AS _position, media_id, path FROM media)",
    "item": "units AS (SELECT item_id AS _unit, coalesce(position, 0) AS _position, media_id, path FROM items)",
}

_WORDS = """
counted AS (
  SELECT media_id,
    count(*) FILTER (status IN ('ok', 'empty')) AS good,
    count(*) FILTER (status = 'partial') AS partial,
    count(*) FILTER (status = 'failed') AS failed,
    count(*) FILTER (status = 'skipped' AND reason NOT IN ('not_applicable', 'not_installed')) AS held
  FROM stored.status GROUP BY media_id),
words AS (
  SELECT media.path,
    CASE
      WHEN media.status <> 'ok' THEN media.status
      WHEN counted.media_id IS NULL THEN NULL
      WHEN good + partial = 0 THEN CASE WHEN failed > 0 THEN 'failed' ELSE 'skipped' END
      WHEN partial + failed + held > 0 THEN 'partial'
      ELSE 'ok'
    END AS word
  FROM media LEFT JOIN counted USING (media_id))
""".strip()
"""One word for each file. What is not installed lacks for all files alike and is not held against one."""

_MESSAGES = f"""
told AS (
  SELECT path, '' AS extractor, -1 AS picture, -1 AS time_ms, error_message AS message
  FROM media WHERE status <> 'ok' AND error_message IS NOT NULL
  UNION ALL
  SELECT media.path, coalesce(failures.extractor, ''), coalesce(picture, -1), coalesce(time_ms, -1),
    CASE WHEN failures.extractor IS NULL THEN failures.error_message
      WHEN picture IS NULL THEN failures.extractor || ': ' || failures.error_message
      ELSE failures.extractor || ', picture ' || picture || ': ' || failures.error_message END
  FROM stored.failures AS failures JOIN media USING (media_id)
  UNION ALL
  SELECT media.path, held.extractor, -1, -1, held.extractor || ': skipped (' || held.reason || ').'
  FROM stored.status AS held JOIN media USING (media_id)
  WHERE held.status = 'skipped' AND held.reason NOT IN ('not_applicable', 'not_installed')
    AND NOT EXISTS (SELECT 1 FROM stored.failures AS failures
      WHERE failures.media_id = held.media_id AND failures.extractor = held.extractor)),
placed AS (
  SELECT _unit, message, min((_position, extractor, picture, time_ms)) AS place
  FROM units JOIN told USING (path) GROUP BY _unit, message),
listed AS (SELECT _unit, list(message ORDER BY place, message) AS messages FROM placed GROUP BY _unit),
problems AS (
  SELECT _unit, array_to_string(messages[:{_SHOWN_PROBLEMS}], ' ')
    || CASE WHEN len(messages) > {_SHOWN_PROBLEMS}
       THEN ' And ' || (len(messages) - {_SHOWN_PROBLEMS}) || ' more.' ELSE '' END AS problems
  FROM listed)
""".strip()  # noqa: S608  # constant parts


def _medium_base() -> _Base:
    """Return what the summary of files begins with."""
    columns = (*(column for column in MEDIA_COLUMNS if column.name in {"path", "kind", "bytes"}), *_outcome("file"))
    clause = (
        "base AS (SELECT media.path AS _unit, media.path AS _order, media.path, media.kind, media.bytes, "
        "words.word AS status, problems.problems FROM media LEFT JOIN words USING (path) "
        "LEFT JOIN problems ON problems._unit = media.path)"
    )
    return _Base(columns, (clause,))


def _item_base(given: Sequence[str]) -> _Base:
    """Return what the summary of items begins with: the user's own columns."""
    taken = {"item_id", *(name.casefold() for name in given)}
    ours = (
        Column("media", "integer", "Number of media that the item has.", range="0 and more"),
        Column(PATH.name, "string", f"First medium of the item. {PATH.meaning}", missing="the item has no medium"),
        *_outcome("item"),
    )
    named = tuple(_named(column, "media", taken) for column in ours)
    own = tuple(
        Column(name, "string", "Column of the table that was given.", missing="empty in the table that was given")
        for name in given
    )
    first = "".join(f", any_value(numbered.{quoted_name(name)}) AS {quoted_name(name)}" for name in given)
    picked = "".join(f", items_in_order.{quoted_name(name)}" for name in given)
    clauses = (
        "numbered AS (SELECT *, row_number() OVER () AS _row FROM items)",
        "items_in_order AS (SELECT item_id AS _unit, min(_row) AS _order, count(numbered.path) AS _media, "  # noqa: S608
        f"arg_min(numbered.path, position) AS _path{first} FROM numbered GROUP BY item_id)",
        "item_words AS (SELECT _unit, CASE WHEN count(DISTINCT word) FILTER (word <> 'skipped') = 1 "
        "THEN any_value(word) FILTER (word <> 'skipped') WHEN count(DISTINCT word) = 1 THEN any_value(word) "
        "WHEN count(word) > 0 THEN 'partial' END AS word FROM units JOIN words USING (path) GROUP BY _unit)",
        f"base AS (SELECT items_in_order._unit, _order, items_in_order._unit AS item_id{picked}, "  # noqa: S608
        + ", ".join(
            f"{value} AS {quoted_name(column.name)}"
            for value, column in zip(("_media", "_path", "item_words.word", "problems.problems"), named, strict=True)
        )
        + " FROM items_in_order LEFT JOIN item_words USING (_unit) LEFT JOIN problems USING (_unit))",
    )
    return _Base((ITEM_COLUMNS[0], *own, *named), clauses)


def _outcome(unit: str) -> tuple[Column, Column]:
    """Return the columns that say how it went."""
    return (
        Column(_STATUS.name, "string", _STATUS.meaning.format(unit=unit), range=_STATUS.range, missing=_STATUS.missing),
        _PROBLEMS,
    )


def _named(column: Column, table: str, taken: set[str]) -> Column:
    """Give a column a name that is not taken, and say when it is missing."""
    name = column.name
    while name.casefold() in taken:
        name = f"{table}_{name}"
    taken.add(name.casefold())
    missing = column.missing
    if table != "media":
        missing = _UNKNOWN if missing == "never" else f"{missing}; or {_UNKNOWN}"
    return Column(name, column.type, column.meaning, column.unit, column.range, missing)


def _part_clauses(part: _Part, number: int, unit: Unit) -> list[str]:
    """Return the clauses that aggregate one table.

    Media without a row differ: where an extractor looked and found nothing, the aggregate of no rows
    holds (a count is 0); where none could look, nothing is known.
    """
    table = part.table
    if not part.has_rows:
        none = no_rows(table.all_columns())
        rows = f"SELECT NULL::VARCHAR AS _unit, 0 AS _position, part.* FROM ({none}) AS part"  # noqa: S608
    elif unit == "medium":
        rows = f"SELECT path AS _unit, 0 AS _position, * FROM {quoted_name(table.name)}"  # noqa: S608
    else:
        renumbered = ""
        if table.keys:
            key = quoted_name(table.keys[0])
            renumbered = f" REPLACE (_position * {_NEXT_MEDIUM} + part.{key} AS {key})"
        rows = (
            f"SELECT units._unit, units._position, part.*{renumbered} "  # noqa: S608
            f"FROM units JOIN {quoted_name(table.name)} AS part ON part.path = units.path"
        )
    values = ", ".join(
        f"CAST({_in_order(summary.aggregate, unit)} AS {SQL_TYPES[column.type]}) AS {quoted_name(column.name)}"
        for summary, column in zip(table.summary, part.columns, strict=True)
    )
    if part.makers:
        looked = ", ".join(map(quoted_text, part.makers))
    else:
        looked = f"SELECT DISTINCT extractor FROM {quoted_name(table.name)}"  # noqa: S608
    return [
        f"rows_{number} AS ({rows})",
        f"values_{number} AS (SELECT _unit, {values} FROM rows_{number} GROUP BY _unit)",  # noqa: S608
        f"nothing_{number} AS (SELECT {values} FROM rows_{number} WHERE false)",  # noqa: S608
        f"done_{number} AS (SELECT DISTINCT units._unit FROM units JOIN stored.status AS done USING (media_id) "  # noqa: S608
        f"WHERE done.status IN ('ok', 'empty') AND done.extractor IN ({looked}))",
    ]


def _in_order(aggregate: str, unit: Unit) -> str:
    """Let *any value* be that of the item's first medium, so that the same study gives the same summary."""
    if unit == "medium":
        return aggregate
    return re.sub(r"\bany_value\((\w+)\)", r"arg_min(\1, _position)", aggregate)
