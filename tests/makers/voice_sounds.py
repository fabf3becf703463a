"""Voices made from formulas: what is measured in them is known."""

from __future__ import annotations

from typing import Any

import numpy as np

RATE = 44_100


def voice(
    seconds: float,
    pitch: float = 120.0,
    *,
    rate: int = RATE,
    jitter: float = 0.0,
    shimmer: float = 0.0,
    noise_db: float | None = None,
    formants: tuple[tuple[float, float], ...] = ((500, 60), (1500, 90), (2500, 120)),
    loudness: float = 0.3,
) -> Any:
    """Return glottal pulses through resonances, as float64 samples.

    Periods become longer and shorter in turn, so that the difference of two in a row is ``jitter`` of their mean;
    amplitudes likewise. ``noise_db`` is how far white noise lies below the voice.
    """
    samples = np.zeros(round(seconds * rate))
    when, turn = 0.01, 1
    while when < seconds - 0.001:
        position = when * rate
        first = int(position)
        strength = 1 + turn * shimmer / 2
        for offset in range(-16, 18):  # a pulse between two samples: a windowed sinc
            at = first + offset
            if 0 <= at < len(samples):
                away = at - position
                samples[at] += strength * np.sinc(away) * (0.5 + 0.5 * np.cos(np.pi * away / 18))
        when += (1 + turn * jitter / 2) / pitch
        turn = -turn
    samples = _tilted(samples, rate)
    for frequency, bandwidth in formants:
        samples = _resonance(samples, frequency, bandwidth, rate)
    samples *= loudness / np.abs(samples).max()
    if noise_db is not None:
        power = samples.var() / 10 ** (noise_db / 10)
        samples = samples + np.random.default_rng(1).normal(0, np.sqrt(power), len(samples))
    return samples


def tone(seconds: float, frequency: float, *, rate: int = RATE, loudness: float = 0.5) -> Any:
    """Return a sine."""
    return loudness * np.sin(2 * np.pi * frequency * np.arange(round(seconds * rate)) / rate)


def glide(seconds: float, start: float, end: float, *, rate: int = RATE) -> Any:
    """Return a sine whose frequency goes from one to another in a straight line."""
    times = np.arange(round(seconds * rate)) / rate
    return 0.5 * np.sin(2 * np.pi * (start * times + (end - start) * times**2 / (2 * seconds)))


def noise(seconds: float, *, rate: int = RATE, loudness: float = 0.1) -> Any:
    """Return white noise."""
    return np.random.default_rng(0).normal(0, loudness, round(seconds * rate))


def syllables(count: int, a_second: float, *, rate: int = RATE) -> Any:
    """Return a voice that swells and fades so many times, after and before a little silence."""
    spoken = voice(count / a_second, 150, rate=rate)
    swell = np.sin(np.pi * a_second * np.arange(len(spoken)) / rate) ** 2
    quiet = np.random.default_rng(2).normal(0, 1e-4, rate // 4)
    return np.concatenate([quiet, spoken * (0.01 + swell), quiet])


def _resonance(samples: Any, frequency: float, bandwidth: float, rate: int) -> Any:
    """Filter by a pole pair, as an impulse response: no package for filters is needed."""
    radius = np.exp(-np.pi * bandwidth / rate)
    angle = 2 * np.pi * frequency / rate
    steps = np.arange(round(7 * rate / (np.pi * bandwidth)))
    return _filtered(samples, radius**steps * np.sin((steps + 1) * angle) / np.sin(angle))


def _tilted(samples: Any, rate: int) -> Any:
    """Let the spectrum fall by 6 decibels an octave from 50 Hz on, as that of a voice at the lips does."""
    return _filtered(samples, np.exp(-2 * np.pi * 50 / rate * np.arange(round(7 * rate / (2 * np.pi * 50)))))


def _filtered(samples: Any, response: Any) -> Any:
    size = 1 << (len(samples) + len(response) - 1).bit_length()
    return np.fft.irfft(np.fft.rfft(samples, size) * np.fft.rfft(response, size), size)[: len(samples)]
