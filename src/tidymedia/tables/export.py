"""Export a study to the formats that other programs read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tidymedia.errors import UsageError
from tidymedia.tables.codebook import codebook_csv, codebook_rows, described_columns
from tidymedia.tables.column import Column
from tidymedia.tables.database import open_database
from tidymedia.tables.description import ExtractorDescription, by_name
from tidymedia.tables.export_csv import write_csv
from tidymedia.tables.export_duckdb import write_duckdb
from tidymedia.tables.export_jsonl import write_jsonl
from tidymedia.tables.export_parquet import write_parquet
from tidymedia.tables.export_place import check_place
from tidymedia.tables.export_source import Copies, Source, file_source, view_source
from tidymedia.tables.export_spoken import SPOKEN_FORMATS
from tidymedia.tables.export_xlsx import write_xlsx
from tidymedia.tables.replacing import replacing
from tidymedia.tables.sql_names import quoted_name
from tidymedia.tables.standard import STANDARD_MEANINGS
from tidymedia.tables.study_files import VIEWS, study_files
from tidymedia.tables.table import Table

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

__all__ = ["FORMATS", "Format", "export"]

Format = Literal["csv", "xlsx", "parquet", "duckdb", "jsonl"]
"""The formats of an export."""

FORMATS: tuple[Format, ...] = ("csv", "xlsx", "parquet", "duckdb", "jsonl")
_ONE_FILE = ("xlsx", "duckdb")


def export(
    folder: Path,
    destination: Path,
    definitions: Sequence[Table],
    *,
    format: Format = "csv",
    tables: Sequence[str] | None = None,
    wide: bool = False,
    bom: bool = False,
    copies: Copies = "all",
    overwrite: bool = False,
    extractors: Sequence[ExtractorDescription] = (),
) -> list[Path]:
    """Write the tables of a study in another format.

    Rows are streamed, so that memory does not grow with the study. Every file is there whole or not at all.

    Parameters
    ----------
    folder : pathlib.Path
        The study.
    destination : pathlib.Path
        For ``xlsx`` and ``duckdb`` the file; else a folder, which gets a file a table and a codebook, or,
        for a single table, a file whose name ends with the format.
    definitions : sequence of Table
        The tables that are known, for codebook and summary.
    format : {"csv", "xlsx", "parquet", "duckdb", "jsonl"}, default "csv"
        The format.
    tables : sequence of str or None, default None
        Names of the tables; None for all.
    wide : bool, default False
        Whether to export the summary instead: one row a file, and one row an item where there are items. A
        single CSV, Parquet or JSON Lines file gets the items where there are items, else the files.
    bom : bool, default False
        Whether CSV files begin with a byte order mark, by which Excel knows UTF-8.
    copies : {"all", "first"}, default "all"
        Whether a file that lies in several places is there for each path or for the first one.
    overwrite : bool, default False
        Whether to replace files that are there.
    extractors : sequence of ExtractorDescription, default ()
        The extractors that are known.

    Returns
    -------
    list of pathlib.Path
        The files written.

    Raises
    ------
    UsageError
        Where a table or format is unknown, a file is there already, the destination lies in the study, or
        a table does not fit the format.
    StudyError
        Where the folder holds no study.
    """
    folder, destination = Path(folder), Path(destination)
    if format not in FORMATS:
        every = ", ".join((*FORMATS, *SPOKEN_FORMATS))
        raise UsageError(f"There is no export format {format}.", f"Choose one of: {every}.")
    if copies not in ("all", "first"):
        raise UsageError(f"Copies cannot be {copies}.", "Choose all or first.")
    if wide and tables is not None:
        raise UsageError("A wide export is the summary; it takes no tables.", "Leave out one of the two.")
    described = described_columns(folder, definitions, extractors=extractors, joined=True)
    names = _chosen(described, tables, wide=wide)
    if wide and destination.suffix.lower() == f".{format}" and format not in _ONE_FILE:
        names = names[-1:]
    targets = _targets(destination, names, format)
    check_place(folder, destination, targets, overwrite=overwrite)
    codebook = [
        row for row in codebook_rows(folder, definitions, extractors=extractors, joined=True) if row["table"] in names
    ]
    meanings = {**STANDARD_MEANINGS, **{name: one.meaning for name, one in by_name(definitions, extractors).items()}}
    need_summary = any(name in VIEWS for name in names)
    with ExitStack() as stack:
        connection = stack.enter_context(
            open_database(folder, definitions, extractors=extractors, need_summary=need_summary)
        )
        paths = _first_paths(connection) if copies == "first" else None
        sources = [_source(name, described, folder, connection, paths, meanings) for name in names]
        for file in targets:
            file.parent.mkdir(parents=True, exist_ok=True)
        written = [stack.enter_context(replacing(file)) for file in targets]
        if format == "xlsx":
            write_xlsx(sources, codebook, written[0])
        elif format == "duckdb":
            write_duckdb(sources, codebook, written[0])
        else:
            writers: dict[str, Callable[[Source, Path], None]] = {
                "csv": lambda source, file: write_csv(source, file, bom=bom),
                "jsonl": write_jsonl,
                "parquet": write_parquet,
            }
            for source, file in zip(sources, written, strict=False):
                writers[format](source, file)
            if len(written) > len(sources):
                written[-1].write_text(("\ufeff" if bom else "") + codebook_csv(codebook), "utf-8", newline="")
    return targets


def _chosen(described: dict[str, list[Column]], tables: Sequence[str] | None, *, wide: bool) -> list[str]:
    """Return the names of the tables to export."""
    if wide:
        return [name for name in VIEWS if name in described]
    if tables is None:
        return [name for name in described if name not in VIEWS]
    for name in tables:
        if name not in described:
            raise UsageError(f"The study has no table {name}.", f"It has: {', '.join(described)}.")
    return list(dict.fromkeys(tables))


def _targets(destination: Path, names: Sequence[str], format: Format) -> list[Path]:
    """Return the files to write; the codebook is the last one in a folder."""
    ending = f".{format}"
    if format in _ONE_FILE:
        if destination.is_dir():
            raise UsageError(f"{destination} is a folder.", f"Name a file, such as {destination / 'study'}{ending}.")
        return [destination if destination.suffix else destination.with_name(destination.name + ending)]
    if destination.suffix.lower() == ending and not destination.is_dir():
        if len(names) != 1:
            raise UsageError(
                f"{destination.name} is one file, and there are {len(names)} tables: {', '.join(names)}.",
                "Name a folder, or one table.",
            )
        return [destination]
    if destination.is_file():
        raise UsageError(f"{destination} is a file.", "Name a folder: it gets a file a table.")
    return [*(destination / f"{name}{ending}" for name in names), destination / "codebook.csv"]


def _first_paths(connection: duckdb.DuckDBPyConnection) -> pa.Array:
    """Return the first path of each medium, and every path of what could not be read."""
    sql = "SELECT min(path) AS path FROM media GROUP BY coalesce(media_id, path)"
    return connection.sql(sql).to_arrow_table()["path"].combine_chunks()


def _source(
    name: str,
    described: dict[str, list[Column]],
    folder: Path,
    connection: duckdb.DuckDBPyConnection,
    paths: pa.Array | None,
    meanings: dict[str, str],
) -> Source:
    """Return a table as a source."""
    columns, meaning = described[name], meanings.get(name, "")
    if name in {"status", "failures", *VIEWS}:
        sql = f"SELECT * FROM {quoted_name(name)}"  # noqa: S608  # a quoted name
        if paths is not None and name != "item_summary":
            sql += " WHERE path IN (SELECT min(path) FROM media GROUP BY coalesce(media_id, path))"
        return view_source(name, columns, connection, sql, meaning)
    # An item names its media by path: none of its rows is a copy.
    return file_source(name, columns, study_files(folder)[name], None if name == "items" else paths, meaning)
