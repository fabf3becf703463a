"""The samples of segments of a sound, streamed: no more of it in memory than one piece needs."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tidymedia.extractors.sound_damage import UntilDamage
from tidymedia.extractors.sound_segments import SegmentRule, SegmentSource, TimeSpan, spans_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tidymedia.media.sound import Sound

__all__ = ["SoundPiece", "pieces_of"]

_BLOCK_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class SoundPiece:
    """A stretch of samples that is heard at once: a segment, or a part of one that is longer than a piece may be.

    Parameters
    ----------
    segment : int
        Number of its segment, from 0 in the order of their starts.
    source : {"speech", "transcripts", "window", "medium"}
        What the segment is.
    source_segment : int or None
        Number of the segment in the table that it comes from; None for windows and the whole medium.
    start_ms, end_ms : int
        Where the piece begins, and the first millisecond after it.
    samples : numpy.ndarray
        Array of shape (samples, channels), float32, -1 to 1; at least one sample.
    last : bool
        Whether it is the last piece of its segment.
    """

    segment: int
    source: SegmentSource
    source_segment: int | None
    start_ms: int
    end_ms: int
    samples: NDArray[np.float32]
    last: bool


@dataclass(frozen=True, slots=True)
class _Planned:
    """A piece before its samples are there; positions count samples."""

    segment: int
    source_segment: int | None
    start_ms: int
    end_ms: int
    start: int
    end: int
    closing: bool  # whether the segment ends with it, if the sound is as long as it should be


def pieces_of(sound: Sound, rule: SegmentRule, max_seconds: float) -> Iterator[SoundPiece]:
    """Stream the segments of a sound, each in pieces of a bounded length.

    A segment that is longer than a piece may be is divided into pieces of equal length; all of a medium as one segment,
    whose end is not known beforehand, into pieces of the full length and a shorter last one. The pieces of one segment
    come in their order, the last of them with ``last``; where segments overlap, their pieces can alternate. What lies
    beyond the end of the sound is left out: a segment that lies there as a whole has no piece, and the last window is
    as short as what is left.

    Parameters
    ----------
    sound : Sound
        The sound; ``sound.upstream`` holds the rows that the rule needs.
    rule : SegmentRule
        How it is divided, see ``parse_segments``.
    max_seconds : float
        How long a piece may be, more than 0.

    Yields
    ------
    SoundPiece
        The next piece. Its samples belong to the receiver.

    Notes
    -----
    In memory are at most about ``max_seconds`` and a block of 10 seconds, and where segments overlap as much as they
    cover together.
    """
    import numpy as np

    planned = _plan(sound, rule, max(1, math.floor(max_seconds * 1000 + 1e-6)))
    following = next(planned, None)
    if following is None:  # nothing needs to be decoded
        return
    waiting: list[_Planned] = []
    held: NDArray[np.float32] = np.zeros((0, sound.channels), np.float32)
    first = position = 0  # numbers of the first sample held, and of the one after the last
    heard = UntilDamage(sound)
    for block in heard.blocks(_BLOCK_SECONDS):
        held = np.concatenate([held, block.samples]) if len(held) else block.samples
        position += len(block.samples)
        while following is not None and following.start < position:
            waiting.append(following)
            following = next(planned, None)
        # A piece that does not close its segment waits until it is known that another one follows.
        ready = [one for one in waiting if (one.end <= position if one.closing else one.end < position)]
        for one in ready:
            yield _piece(rule.source, one, held, first, one.end_ms, last=one.closing)
        done = {id(one) for one in ready}
        waiting = [one for one in waiting if id(one) not in done]
        if following is None and not waiting:
            return
        keep = min([position, *(one.start for one in waiting)])
        held, first = held[keep - first :], keep
    for one in waiting:  # the sound ends within these
        # Times of other tables are whole milliseconds: less than one beyond the end is no cut.
        cut = one.end - position > sound.rate / 1000
        end_ms = min(one.end_ms, max(one.start_ms + 1, round(position * 1000 / sound.rate))) if cut else one.end_ms
        later = any(other.segment == one.segment and other.start > one.start for other in waiting)
        yield _piece(rule.source, one, held, first, end_ms, last=not later)
    heard.raise_damage()


def _plan(sound: Sound, rule: SegmentRule, longest_ms: int) -> Iterator[_Planned]:
    """Yield pieces by their start, without end for windows and the medium."""
    if rule.needs:
        spans = spans_of(rule, sound.upstream)
        made = [one for number, span in enumerate(spans) for one in _divided(span, number, longest_ms, sound.rate)]
        yield from sorted(made, key=lambda one: (one.start, one.segment))
        return
    number = 0
    while True:
        if rule.window_ms is None:
            start_ms = number * longest_ms
            yield _planned(0, None, start_ms, start_ms + longest_ms, sound.rate, closing=False)
        else:
            window = TimeSpan(number * rule.window_ms, (number + 1) * rule.window_ms, number)
            for one in _divided(window, number, longest_ms, sound.rate):
                yield _planned(number, None, one.start_ms, one.end_ms, sound.rate, closing=one.closing)
        number += 1


def _divided(span: TimeSpan, number: int, longest_ms: int, rate: int) -> Iterator[_Planned]:
    length = span.end_ms - span.start_ms
    count = math.ceil(length / longest_ms)
    edges = [span.start_ms + round(length * place / count) for place in range(count + 1)]
    for place in range(count):
        closing = place == count - 1
        yield _planned(number, span.segment, edges[place], edges[place + 1], rate, closing=closing)


def _planned(segment: int, source: int | None, start_ms: int, end_ms: int, rate: int, *, closing: bool) -> _Planned:
    # Pieces touch without gap or overlap, whatever the rate: both ends are rounded alike.
    start, end = round(start_ms * rate / 1000), round(end_ms * rate / 1000)
    return _Planned(segment, source, start_ms, end_ms, start, max(end, start + 1), closing)


def _piece(
    source: SegmentSource, one: _Planned, held: NDArray[np.float32], first: int, end_ms: int, *, last: bool
) -> SoundPiece:
    samples = held[one.start - first : one.end - first].copy()
    return SoundPiece(one.segment, source, one.source_segment, one.start_ms, end_ms, samples, last)
