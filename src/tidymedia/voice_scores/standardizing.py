"""Standardize the voices of a study within speakers, and write the table of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from tidymedia.errors import UsageError
from tidymedia.tables.derived import write_found
from tidymedia.voice_scores.reading import read_segments
from tidymedia.voice_scores.speakers import name_speakers
from tidymedia.voice_scores.table import STANDARDIZED, VOICE_STANDARDIZED

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MIN_OVERLAP", "MIN_SEGMENTS", "standardize", "standardize_voices"]

MIN_SEGMENTS: Final = 10
"""Fewest segments of a speaker, where the user names no number."""

MIN_OVERLAP: Final = 0.5
"""Least share of a segment that its speaker covers, where the user names none."""

_SAME: Final = 1e-9


def standardize_voices(
    folder: Path,
    by: str = "speaker",
    *,
    speakers: pd.DataFrame | str | Path | None = None,
    min_segments: int = MIN_SEGMENTS,
    min_overlap: float = MIN_OVERLAP,
) -> Path:
    """Standardize the measures of voices within speakers and write the table ``voice_standardized``.

    Parameters
    ----------
    folder : pathlib.Path
        The study.
    by : str, default "speaker"
        What tells speakers apart, see :func:`name_speakers`.
    speakers : pandas.DataFrame, str, pathlib.Path or None, default None
        A table of speakers, or a CSV file with one.
    min_segments : int, default 10
        Fewest measured segments of a speaker.
    min_overlap : float, default 0.5
        Least share of a segment that turns of its speaker cover.

    Returns
    -------
    pathlib.Path
        ``derived/voice_standardized.parquet``.

    Raises
    ------
    UsageError
        Where no voices were measured, nobody is named, or a number makes no sense.
    """
    if isinstance(min_segments, bool) or not isinstance(min_segments, int) or min_segments < 2:
        raise UsageError(f"min_segments={min_segments!r} makes no sense.", "Write a whole number of 2 or more.")
    if isinstance(min_overlap, bool) or not 0 < min_overlap <= 1:
        raise UsageError(f"min_overlap={min_overlap!r} makes no sense.", "Write a number above 0, and 1 at most.")
    measured = read_segments(folder)
    named = name_speakers(folder, measured.rows, by, speakers, min_overlap)
    segments = measured.rows.assign(**{name: named.rows[name].array for name in ("speaker", "speaker_share", "reason")})
    rows = standardize(segments, min_segments)
    parameters = {
        "by": by,
        "source": named.source,
        "min_segments": min_segments,
        "min_overlap": min_overlap if named.source in ("speakers", "given") else None,
        "speakers_sha256": named.sha256,
    }
    return write_found(
        folder,
        VOICE_STANDARDIZED,
        rows,
        parameters,
        ["media", "voice", *named.tables],
        model=measured.model,
        fingerprints=[*measured.fingerprints, *named.fingerprints],
    )


def standardize(rows: pd.DataFrame, min_segments: int) -> pd.DataFrame:
    """Standardize measures within speakers.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``unit_id``, ``speaker``, ``reason`` and the measures, a row for each path of a segment.
    min_segments : int
        Fewest segments of a speaker that have a measure.

    Returns
    -------
    pandas.DataFrame
        The rows with ``speaker_segments``, ``reason`` and ``<measure>_z``. Where a segment lies at several paths of one
        speaker, it counts once.
    """
    import numpy as np

    is_measured = rows["voiced_share"].notna()
    once = rows[is_measured].drop_duplicates(["speaker", "unit_id"])
    grouped = once.groupby("speaker", sort=False)
    counts = rows["speaker"].map(grouped.size())
    counts = counts.where(rows["speaker"].isna(), counts.fillna(0)).astype("Int64")
    reason = rows["reason"].copy()
    reason = reason.mask(reason.isna() & ~is_measured, "no_measures")
    reason = reason.mask(reason.isna() & (counts < min_segments).fillna(False), "few_segments")
    scores = {}
    for name in STANDARDIZED:
        values = rows[name].astype("float64")
        mean, spread, number = (
            rows["speaker"].map(one).astype("float64")
            for one in (grouped[name].mean(), grouped[name].std(ddof=1), grouped[name].count())
        )
        usable = reason.isna() & (number >= min_segments) & (spread > _SAME * np.maximum(1.0, mean.abs()))
        scores[f"{name}_z"] = ((values - mean) / spread.where(usable)).round(6)
    return rows.assign(speaker_segments=counts, reason=reason, **scores)
