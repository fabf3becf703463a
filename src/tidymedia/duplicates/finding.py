"""Find the copies in a study and write the table of them."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Real
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tidymedia.duplicates.clusters import star_clusters
from tidymedia.duplicates.pairs import Neighbours
from tidymedia.duplicates.present import read_present
from tidymedia.duplicates.reading import EXTRACTORS, Measured, read_measured, unit_ids
from tidymedia.duplicates.table import DUPLICATES, MEASURES, TURNS, Measure
from tidymedia.errors import UsageError
from tidymedia.tables.derived import write_found
from tidymedia.tables.study_files import study_files

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["THRESHOLDS", "check_measure", "droppable", "find_duplicates"]

THRESHOLDS: Final[dict[Measure, float]] = {"bytes": 0, "hash": 36, "embedding": 0.06, "pixels": 0.03}
"""Largest distances at which two pictures count as copies, where the user names none."""

_LARGEST: Final[dict[Measure, float]] = {"bytes": 0, "hash": 64, "embedding": 1, "pixels": 1}


def find_duplicates(
    folder: Path,
    by: Measure = "hash",
    threshold: float | None = None,
    *,
    turned: bool = False,
    within_files: bool = False,
) -> Path:
    """Find the copies among the pictures of a study and write the table ``duplicates``.

    Parameters
    ----------
    folder : pathlib.Path
        The study.
    by : {"bytes", "hash", "embedding", "pixels"}, default "hash"
        What is compared: the bytes of files; perceptual hashes; embeddings; or pictures shrunk to a few pixels.
    threshold : float or None, default None
        The largest distance of a copy to the picture that stands for it; None for that of :data:`THRESHOLDS`.
    turned : bool, default False
        Whether rotated and mirrored copies are found as well, by their hashes.
    within_files : bool, default False
        Whether to keep clusters whose pictures all come from one file, such as the frames of one film.

    Returns
    -------
    pathlib.Path
        ``derived/duplicates.parquet``.

    Raises
    ------
    UsageError
        Where the study has not been measured in this way, or an argument makes no sense.
    """
    limit = _checked(by, threshold, turned)
    parameters = {"by": by, "threshold": limit, "turned": turned, "within_files": within_files}
    paths = read_present(folder).select(["path", "media_id"]).to_pandas().drop_duplicates()
    if by == "bytes":
        measured, sources = None, ["media"]
        rows = _same_bytes(paths).merge(paths, on="media_id")
    else:
        measured, sources = read_measured(folder, by), ["media", EXTRACTORS[by], "pictures"]
        rows = _near(measured, by, limit, turned).merge(paths, on="media_id")
    # Of several files with the same bytes, the first one stands for them: what is no representative can be dropped.
    first = rows.groupby("media_id")["path"].transform("min")
    rows["is_representative"] &= rows["path"] == first
    rows["cluster_files"] = rows.groupby("cluster")["path"].transform("nunique")
    rows["cluster_pictures"] = rows.groupby("cluster")["unit_id"].transform("size")
    rows = rows[rows["cluster_pictures" if within_files else "cluster_files"] > 1]
    rows["is_droppable"] = droppable(rows, _picture_counts(folder))
    rows = rows.sort_values(["cluster", "distance", "path", "picture"], kind="stable")
    return write_found(
        folder,
        DUPLICATES,
        rows,
        parameters,
        sources,
        model=measured.model if measured else None,
        fingerprints=measured.fingerprints if measured else (),
    )


def check_measure(by: Measure, *, turned: bool, among: Sequence[Measure] = MEASURES) -> None:
    """Say so where copies cannot be found in a way.

    Parameters
    ----------
    by : str
        What is to be compared.
    turned : bool
        Whether turned copies are wanted.
    among : sequence of str, default all
        What can be compared.

    Raises
    ------
    UsageError
        Where there is no such measure, or it cannot see that a picture is turned.
    """
    if by not in among:
        raise UsageError(f"Copies cannot be found by {by!r}.", f"Choose one of: {', '.join(among)}.")
    if turned and by != "hash":
        raise UsageError(f"Rotated and mirrored copies cannot be found by {by}.", "Compare hashes to find them.")


def _checked(by: Measure, threshold: float | None, turned: bool) -> float:
    """Return the threshold, or say what is wrong with the arguments."""
    check_measure(by, turned=turned)
    if threshold is not None and (isinstance(threshold, bool) or not isinstance(threshold, Real)):
        raise UsageError(f"A threshold of {threshold!r} is no number.", "Give the largest distance of a copy.")
    limit = THRESHOLDS[by] if threshold is None else float(threshold)
    if not 0 <= limit <= _LARGEST[by]:
        if by == "bytes":
            raise UsageError("A threshold makes no sense for bytes: files are the same or not.", "Leave it out.")
        raise UsageError(
            f"A threshold of {limit:g} makes no sense for {by}.", f"Choose one between 0 and {_LARGEST[by]:g}."
        )
    return limit


def _picture_counts(folder: Path) -> pd.Series[int]:
    """Return how many pictures each medium has.

    Left out are media whose pictures are not all there is to see or hear: films and animations, of which a study
    takes some frames and of which no sound is compared, and those with a picture that could not be shown.
    """
    import pandas as pd
    import pyarrow.parquet as pq

    files = study_files(folder)
    if "pictures" not in files:
        return pd.Series(dtype="int64")
    pictures = pq.read_table(files["pictures"], columns=["media_id", "picture", "frame"]).to_pandas().drop_duplicates()
    status = pq.read_table(files["status"], filters=[("extractor", "=", "pictures"), ("status", "=", "ok")])
    whole = pictures.groupby("media_id").agg(count=("picture", "size"), frames=("frame", "count"))
    whole = whole[(whole["frames"] == 0) & whole.index.isin(status["media_id"].to_pylist())]
    counts: pd.Series[int] = whole["count"]
    return counts


def droppable(rows: pd.DataFrame, pictures: pd.Series[int]) -> pd.Series[bool]:
    """Say of each row whether its file can be dropped: no picture is lost that no other file has.

    Parameters
    ----------
    rows : pandas.DataFrame
        Rows of ``duplicates``.
    pictures : pandas.Series
        How many pictures each medium has, by media_id; those that are left out can be dropped for a file with the
        same bytes alone.

    Returns
    -------
    pandas.Series
        One entry a row; all rows of a file have the same.
    """
    files = rows.groupby("path").agg(
        media_id=("media_id", "first"), stands=("is_representative", "any"), found=("unit_id", "nunique")
    )
    again = files.groupby("media_id").cumcount() > 0  # another file with the same bytes comes before it
    whole = files["found"] >= files["media_id"].map(pictures.to_dict()).astype("float64").fillna(float("inf"))
    found: pd.Series[bool] = rows["path"].map(~files["stands"] & (again | whole)).astype(bool)
    return found


def _same_bytes(paths: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each medium that several paths have."""
    import pandas as pd

    counts = paths.groupby("media_id").size()
    shared = counts[counts > 1].index.to_series().reset_index(drop=True)
    return pd.DataFrame(
        {
            "media_id": shared,
            "unit_id": shared,
            "picture": pd.array([None] * len(shared), "Int64"),
            "cluster": shared,
            "is_representative": True,
            "distance": 0.0,
            "kind": "exact",
            "turn": None,
        }
    )


def _near(measured: Measured, by: Measure, limit: float, turned: bool) -> pd.DataFrame:
    """Return a row for each picture, with its cluster."""
    import numpy as np
    import pandas as pd

    clusters = star_clusters(_neighbours(measured, by, limit, turned))
    stands_for = clusters.representative
    units = np.array(unit_ids(measured.media_id, measured.picture), dtype=object)
    return pd.DataFrame(
        {
            "media_id": measured.media_id,
            "unit_id": units,
            "picture": measured.picture,
            "cluster": units[stands_for],
            "is_representative": stands_for == np.arange(len(units)),
            "distance": clusters.distance,
            "kind": np.where(stands_for == np.arange(len(units)), "exact", "near"),
            "turn": np.array(TURNS, dtype=object)[clusters.turn],
        }
    )


def _neighbours(measured: Measured, by: Measure, limit: float, turned: bool) -> Neighbours:
    if by == "hash":
        from tidymedia.duplicates.hash_neighbours import HashNeighbours

        return HashNeighbours(measured.hashes, int(limit), owners=measured.owners, plain=measured.plain, turned=turned)
    from tidymedia.duplicates.vector_neighbours import VectorNeighbours

    return VectorNeighbours(measured.vectors, limit)
