"""Which stretches of a sound an extractor looks at: speech, what a transcript says, windows, or the whole."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from tidymedia.errors import SettingError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["SEGMENTS", "SegmentRule", "SegmentSource", "TimeSpan", "parse_segments", "spans_of"]

SegmentSource = Literal["speech", "transcripts", "window", "medium"]
"""What a segment is: a stretch of speech, a segment of a transcript, a window of a fixed length, or all of it."""

SEGMENTS: Final = (
    "speech (each stretch of speech that the extractor speech finds), transcripts (each segment of the table "
    "transcripts), a length such as 5s (windows one after the other from the start), or medium (all of it as one)"
)
"""What a parameter ``segments`` takes, for its meaning."""

_LONGEST_WINDOW = 3600
_SHORTEST_WINDOW = 0.1


@dataclass(frozen=True, slots=True)
class SegmentRule:
    """How a sound is divided.

    Parameters
    ----------
    source : {"speech", "transcripts", "window", "medium"}
        What the segments are.
    window_ms : int or None, default None
        Length of the windows, in milliseconds; None where there are none.

    Examples
    --------
    >>> parse_segments("transcripts").needs
    ('transcripts',)
    """

    source: SegmentSource
    window_ms: int | None = None

    @property
    def needs(self) -> tuple[str, ...]:
        """The extractors on whose rows this builds, as ``Extractor.needs``."""
        return (self.source,) if self.source in ("speech", "transcripts") else ()


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """A row of another table as a stretch of time.

    Parameters
    ----------
    start_ms, end_ms : int
        Where it begins, and the first millisecond after it.
    segment : int
        Its number in its table.
    """

    start_ms: int
    end_ms: int
    segment: int


def parse_segments(text: str, *, of: str = "") -> SegmentRule:
    """Read a parameter ``segments``.

    Parameters
    ----------
    text : str
        ``"speech"``, ``"transcripts"``, ``"medium"``, or a length of windows such as ``"5s"`` or ``"0.5s"``.
    of : str, default ""
        What stands before the name of the parameter in messages, such as ``"voice."``.

    Returns
    -------
    SegmentRule
        The rule.

    Raises
    ------
    SettingError
        Where the text is none of these, or windows are shorter than 0.1 or longer than 3,600 seconds.

    Examples
    --------
    >>> parse_segments("2s")
    SegmentRule(source='window', window_ms=2000)
    >>> parse_segments("speech").needs
    ('speech',)
    """
    cleaned = text.strip().lower()
    match cleaned:
        case "speech" | "transcripts" | "medium":
            return SegmentRule(cleaned)
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*s", cleaned)
    if found is None:
        raise SettingError(
            f"{of}segments cannot be {text!r}.",
            "Write speech, transcripts, medium, or a length of windows in seconds such as 5s.",
        )
    seconds = float(found[1])
    if not _SHORTEST_WINDOW <= seconds <= _LONGEST_WINDOW:
        raise SettingError(
            f"{of}segments={text!r}: windows are {_SHORTEST_WINDOW:g} to {_LONGEST_WINDOW:,} seconds long.",
            "Write another length, or medium for all of it as one.",
        )
    return SegmentRule("window", round(seconds * 1000))


def spans_of(rule: SegmentRule, upstream: Mapping[str, Sequence[Mapping[str, object]]]) -> list[TimeSpan]:
    """Find the segments that the rows of another extractor give.

    Parameters
    ----------
    rule : SegmentRule
        The rule; windows and the whole medium have no such rows.
    upstream : mapping of str to sequence of mapping
        Rows by table, as ``sound.upstream`` has them. Of the table ``speech``, those of the kind ``speech`` count.

    Returns
    -------
    list of TimeSpan
        By their start. Rows without both times, or that end where they begin, are left out.

    Examples
    --------
    >>> rows = [{"segment": 0, "start_ms": 0, "end_ms": 900, "kind": "silence"},
    ...         {"segment": 1, "start_ms": 900, "end_ms": 2500, "kind": "speech"}]
    >>> spans_of(parse_segments("speech"), {"speech": rows})
    [TimeSpan(start_ms=900, end_ms=2500, segment=1)]
    """
    spans = []
    for row in upstream.get(rule.source, ()) if rule.needs else ():
        if rule.source == "speech" and row.get("kind") != "speech":
            continue
        start, end = _time(row.get("start_ms")), _time(row.get("end_ms"))
        if start is not None and end is not None and 0 <= start < end:
            spans.append(TimeSpan(start, end, int(str(row["segment"]))))
    return sorted(spans, key=lambda span: (span.start_ms, span.end_ms, span.segment))


def _time(value: object) -> int | None:
    """Read a time of a row; rows that come from a store may hold it as a floating-point number, or as NaN."""
    if isinstance(value, int | float) and math.isfinite(value):
        return round(value)
    return None
