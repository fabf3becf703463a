"""A timeline as shapes in lanes: what has room is chosen here, and drawn by figure and page alike.

Horizontal places are milliseconds, vertical ones pixels from the top of a lane, 96 to the inch.
"""

from __future__ import annotations

import math
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from tidymedia.report.timeline_rows import Span, TimedPicture, Timeline

__all__ = ["GUTTER", "Box", "Lane", "RowLabel", "Snippet", "Strip", "clock", "legend_of", "make_lanes", "ticks_of"]

GUTTER: Final = 150
"""Room for the names of lanes and rows, at the left."""

TEXT_SIZE: Final = 11
_ROW: Final = 15
_STAGGERED: Final = 18
_LABELS: Final = 5
_SPEAKERS: Final = 6
_STRIP: Final = 44
_BROKEN: Final = 90
_SOUND: Final = {"speech": 16, "music": 11, "other": 6, "silence": 2}
"""Height of each kind of sound: they differ by more than their colour."""

_TITLES: Final = {
    "shots": "Shots",
    "pictures": "Pictures",
    "speech": "Sound",
    "sounds": "Sounds",
    "speakers": "Speakers",
    "voice_labels": "Voices",
    "transcripts": "Said",
    "voice": "Pitch",
    "faces": "Faces",
    "tags": "Tags",
    "objects": "Objects",
    "texts": "Written",
}


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


def make_lanes(timeline: Timeline, width: float) -> list[Lane]:
    """Lay out the lanes of a timeline: only those that have rows.

    Parameters
    ----------
    timeline : Timeline
        What there is.
    width : float
        Width of the lanes in pixels.

    Returns
    -------
    list of Lane
        From top to bottom.
    """
    scale = width / timeline.length
    spans = timeline.spans
    lanes: list[Lane | None] = [_shots(timeline, scale)]
    lanes.append(_sound(spans.get("speech", ()), scale))
    lanes.append(_labelled("sounds", spans.get("sounds", ()), scale, _LABELS, by_time=True))
    lanes.append(_labelled("speakers", spans.get("speakers", ()), scale, _SPEAKERS, by_time=True))
    lanes.append(_labelled("voice_labels", spans.get("voice_labels", ()), scale, _LABELS, by_time=True))
    lanes.append(_said("transcripts", spans.get("transcripts", ()), scale, 3, timeline))
    lanes.append(_pitch(spans.get("voice", ()), scale))
    lanes.append(_faces(spans.get("faces", ()), scale))
    lanes.append(_labelled("tags", spans.get("tags", ()), scale, _LABELS))
    lanes.append(_labelled("objects", spans.get("objects", ()), scale, _LABELS))
    lanes.append(_said("texts", _together(spans.get("texts", ())), scale, 2, timeline))
    return [lane for lane in lanes if lane is not None]


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


def _when(span: Span) -> str:
    return f"{clock(span.start, exact=True)} to {clock(span.end, exact=True)}"


def _shots(timeline: Timeline, scale: float) -> Lane | None:
    shots = timeline.spans.get("shots", ())
    strips = _strips(timeline, shots, scale)
    if not shots and not strips:
        return None
    above = _STRIP + 3 if strips else 0
    name = "shots" if shots else "pictures"
    lane = Lane(name, _TITLES[name], above + 15 if shots else _STRIP, strips=strips)
    for count, shot in enumerate(shots):
        number = shot.note or str(count)
        title = f"Shot {number}, {_when(shot)}, begins with: {shot.label or 'not known'}"
        lane.boxes.append(Box(shot.start, shot.end, above, 15, f"shot-{count % 2}", title))
        if shot.label in ("fade", "dissolve"):
            half = max(5 / scale, shot.value or 400.0) / 2
            until = min(timeline.end, shot.start + half)
            lane.boxes.append(Box(max(timeline.start, shot.start - half), until, above + 12, 3, "soft", title))
        if (shot.end - shot.start) * scale >= text_width(number) + 6:
            lane.snippets.append(
                Snippet(
                    shot.start + 3 / scale, above + 1, number, (shot.end - shot.start) * scale - 4, "on-shot", title
                )
            )
    return lane


