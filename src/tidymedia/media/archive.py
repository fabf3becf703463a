"""List the members of zip and tar archives without unpacking them to disk."""

from __future__ import annotations

import calendar
import re
import stat
import tarfile
import zipfile
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from tidymedia.errors import EncryptedError, MediumError, OutsideRootError, OverLimitError, UnsupportedError
from tidymedia.media.archive_reader import archive_errors, tar_members
from tidymedia.media.archive_signatures import is_zip
from tidymedia.media.file_errors import readable
from tidymedia.media.found import Found, numbered
from tidymedia.media.hidden import is_hidden
from tidymedia.media.location import Location
from tidymedia.media.locations import ArchiveMember
from tidymedia.media.settings import Limits
from tidymedia.media.spooled import over_limit
from tidymedia.media.suffixes import names_archive

__all__ = ["list_archive", "member_path"]

_MOST_RATIO = 250
_RATIO_FROM = 50_000_000
_LOCAL_HEADER = 30


class _Member(NamedTuple):
    """One member, of a zip or a tar alike."""

    position: int
    name: str
    bytes: int
    modified_ns: int | None = None
    etag: str | None = None
    error: MediumError | None = None


def member_path(name: str) -> str | None:
    r"""Return the name of a member as a clean relative path.

    Parameters
    ----------
    name : str
        The name as the archive has it.

    Returns
    -------
    str or None
        The path with ``/``, without drive, leading slashes, ``.`` and ``..``; None where it leaves the
        archive. Empty where it names the archive itself.

    Examples
    --------
    >>> member_path("C:\\photos\\1.jpg"), member_path("/etc/1.jpg"), member_path("a/../1.jpg"), member_path("../1.jpg")
    ('photos/1.jpg', 'etc/1.jpg', '1.jpg', None)
    """
    parts: list[str] = []
    for part in re.sub(r"^[A-Za-z]:", "", name.replace("\\", "/")).split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def list_archive(archive: Location, path: str, limits: Limits, stream: BinaryIO) -> list[Found]:
    """List the files in an archive, in the order in which they lie there (so they are read in one pass).

    Folders, links within the archive, hidden files and the forks of macOS are left out. What cannot be
    opened is listed with its reason: a member behind a password, over a limit, packed by far more than media
    ever are (a zip bomb), an archive in the archive, a name that leaves the archive. Where the archive itself
    is broken or over a limit, it is listed with the reason, behind the members that could be listed.

    Parameters
    ----------
    archive : Location
        Where the archive is.
    path : str
        Its path in the study.
    limits : Limits
        How large it may be.
    stream : BinaryIO
        The open archive, at its start.

    Returns
    -------
    list of Found
        Its members, ``archive.zip!/x/y.jpg``.
    """
    found: list[Found] = []
    taken: set[str] = set()
    total = 0
    try:
        with archive_errors(path):
            for count, member in enumerate(_members(stream, path, limits), start=1):
                total += member.bytes
                if count > limits.archive_members or total > limits.archive_bytes:
                    raise _too_large(path, limits)
                entry = _entry(archive, path, member, limits, taken)
                if entry is not None:
                    found.append(entry)
    except MediumError as error:
        if isinstance(error, OverLimitError):
            found.clear()
        found.append(Found(path, archive, error=error))
    return found


def _entry(archive: Location, path: str, member: _Member, limits: Limits, taken: set[str]) -> Found | None:
    inner = member_path(member.name)
    if inner is None:
        error: MediumError | None = OutsideRootError(
            f"{path} holds a file whose name leaves the archive: {readable(member.name)}.",
            "It was not opened. Unpack the archive with care if you trust it.",
        )
        inner = member.name.replace("\\", "/").lstrip("/")
    elif not inner or any(is_hidden(part) for part in inner.split("/")):
        return None
    else:
        error = member.error
    inside = numbered(f"{path}!/{readable(inner)}", taken)
    if error is None and member.bytes > limits.member_bytes:
        error = over_limit(inside, limits.member_bytes)
    if error is None and names_archive(inner):
        error = UnsupportedError(f"{inside} is an archive in an archive.", f"Unpack {path} first.")
    place = ArchiveMember(archive, member.name, member.position, limits.member_bytes)
    return Found(inside, place, member.bytes, member.modified_ns, member.etag, error)


