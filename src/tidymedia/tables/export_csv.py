"""Export to CSV, UTF-8."""

from __future__ import annotations

from pathlib import Path

from tidymedia.tables.export_source import Source
from tidymedia.tables.export_text import as_texts

__all__ = ["write_csv"]


def write_csv(source: Source, file: Path, *, bom: bool = False) -> None:
    """Write a table as CSV.

    Texts are quoted and missing values are not, so that an empty text (``""``) and a missing value
    (nothing) differ in the file. Values are written as they are: a text that begins with ``=`` stays so,
    and a spreadsheet program may take it for a formula. Open such files by its import dialog with all
    columns as text, or export to XLSX.

    Parameters
    ----------
    source : Source
        The table.
    file : pathlib.Path
        Where to write.
    bom : bool, default False
        Whether to begin with a byte order mark, by which Excel knows UTF-8.
    """
    import pyarrow as pa
    import pyarrow.csv as arrow_csv

    empty = pa.RecordBatch.from_pylist([], schema=source.schema)
    schema = pa.schema([(name, as_texts(empty.column(i)).type) for i, name in enumerate(source.schema.names)])
    options = arrow_csv.WriteOptions(quoting_style="needed")
    with file.open("wb") as sink:
        if bom:
            sink.write(b"\xef\xbb\xbf")
        with arrow_csv.CSVWriter(sink, schema, write_options=options) as writer:
            for batch in source.batches():
                writer.write_batch(pa.RecordBatch.from_arrays([as_texts(one) for one in batch.columns], schema=schema))
