"""The values are Praat's own, and those that are known of sounds made from formulas."""

import math
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import voice_sounds
from tidymedia.errors import ExtractionError
from tidymedia.extractors.voice_contours import VoiceSettings, contours_of, pitch_of
from tidymedia.extractors.voice_statistics import measures_of

parselmouth = pytest.importorskip("parselmouth", reason="Praat (praat-parselmouth) is not installed")
praat = pytest.importorskip("parselmouth.praat").call

SPEECH = Path(__file__).resolve().parents[2] / "examples" / "media" / "recordings" / "sense_and_sensibility.flac"
RATE = voice_sounds.RATE


def measured(samples: Any, rate: int = RATE, **settings: float) -> dict[str, Any]:
    return measures_of([contours_of(np.asarray(samples, float), rate, VoiceSettings(**settings))], rate)


def by_praat(sound: Any, floor: float = 75, ceiling: float = 500, max_formant: float = 5500) -> dict[str, float]:
    """Ask Praat itself for each measure, by the commands of its menus."""
    pitch = praat(sound, "To Pitch (ac)", 0, floor, 15, "no", 0.03, 0.45, 0.01, 0.35, 0.14, ceiling)
    marks = praat([sound, pitch], "To PointProcess (cc)")
    intensity = praat(sound, "To Intensity", floor, 0, "yes")
    harmonicity = praat(sound, "To Harmonicity (cc)", 0.01, floor, 0.1, 1.0)
    formants = praat(sound, "To Formant (burg)", 0, 5, max_formant, 0.025, 50)
    frames = int(praat(pitch, "Get number of frames"))
    low, high = (praat(pitch, "Get quantile", 0, 0, share, "Hertz") for share in (0.05, 0.95))
    voiced = [
        when
        for when in (praat(pitch, "Get time from frame number", frame) for frame in range(1, frames + 1))
        if not math.isnan(praat(pitch, "Get value at time", when, "Hertz", "nearest"))
    ]
    values: dict[str, float] = {
        "voiced_share": praat(pitch, "Count voiced frames") / frames,
        "pitch_mean": praat(pitch, "Get mean", 0, 0, "Hertz"),
        "pitch_median": praat(pitch, "Get quantile", 0, 0, 0.5, "Hertz"),
        "pitch_sd": praat(pitch, "Get standard deviation", 0, 0, "Hertz"),
        "pitch_min": praat(pitch, "Get minimum", 0, 0, "Hertz", "none"),
        "pitch_max": praat(pitch, "Get maximum", 0, 0, "Hertz", "none"),
        "pitch_range": high - low,
        "pitch_mean_semitones": praat(pitch, "Get mean", 0, 0, "semitones re 100 Hz"),
        "pitch_sd_semitones": praat(pitch, "Get standard deviation", 0, 0, "semitones"),
        "pitch_movement": praat(pitch, "Get mean absolute slope", "Semitones"),
        "intensity_mean": praat(intensity, "Get mean", 0, 0, "energy"),
        "harmonics_to_noise": praat(harmonicity, "Get mean", 0, 0),
    }
    levels = [
        praat(intensity, "Get value in frame", frame)
        for frame in range(1, int(praat(intensity, "Get number of frames")) + 1)
    ]
    if min(levels) > -200:
        values["intensity_sd"] = praat(intensity, "Get standard deviation", 0, 0)
        low, high = (praat(intensity, "Get quantile", 0, 0, share) for share in (0.05, 0.95))
        values["intensity_range"] = high - low
    else:  # frames of digital silence do not count
        values["intensity_sd"] = statistics.stdev(level for level in levels if level > -200)
    periods = (0, 0, 0.0001, 0.02, 1.3)
    for name, words in (("jitter_local", "local"), ("jitter_rap", "rap"), ("jitter_ppq5", "ppq5")):
        values[name] = praat(marks, f"Get jitter ({words})", *periods)
    for name, words in (
        ("shimmer_local", "local"),
        ("shimmer_local_db", "local_dB"),
        ("shimmer_apq3", "apq3"),
        ("shimmer_apq5", "apq5"),
    ):
        values[name] = praat([sound, marks], f"Get shimmer ({words})", *periods, 1.6)
    for number in (1, 2, 3):
        found = [praat(formants, "Get value at time", number, when, "hertz", "linear") for when in voiced]
        values[f"formant_{number}"] = float(np.nanmean(found))
    return values


@pytest.fixture(scope="module")
def speech() -> Any:
    """The recording as Praat itself reads it."""
    return parselmouth.Sound(str(SPEECH))


