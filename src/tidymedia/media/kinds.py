"""What a file is, told by its content and never by its suffix."""

from __future__ import annotations

from enum import StrEnum
from typing import BinaryIO

__all__ = ["HEAD_BYTES", "Kind", "is_archive", "sniff_kind"]

HEAD_BYTES = 65_536
"""How many bytes from the start of a file its kind is told by."""


class Kind(StrEnum):
    """The kinds of media.

    Examples
    --------
    >>> Kind("image") is Kind.IMAGE
    True
    """

    IMAGE = "image"
    DOCUMENT = "document"
    VECTOR = "vector"
    VIDEO = "video"
    AUDIO = "audio"
    OTHER = "other"


def sniff_kind(head: bytes, name: str = "", stream: BinaryIO | None = None) -> Kind:
    """Tell the kind of a file by its content.

    The name is asked only for the few formats that carry no signature, such as TGA, and even then the
    content must not contradict it. Whether the file is whole is not looked at.

    Parameters
    ----------
    head : bytes
        Its first bytes; ``HEAD_BYTES`` are enough.
    name : str, default ""
        Its name.
    stream : BinaryIO or None, default None
        The open file, for containers whose list of tracks lies beyond the head (an MP4 with its index at
        the end may be a film or a recording). It is left at another position.

    Returns
    -------
    Kind
        The kind; ``Kind.OTHER`` where it is none of ours.

    Examples
    --------
    >>> sniff_kind(b"GIF89a" + bytes(20), "holiday.jpg")
    <Kind.IMAGE: 'image'>
    >>> sniff_kind(b"<!DOCTYPE html><title>Not found</title>", "photo.jpg")
    <Kind.OTHER: 'other'>
    """
    from tidymedia.media import signatures

    return signatures.sniff(head, name, stream)


def is_archive(head: bytes, name: str = "") -> bool:
    r"""Say whether a file is a zip or tar archive whose members are media to look at.

    Office documents, e-books and programs are zip files too, but are one thing to their owner: no archive.

    Parameters
    ----------
    head : bytes
        Its first bytes; ``HEAD_BYTES`` are enough.
    name : str, default ""
        Its name: tells documents and programs apart, and a tar file packed by bzip2, whose first block may
        be longer than the head.

    Returns
    -------
    bool
        Whether :mod:`tidymedia.media.archive` can list it.

    Examples
    --------
    >>> is_archive(b"PK\x03\x04" + bytes(40), "photos.zip")
    True
    >>> is_archive(b"PK\x03\x04" + bytes(40), "thesis.docx")
    False
    """
    from tidymedia.media import archive_signatures

    return archive_signatures.is_archive(head, name)
