"""The timeline of one film or recording as a figure."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from tidymedia.errors import UsageError
from tidymedia.extractors.registry import BUILT_IN
from tidymedia.report.timeline_drawing import draw_timeline, room_of
from tidymedia.report.timeline_lanes import make_lanes
from tidymedia.report.timeline_rows import TIMED, Timeline, read_timeline
from tidymedia.run.study_file import StudyFile
from tidymedia.run.up_to_date import bring_up_to_date
from tidymedia.tables.database import open_database
from tidymedia.tables.study_files import file_schema, study_files

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["TimelineSource", "plot_timeline"]

_NARROWEST, _WIDEST = 4.0, 60.0


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
        names = ", ".join(name for name in TIMED if name in BUILT_IN)
        raise UsageError(
            f"The study {folder} says nothing of {found} that lies in time.",
            f"Analyse it with one of: {names}.",
        )
    inside = room_of(width)
    lanes = make_lanes(timeline, inside)
    wanted = sorted({strip.picture for lane in lanes for strip in lane.strips})
    pictures = _small_pictures(folder, timeline, kind, wanted) if thumbnails and wanted else {}
    if not pictures and wanted:
        lanes = make_lanes(Timeline(found, media_id, timeline.start, timeline.end, timeline.spans), inside)
    return draw_timeline(timeline, lanes, pictures, float(width))


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
