"""Label maps out of their table into a folder of PNG files."""

from __future__ import annotations

import base64
import binascii
import csv
import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from tidymedia.errors import StudyError, UsageError
from tidymedia.tables.replacing import replacing
from tidymedia.tables.study_files import study_files

__all__ = ["write_label_maps"]

_MEDIA_ID = re.compile(r"[0-9a-f]{64}")
_PNG = b"\x89PNG\r\n\x1a\n"
_ROWS = 64


def write_label_maps(folder: Path, destination: Path) -> list[Path]:
    """Write the label maps of a study as PNG files.

    Files are named by bytes, so the same picture in several places is one file, and names that occur twice do not
    collide: ``<media_id>_p<picture>.png``. ``label_maps.csv`` says which file belongs to which path and picture,
    ``labels.csv`` which value is which class.

    Parameters
    ----------
    folder : pathlib.Path
        The study.
    destination : pathlib.Path
        A folder; it is made where it is not there, and files of the same names are replaced.

    Returns
    -------
    list of pathlib.Path
        The PNG files, then the two lists.

    Raises
    ------
    UsageError
        Where the study has no label maps, or the destination is a file.
    StudyError
        Where a row of the table holds no label map.
    """
    import pyarrow.parquet as pq

    files = study_files(folder)
    if "label_maps" not in files or "masks" not in files:
        raise UsageError(
            f"The study {folder} has no label maps.",
            f"Make them with: tidymedia analyze -o {folder} --with masks --set masks.maps=true",
        )
    if destination.exists() and not destination.is_dir():
        raise UsageError(f"{destination} is a file.", "Name a folder.")
    destination.mkdir(parents=True, exist_ok=True)
    made: dict[tuple[str, int], Path] = {}
    with pq.ParquetFile(files["label_maps"]) as table:
        for batch in table.iter_batches(_ROWS, columns=["media_id", "picture", "png"]):
            for row in batch.to_pylist():
                path = destination / _name(row["media_id"], row["picture"])
                with replacing(path) as temporary:
                    temporary.write_bytes(_png(row["png"], path.name))
                made[row["media_id"], row["picture"]] = path
    places = defaultdict(list)
    for row in pq.read_table(files["media"], columns=["media_id", "path"]).to_pylist():
        places[row["media_id"]].append(row["path"])
    lines = [(path, key[1], file.name) for key, file in made.items() for path in places[key[0]]]
    classes = pq.read_table(files["masks"], columns=["value", "label"]).group_by(["value", "label"]).aggregate([])
    labels = sorted({(0, "none"), *((row["value"], row["label"]) for row in classes.to_pylist())})
    return [
        *made.values(),
        _list(destination / "label_maps.csv", ("path", "picture", "file"), sorted(lines)),
        _list(destination / "labels.csv", ("value", "label"), labels),
    ]


def _name(media_id: object, picture: object) -> str:
    """Name a file; a study can come from a stranger, so nothing but an id becomes a part of a path."""
    if not isinstance(media_id, str) or not _MEDIA_ID.fullmatch(media_id) or not isinstance(picture, int):
        raise StudyError(f"A row of the table label_maps has no identity: {media_id!r}.", "Analyse the media again.")
    return f"{media_id}_p{picture}.png"


def _png(text: object, name: str) -> bytes:
    try:
        data = base64.b64decode(str(text), validate=True)
    except (binascii.Error, ValueError) as error:
        raise StudyError(f"The label map {name} is damaged.", "Analyse the media again.") from error
    if not data.startswith(_PNG):
        raise StudyError(f"The label map {name} is no PNG file.", "Analyse the media again.")
    return data


def _list(path: Path, header: tuple[str, ...], rows: Sequence[tuple[object, ...]]) -> Path:
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(header)
        writer.writerows(rows)
    return path