def part_of(sound: Any, start: float, end: float) -> Any:
    """Cut a part; its times are those of a new sound, since those of Praat's parts are off in the tenth digit."""
    part = praat(sound, "Extract part", start, end, "rectangular", 1, "no")
    return parselmouth.Sound(part.values, sampling_frequency=part.sampling_frequency)


@pytest.mark.parametrize(("start", "end"), [(0.0, 26.73), (0.0, 2.0), (10.0, 12.0), (18.25, 18.75)])
def test_values_of_real_speech_are_those_of_praat(speech: Any, start: float, end: float) -> None:
    part = part_of(speech, start, end)
    found = measured(part.values[0], int(part.sampling_frequency))
    for name, value in by_praat(part).items():
        assert found[name] == pytest.approx(value, abs=1e-6), name


def test_other_settings_reach_praat(speech: Any) -> None:
    part = part_of(speech, 18, 20)
    found = measured(part.values[0], 16_000, pitch_floor=60, pitch_ceiling=200, max_formant=5000)
    for name, value in by_praat(part, 60, 200, 5000).items():
        assert found[name] == pytest.approx(value, abs=1e-6), name
    assert found["pitch_max"] <= 200


def test_the_slope_is_that_of_the_line_of_least_squares(speech: Any) -> None:
    part = part_of(speech, 0, 2)
    pitch = praat(part, "To Pitch (ac)", 0, 75, 15, "no", 0.03, 0.45, 0.01, 0.35, 0.14, 500)
    heard = pitch.selected_array["frequency"]
    line = np.polyfit(pitch.xs()[heard > 0], heard[heard > 0], 1)
    assert measured(part.values[0], 16_000)["pitch_slope"] == pytest.approx(line[0], abs=1e-5)


@pytest.mark.parametrize("pitch", [90.0, 120.0, 220.0, 400.0])
def test_the_pitch_of_a_known_voice(pitch: float) -> None:
    found = measured(voice_sounds.voice(1, pitch))
    assert found["pitch_mean"] == pytest.approx(pitch, rel=1e-4)
    assert found["pitch_median"] == pytest.approx(pitch, rel=1e-4)
    assert found["pitch_mean_semitones"] == pytest.approx(12 * math.log2(pitch / 100), abs=0.01)
    assert found["voiced_share"] == 1
    assert found["jitter_local"] < 0.0005 and found["shimmer_local"] < 0.001 and found["harmonics_to_noise"] > 40


def test_a_voice_that_rises() -> None:
    found = measured(voice_sounds.glide(2, 150, 250))
    assert found["pitch_slope"] == pytest.approx(50, rel=1e-3)
    assert found["pitch_slope_semitones"] == pytest.approx(12 * math.log2(250 / 150) / 2, rel=0.02)
    assert found["pitch_movement"] == pytest.approx(found["pitch_slope_semitones"], rel=0.02)
    assert found["pitch_range"] == pytest.approx(90, rel=0.03)  # 5th to 95th percentile of 100 Hz


@pytest.mark.parametrize("noise_db", [20.0, 10.0, 5.0])
def test_the_harmonics_to_noise_ratio_of_known_noise(noise_db: float) -> None:
    found = measured(voice_sounds.voice(2, 120, noise_db=noise_db))
    assert found["harmonics_to_noise"] == pytest.approx(noise_db, abs=0.75)


@pytest.mark.parametrize("jitter", [0.005, 0.01, 0.02])
def test_known_jitter(jitter: float) -> None:
    """Without resonances, so that only the periods differ."""
    found = measured(voice_sounds.voice(2, 120, jitter=jitter, formants=((500, 400),)))
    assert found["jitter_local"] == pytest.approx(jitter, rel=0.1)


@pytest.mark.parametrize("shimmer", [0.02, 0.05, 0.1])
def test_known_shimmer(shimmer: float) -> None:
    found = measured(voice_sounds.voice(2, 120, shimmer=shimmer, formants=((500, 400),)))
    assert found["shimmer_local"] == pytest.approx(shimmer, rel=0.15)
    assert found["jitter_local"] < 0.001


FIVE = ((500, 60), (1500, 90), (2500, 120), (3500, 150), (4500, 200))


def test_known_formants() -> None:
    found = measured(voice_sounds.voice(1, 100, formants=FIVE))
    for number, frequency in ((1, 500), (2, 1500), (3, 2500)):
        assert found[f"formant_{number}"] == pytest.approx(frequency, rel=0.05), number


