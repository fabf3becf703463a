"""A table: its keys and its columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tidymedia.tables.column import Column
from tidymedia.tables.keys import IDENTITY, KEYS, PATH, PROVENANCE

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Summary", "Table"]


@dataclass(frozen=True, slots=True)
class Summary:
    """How the rows of a table become one value a file, for ``study.summary()`` and ``export --wide``.

    Parameters
    ----------
    column : Column
        The column of the summary.
    aggregate : str
        An aggregate over the rows of one file, in the SQL of DuckDB: ``"count(*)"``.

    Examples
    --------
    >>> from tidymedia.tables import Column
    >>> Summary(Column("faces", "integer", "Number of faces."), "count(*)").aggregate
    'count(*)'
    """

    column: Column
    aggregate: str


@dataclass(frozen=True, slots=True)
class Table:
    """A kind of row: which unit it is about and what it says.

    Parameters
    ----------
    name : str
        Name of the table and of its file, plural: ``"texts"``.
    keys : tuple of str
        Names of the keys below the medium, outermost first: ``("picture", "block")``.
    columns : tuple of Column
        What an extractor fills in; identity, keys and provenance are added to it.
    meaning : str
        What one row is, in a sentence.
    summary : tuple of Summary, default ()
        What of it goes into the summary of a study, one value a file.

    Examples
    --------
    >>> from tidymedia.tables import Column
    >>> table = Table("texts", ("picture", "block"), (Column("text", "string", "The text."),), "One text block.")
    >>> [column.name for column in table.all_columns()][:5]
    ['path', 'media_id', 'unit_id', 'picture', 'block']
    """

    name: str
    keys: tuple[str, ...]
    columns: tuple[Column, ...]
    meaning: str
    summary: tuple[Summary, ...] = ()

    def stored_columns(self) -> tuple[Column, ...]:
        """Return the columns of a stored row: all but the path, which is joined when a table is read."""
        return (*IDENTITY, *(KEYS[key].column for key in self.keys), *self.columns, *PROVENANCE)

    def all_columns(self) -> tuple[Column, ...]:
        """Return the columns that a reader sees, the path first."""
        return (PATH, *self.stored_columns())

    def schema(self) -> pa.Schema:
        """Return the Arrow schema of a stored row."""
        import pyarrow as pa

        return pa.schema([column.arrow_field() for column in self.stored_columns()])
