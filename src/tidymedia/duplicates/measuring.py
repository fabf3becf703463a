"""Measure a picture that is not in the study in the way in which the study was measured."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tidymedia.errors import UsageError
from tidymedia.extractors.base import PictureExtractor
from tidymedia.media.kinds import HEAD_BYTES, sniff_kind
from tidymedia.media.locations import LocalFile
from tidymedia.media.opening import open_medium
from tidymedia.media.picture import BrokenPicture
from tidymedia.media.settings import Limits, PictureSettings

if TYPE_CHECKING:
    from tidymedia.images.opening import ImageSource

__all__ = ["measure_picture"]


def measure_picture(
    extractor: PictureExtractor,
    source: ImageSource,
    columns: Sequence[str],
    *,
    picture: int = 0,
    settings: PictureSettings | None = None,
    limits: Limits | None = None,
) -> list[Any]:
    """Measure one picture with an extractor, outside of a run.

    Parameters
    ----------
    extractor : PictureExtractor
        The extractor, with the parameters of the study.
    source : path, URL, bytes, file object, PIL image or array
        The picture.
    columns : sequence of str
        The columns whose values are wanted.
    picture : int, default 0
        Which picture of the file.
    settings : PictureSettings or None, default None
        How media become pictures.
    limits : Limits or None, default None
        How large they may be.

    Returns
    -------
    list of object
        The values of the columns in the one row of the picture.

    Raises
    ------
    MediumError
        Where the picture cannot be opened.
    UsageError
        Where the file has no such picture, or there is nothing to measure in it.
    """
    if isinstance(source, (str, Path)) and Path(source).is_file():
        return _measure_file(extractor, Path(source), columns, picture, settings, limits)
    from tidymedia.images.opening import open_image

    image = open_image(source)
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder, "picture.png")
        image.convert("RGBA" if image.has_transparency_data else "RGB").save(kept)
        return _measure_file(extractor, kept, columns, 0, settings, limits)


def _measure_file(
    extractor: PictureExtractor,
    path: Path,
    columns: Sequence[str],
    number: int,
    settings: PictureSettings | None,
    limits: Limits | None,
) -> list[Any]:
    location = LocalFile(str(path.resolve().parent), path.name)
    with location.open() as stream:
        kind = sniff_kind(stream.read(HEAD_BYTES), path.name, stream)
    extractor.load()
    with open_medium(location, kind, settings, limits) as medium:
        for picture in medium.pictures():
            if picture.index < number:
                continue
            if isinstance(picture, BrokenPicture):
                raise picture.error
            for row in extractor.from_picture(picture):
                return [row.values[column] for column in columns]
            break
    raise UsageError(
        f"{path.name} has no picture {number} in which {extractor.name} finds anything.", "Name another picture."
    )
