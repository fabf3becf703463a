"""From scores of every hundredth of a second to stretches of speech, music, silence and other sound."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from tidymedia.models.speech_detection import SoundScores

__all__ = ["KINDS", "SegmentRules", "SoundKind", "SoundSegment", "segments_of"]

SoundKind = Literal["speech", "music", "silence", "other"]
"""What a stretch of sound is."""

KINDS: Final[tuple[SoundKind, ...]] = ("speech", "music", "silence", "other")
"""The kinds, as they are numbered here."""

_SPEECH, _MUSIC, _SILENCE, _OTHER = range(4)

# Scores are averaged over this long before they are compared with a threshold.
_SPEECH_SMOOTHING_MS = 110
_MUSIC_SMOOTHING_MS = 1010
_LEVEL_SMOOTHING_MS = 110

# Soft music is music, down to so many decibels below the level of silence.
_FAINT_MUSIC = 20

_SAMPLES_PER_MS = 16


@dataclass(frozen=True, slots=True)
class SegmentRules:
    """When a stretch counts as what.

    Parameters
    ----------
    min_speech_score, min_music_score : float
        Smallest smoothed score of speech and of music, 0 to 1.
    silence_level : float
        What is neither speech nor music and below this level is silence, in decibels below full scale; so is music
        that is fainter by another 20 decibels.
    min_speech_ms : int
        Shorter stretches do not count as speech.
    min_pause_ms : int
        Shorter pauses are part of the speech around them.
    padding_ms : int
        By how much speech is made longer at both ends.
    min_other_ms : int
        Shorter stretches of music, silence and other sound go into what comes before them, if that is no speech.
    """

    min_speech_score: float
    min_music_score: float
    silence_level: float
    min_speech_ms: int
    min_pause_ms: int
    padding_ms: int
    min_other_ms: int


@dataclass(frozen=True, slots=True)
class SoundSegment:
    """A stretch of sound of one kind.

    Parameters
    ----------
    start_ms, end_ms : int
        Where it begins, and the first millisecond after it.
    kind : {"speech", "music", "silence", "other"}
        What it is.
    speech_score, singing_score, music_score : float
        Mean scores, 0 to 1.
    level : float
        Its root mean square in decibels below full scale.
    """

    start_ms: int
    end_ms: int
    kind: SoundKind
    speech_score: float
    singing_score: float
    music_score: float
    level: float


def segments_of(scores: SoundScores, rules: SegmentRules) -> Iterator[SoundSegment]:
    """Divide a sound into segments that cover it without gaps and without overlaps.

    Parameters
    ----------
    scores : SoundScores
        Its scores.
    rules : SegmentRules
        When a stretch counts as what.

    Yields
    ------
    SoundSegment
        The segments in order. No two neighbours are of one kind. None where there is no sound.
    """
    import numpy as np

    kinds = _kinds(scores, rules)
    if not len(kinds):
        return
    power = np.power(10.0, scores.level.astype(np.float64) / 10)
    end_ms = max(1, round(scores.samples / _SAMPLES_PER_MS))
    changes = np.flatnonzero(np.diff(kinds)) + 1
    starts, stops = [0, *changes.tolist()], [*changes.tolist(), len(kinds)]
    for start, stop in zip(starts, stops, strict=True):
        last = min(stop * 10, end_ms) if stop < len(kinds) else end_ms
        if start * 10 >= last:
            continue
        yield SoundSegment(
            start * 10,
            last,
            KINDS[int(kinds[start])],
            float(np.mean(scores.speech[start:stop], dtype=np.float64)),
            float(np.mean(scores.singing[start:stop], dtype=np.float64)),
            float(np.mean(scores.music[start:stop], dtype=np.float64)),
            10 * float(np.log10(np.mean(power[start:stop]))),
        )


def _kinds(scores: SoundScores, rules: SegmentRules) -> NDArray[np.int8]:
    """Return the kind of each frame, as a number."""
    import numpy as np

    speech = _smoothed(scores.speech, _SPEECH_SMOOTHING_MS) >= rules.min_speech_score
    speech = _closed(speech, rules.min_pause_ms)
    speech = ~_closed(~speech, rules.min_speech_ms, ends=True)
    speech = _closed(_widened(speech, rules.padding_ms), rules.min_pause_ms) if rules.padding_ms else speech
    power = _smoothed(np.power(10.0, scores.level.astype(np.float64) / 10), _LEVEL_SMOOTHING_MS)
    silent = power < 10 ** (rules.silence_level / 10)
    musical = _smoothed(np.maximum(scores.singing, scores.music), _MUSIC_SMOOTHING_MS) >= rules.min_music_score
    musical &= power >= 10 ** ((rules.silence_level - _FAINT_MUSIC) / 10)
    kinds = np.where(speech, _SPEECH, np.where(musical, _MUSIC, np.where(silent, _SILENCE, _OTHER))).astype(np.int8)
    return _without_short(kinds, rules.min_other_ms)


def _smoothed(values: NDArray[np.floating], over_ms: int) -> NDArray[np.float64]:
    """Average over a time; at the ends, over what is there of it."""
    import numpy as np

    half = over_ms // 20
    sums = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
    places = np.arange(len(values))
    low, high = np.maximum(places - half, 0), np.minimum(places + half + 1, len(values))
    return np.asarray((sums[high] - sums[low]) / (high - low), np.float64)


def _closed(true: NDArray[np.bool_], shorter_than_ms: int, *, ends: bool = False) -> NDArray[np.bool_]:
    """Fill false stretches that are too short; those at the two ends only on request."""
    import numpy as np

    closed = true.copy()
    edges = np.flatnonzero(np.diff(np.concatenate([[True], true, [True]]))).reshape(-1, 2)
    for start, stop in edges[(edges[:, 1] - edges[:, 0]) * 10 < shorter_than_ms].tolist():
        if ends or (start > 0 and stop < len(true)):
            closed[start:stop] = True
    return closed


def _widened(true: NDArray[np.bool_], by_ms: int) -> NDArray[np.bool_]:
    import numpy as np

    widened, by = true.copy(), by_ms // 10
    edges = np.flatnonzero(np.diff(np.concatenate([[False], true, [False]]))).reshape(-1, 2)
    for start, stop in edges.tolist():
        widened[max(0, start - by) : stop + by] = True
    return widened


def _without_short(kinds: NDArray[np.int8], shorter_than_ms: int) -> NDArray[np.int8]:
    """Give short stretches that are no speech to the stretch before them, or, after speech, to the one behind them."""
    import numpy as np

    made = kinds.copy()
    edges = [0, *(np.flatnonzero(np.diff(kinds)) + 1).tolist(), len(kinds)]
    runs = [(start, stop, int(kinds[start])) for start, stop in itertools.pairwise(edges) if start < stop]
    kept: list[tuple[int, int, int]] = []
    for start, stop, kind in runs:
        before = kept[-1][2] if kept else _SPEECH
        short = kind != _SPEECH and (stop - start) * 10 < shorter_than_ms
        if kept and kind != _SPEECH and (before == kind or (short and before != _SPEECH)):
            kept[-1] = (kept[-1][0], stop, before)
        elif kept and before != _SPEECH and kind != _SPEECH and (kept[-1][1] - kept[-1][0]) * 10 < shorter_than_ms:
            kept[-1] = (kept[-1][0], stop, kind)
        else:
            kept.append((start, stop, kind))
    for start, stop, kind in kept:
        made[start:stop] = kind
    return made
