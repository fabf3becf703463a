"""Which files are archives, told by their content."""

from __future__ import annotations

import bz2
import lzma
import re
import tarfile
import zlib

from tidymedia.media.suffixes import ARCHIVES, PACKED_DOCUMENTS, suffix_of

__all__ = ["foreign_archive", "is_archive", "is_zip"]

_BLOCK = 512
_FIRST_MEMBERS_OF_DOCUMENTS = re.compile(
    rb"\[Content_Types\]\.xml|_rels/|mimetype|META-INF/|AndroidManifest\.xml|classes\d*\.dex|docProps/|word/document\.xml"
)
_FOREIGN = (
    (b"Rar!\x1a\x07", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x28\xb5\x2f\xfd", "Zstandard"),
    (b"LZIP", "lzip"),
)


def is_zip(head: bytes) -> bool:
    """Say whether a file is a zip file of any kind.

    Parameters
    ----------
    head : bytes
        Its first bytes.

    Returns
    -------
    bool
        Whether it is.
    """
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK00PK\x03\x04"))


def _is_document(head: bytes) -> bool:
    name_length = int.from_bytes(head[26:28], "little")
    return _FIRST_MEMBERS_OF_DOCUMENTS.match(head[30 : 30 + name_length]) is not None


def _is_tar(block: bytes) -> bool:
    if len(block) < _BLOCK or not block[:_BLOCK].strip(b"\x00"):
        return False
    try:
        tarfile.TarInfo.frombuf(block[:_BLOCK], "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return False
    return True


def _first_block(head: bytes) -> bytes | None:
    """Unpack the first block of a packed file; None where it is not packed."""
    try:
        if head.startswith(b"\x1f\x8b"):
            return zlib.decompressobj(wbits=31).decompress(head, _BLOCK)
        if head.startswith(b"BZh"):
            return bz2.BZ2Decompressor().decompress(head, _BLOCK)
        if head.startswith(b"\xfd7zXZ\x00"):
            return lzma.LZMADecompressor(memlimit=256_000_000).decompress(head, _BLOCK)
    except (zlib.error, OSError, ValueError, lzma.LZMAError):
        return b""
    return None


def is_archive(head: bytes, name: str = "") -> bool:
    """Say whether a file is a zip or tar archive; see :func:`tidymedia.media.kinds.is_archive`.

    Parameters
    ----------
    head : bytes
        Its first bytes.
    name : str, default ""
        Its name.

    Returns
    -------
    bool
        Whether it is.
    """
    if is_zip(head):
        return suffix_of(name) not in PACKED_DOCUMENTS and not _is_document(head)
    block = _first_block(head)
    if block is None:
        return _is_tar(head)
    if len(block) < _BLOCK:
        return suffix_of(name) in ARCHIVES - {"zip", "cbz"}
    return _is_tar(block)


def foreign_archive(head: bytes) -> str:
    r"""Name an archive that is not opened here.

    Parameters
    ----------
    head : bytes
        The first bytes of the file.

    Returns
    -------
    str
        Its format; empty for none.

    Examples
    --------
    >>> foreign_archive(b"7z\xbc\xaf\x27\x1c" + bytes(20))
    '7z'
    """
    return next((name for magic, name in _FOREIGN if head.startswith(magic)), "")