def _members(stream: BinaryIO, path: str, limits: Limits) -> Iterator[_Member]:
    head = stream.read(16)
    if is_zip(head):
        _count_first(stream, path, limits)
        return _zip_members(stream, path)
    stream.seek(0)
    return _tar_members(stream, path)


def _count_first(stream: BinaryIO, path: str, limits: Limits) -> None:
    """Refuse a zip with too many members before its directory is read into memory."""
    size = stream.seek(0, 2)
    stream.seek(max(0, size - 70_000))
    tail = stream.read()
    end, end64 = tail.rfind(b"PK\x05\x06"), tail.rfind(b"PK\x06\x06")
    count = int.from_bytes(tail[end + 10 : end + 12], "little") if end >= 0 else 0
    if count == 0xFFFF and end64 >= 0:
        count = int.from_bytes(tail[end64 + 32 : end64 + 40], "little")
    if count > limits.archive_members:
        raise _too_large(path, limits)
    stream.seek(0)


def _zip_members(stream: BinaryIO, path: str) -> Iterator[_Member]:
    with zipfile.ZipFile(stream) as archive:
        members = archive.infolist()
        if _overlap(members):
            raise OverLimitError(
                f"{path} is a zip bomb: its members share the same bytes.", "Do not unpack it; ask where it comes from."
            )
        for position, member in enumerate(members):
            mode = member.external_attr >> 16
            if member.is_dir() or (stat.S_IFMT(mode) and not stat.S_ISREG(mode)):
                continue
            error: MediumError | None = None
            where = f"{path}!/{member.filename}"
            if member.flag_bits & 1:
                error = EncryptedError(f"{where} needs a password.", "Unpack the archive first.")
            elif member.file_size > _RATIO_FROM and member.file_size > _MOST_RATIO * max(1, member.compress_size):
                error = OverLimitError(
                    f"{where} unpacks to more than {_MOST_RATIO} times its size, as zip bombs do.",
                    "Unpack it yourself if you trust it.",
                )
            modified = _nanoseconds(member.date_time)
            yield _Member(position, member.filename, member.file_size, modified, f"{member.CRC:08x}", error)


def _overlap(members: list[zipfile.ZipInfo]) -> bool:
    """Say whether members share bytes, as those of a zip bomb do."""
    end = -1
    for member in sorted(members, key=lambda member: member.header_offset):
        if member.header_offset < end:
            return True
        end = member.header_offset + _LOCAL_HEADER + member.compress_size
    return False


def _tar_members(stream: BinaryIO, path: str) -> Iterator[_Member]:
    with tarfile.open(fileobj=stream, mode="r:*") as archive:
        for position, member in enumerate(tar_members(archive)):
            error: MediumError | None = None
            if member.issym() or member.islnk():
                folder = member.name.rpartition("/")[0] if member.issym() else ""
                target = member.linkname if member.linkname.startswith("/") else f"{folder}/{member.linkname}"
                if member_path(target) is not None and not member.linkname.startswith("/"):
                    continue
                error = OutsideRootError(
                    f"{path}!/{readable(member.name)} is a link that leaves the archive.", "Pack the file itself."
                )
            elif not member.isreg():
                continue
            size = 0 if error else member.size
            yield _Member(position, member.name, size, int(member.mtime * 1_000_000_000), None, error)


def _nanoseconds(moment: tuple[int, int, int, int, int, int]) -> int | None:
    """Return the time of a zip member as if it were in UTC: a zip does not tell the time zone."""
    year, month, day, *_ = moment
    if not (1980 <= year <= 2107 and 1 <= month <= 12 and 1 <= day <= 31):
        return None
    return calendar.timegm((*moment, 0, 0, 0)) * 1_000_000_000


def _too_large(path: str, limits: Limits) -> OverLimitError:
    return OverLimitError(
        f"{path} has more than {limits.archive_members:,} members, or more than {limits.archive_bytes:,} bytes.",
        "Raise the limits archive_members and archive_bytes, or unpack it in parts.",
    )
