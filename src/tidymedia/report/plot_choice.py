"""Which columns of a study are worth a plot, told by their definitions and values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Literal

from tidymedia.report.content import ReportContent
from tidymedia.tables import Column, Table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PLOTS_SHOWN", "ChosenColumn", "choose_columns"]

PLOTS_SHOWN = 12
"""How many plots the report shows at most."""

_FEW_VALUES = 12
_LONGEST_LABEL = 40
_LARGEST_UNIQUE_SHARE = 0.6
_POSITION_COLUMNS = frozenset(
    {"picture", "page", "frame", "time_ms", "start_ms", "end_ms", "first_frame", "source_segment"}
)
_CLUSTER_COLUMNS = frozenset({"cluster", "cluster_files", "is_representative"})
_HEXADECIMAL = re.compile(r"[0-9a-f]{12,}", re.IGNORECASE)
_DATE = re.compile(r"\d{4}[-:/]\d\d[-:/]\d\d")


@dataclass(frozen=True)
class ChosenColumn:
    """A column that gets a plot.

    Parameters
    ----------
    table : Table
        Its table.
    column : Column
        The column.
    shape : {"histogram", "counts", "categories"}
        Bars of a range of numbers, of single whole numbers, or of words.
    values : pandas.Series
        Its values, the missing ones left out.
    missing : int
        How many are missing.
    best_only : bool, default False
        Whether of several labels of one thing only the best was taken: all of them together show how many were
        asked for.
    """

    table: Table
    column: Column
    shape: Literal["histogram", "counts", "categories"]
    values: pd.Series
    missing: int
    best_only: bool = False


def choose_columns(content: ReportContent, limit: int = PLOTS_SHOWN) -> list[ChosenColumn]:
    """Choose the columns to plot, taking from every table in turn.

    Left out are keys, boxes, positions in a file, what says to which cluster a row belongs, columns with one value
    only, and texts that name things rather than class them (hashes, dates, names that hardly ever repeat).

    Parameters
    ----------
    content : ReportContent
        The study.
    limit : int, default PLOTS_SHOWN
        How many columns at most.

    Returns
    -------
    list of ChosenColumn
        The columns, those of one table together, in the order of the definitions.
    """
    tables = [table for table in content.definitions if len(content.tables.get(table.name, ()))]
    by_table = [list(_candidates(table, content.tables[table.name])) for table in tables]
    found = [chosen for turn in zip_longest(*by_table) for chosen in turn if chosen is not None]
    in_turn = [chosen for place, chosen in enumerate(found) if not _is_repeated(chosen, found[:place])][:limit]
    order = {table.name: position for position, table in enumerate(tables)}
    return sorted(in_turn, key=lambda chosen: order[chosen.table.name])


def _is_repeated(chosen: ChosenColumn, earlier: list[ChosenColumn]) -> bool:
    """Say whether another table has the same measure, such as the width in px of file and picture."""
    name, unit = chosen.column.name, chosen.column.unit
    return bool(unit) and any((other.column.name, other.column.unit) == (name, unit) for other in earlier)


def _candidates(table: Table, rows: pd.DataFrame) -> Iterator[ChosenColumn]:
    best_only = table.keys[-1:] == ("rank",) and "rank" in rows
    if best_only:
        rows = rows[rows["rank"] == 0]
    for column in table.columns:
        if column.name not in rows or column.name.startswith("box_"):
            continue
        if column.name in table.keys or column.name in _POSITION_COLUMNS | _CLUSTER_COLUMNS:
            continue
        values = rows[column.name].dropna()
        missing = len(rows) - len(values)
        if column.type in ("integer", "number"):
            numbers = _finite(values)
            if numbers.nunique() < 2:
                continue
            few = column.type == "integer" and numbers.max() - numbers.min() < _FEW_VALUES
            yield ChosenColumn(table, column, "counts" if few else "histogram", numbers, missing, best_only)
        elif column.type in ("string", "boolean"):
            words = values.map({True: "yes", False: "no"}) if column.type == "boolean" else values.astype(str)
            if _is_category(words):
                yield ChosenColumn(table, column, "categories", words, missing, best_only)


def _finite(values: pd.Series) -> pd.Series:
    import numpy as np

    numbers = values.astype(float)
    return numbers[np.isfinite(numbers)]


def _is_category(words: pd.Series) -> bool:
    """Say whether texts class their rows: few, short, repeated, and neither hashes nor dates."""
    distinct = words.nunique()
    if distinct < 2 or distinct > _LARGEST_UNIQUE_SHARE * len(words):
        return False
    typical = words.value_counts().index[:_FEW_VALUES]
    return all(
        len(word) <= _LONGEST_LABEL and not _HEXADECIMAL.fullmatch(word) and not _DATE.match(word) for word in typical
    )
