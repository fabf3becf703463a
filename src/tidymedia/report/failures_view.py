"""What failed and why: the same causes together, the files below them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tidymedia import errors
from tidymedia.report.content import ReportContent
from tidymedia.report.wording import is_missing, plain
from tidymedia.tables.standard import SKIP_REASONS

__all__ = ["FILES_LISTED", "FailureGroup", "FailureLine", "SkipLine", "failure_groups", "place_in_file", "skip_lines"]

FILES_LISTED = 200
"""How many failures the report lists; the table ``failures`` has them all."""

_REMEDIES_LISTED = 3


@dataclass(frozen=True, slots=True)
class FailureLine:
    """One thing that could not be analysed."""

    path: str
    place: str
    extractors: tuple[str, ...]
    error_type: str
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class FailureGroup:
    """Failures of one type.

    Parameters
    ----------
    error_type : str
        The type that they share.
    meaning : str
        What the type says, as a sentence; empty for a type that is not ours.
    count : int
        How many there are.
    files : int
        In how many files.
    remedies : tuple of str
        What can be done, the most frequent first.
    lines : tuple of FailureLine
        Those that are listed; may be fewer than ``count``.
    """

    error_type: str
    meaning: str
    count: int
    files: int
    remedies: tuple[str, ...]
    lines: tuple[FailureLine, ...]


@dataclass(frozen=True, slots=True)
class SkipLine:
    """How often an extractor was not run for one reason."""

    reason: str
    meaning: str
    extractor: str
    count: int


def failure_groups(content: ReportContent, limit: int = FILES_LISTED) -> tuple[FailureGroup, ...]:
    """Group all failures by their type, the most frequent first.

    A file that could not be opened is one failure, however many extractors wanted it.

    Parameters
    ----------
    content : ReportContent
        The study.
    limit : int, default FILES_LISTED
        How many failures are listed in all; every group gets a fair share.

    Returns
    -------
    tuple of FailureGroup
        The groups.
    """
    grouped: dict[str, list[FailureLine]] = {}
    for line in _lines(content):
        grouped.setdefault(line.error_type, []).append(line)
    ordered = sorted(grouped.items(), key=lambda entry: (-len(entry[1]), entry[0]))
    shares = _fair_shares([len(lines) for _, lines in ordered], limit)
    groups = []
    for (error_type, lines), share in zip(ordered, shares, strict=True):
        remedies = Counter(line.remedy for line in lines if line.remedy)
        groups.append(
            FailureGroup(
                error_type,
                _meaning(error_type),
                len(lines),
                len({line.path for line in lines}),
                tuple(remedy for remedy, _ in remedies.most_common(_REMEDIES_LISTED)),
                tuple(lines[:share]),
            )
        )
    return tuple(groups)


def skip_lines(content: ReportContent) -> tuple[SkipLine, ...]:
    """Count what was skipped, by reason and extractor.

    Parameters
    ----------
    content : ReportContent
        The study.

    Returns
    -------
    tuple of SkipLine
        One line for each reason and extractor, the most frequent first.
    """
    if content.status.empty:
        return ()
    skipped = content.status[content.status["status"] == "skipped"]
    counts = Counter((plain(row.reason), plain(row.extractor)) for row in skipped.itertuples())
    return tuple(
        SkipLine(reason or "no reason given", SKIP_REASONS.get(reason, ""), extractor, count)
        for (reason, extractor), count in sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
    )


def _lines(content: ReportContent) -> Iterator[FailureLine]:
    """Yield each failure once, with all extractors that met it."""
    extractors: dict[tuple[str, str, str, str, str], list[str]] = {}
    whole_files: set[tuple[str, str]] = set()
    for row in content.failures.to_dict("records"):
        path = plain(row.get("path")) or plain(row.get("media_id")) or "unknown file"
        place = place_in_file(row.get("picture"), row.get("time_ms"))
        error_type, message = plain(row["error_type"]), plain(row["error_message"])
        met = extractors.setdefault((path, place, error_type, message, plain(row["remedy"])), [])
        if name := plain(row["extractor"]):
            met.append(name)
        whole_files.add((path, error_type))
    for row in content.media.to_dict("records"):
        path, error_type = plain(row["path"]), plain(row["error_type"]) or "unknown"
        if row["status"] != "ok" and (path, error_type) not in whole_files:
            key = (path, "", error_type, plain(row["error_message"]), plain(row["remedy"]))
            extractors.setdefault(key, [])
    for (path, place, error_type, message, remedy), names in sorted(extractors.items()):
        yield FailureLine(path, place, tuple(dict.fromkeys(names)), error_type, message, remedy)


def place_in_file(picture: object, time_ms: object) -> str:
    """Say where in a file something is; pictures are counted from 0, as in the tables.

    Parameters
    ----------
    picture, time_ms : int or missing
        Number of the picture, and its time in milliseconds.

    Returns
    -------
    str
        The place; empty where neither is known.

    Examples
    --------
    >>> place_in_file(3, 61_500)
    'picture 3, at 1:01.500'
    """
    parts = []
    if not is_missing(picture):
        parts.append(f"picture {int(str(picture).split('.')[0]):,}")
    if not is_missing(time_ms):
        minutes, seconds = divmod(float(str(time_ms)) / 1000, 60)
        parts.append(f"at {int(minutes)}:{seconds:06.3f}")
    return ", ".join(parts)


def _meaning(error_type: str) -> str:
    """Return what one of our own error types means."""
    if error_type not in errors.__all__:
        return ""
    return (getattr(errors, error_type).__doc__ or "").strip().partition("\n")[0]


def _fair_shares(sizes: Sequence[int], limit: int) -> list[int]:
    """Divide ``limit`` so that small groups are listed whole."""
    shares = [0] * len(sizes)
    left = limit
    order = sorted(range(len(sizes)), key=lambda index: sizes[index])
    for position, index in enumerate(order):
        shares[index] = min(sizes[index], left // (len(sizes) - position))
        left -= shares[index]
    return shares
