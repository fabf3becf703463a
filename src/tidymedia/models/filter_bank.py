"""The energy of a sound in bands of the mel scale, as speech networks hear it."""

from __future__ import annotations

import functools
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["BANDS", "FRAME", "RATE", "STEP", "filter_bank"]

RATE: Final = 16_000
"""Samples a second that are needed."""
FRAME: Final = 400
"""Samples of a frame: 25 ms."""
STEP: Final = 160
"""Samples from frame to frame: 10 ms."""
BANDS: Final = 80
"""Number of bands."""

_FFT = 512
_LOWEST = 20.0
_EMPHASIS = 0.97
_FULL_SCALE = 32_768.0
_LEAST = 1e-20
_FRAMES_AT_ONCE = 1000


def filter_bank(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the logarithm of the energy in 80 bands from 20 to 8,000 Hz, for frames of 25 ms every 10 ms.

    The features of Kaldi (``compute-fbank-feats``) without dither: mean taken off each frame, pre-emphasis of 0.97,
    Povey window, power spectrum, triangles on the mel scale.

    Parameters
    ----------
    samples : numpy.ndarray
        One channel at 16,000 samples a second, float32, -1 to 1.

    Returns
    -------
    numpy.ndarray
        Array of shape (frames, 80), float32; only frames that fit in whole.

    Notes
    -----
    Source: Povey, D., et al. (2011). The Kaldi speech recognition toolkit. ASRU 2011.

    Examples
    --------
    >>> filter_bank(np.zeros(16_000, np.float32)).shape
    (98, 80)
    """
    count = max(0, 1 + (len(samples) - FRAME) // STEP)
    made = np.empty((count, BANDS), np.float32)
    for start in range(0, count, _FRAMES_AT_ONCE):
        stop = min(start + _FRAMES_AT_ONCE, count)
        stretch = samples[start * STEP : (stop - 1) * STEP + FRAME].astype(np.float64) * _FULL_SCALE
        frames = np.lib.stride_tricks.sliding_window_view(stretch, FRAME)[::STEP]
        frames = frames - frames.mean(1, keepdims=True)
        frames[:, 1:] -= _EMPHASIS * frames[:, :-1]  # the window is 0 at the first sample
        spectrum = np.fft.rfft(frames * _window(), _FFT)[:, : _FFT // 2]
        power = spectrum.real**2 + spectrum.imag**2
        made[start:stop] = np.log(np.maximum(power @ _triangles().T, _LEAST))
    return made


@functools.cache
def _window() -> NDArray[np.float64]:
    turns = 2 * np.pi * np.arange(FRAME) / (FRAME - 1)
    return np.asarray((0.5 - 0.5 * np.cos(turns)) ** 0.85, np.float64)


@functools.cache
def _triangles() -> NDArray[np.float64]:
    edges = np.linspace(_mel(np.array(_LOWEST)), _mel(np.array(RATE / 2)), BANDS + 2)
    bins = _mel(np.arange(_FFT // 2) * RATE / _FFT)
    left, middle, right = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    rising, falling = (bins - left) / (middle - left), (right - bins) / (right - middle)
    return np.asarray(np.maximum(0, np.minimum(rising, falling)), np.float64)


def _mel(frequencies: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1127 * np.log1p(frequencies / 700), np.float64)
