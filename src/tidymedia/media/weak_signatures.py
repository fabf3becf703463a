"""Formats without a signature: the name proposes, and the content must not contradict."""

from __future__ import annotations

import struct

from tidymedia.media.kinds import Kind
from tidymedia.media.markup import is_text
from tidymedia.media.suffixes import suffix_of

__all__ = ["sniff"]

_TARGA_TYPES = (1, 2, 3, 9, 10, 11)


def _targa(head: bytes) -> bool:
    return len(head) > 18 and head[1] in (0, 1) and head[2] in _TARGA_TYPES and head[16] in (1, 8, 15, 16, 24, 32)


def _bare_bitmap(head: bytes) -> bool:
    return int.from_bytes(head[:4], "little") in (12, 40, 52, 56, 64, 108, 124)


def _sound_frames(head: bytes) -> bool:
    return head.startswith((b"\x0b\x77", b"\x77\x0b", b"\x7f\xfe\x80\x01"))


def _image_memory(head: bytes) -> bool:
    return b"Image type:" in head[:512]


def _iptc(head: bytes) -> bool:
    return head.startswith(b"\x1c") and len(head) > 5 and head[1] in (1, 2, 3, 4, 5, 6, 7, 8, 9, 240)


def _area_file(head: bytes) -> bool:
    return head.startswith(b"\x00\x00\x00\x00\x00\x00\x00\x04")


def _spider(head: bytes) -> bool:
    if len(head) < 108:
        return False
    for order in "<>":
        values = struct.unpack(f"{order}27f", head[:108])
        if values[4] in (1.0, -11.0, -12.0, -21.0, -22.0) and values[12] * values[22] == values[21] and values[21] > 0:
            return True
    return False


def _any_binary(head: bytes) -> bool:
    return bool(head.strip(b"\x00"))


_PROPOSALS = {
    "tga icb vda vst": (Kind.IMAGE, _targa),
    "dib": (Kind.IMAGE, _bare_bitmap),
    "im": (Kind.IMAGE, _image_memory),
    "iim": (Kind.IMAGE, _iptc),
    "spi spider": (Kind.IMAGE, _spider),
    "ac3 eac3 dts": (Kind.AUDIO, _sound_frames),
    "area mcidas": (Kind.IMAGE, _area_file),
    "drw": (Kind.VECTOR, _any_binary),
}
_BY_SUFFIX = {suffix: proposal for suffixes, proposal in _PROPOSALS.items() for suffix in suffixes.split()}


def sniff(head: bytes, name: str) -> Kind:
    """Tell the kind of a file that no signature knows.

    Parameters
    ----------
    head : bytes
        Its first bytes.
    name : str
        Its name.

    Returns
    -------
    Kind
        The kind that the name proposes, where the content fits it; else ``Kind.OTHER``.

    Examples
    --------
    >>> header = bytes([0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 24, 0]) + bytes(3)
    >>> sniff(header, "old.tga"), sniff(header, "old.bin")
    (<Kind.IMAGE: 'image'>, <Kind.OTHER: 'other'>)
    """
    kind, fits = _BY_SUFFIX.get(suffix_of(name), (Kind.OTHER, _any_binary))
    if kind is Kind.OTHER or (is_text(head) and fits is not _image_memory):
        return Kind.OTHER
    return kind if fits(head) else Kind.OTHER
