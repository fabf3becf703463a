"""Sound as stretches of speech of up to 30 seconds, which is what Whisper hears at once."""

from __future__ import annotations

import bisect
import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tidymedia.errors import UnavailableError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tidymedia.media.sound import SoundBlock

__all__ = ["RATE", "STRETCH_S", "Span", "Stretch", "find_speech", "stretches_of", "with_padding"]

RATE = 16_000
"""Samples a second."""

STRETCH_S = 30
"""Longest stretch, in seconds."""

_LONGEST = STRETCH_S * RATE
_MARGIN = RATE  # speech that begins this near the end of a window is heard again with the next one
_MIN_SILENCE_MS = 160
_PADDING_S = 0.4

Span = tuple[int, int]
"""First sample of a stretch of sound, counted from the start of the medium, and the one after its last."""

_Detector = Callable[[Any], list[Span]]
_Piece = tuple[Span, Any, list[Span]]


@dataclass
class Stretch:
    """Up to 30 seconds of sound, in parts between which silence was left out.

    Parameters
    ----------
    parts : list of Span
        Where its parts lie in the medium, in order.
    speech : list of Span
        Where in the medium the voice detector heard someone speak.
    sounds : list of numpy.ndarray
        The samples of the parts.
    """

    parts: list[Span] = field(default_factory=list)
    speech: list[Span] = field(default_factory=list)
    sounds: list[NDArray[np.float32]] = field(default_factory=list)

    @property
    def length(self) -> int:
        """Number of samples."""
        return sum(end - start for start, end in self.parts)

    def samples(self) -> NDArray[np.float32]:
        """Return its samples, one part after the other."""
        import numpy as np

        return np.concatenate(self.sounds) if len(self.sounds) != 1 else self.sounds[0]

    def add(self, span: Span, samples: NDArray[np.float32], speech: Iterable[Span]) -> None:
        """Add a part behind the others."""
        if self.parts and self.parts[-1][1] == span[0]:
            self.parts[-1] = (self.parts[-1][0], span[1])
        else:
            self.parts.append(span)
        self.sounds.append(samples)
        self.speech.extend(speech)

    def in_medium(self, start: float, end: float) -> tuple[int, int]:
        """Turn times in the stretch into times in the medium.

        Both lie in the part in which their middle is, so that a word does not begin in the silence before it.

        Parameters
        ----------
        start, end : float
            Seconds from the beginning of the stretch.

        Returns
        -------
        tuple of int
            Milliseconds from the start of the medium.
        """
        ends = []
        length = 0
        for first, last in self.parts:
            length += last - first
            ends.append(length)
        middle = round((start + end) / 2 * RATE)
        part = min(bisect.bisect_right(ends, middle), len(ends) - 1)
        first, last = self.parts[part]
        moved = first - (ends[part] - (last - first))
        inside = [min(max(round(time * RATE) + moved, first), last) for time in (start, end)]
        return round(inside[0] * 1000 / RATE), round(inside[1] * 1000 / RATE)

    def speech_share(self, start_ms: int, end_ms: int) -> float:
        """Return the share of a time of the medium in which the voice detector heard someone speak."""
        length = max(1, end_ms - start_ms)
        heard = (min(end_ms, last * 1000 / RATE) - max(start_ms, first * 1000 / RATE) for first, last in self.speech)
        return min(1.0, sum(max(0.0, one) for one in heard) / length)


def find_speech(samples: NDArray[np.float32]) -> list[Span]:
    """Find where someone speaks, with the voice detector that comes with faster-whisper (Silero).

    Rests of less than 0.16 seconds do not end a place. No place is longer than 29.2 seconds: longer ones are divided
    where the voice rests for a moment, else in the middle of a word.

    Parameters
    ----------
    samples : numpy.ndarray
        The sound, 16,000 samples a second, one channel.

    Returns
    -------
    list of Span
        The places in order, in samples; they do not overlap.

    Raises
    ------
    UnavailableError
        Where faster-whisper is not installed.
    """
    try:
        from faster_whisper.vad import VadOptions, get_speech_timestamps
    except ImportError as error:
        raise UnavailableError(
            "The voice detector comes with faster-whisper, which is not installed.",
            "Get it with: pip install 'tidymedia[speech]'",
        ) from error
    options = VadOptions(
        max_speech_duration_s=STRETCH_S - 2 * _PADDING_S, min_silence_duration_ms=_MIN_SILENCE_MS, speech_pad_ms=0
    )
    found = get_speech_timestamps(samples, options)
    return [(int(one["start"]), int(one["end"])) for one in found if one["end"] > one["start"]]


