"""A stretch of sound as Praat hears it: contours of pitch, intensity, harmonicity and formants, and glottal periods."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tidymedia.errors import ExtractionError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["PERTURBATIONS", "Contours", "VoiceSettings", "contours_of", "pitch_of"]

_SILENCE: Final = 0.03
_HARMONICITY_SILENCE: Final = 0.1
_HARMONICITY_STEP: Final = 0.01
_UNVOICED_HARMONICITY: Final = -200.0
_FORMANTS: Final = 5
_SYLLABLE_FLOOR: Final = 50.0  # de Jong & Wempe 2009
_PERIODS: Final = (0.0001, 0.02, 1.3)  # Praat's shortest and longest period, and their largest factor
_AMPLITUDE_FACTOR: Final = 1.6
_CLIPPED: Final = 0.9999  # all but the largest values of 16 bits

PERTURBATIONS: Final[Mapping[str, tuple[str, bool]]] = {
    "period": ("Get mean period", False),
    "jitter_absolute": ("Get jitter (local, absolute)", False),
    "jitter_rap": ("Get jitter (rap)", False),
    "jitter_ppq5": ("Get jitter (ppq5)", False),
    "shimmer_local": ("Get shimmer (local)", True),
    "shimmer_local_db": ("Get shimmer (local_dB)", True),
    "shimmer_apq3": ("Get shimmer (apq3)", True),
    "shimmer_apq5": ("Get shimmer (apq5)", True),
}
"""Praat's commands about glottal periods, and whether they look at the sound besides."""


@dataclass(frozen=True, slots=True)
class VoiceSettings:
    """How Praat measures.

    Parameters
    ----------
    pitch_floor, pitch_ceiling : float, default 75 and 500
        Between which frequencies pitch is looked for, in Hz.
    max_formant : float, default 5500
        Up to where five formants are looked for, in Hz.

    Examples
    --------
    >>> VoiceSettings().pitch_floor
    75.0
    """

    pitch_floor: float = 75.0
    pitch_ceiling: float = 500.0
    max_formant: float = 5500.0


@dataclass(frozen=True, slots=True)
class Contours:
    """What Praat finds in a stretch; times are seconds from the start of the stretch without its margin.

    Parameters
    ----------
    times, pitch : numpy.ndarray
        Middle of each frame, and its pitch in Hz; 0 where it is unvoiced.
    step : float
        From frame to frame of the pitch, in seconds.
    intensity : numpy.ndarray
        Intensity in dB; -300 where all samples are 0.
    harmonicity : numpy.ndarray
        Harmonics-to-noise ratio in dB, of voiced frames.
    formants : numpy.ndarray
        Frequencies of F1 to F3 in Hz in the voiced frames of the pitch, of shape (frames, 3); NaN where there is none.
    syllable_times, syllable_intensity, syllable_voiced : numpy.ndarray
        Intensity over longer windows, for syllables, and whether the middle of each frame is voiced.
    perturbations : mapping of str to float
        Jitter and shimmer by name, NaN where there are too few periods.
    periods : int
        How many glottal periods they come from.
    clipped, samples : int
        How many samples are as large as they can be, and how many there are.
    """

    times: NDArray[np.float64]
    pitch: NDArray[np.float64]
    step: float
    intensity: NDArray[np.float64]
    harmonicity: NDArray[np.float64]
    formants: NDArray[np.float64]
    syllable_times: NDArray[np.float64]
    syllable_intensity: NDArray[np.float64]
    syllable_voiced: NDArray[np.bool_]
    perturbations: Mapping[str, float]
    periods: int
    clipped: int
    samples: int


def contours_of(
    samples: NDArray[np.float64],
    rate: int,
    settings: VoiceSettings,
    *,
    before: int = 0,
    after: int = 0,
    peak: float | None = None,
) -> Contours:
    """Measure a stretch with Praat.

    What is too short for a measure has no values of it: Praat wants three periods of the pitch floor for pitch, and
    6.4 for intensity.

    Parameters
    ----------
    samples : numpy.ndarray
        One channel, -1 to 1.
    rate : int
        Samples a second.
    settings : VoiceSettings
        How to measure.
    before, after : int, default 0
        How many samples at its edges are heard without being counted.
    peak : float or None, default None
        How far the whole segment goes from its mean, where the stretch is a part of one: silence is relative to it.

    Returns
    -------
    Contours
        Of what lies between the margins.

    Raises
    ------
    ExtractionError
        Where Praat refuses for another reason than shortness.
    """
    import numpy as np
    import parselmouth

    inner = samples[before : len(samples) - after]
    start, end = before / rate, (len(samples) - after) / rate
    counted = {"clipped": int((np.abs(inner) >= _CLIPPED).sum()), "samples": len(inner)}
    empty: NDArray[np.float64] = np.empty(0)
    never: NDArray[np.bool_] = np.empty(0, bool)
    nothing = Contours(
        empty, empty, 1.0, empty, empty, np.empty((0, 3)), empty, empty, never, _no_perturbations(), 0, **counted
    )
    if not inner.any():
        steps = max(1, int((end - start) / (0.75 / settings.pitch_floor)))
        times = (np.arange(steps) + 0.5) * (end - start) / steps
        return _replaced(nothing, times=times, pitch=np.zeros(steps), step=(end - start) / steps)
    seconds = len(samples) / rate
    scale = _silence_scale(samples, peak)
    try:
        sound = parselmouth.Sound(samples, sampling_frequency=rate)
        made: dict[str, Any] = {}
        if seconds >= 6.4 / settings.pitch_floor:
            _, made["intensity"] = _intensity(sound, settings.pitch_floor, start, end)
        if seconds >= 6.4 / _SYLLABLE_FLOOR:
            when, made["syllable_intensity"] = _intensity(sound, _SYLLABLE_FLOOR, start, end)
            made |= {"syllable_times": when, "syllable_voiced": _is_voiced(sound, scale, when + start)}
        if seconds * settings.pitch_floor < 3:
            return _replaced(nothing, **made)
        pitch = _pitch(sound, settings, scale)
        times, frequency = pitch.xs(), pitch.selected_array["frequency"]
        kept = (times >= start) & (times < end)
        made |= {"times": times[kept] - start, "pitch": frequency[kept], "step": pitch.dx}
        voiced = times[kept & (frequency > 0)]
        if len(voiced):
            made["harmonicity"] = _harmonicity(sound, settings, scale, start, end)
            made["formants"] = _formants(sound, settings, voiced)
            made["perturbations"], made["periods"] = _perturbations(sound, pitch, start, end, whole=not before + after)
    except parselmouth.PraatError as error:
        raise ExtractionError(f"Praat cannot measure a stretch of {seconds:.3f} s: {str(error)[:300]}") from error
    return _replaced(nothing, **made)


