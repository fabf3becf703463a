"""The table ``voice``: how a segment of a sound sounds, as Praat measures it."""

from __future__ import annotations

from typing import Final

from tidymedia.tables import Column, Summary, Table

__all__ = ["MEASURES", "VOICE"]

_SHORT: Final = "the segment is shorter than min_ms"
_UNVOICED: Final = f"no frame is voiced, or {_SHORT}"
_FEW: Final = f"fewer than two frames are voiced, or {_SHORT}"
_PERIODS: Final = f"there are too few glottal periods in a row, or {_SHORT}"
_SILENT: Final = f"all of it is digital silence, or {_SHORT} or than 6.4 periods of the pitch floor"
_ROBUST: Final = (
    "between the 5th and the 95th percentile of its voiced frames, so that single octave errors do not count"
)


def _pitch(name: str, meaning: str, unit: str = "Hz", missing: str = _UNVOICED, limits: str = "") -> Column:
    return Column(name, "number", meaning, unit=unit, range=limits, missing=missing)


def _periods(name: str, meaning: str, unit: str = "") -> Column:
    return Column(name, "number", meaning, unit=unit, range="0 and more", missing=_PERIODS)


def _formant(number: int, what: str) -> Column:
    return Column(
        f"formant_{number}",
        "number",
        f"Formant F{number}, mean over the voiced frames (Burg, five formants up to max_formant): {what}. Noise, music "
        "and high voices give wrong formants.",
        unit="Hz",
        range="above 0",
        missing=f"{_UNVOICED}, or the sampling rate is too low for it",
    )


MEASURES: Final = (
    Column(
        "voiced_share",
        "number",
        "Share of the frames that are voiced: the vocal folds vibrate, or something else that has a pitch sounds. "
        "Frames come every three quarters of the longest period.",
        range="0 to 1",
        missing=_SHORT,
    ),
    _pitch(
        "pitch_mean",
        "Mean pitch (fundamental frequency) of the voiced frames, by Praat's autocorrelation (Boersma 1993). Music and "
        "voices at the same time have a pitch as well, which is nobody's.",
        limits="pitch_floor to pitch_ceiling",
    ),
    _pitch("pitch_median", "Median pitch of the voiced frames; octave errors touch it less than the mean."),
    _pitch("pitch_sd", "Standard deviation of the pitch of the voiced frames.", missing=_FEW, limits="0 and more"),
    _pitch("pitch_min", "Lowest pitch of a voiced frame; often an octave error."),
    _pitch("pitch_max", "Highest pitch of a voiced frame; often an octave error."),
    _pitch("pitch_range", f"Range of the pitch {_ROBUST}.", limits="0 and more"),
    _pitch(
        "pitch_mean_semitones",
        "Mean of the pitch in semitones above 100 Hz: 12 semitones double a frequency. Ears hear pitch in ratios, so "
        "this is how voices of different heights compare.",
        "semitones",
    ),
    _pitch(
        "pitch_sd_semitones",
        "Standard deviation of the pitch in semitones: how lively the melody is, whatever the height of the voice.",
        "semitones",
        _FEW,
        "0 and more",
    ),
    _pitch("pitch_range_semitones", f"Range of the pitch {_ROBUST}.", "semitones", limits="0 and more"),
    _pitch("pitch_slope", "Slope of the straight line (least squares) through the voiced frames.", "Hz/s", _FEW),
    _pitch("pitch_slope_semitones", "The same slope in semitones.", "semitones/s", _FEW),
    _pitch(
        "pitch_movement",
        "How much the pitch goes up and down: sum of its absolute changes from one voiced frame to the next, by the "
        "time between the first and the last (Praat: mean absolute slope).",
        "semitones/s",
        _FEW,
        "0 and more",
    ),
    Column(
        "intensity_mean",
        "number",
        "Mean intensity (mean of the energy), in decibels of the file: Praat takes samples for pascals, so a sine of "
        "full scale has 91 dB. Without a calibrated microphone this is no sound level: it changes with distance, "
        "microphone, gain and compression. Compare within one recording.",
        unit="dB",
        missing=_SILENT,
    ),
    Column(
        "intensity_sd",
        "number",
        "Standard deviation of the intensity over the frames, pauses included; digital silence does not count.",
        unit="dB",
        range="0 and more",
        missing=f"fewer than two frames, {_SILENT}",
    ),
    Column(
        "intensity_range",
        "number",
        "Range of the intensity between the 5th and the 95th percentile of the frames, pauses included; "
        "digital silence does not count.",
        unit="dB",
        range="0 and more",
        missing=_SILENT,
    ),
    _periods(
        "jitter_local",
        "Jitter: mean difference between glottal periods in a row, by the mean period; 0.01 is one percent. Praat's "
        "limit for pathological voices is 0.0104, for sustained vowels; in running speech it is higher.",
    ),
    _periods(
        "jitter_rap",
        "Jitter as relative average perturbation: mean difference between a period and the mean of itself and its two "
        "neighbours, by the mean period.",
    ),
    _periods("jitter_ppq5", "The same over five periods: five-point period perturbation quotient."),
    _periods(
        "shimmer_local",
        "Shimmer: mean difference between the amplitudes of glottal periods in a row, by the mean amplitude; 0.01 is "
        "one percent. Praat's limit for pathological voices is 0.0381, for sustained vowels.",
    ),
    _periods("shimmer_local_db", "Mean absolute difference between the amplitudes of periods in a row.", "dB"),
    _periods("shimmer_apq3", "Shimmer over three periods: three-point amplitude perturbation quotient."),
    _periods("shimmer_apq5", "Shimmer over five periods: five-point amplitude perturbation quotient."),
    Column(
        "harmonics_to_noise",
        "number",
        "Harmonics-to-noise ratio, mean over voiced frames (cross-correlation): 0 dB is as much noise as voice, 20 dB "
        "is 99 percent voice. Noise of the room, music and compression lower it as a hoarse voice does.",
        unit="dB",
        missing=_UNVOICED,
    ),
    _formant(1, "higher for open vowels"),
    _formant(2, "higher for front vowels"),
    _formant(3, "lower for r-like sounds"),
    Column(
        "syllables",
        "integer",
        "Syllable nuclei: voiced peaks of intensity with a dip of 2 dB between them, after de Jong & Wempe (2009), in "
        "an implementation of our own.",
        range="0 and more",
        missing=_SHORT,
    ),
    Column(
        "syllables_per_second",
        "number",
        "Syllable nuclei by the length of the segment: the rate of speech, pauses within the segment included.",
        unit="1/s",
        range="0 and more",
        missing=_SHORT,
    ),
    Column(
        "words_per_second",
        "number",
        "Words of the transcript by the length of the segment.",
        unit="1/s",
        range="0 and more",
        missing="the segments are not those of a transcript",
    ),
)
"""The columns that say how a segment sounds."""

