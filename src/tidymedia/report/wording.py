"""Numbers, sizes, durations and lists as people write them."""

from __future__ import annotations

import math
from collections.abc import Sequence

__all__ = ["counted", "duration", "is_missing", "joined", "number", "percent", "plain", "size", "value_text"]

_SIZES = (("TB", 10**12), ("GB", 10**9), ("MB", 10**6), ("kB", 10**3))
_DURATIONS = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))


def is_missing(value: object) -> bool:
    """Say whether a value of a data frame is missing.

    Parameters
    ----------
    value : object
        Any cell.

    Returns
    -------
    bool
        True for None, NaN, NaT and pandas.NA.

    Examples
    --------
    >>> is_missing(float("nan")), is_missing("")
    (True, False)
    """
    if value is None:
        return True
    if isinstance(value, float):
        return math.isnan(value)
    return type(value).__name__ in {"NAType", "NaTType"}


def plain(value: object) -> str:
    """Return a cell as text; a missing one as an empty text.

    Parameters
    ----------
    value : object
        Any cell.

    Returns
    -------
    str
        Its text.

    Examples
    --------
    >>> plain(None), plain("a.jpg")
    ('', 'a.jpg')
    """
    return "" if is_missing(value) else str(value)


def number(value: float) -> str:
    """Write a number with three significant digits; whole numbers with all of theirs.

    Parameters
    ----------
    value : float
        A finite number.

    Returns
    -------
    str
        The number, thousands set apart by commas.

    Examples
    --------
    >>> number(1234), number(0.123456), number(1234.56), number(0.0000123), number(2.0)
    ('1,234', '0.123', '1,235', '1.23e-05', '2')
    """
    if float(value).is_integer() and abs(value) < 1e15:
        return f"{int(value):,}"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def counted(count: int, one: str, many: str = "") -> str:
    """Write a number with its noun.

    Parameters
    ----------
    count : int
        How many.
    one : str
        The noun for one.
    many : str, default ""
        The noun for any other number; ``one`` with an s where empty.

    Returns
    -------
    str
        Number and noun.

    Examples
    --------
    >>> counted(1, "file"), counted(1234, "file"), counted(2, "copy", "copies")
    ('1 file', '1,234 files', '2 copies')
    """
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def percent(part: float, whole: float) -> str:
    """Write a part of a whole in percent; a part above nothing never as 0%, a part below all never as 100%.

    Parameters
    ----------
    part, whole : float
        The part and the whole.

    Returns
    -------
    str
        The share with at most one decimal; empty where the whole is nothing.

    Examples
    --------
    >>> percent(1, 3), percent(1, 10_000), percent(9_999, 10_000), percent(0, 5)
    ('33.3%', '<0.1%', '>99.9%', '0%')
    """
    if not whole:
        return ""
    share = 100 * part / whole
    if 0 < share < 0.1:
        return "<0.1%"
    if 99.9 < share < 100:
        return ">99.9%"
    return f"{share:.1f}".removesuffix(".0") + "%"


def size(count: float) -> str:
    """Write a number of bytes in decimal units.

    Parameters
    ----------
    count : float
        Bytes.

    Returns
    -------
    str
        The size.

    Examples
    --------
    >>> size(999), size(3_200_000), size(1_000)
    ('999 bytes', '3.2 MB', '1 kB')
    """
    for name, step in _SIZES:
        if count >= step:
            scaled = count / step
            return (f"{scaled:.0f}" if scaled >= 100 else f"{scaled:.1f}".removesuffix(".0")) + f" {name}"
    return counted(int(count), "byte")


def duration(seconds: float) -> str:
    """Write a time span with its two largest units.

    Parameters
    ----------
    seconds : float
        Seconds, 0 or more.

    Returns
    -------
    str
        The time span.

    Examples
    --------
    >>> duration(125), duration(0.34), duration(0), duration(90_000), duration(3_600), duration(59.97)
    ('2 min 5 s', '0.34 s', '0 s', '1 d 1 h', '1 h', '1 min')
    """
    if round(seconds, 1) < 10:
        return f"{seconds:.2g} s"
    rest = round(seconds)
    parts: list[tuple[int, str]] = []
    for name, step in _DURATIONS:
        amount, rest = divmod(rest, step)
        if amount or parts:
            parts.append((amount, name))
        if len(parts) == 2:
            break
    return " ".join(f"{amount} {name}" for amount, name in parts if amount)


def joined(parts: Sequence[str]) -> str:
    """Join words to a list in a sentence.

    Parameters
    ----------
    parts : sequence of str
        The words.

    Returns
    -------
    str
        The list.

    Examples
    --------
    >>> joined(["a", "b", "c"]), joined(["a"])
    ('a, b and c', 'a')
    """
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else "".join(parts)


def value_text(value: object) -> str:
    """Write a setting or parameter.

    Parameters
    ----------
    value : object
        A plain value, or a list of plain values.

    Returns
    -------
    str
        Its text: true, false and none in lower case, lists joined by commas.

    Examples
    --------
    >>> value_text(True), value_text(None), value_text(["eng", "deu"]), value_text(250_000_000)
    ('true', 'none', 'eng, deu', '250,000,000')
    """
    if value is None:
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, (list, tuple)):
        return ", ".join(value_text(part) for part in value) or "none"
    return str(value) if str(value) else "(empty)"
