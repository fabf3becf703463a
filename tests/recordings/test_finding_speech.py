"""``tm.find_speech``: the rows of a study, of one recording."""

import io
from pathlib import Path

import pytest

import heard_sounds as sounds
import tidymedia as tm
from tidymedia.errors import MediumError, UsageError

LEFT_OUT = {"media_id", "unit_id", "extractor", "fingerprint", "path"}


def test_the_rows_are_those_of_a_study(tmp_path: Path) -> None:
    given = {"min_speech_score": 0.6, "min_pause_ms": 900, "silence_level": -60.0, "padding_ms": 50}
    table = tm.find_speech(sounds.READING, **given)
    parameters = {f"speech.{name}": value for name, value in given.items()}
    study = tm.Study(tmp_path / "study", [sounds.READING]).analyze(["speech"], parameters=parameters).table("speech")
    assert set(table.columns) == set(study.columns) - LEFT_OUT
    for name in table.columns:
        assert table[name].astype(str).tolist() == study[name].astype(str).tolist(), name
    assert len(table) != len(tm.find_speech(sounds.READING))


def test_paths_bytes_and_open_files(tmp_path: Path) -> None:
    table = tm.find_speech(sounds.MONTAGE)
    for source in (str(sounds.MONTAGE), sounds.MONTAGE.read_bytes(), io.BytesIO(sounds.MONTAGE.read_bytes())):
        assert tm.find_speech(source).equals(table)


def test_what_cannot_be_heard(tmp_path: Path) -> None:
    with pytest.raises(MediumError, match="has no sound"):
        tm.find_speech(sounds.silent_film(tmp_path / "film.mp4"))
    with pytest.raises(MediumError):
        tm.find_speech(sounds.EXAMPLES / "photographs" / "dogs.jpg")
    with pytest.raises(UsageError):
        tm.find_speech(sounds.READING, min_speech_score=2)
    with pytest.raises(MediumError, match="no file"):
        tm.find_speech(tmp_path / "nowhere.wav")
