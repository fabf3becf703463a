"""Pictures shrunk to a few pixels, by which they can be compared as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from tidymedia.extractors.base import PictureExtractor, Row
from tidymedia.extractors.parameters import Parameters, parameter
from tidymedia.images.miniature import miniature
from tidymedia.media.picture import ANALYSIS, Picture, SizeClass
from tidymedia.tables import Column, Table

__all__ = ["MINIATURES", "Miniatures", "MiniaturesParameters"]

MINIATURES = Table(
    "miniatures",
    ("picture",),
    (
        Column(
            "vector",
            "vector",
            "The middle square of the picture, shrunk to a few pixels: red, green and blue of each, row by row from "
            "the top left.",
            range="0 to 255",
        ),
    ),
    "A picture shrunk to 15 x 15 pixels.",
)


@dataclass(frozen=True, slots=True)
class MiniaturesParameters(Parameters):
    """Parameters of :class:`Miniatures`.

    Parameters
    ----------
    size : int, default 15
        Side of the small picture, in pixels.
    """

    size: int = parameter(15, "Side of the small picture, in pixels.", minimum=2, maximum=64)


class Miniatures(PictureExtractor):
    """Shrinks pictures to a few pixels, as the textbook chapter does before it compares two (example 14.8)."""

    name = "miniatures"
    title = "Every picture shrunk to 15 x 15 pixels, to compare pictures by colour and layout."
    caveat = (
        "Only the middle square is seen, and only where which colours are: two pictures of a blue sky over a field are "
        "alike, a crop or a rotated copy is not."
    )
    tables: ClassVar[tuple[Table, ...]] = (MINIATURES,)
    parameters_type = MiniaturesParameters
    parameters: MiniaturesParameters

    @property
    def size(self) -> SizeClass:
        """The middle size class: larger than the 224 pixels between."""
        return ANALYSIS

    def from_picture(self, picture: Picture) -> Iterator[Row]:
        """Give the one row of a picture."""
        numbers = miniature(picture.image(self.size), self.parameters.size)
        yield Row("miniatures", {"picture": picture.index, "vector": numbers.tolist()})
