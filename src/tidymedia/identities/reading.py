"""The faces of a study and their vectors."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tidymedia.errors import UsageError
from tidymedia.tables.study_files import study_files

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

__all__ = ["MeasuredFaces", "read_faces"]


@dataclass(frozen=True, slots=True)
class MeasuredFaces:
    """Faces and their vectors, the tallest first.

    Parameters
    ----------
    units : pandas.DataFrame
        Columns ``media_id``, ``unit_id``, ``picture``, ``face``; one row a face, however many paths its file has.
    vectors : numpy.ndarray of float16, shape (n, d)
        Their vectors.
    model : str or None
        The model that made them.
    fingerprints : tuple of str
        Fingerprints of the rows that they come from.
    """

    units: pd.DataFrame
    vectors: NDArray[np.float16]
    model: str | None
    fingerprints: tuple[str, ...]


def read_faces(folder: Path) -> MeasuredFaces:
    """Read the faces of a study that have a vector.

    Parameters
    ----------
    folder : pathlib.Path
        The study.

    Returns
    -------
    MeasuredFaces
        The faces.

    Raises
    ------
    UsageError
        Where the study has no vectors of faces yet.
    """
    import numpy as np
    import pyarrow.parquet as pq

    files = study_files(folder)
    for name in ("faces", "face_embeddings"):
        if name not in files:
            raise UsageError(
                f"The study {folder} has no table {name}: it was not made, or there is no face that is large enough.",
                f"Make it, where law and consent allow, with: tidymedia analyze -o {folder} --with face_embeddings.",
            )
    keys = ["media_id", "picture", "face"]
    stored = pq.read_table(files["face_embeddings"], columns=[*keys, "unit_id", "vector", "model", "fingerprint"])
    rows = stored.to_pandas().drop_duplicates("unit_id")
    heights = pq.read_table(files["faces"], columns=["unit_id", "box_height"]).to_pandas().drop_duplicates("unit_id")
    rows = rows.merge(heights, on="unit_id", how="left")
    rows = rows.sort_values(["box_height", "unit_id"], ascending=[False, True], kind="stable", ignore_index=True)
    vectors = np.stack(rows["vector"].to_list()) if len(rows) else np.empty((0, 1))
    return MeasuredFaces(
        rows[["unit_id", *keys]],
        vectors.astype(np.float16),
        next(iter(rows["model"].dropna()), None),
        tuple(sorted(set(rows["fingerprint"]))),
    )
