"""How a timeline is drawn with matplotlib."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from tidymedia.report.timeline_rows import Timeline
from tidymedia.report.timeline_shapes import GUTTER, TEXT_SIZE, Lane, clock, legend_of, text_width, ticks_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from tidymedia.images.notebook_figure import NotebookFigure

__all__ = ["draw_timeline", "room_of"]

_PIXELS: Final = 96.0
_MARGIN: Final = 30.0
_HEAD: Final = 54.0
_GAP: Final = 9.0
_FOOT: Final = 34.0
_POINTS: Final = TEXT_SIZE * 72 / _PIXELS
_COLORS: Final = {
    "shot-0": "#c4c4c4",
    "shot-1": "#e4e4e4",
    "soft": "#d55e00",
    "speech": "#0072b2",
    "music": "#e69f00",
    "other": "#cc79a7",
    "silence": "#8c8c8c",
    "speaker-0": "#0072b2",
    "speaker-1": "#d55e00",
    "speaker-2": "#009e73",
    "speaker-3": "#cc79a7",
    "speaker-4": "#e69f00",
    "speaker-5": "#56b4e9",
    "mark": "#3d6b86",
    "face": "#009e73",
    "pitch": "#6a3d9a",
    "said-line": "#8c8c8c",
    "flagged-line": "#d55e00",
    "flagged": "#a03c00",
}
"""Colours that the colour-blind tell apart too (Okabe & Ito, 2008), with two grays for shots."""


def room_of(width: float) -> float:
    """Return how many pixels the lanes have in a figure of some inches.

    Examples
    --------
    >>> room_of(12.0)
    972.0
    """
    return width * _PIXELS - GUTTER - _MARGIN


def draw_timeline(timeline: Timeline, lanes: Sequence[Lane], pictures: Mapping[int, bytes], width: float) -> Figure:
    """Draw a timeline.

    Parameters
    ----------
    timeline : Timeline
        What there is.
    lanes : sequence of Lane
        Its lanes, as wide as :func:`room_of` says.
    pictures : mapping of int to bytes
        Small pictures as JPEG, by their number in the film; others are left out.
    width : float
        Width of the figure in inches.

    Returns
    -------
    matplotlib.figure.Figure
        The figure.
    """
    from tidymedia.images.notebook_figure import INK, QUIET, NotebookFigure

    hidden = [lane.hidden for lane in lanes if lane.hidden]
    body = sum(lane.height + _GAP for lane in lanes)
    foot = _FOOT + (14 if hidden else 0)
    height = (_HEAD + body + foot) / _PIXELS
    figure = NotebookFigure(width, height)
    inside = room_of(width)
    axes = figure.axes_at(GUTTER / _PIXELS, _HEAD / _PIXELS, inside / _PIXELS, body / _PIXELS)
    axes.set_xlim(timeline.start, timeline.end)
    axes.set_ylim(body, 0)
    axes.set_yticks([])
    ticks = ticks_of(timeline, inside)
    for tick in ticks:
        axes.axvline(tick, color="#ececec", linewidth=0.7, zorder=0)
    exact = len(ticks) > 1 and ticks[1] - ticks[0] < 1000
    axes.set_xticks(ticks, [clock(tick, exact=exact) for tick in ticks])
    axes.tick_params(axis="x", labelsize=_POINTS, labelcolor=QUIET, pad=4)
    top = 0.0
    for lane in lanes:
        _draw_lane(figure, axes, lane, top, pictures, timeline)
        axes.axhline(top + lane.height + _GAP / 2, color="#dddddd", linewidth=0.6, zorder=0)
        figure.write(10 / _PIXELS, (_HEAD + top + min(1.0, lane.height)) / _PIXELS, lane.title, _POINTS, weight="bold")
        top += lane.height + _GAP
    figure.write(10 / _PIXELS, 8 / _PIXELS, _cut(timeline.path, width), 10.5, weight="bold")
    figure.write(
        (width * _PIXELS - _MARGIN) / _PIXELS,
        10 / _PIXELS,
        f"{clock(timeline.start)} to {clock(timeline.end)}",
        _POINTS,
        ha="right",
        color=QUIET,
    )
    _draw_legend(figure, lanes, INK)
    if hidden:
        said = f"Shown are {'; '.join(hidden)}."
        figure.write(GUTTER / _PIXELS, height - 16 / _PIXELS, said, _POINTS * 0.92, color=QUIET)
    return figure


def _draw_lane(
    figure: NotebookFigure, axes: Axes, lane: Lane, top: float, pictures: Mapping[int, bytes], timeline: Timeline
) -> None:
    import numpy as np
    from matplotlib.collections import PolyCollection
    from PIL import Image

    from tidymedia.images.figure_text import drawable, font_families
    from tidymedia.images.notebook_figure import INK, QUIET

    for line in lane.lines:
        axes.axhline(top + line, color="#e3e3e3", linewidth=0.6, zorder=1)
    by_style: dict[str, list[list[tuple[float, float]]]] = {}
    for box in lane.boxes:
        low, high = top + box.top, top + box.top + box.height
        corners = [(box.start, low), (box.end, low), (box.end, high), (box.start, high)]
        by_style.setdefault(box.style, []).append(corners)
    for style, shapes in by_style.items():
        edge = "white" if style.startswith("shot-") and len(lane.boxes) < 120 else "none"
        axes.add_collection(
            PolyCollection(shapes, facecolor=_COLORS[style], edgecolor=edge, linewidth=0.6, zorder=2), autolim=False
        )
    per_pixel = timeline.length / (axes.get_position().width * figure.get_size_inches()[0] * _PIXELS)
    for strip in lane.strips:
        if strip.picture in pictures:
            with Image.open(io.BytesIO(pictures[strip.picture])) as image:
                shown = np.asarray(image.convert("RGB"))
            right = strip.start + strip.width * per_pixel
            axes.imshow(
                shown,
                extent=(strip.start, right, top + strip.top + strip.height, top + strip.top),
                aspect="auto",
                zorder=3,
                interpolation="antialiased",
            )
            axes.set_xlim(timeline.start, timeline.end)
            axes.set_ylim(axes.bbox.height / figure.dpi * _PIXELS, 0)
    for snippet in lane.snippets:
        axes.text(
            snippet.start,
            top + snippet.top + 1,
            drawable(snippet.text),
            fontsize=_POINTS,
            fontfamily=list(font_families()),
            color=_COLORS.get(snippet.style, INK),
            style="italic" if snippet.style == "flagged" else "normal",
            va="top",
            ha="left",
            clip_on=True,
            parse_math=False,
            zorder=4,
        )
    for label in lane.labels:
        figure.write(
            (GUTTER - 6) / _PIXELS,
            (_HEAD + top + label.middle) / _PIXELS,
            label.text,
            _POINTS * 0.92,
            ha="right",
            va="center",
            color=QUIET,
        )


def _draw_legend(figure: NotebookFigure, lanes: Sequence[Lane], ink: str) -> None:
    from matplotlib.patches import Rectangle

    width, height = figure.get_size_inches()
    left = float(GUTTER)
    for style, words in legend_of(lanes):
        tall = {"silence": 2.0, "other": 5.0, "music": 8.0, "soft": 3.0}.get(style, 10.0)
        where = (left / _PIXELS / width, 1 - 44 / _PIXELS / height)
        size = (12 / _PIXELS / width, tall / _PIXELS / height)
        figure.add_artist(Rectangle(where, *size, color=_COLORS[style], linewidth=0, transform=figure.transFigure))
        figure.write((left + 16) / _PIXELS, 32 / _PIXELS, words, _POINTS, color=ink)
        left += 16 + text_width(words) + 16


def _cut(path: str, width: float) -> str:
    from tidymedia.images.figure_text import shortened

    return shortened(path, width - 2.0, 11)