_HEARD: Final = "voiced_share * (end_ms - start_ms)"


def _weighted(name: str) -> str:
    """Average over voiced time: segments count as their voice is long."""
    return f"sum({name} * {_HEARD}) / nullif(sum({_HEARD}) filter ({name} is not null), 0)"


VOICE = Table(
    "voice",
    ("segment",),
    (
        Column(
            "start_ms",
            "integer",
            "When the segment begins, in milliseconds from the start of the medium.",
            unit="ms",
            range="0 and more",
        ),
        Column("end_ms", "integer", "When it has ended; not part of it.", unit="ms", range="1 and more"),
        Column(
            "source",
            "string",
            "Where the segment comes from: a stretch of speech of the table speech, a segment of the table "
            "transcripts, a window of a fixed length, or all of the medium.",
            range="speech | transcripts | window | medium",
        ),
        Column(
            "source_segment",
            "integer",
            "Number of the segment in that table.",
            range="0 and more",
            missing="the segment is a window or all of the medium",
        ),
        *MEASURES,
        Column(
            "clipped_share",
            "number",
            "Share of the samples that are as large as the file can hold. Above 0, loud places may be cut: shimmer, "
            "harmonics-to-noise ratio and intensity are then wrong.",
            range="0 to 1",
            missing=_SHORT,
        ),
        Column("pitch_floor", "number", "Lowest pitch that was looked for.", unit="Hz", range="above 0"),
        Column("pitch_ceiling", "number", "Highest pitch that was looked for.", unit="Hz", range="above 0"),
    ),
    "How one segment of the sound sounds: pitch, intensity, voice quality, formants, rate.",
    (
        Summary(
            Column(
                "pitch_mean",
                "number",
                "Mean pitch of all voiced frames of its segments.",
                unit="Hz",
                missing="nothing in it is voiced",
            ),
            _weighted("pitch_mean"),
        ),
        Summary(
            Column(
                "pitch_sd_semitones",
                "number",
                "Standard deviation of the pitch within its segments, their mean by voiced time.",
                unit="semitones",
                missing="nothing in it is voiced",
            ),
            _weighted("pitch_sd_semitones"),
        ),
        Summary(
            Column(
                "harmonics_to_noise",
                "number",
                "Harmonics-to-noise ratio of its segments, their mean by voiced time.",
                unit="dB",
                missing="nothing in it is voiced",
            ),
            _weighted("harmonics_to_noise"),
        ),
        Summary(
            Column(
                "syllables_per_second",
                "number",
                "Syllable nuclei by the length of its segments.",
                unit="1/s",
                missing="there is no segment that is long enough",
            ),
            "sum(syllables) * 1000.0 / nullif(sum(end_ms - start_ms) filter (syllables is not null), 0)",
        ),
    ),
)
