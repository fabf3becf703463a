"""Small pictures for reports and notebooks; never stored as a table."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from tidymedia.extractors.base import PictureExtractor, Row
from tidymedia.extractors.parameters import Parameters, parameter
from tidymedia.media.picture import THUMB, Picture, SizeClass
from tidymedia.tables import Column, Table

__all__ = ["Thumbnails"]


@dataclass(frozen=True)
class ThumbnailParameters(Parameters):
    """Parameters of :class:`Thumbnails`."""

    side: int = parameter(200, "Longest side, in pixels.", minimum=16, maximum=512)
    numbers: tuple[int, ...] = parameter((0,), "Numbers of the pictures of a medium, from 0.")
    quality: int = parameter(78, "Quality of the JPEG.", minimum=1, maximum=95)


class Thumbnails(PictureExtractor):
    """Makes small JPEG pictures."""

    name = "thumbnails"
    title = "Small pictures for reports."
    tables: ClassVar[tuple[Table, ...]] = (
        Table("thumbnails", ("picture",), (Column("jpeg", "string", "A JPEG file in base64."),), "One picture."),
    )
    parameters_type = ThumbnailParameters
    parameters: ThumbnailParameters

    @property
    def size(self) -> SizeClass:
        """The smallest class."""
        return THUMB

    def wants_image(self, picture: Picture) -> bool:
        """Say yes for the pictures that are asked for."""
        return picture.index in self.parameters.numbers

    def wants_more(self, index: int) -> bool:
        """Say yes up to the last picture that is asked for."""
        return index <= max(self.parameters.numbers, default=-1)

    def from_picture(self, picture: Picture) -> Iterator[Row]:
        """Give the one small picture."""
        if not self.wants_image(picture):
            return
        small = picture.image(self.size).copy()
        small.thumbnail((self.parameters.side, self.parameters.side))
        stream = io.BytesIO()
        small.save(stream, "JPEG", quality=self.parameters.quality, optimize=True)
        yield Row("thumbnails", {"jpeg": base64.b64encode(stream.getvalue()).decode("ascii")})
