"""Formats that are text, or that begin with text: PDF, PostScript, SVG, and what is no medium at all."""

from __future__ import annotations

import re
import zlib

from tidymedia.media.kinds import Kind

__all__ = ["describe", "document_or_drawing", "is_text"]

_PDF_WITHIN = 1024
_BEFORE_ROOT = re.compile(rb"\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\])?\s*>", re.DOTALL | re.IGNORECASE)
_FONTS = (b"%!PS-AdobeFont", b"%!FontType", b"%!PS-Adobe-3.0 Resource-")
_SVG_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?svg[\s/>]")
_HTML = re.compile(rb"<!doctype\s+html|<(?:html|head|body|title|script|meta)[\s>]", re.IGNORECASE)

_KNOWN = (
    (b"version https://git-lfs", "a pointer of Git LFS instead of the file"),
    (b"PK\x03\x04", "a zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"\x1f\x8b", "a file packed by gzip"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"SQLite format 3", "a database"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
    (b"bplist", "a property list"),
    (b"{\\rtf", "an RTF document"),
    (b"MThd", "a MIDI file (notes, no sound)"),
)


def _decoded(head: bytes) -> bytes:
    """Return text as UTF-8 without its byte order mark."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[: len(head) // 2 * 2].decode("utf-16", "replace").encode()
    return head.removeprefix(b"\xef\xbb\xbf")


def _is_svg(head: bytes) -> bool:
    text, at = _decoded(head), 0
    while (match := _BEFORE_ROOT.match(text, at)) is not None:
        at = match.end()
    return _SVG_ROOT.match(text, at) is not None


def _unpacked(head: bytes) -> bytes:
    try:
        return zlib.decompressobj(wbits=31).decompress(head, 65_536)
    except zlib.error:
        return b""


def document_or_drawing(head: bytes) -> Kind | None:
    """Recognise PDF, PostScript and SVG, also packed.

    Parameters
    ----------
    head : bytes
        The first bytes of the file.

    Returns
    -------
    Kind or None
        Document for a PDF (an Illustrator file that contains one too), vector for PostScript and SVG; None
        for anything else.

    Examples
    --------
    >>> document_or_drawing(b"<?xml version='1.0'?><!-- drawn --><svg xmlns='http://www.w3.org/2000/svg'/>")
    <Kind.VECTOR: 'vector'>
    """
    if head.removeprefix(b"\x04").startswith(b"%!"):
        return None if head.startswith(_FONTS) else Kind.VECTOR
    if b"%PDF-" in head[: _PDF_WITHIN + 5] and not (is_text(head[:256]) and _HTML.search(head[:256])):
        return Kind.DOCUMENT
    if _is_svg(head):
        return Kind.VECTOR
    if head.startswith(b"\x1f\x8b") and _is_svg(_unpacked(head)):
        return Kind.VECTOR
    return None


def is_text(head: bytes) -> bool:
    """Say whether bytes are readable text.

    Parameters
    ----------
    head : bytes
        The first bytes of a file.

    Returns
    -------
    bool
        Whether they are text in UTF-8, UTF-16 with its mark, or one of the Latin encodings.

    Examples
    --------
    >>> is_text("très bien".encode()), is_text(bytes(10))
    (True, False)
    """
    sample = head[:2048]
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        sample = _decoded(sample)
    control = sum(sample.count(code) for code in (*range(9), *range(14, 27), *range(28, 32), 127))
    return bool(sample) and control == 0


def describe(head: bytes) -> str:
    """Say what the content is, for files that are not what their name says.

    Parameters
    ----------
    head : bytes
        The first bytes of the file.

    Returns
    -------
    str
        A noun with its article.

    Examples
    --------
    >>> describe(b"<html><body>404</body></html>"), describe(b'{"error": "expired"}'), describe(bytes(100))
    ('an HTML page', 'JSON text', 'nothing but zero bytes')
    """
    if not head.strip(b"\x00"):
        return "nothing but zero bytes"
    for magic, meaning in _KNOWN:
        if head.startswith(magic):
            return meaning
    if head[257:262] == b"ustar":
        return "a tar archive"
    if not is_text(head):
        return "of no known format"
    text = _decoded(head).lstrip()
    if text.startswith(b"<"):
        return "an HTML page" if _HTML.search(text[:2048]) else "XML text"
    return "JSON text" if text.startswith((b"{", b"[")) else "plain text"
