"""Bring the faces of a study together by person, and write the table of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from tidymedia.duplicates.clusters import star_clusters
from tidymedia.duplicates.vector_neighbours import VectorNeighbours, unit_vectors
from tidymedia.errors import UsageError
from tidymedia.identities.gallery import Gallery, read_gallery
from tidymedia.identities.reading import read_faces
from tidymedia.identities.table import IDENTITIES
from tidymedia.tables.derived import write_found
from tidymedia.tables.study_files import study_files

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

__all__ = ["THRESHOLD", "find_identities"]

THRESHOLD: Final = 0.3
"""Largest distance of two faces of one person, where the user names none."""

_ROWS_AT_ONCE: Final = 4096


def find_identities(folder: Path, threshold: float = THRESHOLD, gallery: Path | None = None) -> Path:
    """Bring the faces of a study together by person and write the table ``identities``.

    Parameters
    ----------
    folder : pathlib.Path
        The study.
    threshold : float, default 0.3
        Largest distance to the face that stands for the person, and to the face that gives the name.
    gallery : pathlib.Path or None, default None
        A folder of named pictures.

    Returns
    -------
    pathlib.Path
        ``derived/identities.parquet``.

    Raises
    ------
    UsageError
        Where the study has no vectors of faces, the threshold makes no sense, or the gallery cannot be used.
    """
    import numpy as np
    import pyarrow.parquet as pq

    if isinstance(threshold, bool) or not 0 <= threshold <= 1:
        raise UsageError(f"A threshold of {threshold!r} makes no sense.", "Choose one between 0 and 1.")
    measured = read_faces(folder)
    known = read_gallery(gallery) if gallery is not None else None
    clusters = star_clusters(VectorNeighbours(measured.vectors, threshold))
    stands = clusters.representative
    units = measured.units["unit_id"].to_numpy(object)
    rows = measured.units.assign(
        identity=units[stands],
        identity_faces=np.bincount(stands, minlength=len(units))[stands],
        is_representative=stands == np.arange(len(units)),
        distance=clusters.distance,
    )
    rows = _named(rows, measured.vectors, known, threshold)
    media = pq.read_table(study_files(folder)["media"], columns=["path", "media_id"]).to_pandas().drop_duplicates()
    rows = rows.merge(media, on="media_id")
    rows = rows.sort_values(
        ["identity_faces", "identity", "distance", "path", "picture", "face"],
        ascending=[False, True, True, True, True, True],
        kind="stable",
    )
    parameters = {
        "threshold": threshold,
        "gallery": [list(pair) for pair in zip(known.names, known.sha256, strict=True)] if known else None,
    }
    sources = ["media", "faces", "face_embeddings"]
    return write_found(
        folder, IDENTITIES, rows, parameters, sources, model=measured.model, fingerprints=measured.fingerprints
    )


def _named(rows: pd.DataFrame, vectors: NDArray[np.float16], known: Gallery | None, threshold: float) -> pd.DataFrame:
    """Give each face the name of the nearest face of the gallery, where it is near enough."""
    import numpy as np

    if known is None:
        return rows.assign(name=None, name_distance=np.nan)
    parts = [np.empty((0, 2))]
    for start in range(0, len(vectors), _ROWS_AT_ONCE):
        cosines = unit_vectors(vectors[start : start + _ROWS_AT_ONCE]) @ unit_vectors(known.vectors).T
        parts.append(np.stack([cosines.argmax(axis=1), cosines.max(axis=1)], axis=1))
    nearest, likeness = np.concatenate(parts).T
    distance = np.maximum(0.0, 1.0 - likeness)
    names: NDArray[np.object_] = np.array(known.names, dtype=object)[nearest.astype(np.int64)]
    names[distance > threshold] = None
    return rows.assign(name=names, name_distance=distance)
