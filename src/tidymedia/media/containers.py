"""Containers that hold pictures, films or recordings: a look inside tells which."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from tidymedia.media.kinds import Kind

__all__ = ["asf", "flash_video", "iso_media", "matroska", "ogg", "old_quicktime", "riff", "transport_stream"]

_STILL_BRANDS = frozenset(
    (
        b"heic",
        b"heix",
        b"heim",
        b"heis",
        b"hevc",
        b"hevx",
        b"mif1",
        b"msf1",
        b"avif",
        b"avis",
        b"jpeg",
        b"crx ",
        b"mif2",
    )
)
_AUDIO_BRANDS = frozenset((b"M4A ", b"M4B ", b"M4P ", b"F4A ", b"F4B ", b"aax ", b"aaxc"))
_INNER_BOXES = (b"moov", b"trak", b"mdia")
_MOST_BOXES = 2_000
_MOST_HEADER = 16_000_000

_ASF_VIDEO = bytes.fromhex("c0ef19bc4d5bcf11a8fd00805f5c442b")
_ASF_AUDIO = bytes.fromhex("409e69f84d5bcf11a8fd00805f5c442b")

_OGG_VIDEO = (b"\x80theora", b"BBCD\x00", b"\x01video\x00", b"OVP80", b"\x01Direct Show Samples")
_TRACK_CODEC = re.compile(rb"\x86[\x82-\xbf]([VA])_")


def _boxes(stream: BinaryIO, start: int, end: int | None) -> Iterator[tuple[bytes, int, int | None]]:
    """Give type, start of content and end of the boxes in a stretch of the file."""
    at = start
    while end is None or at + 8 <= end:
        stream.seek(at)
        header = stream.read(16)
        if len(header) < 8:
            return
        size, content = int.from_bytes(header[:4], "big"), at + 8
        if size == 1:
            size, content = int.from_bytes(header[8:16], "big"), at + 16
        box_end = end if size == 0 else at + size
        yield header[4:8], content, box_end
        if box_end is None or box_end < content:
            return
        at = box_end


def _track_types(stream: BinaryIO) -> set[bytes]:
    """Return the types of the tracks of an MP4 or QuickTime file."""
    types: set[bytes] = set()
    left = _MOST_BOXES
    waiting: list[tuple[int, int | None]] = [(0, None)]
    while waiting:
        for kind, start, end in _boxes(stream, *waiting.pop()):
            left -= 1
            if left == 0:
                return types
            if kind in _INNER_BOXES:
                waiting.append((start, end))
            elif kind == b"hdlr":
                stream.seek(start + 8)
                types.add(stream.read(4))
    return types


def _film_or_recording(stream: BinaryIO) -> Kind:
    types = _track_types(stream)
    return Kind.AUDIO if b"soun" in types and b"vide" not in types else Kind.VIDEO


def iso_media(head: bytes, stream: BinaryIO) -> Kind | None:
    """Tell HEIC, AVIF, MP4, QuickTime, 3GP and M4A apart, by brand and by tracks."""
    size, brand = int.from_bytes(head[:4], "big"), head[8:12]
    compatible = {head[at : at + 4] for at in range(16, min(size, 512, len(head)), 4)}
    if brand in _STILL_BRANDS:
        return Kind.IMAGE
    if brand in _AUDIO_BRANDS:
        return Kind.AUDIO
    if brand in (b"jp2 ", b"jpx ", b"jpm "):
        return Kind.IMAGE
    kind = _film_or_recording(stream)
    if kind is Kind.VIDEO and compatible & _STILL_BRANDS and not _track_types(stream) and b"isom" not in compatible:
        return Kind.IMAGE
    return kind


def old_quicktime(head: bytes, stream: BinaryIO) -> Kind | None:
    """Recognise QuickTime files from before the brands."""
    first = int.from_bytes(head[:4], "big")
    types = _track_types(stream)
    if types & {b"vide", b"soun"}:
        return Kind.AUDIO if b"vide" not in types else Kind.VIDEO
    return Kind.VIDEO if first in (0, 1) or first >= 8 else None


def riff(head: bytes, stream: BinaryIO) -> Kind | None:
    """Tell WebP, AVI, WAV and CorelDRAW apart."""
    form = head[8:12]
    if form == b"WEBP":
        return Kind.IMAGE
    if form in (b"AVI ", b"AVIX", b"CDXA", b"AMV "):
        return Kind.VIDEO
    if form in (b"WAVE", b"RMP3"):
        return Kind.AUDIO
    return Kind.VECTOR if form.startswith((b"CDR", b"cdr")) else None


def matroska(head: bytes, stream: BinaryIO) -> Kind | None:
    """Tell a Matroska or WebM film from a recording by the codecs of its tracks."""
    codecs = set(_TRACK_CODEC.findall(head))
    if not codecs:
        stream.seek(0)
        codecs = set(_TRACK_CODEC.findall(stream.read(_MOST_HEADER // 16)))
    return Kind.AUDIO if codecs == {b"A"} else Kind.VIDEO


def ogg(head: bytes, stream: BinaryIO) -> Kind | None:
    """Tell an Ogg film from a recording by the first page of each of its streams."""
    at = 0
    while head.startswith(b"OggS", at) and len(head) > at + 27 and head[at + 5] & 2:
        segments = head[at + 26]
        body = at + 27 + segments
        if head.startswith(_OGG_VIDEO, body):
            return Kind.VIDEO
        at = body + sum(head[at + 27 : body])
    return Kind.AUDIO


def asf(head: bytes, stream: BinaryIO) -> Kind | None:
    """Tell WMV from WMA by the streams that the header lists."""
    size = int.from_bytes(head[16:24], "little")
    if size > len(head):
        stream.seek(0)
        head = stream.read(min(size, _MOST_HEADER))
    return Kind.AUDIO if _ASF_AUDIO in head and _ASF_VIDEO not in head else Kind.VIDEO


def flash_video(head: bytes, stream: BinaryIO) -> Kind | None:
    """Tell a Flash film from a recording by its flags."""
    return Kind.AUDIO if len(head) > 4 and head[4] & 5 == 4 else Kind.VIDEO


def transport_stream(head: bytes, stream: BinaryIO) -> Kind | None:
    """Recognise packets of 188 bytes, or of 192 bytes as cameras write them."""
    for length, first in ((188, 0), (192, 4), (204, 0)):
        marks = head[first::length][:5]
        if len(marks) >= 3 and marks.strip(b"\x47") == b"":
            return Kind.VIDEO
    return None
