"""The codebook: every column of every table of a study, described."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tidymedia.tables.codebook_text import codebook_text
from tidymedia.tables.column import Column, ColumnType
from tidymedia.tables.description import ExtractorDescription, by_name, makers
from tidymedia.tables.keys import IDENTITY, KEYS, PATH, PROVENANCE
from tidymedia.tables.replacing import replacing
from tidymedia.tables.standard import STANDARD_MEANINGS
from tidymedia.tables.study_files import STANDARD_COLUMNS, file_schema, study_files
from tidymedia.tables.summary import summary_columns
from tidymedia.tables.table import Table

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

__all__ = ["CODEBOOK_COLUMNS", "codebook_frame", "codebook_rows", "described_columns", "write_codebook"]

CODEBOOK_COLUMNS = (
    "table",
    "column",
    "type",
    "unit",
    "range",
    "meaning",
    "missing",
    "extractor",
    "caveat",
    "citation",
)
"""Columns of the codebook itself."""

_UNKNOWN = "Not described: the extractor that made it is not known to this installation."
_COMMON = {column.name: column for column in (PATH, *IDENTITY, *PROVENANCE, *(key.column for key in KEYS.values()))}
_SUMMARY_MEANINGS = {
    "summary": "One file; made from the tables whenever it is asked for.",
    "item_summary": "One item of the table that was given; made from the tables whenever it is asked for.",
}


def described_columns(
    folder: Path,
    definitions: Sequence[Table],
    *,
    extractors: Sequence[ExtractorDescription] = (),
    joined: bool = False,
) -> dict[str, list[Column]]:
    """Describe the columns that the files of a study have, and those of its summaries.

    Parameters
    ----------
    folder : pathlib.Path
        The study.
    definitions : sequence of Table
        The tables that are known.
    extractors : sequence of ExtractorDescription, default ()
        The extractors that are known.
    joined : bool, default False
        Whether to describe ``status`` and ``failures`` as queries and exports give them, with the path.

    Returns
    -------
    dict of str to list of Column
        Columns by table, in the order of the files.
    """
    known = by_name(definitions, extractors)
    files = study_files(folder)
    described: dict[str, list[Column]] = {}
    for name, path in files.items():
        by_column = {column.name: column for column in STANDARD_COLUMNS.get(name, ())}
        if name in known:
            by_column |= {column.name: column for column in known[name].all_columns()}
        elif name not in STANDARD_COLUMNS:
            by_column |= _COMMON
        described[name] = [
            by_column[field.name] if field.name in by_column else _from_file(field, name) for field in file_schema(path)
        ]
        if joined and name in {"status", "failures"}:
            described[name].insert(0, Column(PATH.name, PATH.type, f"{PATH.meaning} Joined by media_id."))
        if joined and name == "failures":
            by_media = {column.name: column for column in STANDARD_COLUMNS["media"]}
            described[name] = [
                by_media[column.name] if column.name == "media_id" else column for column in described[name]
            ]
    described["summary"] = list(summary_columns(folder, definitions, extractors=extractors))
    if "items" in files:
        columns = {column.name: column for column in described["items"]}
        described["item_summary"] = [
            columns.get(column.name, column) if column.meaning.startswith("Column of the table") else column
            for column in summary_columns(folder, definitions, "item", extractors=extractors)
        ]
    return described


def codebook_rows(
    folder: Path,
    definitions: Sequence[Table],
    *,
    extractors: Sequence[ExtractorDescription] = (),
    joined: bool = False,
) -> list[dict[str, str]]:
    """Return the rows of the codebook, with the keys of ``CODEBOOK_COLUMNS``.

    The extractors that fill a table, their caveat and citation stand beside what they measure, not beside
    keys and provenance. Parameters are those of :func:`described_columns`.
    """
    rows = []
    for name, columns in described_columns(folder, definitions, extractors=extractors, joined=joined).items():
        filled_by = makers(name, extractors)
        told = {
            "extractor": ", ".join(extractor.name for extractor in filled_by),
            "caveat": " ".join(extractor.caveat for extractor in filled_by if extractor.caveat),
            "citation": "; ".join("; ".join(one.citation.splitlines()) for one in filled_by if one.citation),
        }
        for column in columns:
            measured = name not in STANDARD_COLUMNS and column.name not in _COMMON
            rows.append(
                {
                    "table": name,
                    "column": column.name,
                    "type": column.type,
                    "unit": column.unit,
                    "range": column.range,
                    "meaning": column.meaning,
                    "missing": column.missing,
                    **(told if measured else dict.fromkeys(told, "")),
                }
            )
    return rows


def codebook_frame(
    folder: Path,
    definitions: Sequence[Table],
    *,
    extractors: Sequence[ExtractorDescription] = (),
) -> pd.DataFrame:
    """Return the codebook of a study as a data frame.

    Parameters
    ----------
    folder : pathlib.Path
        The study.
    definitions : sequence of Table
        The tables that are known. A table that is none of them is listed with what its file says.
    extractors : sequence of ExtractorDescription, default ()
        The extractors that are known, for their caveats and citations.

    Returns
    -------
    pandas.DataFrame
        One row a column of a table.
    """
    import pandas as pd

    return pd.DataFrame(codebook_rows(folder, definitions, extractors=extractors), columns=list(CODEBOOK_COLUMNS))


def write_codebook(
    folder: Path,
    definitions: Sequence[Table],
    *,
    extractors: Sequence[ExtractorDescription] = (),
) -> list[Path]:
    """Write ``codebook.csv`` and ``codebook.md`` into a study.

    Parameters
    ----------
    folder : pathlib.Path
        The study.
    definitions, extractors
        As for :func:`codebook_frame`.

    Returns
    -------
    list of pathlib.Path
        The two files.
    """
    folder = Path(folder)
    rows = codebook_rows(folder, definitions, extractors=extractors)
    meanings = {**STANDARD_MEANINGS, **_SUMMARY_MEANINGS}
    meanings |= {name: table.meaning for name, table in by_name(definitions, extractors).items()}
    keys = {name: table.keys for name, table in by_name(definitions, extractors).items()}
    contents = {
        "codebook.csv": codebook_csv(rows),
        "codebook.md": codebook_text(rows, meanings, keys, extractors),
    }
    for name, content in contents.items():
        with replacing(folder / name) as temporary:
            temporary.write_text(content, encoding="utf-8", newline="")
    return [folder / name for name in contents]


def codebook_csv(rows: Sequence[dict[str, str]]) -> str:
    """Return the rows of a codebook as CSV."""
    text = io.StringIO()
    writer = csv.DictWriter(text, CODEBOOK_COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _from_file(field: pa.Field, table: str) -> Column:
    """Describe a column by what its file says about it."""
    import pyarrow.types as types

    kind: ColumnType = "string"
    if types.is_boolean(field.type):
        kind = "boolean"
    elif types.is_integer(field.type):
        kind = "integer"
    elif types.is_floating(field.type) or types.is_decimal(field.type):
        kind = "number"
    elif types.is_list(field.type) or types.is_fixed_size_list(field.type):
        kind = "vector"
    if table == "items":
        return Column(
            field.name, kind, "Column of the table that was given.", missing="empty in the table that was given"
        )
    return Column(field.name, kind, _UNKNOWN, missing="not described")
