"""One channel of a sound, by name or number."""

import io
from typing import Any

import numpy as np
import pytest

import audio_makers
from tidymedia.errors import ExtractionError, SettingError
from tidymedia.extractors.voice_channel import channel_format, channel_index, chosen_channel
from tidymedia.images.held import Held
from tidymedia.media.kinds import Kind
from tidymedia.media.opening import open_medium


def heard(channel: str, channels: int = 2) -> Any:
    samples = np.repeat(np.arange(1, channels + 1)[None, :] / 10, 100, axis=0).astype(np.float32)
    index = channel_index(channel)
    with open_medium(Held("some.wav", io.BytesIO(audio_makers.wav(samples))), Kind.AUDIO) as medium:
        sound = medium.sound(channel_format(index))
        assert sound is not None
        one = chosen_channel(sound, index)
        one.tick()
        assert one.channels == 1 and one.rate == 8000 and one.duration_ms == sound.duration_ms
        return np.concatenate([block.samples for block in one.blocks(0.005)])


@pytest.mark.parametrize(
    ("channel", "channels", "level"),
    [("left", 2, 0.1), ("right", 2, 0.2), ("Right ", 2, 0.2), ("1", 2, 0.1), ("2", 2, 0.2), ("3", 4, 0.3)],
)
def test_a_channel_by_name_or_number(channel: str, channels: int, level: float) -> None:
    samples = heard(channel, channels)
    assert samples.shape == (100, 1)
    assert samples == pytest.approx(level, abs=1e-4)


def test_the_mix_is_the_mean_of_two() -> None:
    assert heard("mix") == pytest.approx(0.15, abs=1e-3)


@pytest.mark.parametrize("channel", ["0", "middle", "-1", "", "65", "1.5"])
def test_what_is_no_channel(channel: str) -> None:
    with pytest.raises(SettingError, match="There is no channel"):
        channel_index(channel)


def test_a_channel_that_the_sound_does_not_have() -> None:
    with pytest.raises(ExtractionError, match=r"has one channel, so there is no channel 2") as told:
        heard("right", 1)
    assert "voice.channel=mix" in told.value.remedy
    with pytest.raises(ExtractionError, match="has 2 channels"):
        heard("3", 2)