def pitch_of(samples: NDArray[np.float64], rate: int, settings: VoiceSettings) -> NDArray[np.float32]:
    """Return the pitch of the voiced frames alone, in Hz; none where the stretch is too short or silent."""
    import numpy as np
    import parselmouth

    if len(samples) / rate * settings.pitch_floor < 3 or not samples.any():
        return np.empty(0, np.float32)
    pitch = _pitch(parselmouth.Sound(samples, sampling_frequency=rate), settings, 1.0)
    frequency = pitch.selected_array["frequency"]
    return frequency[frequency > 0].astype(np.float32)  # type: ignore[no-any-return]  # parselmouth has no types


def _replaced(contours: Contours, **values: Any) -> Contours:
    import dataclasses

    return dataclasses.replace(contours, **values)


def _silence_scale(samples: NDArray[np.float64], peak: float | None) -> float:
    """Return by how much the whole is louder than this part: thresholds of silence are relative to the whole."""
    if peak is None:
        return 1.0
    mean = samples.mean()
    here = max(float(samples.max() - mean), float(mean - samples.min()))
    return peak / here if here > 0 else 1.0


def _pitch(sound: Any, settings: VoiceSettings, scale: float) -> Any:
    return sound.to_pitch_ac(
        pitch_floor=settings.pitch_floor, pitch_ceiling=settings.pitch_ceiling, silence_threshold=_SILENCE * scale
    )


def _intensity(sound: Any, floor: float, start: float, end: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    found = sound.to_intensity(minimum_pitch=floor)
    times, values = found.xs(), found.values[0]
    kept = (times >= start) & (times < end)
    return times[kept] - start, values[kept]


def _is_voiced(sound: Any, scale: float, times: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Say where a pitch is found by the settings of de Jong and Wempe, which find one more easily."""
    import numpy as np

    found = sound.to_pitch_ac(
        time_step=0.02,
        pitch_floor=30.0,
        max_number_of_candidates=4,
        silence_threshold=_SILENCE * scale,
        voicing_threshold=0.25,
        octave_cost=0.01,
        octave_jump_cost=0.35,
        voiced_unvoiced_cost=0.25,
        pitch_ceiling=450.0,
    )
    voiced = found.selected_array["frequency"] > 0
    nearest = np.clip(np.round((times - found.x1) / found.dx).astype(int), 0, len(voiced) - 1)
    return voiced[nearest]  # type: ignore[no-any-return]  # parselmouth has no types


def _harmonicity(sound: Any, settings: VoiceSettings, scale: float, start: float, end: float) -> NDArray[np.float64]:
    found = sound.to_harmonicity_cc(
        time_step=_HARMONICITY_STEP,
        minimum_pitch=settings.pitch_floor,
        silence_threshold=_HARMONICITY_SILENCE * scale,
        periods_per_window=1.0,
    )
    times, values = found.xs(), found.values[0]
    inside: NDArray[np.float64] = values[(times >= start) & (times < end) & (values > _UNVOICED_HARMONICITY)]
    return inside


def _formants(sound: Any, settings: VoiceSettings, times: NDArray[np.float64]) -> NDArray[np.float64]:
    """Find formants up to the ceiling, or up to half the rate with as many fewer."""
    import numpy as np

    nyquist = sound.sampling_frequency / 2
    ceiling, number = settings.max_formant, float(_FORMANTS)
    if ceiling > nyquist:
        number = float(math.ceil(_FORMANTS * nyquist / ceiling))
        ceiling = nyquist
    found = sound.to_formant_burg(max_number_of_formants=number, maximum_formant=ceiling)
    values = np.full((len(times), 3), np.nan)
    for formant in range(min(3, int(number))):
        values[:, formant] = [found.get_value_at_time(formant + 1, time) for time in times]
    return values


def _perturbations(sound: Any, pitch: Any, start: float, end: float, *, whole: bool) -> tuple[Mapping[str, float], int]:
    from parselmouth.praat import call

    period_marks = call([sound, pitch], "To PointProcess (cc)")
    between = (0.0, 0.0) if whole else (start, end)
    values = {
        name: float(
            call([sound, period_marks], command, *between, *_PERIODS, _AMPLITUDE_FACTOR)
            if with_sound
            else call(period_marks, command, *between, *_PERIODS)
        )
        for name, (command, with_sound) in PERTURBATIONS.items()
    }
    return values, int(call(period_marks, "Get number of periods", *between, *_PERIODS))


def _no_perturbations() -> Mapping[str, float]:
    return dict.fromkeys(PERTURBATIONS, float("nan"))
