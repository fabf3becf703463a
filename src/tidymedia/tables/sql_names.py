"""Names, text and types as parts of an SQL statement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tidymedia.tables.column import Column

__all__ = ["SQL_TYPES", "no_rows", "quoted_name", "quoted_text"]

SQL_TYPES: Mapping[str, str] = {
    "string": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "vector": "FLOAT[]",
}
"""Types of DuckDB by the types of columns."""


def quoted_name(name: str) -> str:
    """Quote the name of a table or a column.

    Examples
    --------
    >>> quoted_name('my "own" column')
    '"my ""own"" column"'
    """
    return '"' + name.replace('"', '""') + '"'


def quoted_text(value: str) -> str:
    """Quote a text.

    Examples
    --------
    >>> quoted_text("it's")
    "'it''s'"
    """
    return "'" + value.replace("'", "''") + "'"


def no_rows(columns: Iterable[Column]) -> str:
    """Write a query that has some columns and no row.

    Examples
    --------
    >>> no_rows([Column("width", "integer", "Width of the picture.")])
    'SELECT NULL::BIGINT AS "width" WHERE false'
    """
    typed = ", ".join(f"NULL::{SQL_TYPES[column.type]} AS {quoted_name(column.name)}" for column in columns)
    return f"SELECT {typed} WHERE false"
