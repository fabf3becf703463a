"""The values of each file that the contact sheet shows and sorts by."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tidymedia.report.content import ReportContent
from tidymedia.report.wording import is_missing, plain
from tidymedia.tables import Column
from tidymedia.tables.standard import MEDIA_COLUMNS

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ValueColumn", "value_columns"]

_MOST_COLUMNS = 80
_LONGEST_VALUE = 160
_FILES_IN_CELLS = frozenset({"png"})
"""Columns that hold a file in base64: nothing to read, and a picture that may not be meant for the page."""


@dataclass(frozen=True, slots=True)
class ValueColumn:
    """A value that tiles have.

    Parameters
    ----------
    name : str
        Its name; with its table in front where two tables use the same one.
    unit, meaning : str
        What the codebook says.
    sortable : bool
        Whether it is a number.
    """

    name: str
    unit: str
    meaning: str
    sortable: bool


_Source = tuple[ValueColumn, Mapping[str, Any]]


def value_columns(
    content: ReportContent, shown: pd.DataFrame, words: Mapping[str, int] | None
) -> tuple[tuple[ValueColumn, ...], list[list[Any]]]:
    """Collect the values of files: size, words, the summary, and the tables with one row a file or picture.

    Of a file with several pictures, the values of the first one are taken.

    Parameters
    ----------
    content : ReportContent
        The study.
    shown : pandas.DataFrame
        The files, rows of ``media``.
    words : mapping of str to int or None
        Number of words by path; None where they are not known.

    Returns
    -------
    tuple of (tuple of ValueColumn, list of list)
        The columns, and for each file its values; numbers rounded to six significant digits.
    """
    paths = [plain(path) for path in shown["path"]] if len(shown) else []
    wanted = set(paths)
    sources: list[_Source] = []
    if paths:
        sizes = {path: _value(amount) for path, amount in zip(paths, shown["bytes"], strict=True)}
        sources.append((ValueColumn("file size", "bytes", "Size of the file.", sortable=True), sizes))
        summary_names = set(content.summary.columns) if content.summary is not None else set()
        if words is not None and "words" not in summary_names:
            counts = {path: words.get(path) for path in paths}
            sources.append((ValueColumn("words", "", "Words of its texts.", sortable=True), counts))
        sources.extend(_summary_sources(content, wanted))
        sources.extend(_table_sources(content, wanted, summary_names))
    kept = [source for source in sources if any(value is not None for value in source[1].values())][:_MOST_COLUMNS]
    return tuple(column for column, _ in kept), [[values.get(path) for _, values in kept] for path in paths]


def _summary_sources(content: ReportContent, wanted: set[str]) -> list[_Source]:
    summary = content.summary
    if summary is None or summary.empty or "path" not in summary:
        return []
    described = {item.column.name: item.column for table in content.definitions for item in table.summary}
    known = {column.name for column in MEDIA_COLUMNS}
    rows = _of_files(summary, wanted).drop_duplicates("path")
    return [_source(rows, name, name, described.get(name)) for name in map(str, summary.columns) if name not in known]


def _table_sources(content: ReportContent, wanted: set[str], taken: set[str]) -> list[_Source]:
    """Take tables with one row a file, or one row a picture: of these the first picture."""
    found: list[_Source] = []
    used = set(taken)
    for table in content.definitions:
        rows = content.tables.get(table.name)
        if content.is_derived(table.name):
            continue
        if rows is None or rows.empty or table.keys not in ((), ("picture",)) or "path" not in rows:
            continue
        rows = _of_files(rows, wanted)
        if table.keys and "picture" in rows:
            rows = rows.sort_values("picture", kind="stable")
        rows = rows.drop_duplicates("path")
        for column in table.columns:
            if column.type == "vector" or column.name not in rows or column.name in taken | _FILES_IN_CELLS:
                continue
            name = f"{table.name}.{column.name}" if column.name in used else column.name
            used.add(column.name)
            found.append(_source(rows, column.name, name, column))
    return found


def _of_files(rows: pd.DataFrame, wanted: set[str]) -> pd.DataFrame:
    # Series.isin refuses names that are no Unicode text.
    return rows[[plain(path) in wanted for path in rows["path"]]]


def _source(rows: pd.DataFrame, name: str, shown_as: str, column: Column | None) -> _Source:
    values = {plain(path): _value(value) for path, value in zip(rows["path"], rows[name], strict=True)}
    numbers = [value for value in values.values() if value is not None]
    sortable = bool(numbers) and all(
        isinstance(value, (int, float)) and not isinstance(value, bool) for value in numbers
    )
    unit, meaning = (column.unit, column.meaning) if column is not None else ("", "")
    return ValueColumn(shown_as, unit, meaning, sortable), values


def _value(value: Any) -> Any:
    """Return a cell as a plain value for JSON; None for a missing one, a list or an endless number."""
    if hasattr(value, "item"):
        value = value.item()
    if is_missing(value) or isinstance(value, (list, tuple, dict)) or type(value).__name__ == "ndarray":
        return None
    if isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return float(f"{value:.6g}") if math.isfinite(value) else None
    text = str(value)
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"
