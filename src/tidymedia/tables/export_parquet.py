"""Export to Parquet."""

from __future__ import annotations

from pathlib import Path

from tidymedia.tables.export_source import Source

__all__ = ["write_parquet"]


def write_parquet(source: Source, file: Path) -> None:
    """Write a table as Parquet, with the types that it has in the study.

    Parameters
    ----------
    source : Source
        The table.
    file : pathlib.Path
        Where to write.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    with pq.ParquetWriter(file, source.schema, compression="zstd") as writer:
        pending: list[pa.RecordBatch] = []
        for batch in source.batches():
            pending.append(batch)
            if sum(one.nbytes for one in pending) > 32 * 2**20 or sum(one.num_rows for one in pending) > 100_000:
                writer.write_table(pa.Table.from_batches(pending, source.schema))
                pending = []
        if pending:
            writer.write_table(pa.Table.from_batches(pending, source.schema))
