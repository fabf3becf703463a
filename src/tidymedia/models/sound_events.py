"""Speech, singing and music in every hundredth of a second, by a network with memory for 1.5 seconds to both sides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from tidymedia.models.bundled import BUNDLED
from tidymedia.models.filter_bank import BANDS, FRAME, STEP, filter_bank
from tidymedia.models.sessions import load_network

if TYPE_CHECKING:
    from tidymedia.models.sessions import Network

__all__ = ["EVENTS", "MODEL", "SoundEvents"]

MODEL = BUNDLED["firered_aed"]
"""The network: a deep feed-forward sequential memory network (DFSMN)."""

EVENTS: Final = ("speech", "singing", "music")
"""What its scores are about."""

# Eight memory blocks look 19 frames back and 20 ahead each: what is further away changes nothing.
_BEFORE = 8 * 19
_AFTER = 8 * 20

_FRAMES_AT_ONCE = 3000


class SoundEvents:
    """Scores a sound that comes piece by piece; the scores are those of the whole sound at once.

    Parameters
    ----------
    network : Network or None, default None
        The network, loaded; None loads it.

    Examples
    --------
    >>> events = SoundEvents()
    >>> events.hear(np.zeros(8_000, np.float32)).shape
    (0, 3)
    >>> events.finish().shape
    (50, 3)
    """

    def __init__(self, network: Network | None = None) -> None:
        self._network = network or load_network(MODEL)
        self._samples = np.empty(0, np.float32)  # those of frames that are not there yet
        self._bands = np.empty((0, BANDS), np.float32)  # frames that are still looked at
        self._first = 0  # number of the first of them
        self._scored = 0
        self._heard = 0

    def hear(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """Take the next samples.

        Parameters
        ----------
        samples : numpy.ndarray
            One channel at 16,000 samples a second, float32, -1 to 1.

        Returns
        -------
        numpy.ndarray
            Array of shape (frames, 3), float32: scores of speech, singing and music in the frames that can be scored
            by now, 10 ms each, after those that were given before.
        """
        self._heard += len(samples)
        held = np.concatenate([self._samples, samples])
        made = [np.empty((0, len(EVENTS)), np.float32)]
        # Features and scores are made in stretches of one length, so that no number depends on the pieces.
        while len(held) >= (_FRAMES_AT_ONCE - 1) * STEP + FRAME:
            self._add(held[: (_FRAMES_AT_ONCE - 1) * STEP + FRAME])
            held = held[_FRAMES_AT_ONCE * STEP :]
            while self._first + len(self._bands) >= self._scored + _FRAMES_AT_ONCE + _AFTER:
                made.append(self._score(self._scored + _FRAMES_AT_ONCE))
        self._samples = held
        return np.concatenate(made)

    def finish(self) -> NDArray[np.float32]:
        """Say that the sound is over.

        Returns
        -------
        numpy.ndarray
            Scores of the frames that are left. In all there is one for each 10 ms that have begun.
        """
        if self._heard == 0:
            return np.empty((0, len(EVENTS)), np.float32)
        if self._first == 0 and not len(self._bands) and len(self._samples) < FRAME:
            self._samples = np.pad(self._samples, (0, FRAME - len(self._samples)))
        self._add(self._samples)
        made = [np.empty((0, len(EVENTS)), np.float32)]
        end = self._first + len(self._bands)
        while self._scored < end:
            made.append(self._score(min(self._scored + _FRAMES_AT_ONCE, end)))
        # The last frames begin less than 25 ms before the end: they get the score of the last one that is whole.
        missing = -(-self._heard // STEP) - end
        made.append(np.repeat(made[-1][-1:], missing, 0))
        return np.concatenate(made)

    def _add(self, samples: NDArray[np.float32]) -> None:
        self._bands = np.concatenate([self._bands, filter_bank(samples)])

    def _score(self, stop: int) -> NDArray[np.float32]:
        """Score the frames up to a number, and forget what is too far back."""
        start = max(0, self._scored - _BEFORE)
        looked_at = self._bands[start - self._first : stop + _AFTER - self._first]
        scores = self._network.run(looked_at[None], "scores")["scores"][0]
        made: NDArray[np.float32] = scores[self._scored - start : stop - start]
        self._scored = stop
        kept = max(0, stop - _BEFORE)
        self._bands, self._first = self._bands[kept - self._first :], kept
        return made
