"""Files at addresses: buckets and servers that fsspec knows, and single files on the web."""

from __future__ import annotations

import sys
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, BinaryIO

from tidymedia.errors import MediumError, UnavailableError, UnreadableError, UsageError
from tidymedia.media.found import Found
from tidymedia.media.hidden import is_hidden
from tidymedia.media.settings import Limits
from tidymedia.media.spooled import spool
from tidymedia.media.web import download_from_web, scheme_of

if TYPE_CHECKING:
    from tidymedia.media.locations import RemoteFile

__all__ = ["SCHEMES_IN_TABLES", "download", "list_remote", "require_driver"]

SCHEMES_IN_TABLES = frozenset(("http", "https", "s3", "gs", "gcs", "az", "abfs", "memory"))
"""Kinds of addresses that a table of posts may hold: none that names a file of this machine."""

_WEB = frozenset(("http", "https"))
_DRIVERS = {"s3": "s3fs", "s3a": "s3fs", "gs": "gcsfs", "gcs": "gcsfs", "az": "adlfs", "abfs": "adlfs", "adl": "adlfs"}


def list_remote(url: str, limits: Limits) -> list[Found]:
    """List the files below an address, or the one file at it.

    An address on the web (``http``, ``https``) is always one file: the web knows no folders, and whether
    the link is dead shows when it is read. Other addresses are listed with all that lies below them, hidden
    files left out, sorted by path. Access is set as each driver does it (environment, configuration files,
    ``FSSPEC_S3_ANON=true``).

    Parameters
    ----------
    url : str
        The address.
    limits : Limits
        How large a download may be.

    Returns
    -------
    list of Found
        The files; paths are relative to the address, or the last part of the address of one file.

    Raises
    ------
    UnavailableError
        Where a package for this kind of address is not installed.
    UsageError
        Where nothing lies at the address or it may not be listed.
    """
    from tidymedia.media.locations import RemoteFile

    if scheme_of(url) in _WEB:
        last = urllib.parse.unquote(urllib.parse.urlsplit(url).path.rstrip("/").rpartition("/")[2])
        return [Found(last or urllib.parse.urlsplit(url).netloc, RemoteFile(url, limits.member_bytes))]
    system, root = _file_system(url)
    try:
        with _driver_errors(url):
            entries: dict[str, dict[str, Any]] = system.find(root, detail=True)
    except MediumError as error:
        raise UsageError(error.message, error.remedy) from error
    prefix = root.rstrip("/") + "/"
    found = []
    for name, details in entries.items():
        path = name[len(prefix) :] if name.startswith(prefix) else name.rpartition("/")[2]
        if path and details.get("type", "file") == "file" and not any(is_hidden(part) for part in path.split("/")):
            place = RemoteFile(system.unstrip_protocol(name), limits.member_bytes)
            etag = details.get("ETag") or details.get("etag") or details.get("md5Hash") or details.get("content_md5")
            mark = None if etag is None else str(etag).strip('"')
            found.append(Found(path, place, details.get("size"), _modified(details), mark))
    if not found:
        raise UsageError(f"There is nothing at {url}.", "Check the address, and that you may list it.")
    return sorted(found, key=lambda one: one.path)


def download(place: RemoteFile) -> BinaryIO:
    """Download a file into memory, or into a nameless temporary file where it is large.

    Parameters
    ----------
    place : RemoteFile
        The file.

    Returns
    -------
    BinaryIO
        Its bytes, seekable.

    Raises
    ------
    UnreadableError
        Where the link is dead, the server does not answer, or the download stops early.
    OverLimitError
        Where it has more bytes than its limit.
    UnavailableError
        Where a package for this kind of address is not installed.
    """
    if scheme_of(place.url) in _WEB:
        return download_from_web(place)
    system, path = _file_system(place.url)
    with _driver_errors(place.url), system.open(path, "rb") as stream:
        return spool(stream.read, place.member_bytes, place.url, getattr(stream, "size", None))


def require_driver(scheme: str) -> None:
    """Check that addresses of a kind can be opened, before any is.

    Parameters
    ----------
    scheme : str
        The kind of address, such as ``"s3"``.

    Raises
    ------
    UnavailableError
        Where a package for it is not installed.

    Examples
    --------
    >>> require_driver("https")
    """
    if scheme not in _WEB:
        _file_system(f"{scheme}://")


def _file_system(url: str) -> tuple[Any, str]:
    import fsspec.core

    scheme = scheme_of(url)
    try:
        system, path = fsspec.core.url_to_fs(url)
    except ImportError as error:
        package = _DRIVERS.get(scheme, "")
        remedy = f"Install it with: pip install {package}" if package else str(error)
        raise UnavailableError(
            f"Addresses that begin with {scheme}:// need a package that is not installed.", remedy
        ) from error
    except ValueError as error:
        raise UsageError(f"Addresses that begin with {scheme}:// are not known.", f"{error}.") from error
    return system, path


@contextmanager
def _driver_errors(url: str) -> Iterator[None]:
    """Turn what a driver raises into our errors; only drivers that are loaded can have raised."""
    families = {
        "botocore.exceptions": ("BotoCoreError", "ClientError"),
        "google.auth.exceptions": ("GoogleAuthError",),
        "azure.core.exceptions": ("AzureError",),
        "aiohttp": ("ClientError",),
        "gcsfs.retry": ("HttpError",),
    }
    theirs: tuple[type[Exception], ...] = tuple(
        kind
        for module, names in families.items()
        if module in sys.modules
        for name in names
        if isinstance(kind := getattr(sys.modules[module], name, None), type) and issubclass(kind, Exception)
    )
    expected: tuple[type[Exception], ...] = (OSError, ValueError, *theirs)
    try:
        yield
    except FileNotFoundError as error:
        raise UnreadableError(f"{url} is a dead link (not found).", "Check the address.") from error
    except PermissionError as error:
        raise UnreadableError(f"{url} may not be read by you.", "Check your access to the bucket.") from error
    except expected as error:
        raise UnreadableError(f"{url} cannot be read ({error}).", "Check the address and your access to it.") from error


def _modified(details: dict[str, Any]) -> int | None:
    for name in ("LastModified", "last_modified", "updated", "mtime", "created"):
        value = details.get(name)
        if isinstance(value, str):
            try:
                value = datetime.fromisoformat(value)
            except ValueError:
                continue
        if isinstance(value, datetime):
            return int(value.timestamp() * 1_000_000) * 1_000
        if isinstance(value, int | float):
            return int(value * 1_000_000) * 1_000
    return None
