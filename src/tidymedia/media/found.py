"""What was found: a file that can be opened, or the reason why it cannot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tidymedia.errors import MediumError
from tidymedia.media.location import Location

__all__ = ["Found", "Notify", "numbered"]

Notify = Callable[[str], None]
"""Called with a sentence that the user should read."""


@dataclass(frozen=True, slots=True)
class Found:
    """One file that was found. Hundreds of thousands of them are held in memory, so they are small.

    Parameters
    ----------
    path : str
        Its path in the study: unique, with ``/``; ``a.zip!/x/y.jpg`` for a member of an archive.
    location : Location
        Where its bytes are.
    bytes : int or None, default None
        Its size, where the listing told it.
    modified_ns : int or None, default None
        When it was last changed, in nanoseconds since 1970, where the listing told it.
    etag : str or None, default None
        A mark that changes when the content does: the ETag of a bucket, the checksum of a zip's member.
    error : MediumError or None, default None
        Why it cannot be opened, where the listing already tells: a dead link, a broken archive.

    Examples
    --------
    >>> from tidymedia.media.locations import LocalFile
    >>> Found("1.jpg", LocalFile("/data", "1.jpg"), 1_000).bytes
    1000
    """

    path: str
    location: Location
    bytes: int | None = None
    modified_ns: int | None = None
    etag: str | None = None
    error: MediumError | None = None


def numbered(path: str, taken: set[str]) -> str:
    """Return a path that is not taken yet, and take it.

    Parameters
    ----------
    path : str
        The path.
    taken : set of str
        The paths so far; the result is added.

    Returns
    -------
    str
        The path, or the path followed by ``#2``, ``#3`` and so on.

    Examples
    --------
    >>> seen = {"1.jpg"}
    >>> numbered("1.jpg", seen), numbered("2.jpg", seen)
    ('1.jpg#2', '2.jpg')
    """
    unique, number = path, 1
    while unique in taken:
        number += 1
        unique = f"{path}#{number}"
    taken.add(unique)
    return unique