def _strips(timeline: Timeline, shots: Sequence[Span], scale: float) -> list[Strip]:
    """Choose small pictures that have room: of each shot the one nearest to its middle, else at even steps."""
    found: list[Strip] = []
    free = timeline.start * scale

    def place(at: float, until: float, picture: TimedPicture, title: str) -> None:
        nonlocal free
        wide = min(2.4, max(0.4, picture.width / picture.height)) * _STRIP
        left = max(at * scale, free)
        if left + wide <= max(until * scale, at * scale + wide) + 1 and left + wide <= timeline.end * scale + 1:
            found.append(Strip(left / scale, 0, wide, _STRIP, picture.number, title))
            free = left + wide + 2

    if not timeline.pictures:
        return found
    times = [picture.start for picture in timeline.pictures]
    for shot in shots:
        inside = timeline.pictures[bisect_left(times, shot.start) : bisect_left(times, max(shot.end, shot.start + 1))]
        if inside:
            middle = (shot.start + shot.end) / 2
            picture = min(inside, key=lambda one: abs(one.start - middle))
            place(shot.start, shot.end, picture, f"Shot {shot.note}: the picture at {clock(picture.start, exact=True)}")
    if not shots:
        for picture in timeline.pictures:
            place(picture.start, picture.start, picture, f"The picture at {clock(picture.start, exact=True)}")
    return found


def _sound(spans: Sequence[Span], scale: float) -> Lane | None:
    if not spans:
        return None
    lane = Lane("speech", _TITLES["speech"], 16)
    for span in _merged(spans, scale):
        kind = span.label if span.label in _SOUND else "other"
        height = _SOUND[kind]
        lane.boxes.append(Box(span.start, span.end, 16 - height, height, kind, f"{span.label}, {_when(span)}"))
    return lane


def _merged(spans: Sequence[Span], scale: float) -> list[Span]:
    """Bring stretches with the same label together whose gap could not be seen."""
    merged: list[Span] = []
    latest: dict[str, int] = {}
    for span in spans:
        before = latest.get(span.label)
        if before is not None and (span.start - merged[before].end) * scale < 0.4:
            merged[before] = merged[before]._replace(end=max(merged[before].end, span.end))
        else:
            latest[span.label] = len(merged)
            merged.append(span)
    return merged


def _labelled(name: str, spans: Sequence[Span], scale: float, most: int, *, by_time: bool = False) -> Lane | None:
    """Draw a row for each of the most frequent labels."""
    if not spans:
        return None
    weights: Counter[str] = Counter()
    for span in spans:
        weights[span.label or "not named"] += (span.end - span.start) if by_time else 1
    chosen = [label for label, _ in sorted(weights.items(), key=lambda one: (-one[1], one[0]))[:most]]
    if by_time and name == "speakers":
        chosen.sort(key=lambda label: (len(label), label))
    lane = Lane(name, _TITLES[name], _ROW * len(chosen))
    for row, label in enumerate(chosen):
        top = _ROW * row + 3
        lane.labels.append(
            RowLabel(top + 4.5, fitted(label.replace("_", " "), GUTTER - 26 - 1.2 * text_width(lane.title)), label)
        )
        lane.lines.append(top + 4.5)
        style = f"speaker-{row % 6}" if name == "speakers" else "mark"
        for span in _merged([one for one in spans if (one.label or "not named") == label], scale):
            lane.boxes.append(
                Box(span.start, max(span.end, span.start + 2 / scale), top, 9, style, f"{label}, {_when(span)}")
            )
    if len(weights) > len(chosen):
        how = "those that last longest" if by_time else "those in most pictures"
        lane.hidden = f"{len(chosen)} of {len(weights):,} {_TITLES[name].lower()}, {how}"
    return lane


def _together(spans: Sequence[Span]) -> list[Span]:
    """Bring the same text in pictures one after another together."""
    joined: list[Span] = []
    for span in spans:
        if joined and joined[-1].label.casefold() == span.label.casefold() and span.start <= joined[-1].end:
            joined[-1] = joined[-1]._replace(end=span.end)
        elif span.label:
            joined.append(span)
    return joined