def test_a_telephone_has_the_formants_that_it_carries() -> None:
    found = measured(voice_sounds.voice(1, 100, rate=8000, formants=FIVE[:4]), 8000)
    for number, frequency in ((1, 500), (2, 1500), (3, 2500)):
        assert found[f"formant_{number}"] == pytest.approx(frequency, rel=0.1), number
    low = measured(voice_sounds.voice(1, 100, rate=4000, formants=FIVE[:2]), 4000)
    assert low["formant_3"] is None
    assert low["formant_1"] == pytest.approx(500, rel=0.1) and low["formant_2"] == pytest.approx(1500, rel=0.1)


def test_a_sine_of_full_scale_has_91_decibels() -> None:
    assert measured(voice_sounds.tone(1, 200, loudness=1))["intensity_mean"] == pytest.approx(90.97, abs=0.01)
    half = measured(voice_sounds.tone(1, 200, loudness=0.5))
    assert half["intensity_mean"] == pytest.approx(90.97 - 6.02, abs=0.01)
    assert half["intensity_range"] == pytest.approx(0, abs=0.01)


def test_silence_is_no_number() -> None:
    found = measured(np.zeros(RATE))
    assert found["voiced_share"] == 0 and found["syllables"] == 0 and found["clipped_share"] == 0
    assert {name for name, value in found.items() if value is not None} == {
        "voiced_share",
        "syllables",
        "syllables_per_second",
        "clipped_share",
    }


def test_frames_of_digital_silence_do_not_make_a_range_of_hundreds_of_decibels() -> None:
    sound = np.concatenate([voice_sounds.voice(1), np.zeros(RATE)])
    found = measured(sound)
    assert found["intensity_range"] < 60 and found["intensity_sd"] < 30
    assert found["voiced_share"] == pytest.approx(0.5, abs=0.05)


def test_noise_has_no_voice() -> None:
    found = measured(voice_sounds.noise(2))
    assert found["voiced_share"] == 0 and found["syllables"] == 0
    assert found["pitch_mean"] is None and found["jitter_local"] is None and found["harmonics_to_noise"] is None
    assert found["formant_1"] is None
    assert found["intensity_mean"] == pytest.approx(74, abs=0.5)


def test_clipping_is_told_and_the_pitch_stays() -> None:
    found = measured(np.clip(voice_sounds.tone(1, 220, loudness=3), -1, 1))
    assert found["clipped_share"] == pytest.approx(2 * math.acos(1 / 3) / math.pi, abs=0.01)
    assert found["pitch_mean"] == pytest.approx(220, rel=1e-4)


@pytest.mark.parametrize("samples", [1, 2, 100, 441, 2000, 4000])
def test_what_is_too_short_has_no_measures_and_no_error(samples: int) -> None:
    found = measured(voice_sounds.tone(1, 220)[1 : samples + 1])
    assert found["pitch_mean"] is None or samples > 1500
    assert found["intensity_mean"] is None or samples > 3700


def test_margins_are_heard_and_not_counted() -> None:
    sound = voice_sounds.voice(1)
    size = RATE // 4
    with_margins = contours_of(sound, RATE, VoiceSettings(), before=size, after=size)
    assert with_margins.samples == len(sound) - 2 * size
    assert with_margins.times.min() >= 0 and with_margins.times.max() < 0.5
    # Without margins, the first and last 20 ms have no frame, since a frame needs three periods of the pitch floor.
    alone = contours_of(sound[size:-size], RATE, VoiceSettings())
    assert alone.times.min() > 0.015 > with_margins.times.min()


def test_silence_is_relative_to_the_whole_segment() -> None:
    quiet = voice_sounds.voice(1, loudness=0.001)
    alone = measured(quiet)
    beside_a_loud_part = measures_of([contours_of(quiet, RATE, VoiceSettings(), peak=0.9)], RATE)
    assert alone["voiced_share"] == 1 and beside_a_loud_part["voiced_share"] == 0


def test_what_praat_refuses_is_an_error_of_ours() -> None:
    with pytest.raises(ExtractionError, match="Praat cannot measure a stretch of"):
        contours_of(np.full(100, 0.5), 100, VoiceSettings(pitch_floor=75, pitch_ceiling=500))


def test_pitch_alone() -> None:
    assert pitch_of(voice_sounds.voice(1, 200), RATE, VoiceSettings()).mean() == pytest.approx(200, rel=1e-3)
    assert not len(pitch_of(np.zeros(RATE), RATE, VoiceSettings()))
    assert not len(pitch_of(voice_sounds.tone(0.01, 200), RATE, VoiceSettings()))


def test_praat_is_imported_only_for_measuring() -> None:
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from tidymedia.extractors import make_extractor; voice = make_extractor('voice');"
            "voice.availability(); voice.model; voice.load(); print('parselmouth' in sys.modules)",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == "False"
