"""What the operating system says about a file, in words that help."""

from __future__ import annotations

import errno
import sys

from tidymedia.errors import MediumError, UnreadableError

__all__ = ["file_error", "readable"]


def readable(name: str) -> str:
    r"""Return a file name as text that can be written anywhere.

    Bytes of a name that are no UTF-8 are shown as ``\xe9``, so two such names never look the same.

    Parameters
    ----------
    name : str
        The name as the file system gives it.

    Returns
    -------
    str
        The name without lone surrogates; unchanged in nearly all cases.

    Examples
    --------
    >>> readable("été.jpg")
    'été.jpg'
    >>> print(readable("caf\udce9.jpg"))
    caf\xe9.jpg
    """
    try:
        name.encode()
    except UnicodeEncodeError:
        if sys.platform == "win32":
            return name.encode("utf-8", "surrogatepass").decode("utf-8", "backslashreplace")
        return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return name


def file_error(name: str, error: OSError | ValueError) -> MediumError:
    """Say what the operating system said about a file.

    Parameters
    ----------
    name : str
        Name of the file.
    error : OSError or ValueError
        What opening or reading it raised.

    Returns
    -------
    MediumError
        The error to raise or to store.

    Examples
    --------
    >>> file_error("a.jpg", FileNotFoundError(2, "No such file")).message
    'a.jpg is no longer there (it vanished after it was found).'
    """
    name = readable(name)
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return UnreadableError(
            f"{name} is no longer there (it vanished after it was found).",
            "Put it back and run the same command again.",
        )
    if isinstance(error, PermissionError):
        return UnreadableError(
            f"{name} may not be read by you.", "Give yourself the right to read it (chmod u+r) and run again."
        )
    if isinstance(error, IsADirectoryError):
        return UnreadableError(
            f"{name} is a folder now, not a file.", "Run the same command again to look for its files."
        )
    if isinstance(error, OSError) and error.errno in (errno.ENAMETOOLONG, errno.EINVAL):
        return UnreadableError(f"{name} has a name that this system cannot open.", "Give the file a shorter name.")
    if isinstance(error, OSError) and error.errno == errno.ELOOP:
        return UnreadableError(f"{name} is a link that leads to itself.", "Remove the link.")
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
    return UnreadableError(f"{name} cannot be read ({reason}).", "Check the disk or the network drive and run again.")
