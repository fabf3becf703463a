"""The shapes of a timeline, which figure and page draw alike.

Horizontal places are milliseconds, vertical ones pixels from the top of a lane, 96 to the inch.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, NamedTuple

from tidymedia.report.timeline_rows import Span, Timeline

__all__ = [
    "GUTTER",
    "ROW",
    "TEXT_SIZE",
    "Box",
    "Lane",
    "RowLabel",
    "Snippet",
    "Strip",
    "clock",
    "fitted",
    "legend_of",
    "text_width",
    "ticks_of",
    "when",
]

GUTTER: Final = 150
"""Room for the names of lanes and rows, at the left."""

TEXT_SIZE: Final = 11
ROW: Final = 15
"""Height of a row of text."""


class Box(NamedTuple):
    """A filled stretch of time."""

    start: float
    end: float
    top: float
    height: float
    style: str
    title: str


class Snippet(NamedTuple):
    """A text at a moment, cut so that it ends before the next one; ``room`` is its room in pixels."""

    start: float
    top: float
    text: str
    room: float
    style: str
    title: str


class Strip(NamedTuple):
    """A small picture at a moment."""

    start: float
    top: float
    width: float
    height: float
    picture: int
    title: str


class RowLabel(NamedTuple):
    """The name of a row, in the gutter: its middle."""

    middle: float
    text: str
    title: str


@dataclass(slots=True)
class Lane:
    """One lane of a timeline."""

    name: str
    title: str
    height: float
    boxes: list[Box] = field(default_factory=list)
    snippets: list[Snippet] = field(default_factory=list)
    strips: list[Strip] = field(default_factory=list)
    labels: list[RowLabel] = field(default_factory=list)
    lines: list[float] = field(default_factory=list)
    hidden: str = ""


def clock(milliseconds: float, *, exact: bool = False) -> str:
    """Write a time as ``m:ss``, with hours where there are any, and tenths of a second where asked for.

    Examples
    --------
    >>> clock(65_000), clock(3_661_000), clock(1_250, exact=True)
    ('1:05', '1:01:01', '0:01.2')
    """
    tenths = int(milliseconds // 100)
    seconds, rest = divmod(tenths, 10)
    hours, minutes = seconds // 3600, seconds // 60 % 60
    written = f"{hours}:{minutes:02}:{seconds % 60:02}" if hours else f"{minutes}:{seconds % 60:02}"
    return f"{written}.{rest}" if exact else written


def ticks_of(timeline: Timeline, width: float) -> list[int]:
    """Return round times for the axis, at least 60 pixels apart.

    Parameters
    ----------
    timeline : Timeline
        What is shown.
    width : float
        Width of the lanes in pixels.

    Returns
    -------
    list of int
        Times in milliseconds.

    Examples
    --------
    >>> ticks_of(Timeline("a.mp4", "", 0, 27_000), 700)
    [0, 5000, 10000, 15000, 20000, 25000]
    """
    steps = (100, 200, 500, *(1000 * step for step in (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200)))
    wanted = timeline.length * 60 / width
    step = next((one for one in steps if one >= wanted), 7200_000 * math.ceil(wanted / 7200_000))
    first = -(-timeline.start // step)
    return [count * step for count in range(first, timeline.end // step + 1)]


def legend_of(lanes: Iterable[Lane]) -> list[tuple[str, str]]:
    """Return what colours mean that no name in the gutter explains: style and words, in a fixed order."""
    used = {box.style for lane in lanes for box in lane.boxes}
    snippets = {snippet.style for lane in lanes for snippet in lane.snippets}
    words = {"speech": "speech", "music": "music", "other": "other sound", "silence": "silence"}
    found = [(style, text) for style, text in words.items() if style in used]
    if "soft" in used:
        found.append(("soft", "fade or dissolve"))
    if "flagged" in used | snippets:
        found.append(("flagged", "may be made up (flags)"))
    return found


def text_width(text: str) -> float:
    """Return how wide a line is in pixels, at the size of the texts of a timeline."""
    return sum(_letter_width(letter) for letter in text)


def fitted(text: str, room: float) -> str:
    """Cut a line to a width; empty where no three letters fit."""
    if text_width(text) <= room:
        return text
    left = room - _letter_width("…")
    end = 0
    while end < len(text) and (left := left - _letter_width(text[end])) >= 0:
        end += 1
    return f"{text[:end].rstrip()}…" if end >= 3 else ""


@lru_cache(maxsize=4096)
def _letter_width(letter: str) -> float:
    from tidymedia.images.label_font import label_font

    if unicodedata.east_asian_width(letter) in "WF":
        return float(TEXT_SIZE)
    if unicodedata.combining(letter):
        return 0.0
    return float(label_font(TEXT_SIZE).font("a").getlength(letter))


def when(span: Span) -> str:
    """Say from when to when a stretch lasts."""
    return f"{clock(span.start, exact=True)} to {clock(span.end, exact=True)}"
