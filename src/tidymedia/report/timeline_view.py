"""The section with timelines: lanes as shapes that the template draws as inline SVG."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from tidymedia.report.content import ReportContent
from tidymedia.report.timeline_choice import FoundTimelines, width_of
from tidymedia.report.timeline_lanes import make_lanes
from tidymedia.report.timeline_rows import Timeline
from tidymedia.report.timeline_shapes import GUTTER, Lane, Snippet, clock, legend_of, ticks_of
from tidymedia.report.wording import counted, joined, percent

__all__ = ["TIMELINE_BYTES", "TimelineView", "TimelinesView", "make_timelines_view"]

TIMELINE_BYTES: Final = 1_000_000
"""How many bytes of JPEG the timelines carry at most; beyond it, they have no further pictures."""

_SAID_SHOWN: Final = 200
_GAP: Final = 9.0
_HEIGHT: Final = 88
"""Height of a small picture: twice that of its place, for sharp screens."""


class Shape(NamedTuple):
    """A filled stretch, in pixels."""

    x: float
    y: float
    width: float
    height: float
    style: str
    title: str


class Words(NamedTuple):
    """A text and the room that it may take, in pixels."""

    x: float
    y: float
    room: float
    text: str
    style: str
    title: str


class Small(NamedTuple):
    """A small picture."""

    x: float
    y: float
    width: float
    height: float
    jpeg: str
    title: str


class Said(NamedTuple):
    """A segment of the transcript, for those who read the list."""

    when: str
    text: str
    flags: str


@dataclass(frozen=True, slots=True)
class TimelineView:
    """One timeline, laid out in pixels.

    Parameters
    ----------
    path : str
        The medium.
    length : str
        How long it is.
    summary : str
        What there is, in words.
    width, height : float
        Size of the lanes.
    gutter : float
        Width of their names.
    shapes, words, pictures
        What is drawn.
    names : tuple of (float, str)
        Names of the lanes and their places.
    labels : tuple of (float, str, str)
        Names of the rows, their places, and in full.
    edges : tuple of float
        Lines between lanes.
    ticks : tuple of (float, str, str)
        Marks of the axis, with their label and its anchor.
    legend : tuple of (str, str)
        What colours mean: style and words.
    said : tuple of Said
        What is said, as a list.
    said_more : int
        How many segments are not in the list.
    hidden : str
        What has no room.
    """

    path: str
    length: str
    summary: str
    width: float
    height: float
    gutter: float
    shapes: tuple[Shape, ...]
    words: tuple[Words, ...]
    pictures: tuple[Small, ...]
    names: tuple[tuple[float, str], ...]
    labels: tuple[tuple[float, str, str], ...]
    edges: tuple[float, ...]
    ticks: tuple[tuple[float, str, str], ...]
    legend: tuple[tuple[str, str], ...]
    said: tuple[Said, ...]
    said_more: int
    hidden: str


@dataclass(frozen=True, slots=True)
class TimelinesView:
    """What the section shows."""

    timelines: tuple[TimelineView, ...]
    media: int

    @property
    def hidden(self) -> int:
        """How many films and recordings have no timeline here."""
        return self.media - len(self.timelines)


def make_timelines_view(content: ReportContent) -> TimelinesView | None:
    """Lay out the timelines of a report.

    Parameters
    ----------
    content : ReportContent
        The study.

    Returns
    -------
    TimelinesView or None
        None where nothing in the study lies in time.
    """
    found: FoundTimelines | None = content.timelines
    if found is None:
        return None
    left = TIMELINE_BYTES
    views: list[TimelineView] = []
    for timeline in found.timelines:
        pictures: dict[int, bytes] = {}
        for unit_id in found.shown:
            media_id, _, number = unit_id.rpartition(":p")
            jpeg = _smaller(content.thumbnails.get(unit_id)) if media_id == timeline.media_id else b""
            if jpeg and len(jpeg) <= left:
                pictures[int(number)] = jpeg
                left -= len(jpeg)
        views.append(_view(timeline, pictures))
    return TimelinesView(tuple(views), found.media)


def _view(timeline: Timeline, pictures: Mapping[int, bytes]) -> TimelineView:
    width = width_of(timeline)
    scale = width / timeline.length
    lanes = make_lanes(timeline, width)
    if not pictures:
        bare = Timeline(timeline.path, timeline.media_id, timeline.start, timeline.end, timeline.spans)
        lanes = make_lanes(bare, width)
    shapes: list[Shape] = []
    words: list[Words] = []
    small: list[Small] = []
    names: list[tuple[float, str]] = []
    labels: list[tuple[float, str, str]] = []
    edges: list[float] = []
    top = 4.0
    for lane in lanes:
        names.append((top + 11, lane.title))
        labels += [(round(top + one.middle + 3.5, 1), one.text, one.title) for one in lane.labels]
        for box in lane.boxes:
            left = (max(box.start, timeline.start) - timeline.start) * scale
            wide = max(0.5, (min(box.end, timeline.end) - timeline.start) * scale - left)
            y = round(top + box.top, 1)
            shapes.append(Shape(round(left, 1), y, round(wide, 1), round(box.height, 1), box.style, box.title))
        words += [_words(snippet, top, timeline, scale) for snippet in lane.snippets]
        for strip in lane.strips:
            if strip.picture in pictures:
                data = base64.b64encode(pictures[strip.picture]).decode("ascii")
                x = round((strip.start - timeline.start) * scale, 1)
                small.append(Small(x, top + strip.top, round(strip.width, 1), strip.height, data, strip.title))
        top += lane.height
        edges.append(round(top + _GAP / 2, 1))
        top += _GAP
    segments = timeline.spans.get("transcripts", ())
    hidden = [lane.hidden for lane in lanes if lane.hidden]
    return TimelineView(
        timeline.path,
        clock(timeline.length),
        _summary(timeline, lanes),
        width,
        round(top + 16, 1),
        GUTTER,
        tuple(shapes),
        tuple(words),
        tuple(small),
        tuple(names),
        tuple(labels),
        tuple(edges),
        tuple(_ticks(timeline, width)),
        tuple(legend_of(lanes)),
        tuple(Said(clock(one.start), one.label, one.note.replace(",", ", ")) for one in segments[:_SAID_SHOWN]),
        max(0, len(segments) - _SAID_SHOWN),
        f"Shown are {joined(hidden)}." if hidden else "",
    )


def _words(snippet: Snippet, top: float, timeline: Timeline, scale: float) -> Words:
    x = (snippet.start - timeline.start) * scale
    room = max(1.0, snippet.room)
    return Words(round(x, 1), round(top + snippet.top, 1), round(room, 1), snippet.text, snippet.style, snippet.title)


def _ticks(timeline: Timeline, width: float) -> list[tuple[float, str, str]]:
    times = ticks_of(timeline, width)
    exact = len(times) > 1 and times[1] - times[0] < 1000
    marks: list[tuple[float, str, str]] = []
    for time in times:
        x = (time - timeline.start) * width / timeline.length
        anchor = "start" if x < 14 else "end" if x > width - 20 else "middle"
        marks.append((round(x, 1), clock(time, exact=exact), anchor))
    return marks


def _summary(timeline: Timeline, lanes: list[Lane]) -> str:
    """Say what there is, for those who do not see it."""
    parts: list[str] = []
    spans = timeline.spans
    if shots := len(spans.get("shots", ())):
        parts.append(counted(shots, "shot"))
    if spans.get("speech"):
        spoken = sum(span.end - span.start for span in spans["speech"] if span.label == "speech")
        parts.append(f"speech in {percent(spoken, timeline.length)} of the time")
    if said := len(spans.get("transcripts", ())):
        parts.append(counted(said, "segment of what is said", "segments of what is said"))
    if faces := len(spans.get("faces", ())):
        parts.append(counted(faces, "picture with faces", "pictures with faces"))
    others = [lane.title.lower() for lane in lanes if lane.name in ("speakers", "sounds", "tags", "objects", "texts")]
    if others:
        parts.append(f"rows for {joined(others)}")
    return joined(parts) if parts else "no rows"


def _smaller(jpeg: bytes | None) -> bytes:
    """Return a thumbnail in the size of the timeline."""
    if not jpeg:
        return b""
    from PIL import Image

    stream = io.BytesIO()
    with Image.open(io.BytesIO(jpeg)) as image:
        image.thumbnail((_HEIGHT * 3, _HEIGHT))
        image.convert("RGB").save(stream, "JPEG", quality=72, optimize=True)
    return stream.getvalue()
