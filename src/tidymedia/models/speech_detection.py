"""How much a sound is speech, singing or music, and how loud it is, for every hundredth of a second."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tidymedia.models import sound_events, voice_activity
from tidymedia.models.filter_bank import STEP
from tidymedia.models.sound_events import EVENTS, SoundEvents
from tidymedia.models.voice_activity import WINDOW, VoiceActivity

__all__ = ["FRAME_MS", "MODELS", "SoundScores", "SpeechDetector"]

MODELS: Final = (sound_events.MODEL, voice_activity.MODEL)
"""The networks that take part."""

FRAME_MS: Final = 10
"""Length of a frame, in milliseconds."""

_SURE = 1e-4
"""A network alone cannot be surer than this, so that the other one has a say."""

_FAINTEST = 1e-12
"""Mean square of what counts as no sound: -120 dBFS."""


@dataclass(frozen=True, slots=True)
class SoundScores:
    """Scores and level of a sound, one number for each 10 ms that have begun, all float32.

    Parameters
    ----------
    speech, singing, music : numpy.ndarray
        Probabilities, 0 to 1, each by itself.
    level : numpy.ndarray
        Root mean square in decibels below full scale, -120 to 0.
    samples : int
        How many samples the sound has, at 16,000 a second.
    """

    speech: NDArray[np.float32]
    singing: NDArray[np.float32]
    music: NDArray[np.float32]
    level: NDArray[np.float32]
    samples: int


class SpeechDetector:
    """Scores a sound that comes piece by piece. The pieces make no difference.

    Two networks are heard, and for speech the odds that they give are multiplied (as their geometric mean): one is
    less often deceived by music, the other one misses less under noise and over the telephone. Kept in memory are 16
    bytes for each 10 ms: 6 MB an hour.

    Examples
    --------
    >>> detector = SpeechDetector()
    >>> detector.hear(np.zeros(16_000, np.float32))
    >>> scores = detector.finish()
    >>> len(scores.speech), float(scores.level.max())
    (100, -120.0)
    """

    def __init__(self) -> None:
        self._events, self._voice = SoundEvents(), VoiceActivity()
        self._made_events: list[NDArray[np.float32]] = []
        self._made_voice: list[NDArray[np.float32]] = []
        self._levels: list[NDArray[np.float32]] = []
        self._left = np.empty(0, np.float32)  # samples of a frame that is not whole yet
        self._heard = 0

    def hear(self, samples: NDArray[np.float32]) -> None:
        """Take the next samples.

        Parameters
        ----------
        samples : numpy.ndarray
            One channel at 16,000 samples a second, float32, -1 to 1.
        """
        self._heard += len(samples)
        self._made_events.append(self._events.hear(samples))
        self._made_voice.append(self._voice.hear(samples))
        held = np.concatenate([self._left, samples])
        whole = len(held) // STEP * STEP
        self._levels.append(_levels(held[:whole].reshape(-1, STEP)))
        self._left = held[whole:]

    def finish(self) -> SoundScores:
        """Say that the sound is over.

        Returns
        -------
        SoundScores
            Its scores.
        """
        self._made_events.append(self._events.finish())
        self._made_voice.append(self._voice.finish())
        if len(self._left):
            self._levels.append(_levels(self._left[None]))
        speech, singing, music = np.concatenate([np.empty((0, len(EVENTS)), np.float32), *self._made_events]).T
        voice = np.concatenate([np.empty(0, np.float32), *self._made_voice])
        middles = np.arange(len(speech)) * STEP + STEP // 2
        voice = voice[np.minimum(middles // WINDOW, len(voice) - 1)] if len(voice) else voice
        level = np.concatenate([np.empty(0, np.float32), *self._levels])
        return SoundScores(_agreed(speech, voice), singing.copy(), music.copy(), level, self._heard)


def _agreed(one: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the probability whose odds are the geometric mean of the odds of two."""
    odds = np.float32(1)
    for scores in (one, other):
        bounded = np.clip(scores, _SURE, 1 - _SURE)
        odds = odds * np.sqrt(bounded / (1 - bounded))
    return np.asarray(odds / (1 + odds), np.float32)


def _levels(frames: NDArray[np.float32]) -> NDArray[np.float32]:
    power = np.mean(np.square(frames, dtype=np.float64), 1)
    return np.asarray(10 * np.log10(np.maximum(power, _FAINTEST)), np.float32)
