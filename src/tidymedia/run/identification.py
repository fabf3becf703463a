"""Identify files ahead of the work, so that no child waits for a hash."""

from __future__ import annotations

import datetime
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TYPE_CHECKING

from tidymedia.errors import MediumError
from tidymedia.media.found import Found
from tidymedia.media.identify import Identity, identify
from tidymedia.media.kinds import Kind
from tidymedia.media.locations import RemoteFile
from tidymedia.media.settings import Limits

if TYPE_CHECKING:
    from tidymedia.run.known_media import KnownMedium

__all__ = ["identified", "modified_text"]

Answer = Identity | MediumError
_CHUNK = 32
_CHUNKS_AHEAD = 6


def modified_text(nanoseconds: int | None) -> str | None:
    """Write a moment as ISO 8601 in UTC, to the nanosecond where it has any.

    Parameters
    ----------
    nanoseconds : int or None
        Nanoseconds since 1970.

    Returns
    -------
    str or None
        The text; None for None, and for a year beyond 9999.

    Examples
    --------
    >>> modified_text(1_714_552_200_000_000_001)
    '2024-05-01T08:30:00.000000001Z'
    """
    if nanoseconds is None:
        return None
    seconds, rest = divmod(nanoseconds, 1_000_000_000)
    try:
        moment = datetime.datetime.fromtimestamp(0, datetime.UTC) + datetime.timedelta(seconds=seconds)
    except OverflowError:
        return None  # a file system may hold years beyond 9999
    text = moment.strftime("%Y-%m-%dT%H:%M:%S")
    return f"{text}.{rest:09d}Z" if rest else f"{text}Z"


def identified(
    found: Sequence[Found], known: Mapping[str, KnownMedium], limits: Limits, *, rehash: bool = False, threads: int = 3
) -> Iterator[tuple[Found, Answer]]:
    """Identify files in order, some ahead of the one that is asked for.

    Parameters
    ----------
    found : sequence of Found
        The files.
    known : mapping of str to KnownMedium
        What earlier runs found out, by path: a file whose size, time and version are unchanged is not read again.
    limits : Limits
        How large files may be.
    rehash : bool, default False
        Whether to read every file again.
    threads : int, default 3
        Number of threads that read.

    Yields
    ------
    tuple of (Found, Identity or MediumError)
        The file and what it is, or why it cannot be read.
    """

    def answer(chunk: tuple[Found, ...]) -> list[tuple[Found, Answer]]:
        return [(one, _identify(one, None if rehash else known.get(one.path), limits)) for one in chunk]

    with ThreadPoolExecutor(threads, thread_name_prefix="tidymedia-identify") as pool:
        ahead: deque[Future[list[tuple[Found, Answer]]]] = deque()
        try:
            files = iter(found)
            while chunk := tuple(islice(files, _CHUNK)):
                ahead.append(pool.submit(answer, chunk))
                if len(ahead) > _CHUNKS_AHEAD:
                    yield from ahead.popleft().result()
            while ahead:
                yield from ahead.popleft().result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _identify(found: Found, known: KnownMedium | None, limits: Limits) -> Answer:
    if found.error is not None:
        return found.error
    if known is not None and known.media_id and known.kind and known.bytes is not None and _unchanged(found, known):
        return Identity(known.media_id, Kind(known.kind), known.bytes)
    try:
        return identify(found, limits)
    except MediumError as error:
        return error


def _unchanged(found: Found, known: KnownMedium) -> bool:
    if known.status != "ok":
        return False
    if isinstance(found.location, RemoteFile) and found.etag is None and found.modified_ns is None:
        return True  # an address in a table of posts says nothing of its version: what was fetched once is kept
    if found.bytes != known.bytes:
        return False
    if found.etag is not None:
        return found.etag == known.etag
    return found.modified_ns is not None and modified_text(found.modified_ns) == known.modified
