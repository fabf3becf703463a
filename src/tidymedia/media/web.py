"""Download from the web with nothing but the standard library."""

from __future__ import annotations

import importlib.metadata
import time
import urllib.error
import urllib.parse
import urllib.request
from email.message import Message
from http.client import HTTPException
from typing import IO, TYPE_CHECKING, Any, BinaryIO

from tidymedia.errors import UnreadableError
from tidymedia.media.spooled import spool

if TYPE_CHECKING:
    from tidymedia.media.locations import RemoteFile

__all__ = ["download_from_web", "scheme_of"]

_WEB = frozenset(("http", "https"))
_TIMEOUT_S = 30.0
_RETRY_AFTER_S = (1.0, 4.0)
_BUSY = frozenset((429, 500, 502, 503, 504))
_LONGEST_WAIT_S = 30.0


def scheme_of(text: str) -> str:
    """Return the scheme of an address, lower case.

    Parameters
    ----------
    text : str
        An address or a path.

    Returns
    -------
    str
        The scheme; empty for a path.

    Examples
    --------
    >>> scheme_of("S3://bucket/a.jpg"), scheme_of("photos/a.jpg"), scheme_of("C:/photos")
    ('s3', '', '')
    """
    scheme, separator, _ = text.partition("://")
    return scheme.lower() if separator and scheme.replace("+", "").isalnum() else ""


class _WebRedirects(urllib.request.HTTPRedirectHandler):
    """Follow redirects to the web alone, never to a file or another kind of server."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        if scheme_of(newurl) not in _WEB:
            fp.close()
            raise UnreadableError(
                f"{req.full_url} leads to {newurl}, which is no address on the web.", "Check the link."
            )
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def download_from_web(place: RemoteFile, waits: tuple[float, ...] = _RETRY_AFTER_S) -> BinaryIO:
    """Download a file from the web; a busy server is asked again a few times.

    Parameters
    ----------
    place : RemoteFile
        The file.
    waits : tuple of float, default (1.0, 4.0)
        Seconds between the tries, where the server does not say when to come back.

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
    """
    for wait in (*waits, None):
        try:
            return _request(place)
        except urllib.error.HTTPError as error:
            with error:
                if error.code in _BUSY and wait is not None:
                    time.sleep(_wait(error.headers, wait))
                    continue
                raise _refused(place.url, error) from error
        except (urllib.error.URLError, TimeoutError, ConnectionError, HTTPException) as error:
            if wait is not None and isinstance(error, TimeoutError | ConnectionError):
                time.sleep(wait)
                continue
            reason = getattr(error, "reason", None) or error
            raise UnreadableError(
                f"{place.url} cannot be reached ({reason}).", "Check the link and the network, and run again."
            ) from error
        except (OSError, ValueError) as error:
            raise UnreadableError(f"{place.url} cannot be downloaded ({error}).", "Check the link.") from error
    raise AssertionError("the last try has no wait and ends in a return or a raise")


def _request(place: RemoteFile) -> BinaryIO:
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        _WebRedirects(),
    ):
        opener.add_handler(handler)
    url = urllib.parse.quote(place.url.partition("#")[0], safe=":/?&=%@+,;!$'()*[]~")
    request = urllib.request.Request(url, headers={"User-Agent": _agent(), "Accept": "*/*"})  # noqa: S310 - web only
    with opener.open(request, timeout=_TIMEOUT_S) as answer:
        length = answer.headers.get("Content-Length")
        expected = int(length) if length is not None and length.isdigit() else None
        total = 0

        def read(count: int) -> bytes:
            nonlocal total
            chunk: bytes = answer.read(count)
            total += len(chunk)
            return chunk

        stream = spool(read, place.member_bytes, place.url, expected)
        if expected is not None and total < expected:
            stream.close()
            raise UnreadableError(
                f"The download of {place.url} stopped after {total:,} of {expected:,} bytes.",
                "Run the same command again.",
            )
        return stream


def _agent() -> str:
    return f"tidymedia/{importlib.metadata.version('tidymedia')}"


def _wait(headers: Message, otherwise: float) -> float:
    asked = headers.get("Retry-After", "")
    return min(float(asked), _LONGEST_WAIT_S) if asked.isdigit() else otherwise


def _refused(url: str, error: urllib.error.HTTPError) -> UnreadableError:
    if error.code in (404, 410):
        return UnreadableError(
            f"{url} is a dead link (HTTP {error.code}, {error.reason}).", "The file is gone; check the link."
        )
    if 300 <= error.code < 400:
        return UnreadableError(
            f"{url} leads in circles, or to what is no address on the web (HTTP {error.code}).", "Check the link."
        )
    if error.code in (401, 403):
        return UnreadableError(
            f"{url} may not be read (HTTP {error.code}, {error.reason}).", "The link may have expired or need a login."
        )
    return UnreadableError(f"{url} cannot be downloaded (HTTP {error.code}, {error.reason}).", "Try again later.")
