"""Read a table of a study as a data frame."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tidymedia.errors import UsageError
from tidymedia.tables.database import query
from tidymedia.tables.frames import to_frame
from tidymedia.tables.study_files import study_files

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["read_frame"]

_JOINED = {"status": "path, extractor", "failures": "path, extractor, picture"}
"""Files without a path of their own, and how they are sorted once it is joined."""


def read_frame(folder: Path, name: str, *, copies: Literal["all", "first"] = "all") -> pd.DataFrame:
    """Read a table.

    Parameters
    ----------
    folder : pathlib.Path
        The study.
    name : str
        Name of the table.
    copies : {"all", "first"}, default "all"
        Whether a file that lies in several places has its rows for each path, or for the first alone.

    Returns
    -------
    pandas.DataFrame
        Its rows, sorted by path and keys.

    Raises
    ------
    UsageError
        Where there is no such table, or no such choice of copies.
    """
    import pyarrow.parquet as pq

    if copies not in ("all", "first"):
        raise UsageError(f"Rows cannot be chosen by copies={copies!r}.", "Choose all or first.")
    files = study_files(folder)
    if name not in files:
        raise UsageError(f"The study {folder} has no table {name}.", f"It has: {', '.join(files)}.")
    if name in _JOINED:
        frame = query(folder, f"SELECT * FROM {name} ORDER BY {_JOINED[name]}")  # noqa: S608  # one of two names
    else:
        frame = to_frame(pq.read_table(files[name]))
    if copies == "first" and {"path", "media_id"} <= set(frame.columns):
        first = frame.groupby("media_id")["path"].transform("min")
        frame = frame[frame["media_id"].isna() | (frame["path"] == first)].reset_index(drop=True)
    return frame
