"""Hashes by which copies of a picture are found, whatever their size and compression."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from tidymedia.extractors.base import PictureExtractor, Row
from tidymedia.images.inner_box import inner_box
from tidymedia.images.perceptual_hash import (
    average_hash,
    difference_hash,
    is_flat,
    perceptual_hash,
    vertical_difference_hash,
)
from tidymedia.images.plain_share import plain_share
from tidymedia.media.picture import THUMB, Picture, SizeClass
from tidymedia.tables import Column, Summary, Table

__all__ = ["HASHES", "Hashes"]

_RANGE = "16 hexadecimal digits (64 bits)"
_PERCEPTUAL = Column(
    "perceptual_hash",
    "string",
    "Which of the 64 longest waves of light and dark are stronger than their median (pHash). The best of the three "
    "against scaling, compression and changes of tone; bits that differ between two pictures measure their distance.",
    range=_RANGE,
)

HASHES = Table(
    "hashes",
    ("picture",),
    (
        Column(
            "average_hash",
            "string",
            "Which of 8 x 8 parts are brighter than the mean (aHash). Coarse: pictures with the same layout of light "
            "collide.",
            range=_RANGE,
        ),
        Column(
            "difference_hash",
            "string",
            "Where the picture gets brighter from left to right, in 8 x 8 parts (dHash).",
            range=_RANGE,
        ),
        Column(
            "vertical_difference_hash",
            "string",
            "Where the picture gets brighter from top to bottom, in 8 x 8 parts (dHash, vertical).",
            range=_RANGE,
        ),
        _PERCEPTUAL,
        Column(
            "plain_share",
            "number",
            "Largest share of the picture that is one light tone, within 25 of 256 gray levels and none below 180: the "
            "paper of a page. Pages of text have nine tenths and more; their hashes tell layouts apart, not words.",
            range="0 to 1",
        ),
        Column(
            "inner_share",
            "number",
            "Share of the picture that its largest busy block takes, without borders, bars and plain surroundings.",
            range="0 to 1; 1 for the whole picture",
        ),
        *(
            Column(
                f"inner_{name}",
                "string",
                f"Like {name}, of the largest busy block alone: a photograph within a border or a screenshot.",
                range=_RANGE,
                missing="the block is the whole picture",
            )
            for name in ("difference_hash", "vertical_difference_hash", "perceptual_hash")
        ),
        Column(
            "inner_plain_share",
            "number",
            "The same share as plain_share, of the largest busy block alone.",
            range="0 to 1",
            missing="the block is the whole picture",
        ),
        Column(
            "is_flat",
            "boolean",
            "Whether the picture is too uniform for its hashes to mean anything: the standard deviation of its luma at "
            "32 x 32 is below 2 of 255 levels. Leave such pictures out of a search for copies.",
        ),
    ),
    "Perceptual hashes of one picture.",
    summary=(
        Summary(
            Column("perceptual_hash", "string", "Perceptual hash (pHash) of the first picture.", range=_RANGE),
            "arg_min(perceptual_hash, picture)",
        ),
    ),
)


_MAKERS = {
    "difference_hash": difference_hash,
    "vertical_difference_hash": vertical_difference_hash,
    "perceptual_hash": perceptual_hash,
}


class Hashes(PictureExtractor):
    """Makes average, difference and perceptual hashes, as text: a spreadsheet would round them as numbers.

    The bits are those of the Python package imagehash for the same image.
    """

    name = "hashes"
    version = 2
    title = "Average, difference and perceptual hashes of every picture, to find copies."
    caveat = (
        "A hash sees the whole picture or its largest busy block: a crop, a mirrored copy or a large caption gives "
        "another one. "
        "Different pictures of the same layout can come close, and plain pictures (is_flat) have no meaningful hash."
    )
    citation = (
        "Zauner, C. (2010). Implementation and benchmarking of perceptual image hash functions. Master's thesis, "
        "University of Applied Sciences Upper Austria, Hagenberg."
    )
    tables: ClassVar[tuple[Table, ...]] = (HASHES,)

    @property
    def size(self) -> SizeClass:
        """The small size class: hashes look at 32 x 32 at most."""
        return THUMB

    def from_picture(self, picture: Picture) -> Iterator[Row]:
        """Give the one row of a picture."""
        gray = picture.image(self.size).convert("L")
        box = inner_box(gray)
        inner = gray.crop(box) if box else None
        yield Row(
            "hashes",
            {
                "picture": picture.index,
                "average_hash": average_hash(gray),
                **{name: make(gray) for name, make in _MAKERS.items()},
                "plain_share": plain_share(gray),
                "inner_share": inner.width * inner.height / (gray.width * gray.height) if inner else 1.0,
                **{f"inner_{name}": make(inner) if inner else None for name, make in _MAKERS.items()},
                "inner_plain_share": plain_share(inner) if inner else None,
                "is_flat": is_flat(gray),
            },
        )
