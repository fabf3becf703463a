"""How large a result becomes: lengths that users give are read, and what no machine could hold is refused."""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from typing import Any

from tidymedia.errors import UsageError
from tidymedia.media.settings import Limits

__all__ = ["check_result", "read_number", "read_pair"]


def check_result(width: int, height: int, remedy: str = "Ask for a smaller one.") -> None:
    """Refuse a result with more pixels than a picture may have.

    Parameters
    ----------
    width, height : int
        Its size in pixels.
    remedy : str, default "Ask for a smaller one."
        What to do where it is refused.

    Raises
    ------
    UsageError
        Where it has more than the default of ``Limits.pixels``.

    Examples
    --------
    >>> check_result(1024, 768)
    """
    most = Limits().pixels
    if width * height > most:
        raise UsageError(f"The result would have {width:,} x {height:,} pixels; {most:,} in all are allowed.", remedy)


def read_number(value: Any, meaning: str) -> float:
    """Return a finite number.

    Parameters
    ----------
    value : object
        What the user gave.
    meaning : str
        What it is, for the message, such as ``"An angle"``.

    Returns
    -------
    float
        The number.

    Raises
    ------
    UsageError
        Where it is none, or is infinite or not a number.

    Examples
    --------
    >>> read_number(3, "A factor")
    3.0
    """
    try:
        number = math.nan if isinstance(value, (bool, str, bytes)) else float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise UsageError(f"{meaning} is a number, and {value!r} is none.", "Give an ordinary number.")
    return number


def read_pair(size: Any) -> tuple[int | None, int | None]:
    """Return a width and a height in pixels as the user gave them.

    Parameters
    ----------
    size : object
        Two whole numbers from 1, of which one may be None.

    Returns
    -------
    tuple of (int or None)
        Width and height.

    Raises
    ------
    UsageError
        Where it is anything else.

    Examples
    --------
    >>> read_pair((640, None))
    (640, None)
    """
    if not isinstance(size, Sequence) or isinstance(size, (str, bytes)) or len(size) != 2:
        raise UsageError(f"{size!r} is no size.", "Give (width, height) in pixels, such as (224, 224).")
    return _length(size[0]), _length(size[1])


def _length(value: Any) -> int | None:
    if value is None:
        return None
    try:
        length = 0 if isinstance(value, bool) else operator.index(value)
    except TypeError:
        length = 0
    if length < 1:
        raise UsageError(
            f"A width or height is a whole number of pixels from 1 on, and {value!r} is none.",
            "Give such as (224, 224); for a share of the size, give one number such as 0.25.",
        )
    return length
