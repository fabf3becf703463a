"""What an export writes: tables as streams of record batches."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tidymedia.tables.column import Column

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

__all__ = ["BATCH_ROWS", "Copies", "Source", "file_source", "view_source"]

Copies = Literal["all", "first"]
"""Whether a file that lies in several places is exported once for each path, or once."""

BATCH_ROWS = 8192
"""Rows that are in memory at a time."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """One table to export.

    Parameters
    ----------
    name : str
        Its name.
    columns : list of Column
        What its columns mean.
    schema : pyarrow.Schema
        The types of its columns.
    meaning : str, default ""
        What one row is.
    """

    name: str
    columns: list[Column]
    schema: pa.Schema
    meaning: str = ""

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Give the rows, some at a time."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class _FileSource(Source):
    """A table that is a file of the study; its types are kept as they are."""

    file: Path
    paths: pa.Array | None

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Give the rows of the file, without those of other copies."""
        import pyarrow.compute as pc
        import pyarrow.parquet as pq

        with pq.ParquetFile(self.file) as reader:
            for batch in reader.iter_batches(batch_size=BATCH_ROWS):
                if self.paths is None:
                    yield batch
                else:
                    wanted = pc.is_in(batch["path"], value_set=self.paths)
                    yield batch.filter(pc.or_(wanted, pc.is_null(batch["path"])))


@dataclass(frozen=True, kw_only=True)
class _ViewSource(Source):
    """A table that is computed when it is asked for."""

    connection: duckdb.DuckDBPyConnection
    sql: str

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Give the rows of the view."""
        with closing(self.connection.sql(self.sql).to_arrow_reader(BATCH_ROWS)) as reader:
            yield from reader


def file_source(name: str, columns: list[Column], file: Path, paths: pa.Array | None, meaning: str = "") -> Source:
    """Return a file of the study as a source, of some paths only where they are given."""
    import pyarrow.parquet as pq

    schema = pq.read_schema(file).remove_metadata()
    wanted = paths if "path" in schema.names else None
    return _FileSource(name=name, columns=columns, schema=schema, meaning=meaning, file=file, paths=wanted)


def view_source(
    name: str, columns: list[Column], connection: duckdb.DuckDBPyConnection, sql: str, meaning: str = ""
) -> Source:
    """Return the answer to a query as a source."""
    with closing(connection.sql(sql).to_arrow_reader(1)) as reader:
        schema = reader.schema
    return _ViewSource(name=name, columns=columns, schema=schema, meaning=meaning, connection=connection, sql=sql)
