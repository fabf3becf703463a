"""The files of a study that are there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tidymedia.tables.study_files import study_files

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["read_present"]


def read_present(folder: Path) -> pa.Table:
    """Read which files a study can show: those that are there, could be read, and have bytes.

    Files that went missing are left out: their rows stay in the tables of a study, but a copy of one must not
    count as a second one.

    Parameters
    ----------
    folder : pathlib.Path
        The study.

    Returns
    -------
    pyarrow.Table
        Columns ``path``, ``media_id`` and ``bytes``; a row a file.
    """
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    media = pq.read_table(study_files(folder)["media"], columns=["path", "media_id", "bytes", "status"])
    there = pc.fill_null(pc.not_equal(media["status"], "missing"), True)
    filled = pc.fill_null(pc.not_equal(media["bytes"], 0), True)
    known = pc.is_valid(media["media_id"])
    return media.filter(pc.and_(pc.and_(there, filled), known)).drop_columns(["status"])
