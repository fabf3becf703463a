"""``tidymedia identities``."""

import shutil
from pathlib import Path

import pytest

from tidymedia.cli.application import run_application
from tidymedia.study import Study

PHOTOGRAPHS = Path(__file__).resolve().parents[2] / "examples" / "media" / "photographs"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("people")
    for name in ("media", "gallery"):
        (folder / name).mkdir()
    for name in ("astronaut.jpg", "photographer.png"):
        shutil.copy(PHOTOGRAPHS / name, folder / "media")
    shutil.copy(PHOTOGRAPHS / "astronaut.jpg", folder / "gallery" / "Eileen Collins.jpg")
    Study(folder / "study", folder / "media").analyze(["face_embeddings"], jobs=1)
    return folder


def test_people_are_listed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_application(["identities", str(folder / "study"), "--gallery", str(folder / "gallery")]) == 0
    said = capsys.readouterr()
    lines = said.out.splitlines()
    assert lines[0].startswith("2 faces, by likeness of 2 people; 1 face given a name.")
    assert "Eileen Collins: 1 face" in lines
    assert "  astronaut.jpg (picture 0, face 0)  distance 0.00" in lines
    assert "--tables identities" in said.err


def test_the_whole_table_for_a_pipe(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_application(["identities", str(folder / "study"), "--format", "csv"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("path,media_id,unit_id,picture,face,identity,")
    assert len(lines) == 3


def test_without_vectors_the_remedy_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Study(folder / "plain", folder / "media").analyze(["pixels"], jobs=1)
    assert run_application(["identities", str(folder / "plain")]) != 0
    assert "--with face_embeddings" in capsys.readouterr().err
