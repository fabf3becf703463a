"""Text in figures: any file name can be drawn, in the room that it has."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

from matplotlib.font_manager import FontProperties, findfont, fontManager, get_font

__all__ = ["drawable", "font_families", "shortened"]

_FIRST: Final = "DejaVu Sans"
_OTHERS: Final = (
    *(
        "Noto Sans",
        "Noto Sans Arabic",
        "Noto Sans Devanagari",
        "Noto Sans Thai",
        "Noto Sans CJK SC",
        "Noto Sans CJK JP",
    ),
    *("Segoe UI", "Microsoft YaHei", "Yu Gothic", "Malgun Gothic", "Segoe UI Symbol", "Segoe UI Emoji"),
    *("PingFang SC", "Hiragino Sans", "Apple SD Gothic Neo", "Arial Unicode MS", "Noto Emoji"),
)
"""Where letters come from that the first font lacks, if they are installed."""

_WIDE: Final = 1.0
_NARROW: Final = 0.6
"""Width of a character, in sizes of the font: East Asian ones, and the mean of others."""


@lru_cache(maxsize=1)
def font_families() -> tuple[str, ...]:
    """Return the fonts for text in figures, in the order in which a letter is looked for.

    Returns
    -------
    tuple of str
        Names of fonts that are installed; the first comes with matplotlib.

    Examples
    --------
    >>> font_families()[0]
    'DejaVu Sans'
    """
    installed = {font.name for font in fontManager.ttflist}
    return (_FIRST, *(name for name in _OTHERS if name in installed))


@lru_cache(maxsize=1)
def _known_letters() -> frozenset[int]:
    known: set[int] = set()
    for family in font_families():
        known.update(get_font(findfont(FontProperties(family=[family]))).get_charmap())
    return frozenset(known)


def drawable(text: str) -> str:
    """Replace what no font can draw, so that it is seen that there is something.

    Parameters
    ----------
    text : str
        Any text; lines are kept.

    Returns
    -------
    str
        The text, with ``U+FFFD`` for letters that no installed font has, and spaces for other control
        characters.

    Examples
    --------
    >>> drawable("café")
    'café'
    """
    known = _known_letters()
    letters = []
    for letter in unicodedata.normalize("NFC", text):
        if letter == "\n":
            letters.append(letter)
        elif unicodedata.category(letter) in ("Cc", "Zl", "Zp", "Zs"):
            letters.append(" ")
        elif unicodedata.category(letter) == "Cf" or "\ufe00" <= letter <= "\ufe0f":
            continue  # joiners and marks of direction have no shape of their own
        else:
            letters.append(letter if ord(letter) in known else "\N{REPLACEMENT CHARACTER}")
    return "".join(letters)


def shortened(text: str, inches: float, points: float) -> str:
    """Leave out the middle of a line that is too long.

    Parameters
    ----------
    text : str
        One line.
    inches : float
        Room that it has.
    points : float
        Size of the font.

    Returns
    -------
    str
        The line, or its beginning and its end, where the suffix of a file is.

    Examples
    --------
    >>> shortened("a_photograph_with_a_very_long_name.jpg", inches=1.0, points=8)
    'a_photo…ame.jpg'
    """
    room = inches * 72 / points
    if _width(text) <= room:
        return text
    end = text[-1:]
    while len(end) < len(text) and _width(text[-len(end) - 1 :]) <= (room - _WIDE) * 0.55:
        end = text[-len(end) - 1 :]
    start = ""
    while _width(text[: len(start) + 1]) + _width(end) + _NARROW <= room and len(start) + len(end) < len(text) - 1:
        start = text[: len(start) + 1]
    return f"{start}…{end}"


def _width(text: str) -> float:
    return sum(_WIDE if unicodedata.east_asian_width(letter) in "WF" else _NARROW for letter in text)
