"""Recordings tell their header, give no pictures, and break only in our words."""

import random

import av
import numpy as np
import pytest

import audio_makers as make
from tidymedia.errors import MediumError
from tidymedia.media.audio_file import Recording
from tidymedia.media.kinds import Kind
from tidymedia.media.locations import LocalFile
from tidymedia.media.medium import no_tick
from tidymedia.media.opening import open_medium
from tidymedia.media.settings import Limits, PictureSettings
from tidymedia.media.sound import SoundFormat


def opened(path):
    return Recording(LocalFile(str(path.parent), path.name), PictureSettings(), Limits(), no_tick)


def seconds_heard(path, rate=16_000):
    with opened(path) as medium:
        return sum(len(block.samples) for block in medium.sound(SoundFormat(rate, 1)).blocks()) / rate


@pytest.mark.parametrize(
    ("name", "called", "codec"),
    [
        ("a.mp3", "MP3", "mp3"),
        ("a.wav", "WAV", "pcm_s16le"),
        ("a.flac", "FLAC", "flac"),
        ("a.ogg", "Ogg", "opus"),
        ("a.m4a", "M4A", "aac"),
        ("a.wma", "WMA", "wmav2"),
        ("a.aac", "AAC", "aac"),
        ("a.aiff", "AIFF", "pcm_s16be"),
    ],
)
def test_the_header_is_told(tmp_path, name, called, codec):
    make.recording(tmp_path / name)
    with opened(tmp_path / name) as medium:
        told = medium.properties()
    assert (told["format"], told["audio_codec"], told["channels"]) == (called, codec, 1)
    assert told["sample_rate"] == (48_000 if codec == "opus" else 44_100)
    assert abs(told["duration_ms"] - 2000) < 150
    assert "width" not in told
    assert "frames" not in told


def test_title_and_author(tmp_path):
    make.recording(tmp_path / "a.mp3", tags={"title": "Speech", "artist": "A. Speaker", "date": "2021"})
    with opened(tmp_path / "a.mp3") as medium:
        told = medium.properties()
    assert (told["title"], told["author"], told["created_at"]) == ("Speech", "A. Speaker", "2021")


def test_it_opens_by_its_kind(tmp_path):
    make.recording(tmp_path / "a.flac")
    with open_medium(LocalFile(str(tmp_path), "a.flac"), Kind.AUDIO) as medium:
        assert isinstance(medium, Recording)
        assert medium.kind is Kind.AUDIO


def test_a_cover_is_no_picture(tmp_path):
    make.recording(tmp_path / "plain.mp3", codec="libmp3lame")
    with av.open(str(tmp_path / "plain.mp3")) as source, av.open(str(tmp_path / "a.mp3"), "w") as out:
        sound = out.add_stream_from_template(source.streams.audio[0])
        cover = out.add_stream("png", rate=1)
        cover.width, cover.height, cover.pix_fmt, cover.disposition = 32, 32, "rgb24", 1 << 10
        frame = av.VideoFrame.from_ndarray(np.full((32, 32, 3), 200, np.uint8), format="rgb24")
        frame.pts = 0
        for packet in source.demux(audio=0):
            if packet.dts is not None:
                packet.stream = sound
                out.mux(packet)
        out.mux(cover.encode(frame))
        out.mux(cover.encode(None))
    with av.open(str(tmp_path / "a.mp3")) as container:
        assert len(container.streams.video) == 1
    with opened(tmp_path / "a.mp3") as medium:
        assert list(medium.pictures()) == []
        assert "video_codec" not in medium.properties()
    assert abs(seconds_heard(tmp_path / "a.mp3") - 2) < 0.1


@pytest.mark.parametrize("stated", [0, 100, 2**32 - 1, 10**6])
def test_a_wav_with_a_wrong_length(tmp_path, stated):
    wave = make.tone(2, 8_000)[:, None]
    (tmp_path / "a.wav").write_bytes(make.wav(wave, stated_bytes=stated))
    heard = seconds_heard(tmp_path / "a.wav", 8_000)
    assert heard == pytest.approx(2.0 if stated != 100 else 100 / 16_000)


@pytest.mark.parametrize("garbage", [b"\x00" * 2000, b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 1500])
def test_garbage_before_an_mp3(tmp_path, garbage):
    make.recording(tmp_path / "a.mp3")
    (tmp_path / "b.mp3").write_bytes(garbage + (tmp_path / "a.mp3").read_bytes())
    assert abs(seconds_heard(tmp_path / "b.mp3") - 2) < 0.2


def test_a_codec_tag_that_is_no_text(tmp_path):
    make.recording(tmp_path / "a.m4a", seconds=1.0)
    content = (tmp_path / "a.m4a").read_bytes()
    (tmp_path / "b.m4a").write_bytes(content.replace(b"mp4a", b"m\xe74a"))
    assert b"m\xe74a" in (tmp_path / "b.m4a").read_bytes()
    assert abs(seconds_heard(tmp_path / "b.m4a") - 1) < 0.1  # the codec is named a second time


@pytest.mark.parametrize("name", make.CODECS)
def test_damage_gives_errors_of_ours_and_ends(tmp_path, name, capfd):
    make.recording(tmp_path / name, seconds=1.0)
    whole = (tmp_path / name).read_bytes()
    numbers = random.Random(name)
    for _ in range(15):
        content = bytearray(whole[: numbers.randrange(1, len(whole))] if numbers.random() < 0.3 else whole)
        for _ in range(numbers.choice([1, 10, 60])):
            content[numbers.randrange(min(len(content), numbers.choice([200, 10**9])))] = numbers.randrange(256)
        (tmp_path / "b.bin").write_bytes(content)
        try:
            with opened(tmp_path / "b.bin") as medium:
                medium.properties(gps=True)
                sound = medium.sound(SoundFormat(16_000, 1))
                for block in sound.blocks() if sound is not None else ():
                    assert np.abs(block.samples).max() <= 1
        except MediumError as error:
            assert error.remedy
    assert capfd.readouterr().err == ""
