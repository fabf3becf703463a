"""What the header of a film or recording says about it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import cast

from av.container import InputContainer
from av.stream import Stream

from tidymedia.media.container import OpenFile, duration_seconds, sound_stream, video_stream
from tidymedia.media.properties import Properties

__all__ = ["describe", "parse_place"]

_FORMATS = {
    "avi": "AVI",
    "flv": "FLV",
    "mpeg": "MPEG",
    "mpegvideo": "MPEG",
    "mpegts": "MPEG transport stream",
    "ogg": "Ogg",
    "mxf": "MXF",
    "rm": "RealMedia",
    "ivf": "IVF",
    "yuv4mpegpipe": "YUV4MPEG2",
    "mp3": "MP3",
    "wav": "WAV",
    "w64": "Wave64",
    "flac": "FLAC",
    "aac": "AAC",
    "aiff": "AIFF",
    "amr": "AMR",
    "amrnb": "AMR",
    "amrwb": "AMR",
    "au": "Sun audio",
    "caf": "Core Audio",
    "wv": "WavPack",
    "ape": "Monkey's Audio",
    "tta": "True Audio",
    "mpc": "Musepack",
    "mpc8": "Musepack",
    "dsf": "DSF",
    "ac3": "AC-3",
    "eac3": "E-AC-3",
}

_TITLE = ("title",)
_AUTHOR = ("artist", "author", "album_artist", "com.apple.quicktime.author", "composer")
_SOFTWARE = ("encoder", "encoded_by", "com.apple.quicktime.software", "software")
_CREATED = ("com.apple.quicktime.creationdate", "creation_time", "date", "year")
_MAKE = ("com.apple.quicktime.make", "com.android.manufacturer", "make")
_MODEL = ("com.apple.quicktime.model", "com.android.model", "model")
_PLACE = ("com.apple.quicktime.location.iso6709", "location", "location-eng", "xyz")

_MOMENT = re.compile(r"\d{4}(-\d\d(-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?)?)?")
_NUMBER = r"([+-])(\d+)(\.\d+)?"
_LONGEST_TEXT = 1_000


def describe(file: OpenFile, container: InputContainer, *, gps: bool) -> Properties:
    """Describe a film or recording as its header does; nothing is decoded.

    Parameters
    ----------
    file : OpenFile
        The file.
    container : InputContainer
        The same file as a container.
    gps : bool
        Whether to read where it was recorded.

    Returns
    -------
    Properties
        What the header says. Width and height are as stored, before rotation.
    """
    properties: Properties = {"format": _format_name(file, container)}
    _describe_streams(properties, container)
    seconds = duration_seconds(container)
    if seconds is not None:
        properties["duration_ms"] = round(seconds * 1000)
    if container.bit_rate > 0:
        properties["bit_rate"] = container.bit_rate
    tags = _tags(container)
    if title := _first(tags, _TITLE):
        properties["title"] = title
    if author := _first(tags, _AUTHOR):
        properties["author"] = author
    if software := _first(tags, _SOFTWARE):
        properties["software"] = software
    if make := _first(tags, _MAKE):
        properties["camera_make"] = make
    if model := _first(tags, _MODEL):
        properties["camera_model"] = model
    created = [moment for key in _CREATED if (moment := _moment(tags.get(key, "")))]
    if created:
        properties["created_at"] = created[0]
    if gps and (place := parse_place(_first(tags, _PLACE))):
        properties["latitude"], properties["longitude"] = place
    return properties


def _describe_streams(properties: Properties, container: InputContainer) -> None:
    film, sound = video_stream(container), sound_stream(container)
    if film is not None:
        if _codec(film):
            properties["video_codec"] = _codec(film)
            if film.width > 0 and film.height > 0:
                properties["width"], properties["height"] = film.width, film.height
        rate = film.average_rate or film.guessed_rate
        if rate:
            properties["frame_rate"] = round(float(rate), 3)
        if film.frames > 0:
            properties["frames"] = film.frames
    if sound is not None and _codec(sound):
        properties["audio_codec"] = _codec(sound)
        if sound.codec_context.sample_rate > 0:
            properties["sample_rate"] = sound.codec_context.sample_rate
        if sound.codec_context.channels > 0:
            properties["channels"] = sound.codec_context.channels


def _codec(stream: Stream) -> str:
    """Return the name of the codec (not of the decoder); empty where this installation has none for it."""
    context = cast("object | None", stream.codec_context)
    return "" if context is None else stream.codec_context.codec.canonical_name


def _format_name(file: OpenFile, container: InputContainer) -> str:
    name = container.format.name
    if name.startswith("mov,"):
        brand = container.metadata.get("major_brand", "").strip().lower()
        if brand in ("", "qt"):
            return "QuickTime"
        return "M4A" if brand in ("m4a", "m4b") else "3GP" if brand.startswith("3g") else "MP4"
    if name.startswith("matroska"):
        return "WebM" if b"webm" in file.head(64) else "Matroska"
    if name == "asf":
        return "WMV" if video_stream(container) is not None else "WMA"
    return _FORMATS.get(name, name)


def _tags(container: InputContainer) -> Mapping[str, str]:
    """Return the tags of the file, and those of its first streams where the file has none."""
    tags: dict[str, str] = {}
    sources = [container.metadata, *(stream.metadata for stream in container.streams)]
    for source in sources:
        for key, value in source.items():
            cleaned = " ".join(value.replace("\x00", " ").split())[:_LONGEST_TEXT]
            if cleaned:
                tags.setdefault(key.lower(), cleaned)
    return tags


def _first(tags: Mapping[str, str], keys: tuple[str, ...]) -> str:
    return next((tags[key] for key in keys if key in tags), "")


def _moment(text: str) -> str:
    """Return a moment in ISO 8601; empty where it is none, or the zero of the clock of QuickTime."""
    matched = _MOMENT.fullmatch(text.strip()) and not text.startswith(("1904-01-01", "0000"))
    return text.strip().replace(" ", "T") if matched else ""


def parse_place(text: str) -> tuple[float, float] | None:
    """Read a place as films note it (ISO 6709).

    Parameters
    ----------
    text : str
        Latitude and longitude in degrees, degrees and minutes, or degrees, minutes and seconds.

    Returns
    -------
    tuple of float or None
        Latitude and longitude in degrees; None where the text is no place.

    Examples
    --------
    >>> parse_place("+48.2082+016.3738+171.000/")
    (48.2082, 16.3738)
    >>> parse_place("+4812.5+01622.5/")
    (48.208333, 16.375)
    """
    match = re.match(_NUMBER * 2, text.strip())
    if match is None:
        return None
    latitude = _degrees(match[1], match[2], match[3] or "", 2)
    longitude = _degrees(match[4], match[5], match[6] or "", 3)
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return None
    return latitude, longitude


def _degrees(sign: str, digits: str, fraction: str, width: int) -> float | None:
    parts = {width: (digits,), width + 2: (digits[:width], digits[width:])}
    parts[width + 4] = (digits[:width], digits[width : width + 2], digits[width + 2 :])
    if len(digits) < width:
        parts[len(digits)] = (digits,)
    if len(digits) not in parts:
        return None
    *whole, last = parts[len(digits)]
    values = [*map(float, whole), float(last + fraction)]
    degrees = sum(value / 60.0**place for place, value in enumerate(values))
    return round(-degrees if sign == "-" else degrees, 6)
