"""Cues of subtitles: what is shown at once, in lines that can be read."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tidymedia.tables.spoken import Segment
from tidymedia.tables.time_spans import apart

__all__ = ["LINE_LENGTH", "Cue", "make_cues"]

LINE_LENGTH: Final = 42
"""Characters of a line at most, as broadcasters advise; a wide character of East Asia counts as two."""

_LONGEST_MS: Final = 7_000
_SHORTEST_MS: Final = 800
_SENTENCE: Final = frozenset(".!?…。！？؟۔।")  # noqa: RUF001
_CLAUSE: Final = frozenset(",;:—–、，；：،؛")  # noqa: RUF001
_CLOSING: Final = "\"'”’»)]}"  # noqa: RUF001


@dataclass(frozen=True, slots=True)
class Cue:
    """What is shown at once: one or two lines."""

    start: int
    end: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of a text that is not broken: from and to which character, and from and to which column."""

    begin: int
    end: int
    left: int
    right: int


def make_cues(segments: Sequence[Segment]) -> list[Cue]:
    """Turn the segments of a transcript into cues of one or two lines of at most 42 characters.

    A segment that is longer, or lasts more than 7 seconds, is split: at the ends of sentences and clauses where it
    can be. Its parts begin and end with their words, where the times of words are known; without them, time is shared
    out by the number of characters. A cue ends where the next one begins; one shorter than 0.8 seconds stays longer
    where nothing follows so soon.

    Parameters
    ----------
    segments : sequence of Segment
        The segments, sorted by start; white space in their texts is single.

    Returns
    -------
    list of Cue
        The cues in their order, none over another.

    Examples
    --------
    >>> text = "It is a truth universally acknowledged, that a single man must be in want of a wife."
    >>> for cue in make_cues([Segment(0, 6000, text)]):
    ...     print(cue.start, cue.end, cue.lines)
    0 2786 ('It is a truth universally acknowledged,',)
    2857 6000 ('that a single man must', 'be in want of a wife.')
    """
    found: list[tuple[int, int, tuple[str, ...]]] = []
    for segment in segments:
        text = _printable(segment.text)
        if not text:
            continue
        clock = _Clock(segment, text)
        for pieces in _split(_pieces(text), text, clock):
            found.append((clock.at(pieces[0].begin, begins=True), clock.at(pieces[-1].end), _lines(pieces, text)))
    found.sort(key=lambda cue: cue[0])
    times = apart(((start, end) for start, end, _ in found), shortest=_SHORTEST_MS)
    return [Cue(start, end, lines) for (start, end), (_, _, lines) in zip(times, found, strict=True)]


def _printable(text: str) -> str:
    """Return a text without controls, its white space single; marks of direction stay."""
    kept = "".join(" " if unicodedata.category(one) in ("Cc", "Cs", "Zl", "Zp") else one for one in text)
    return " ".join(kept.split())


class _Clock:
    """Says when a character of a segment is said."""

    def __init__(self, segment: Segment, text: str) -> None:
        self._places: list[int] = [0]
        self._times: list[int] = [segment.start]
        self._starts: dict[int, int] = {}
        cursor = 0
        for word in segment.words:
            begin = text.find(_printable(word.text), cursor)
            if begin < 0:
                continue
            cursor = begin + len(_printable(word.text))
            start = min(max(word.start, self._times[-1]), segment.end)
            self._starts[begin] = start
            self._add(begin, start)
            self._add(cursor, min(max(word.end, start), segment.end))
        self._add(len(text), segment.end)

    def _add(self, place: int, time: int) -> None:
        if place > self._places[-1]:
            self._places.append(place)
            self._times.append(max(time, self._times[-1]))

    def at(self, place: int, *, begins: bool = False) -> int:
        """Return the time before a character; with ``begins``, when the word that begins with it begins."""
        if begins and place in self._starts:
            return self._starts[place]
        after = min(bisect_right(self._places, place), len(self._places) - 1)
        left, right = self._places[after - 1], self._places[after]
        share = (place - left) / (right - left) if right > left else 1.0
        return round(self._times[after - 1] + share * (self._times[after] - self._times[after - 1]))


