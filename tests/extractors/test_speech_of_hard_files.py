"""Sounds that are hard to hear go through the real command: a right result, or a failure that says what is wrong."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pandas as pd
import pytest

import heard_sounds as sounds
import tidymedia as tm

SENTENCE = sounds.sentence()
"""Someone speaks from 0.2 to 6.9 seconds."""


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> tm.Study:
    """Return a study of all the files, made by the command."""
    folder = tmp_path_factory.mktemp("hard")
    media = folder / "media"
    media.mkdir()
    nothing = sounds.silence(7.5)
    sounds.silent_film(media / "no_sound.mp4")
    sounds.write_streams(media / "first_is_default.mkv", [(SENTENCE, "mono"), (nothing, "mono")], 0)
    sounds.write_streams(media / "second_is_default.mkv", [(nothing, "mono"), (SENTENCE, "mono")], 1)
    eight = np.zeros((len(SENTENCE), 8), np.float32)
    eight[:, 2] = SENTENCE  # the one in the middle
    sounds.write_streams(media / "seven_one.mkv", [(eight, "7.1")])
    left = np.stack([SENTENCE, np.zeros_like(SENTENCE)], 1)
    sounds.write_streams(media / "left.mkv", [(left, "stereo")])
    whole = sounds.READING.read_bytes()
    (media / "truncated.flac").write_bytes(whole[: len(whole) // 2])
    sounds.write_wav(media / "header_says_less.wav", SENTENCE, stated_bytes=3 * 32_000)
    sounds.write_wav(media / "header_says_more.wav", SENTENCE, stated_bytes=3_000 * 32_000)
    sounds.write_wav(media / "telephone.wav", sounds.samples_of(sounds.READING, 0, 7.5, 8_000), 8_000, law=True)
    sounds.write_wav(media / "ten_milliseconds.wav", SENTENCE[16_000:16_160])
    sounds.write_wav(media / "one_sample.wav", SENTENCE[16_000:16_001])
    sounds.write_wav(media / "no_samples.wav", SENTENCE[:0])
    sounds.write_wav(media / "digital_silence.wav", nothing)
    sounds.write_wav(media / "clipped_noise.wav", sounds.noise(8, 10))
    sounds.write_wav(media / "clipped_speech.wav", np.clip(SENTENCE * 30, -1, 1))
    (media / "no_bytes.mp3").write_bytes(b"")
    command = [sys.executable, "-m", "tidymedia", "analyze", str(media), "-o", str(folder / "study")]
    done = subprocess.run([*command, "--with", "speech", "--quiet"], capture_output=True, text=True, check=False)
    assert done.returncode == 3, done.stderr  # some files failed
    return tm.Study(folder / "study")


def rows(study: tm.Study, name: str) -> pd.DataFrame:
    table = study.table("speech")
    return table[table["path"] == name].reset_index(drop=True)


def check_sentence(table: pd.DataFrame, end: int = 6_880, whole: int = 7_500) -> None:
    (speech,) = table[table["kind"] == "speech"].to_dict("records")
    assert speech["start_ms"] == pytest.approx(220, abs=100)
    assert speech["end_ms"] == pytest.approx(end, abs=100)
    assert speech["score"] > 0.9
    assert table["start_ms"].iloc[0] == 0
    assert table["end_ms"].iloc[-1] == whole
    assert (table["start_ms"].iloc[1:].to_numpy() == table["end_ms"].iloc[:-1].to_numpy()).all()


@pytest.mark.parametrize(
    "name",
    [
        "first_is_default.mkv",
        "second_is_default.mkv",
        "seven_one.mkv",
        "left.mkv",
        "header_says_more.wav",
        "telephone.wav",
        "clipped_speech.wav",
    ],
)
def test_the_sentence_is_found(study: tm.Study, name: str) -> None:
    check_sentence(rows(study, name))


def test_a_header_that_says_less_hides_the_rest(study: tm.Study) -> None:
    check_sentence(rows(study, "header_says_less.wav"), end=3_000, whole=3_000)


@pytest.mark.parametrize("name", ["no_sound.mp4", "no_samples.wav"])
def test_without_a_sound_there_are_no_rows_and_no_failure(study: tm.Study, name: str) -> None:
    assert rows(study, name).empty
    assert status(study, name)["status"] == "empty"
    assert study.summary().set_index("path").loc[name, "problems"] is None or pd.isna(
        study.summary().set_index("path").loc[name, "problems"]
    )


@pytest.mark.parametrize(("name", "end"), [("ten_milliseconds.wav", 10), ("one_sample.wav", 1)])
def test_the_shortest_sounds_have_one_segment(study: tm.Study, name: str, end: int) -> None:
    (row,) = rows(study, name).to_dict("records")
    assert (row["start_ms"], row["end_ms"], row["kind"]) == (0, end, "other")


def test_digital_silence(study: tm.Study) -> None:
    (row,) = rows(study, "digital_silence.wav").to_dict("records")
    assert (row["kind"], row["start_ms"], row["end_ms"], row["level"]) == ("silence", 0, 7_500, -120)
    assert pd.isna(row["score"])
    assert row["speech_score"] < 0.01


def test_clipped_noise_is_no_speech_and_no_silence(study: tm.Study) -> None:
    table = rows(study, "clipped_noise.wav")
    assert set(table["kind"]) <= {"other", "music"}
    length = (table["end_ms"] - table["start_ms"])[table["kind"] == "other"].sum()
    assert length > 7_000


@pytest.mark.parametrize(
    ("name", "says", "fate"), [("truncated.flac", "is cut off", "partial"), ("no_bytes.mp3", "is empty", "failed")]
)
def test_what_is_broken_says_so(study: tm.Study, name: str, says: str, fate: str) -> None:
    assert rows(study, name).empty == (fate == "failed")  # what is heard before the damage stays
    failures: Any = study.table("failures")
    (failure,) = failures[failures["path"] == name].to_dict("records")
    assert says in failure["error_message"]
    assert failure["remedy"]
    assert study.summary().set_index("path").loc[name, "status"] == fate


def status(study: tm.Study, name: str) -> dict[str, Any]:
    (row,) = study.table("status").query("path == @name and extractor == 'speech'").to_dict("records")
    return dict(row)
