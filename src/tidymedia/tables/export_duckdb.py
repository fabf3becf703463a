"""Export to one DuckDB file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tidymedia.tables.codebook import CODEBOOK_COLUMNS
from tidymedia.tables.export_source import Source
from tidymedia.tables.sql_names import quoted_name, quoted_text

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["write_duckdb"]


def write_duckdb(sources: Sequence[Source], codebook: Sequence[dict[str, str]], file: Path) -> None:
    """Write tables into a DuckDB file, with a ``codebook`` table and a comment on every column.

    Parameters
    ----------
    sources : sequence of Source
        The tables.
    codebook : sequence of dict
        Rows of the codebook.
    file : pathlib.Path
        Where to write; there must be no such file.
    """
    import duckdb
    import pyarrow as pa

    with duckdb.connect(str(file), config={"memory_limit": "2GB"}) as connection:
        for source in sources:
            reader = _readable(source)
            connection.register("arrow_source", reader)
            name = quoted_name(source.name)
            connection.execute(f"CREATE TABLE {name} AS SELECT * FROM arrow_source")  # noqa: S608
            connection.unregister("arrow_source")
            if source.meaning:
                connection.execute(f"COMMENT ON TABLE {name} IS {quoted_text(source.meaning)}")
            for column in source.columns:
                said = f"{column.meaning} Unit: {column.unit}." if column.unit else column.meaning
                where = f"{name}.{quoted_name(column.name)}"
                connection.execute(f"COMMENT ON COLUMN {where} IS {quoted_text(said)}")
        texts = pa.schema([(column, pa.string()) for column in CODEBOOK_COLUMNS])
        connection.register("arrow_source", pa.Table.from_pylist(list(codebook), schema=texts))
        connection.execute("CREATE TABLE codebook AS SELECT * FROM arrow_source")
        connection.unregister("arrow_source")


def _readable(source: Source) -> pa.RecordBatchReader:
    """Return the rows as DuckDB reads them: it knows no half precision numbers."""
    import pyarrow as pa

    schema = pa.schema([(field.name, _single_precision(field.type)) for field in source.schema])
    return pa.RecordBatchReader.from_batches(schema, (batch.cast(schema) for batch in source.batches()))


def _single_precision(kind: pa.DataType) -> pa.DataType:
    """Return a type with single instead of half precision."""
    import pyarrow as pa

    if pa.types.is_float16(kind):
        return pa.float32()
    if pa.types.is_list(kind):
        return pa.list_(_single_precision(kind.value_type))
    return kind
