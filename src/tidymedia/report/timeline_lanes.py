"""A timeline as lanes: which rows have room, and where they are drawn."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from typing import Final

from tidymedia.report.timeline_rows import Span, TimedPicture, Timeline
from tidymedia.report.timeline_shapes import (
    GUTTER,
    ROW,
    Box,
    Lane,
    RowLabel,
    Snippet,
    Strip,
    clock,
    fitted,
    text_width,
    when,
)
from tidymedia.report.timeline_texts import place_texts, together

__all__ = ["make_lanes"]

_LABELS: Final = 5
_SPEAKERS: Final = 6
_STRIP: Final = 44
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
    lanes.append(place_texts("transcripts", _TITLES["transcripts"], spans.get("transcripts", ()), scale, 3, timeline))
    lanes.append(_pitch(spans.get("voice", ()), scale))
    lanes.append(_faces(spans.get("faces", ()), scale))
    lanes.append(_labelled("tags", spans.get("tags", ()), scale, _LABELS))
    lanes.append(_labelled("objects", spans.get("objects", ()), scale, _LABELS))
    lanes.append(place_texts("texts", _TITLES["texts"], together(spans.get("texts", ())), scale, 2, timeline))
    return [lane for lane in lanes if lane is not None]


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
        title = f"Shot {number}, {when(shot)}, begins with: {shot.label or 'not known'}"
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
        lane.boxes.append(Box(span.start, span.end, 16 - height, height, kind, f"{span.label}, {when(span)}"))
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
    lane = Lane(name, _TITLES[name], ROW * len(chosen))
    for row, label in enumerate(chosen):
        top = ROW * row + 3
        lane.labels.append(
            RowLabel(top + 4.5, fitted(label.replace("_", " "), GUTTER - 26 - 1.2 * text_width(lane.title)), label)
        )
        lane.lines.append(top + 4.5)
        style = f"speaker-{row % 6}" if name == "speakers" else "mark"
        for span in _merged([one for one in spans if (one.label or "not named") == label], scale):
            lane.boxes.append(
                Box(span.start, max(span.end, span.start + 2 / scale), top, 9, style, f"{label}, {when(span)}")
            )
    if len(weights) > len(chosen):
        how = "those that last longest" if by_time else "those in most pictures"
        lane.hidden = f"{len(chosen)} of {len(weights):,} {_TITLES[name].lower()}, {how}"
    return lane


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
        title = f"mean pitch {value:.0f} Hz, {when(span)}"
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
