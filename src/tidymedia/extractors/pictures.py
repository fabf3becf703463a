"""The table that boxes refer to: every picture with its place in its medium and its size."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from tidymedia.extractors.base import PictureExtractor, Row
from tidymedia.media.picture import Picture
from tidymedia.tables import Column, Table

__all__ = ["PICTURES", "Pictures"]

PICTURES = Table(
    "pictures",
    ("picture",),
    (
        Column("page", "integer", "Page of the document, from 0.", range="0 and more", missing="no document"),
        Column("frame", "integer", "Frame of the film or animation, from 0.", missing="no film or animation"),
        Column("time_ms", "integer", "Time of the frame in its film.", unit="ms", missing="no film or animation"),
        Column("width", "integer", "Width of the upright picture.", unit="px", range="1 and more"),
        Column("height", "integer", "Height of the upright picture.", unit="px", range="1 and more"),
    ),
    "One picture: an image, a page of a document, a frame of an animation or a film.",
)


class Pictures(PictureExtractor):
    """Lists the pictures; runs whenever another extractor looks at pictures."""

    name = "pictures"
    title = "Every picture of a medium, with its page, frame, time and size."
    tables: ClassVar[tuple[Table, ...]] = (PICTURES,)

    def wants_image(self, picture: Picture) -> bool:
        """Say no: the size is known before a picture is decoded."""
        return False

    def from_picture(self, picture: Picture) -> Iterator[Row]:
        """Give the one row of a picture."""
        yield Row(
            "pictures",
            {
                "picture": picture.index,
                "page": picture.page,
                "frame": picture.frame,
                "time_ms": picture.time_ms,
                "width": picture.width,
                "height": picture.height,
            },
        )
