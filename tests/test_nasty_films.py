"""Films that are nasty in one way each, through the command: the right shots and pictures, or a clear failed row."""

from __future__ import annotations

import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

import film_composing as compose
import tidymedia as tm
import video_makers as make

SIZE = (160, 90)
TWO = (["start", "cut"], [0, 30])


def two_shots(path: Path, **how: Any) -> None:
    """Write a film of 60 frames and two shots."""
    chance = compose.random.Random(3)
    stills = [compose.photograph(name, 1, SIZE, chance)[0] for name in ("mountains", "astronaut")]
    make.film(path, frames=60, size=SIZE, draw=lambda number, size: stills[number // 30], **how)


def without_sound(path: Path) -> None:
    two_shots(path)


def two_sounds(path: Path) -> None:
    two_shots(path.with_name("one.mp4"), sound=2.4)
    with av.open(str(path.with_name("one.mp4"))) as given, av.open(str(path), "w") as out:
        picture, sound = (out.add_stream_from_template(stream) for stream in given.streams)
        other = out.add_stream_from_template(given.streams.audio[0])
        for packet in given.demux():
            if packet.dts is None:
                continue
            heard = packet.stream.type == "audio"
            packet.stream = sound if heard else picture
            out.mux(packet)
        with av.open(str(path.with_name("one.mp4"))) as again:
            for packet in again.demux(audio=0):
                if packet.dts is not None:
                    packet.stream = other
                    out.mux(packet)
    path.with_name("one.mp4").unlink()


def variable_rate(path: Path) -> None:
    two_shots(path, times=[number * 20 if number < 30 else 600 + (number - 30) * 90 for number in range(60)])


def patched(path: Path, factor: int) -> None:
    """Write a film whose header lies about its length."""
    two_shots(path)
    content = bytearray(path.read_bytes())
    for box in (b"mvhd", b"mdhd", b"tkhd"):
        at = content.find(box)
        field = at + (24 if box == b"tkhd" else 20)
        (length,) = struct.unpack_from(">I", content, field)
        struct.pack_into(">I", content, field, max(1, length * factor if factor > 0 else length // -factor))
    at = content.find(b"elst")  # the edit list holds the length, too
    if at > 0:
        (length,) = struct.unpack_from(">I", content, at + 12)
        struct.pack_into(">I", content, at + 12, max(1, length * factor if factor > 0 else length // -factor))
    path.write_bytes(bytes(content))


def said_too_long(path: Path) -> None:
    patched(path, 20)


def tagged_too_long(path: Path) -> None:
    """Write a film whose tag says that it goes on for an hour: as if the rest were missing."""
    two_shots(path)
    path.write_bytes(path.read_bytes().replace(b"00:00:02.4", b"01:00:02.4"))


def without_moov(path: Path) -> None:
    two_shots(path)
    content = path.read_bytes()
    path.write_bytes(content[: content.find(b"moov") - 4])


def cut_short(path: Path) -> None:
    two_shots(path.with_name("whole.mp4"))
    with (
        av.open(str(path.with_name("whole.mp4"))) as given,
        av.open(str(path), "w", options={"movflags": "+faststart"}) as out,
    ):
        stream = out.add_stream_from_template(given.streams.video[0])
        for packet in given.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                out.mux(packet)
    path.with_name("whole.mp4").unlink()
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def without_frames(path: Path) -> None:
    """Write a film that ends before its first frame."""
    two_shots(path)
    content = path.read_bytes()
    path.write_bytes(content[: content.find(b"\x1f\x43\xb6\x75")])


def without_pictures(path: Path) -> None:
    """Write what is called a film and has sound alone."""
    with av.open(str(path), "w") as out:
        hear = out.add_stream("aac", rate=16_000, layout="mono")
        for block in make.tone_frames(1.0, 16_000):
            out.mux(hear.encode(block))
        out.mux(hear.encode(None))


def turned(path: Path) -> None:
    two_shots(path, rotation=90)


def high_dynamic_range(path: Path) -> None:
    colors = "colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc:log-level=none:pools=1"
    two_shots(path, codec="libx265", pixel_format="yuv420p10le", options={"x265-params": colors})


FATES: dict[str, tuple[Callable[[Path], None], Any]] = {
    "without_sound.mp4": (without_sound, TWO),
    "two_sounds.mp4": (two_sounds, TWO),
    "variable_rate.mp4": (variable_rate, TWO),
    "said_too_long.mp4": (said_too_long, TWO),
    "tagged_too_long.mkv": (tagged_too_long, "cut off"),
    "without_moov.mp4": (without_moov, "damaged"),
    "cut_short.mp4": (cut_short, ""),
    "without_frames.mkv": (without_frames, "damaged"),
    "without_pictures.mp4": (without_pictures, None),
    "turned.mp4": (turned, TWO),
    "hdr.mp4": (high_dynamic_range, TWO),
}


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> tm.Study:
    folder = tmp_path_factory.mktemp("nasty_films")
    media = folder / "media"
    media.mkdir()
    for name, (write, _) in FATES.items():
        write(media / name)
    command = [sys.executable, "-m", "tidymedia", "analyze", str(media), "-o", str(folder / "study"), "--jobs", "2"]
    command += ["--with", "metadata,shots,hashes", "--set", "pictures.video=shot:middle"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 3, done.stderr
    assert "Traceback" not in done.stderr
    return tm.Study(folder / "study")


@pytest.mark.parametrize("name", FATES)
def test_each_film_has_its_shots_or_its_reason(study: tm.Study, name: str) -> None:
    fate = FATES[name][1]
    shots = study.table("shots").query("path == @name")
    pictures = study.table("pictures").query("path == @name")
    statuses = study.status().query("path == @name").set_index("extractor")["status"].to_dict()
    if isinstance(fate, str):
        failures = study.failures().query("path == @name")
        assert len(failures) > 0
        assert (failures["error_type"].isin(["BrokenFileError"])).all(), failures.to_string()
        assert failures["error_message"].str.contains(fate).any(), failures["error_message"].tolist()
        assert (failures["remedy"].str.len() > 10).all()
        assert statuses.get("shots", "failed") == ("partial" if len(shots) else "failed")
        assert statuses.get("hashes", "failed") in ("failed", "partial")
        return
    if fate is None:
        assert len(shots) == len(pictures) == 0
        assert statuses["shots"] == statuses["hashes"] == "skipped"
        return
    assert statuses["shots"] == statuses["hashes"] == "ok", statuses
    assert (shots["transition"].tolist(), shots["first_frame"].tolist()) == fate
    assert pictures["frame"].tolist() == [one + 15 for one in fate[1]] or name == "variable_rate.mp4"
    for start, end, time in zip(shots["start_ms"], shots["end_ms"], pictures["time_ms"], strict=True):
        assert start <= time < end
        assert abs(time - (start + end) / 2) <= 90


def test_times_follow_time_stamps_and_phone_films_stand_upright(study: tm.Study) -> None:
    shots = study.table("shots").query("path == 'variable_rate.mp4'")
    assert shots["start_ms"].tolist() == [0, 600]
    assert shots["end_ms"].tolist()[0] == 600
    pictures = study.table("pictures").query("path == 'turned.mp4'")
    assert set(zip(pictures["width"], pictures["height"], strict=True)) == {(90, 160)}


def test_the_summary_counts_shots_where_they_were_looked_for(study: tm.Study) -> None:
    summary = study.summary().set_index("path")
    assert summary.loc["hdr.mp4", "shots"] == 2
    assert summary.loc["hdr.mp4", "cuts_per_minute"] == pytest.approx(60 / 2.4)
    assert summary.loc["hdr.mp4", "average_shot_ms"] == summary.loc["hdr.mp4", "median_shot_ms"] == 1200
    assert np.isnan(summary["cuts_per_minute"].astype(float)["without_moov.mp4"])