def with_padding(speech: Sequence[Span], length: int) -> list[Span]:
    """Give each place with speech 0.4 seconds before and behind it, or half of what lies between it and the next one.

    Parameters
    ----------
    speech : sequence of Span
        The places in order.
    length : int
        Number of samples of the sound.

    Returns
    -------
    list of Span
        The longer places; they touch each other but do not overlap.
    """
    if not speech:
        return []
    padding = round(_PADDING_S * RATE)
    middles = [(before[1] + after[0]) // 2 for before, after in itertools.pairwise(speech)]
    firsts, lasts = [0, *middles], [*middles, length]
    return [
        (max(start - padding, first), min(end + padding, last))
        for (start, end), first, last in zip(speech, firsts, lasts, strict=True)
    ]


def stretches_of(
    blocks: Iterable[SoundBlock],
    *,
    window_s: float,
    only_speech: bool = True,
    tick: Callable[[], None] = lambda: None,
    detect: _Detector = find_speech,
) -> Iterator[Stretch]:
    """Cut sound into stretches of up to 30 seconds; not much more than a window of it is held at a time.

    A window ends in silence: what is being said at its end is left to the next one.

    Parameters
    ----------
    blocks : iterable of SoundBlock
        The sound, 16,000 samples a second, one channel.
    window_s : float
        Length of a window, in seconds.
    only_speech : bool, default True
        Whether to leave out where nobody speaks. Else all sound is in the stretches, cut in silences where there are
        some.
    tick : callable, optional
        Called as a sign of life.
    detect : callable, optional
        Finds where someone speaks.

    Yields
    ------
    Stretch
        The next stretch.
    """
    stretch = Stretch()
    for span, samples, speech in _pieces(blocks, round(window_s * RATE), only_speech, tick, detect):
        if stretch.parts and stretch.length + len(samples) > _LONGEST:
            yield stretch
            stretch = Stretch()
        stretch.add(span, samples, speech)
    if stretch.parts:
        yield stretch


def _pieces(
    blocks: Iterable[SoundBlock], window: int, only_speech: bool, tick: Callable[[], None], detect: _Detector
) -> Iterator[_Piece]:
    """Give one place with speech after the other, or all sound in pieces that end in silence."""
    import numpy as np

    held: list[NDArray[np.float32]] = []
    length, origin = 0, 0
    for block in blocks:
        held.append(block.samples[:, 0])
        length += len(block.samples)
        if length < window:
            continue
        sound = np.concatenate(held)
        tick()
        speech = detect(sound)
        kept = _end(with_padding(speech, length), length)
        yield from _cut(sound[:kept], [span for span in speech if span[1] <= kept], origin, only_speech)
        held, length, origin = [sound[kept:].copy()], length - kept, origin + kept
    if length:
        sound = np.concatenate(held)
        tick()
        yield from _cut(sound, detect(sound), origin, only_speech)


def _end(speech: list[Span], length: int) -> int:
    """Return where a window that others follow ends: before what may still go on."""
    edge = length - _MARGIN
    if not speech or speech[-1][1] <= edge:
        return max(edge, 1)
    return speech[-1][0] or length


def _cut(sound: NDArray[np.float32], speech: list[Span], origin: int, only_speech: bool) -> Iterator[_Piece]:
    for start, end in with_padding(speech, len(sound)) if only_speech else _tiles(speech, len(sound)):
        inside = [(max(one, start) + origin, min(other, end) + origin) for one, other in speech]
        heard = [span for span in inside if span[0] < span[1]]
        yield (start + origin, end + origin), sound[start:end].copy(), heard


def _tiles(speech: list[Span], length: int) -> Iterator[Span]:
    """Cut all sound in the middle of its silences, and what is longer than a stretch into equal pieces."""
    middles = [(before[1] + after[0]) // 2 for before, after in itertools.pairwise(speech)]
    for start, end in itertools.pairwise([0, *middles, length]):
        count = max(1, math.ceil((end - start) / _LONGEST))
        borders = [start + (end - start) * number // count for number in range(count + 1)]
        yield from itertools.pairwise(borders)