def _columns(character: str) -> int:
    """Return how many columns a character takes: a wide one two, a mark that stands on others none."""
    if unicodedata.combining(character) or unicodedata.category(character) in ("Cf", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _pieces(text: str) -> list[_Piece]:
    """Cut a text at its spaces; what has none for a whole line, such as Chinese, is cut where a line is full."""
    pieces: list[_Piece] = []
    begin = column = 0
    for word in text.split(" "):
        end = begin + len(word)
        at = begin
        while at < end:
            cut = _line_full(text, at, end)
            wide = sum(_columns(one) for one in text[at:cut])
            pieces.append(_Piece(at, cut, column, column + wide))
            at, column = cut, column + wide
        begin, column = end + 1, column + 1
    return pieces


def _line_full(text: str, begin: int, end: int) -> int:
    """Return where a text without spaces ends or is cut: after a clause in the second half of a line that is full."""
    full, width, clause = begin, 0, 0
    while full < end and width + _columns(text[full]) <= LINE_LENGTH:
        width += _columns(text[full])
        full += 1
        if text[full - 1] in _SENTENCE | _CLAUSE and width * 2 > LINE_LENGTH:
            clause = full
    return full if full == end else clause or full


def _joined_width(pieces: Sequence[_Piece]) -> int:
    return pieces[-1].right - pieces[0].left if pieces else 0


def _split(pieces: Sequence[_Piece], text: str, clock: _Clock) -> list[list[_Piece]]:
    """Share the pieces of a segment out to cues."""
    cues: list[list[_Piece]] = []
    first = 0
    while first < len(pieces):
        most = 1
        while first + most < len(pieces) and _fits(pieces[first : first + most + 1], text, clock):
            most += 1
        next_two = pieces[first : first + 2 * most + 1]
        take = most if first + most == len(pieces) else _best_end(next_two, most, text)
        cues.append(list(pieces[first : first + take]))
        first += take
    return cues


def _fits(pieces: Sequence[_Piece], text: str, clock: _Clock) -> bool:
    if clock.at(pieces[-1].end) - clock.at(pieces[0].begin, begins=True) > _LONGEST_MS:
        return False
    return _joined_width(pieces) <= LINE_LENGTH or _break(pieces, text) is not None


def _best_end(pieces: Sequence[_Piece], most: int, text: str) -> int:
    """Return how many pieces a cue takes: up to the end of a sentence or clause, if that leaves it not too empty."""
    for marks, part in ((_SENTENCE, 3), (_CLAUSE, 2)):
        for count in range(most, 0, -1):
            if _joined_width(pieces[:count]) * part < _joined_width(pieces[:most]):
                break
            if text[: pieces[count - 1].end].rstrip(_CLOSING)[-1:] in marks:
                return count
    rest = _joined_width(pieces[most:])
    if rest * 3 < _joined_width(pieces[:most]):  # a last word alone on the screen is hard to read
        for count in range(most, 0, -1):
            if _joined_width(pieces[count:]) >= _joined_width(pieces[:count]) * 0.6:
                return count
    return most


def _break(pieces: Sequence[_Piece], text: str) -> int | None:
    """Return before which piece the second line begins; None where two lines are not enough.

    Lines of like length are best, unless one can end with a clause and is not much shorter than the other.
    """
    options: list[tuple[bool, int, int]] = []
    for count in range(1, len(pieces)):
        first, second = _joined_width(pieces[:count]), _joined_width(pieces[count:])
        if max(first, second) <= LINE_LENGTH:
            ends = text[pieces[count - 1].end - 1] in _SENTENCE | _CLAUSE and 2 * min(first, second) > max(
                first, second
            )
            options.append((not ends, abs(first - second), count))
    return min(options)[2] if options else None


def _lines(pieces: Sequence[_Piece], text: str) -> tuple[str, ...]:
    at = None if _joined_width(pieces) <= LINE_LENGTH else _break(pieces, text)
    if at is None:
        return (text[pieces[0].begin : pieces[-1].end],)
    return (text[pieces[0].begin : pieces[at - 1].end], text[pieces[at].begin : pieces[-1].end])
