"""Export to JSON Lines."""

from __future__ import annotations

from pathlib import Path

from tidymedia.tables.export_source import Source
from tidymedia.tables.export_text import as_json

__all__ = ["write_jsonl"]


def write_jsonl(source: Source, file: Path) -> None:
    """Write a table as JSON Lines: one object a row, vectors as arrays, UTF-8 without escapes.

    JSON knows no infinite numbers; they become null.

    Parameters
    ----------
    source : Source
        The table.
    file : pathlib.Path
        Where to write.
    """
    with file.open("w", encoding="utf-8", newline="\n") as sink:
        for batch in source.batches():
            sink.writelines(as_json(row) + "\n" for row in batch.to_pylist())
