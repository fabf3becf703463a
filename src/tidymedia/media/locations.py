"""The places that hold media: a file on disk, a member of an archive, an address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, ClassVar

from tidymedia.errors import UsageError
from tidymedia.media.file_errors import file_error, readable
from tidymedia.media.location import Location
from tidymedia.media.settings import Limits

__all__ = ["ArchiveMember", "LocalFile", "RemoteFile", "location_from_dict"]


@dataclass(frozen=True, slots=True)
class LocalFile(Location):
    """A file on disk.

    Parameters
    ----------
    root : str
        The folder that it was found in.
    path : str
        Its path relative to the root, with ``/``, as it is on disk.

    Examples
    --------
    >>> LocalFile("/data", "posts/1.jpg").name
    'posts/1.jpg'
    """

    scheme: ClassVar[str] = "file"

    root: str
    path: str

    @property
    def name(self) -> str:
        """Its path relative to the root."""
        return readable(self.path)

    @property
    def local_path(self) -> Path:
        """Its path on this machine."""
        return Path(self.root, self.path)

    def open(self) -> BinaryIO:
        """Open the file for reading.

        Returns
        -------
        BinaryIO
            The open file, buffered and seekable.

        Raises
        ------
        UnreadableError
            Where it has vanished, is a folder, or may not be read.
        """
        try:
            return self.local_path.open("rb")
        except (OSError, ValueError) as error:
            raise file_error(self.path, error) from error

    def to_dict(self) -> dict[str, object]:
        """Return the location as a dictionary with its ``scheme``."""
        return {"scheme": self.scheme, "root": self.root, "path": self.path}


@dataclass(frozen=True, slots=True)
class ArchiveMember(Location):
    """A file in a zip or tar archive.

    Parameters
    ----------
    archive : Location
        Where the archive is.
    member : str
        The name of the member, as the archive has it.
    position : int
        Its number in the archive, from 0: two members may bear the same name.
    member_bytes : int, default 2_000_000_000
        How many bytes it may have, unpacked.

    Examples
    --------
    >>> ArchiveMember(LocalFile("/data", "a.zip"), "x/y.jpg", 0).name
    'a.zip!/x/y.jpg'
    """

    scheme: ClassVar[str] = "member"

    archive: Location
    member: str
    position: int
    member_bytes: int = Limits().member_bytes

    @property
    def name(self) -> str:
        """Path of the archive and of the member in it."""
        return f"{self.archive.name}!/{readable(self.member)}"

    def open(self) -> BinaryIO:
        """Unpack the member into memory, or into a nameless temporary file where it is large.

        Returns
        -------
        BinaryIO
            Its bytes, seekable.

        Raises
        ------
        MediumError
            Where the archive has vanished or changed, is broken, or the member is over its limit.
        """
        from tidymedia.media.archive_reader import open_member

        return open_member(self)

    def to_dict(self) -> dict[str, object]:
        """Return the location as a dictionary with its ``scheme``."""
        return {
            "scheme": self.scheme,
            "archive": self.archive.to_dict(),
            "member": self.member,
            "position": self.position,
            "member_bytes": self.member_bytes,
        }


@dataclass(frozen=True, slots=True)
class RemoteFile(Location):
    """A file at an address that fsspec knows, such as ``https://`` or ``s3://``.

    Parameters
    ----------
    url : str
        Its address.
    member_bytes : int, default 2_000_000_000
        How many bytes may be downloaded.

    Examples
    --------
    >>> RemoteFile("https://example.org/photos/1.jpg?size=large").name
    'https://example.org/photos/1.jpg?size=large'
    """

    scheme: ClassVar[str] = "remote"

    url: str
    member_bytes: int = Limits().member_bytes

    @property
    def name(self) -> str:
        """Its address."""
        return readable(self.url)

    def open(self) -> BinaryIO:
        """Download the file into memory, or into a nameless temporary file where it is large.

        Returns
        -------
        BinaryIO
            Its bytes, seekable.

        Raises
        ------
        UnreadableError
            Where the link is dead or the server does not answer.
        OverLimitError
            Where the file is over its limit.
        UnavailableError
            Where a package for this kind of address is not installed.
        """
        from tidymedia.media.remote import download

        return download(self)

    def to_dict(self) -> dict[str, object]:
        """Return the location as a dictionary with its ``scheme``."""
        return {"scheme": self.scheme, "url": self.url, "member_bytes": self.member_bytes}


def location_from_dict(written: Mapping[str, Any]) -> Location:
    """Read a location that :meth:`Location.to_dict` wrote.

    Parameters
    ----------
    written : mapping
        The dictionary.

    Returns
    -------
    Location
        The same location.

    Raises
    ------
    UsageError
        Where the dictionary is of no known scheme.

    Examples
    --------
    >>> location_from_dict({"scheme": "file", "root": "/data", "path": "1.jpg"})
    LocalFile(root='/data', path='1.jpg')
    """
    fields = {name: value for name, value in written.items() if name != "scheme"}
    match written.get("scheme"):
        case "file":
            return LocalFile(**fields)
        case "member":
            return ArchiveMember(**{**fields, "archive": location_from_dict(fields["archive"])})
        case "remote":
            return RemoteFile(**fields)
    raise UsageError(f"There is no place of the kind {written.get('scheme')!r}.", "Update tidymedia and run again.")
