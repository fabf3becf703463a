"""Which Parquet files a study has, by the names under which they are read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tidymedia.errors import StudyError
from tidymedia.tables.column import Column
from tidymedia.tables.standard import FAILURE_COLUMNS, ITEM_COLUMNS, MEDIA_COLUMNS, STATUS_COLUMNS

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["STANDARD_COLUMNS", "VIEWS", "file_schema", "study_files", "user_columns"]

STANDARD_COLUMNS: dict[str, tuple[Column, ...]] = {
    "media": MEDIA_COLUMNS,
    "items": ITEM_COLUMNS,
    "status": STATUS_COLUMNS,
    "failures": FAILURE_COLUMNS,
}
"""Columns of the study's own files, by name, in the order in which readers meet them."""

VIEWS = ("summary", "item_summary")
"""Names of what is computed from the tables when it is asked for."""


def study_files(folder: Path) -> dict[str, Path]:
    """Find the Parquet files of a study.

    Parameters
    ----------
    folder : pathlib.Path
        The study.

    Returns
    -------
    dict of str to pathlib.Path
        Files by name: the study's own ones, then its tables, then what was derived from them.

    Raises
    ------
    StudyError
        Where the folder holds no study.
    """
    folder = Path(folder)
    if not (folder / "media.parquet").is_file():
        raise StudyError(
            f"{folder} is no study: it has no media.parquet.",
            "Name the folder that `tidymedia analyze` wrote.",
        )
    found = {name: folder / f"{name}.parquet" for name in STANDARD_COLUMNS}
    files = {name: path for name, path in found.items() if path.is_file()}
    for subfolder in ("tables", "derived"):
        for path in sorted((folder / subfolder).glob("*.parquet")):
            if path.stem not in files and path.stem not in VIEWS and not path.name.startswith("."):
                files[path.stem] = path
    return files


def file_schema(path: Path) -> pa.Schema:
    """Return the Arrow schema of a file of the study.

    Raises
    ------
    StudyError
        Where the file is damaged.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return pq.read_schema(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise StudyError(
            f"{path.name} of the study in {path.parent} cannot be read: {error}.",
            "Run `tidymedia compact` on the study; it makes its tables anew.",
        ) from error


def user_columns(names: Sequence[str]) -> list[str]:
    """Return those columns of ``items`` that came from the user's own table."""
    ours = {column.name for column in ITEM_COLUMNS}
    return [name for name in names if name not in ours]
