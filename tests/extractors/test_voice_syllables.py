"""Syllables are counted where they are known, and beside the script of the authors."""

import itertools
import math
from pathlib import Path

import numpy as np
import pytest

import voice_sounds
from tidymedia.extractors.voice_contours import VoiceSettings, contours_of
from tidymedia.extractors.voice_statistics import measures_of
from tidymedia.extractors.voice_syllables import count_syllables

SPEECH = Path(__file__).resolve().parents[2] / "examples" / "media" / "recordings" / "sense_and_sensibility.flac"


def counted(*levels: float, unvoiced: int | None = None) -> int:
    voiced = np.ones(len(levels), bool)
    if unvoiced is not None:
        voiced[unvoiced] = False
    return count_syllables(np.array(levels, float), voiced)


def test_a_peak_needs_a_dip_of_two_decibels() -> None:
    assert counted(30, 60, 50, 60, 30) == 2
    assert counted(30, 60, 58.5, 60, 30) == 1
    assert counted(30, 60, 60, 60, 30) == 1


def test_what_is_much_quieter_than_the_loudest_is_no_syllable() -> None:
    assert counted(20, 80, 40, 60, 30, 50, 20) == 2


def test_a_peak_without_voice_is_no_syllable() -> None:
    assert counted(30, 60, 40, 60, 30, unvoiced=3) == 1
    assert counted(30, 60, 30, unvoiced=1) == 0


def test_nothing_to_count() -> None:
    assert counted() == counted(60, 60) == counted(60, 50, 40, 30) == counted(30, 40, 50, 60) == 0


@pytest.mark.parametrize(("count", "a_second"), [(20, 4.0), (12, 6.0), (5, 2.0)])
def test_syllables_of_a_known_rate(count: int, a_second: float) -> None:
    pytest.importorskip("parselmouth", reason="Praat (praat-parselmouth) is not installed")
    sound = voice_sounds.syllables(count, a_second)
    found = measures_of([contours_of(sound, voice_sounds.RATE, VoiceSettings())], voice_sounds.RATE)
    assert found["syllables"] == count
    assert found["syllables_per_second"] == pytest.approx(count / (count / a_second + 0.5), rel=0.01)


def test_real_speech_beside_its_text_and_the_steps_of_the_published_script() -> None:
    """Read aloud are 98 syllables; de Jong and Wempe's steps by Praat's own commands find nearly as many as ours."""
    parselmouth = pytest.importorskip("parselmouth", reason="Praat (praat-parselmouth) is not installed")
    praat = pytest.importorskip("parselmouth.praat").call
    sound = parselmouth.Sound(str(SPEECH))
    intensity = praat(sound, "To Intensity", 50, 0, "yes")
    threshold = praat(intensity, "Get quantile", 0, 0, 0.99) - 25
    contour = praat(praat(intensity, "Down to Matrix"), "To Sound (slice)", 1)
    extrema = praat(contour, "To PointProcess (extrema)", "Left", "yes", "no", "Sinc70")
    times = [praat(extrema, "Get time from index", at + 1) for at in range(int(praat(extrema, "Get number of points")))]
    loud = [when for when in times if praat(contour, "Get value at time", when, "cubic") > threshold]
    apart = [
        when
        for when, following in itertools.pairwise(loud)
        if praat(intensity, "Get value at time", when, "cubic")
        - praat(intensity, "Get minimum", when, following, "none")
        > 2
    ]
    pitch = praat(sound, "To Pitch (ac)", 0.02, 30, 4, "no", 0.03, 0.25, 0.01, 0.35, 0.25, 450)
    voiced = [when for when in apart if not math.isnan(praat(pitch, "Get value at time", when, "Hertz", "linear"))]
    found = measures_of([contours_of(sound.values[0], 16_000, VoiceSettings())], 16_000)
    assert found["syllables"] == pytest.approx(len(voiced), rel=0.05)
    assert found["syllables"] == pytest.approx(98, rel=0.1)
