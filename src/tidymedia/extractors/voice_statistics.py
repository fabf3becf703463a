"""From the contours of a segment to its measures: frames of all its stretches together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tidymedia.extractors.voice_contours import PERTURBATIONS, Contours
from tidymedia.extractors.voice_syllables import count_syllables

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["measures_of"]

_DIGITS = 6
_NO_SOUND = -200.0  # Praat gives -300 dB where all samples are 0


def measures_of(contours: Sequence[Contours], rate: int) -> dict[str, float | int | None]:
    """Measure a segment from the contours of its stretches.

    Frames of all stretches count alike, as if they had been measured at once. Jitter and shimmer are means over the
    stretches, weighted by their numbers of glottal periods.

    Parameters
    ----------
    contours : sequence of Contours
        Of its stretches, in their order.
    rate : int
        Samples a second.

    Returns
    -------
    dict of str to float, int or None
        Measures by column; None where there is none.
    """
    import numpy as np

    ends = np.cumsum([one.samples for one in contours]) / rate
    seconds = float(ends[-1])
    starts = [0.0, *ends[:-1]]
    times = np.concatenate([one.times + start for one, start in zip(contours, starts, strict=True)])
    pitch = np.concatenate([one.pitch for one in contours])
    syllables = count_syllables(
        np.concatenate([one.syllable_intensity for one in contours]),
        np.concatenate([one.syllable_voiced for one in contours]),
    )
    measured: dict[str, float | int | None] = {
        "voiced_share": float((pitch > 0).mean()) if len(pitch) else None,
        **_of_pitch(times, pitch, contours[0].step),
        **_of_intensity(np.concatenate([one.intensity for one in contours])),
        **_of_periods(contours),
        "harmonics_to_noise": _mean(np.concatenate([one.harmonicity for one in contours])),
    }
    for number in range(3):
        values = np.concatenate([one.formants[:, number] for one in contours])
        measured[f"formant_{number + 1}"] = _mean(values[~np.isnan(values)])
    measured["syllables_per_second"] = syllables / seconds if len(pitch) else None
    measured["clipped_share"] = sum(one.clipped for one in contours) / sum(one.samples for one in contours)
    rounded = {name: _rounded(value) for name, value in measured.items()}
    return {**rounded, "syllables": syllables if len(pitch) else None}


def _of_pitch(times: NDArray[np.float64], pitch: NDArray[np.float64], step: float) -> dict[str, float | int | None]:
    import numpy as np

    voiced = pitch > 0
    heard, when = pitch[voiced], times[voiced]
    if not len(heard):
        return dict.fromkeys(_PITCH)
    semitones = 12 * np.log2(heard / 100)
    low, high = np.quantile(heard, [0.05, 0.95], method="hazen")
    several = len(heard) > 1
    span = when[-1] - when[0]
    return {
        "pitch_mean": heard.mean(),
        "pitch_median": np.median(heard),
        "pitch_sd": heard.std(ddof=1) if several else None,
        "pitch_min": heard.min(),
        "pitch_max": heard.max(),
        "pitch_range": high - low,
        "pitch_mean_semitones": semitones.mean(),
        "pitch_sd_semitones": semitones.std(ddof=1) if several else None,
        "pitch_range_semitones": 12 * math.log2(high / low),
        "pitch_slope": _slope(when, heard) if several else None,
        "pitch_slope_semitones": _slope(when, semitones) if several else None,
        "pitch_movement": float(np.abs(np.diff(semitones)).sum()) / max(span, step) if several else None,
    }


_PITCH = (
    "pitch_mean",
    "pitch_median",
    "pitch_sd",
    "pitch_min",
    "pitch_max",
    "pitch_range",
    "pitch_mean_semitones",
    "pitch_sd_semitones",
    "pitch_range_semitones",
    "pitch_slope",
    "pitch_slope_semitones",
    "pitch_movement",
)


def _slope(times: NDArray[np.float64], values: NDArray[np.float64]) -> float:
    """Return the slope of the line of least squares."""
    apart = times - times.mean()
    return float((apart * (values - values.mean())).sum() / (apart * apart).sum())


def _of_intensity(intensity: NDArray[np.float64]) -> dict[str, float | int | None]:
    import numpy as np

    heard = intensity[intensity > _NO_SOUND]
    if not len(heard):
        return {"intensity_mean": None, "intensity_sd": None, "intensity_range": None}
    low, high = np.quantile(heard, [0.05, 0.95], method="hazen")
    return {
        "intensity_mean": 10 * math.log10(float((10 ** (intensity / 10)).mean())),
        "intensity_sd": heard.std(ddof=1) if len(heard) > 1 else None,
        "intensity_range": high - low,
    }


def _of_periods(contours: Sequence[Contours]) -> dict[str, float | int | None]:
    pooled: dict[str, float | None] = {}
    for name in PERTURBATIONS:
        told = [
            (one.perturbations[name], one.periods)
            for one in contours
            if one.periods and not math.isnan(one.perturbations[name])
        ]
        weight = sum(periods for _, periods in told)
        pooled[name] = sum(value * periods for value, periods in told) / weight if weight else None
    absolute, period = pooled.pop("jitter_absolute"), pooled.pop("period")
    return {"jitter_local": absolute / period if absolute is not None and period else None, **pooled}


def _mean(values: NDArray[np.float64]) -> float | None:
    return float(values.mean()) if len(values) else None


def _rounded(value: float | int | None) -> float | None:
    return None if value is None or not math.isfinite(value) else round(float(value), _DIGITS)
