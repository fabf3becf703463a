"""Picture extractors that break on pictures of one colour."""

import ctypes
from collections.abc import Iterator
from typing import ClassVar

from tidymedia.errors import ExtractionError
from tidymedia.extractors.base import PictureExtractor, Row
from tidymedia.media.picture import THUMB, Picture, SizeClass
from tidymedia.tables import Column, Table

RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)


class Fragile(PictureExtractor):
    name = "fragile"
    title = "The first pixel; crashes on red, fails on green."
    tables: ClassVar[tuple[Table, ...]] = (
        Table("first_pixels", ("picture",), (Column("pixel", "string", "First pixel."),), "One picture."),
    )

    @property
    def size(self) -> SizeClass:
        return THUMB

    def from_picture(self, picture: Picture) -> Iterator[Row]:
        pixel = picture.image(self.size).getpixel((0, 0))
        if pixel == RED:
            ctypes.string_at(0)
        if pixel == GREEN:
            raise ExtractionError("Green is not for me.", "Use another colour.")
        yield Row("first_pixels", {"pixel": str(pixel)})


class After(PictureExtractor):
    name = "after"
    title = "Builds on Fragile, picture by picture."
    needs: tuple[str, ...] = ("fragile",)
    tables: ClassVar[tuple[Table, ...]] = (
        Table("lengths", ("picture",), (Column("length", "integer", "Length of the text."),), "One picture."),
    )

    def from_picture(self, picture: Picture) -> Iterator[Row]:
        (row,) = picture.upstream["first_pixels"]
        yield Row("lengths", {"length": len(str(row["pixel"]))})
