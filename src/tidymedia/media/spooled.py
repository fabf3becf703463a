"""Bytes that are kept while a medium is open: in memory, or in a nameless temporary file where they are many."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from typing import BinaryIO, cast

from tidymedia.errors import OverLimitError, UnreadableError

__all__ = ["IN_MEMORY_BYTES", "spool"]

IN_MEMORY_BYTES = 64_000_000
"""Up to this size bytes stay in memory."""

_CHUNK = 1_000_000


def spool(read: Callable[[int], bytes], limit: int, name: str, expected: int | None = None) -> BinaryIO:
    """Copy bytes to a place that can be searched and that vanishes with the process.

    Parameters
    ----------
    read : callable
        Gives at most that many bytes; none at the end.
    limit : int
        How many bytes there may be.
    name : str
        Name of the file, for messages.
    expected : int or None, default None
        How many bytes there will be, where that is known.

    Returns
    -------
    BinaryIO
        The bytes, at their start.

    Raises
    ------
    OverLimitError
        Where there are more bytes than the limit; no more than the limit is read.

    Examples
    --------
    >>> import io
    >>> spool(io.BytesIO(b"abc").read, 10, "a.bin").read()
    b'abc'
    """
    if expected is not None and expected > limit:
        raise over_limit(name, limit)
    target: BinaryIO = io.BytesIO() if (expected or 0) <= IN_MEMORY_BYTES else _temporary(name)
    try:
        total = 0
        while chunk := read(min(_CHUNK, limit + 1 - total)):
            total += len(chunk)
            if total > limit:
                raise over_limit(name, limit)
            if total > IN_MEMORY_BYTES and isinstance(target, io.BytesIO):
                memory, target = target, _temporary(name)
                target.write(memory.getbuffer())
            _write(target, chunk, name)
        target.seek(0)
    except BaseException:
        target.close()
        raise
    return target


def over_limit(name: str, limit: int) -> OverLimitError:
    """Say that a member or a download is too large.

    Parameters
    ----------
    name : str
        Name of the file.
    limit : int
        How many bytes it may have.

    Returns
    -------
    OverLimitError
        The error.
    """
    return OverLimitError(
        f"{name} is larger than {limit:,} bytes.", "Raise the limit member_bytes, or unpack or download the file first."
    )


def _temporary(name: str) -> BinaryIO:
    try:
        return cast("BinaryIO", tempfile.TemporaryFile(prefix="tidymedia-"))
    except OSError as error:
        raise _no_space(name, error) from error


def _write(target: BinaryIO, chunk: bytes, name: str) -> None:
    try:
        target.write(chunk)
    except OSError as error:
        raise _no_space(name, error) from error


def _no_space(name: str, error: OSError) -> UnreadableError:
    return UnreadableError(
        f"{name} cannot be unpacked or downloaded ({error.strerror}).",
        f"Free space in {tempfile.gettempdir()}, or name another folder in the environment variable TMPDIR.",
    )
