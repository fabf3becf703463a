"""Measure a picture that is not in the study in the way in which the study was measured."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from tidymedia.errors import UsageError
from tidymedia.extractors.base import PictureExtractor
from tidymedia.images.held import Held, hold
from tidymedia.images.opening import kind_of, open_image
from tidymedia.media.color_conversion import to_rgb
from tidymedia.media.opening import open_medium
from tidymedia.media.picture import BrokenPicture
from tidymedia.media.settings import Limits, PictureSettings

if TYPE_CHECKING:
    from tidymedia.images.opening import ImageSource

__all__ = ["measure_picture"]

_KEPT_MODES: Final = ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")
"""Modes that PNG files hold as they are."""


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
        The picture. Bytes of a file, wherever they are, are measured as a run measures them; an image or array in
        hand as if it had been saved without loss.
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
    limits = limits or Limits()
    held = _held(source, picture, limits)
    with held.stream:
        kind = kind_of(held)
        extractor.load()
        with open_medium(held, kind, settings, limits) as medium:
            found = next(iter(medium.pictures(picture)), None)
            if isinstance(found, BrokenPicture):
                raise found.error
            for row in extractor.from_picture(found) if found is not None else ():
                return [row.values[column] for column in columns]
    raise UsageError(
        f"{held.name} has no picture {picture} in which {extractor.name} finds anything.", "Name another picture."
    )


def _held(source: ImageSource, picture: int, limits: Limits) -> Held:
    """Get hold of the bytes of a picture; those of an image in hand are made."""
    import numpy as np
    from PIL import Image

    if not isinstance(source, np.ndarray | Image.Image):
        return hold(source, limits)
    image = open_image(source, picture=picture, limits=limits)
    if image.mode not in _KEPT_MODES:
        image = to_rgb(image, profile=image.info.get("icc_profile"))
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return Held("The image", stream)