def _said(name: str, spans: Sequence[Span], scale: float, rows: int, timeline: Timeline) -> Lane | None:
    """Place texts where they begin.

    Where most have room for some words before the next one begins, each is broken into lines of its own; else they
    are placed in the first row that has room, and each is cut where the next one of its row begins.
    """
    if not spans:
        return None
    starts = [max(span.start, timeline.start) * scale for span in spans]
    rooms = [after - left - 8 for left, after in pairwise([*starts, timeline.end * scale + 8])]
    if sorted(rooms)[len(rooms) // 3] >= _BROKEN:
        tall = _ROW
        placed = [(span, 0, max(0.0, room)) for span, room in zip(spans, rooms, strict=True) if room >= 24]
        texts = [_broken(span.label, room, rows) for span, _, room in placed]
    else:
        tall = _STAGGERED
        placed = _rows_of(spans, scale, rows, timeline)
        texts = [[fitted(span.label, room)] for span, _, room in placed]
    lane = Lane(name, _TITLES[name], 0)
    for (span, row, room), lines in zip(placed, texts, strict=True):
        style = "flagged" if span.note and name == "transcripts" else "said"
        title = f"{_when(span)}: {span.label}" + (f" [flags: {span.note}]" if style == "flagged" else "")
        until = max(span.end, span.start + 2 / scale)
        lane.boxes.append(Box(span.start, until, tall * row, 1.5, f"{style}-line", title))
        for number, line in enumerate(lines):
            if line:
                at = max(span.start, timeline.start)
                lane.snippets.append(Snippet(at, tall * (row + number) + 2, line, room, style, title))
    lowest = max([snippet.top for snippet in lane.snippets], default=0)
    lane.height = lowest + _ROW
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


def _pitch(spans: Sequence[Span], scale: float) -> Lane | None:
    known = [span for span in spans if span.value is not None and span.value > 0]
    if not known:
        return None
    height = 46.0
    values = [span.value or 1.0 for span in known]
    low, high = min(values) * 0.93, max(values) * 1.07

    def at(value: float) -> float:
        return height - 2 - (height - 4) * math.log(value / low) / math.log(high / low)

    lane = Lane("voice", _TITLES["voice"], height)
    marks = [one for one in (75, 100, 125, 150, 200, 250, 300, 400, 500, 600, 800) if low <= one <= high]
    while len(marks) > 1 and at(marks[0]) - at(marks[-1]) < 14 * (len(marks) - 1):
        marks = marks[::2] if len(marks) > 2 else marks[:1]
    if len(marks) < 2:
        marks = [round(low / 0.93), round(high / 1.07)] if at(low / 0.93) - at(high / 1.07) >= 14 else marks
    for mark in marks or [round(math.sqrt(low * high))]:
        lane.labels.append(RowLabel(at(mark), f"{mark} Hz", f"{mark} Hz"))
        lane.lines.append(at(mark))
    for span in known:
        value = span.value or 1.0
        title = f"mean pitch {value:.0f} Hz, {_when(span)}"
        lane.boxes.append(Box(span.start, max(span.end, span.start + 2 / scale), at(value) - 1.5, 3, "pitch", title))
    return lane


def _faces(spans: Sequence[Span], scale: float) -> Lane | None:
    if not spans:
        return None
    height = 26.0
    most = max(span.value or 0 for span in spans)
    lane = Lane("faces", _TITLES["faces"], height)
    lane.labels = [RowLabel(5, f"{most:.0f}", "most faces in a picture"), RowLabel(height - 4, "0", "no face")]
    lane.lines = [height - 0.5]
    columns: dict[int, Span] = {}
    for span in spans:  # of pictures that share a pixel, the one with most faces
        before = columns.setdefault(int(span.start * scale), span)
        columns[int(span.start * scale)] = max(before, span, key=lambda one: one.value or 0)
    for span in columns.values():
        tall = (height - 2) * (span.value or 0) / most
        title = f"{span.value:.0f} {'face' if span.value == 1 else 'faces'} at {clock(span.start, exact=True)}"
        lane.boxes.append(Box(span.start, max(span.end, span.start + 1 / scale), height - tall, tall, "face", title))
    return lane
