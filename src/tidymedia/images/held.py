"""Bytes in hand as a place that media open, and the name by which messages call them."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, ClassVar, cast

from tidymedia.errors import BrokenFileError, EmptyFileError, UnreadableError, UsageError
from tidymedia.media.file_errors import file_error, readable
from tidymedia.media.kinds import HEAD_BYTES, Kind, sniff_kind
from tidymedia.media.location import Location
from tidymedia.media.locations import LocalFile, RemoteFile
from tidymedia.media.markup import describe
from tidymedia.media.settings import Limits
from tidymedia.media.spooled import spool
from tidymedia.media.web import scheme_of

__all__ = ["Held", "hold", "known_kind"]


@dataclass(frozen=True, slots=True)
class Held(Location):
    """The bytes of one medium, already open in this process.

    Parameters
    ----------
    label : str
        Name of the medium for messages.
    stream : BinaryIO
        Its bytes, seekable. A medium that opens this place closes them.

    Examples
    --------
    >>> import io
    >>> Held("photo.jpg", io.BytesIO(b"abc")).open().read()
    b'abc'
    """

    scheme: ClassVar[str] = "held"

    label: str
    stream: BinaryIO

    @property
    def name(self) -> str:
        """Name of the medium."""
        return self.label

    def open(self) -> BinaryIO:
        """Return the bytes, at their start."""
        self.stream.seek(0)
        return self.stream

    def to_dict(self) -> dict[str, object]:
        """Refuse: bytes in hand are in this process alone."""
        raise UsageError(f"{self.label} is held in memory.", "Write it to a file first.")


def hold(source: object, limits: Limits, what: str = "image") -> Held:
    """Get hold of the bytes of an image, a film or a recording: read, download or copy them once.

    Parameters
    ----------
    source : str, Path, bytes or file object
        Path, address, the bytes themselves, or an open binary file, which is read from its beginning.
    limits : Limits
        How many bytes a download or a file object may have.
    what : str, default "image"
        What it should be, in a word for messages.

    Returns
    -------
    Held
        The bytes, seekable, and the name of the file. The caller closes its stream.

    Raises
    ------
    MediumError
        Where the file is missing or may not be read, or the address cannot be reached.
    UsageError
        Where it is nothing that has bytes.

    Examples
    --------
    >>> hold(b"abc", Limits()).name
    'The image of 3 bytes'
    """
    if isinstance(source, str | Path):
        if isinstance(source, str) and scheme_of(source):
            place = RemoteFile(source, limits.member_bytes)
            return Held(place.name, place.open())
        return _local(source, what)
    if isinstance(source, bytes | bytearray | memoryview):
        return Held(f"The {what} of {len(source):,} bytes", io.BytesIO(source))
    if hasattr(source, "read"):
        return _copied(cast("BinaryIO", source), limits)
    raise UsageError(
        f"An object of type {type(source).__name__} is no {what}.",
        "Give a path, an address, bytes or an open binary file"
        + (", a PIL image or a NumPy array (of a tensor: its .numpy())." if what == "image" else "."),
    )


def known_kind(held: Held, what: str, remedy: str) -> Kind:
    """Tell by the content what a medium is.

    Parameters
    ----------
    held : Held
        Its bytes and name.
    what : str
        What it should be, in words for messages.
    remedy : str
        What to do where it is no medium.

    Returns
    -------
    Kind
        Any kind but other.

    Raises
    ------
    EmptyFileError
        Where it has no bytes.
    BrokenFileError
        Where it is no medium; the message says what it is instead.

    Examples
    --------
    >>> known_kind(hold(b"GIF89a" + bytes(20), Limits()), "image", "Get it again.")
    <Kind.IMAGE: 'image'>
    """
    held.stream.seek(0)
    head = held.stream.read(HEAD_BYTES)
    if not head:
        raise EmptyFileError(f"{held.name} is empty (zero bytes).", "Download or copy it again.")
    kind = sniff_kind(head, held.name, held.stream)
    if kind is Kind.OTHER:
        content = describe(head)
        verb = "its content is" if content == "of no known format" else "it is"
        raise BrokenFileError(f"{held.name} is no {what}: {verb} {content}.", remedy)
    return kind


def _local(source: str | Path, what: str) -> Held:
    name = readable(str(source))
    if not str(source):
        raise UsageError(f"The path of the {what} is empty.", "Name a file.")
    try:
        path = Path(source).expanduser()
    except RuntimeError:  # a home folder of nobody: a file may be called so
        path = Path(source)
    try:
        if path.is_dir():
            raise UnreadableError(
                f"{name} is a folder.",
                "Name one file, or use tm.Study for the whole folder.",
            )
        if not path.exists():
            raise UnreadableError(
                f"There is no file {name}.", f"Check its path; one that is relative begins at {Path.cwd()}."
            )
    except (OSError, ValueError) as error:
        raise file_error(name, error) from error
    return Held(name, LocalFile("", str(path)).open())


def _copied(stream: BinaryIO, limits: Limits) -> Held:
    called = getattr(stream, "name", None)
    name = readable(called) if isinstance(called, str) and called else "The file object"
    try:
        if stream.seekable():
            stream.seek(0)
        first = stream.read(0)
    except (OSError, ValueError, AttributeError) as error:
        raise UnreadableError(f"{name} cannot be read ({error}).", "Open it again.") from error
    if not isinstance(first, bytes):
        raise UsageError(f"{name} is open as text.", 'Open it with mode "rb".')
    try:
        return Held(name, spool(stream.read, limits.member_bytes, name))
    except (OSError, ValueError) as error:
        raise UnreadableError(f"{name} cannot be read ({error}).", "Open it again.") from error
