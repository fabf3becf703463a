"""The table of signatures: by which bytes a format is known, and what kind it is.

The table is our own: which formats count as which kind, and that a name never outvotes the content, decide
what is analysed at all. General libraries name a format from some bytes, but leave open whether an Ogg,
Matroska, ASF or MP4 container is a film or a recording, and guess by suffix where they do not know.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import BinaryIO, NamedTuple

from tidymedia.media import containers, markup, weak_signatures
from tidymedia.media.kinds import Kind
from tidymedia.media.mpeg_frames import is_mpeg_audio
from tidymedia.media.suffixes import claimed_kind

__all__ = ["SIGNATURES", "Signature", "sniff"]

Check = Callable[[bytes, BinaryIO], Kind | None]
"""Looks closer at the head and the open file; None says that it is not this format after all."""


class Signature(NamedTuple):
    """Bytes by which a format is known.

    Parameters
    ----------
    format : str
        Name of the format.
    kind : Kind
        Its kind, where no closer look decides.
    magic : bytes
        The bytes.
    offset : int
        Where they stand.
    check : callable or None
        A closer look.
    """

    format: str
    kind: Kind
    magic: bytes
    offset: int = 0
    check: Check | None = None


def _bitmap(head: bytes, stream: BinaryIO) -> Kind | None:
    known = (12, 16, 40, 52, 56, 64, 108, 124)
    return Kind.IMAGE if int.from_bytes(head[14:18], "little") in known else None


def _icon(head: bytes, stream: BinaryIO) -> Kind | None:
    count = int.from_bytes(head[4:6], "little")
    offset = int.from_bytes(head[18:22], "little")
    return Kind.IMAGE if len(head) >= 22 and 0 < count <= 256 and head[9] == 0 and offset >= 6 + 16 * count else None


def _portable(head: bytes, stream: BinaryIO) -> Kind | None:
    pattern = rb"P(?:[1-6yfF][\t\n\r ]+(?:#[^\n]*\n\s*)*-?\d|7\nWIDTH|7 332)|Pf\s"
    return Kind.IMAGE if re.match(pattern, head) else None


def _x_bitmap(head: bytes, stream: BinaryIO) -> Kind | None:
    return Kind.IMAGE if re.match(rb"\s*#define\s+\S*_?width\s+\d+", head[:512]) else None


def _fli(head: bytes, stream: BinaryIO) -> Kind | None:
    return Kind.IMAGE if head[14:16] in (b"\x00\x00", b"\x03\x00") and len(head) >= 128 else None


def _pcx(head: bytes, stream: BinaryIO) -> Kind | None:
    plausible = len(head) >= 128 and head[1] in (0, 2, 3, 4, 5) and head[2] == 1 and head[3] in (1, 2, 4, 8)
    left, top, right, bottom = (int.from_bytes(head[at : at + 2], "little") for at in (4, 6, 8, 10))
    return Kind.IMAGE if plausible and right >= left and bottom >= top and head[64] == 0 else None


def _metafile(head: bytes, stream: BinaryIO) -> Kind | None:
    return Kind.VECTOR if head[40:44] == b" EMF" else None


def _silicon_graphics(head: bytes, stream: BinaryIO) -> Kind | None:
    return Kind.IMAGE if len(head) > 3 and head[2] in (0, 1) and head[3] in (1, 2) else None


def _tagged(head: bytes, stream: BinaryIO) -> Kind | None:
    return Kind.AUDIO if len(head) > 9 and head[3] in (2, 3, 4) and max(head[6:10]) < 128 else None


_IMAGE, _VECTOR, _VIDEO, _AUDIO = Kind.IMAGE, Kind.VECTOR, Kind.VIDEO, Kind.AUDIO

SIGNATURES: tuple[Signature, ...] = (
    Signature("JPEG", _IMAGE, b"\xff\xd8\xff"),
    Signature("PNG", _IMAGE, b"\x89PNG\r\n\x1a\n"),
    Signature("GIF", _IMAGE, b"GIF87a"),
    Signature("GIF", _IMAGE, b"GIF89a"),
    Signature("ISO base media", _VIDEO, b"ftyp", 4, containers.iso_media),
    Signature("RIFF", _VIDEO, b"RIFF", 0, containers.riff),
    Signature("RIFX", _AUDIO, b"RIFX", 0, containers.riff),
    Signature("RF64", _AUDIO, b"RF64", 0, containers.riff),
    Signature("BW64", _AUDIO, b"BW64", 0, containers.riff),
    Signature("Matroska", _VIDEO, b"\x1a\x45\xdf\xa3", 0, containers.matroska),
    Signature("Ogg", _AUDIO, b"OggS", 0, containers.ogg),
    Signature("ASF", _VIDEO, bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c"), 0, containers.asf),
    Signature("FLV", _VIDEO, b"FLV\x01", 0, containers.flash_video),
    Signature("MP3 with ID3", _AUDIO, b"ID3", 0, _tagged),
    Signature("FLAC", _AUDIO, b"fLaC"),
    Signature("AIFF", _AUDIO, b"AIFF", 8),
    Signature("AIFF-C", _AUDIO, b"AIFC", 8),
    Signature("AMR", _AUDIO, b"#!AMR"),
    Signature("Sun audio", _AUDIO, b".snd\x00"),
    Signature("Core Audio", _AUDIO, b"caff\x00\x01"),
    Signature("WavPack", _AUDIO, b"wvpk"),
    Signature("Monkey's Audio", _AUDIO, b"MAC \x96\x0f"),
    Signature("True Audio", _AUDIO, b"TTA1"),
    Signature("Musepack", _AUDIO, b"MPCK"),
    Signature("DSF", _AUDIO, b"DSD \x1c\x00\x00\x00"),
    Signature("MPEG programme stream", _VIDEO, b"\x00\x00\x01\xba"),
    Signature("MPEG video", _VIDEO, b"\x00\x00\x01\xb3"),
    Signature("MPEG transport stream", _VIDEO, b"\x47", 0, containers.transport_stream),
    Signature("MPEG transport stream", _VIDEO, b"\x47", 4, containers.transport_stream),
    Signature("QuickTime", _VIDEO, b"moov", 4, containers.old_quicktime),
    Signature("QuickTime", _VIDEO, b"mdat", 4, containers.old_quicktime),
    Signature("QuickTime", _VIDEO, b"wide", 4, containers.old_quicktime),
    Signature("QuickTime", _VIDEO, b"free", 4, containers.old_quicktime),
    Signature("QuickTime", _VIDEO, b"skip", 4, containers.old_quicktime),
    Signature("QuickTime", _VIDEO, b"pnot", 4, containers.old_quicktime),
    Signature("MXF", _VIDEO, bytes.fromhex("060e2b34020501010d010201")),
    Signature("RealMedia", _VIDEO, b".RMF\x00"),
    Signature("IVF", _VIDEO, b"DKIF\x00\x00"),
    Signature("YUV4MPEG2", _VIDEO, b"YUV4MPEG2 "),
    Signature("TIFF", _IMAGE, b"II*\x00"),
    Signature("TIFF", _IMAGE, b"MM\x00*"),
    Signature("BigTIFF", _IMAGE, b"II+\x00\x08\x00"),
    Signature("BigTIFF", _IMAGE, b"MM\x00+\x00\x08"),
    Signature("JPEG XR", _IMAGE, b"II\xbc\x01"),
    Signature("Olympus raw", _IMAGE, b"IIRO"),
    Signature("Olympus raw", _IMAGE, b"IIRS"),
    Signature("Panasonic raw", _IMAGE, b"IIU\x00"),
    Signature("Fujifilm raw", _IMAGE, b"FUJIFILMCCD-RAW"),
    Signature("BMP", _IMAGE, b"BM", 0, _bitmap),
    Signature("Photoshop", _IMAGE, b"8BPS\x00"),
    Signature("JPEG 2000", _IMAGE, b"\x00\x00\x00\x0cjP  \r\n\x87\n"),
    Signature("JPEG 2000", _IMAGE, b"\xff\x4f\xff\x51\x00"),
    Signature("JPEG XL", _IMAGE, b"\x00\x00\x00\x0cJXL \r\n\x87\n"),
    Signature("JPEG XL", _IMAGE, b"\xff\x0a"),
    Signature("ICO", _IMAGE, b"\x00\x00\x01\x00", 0, _icon),
    Signature("CUR", _IMAGE, b"\x00\x00\x02\x00", 0, _icon),
    Signature("ICNS", _IMAGE, b"icns"),
    Signature("portable pixmap", _IMAGE, b"P", 0, _portable),
    Signature("QOI", _IMAGE, b"qoif"),
    Signature("DDS", _IMAGE, b"DDS \x7c\x00\x00\x00"),
    Signature("FITS", _IMAGE, b"SIMPLE  ="),
    Signature("BLP", _IMAGE, b"BLP1"),
    Signature("BLP", _IMAGE, b"BLP2"),
    Signature("FTEX", _IMAGE, b"FTEX"),
    Signature("DCX", _IMAGE, b"\xb1\x68\xde\x3a"),
    Signature("PCX", _IMAGE, b"\x0a", 0, _pcx),
    Signature("MSP", _IMAGE, b"DanM"),
    Signature("MSP", _IMAGE, b"LinS"),
    Signature("Sun raster", _IMAGE, b"\x59\xa6\x6a\x95"),
    Signature("SGI", _IMAGE, b"\x01\xda", 0, _silicon_graphics),
    Signature("FLI", _IMAGE, b"\x11\xaf", 4, _fli),
    Signature("FLC", _IMAGE, b"\x12\xaf", 4, _fli),
    Signature("GIMP brush", _IMAGE, b"GIMP", 20),
    Signature("GIMP", _IMAGE, b"gimp xcf "),
    Signature("PhotoCD", _IMAGE, b"PCD_", 2048),
    Signature("PIXAR", _IMAGE, b"\x80\xe8\x00\x00"),
    Signature("XPM", _IMAGE, b"/* XPM */"),
    Signature("XBM", _IMAGE, b"#define", 0, _x_bitmap),
    Signature("DOS EPS", _VECTOR, b"\xc5\xd0\xd3\xc6"),
    Signature("WMF", _VECTOR, b"\xd7\xcd\xc6\x9a\x00\x00"),
    Signature("WMF", _VECTOR, b"\x01\x00\x09\x00\x00\x03"),
    Signature("WMF", _VECTOR, b"\x02\x00\x09\x00\x00\x03"),
    Signature("EMF", _VECTOR, b"\x01\x00\x00\x00", 0, _metafile),
    Signature("Micrografx", _VECTOR, b"\x01\xff\x02\x04"),
)
"""Every format with a signature, the common ones first."""


def sniff(head: bytes, name: str, stream: BinaryIO | None) -> Kind:
    """Tell the kind of a file; see :func:`tidymedia.media.kinds.sniff_kind`.

    Parameters
    ----------
    head : bytes
        Its first bytes.
    name : str
        Its name.
    stream : BinaryIO or None
        The open file.

    Returns
    -------
    Kind
        The kind.
    """
    opened = stream if stream is not None else io.BytesIO(head)
    for signature in SIGNATURES:
        if head.startswith(signature.magic, signature.offset):
            kind = signature.kind if signature.check is None else signature.check(head, opened)
            if kind is not None:
                return kind
    kind = markup.document_or_drawing(head)
    if kind is not None:
        return kind
    if is_mpeg_audio(head, anywhere=claimed_kind(name) is Kind.AUDIO):
        return Kind.AUDIO
    return weak_signatures.sniff(head, name)
