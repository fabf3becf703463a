"""Small texts of the command line: durations, numbers of things, paths."""

from __future__ import annotations

import re
from pathlib import Path

__all__ = ["counted", "duration", "quoted", "shortened", "with_path"]


def counted(number: int, thing: str) -> str:
    """Write a number of things.

    Parameters
    ----------
    number : int
        How many.
    thing : str
        What, in the singular; its plural ends with s.

    Returns
    -------
    str
        Such as ``"1 file"`` or ``"2,000 files"``.

    Examples
    --------
    >>> counted(1, "file"), counted(2000, "file")
    ('1 file', '2,000 files')
    """
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def duration(seconds: float) -> str:
    """Write a duration for humans.

    Parameters
    ----------
    seconds : float
        How long.

    Returns
    -------
    str
        Such as ``"2 min 5 s"``.

    Examples
    --------
    >>> duration(3.21), duration(125), duration(7300), duration(200_000)
    ('3.2 s', '2 min 5 s', '2 h 1 min', '2 d 7 h')
    """
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    for large, small, size, steps in (("d", "h", 86_400, 24), ("h", "min", 3_600, 60), ("min", "s", 60, 60)):
        if whole >= size:
            rest = whole % size // (size // steps)
            return f"{whole // size} {large} {rest} {small}" if rest else f"{whole // size} {large}"
    return f"{whole} s"


def quoted(path: str | Path) -> str:
    """Write a path as a shell wants it.

    Parameters
    ----------
    path : str or pathlib.Path
        The path.

    Returns
    -------
    str
        In double quotes where a shell would take it apart otherwise.

    Examples
    --------
    >>> quoted("press"), quoted("my study [1]")
    ('press', '"my study [1]"')
    """
    text = str(path)
    return text if re.fullmatch(r"[\w./\\:@%+,=~-]+", text) else '"' + text.replace('"', r"\"") + '"'


def shortened(path: str, width: int) -> str:
    """Shorten a path from the left, so that the name of the file stays.

    Parameters
    ----------
    path : str
        The path.
    width : int
        Cells of the terminal at most; a Chinese letter takes two.

    Returns
    -------
    str
        The path or its end.

    Examples
    --------
    >>> shortened("2024/archive/photo.jpg", 12)
    '…e/photo.jpg'
    """
    from rich.cells import cell_len

    if cell_len(path) <= width:
        return path
    kept = path
    while kept and cell_len(kept) > width - 1:
        kept = kept[1:]
    return f"…{kept}" if width > 0 else ""


def with_path(message: str, path: str) -> str:
    """Say in a message which file it is about: once, and with its folder.

    Parameters
    ----------
    message : str
        What is wrong, often with the name of the file.
    path : str
        The file.

    Returns
    -------
    str
        The message with the path.

    Examples
    --------
    >>> with_path("a.jpg is empty.", "2024/a.jpg"), with_path("It stood still.", "2024/a.jpg")
    ('2024/a.jpg is empty.', '2024/a.jpg: It stood still.')
    """
    name = path.rpartition("/")[2]
    if path in message:
        return message
    return message.replace(name, path, 1) if name in message else f"{path}: {message}"
