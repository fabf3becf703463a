"""One row a file, or one row an item with the user's own columns."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tidymedia.errors import UsageError
from tidymedia.tables.column import Column
from tidymedia.tables.database import open_database
from tidymedia.tables.description import ExtractorDescription
from tidymedia.tables.frames import to_frame
from tidymedia.tables.study_files import file_schema, study_files
from tidymedia.tables.summary_query import Unit, summary_query
from tidymedia.tables.table import Table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["summarize", "summary_columns", "summary_view"]


def summarize(
    folder: Path,
    definitions: Sequence[Table],
    unit: Unit = "medium",
    *,
    extractors: Sequence[ExtractorDescription] = (),
) -> pd.DataFrame:
    """Summarise a study: one row a file or an item.

    A value that an extractor looked for and did not find counts as such (0 faces); a value that could
    not be looked for is missing. An item with several media is summarised over the rows of all of them:
    counts are summed, texts joined in the order of the media, numbers averaged over their pictures; what
    describes one file, such as its format, is that of the first.

    Parameters
    ----------
    folder : pathlib.Path
        The study.
    definitions : sequence of Table
        The tables that are known; their summaries become columns.
    unit : {"medium", "item"}, default "medium"
        Whether a row is a file, or an item of the table that the study began with.
    extractors : sequence of ExtractorDescription, default ()
        The extractors that are known. Without them, a table in which no row was written at all is left out.

    Returns
    -------
    pandas.DataFrame
        For files: path, kind, bytes, status, problems and the summaries. For items: item_id, the user's
        own columns, then media, path, status, problems and the summaries.

    Raises
    ------
    UsageError
        Where items are asked for and the study has none.
    StudyError
        Where the folder holds no study.
    """
    view = summary_view(folder, unit)
    with open_database(folder, definitions, extractors=extractors, need_summary=True) as connection:
        return to_frame(connection.table(view).to_arrow_table())


def summary_view(folder: Path, unit: Unit) -> str:
    """Return the name of the view that holds the summary.

    Raises
    ------
    UsageError
        Where the unit is unknown, or items are asked for and the study has none.
    """
    if unit not in ("medium", "item"):
        raise UsageError(f"A summary has no unit {unit}.", "Choose medium or item.")
    if unit == "item" and "items" not in study_files(folder):
        raise UsageError(
            f"The study {folder} has no items: it did not begin with a table of posts.",
            "Use the unit medium, or analyse a table with --path-column.",
        )
    return "summary" if unit == "medium" else "item_summary"


def summary_columns(
    folder: Path,
    definitions: Sequence[Table],
    unit: Unit = "medium",
    *,
    extractors: Sequence[ExtractorDescription] = (),
) -> tuple[Column, ...]:
    """Return the described columns of the summary of a study."""
    files = study_files(folder)
    columns = {name: file_schema(path).names for name, path in files.items()}
    return summary_query(unit, columns, _recorded(files), definitions, extractors).columns


def _recorded(files: dict[str, Path]) -> list[str]:
    """Return the names of the extractors that have run in a study."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    if "status" not in files:
        return []
    return [str(name) for name in pc.unique(pq.read_table(files["status"], columns=["extractor"])["extractor"])]
