"""Sound comes in exact blocks, in the form that is asked for, at the right times, and never whole."""

import tracemalloc

import av
import numpy as np
import pytest

import audio_makers as audio
import video_makers as video
from tidymedia.errors import BrokenFileError, MediumError, OverLimitError
from tidymedia.media.audio_file import Recording
from tidymedia.media.locations import LocalFile
from tidymedia.media.medium import no_tick
from tidymedia.media.settings import Limits, PictureSettings
from tidymedia.media.sound import SoundFormat
from tidymedia.media.video import Film


def opened(path, kind=Recording, tick=no_tick, **limits):
    return kind(LocalFile(str(path.parent), path.name), PictureSettings(), Limits(**limits), tick)


def heard(path, wanted=None, seconds=0.7, kind=Recording):
    with opened(path, kind) as medium:
        sound = medium.sound(wanted or SoundFormat())
        blocks = list(sound.blocks(seconds))
    size = round(seconds * sound.rate)
    assert all(len(block.samples) == size for block in blocks[:-1])
    assert all(block.samples.dtype == np.float32 and block.samples.shape[1] == sound.channels for block in blocks)
    assert [block.start_ms for block in blocks] == [
        round(number * size * 1000 / sound.rate) for number in range(len(blocks))
    ]
    return sound.rate, np.concatenate([block.samples for block in blocks]) if blocks else np.zeros((0, sound.channels))


def pitch(samples, rate):
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return np.fft.rfftfreq(len(samples), 1 / rate)[spectrum.argmax()]


