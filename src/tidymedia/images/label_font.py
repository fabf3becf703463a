"""Letters for labels on pictures, in any script for which a font is there."""

from __future__ import annotations

from functools import lru_cache

from matplotlib.font_manager import FontProperties, findfont, get_font
from PIL import ImageFont

from tidymedia.images.figure_text import drawable, font_families

__all__ = ["LabelFont", "label_font", "one_line"]

_SMALLEST = 9
_ELLIPSIS = "…"


class LabelFont:
    """A font of one size.

    Parameters
    ----------
    pixels : int
        Height of its letters.

    Examples
    --------
    >>> LabelFont(12).fitted("person", 500)
    'person'
    """

    def __init__(self, pixels: int) -> None:
        self.pixels = max(_SMALLEST, pixels)

    def font(self, text: str) -> ImageFont.FreeTypeFont:
        """Return the first font that has all letters of a text, else the first."""
        return _sized(_family(frozenset(text)), self.pixels)

    def width(self, text: str) -> int:
        """Return the width of a line in pixels."""
        return int(self.font(text).getlength(text)) + 1

    def fitted(self, text: str, room: int) -> str:
        """Cut a line to a width; empty where not even one letter fits."""
        if self.width(text) <= room:
            return text
        low, high = 0, len(text)
        while low < high:
            half = (low + high + 1) // 2
            low, high = (half, high) if self.width(text[:half] + _ELLIPSIS) <= room else (low, half - 1)
        return text[:low].rstrip() + _ELLIPSIS if low else ""


def one_line(text: str, most: int = 60) -> str:
    r"""Make a text one line that fonts can draw.

    Parameters
    ----------
    text : str
        Any text.
    most : int, default 60
        Largest number of letters.

    Returns
    -------
    str
        The line.

    Examples
    --------
    >>> one_line("STOP  THE\nPRESSES", 8)
    'STOP TH…'
    """
    line = " ".join(drawable(text).split())
    return line if len(line) <= most else line[: most - 1] + _ELLIPSIS


@lru_cache(maxsize=64)
def label_font(pixels: int) -> LabelFont:
    """Return the font of a size.

    Parameters
    ----------
    pixels : int
        Height of its letters; at least 9 are taken.

    Returns
    -------
    LabelFont
        The font.

    Examples
    --------
    >>> label_font(3).pixels
    9
    """
    return LabelFont(pixels)


@lru_cache(maxsize=256)
def _family(letters: frozenset[str]) -> str:
    families = font_families()
    wanted = {ord(letter) for letter in letters}
    for family in families:
        if wanted <= set(get_font(_file(family)).get_charmap()):
            return family
    return families[0]


@lru_cache(maxsize=32)
def _file(family: str) -> str:
    return findfont(FontProperties(family=[family]))


@lru_cache(maxsize=64)
def _sized(family: str, pixels: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_file(family), pixels)
