"""``tidymedia voices``."""

from pathlib import Path

import numpy as np
import pytest

import audio_makers
import voice_sounds
from tidymedia.cli.application import run_application
from tidymedia.study import Study

RATE = 16_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("parselmouth", reason="Praat (praat-parselmouth) is not installed")
    folder = tmp_path_factory.mktemp("talk")
    (folder / "media").mkdir()
    for name, pitches in (("low", (100, 110, 120)), ("high", (200, 210))):
        samples = np.concatenate([voice_sounds.voice(1, pitch, rate=RATE) for pitch in pitches])
        (folder / "media" / f"{name}.wav").write_bytes(audio_makers.wav(samples[:, None], RATE))
    Study(folder / "study", folder / "media").analyze(["voice"], parameters={"voice.segments": "1s"}, jobs=1)
    return folder


def test_speakers_are_listed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_application(["voices", str(folder / "study"), "--by", "path", "--min-segments", "3"]) == 0
    said = capsys.readouterr()
    assert said.out.splitlines() == [
        "3 segments of 1 speaker.",
        "2 segments without scores: the speaker has too few segments that were measured.",
        "",
        "low.wav: 3 segments, mean pitch 110 Hz (standard deviation 10)",
    ]
    assert "--tables voice_standardized" in said.err


def test_speakers_of_a_file_and_the_whole_table(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    turns = folder / "turns.csv"
    turns.write_text("path,speaker,start_ms,end_ms\nlow.wav,Ann,0,3000\nhigh.wav,Ben,0,1000\n", encoding="utf-8")
    asked = ["voices", str(folder / "study"), "--speakers", str(turns), "--format", "csv"]
    assert run_application(asked) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("path,media_id,unit_id,segment,start_ms,end_ms,speaker,")
    assert len(lines) == 6


def test_nobody_says_who_speaks(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_application(["voices", str(folder / "study")]) == 1
    assert "does not say who speaks" in capsys.readouterr().err


def test_status_names_the_command_that_makes_old_scores_anew(
    folder: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    study = Study(tmp_path / "study", folder / "media").analyze(["voice"], parameters={"voice.segments": "1s"}, jobs=1)
    assert run_application(["voices", str(study.folder), "--by", "path", "--min-segments", "2"]) == 0
    study.analyze(["voice"], parameters={"voice.segments": "0.5s"}, jobs=1)
    capsys.readouterr()
    assert run_application(["status", str(study.folder)]) == 0
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "out of date" in line]
    assert line.endswith(f"Make it anew: tidymedia voices {study.folder} --by path")
