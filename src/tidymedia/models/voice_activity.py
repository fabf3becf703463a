"""Speech in windows of 32 milliseconds, by a recurrent network that hears them one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from tidymedia.models.bundled import BUNDLED
from tidymedia.models.sessions import load_network

if TYPE_CHECKING:
    from tidymedia.models.sessions import Network

__all__ = ["MODEL", "WINDOW", "VoiceActivity"]

MODEL = BUNDLED["silero_vad"]
"""The network."""

WINDOW: Final = 512
"""Samples of a window: 32 ms."""

_CONTEXT = 64
_WINDOWS_AT_ONCE = 512


class VoiceActivity:
    """Scores a sound that comes piece by piece; the scores are those of the whole sound at once.

    Parameters
    ----------
    network : Network or None, default None
        The network, loaded; None loads it.

    Examples
    --------
    >>> voice = VoiceActivity()
    >>> voice.hear(np.zeros(8_000, np.float32)).shape, voice.finish().shape
    ((0,), (16,))
    """

    def __init__(self, network: Network | None = None) -> None:
        self._network = network or load_network(MODEL)
        self._samples = np.zeros(_CONTEXT, np.float32)  # the last ones of the window before, then those not heard yet
        self._hidden = np.zeros((1, 1, 128), np.float32)
        self._cell = np.zeros((1, 1, 128), np.float32)

    def hear(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """Take the next samples.

        Parameters
        ----------
        samples : numpy.ndarray
            One channel at 16,000 samples a second, float32, -1 to 1.

        Returns
        -------
        numpy.ndarray
            Scores of speech in the windows that can be scored by now, float32, after those that were given before.
        """
        held = np.concatenate([self._samples, samples])
        made = [np.empty(0, np.float32)]
        # Always the same number of windows at once, so that no number depends on the pieces.
        while len(held) >= _CONTEXT + _WINDOWS_AT_ONCE * WINDOW:
            made.append(self._score(held, _WINDOWS_AT_ONCE))
            held = held[_WINDOWS_AT_ONCE * WINDOW :]
        self._samples = held
        return np.concatenate(made)

    def finish(self) -> NDArray[np.float32]:
        """Say that the sound is over; silence fills up the last window.

        Returns
        -------
        numpy.ndarray
            Scores of the windows that are left.
        """
        count = -(-(len(self._samples) - _CONTEXT) // WINDOW)
        if count == 0:
            return np.empty(0, np.float32)
        padding = count * WINDOW - (len(self._samples) - _CONTEXT)
        return self._score(np.pad(self._samples, (0, padding)), count)

    def _score(self, samples: NDArray[np.float32], count: int) -> NDArray[np.float32]:
        heard = samples[: _CONTEXT + count * WINDOW]
        windows = np.ascontiguousarray(np.lib.stride_tricks.sliding_window_view(heard, _CONTEXT + WINDOW)[::WINDOW])
        made = self._network.run(windows, others={"hidden": self._hidden, "cell": self._cell})
        self._hidden, self._cell = made["next_hidden"], made["next_cell"]
        return made["scores"]
