"""How near the camera is to people, shot by shot, told from the height of faces."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from tidymedia.errors import UsageError
from tidymedia.tables.database import open_database
from tidymedia.tables.frames import to_frame
from tidymedia.tables.study_files import file_schema, study_files

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SHOT_SCALES", "scale_of", "shot_scales"]

SHOT_SCALES: Final[tuple[tuple[str, float], ...]] = (
    ("big close-up", 0.65),
    ("close-up", 0.40),
    ("medium close-up", 0.25),
    ("medium shot", 0.17),
    ("medium long shot", 0.12),
    ("long shot", 0.08),
    ("very long shot", 0.0),
)
"""Scales, the nearest first, each with the smallest height of a face as a share of the height of the picture."""

_NEEDED: Final = {
    "shots": {"path", "media_id", "shot", "start_ms", "end_ms"},
    "pictures": {"path", "picture", "time_ms", "height"},
}
_FACES: Final = {"path", "picture", "box_height"}
_NO_FACES: Final = "SELECT NULL::VARCHAR AS path, NULL::BIGINT AS picture, NULL::DOUBLE AS box_height WHERE false"


def scale_of(face_height: float | None) -> str | None:
    """Name the scale of a shot.

    Parameters
    ----------
    face_height : float or None
        Height of the largest face as a share of the height of the picture; None where there is none.

    Returns
    -------
    str or None
        The scale; None without a face.

    Examples
    --------
    >>> scale_of(0.5), scale_of(0.1), scale_of(None)
    ('close-up', 'long shot', None)
    """
    if face_height is None:
        return None
    return next(name for name, least in SHOT_SCALES if face_height >= least)


def shot_scales(folder: Path) -> pd.DataFrame:
    """Tell the scale of each shot of a study from the largest face that is seen in it.

    Parameters
    ----------
    folder : pathlib.Path
        The study.

    Returns
    -------
    pandas.DataFrame
        What :meth:`tidymedia.Study.shot_scales` returns.

    Raises
    ------
    UsageError
        Where shots or faces were not looked for.
    """
    files = study_files(folder)
    columns = {name: set(file_schema(path).names) for name, path in files.items()}
    remedy = f"Look for them first: tidymedia analyze -o {folder} --with shots,faces --set pictures.video=shot:middle"
    for name, needed in _NEEDED.items():
        if not needed <= columns.get(name, set()):
            raise UsageError(f"The study {folder} has no {name}.", remedy)
    with open_database(folder) as connection:
        looked = connection.sql("SELECT count(*) FROM status WHERE extractor = 'faces'").fetchall()[0][0]
        if not looked:
            raise UsageError(f"Nobody looked for faces in the study {folder}.", remedy)
        faces = "SELECT path, picture, box_height FROM faces" if columns.get("faces", set()) >= _FACES else _NO_FACES
        found = connection.sql(
            "SELECT shots.path, shots.media_id, shot, start_ms, end_ms, "  # noqa: S608  # names of ours
            "count(seen.picture) AS pictures, count(largest.box_height) AS pictures_with_faces, "
            "max(largest.box_height / seen.height) AS face_height FROM shots "
            "LEFT JOIN pictures AS seen ON seen.path = shots.path AND seen.time_ms >= start_ms "
            "AND seen.time_ms < end_ms LEFT JOIN (SELECT path, picture, max(box_height) AS box_height "
            f"FROM ({faces}) GROUP BY path, picture) AS largest "
            "ON largest.path = seen.path AND largest.picture = seen.picture "
            "GROUP BY shots.path, shots.media_id, shot, start_ms, end_ms ORDER BY shots.path, shot"
        ).to_arrow_table()
    import pandas as pd

    frame = to_frame(found)
    heights = [None if height != height else float(height) for height in frame["face_height"]]
    return frame.assign(scale=pd.Series([scale_of(height) for height in heights], frame.index, dtype="str"))
