"""Read members of archives; the last archive stays open, so that a run over its members reads it once."""

from __future__ import annotations

import atexit
import lzma
import os
import tarfile
import threading
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, BinaryIO

from tidymedia.errors import BrokenFileError, EncryptedError, UnreadableError, UnsupportedError
from tidymedia.media.archive_signatures import is_zip
from tidymedia.media.file_errors import file_error
from tidymedia.media.location import Location
from tidymedia.media.spooled import spool

if TYPE_CHECKING:
    from tidymedia.media.locations import ArchiveMember

__all__ = ["archive_errors", "close_archives", "open_member", "tar_members"]


@contextmanager
def archive_errors(name: str) -> Iterator[None]:
    """Turn what the archive libraries raise into our errors.

    Parameters
    ----------
    name : str
        Name of the archive or of its member.

    Yields
    ------
    None
        While the archive is read.
    """
    try:
        yield
    except NotImplementedError as error:
        raise UnsupportedError(
            f"{name} is packed by a method that cannot be opened here ({error}).",
            "Unpack it first, or pack it as plain zip.",
        ) from error
    except (zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, UnicodeDecodeError) as error:
        raise BrokenFileError(f"{name} is damaged or cut off ({error}).", "Get a whole copy of the archive.") from error
    except RuntimeError as error:
        if "password" not in str(error) and "encrypted" not in str(error):
            raise
        raise EncryptedError(f"{name} needs a password.", "Unpack it first.") from error
    except OSError as error:
        if isinstance(error, FileNotFoundError | PermissionError):
            raise file_error(name, error) from error
        raise BrokenFileError(f"{name} is damaged or cut off ({error}).", "Get a whole copy of the archive.") from error


def tar_members(archive: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    """Give the members of a tar archive in order, without keeping them in memory.

    Parameters
    ----------
    archive : tarfile.TarFile
        The archive, at its start.

    Yields
    ------
    tarfile.TarInfo
        The next member.
    """
    while (member := archive.next()) is not None:
        yield member
        archive.members.clear()  # type: ignore[attr-defined]  # left out of its stubs


class _ZipReader:
    """Members of a zip archive, in any order."""

    def __init__(self, stream: BinaryIO) -> None:
        self._archive = zipfile.ZipFile(stream)
        self._members = self._archive.infolist()

    def read(self, wanted: ArchiveMember) -> BinaryIO:
        if wanted.position >= len(self._members):
            raise _changed(wanted)
        member = self._members[wanted.position]
        if member.filename != wanted.member:
            raise _changed(wanted)
        with self._archive.open(member) as unpacked:
            return spool(unpacked.read, wanted.member_bytes, wanted.name, member.file_size)


class _TarReader:
    """Members of a tar archive, forwards only: going back means to start again."""

    def __init__(self, stream: BinaryIO) -> None:
        self._archive = tarfile.open(fileobj=stream, mode="r:*")  # noqa: SIM115 - stays open with its stream
        self._members = enumerate(tar_members(self._archive))
        self.next = 0

    def read(self, wanted: ArchiveMember) -> BinaryIO:
        for position, member in self._members:
            self.next = position + 1
            if position == wanted.position:
                unpacked = self._archive.extractfile(member) if member.isreg() else None
                if member.name != wanted.member or unpacked is None:
                    raise _changed(wanted)
                with unpacked:
                    return spool(unpacked.read, wanted.member_bytes, wanted.name, member.size)
        raise _changed(wanted)


class _OpenArchive:
    """The archive that is open, in this process."""

    def __init__(self, location: Location, stamp: tuple[int, int] | None) -> None:
        self.location, self.stamp, self.process = location, stamp, os.getpid()
        self.stream = location.open()
        try:
            head = self.stream.read(16)
            self.stream.seek(0)
            self.reader: _ZipReader | _TarReader = (_ZipReader if is_zip(head) else _TarReader)(self.stream)
        except BaseException:
            self.stream.close()
            raise

    def serves(self, wanted: ArchiveMember, stamp: tuple[int, int] | None) -> bool:
        if (self.location, self.stamp, self.process) != (wanted.archive, stamp, os.getpid()):
            return False
        return isinstance(self.reader, _ZipReader) or self.reader.next <= wanted.position


_lock = threading.Lock()
_last: _OpenArchive | None = None


def open_member(wanted: ArchiveMember) -> BinaryIO:
    """Unpack a member of an archive.

    Parameters
    ----------
    wanted : ArchiveMember
        Which one.

    Returns
    -------
    BinaryIO
        Its bytes, seekable.

    Raises
    ------
    MediumError
        Where the archive has vanished or changed, is broken, or the member is over its limit.
    """
    global _last
    stamp = _stamp(wanted.archive)
    with _lock:
        if _last is None or not _last.serves(wanted, stamp):
            _close()
            with archive_errors(wanted.archive.name):
                _last = _OpenArchive(wanted.archive, stamp)
        try:
            with archive_errors(wanted.name):
                return _last.reader.read(wanted)
        except BaseException:
            _close()
            raise


def close_archives() -> None:
    """Close the archive that this process keeps open."""
    with _lock:
        _close()


def _close() -> None:
    global _last
    if _last is not None and _last.process == os.getpid():
        with suppress(OSError):
            _last.stream.close()
    _last = None


def _stamp(archive: Location) -> tuple[int, int] | None:
    if archive.local_path is None:
        return None
    try:
        status = archive.local_path.stat()
    except OSError as error:
        raise file_error(archive.name, error) from error
    return status.st_size, status.st_mtime_ns


def _changed(wanted: ArchiveMember) -> UnreadableError:
    return UnreadableError(
        f"{wanted.name} is no longer there (the archive has changed since it was listed).",
        "Run the same command again.",
    )


atexit.register(close_archives)
