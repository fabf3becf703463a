"""What is said and written, on a timeline: texts where they begin, as far as there is room."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from tidymedia.report.timeline_rows import Span, Timeline
from tidymedia.report.timeline_shapes import ROW, Box, Lane, Snippet, fitted, text_width, when

__all__ = ["place_texts", "together"]

_STAGGERED: Final = 18
_BROKEN: Final = 90
"""Room in pixels from which on most texts are broken into lines of their own."""


def together(spans: Sequence[Span]) -> list[Span]:
    """Bring the same text in pictures one after another together."""
    joined: list[Span] = []
    for span in spans:
        if joined and joined[-1].label.casefold() == span.label.casefold() and span.start <= joined[-1].end:
            joined[-1] = joined[-1]._replace(end=span.end)
        elif span.label:
            joined.append(span)
    return joined


def place_texts(
    name: str, title: str, spans: Sequence[Span], scale: float, rows: int, timeline: Timeline
) -> Lane | None:
    """Place texts where they begin.

    Where most have room for some words before the next one begins, each is broken into lines of its own; else they
    are placed in the first row that has room, and each is cut where the next one of its row begins.
    """
    if not spans:
        return None
    starts = [max(span.start, timeline.start) * scale for span in spans]
    rooms = [after - left - 8 for left, after in pairwise([*starts, timeline.end * scale + 8])]
    if sorted(rooms)[len(rooms) // 3] >= _BROKEN:
        tall = ROW
        placed = [(span, 0, max(0.0, room)) for span, room in zip(spans, rooms, strict=True) if room >= 24]
        texts = [_broken(span.label, room, rows) for span, _, room in placed]
    else:
        tall = _STAGGERED
        placed = _rows_of(spans, scale, rows, timeline)
        texts = [[fitted(span.label, room)] for span, _, room in placed]
    lane = Lane(name, title, 0)
    for (span, row, room), lines in zip(placed, texts, strict=True):
        style = "flagged" if span.note and name == "transcripts" else "said"
        told = f"{when(span)}: {span.label}" + (f" [flags: {span.note}]" if style == "flagged" else "")
        until = max(span.end, span.start + 2 / scale)
        lane.boxes.append(Box(span.start, until, tall * row, 1.5, f"{style}-line", told))
        for number, line in enumerate(lines):
            if line:
                at = max(span.start, timeline.start)
                lane.snippets.append(Snippet(at, tall * (row + number) + 2, line, room, style, told))
    lowest = max([snippet.top for snippet in lane.snippets], default=0)
    lane.height = lowest + ROW
    if len(placed) < len(spans):
        what = "segments" if name == "transcripts" else "texts"
        lane.hidden = f"{len(placed):,} of {len(spans):,} {what}"
    return lane


def _rows_of(spans: Sequence[Span], scale: float, rows: int, timeline: Timeline) -> list[tuple[Span, int, float]]:
    """Return the texts that have room, each with its row and its room in pixels."""
    free = [float("-inf")] * rows
    placed: list[tuple[Span, int, float]] = []
    smallest = text_width("n" * 14)
    for span in spans:
        left = max(span.start, timeline.start) * scale
        row = min(range(rows), key=lambda one: (free[one] > left, one))
        if free[row] > left or timeline.end * scale - left < 24:
            continue
        wish = max(smallest, (min(span.end, timeline.end) - max(span.start, timeline.start)) * scale)
        placed.append((span, row, left))
        free[row] = left + min(wish, text_width(span.label)) + 8
    after = dict.fromkeys(range(rows), timeline.end * scale + 8)
    found: list[tuple[Span, int, float]] = []
    for span, row, left in reversed(placed):
        found.append((span, row, after[row] - left - 8))
        after[row] = left
    return found[::-1]


def _broken(text: str, room: float, rows: int) -> list[str]:
    """Break a text into lines; the last one is cut."""
    words = text.split(" ")
    lines: list[str] = []
    while words:
        if len(lines) == rows - 1:
            return [*lines, fitted(" ".join(words), room)]
        count = len(words)
        while count > 1 and text_width(" ".join(words[:count])) > room:
            count -= 1
        lines.append(fitted(" ".join(words[:count]), room))
        words = words[count:]
    return lines
