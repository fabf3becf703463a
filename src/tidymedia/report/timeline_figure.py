"""The timeline of one film or recording as a figure."""

from __future__ import annotations

import difflib
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from tidymedia.errors import UsageError
from tidymedia.report.timeline_lanes import (
    GUTTER,
    TEXT_SIZE,
    Lane,
    clock,
    legend_of,
    make_lanes,
    text_width,
    ticks_of,
)
from tidymedia.report.timeline_rows import TIMED, Timeline, read_timeline
from tidymedia.run.study_file import StudyFile
from tidymedia.run.up_to_date import bring_up_to_date
from tidymedia.tables.database import open_database
from tidymedia.tables.study_files import file_schema, study_files

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from tidymedia.images.notebook_figure import NotebookFigure

__all__ = ["TimelineSource", "plot_timeline"]

_PIXELS: Final = 96.0
_MARGIN: Final = 30.0
_HEAD: Final = 54.0
_GAP: Final = 9.0
_FOOT: Final = 34.0
_POINTS: Final = TEXT_SIZE * 72 / _PIXELS
_NARROWEST, _WIDEST = 4.0, 60.0
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


class HasFolder(Protocol):
    """Whatever knows the folder of a study, such as :class:`tidymedia.Study`."""

    folder: Path


TimelineSource = HasFolder | str | Path
"""A study, or its folder."""


def plot_timeline(
    study: TimelineSource,
    path: str,
    *,
    start: float | None = None,
    end: float | None = None,
    width: float = 12.0,
    thumbnails: bool = True,
) -> Figure:
    """Show what a study says of one film or recording, along its time.

    Under one another: shots with small pictures, speech, music and silence, sounds, speakers, what is said, the pitch
    of the voice, faces, tags, objects and what is written in the pictures, each where the study has the table. What
    is said and written is shown as far as there is room; a wider figure, or a part of the time, shows more.

    Parameters
    ----------
    study : Study, str or pathlib.Path
        The study, or its folder.
    path : str
        The film or recording, as in the column ``path``; the end of it is enough where no other ends like that.
    start, end : float or None, default None
        Which part to show, in seconds; None for all.
    width : float, default 12.0
        Width of the figure in inches, 4 to 60. Its height follows from what there is.
    thumbnails : bool, default True
        Whether to show small pictures of a film. They are read from the file, which takes a while for a long film;
        where the file is gone, or the study has no table ``pictures``, there are none.

    Returns
    -------
    matplotlib.figure.Figure
        The figure; notebooks show it, ``savefig`` keeps it. It is made without ``pyplot``.

    Raises
    ------
    UsageError
        Where the study has no such medium, nothing that lies in time, or an argument is out of its range.

    Examples
    --------
    >>> plot_timeline("no/such/study", "film.mp4")
    Traceback (most recent call last):
    ...
    tidymedia.errors.StudyError: no/such/study is no study: it has no media.parquet. Name the folder that ...
    """
    if isinstance(width, bool) or not isinstance(width, (int, float)) or not _NARROWEST <= width <= _WIDEST:
        raise UsageError(f"width={width!r} is out of range.", f"Write inches from {_NARROWEST:g} to {_WIDEST:g}.")
    folder = Path(study) if isinstance(study, (str, Path)) else study.folder
    if (folder / "study.toml").is_file():
        bring_up_to_date(folder, StudyFile.read(folder))
    files = study_files(folder)
    columns = {name: file_schema(file).names for name, file in files.items()}
    with open_database(folder) as connection:
        media = connection.sql("SELECT path, media_id, kind FROM media WHERE media_id IS NOT NULL ORDER BY path")
        found, media_id, kind = _medium(path, media.fetchall(), folder)
        first, last = _part(start, end)
        timeline = read_timeline(connection, columns, found, media_id, first, last)
    if first and first >= timeline.end - 1:
        raise UsageError(f"start={start!r} is behind the end of {found}.", "Write seconds from its start.")
    if not any(timeline.spans.get(name) for name in timeline.spans) and not timeline.pictures:
        names = ", ".join(TIMED)
        raise UsageError(
            f"The study {folder} says nothing of {found} that lies in time.",
            f"Analyse it with one of: {names}.",
        )
    inside = width * _PIXELS - GUTTER - _MARGIN
    lanes = make_lanes(timeline, inside)
    wanted = sorted({strip.picture for lane in lanes for strip in lane.strips})
    pictures = _small_pictures(folder, timeline, kind, wanted) if thumbnails and wanted else {}
    if not pictures and wanted:
        lanes = make_lanes(Timeline(found, media_id, timeline.start, timeline.end, timeline.spans), inside)
    return _draw(timeline, lanes, pictures, float(width))


def _medium(path: str, media: Sequence[tuple[str, str, str]], folder: Path) -> tuple[str, str, str]:
    """Find the medium that a user names."""
    given = str(path).replace("\\", "/")
    fitting = [row for row in media if row[0] == given] or [row for row in media if row[0].endswith(f"/{given}")]
    if len({row[1] for row in fitting}) == 1:
        return fitting[0]
    if fitting:
        names = ", ".join(row[0] for row in fitting[:5])
        raise UsageError(f"Several media end with {given}: {names}.", "Name one of them in full.")
    near = difflib.get_close_matches(given, [row[0] for row in media], 3, 0.4) or [row[0] for row in media[:3]]
    raise UsageError(
        f"The study {folder} has no medium {given}.",
        f"Did you mean {' or '.join(near)}?" if near else "It has no medium that can be read.",
    )


def _part(start: float | None, end: float | None) -> tuple[int, int | None]:
    for name, given in (("start", start), ("end", end)):
        if given is not None and (isinstance(given, bool) or not isinstance(given, (int, float)) or not given >= 0):
            raise UsageError(f"{name}={given!r} is no time.", "Write seconds, 0 or more.")
    if start is not None and end is not None and not start < end:
        raise UsageError(f"start={start!r} is not before end={end!r}.", "Write seconds from the start of the medium.")
    return round((start or 0) * 1000), None if end is None else max(1, round(end * 1000))


def _small_pictures(folder: Path, timeline: Timeline, kind: str, wanted: Sequence[int]) -> Mapping[int, bytes]:
    """Read small pictures from the file; none where it is gone."""
    from tidymedia.run.preview import make_thumbnails

    study = StudyFile.read(folder)
    if not study.roots:
        return {}
    media = [(timeline.path, timeline.media_id, kind)]
    made = make_thumbnails(study, media, numbers={timeline.media_id: wanted})
    numbered = {int(unit_id.rpartition(":p")[2]): data for unit_id, data in made.items()}
    return {number: numbered[number] for number in wanted if number in numbered}


def _draw(timeline: Timeline, lanes: Sequence[Lane], pictures: Mapping[int, bytes], width: float) -> Figure:
    from tidymedia.images.notebook_figure import INK, QUIET, NotebookFigure

    hidden = [lane.hidden for lane in lanes if lane.hidden]
    body = sum(lane.height + _GAP for lane in lanes)
    foot = _FOOT + (14 if hidden else 0)
    height = (_HEAD + body + foot) / _PIXELS
    figure = NotebookFigure(width, height)
    inside = width * _PIXELS - GUTTER - _MARGIN
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
