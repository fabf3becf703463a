"""Which films and recordings get a timeline in the report, and which small pictures these show."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tidymedia.report.timeline_lanes import make_lanes
from tidymedia.report.timeline_rows import Timeline, read_timeline, timed_media

if TYPE_CHECKING:
    import duckdb

__all__ = ["TIMELINES_SHOWN", "FoundTimelines", "read_timelines", "width_of"]

TIMELINES_SHOWN = 6
"""How many timelines a report shows at most, at even steps by path."""

TIMELINE_PICTURES = 120
"""How many small pictures the timelines show at most, and no more than a quarter of all of a report."""

FURTHEST_PICTURE: Final = 100
"""Pictures with a higher number are not shown: films are read up to the picture that is wanted."""

_NARROWEST, _WIDEST = 920.0, 4_000.0
_PIXELS_A_SECOND: Final = 6.0


@dataclass(frozen=True, slots=True)
class FoundTimelines:
    """The timelines of a report.

    Parameters
    ----------
    timelines : tuple of Timeline
        Those that are shown.
    media : int
        Of how many media there is one.
    shown : tuple of str
        Their small pictures, as ``unit_id``.
    """

    timelines: tuple[Timeline, ...]
    media: int
    shown: tuple[str, ...]


def width_of(timeline: Timeline) -> float:
    """Return how wide a timeline is drawn, in pixels: long ones are scrolled.

    Examples
    --------
    >>> width_of(Timeline("a.mp4", "", 0, 20_000)), width_of(Timeline("b.mp4", "", 0, 300_000))
    (920.0, 1800.0)
    """
    return min(_WIDEST, max(_NARROWEST, timeline.length / 1000 * _PIXELS_A_SECOND))


def read_timelines(
    connection: duckdb.DuckDBPyConnection, columns: Mapping[str, Collection[str]], thumbnails: int
) -> FoundTimelines | None:
    """Choose media and read their rows.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        The study as a database.
    columns : mapping of str to collection of str
        Names of columns by table.
    thumbnails : int
        How many small pictures the report may have.

    Returns
    -------
    FoundTimelines or None
        None where nothing in the study lies in time.
    """
    media = timed_media(connection, columns)
    if not media:
        return None
    count = min(TIMELINES_SHOWN, len(media))
    chosen = [media[step * len(media) // count] for step in range(count)]
    timelines = tuple(read_timeline(connection, columns, path, media_id) for path, media_id in chosen)
    room = min(TIMELINE_PICTURES, max(0, thumbnails) // 4) // count
    shown: list[str] = []
    for timeline in timelines:
        strips = [strip for lane in make_lanes(timeline, width_of(timeline)) for strip in lane.strips]
        numbers = [strip.picture for strip in strips if strip.picture <= FURTHEST_PICTURE]
        even = [numbers[step * len(numbers) // room] for step in range(room)] if len(numbers) > room else numbers
        shown += [f"{timeline.media_id}:p{number}" for number in dict.fromkeys(even)]
    return FoundTimelines(timelines, len(media), tuple(shown))
