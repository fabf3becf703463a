"""Identify a file: the hash of its bytes, and its kind by its content."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import BinaryIO

from tidymedia.errors import BrokenFileError, EmptyFileError, MediumError, OverLimitError
from tidymedia.media.file_errors import file_error
from tidymedia.media.found import Found
from tidymedia.media.kinds import HEAD_BYTES, Kind, sniff_kind
from tidymedia.media.markup import describe
from tidymedia.media.medium import Tick, no_tick
from tidymedia.media.settings import Limits
from tidymedia.media.suffixes import claimed_kind

__all__ = ["Identity", "identify"]

_CHUNK = 1_048_576
_CLAIMS = {
    Kind.IMAGE: "an image",
    Kind.DOCUMENT: "a PDF",
    Kind.VECTOR: "a drawing",
    Kind.VIDEO: "a film",
    Kind.AUDIO: "a recording",
}


@dataclass(frozen=True, slots=True)
class Identity:
    """What a file is, whatever its name.

    Parameters
    ----------
    media_id : str
        SHA-256 of its bytes, in hexadecimal.
    kind : Kind
        Its kind, by its content.
    bytes : int
        Its size.
    """

    media_id: str
    kind: Kind
    bytes: int


def identify(found: Found, limits: Limits, tick: Tick = no_tick) -> Identity:
    """Read a file once: hash its bytes and tell its kind.

    Parameters
    ----------
    found : Found
        The file.
    limits : Limits
        How large it may be.
    tick : callable, default no_tick
        Called after each megabyte.

    Returns
    -------
    Identity
        Its media_id, kind and size.

    Raises
    ------
    EmptyFileError
        Where it has no bytes.
    OverLimitError
        Where it has more than ``limits.file_bytes``.
    BrokenFileError
        Where its name claims a medium and its content is none, such as an error page saved as ``.jpg``.
    UnreadableError
        Where it cannot be read.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from tidymedia.media.locations import LocalFile
    >>> folder = tempfile.TemporaryDirectory()
    >>> _ = pathlib.Path(folder.name, "a.gif").write_bytes(b"GIF89a")
    >>> identify(Found("a.gif", LocalFile(folder.name, "a.gif")), Limits()).kind
    <Kind.IMAGE: 'image'>
    >>> folder.cleanup()
    """
    if found.error is not None:
        raise found.error
    _within(found.path, found.bytes or 0, limits)
    try:
        with found.location.open() as stream:
            return _identify(found, stream, limits, tick)
    except MediumError:
        raise
    except OSError as error:
        raise file_error(found.path, error) from error


def _identify(found: Found, stream: BinaryIO, limits: Limits, tick: Tick) -> Identity:
    path, name = found.path, found.location.name
    head = stream.read(HEAD_BYTES)
    if not head:
        raise EmptyFileError(f"{path} is empty (zero bytes).", "Download or copy it again.")
    digest = hashlib.sha256(head)
    size = len(head)
    if size == HEAD_BYTES:
        buffer = bytearray(_CHUNK)
        view = memoryview(buffer)
        read_into = stream.readinto  # type: ignore[attr-defined]  # BinaryIO leaves it out; all our streams have it
        while count := read_into(buffer):
            digest.update(view[:count])
            size += count
            _within(path, size, limits)
            tick()
    kind = sniff_kind(head, name, stream)
    if kind is Kind.OTHER:
        _check_claim(path, name, head)
    return Identity(digest.hexdigest(), kind, size)


def _within(path: str, size: int, limits: Limits) -> None:
    if size > limits.file_bytes:
        raise OverLimitError(
            f"{path} has more than {limits.file_bytes:,} bytes.",
            "Raise the limit file_bytes, or leave it out with --exclude.",
        )


def _check_claim(path: str, name: str, head: bytes) -> None:
    """Refuse a file whose name claims a medium and whose content is none."""
    claim = claimed_kind(name)
    if claim is Kind.OTHER:
        return
    what = describe(head)
    remedy = {
        "a pointer of Git LFS instead of the file": "Fetch it with: git lfs pull.",
        "a zip archive": "Give it the suffix .zip to have its files analysed.",
        "a tar archive": "Give it the suffix .tar to have its files analysed.",
    }.get(what, "Download or copy it again.")
    verb = "its content is" if what == "of no known format" else "it is"
    raise BrokenFileError(f"{path} says by its name that it is {_CLAIMS[claim]}, but {verb} {what}.", remedy)
