"""A pitch range that fits the speaker."""

import io
from typing import Any

import numpy as np
import pytest

import audio_makers
import voice_sounds
from tidymedia.extractors.sound_pieces import pieces_of
from tidymedia.extractors.sound_segments import parse_segments
from tidymedia.extractors.voice_contours import VoiceSettings
from tidymedia.extractors.voice_pitch_range import fitting_range
from tidymedia.images.held import Held
from tidymedia.media.kinds import Kind
from tidymedia.media.opening import open_medium
from tidymedia.media.sound import SoundFormat

pytest.importorskip("parselmouth", reason="Praat (praat-parselmouth) is not installed")


def range_of(samples: Any, rate: int = 16_000) -> VoiceSettings:
    held = Held("some.wav", io.BytesIO(audio_makers.wav(np.asarray(samples)[:, None], rate)))
    with open_medium(held, Kind.AUDIO) as medium:
        sound = medium.sound(SoundFormat())
        assert sound is not None
        return fitting_range(pieces_of(sound, parse_segments("1s"), 60.0), sound, VoiceSettings(max_formant=5000))


def test_quartiles_of_a_voice_make_its_range() -> None:
    found = range_of(voice_sounds.glide(4, 100, 300, rate=16_000))
    assert found.pitch_floor == pytest.approx(0.75 * 150, abs=2)
    assert found.pitch_ceiling == pytest.approx(1.5 * 250, abs=2)
    assert found.max_formant == 5000


def test_without_a_voice_the_given_range_holds() -> None:
    assert range_of(np.zeros(32_000)) == VoiceSettings(max_formant=5000)


def test_a_low_rate() -> None:
    assert range_of(voice_sounds.tone(2, 100, rate=1200), 1200).pitch_floor == 75
