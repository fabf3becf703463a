"""What a camera wrote into a photograph: how it is turned, when, with what and where it was taken."""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Mapping
from typing import Any

from PIL import ExifTags, Image

from tidymedia.media.properties import Properties

__all__ = ["exif_properties", "orientation_of", "turn_upright"]

# EXIF is untrusted: Pillow parses it with plain Python, and a broken block must not cost the picture.
_DAMAGE = (ArithmeticError, AttributeError, LookupError, OSError, SyntaxError, TypeError, ValueError, struct.error)

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_MOMENT = re.compile(r"(\d{4})[:\-/](\d\d)[:\-/](\d\d)[ T](\d\d):(\d\d):(\d\d)")
_OFFSET = re.compile(r"[+-]\d\d:\d\d|Z")


def orientation_of(image: Image.Image) -> int:
    """Return how the stored pixels are turned, 1 (upright) to 8, as EXIF counts.

    Parameters
    ----------
    image : PIL.Image.Image
        The image, its header read.

    Returns
    -------
    int
        The orientation; 1 where there is none or it makes no sense.
    """
    try:
        value = image.getexif().get(ExifTags.Base.Orientation, 1)
    except _DAMAGE:
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def turn_upright(image: Image.Image, orientation: int) -> Image.Image:
    """Turn an image as its orientation asks.

    Parameters
    ----------
    image : PIL.Image.Image
        The pixels as stored.
    orientation : int
        1 to 8.

    Returns
    -------
    PIL.Image.Image
        The image upright; the same object where it was upright already.

    Examples
    --------
    >>> from PIL import Image
    >>> turn_upright(Image.new("L", (4, 3)), 6).size
    (3, 4)
    """
    turn = _TURNS.get(orientation)
    return image if turn is None else image.transpose(turn)


def exif_properties(image: Image.Image, *, gps: bool = False) -> Properties:
    """Read the columns of ``metadata`` that come from EXIF.

    A camera's clock is a claim of the file: it may be wrong, and most cameras write no time zone.

    Parameters
    ----------
    image : PIL.Image.Image
        The image, its header read.
    gps : bool, default False
        Whether to read where it was taken.

    Returns
    -------
    Properties
        ``taken_at``, ``camera_make``, ``camera_model``, ``software``, ``author`` and, on request,
        ``latitude`` and ``longitude`` in degrees, as far as the file has them.
    """
    found: Properties = {}
    base = _directory(image, None)
    details = _directory(image, ExifTags.IFD.Exif)
    make = _text(base.get(ExifTags.Base.Make))
    model = _text(base.get(ExifTags.Base.Model))
    software = _text(base.get(ExifTags.Base.Software))
    author = _text(base.get(ExifTags.Base.Artist))
    taken_at = _moment(details, base)
    if taken_at:
        found["taken_at"] = taken_at
    if make:
        found["camera_make"] = make
    if model:
        found["camera_model"] = model
    if software:
        found["software"] = software
    if author:
        found["author"] = author
    if gps:
        place = _place(_directory(image, ExifTags.IFD.GPSInfo))
        if place is not None:
            found["latitude"], found["longitude"] = place
    return found


def _directory(image: Image.Image, which: int | None) -> Mapping[int, Any]:
    try:
        exif = image.getexif()
        directory = exif if which is None else exif.get_ifd(which)
        return dict(directory.items())
    except _DAMAGE:
        return {}


def _text(value: object) -> str | None:
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if not isinstance(value, str):
        return None
    cleaned = "".join(letter if letter.isprintable() else " " for letter in value.split("\x00")[0])
    return " ".join(cleaned.split())[:500] or None


def _moment(details: Mapping[int, Any], base: Mapping[int, Any]) -> str | None:
    """Return the moment of exposure as ISO 8601, with its offset where the camera knew it."""
    for tags, key, offset_key in (
        (details, ExifTags.Base.DateTimeOriginal, ExifTags.Base.OffsetTimeOriginal),
        (details, ExifTags.Base.DateTimeDigitized, ExifTags.Base.OffsetTimeDigitized),
        (base, ExifTags.Base.DateTime, ExifTags.Base.OffsetTime),
    ):
        match = _MOMENT.match(_text(tags.get(key)) or "")
        if match is None or not _plausible(*map(int, match.groups())):
            continue
        offset = _OFFSET.fullmatch(_text(details.get(offset_key)) or "")
        year, month, day, hour, minute, second = match.groups()
        return f"{year}-{month}-{day}T{hour}:{minute}:{second}{offset[0] if offset else ''}"
    return None


def _plausible(year: int, month: int, day: int, hour: int, minute: int, second: int) -> bool:
    return year > 0 and 1 <= month <= 12 and 1 <= day <= 31 and hour <= 23 and minute <= 59 and second <= 60


def _place(tags: Mapping[int, Any]) -> tuple[float, float] | None:
    latitude = _degrees(tags.get(ExifTags.GPS.GPSLatitude), tags.get(ExifTags.GPS.GPSLatitudeRef), "S", 90)
    longitude = _degrees(tags.get(ExifTags.GPS.GPSLongitude), tags.get(ExifTags.GPS.GPSLongitudeRef), "W", 180)
    return None if latitude is None or longitude is None else (latitude, longitude)


def _degrees(parts: object, side: object, negative: str, largest: int) -> float | None:
    try:
        degrees, minutes, seconds = (float(part) for part in parts)  # type: ignore[attr-defined]  # checked by except
    except _DAMAGE:
        return None
    value = degrees + minutes / 60 + seconds / 3600
    if not math.isfinite(value) or not 0 <= value <= largest:
        return None
    return round(-value if (_text(side) or "").upper().startswith(negative) else value, 7)
