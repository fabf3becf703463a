"""The measured segments of a study, a row for each path of their file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tidymedia.errors import UsageError
from tidymedia.tables.study_files import study_files
from tidymedia.voice_scores.table import STANDARDIZED

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MeasuredSegments", "read_segments"]


@dataclass(frozen=True, slots=True)
class MeasuredSegments:
    """Rows of ``voice``.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``path``, ``media_id``, ``unit_id``, ``segment``, ``start_ms``, ``end_ms`` and the measures.
    model : str or None
        What measured them.
    fingerprints : tuple of str
        Fingerprints of the rows.
    """

    rows: pd.DataFrame
    model: str | None
    fingerprints: tuple[str, ...]


def read_segments(folder: Path) -> MeasuredSegments:
    """Read the segments of a study whose voices were measured.

    Parameters
    ----------
    folder : pathlib.Path
        The study.

    Returns
    -------
    MeasuredSegments
        Sorted by path and segment.

    Raises
    ------
    UsageError
        Where no voices were measured yet.
    """
    import pyarrow.parquet as pq

    files = study_files(folder)
    if "voice" not in files:
        raise UsageError(
            f"The study {folder} has no table voice: nothing was measured, or nothing was heard.",
            f"Measure its recordings with: tidymedia analyze -o {folder} --with voice.",
        )
    columns = ["media_id", "unit_id", "segment", "start_ms", "end_ms", *STANDARDIZED, "model", "fingerprint"]
    rows = pq.read_table(files["voice"], columns=columns).to_pandas().drop_duplicates("unit_id")
    media = pq.read_table(files["media"], columns=["path", "media_id"]).to_pandas()
    joined = media.dropna().drop_duplicates().merge(rows, on="media_id")
    joined = joined.sort_values(["path", "segment"], kind="stable", ignore_index=True)
    return MeasuredSegments(
        joined.drop(columns=["model", "fingerprint"]),
        next(iter(rows["model"].dropna()), None),
        tuple(sorted(set(rows["fingerprint"]))),
    )
