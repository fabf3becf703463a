"""What the tables of a study say of one film or recording, in the order of time."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tidymedia.tables.sql_names import quoted_name

if TYPE_CHECKING:
    import duckdb

__all__ = ["TIMED", "Span", "TimedPicture", "Timeline", "read_timeline", "timed_media"]

TIMED: Final = ("shots", "speech", "speakers", "transcripts", "voice", "sounds", "voice_labels")
"""Tables of stretches of time that a timeline shows."""

_SEEN: Final = ("faces", "tags", "objects", "texts")
_MOST_ROWS: Final = 50_000
"""Stretches of one table and medium that are read at most."""

_MOST_PICTURES: Final = 20_000
"""Pictures of one medium that are looked at; of more, as many at even steps: nobody can see more in a figure."""


class Span(NamedTuple):
    """A stretch of time and what is there: a kind, a name or a text."""

    start: int
    end: int
    label: str
    value: float | None = None
    note: str = ""


class TimedPicture(NamedTuple):
    """A picture of the film: its number, when it is seen, and until when no other is."""

    number: int
    start: int
    end: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """What there is to draw of one medium.

    Parameters
    ----------
    path, media_id : str
        The medium.
    start, end : int
        The time that is shown, in milliseconds.
    spans : mapping of str to tuple of Span
        Rows of each table in the order of time: shots by transition (with its length), speech by kind, speakers by
        name, transcripts by text (with their flags as a note), voice with the mean pitch, sounds and voice labels by
        label; and faces (with their number), tags, objects and texts by what is seen, each for as long as its picture
        stands.
    pictures : tuple of TimedPicture
        Its pictures.
    """

    path: str
    media_id: str
    start: int
    end: int
    spans: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)
    pictures: tuple[TimedPicture, ...] = ()

    @property
    def length(self) -> int:
        """How long the time is that is shown, in milliseconds; at least 1."""
        return max(1, self.end - self.start)


_STRETCHES: Final[Mapping[str, tuple[str, str, str]]] = {
    "shots": ("transition", "transition_ms", "shot"),
    "speech": ("kind", "score", "NULL"),
    "speakers": ("speaker", "score", "NULL"),
    "transcripts": ("text", "score", "flags"),
    "voice": ("NULL", "pitch_mean", "NULL"),
    "sounds": ("label", "score", "NULL"),
    "voice_labels": ("label", "score", "NULL"),
}
"""What of each table is the label, the value and the note."""


def timed_media(connection: duckdb.DuckDBPyConnection, columns: Mapping[str, Collection[str]]) -> list[tuple[str, str]]:
    """Return the films and recordings that a timeline can be drawn of.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        The study as a database.
    columns : mapping of str to collection of str
        Names of columns by table.

    Returns
    -------
    list of (str, str)
        Path and media_id of one path a medium, by path.
    """
    parts = [
        f"SELECT path, media_id FROM {name}"  # noqa: S608  # names of ours
        for name in TIMED
        if {"path", "media_id", "start_ms", "end_ms"} <= set(columns.get(name, ()))
    ]
    if not parts:
        return []
    union = " UNION ".join(parts)
    sql = f"SELECT min(path) AS path, media_id FROM ({union}) GROUP BY media_id ORDER BY path"  # noqa: S608
    return [(str(path), str(media_id)) for path, media_id in connection.sql(sql).fetchall()]


def read_timeline(
    connection: duckdb.DuckDBPyConnection,
    columns: Mapping[str, Collection[str]],
    path: str,
    media_id: str,
    start: int = 0,
    end: int | None = None,
) -> Timeline:
    """Read what there is to draw of one medium.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        The study as a database.
    columns : mapping of str to collection of str
        Names of columns by table.
    path, media_id : str
        The medium.
    start : int, default 0
        From which time on, in milliseconds.
    end : int or None, default None
        Up to which time; None for the end of the medium.

    Returns
    -------
    Timeline
        Its rows.
    """
    spans: dict[str, tuple[Span, ...]] = {}
    for name, chosen in _STRETCHES.items():
        here = set(columns.get(name, ()))
        if {"path", "start_ms", "end_ms"} <= here and {chosen[0], chosen[1]} - {"NULL"} & here:
            spans[name] = _stretches(connection, name, here, chosen, path)
    pictures = _pictures(connection, columns, path)
    until = {picture.number: picture for picture in _one_a_shot(pictures, spans.get("shots", ()))}
    for name in _SEEN:
        if pictures and {"path", "picture"} <= set(columns.get(name, ())):
            spans[name] = _seen(connection, name, set(columns[name]), path, until)
    ends = [span.end for name in _STRETCHES for span in spans.get(name, ())]
    if {"path", "duration_ms"} <= set(columns.get("metadata", ())):
        known = _ask(connection, "SELECT duration_ms FROM metadata WHERE path = $path", path)
        ends += [length for (length,) in known if length is not None]
    if not ends:
        ends = [picture.end for picture in pictures]
    ends += [picture.start for picture in pictures]
    last = max([1, *ends])
    last = last if end is None else max(start + 1, min(end, last))
    inside = {
        name: tuple(
            span._replace(end=min(span.end, max(last, span.start))) if name in _SEEN else span
            for span in rows
            if span.start < last and max(span.end, span.start + 1) > start
        )
        for name, rows in spans.items()
    }
    shown = tuple(one._replace(end=min(one.end, last)) for one in pictures if one.start < last and one.end > start)
    return Timeline(path, media_id, start, last, inside, shown)


def _ask(connection: duckdb.DuckDBPyConnection, sql: str, path: str) -> list[Any]:
    rows: list[Any] = connection.sql(sql, params={"path": path}).fetchall()
    return rows


def _stretches(
    connection: duckdb.DuckDBPyConnection, name: str, here: set[str], chosen: Sequence[str], path: str
) -> tuple[Span, ...]:
    label, value, note = (one if one in here else "NULL" for one in chosen)
    best = " AND rank = 0" if "rank" in here else ""
    rows = _ask(
        connection,
        f"SELECT start_ms, end_ms, {label}, {value}, {note} FROM {quoted_name(name)} "  # noqa: S608  # ours
        f"WHERE path = $path AND start_ms >= 0 AND end_ms IS NOT NULL{best} "
        f"ORDER BY start_ms, end_ms LIMIT {_MOST_ROWS}",
        path,
    )
    return tuple(
        Span(
            start,
            max(start, end),
            "" if said is None else " ".join(str(said).split()),
            None if number is None else float(number),
            "" if more is None else str(more),
        )
        for start, end, said, number, more in rows
    )


def _pictures(
    connection: duckdb.DuckDBPyConnection, columns: Mapping[str, Collection[str]], path: str
) -> tuple[TimedPicture, ...]:
    if not {"path", "picture", "time_ms", "width", "height"} <= set(columns.get("pictures", ())):
        return ()
    rows = _ask(
        connection,
        "SELECT picture, time_ms, lead(time_ms) OVER (ORDER BY time_ms, picture), width, height FROM pictures "  # noqa: S608
        f"WHERE path = $path AND time_ms >= 0 AND picture % (SELECT count(*) // {_MOST_PICTURES} + 1 FROM pictures "
        "WHERE path = $path) = 0 ORDER BY time_ms, picture",
        path,
    )
    steps = sorted(after - time for _, time, after, _, _ in rows if after is not None)
    usual = steps[len(steps) // 2] if steps else 1000
    return tuple(
        TimedPicture(
            number, time, max(time + 1, after if after is not None else time + usual), width or 16, height or 9
        )
        for number, time, after, width, height in rows
    )


def _one_a_shot(pictures: Sequence[TimedPicture], shots: Sequence[Span]) -> Sequence[TimedPicture]:
    """Let pictures stand for their shots where each shot has one picture, as with ``video = "shot:middle"``."""
    if len(pictures) != len(shots):
        return pictures
    pairs = list(zip(pictures, shots, strict=True))
    if not all(shot.start <= picture.start < shot.end for picture, shot in pairs):
        return pictures
    return [picture._replace(start=shot.start, end=shot.end) for picture, shot in pairs]


def _seen(
    connection: duckdb.DuckDBPyConnection, name: str, here: set[str], path: str, pictures: Mapping[int, TimedPicture]
) -> tuple[Span, ...]:
    """Return what is seen in pictures: faces as their number a picture, others by label or text."""
    table = quoted_name(name)
    where = f"FROM {table} WHERE path = $path"
    if name == "faces":
        sql = f"SELECT picture, '', count(*), '' {where} GROUP BY picture"  # ours
    elif name == "texts":
        if "text" not in here:
            return ()
        order = " ORDER BY block" if "block" in here else ""
        where += " AND regexp_matches(text, '[\\p{L}\\p{N}]{2}')"
        where += " AND coalesce(score, 1) >= 0.5" if "score" in here else ""
        sql = f"SELECT picture, string_agg(text, ' '{order}), NULL, '' {where} GROUP BY picture"
    else:
        if "label" not in here:
            return ()
        score = "max(score)" if "score" in here else "NULL"
        best = " AND rank < 3" if "rank" in here else ""
        sql = f"SELECT picture, label, {score}, count(*) {where}{best} GROUP BY picture, label"
    rows = _ask(connection, sql, path)
    found = [
        Span(
            pictures[number].start,
            pictures[number].end,
            "" if label is None else " ".join(str(label).split()),
            None if value is None else float(value),
            str(note),
        )
        for number, label, value, note in rows
        if number in pictures
    ]
    return tuple(sorted(found, key=lambda span: (span.start, span.label)))