@pytest.mark.parametrize("name", audio.CODECS)
@pytest.mark.parametrize("wanted", [SoundFormat(16_000, 1), SoundFormat()])
def test_every_format_is_heard(tmp_path, name, wanted):
    audio.recording(tmp_path / name)
    rate, samples = heard(tmp_path / name, wanted)
    assert rate == (wanted.rate or (48_000 if name == "a.ogg" else 44_100))
    assert abs(len(samples) / rate - 2.0) < 0.12  # codecs add a padding
    assert abs(pitch(samples[rate // 2 : rate, 0], rate) - 200) < 3
    assert abs(np.abs(samples[rate // 2 : rate]).max() - 0.5) < 0.05


@pytest.mark.parametrize("bits", [8, 16, 32])
def test_wav_samples_are_exact(tmp_path, bits):
    wave = np.stack([audio.tone(1, 8_000), -audio.tone(1, 8_000, 0.25)], axis=1)
    (tmp_path / "a.wav").write_bytes(audio.wav(wave, bits=bits))
    rate, samples = heard(tmp_path / "a.wav")
    assert (rate, samples.shape) == (8_000, (8_000, 2))
    assert np.abs(samples - wave).max() < {8: 0.01, 16: 1e-4, 32: 1e-7}[bits]


@pytest.mark.parametrize("channels", [1, 2, 6])
def test_channels_are_mixed_or_kept(tmp_path, channels):
    layout = {1: "mono", 2: "stereo", 6: "5.1"}[channels]
    audio.recording(tmp_path / "a.flac", layout=layout)
    assert heard(tmp_path / "a.flac")[1].shape == (88_200, channels)
    for wanted in (1, 2):
        rate, samples = heard(tmp_path / "a.flac", SoundFormat(16_000, wanted))
        assert abs(len(samples) - 32_000) <= 2
        assert samples.shape[1] == wanted
        assert abs(pitch(samples[8_000:24_000, 0], rate) - 200) < 2


def test_stereo_becomes_the_mean(tmp_path):
    wave = np.stack([np.full(800, 0.5), np.full(800, -0.1)], axis=1)
    (tmp_path / "a.wav").write_bytes(audio.wav(wave))
    assert np.abs(heard(tmp_path / "a.wav", SoundFormat(None, 1))[1] - 0.2).max() < 1e-3


def test_samples_that_are_no_numbers_or_too_loud(tmp_path):
    wave = np.array([[np.nan], [np.inf], [-np.inf], [3.0], [-3.0], [0.25]] * 100)
    (tmp_path / "a.wav").write_bytes(audio.wav(wave, bits=32))
    samples = heard(tmp_path / "a.wav")[1]
    assert samples[:6, 0].tolist() == [0.0, 1.0, -1.0, 1.0, -1.0, 0.25]


def test_pauses_without_samples_become_silence(tmp_path):
    audio.split_recording(tmp_path / "a.mka", [(0.0, 1.0), (3.0, 1.0)])
    for wanted in (SoundFormat(), SoundFormat(8_000, 1)):
        rate, samples = heard(tmp_path / "a.mka", wanted)
        assert abs(len(samples) / rate - 4.0) < 0.01
        assert np.abs(samples[round(1.01 * rate) : round(2.99 * rate)]).max() == 0
        assert np.abs(samples[round(3.1 * rate) :]).max() > 0.4


def test_a_late_sound_begins_with_silence(tmp_path):
    video.film(tmp_path / "a.mkv", frames=50, sound=1.0, sound_start=1.0)
    rate, samples = heard(tmp_path / "a.mkv", SoundFormat(16_000, 1), kind=Film)
    first = np.flatnonzero(np.abs(samples[:, 0]) > 0.1)[0] / rate
    assert 0.9 < first < 1.1


@pytest.mark.parametrize("seconds", [0.5, 4.0])
def test_a_sound_shorter_or_longer_than_the_pictures(tmp_path, seconds):
    video.film(tmp_path / "a.mp4", frames=50, sound=seconds)
    with opened(tmp_path / "a.mp4", Film) as film:
        assert len(list(film.pictures())) == 1
    rate, samples = heard(tmp_path / "a.mp4", SoundFormat(16_000, 1), kind=Film)
    assert abs(len(samples) / rate - seconds) < 0.15


def test_each_call_starts_from_the_beginning(tmp_path):
    audio.recording(tmp_path / "a.mp3")
    with opened(tmp_path / "a.mp3") as medium:
        sound = medium.sound(SoundFormat(16_000, 1))
        next(sound.blocks(0.2))
        one, other = sound.blocks(0.2), sound.blocks(0.2)
        assert all(np.array_equal(a.samples, b.samples) for a, b in zip(one, other, strict=True))


def test_the_default_stream_is_heard(tmp_path):
    with av.open(str(tmp_path / "a.mka"), "w") as out:
        streams = [out.add_stream("pcm_s16le", rate=8_000) for _ in range(2)]
        for stream in streams:
            stream.layout = "mono"
        streams[0].disposition, streams[1].disposition = 0, 1
        for stream, level in zip(streams, (1000, 16_384), strict=True):
            frame = av.AudioFrame.from_ndarray(np.full((1, 4_000), level, np.int16), format="s16", layout="mono")
            frame.sample_rate, frame.pts = 8_000, 0
            out.mux(stream.encode(frame))
    assert abs(np.median(heard(tmp_path / "a.mka")[1]) - 0.5) < 0.01


def test_a_long_recording_is_never_held_whole(tmp_path):
    with (tmp_path / "a.wav").open("wb") as out:
        block = np.zeros((8_000 * 60, 1), np.float32)
        head = audio.wav(block, stated_bytes=8_000 * 60 * 15 * 2)
        out.write(head[:44])
        for _ in range(15):
            out.write(head[44:])
    count = 0
    with opened(tmp_path / "a.wav") as medium:
        sound = medium.sound(SoundFormat(16_000, 1))
        assert sound.duration_ms == 900_000
        tracemalloc.start()
        for sounded in sound.blocks(30.0):
            count += len(sounded.samples)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert abs(count / 16_000 - 900) < 0.01
    assert peak < 10_000_000  # one block of 30 seconds has 1.9 MB, the whole 58 MB


def test_limits_and_ticks(tmp_path):
    audio.recording(tmp_path / "a.wav", seconds=3.0)
    with opened(tmp_path / "a.wav", duration_s=2) as medium, pytest.raises(OverLimitError) as caught:
        medium.sound(SoundFormat())
    assert "duration_s=3" in caught.value.remedy
    ticks = []
    with opened(tmp_path / "a.wav", tick=lambda: ticks.append(1)) as medium:
        list(medium.sound(SoundFormat()).blocks())
    assert len(ticks) > 5


def test_a_length_that_the_header_hides_still_meets_the_limit(tmp_path):
    audio.recording(tmp_path / "a.aac", seconds=4.0)
    with opened(tmp_path / "a.aac", duration_s=2) as medium, pytest.raises(OverLimitError):
        sound = medium.sound(SoundFormat(16_000, 1))
        list(sound.blocks(0.5))


def test_a_cut_recording_gives_what_it_has_and_says_so(tmp_path):
    audio.recording(tmp_path / "whole.m4a", seconds=20.0, codec="aac")
    with (
        av.open(str(tmp_path / "whole.m4a")) as source,
        av.open(str(tmp_path / "fast.m4a"), "w", format="mp4", options={"movflags": "faststart"}) as out,
    ):
        copy = out.add_stream_from_template(source.streams.audio[0])
        for packet in source.demux(audio=0):
            if packet.dts is not None:
                packet.stream = copy
                out.mux(packet)
    whole = (tmp_path / "fast.m4a").read_bytes()
    (tmp_path / "a.m4a").write_bytes(whole[: len(whole) // 2])
    got = 0
    with opened(tmp_path / "a.m4a") as medium, pytest.raises(BrokenFileError, match=r"a\.m4a"):
        for block in medium.sound(SoundFormat(16_000, 1)).blocks(1.0):
            got += len(block.samples)
    assert 5 < got / 16_000 < 12


def test_no_samples(tmp_path):
    (tmp_path / "a.wav").write_bytes(audio.wav(np.zeros((0, 1), np.float32)))
    try:
        assert heard(tmp_path / "a.wav")[1].shape[0] == 0
    except MediumError as error:
        assert "a.wav" in str(error)
