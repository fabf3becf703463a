"""What the header of a file says about it: one row a medium."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from tidymedia.extractors.base import MediumExtractor, Row
from tidymedia.extractors.parameters import Parameters, parameter
from tidymedia.media.kinds import Kind
from tidymedia.media.medium import Medium
from tidymedia.tables import Column, Summary, Table

__all__ = ["METADATA", "Metadata", "MetadataParameters"]

_UNSAID = "the file does not say, or its kind has none"
_NO_IMAGE = "no image, or the file does not say"
_NO_FILM = "no film, or the file does not say"
_NO_SOUND = "the medium has no sound, or the file does not say"
_NO_TIME = "no film, sound or animation, or the file does not say"
_UNASKED = "not asked for (parameter gps), or the file does not say"

_FORMAT = Column(
    "format", "string", "Format of the file by its content, such as JPEG, PNG, PDF or MP4.", missing=_UNSAID
)
_WIDTH = Column(
    "width",
    "integer",
    "Stored width, before the EXIF orientation is applied; the pictures table has the upright size.",
    unit="px",
    range="1 and more",
    missing="sound, or a kind without a size in pixels",
)
_HEIGHT = Column(
    "height",
    "integer",
    "Stored height, before the EXIF orientation is applied; the pictures table has the upright size.",
    unit="px",
    range="1 and more",
    missing="sound, or a kind without a size in pixels",
)
_PAGES = Column(
    "pages",
    "integer",
    "Number of pages of a document or of a multi-page image.",
    range="0 and more",
    missing="no pages",
)
_DURATION = Column(
    "duration_ms", "integer", "Length of a film, sound or animation.", unit="ms", range="0 and more", missing=_NO_TIME
)
_TAKEN_AT = Column(
    "taken_at",
    "string",
    "When a photograph was taken by the clock of its camera (EXIF), in ISO 8601; without a time zone unless the camera "
    "wrote one. Clocks of cameras are often wrong, and editors can change the value.",
    missing=_UNSAID,
)


def _upright(column: Column) -> Column:
    """Describe a size as it is after the orientation is applied."""
    return dataclasses.replace(column, meaning=f"{column.name.capitalize()} of the first picture, upright.")


METADATA = Table(
    "metadata",
    (),
    (
        _FORMAT,
        _WIDTH,
        _HEIGHT,
        Column(
            "mode",
            "string",
            "How the pixels are stored, in the words of Pillow: 1 bitmap, L gray, P palette, RGB, RGBA, CMYK, I;16.",
            missing=_NO_IMAGE,
        ),
        Column(
            "depth_bits", "integer", "Bits of one channel of a pixel.", unit="bit", range="1 to 64", missing=_NO_IMAGE
        ),
        Column("dpi_x", "number", "Density across, in dots an inch, as written.", unit="dpi", missing=_UNSAID),
        Column("dpi_y", "number", "Density down, in dots an inch, as written.", unit="dpi", missing=_UNSAID),
        Column("has_alpha", "boolean", "Whether pixels can be transparent.", missing=_NO_IMAGE),
        Column("color_space", "string", "Colour space of the pixels, such as sRGB, gray or CMYK.", missing=_NO_IMAGE),
        Column("icc_profile", "string", "Name of the embedded ICC colour profile.", missing="none embedded"),
        Column(
            "orientation",
            "integer",
            "How the stored picture is turned (EXIF): 1 upright, 3 upside down, 6 and 8 on a side; 2, 4, 5 and 7 are "
            "also mirrored. The pictures that are measured are always upright.",
            range="1 to 8",
            missing=_UNSAID,
        ),
        _PAGES,
        Column("frames", "integer", "Number of frames of a film or animation.", range="1 and more", missing=_NO_FILM),
        _DURATION,
        Column(
            "frame_rate", "number", "Mean number of frames a second.", unit="1/s", range="above 0", missing=_NO_FILM
        ),
        Column("video_codec", "string", "Codec of the film, such as h264 or vp9.", missing=_NO_FILM),
        Column("audio_codec", "string", "Codec of the sound, such as aac, mp3 or opus.", missing=_NO_SOUND),
        Column(
            "sample_rate", "integer", "Samples of sound a second.", unit="Hz", range="1 and more", missing=_NO_SOUND
        ),
        Column(
            "channels", "integer", "Channels of the sound: 1 mono, 2 stereo.", range="1 and more", missing=_NO_SOUND
        ),
        Column("bit_rate", "integer", "Bits a second of the whole file.", unit="bit/s", missing=_NO_TIME),
        _TAKEN_AT,
        Column("camera_make", "string", "Maker of the camera (EXIF).", missing=_UNSAID),
        Column("camera_model", "string", "Model of the camera (EXIF).", missing=_UNSAID),
        Column(
            "latitude",
            "number",
            "Where it was taken: degrees north of the equator, south negative (EXIF). Personal data: read only where "
            "the parameter gps is true.",
            unit="degree",
            range="-90 to 90",
            missing=_UNASKED,
        ),
        Column(
            "longitude",
            "number",
            "Where it was taken: degrees east of Greenwich, west negative (EXIF). Personal data: read only where the "
            "parameter gps is true.",
            unit="degree",
            range="-180 to 180",
            missing=_UNASKED,
        ),
        Column("title", "string", "Title that the file gives itself.", missing=_UNSAID),
        Column("author", "string", "Author that the file names; can be personal data.", missing=_UNSAID),
        Column("software", "string", "Program that made the file, as it says.", missing=_UNSAID),
        Column("created_at", "string", "When the file says that it was made, in ISO 8601 as written.", missing=_UNSAID),
    ),
    "What the header of one file says about it.",
    summary=tuple(
        Summary(column, aggregate)
        for column, aggregate in (
            (_FORMAT, "any_value(format)"),
            # The summary speaks of pictures as one sees them: upright, as in the table of pictures.
            (_upright(_WIDTH), "arg_min(CASE WHEN orientation >= 5 THEN height ELSE width END, path)"),
            (_upright(_HEIGHT), "arg_min(CASE WHEN orientation >= 5 THEN width ELSE height END, path)"),
            (_PAGES, "any_value(pages)"),
            (_DURATION, "any_value(duration_ms)"),
            (_TAKEN_AT, "any_value(taken_at)"),
        )
    ),
)


@dataclass(frozen=True)
class MetadataParameters(Parameters):
    """Parameters of ``metadata``.

    Parameters
    ----------
    gps : bool, default False
        Whether to read where a photograph or film was taken. Off, because a place can identify a person.
    """

    gps: bool = parameter(False, "Whether to read where a photograph or film was taken; personal data.")


class Metadata(MediumExtractor):
    """Reads what the header of a file says: format, size, colour, density, length, camera, author.

    Parameters
    ----------
    parameters : MetadataParameters
        Whether to read the place.
    """

    name = "metadata"
    title = "Format, size, colour space, density, length, codecs, camera and author, as the header of the file says."
    caveat = (
        "Headers are claims: platforms remove them, editors change them, clocks of cameras are wrong. What a file does "
        "not say is missing."
    )
    tables: ClassVar[tuple[Table, ...]] = (METADATA,)
    kinds: ClassVar[frozenset[Kind]] = frozenset(Kind) - {Kind.OTHER}
    parameters_type: ClassVar[type[Parameters]] = MetadataParameters
    parameters: MetadataParameters

    def from_medium(self, medium: Medium) -> Iterator[Row]:
        """Give the one row of a medium."""
        said = dict(medium.properties(gps=self.parameters.gps))
        if not self.parameters.gps:
            # Held here too, so that no reader of a format can let a place slip through.
            said |= {"latitude": None, "longitude": None}
        yield Row("metadata", {column.name: said.get(column.name) for column in METADATA.columns})
