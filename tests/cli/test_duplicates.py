"""``tidymedia duplicates`` and ``tidymedia nearest``."""

import json
import shutil
from pathlib import Path

import pytest
from PIL import Image, ImageOps

from tidymedia.cli.application import run_application
from tidymedia.study import Study

PHOTOGRAPHS = Path(__file__).resolve().parents[2] / "examples" / "media" / "photographs"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("copies")
    media = folder / "media"
    media.mkdir()
    shutil.copy(PHOTOGRAPHS / "sunset.jpg", media)
    shutil.copy(PHOTOGRAPHS / "mountains.jpg", media)
    shutil.copy(PHOTOGRAPHS / "mountains.jpg", media / "same.jpg")
    with Image.open(media / "mountains.jpg") as image:
        small = image.convert("RGB").resize((300, 225))
    small.save(media / "small.png")
    ImageOps.mirror(small).save(media / "mirrored.png")
    Study(folder / "study", media).analyze(["hashes"], jobs=1)
    return folder


def test_clusters_are_listed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_application(["duplicates", str(folder / "study"), "--turned"]) == 0
    said = capsys.readouterr()
    lines = said.out.splitlines()
    assert lines[0] == "1 cluster of copies, 4 files."
    assert lines[1].startswith("3 files (")
    assert lines[1].endswith(") can be dropped, 2 of them only if what looks alike is a copy: look before you drop.")
    assert lines[3] == "mountains.jpg"
    assert "  same.jpg  the same bytes" in lines
    assert any(line.startswith("  mirrored.png  distance ") and line.endswith(", mirrored") for line in lines)
    assert "--tables duplicates" in said.err


def test_the_same_bytes_are_listed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_application(["duplicates", str(folder / "study"), "--by", "bytes"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "1 cluster of copies, 2 files."
    assert lines[1].startswith("1 file (")
    assert lines[1].endswith(") can be dropped: a file that stays has the same bytes.")
    assert lines[3:] == ["mountains.jpg", "  same.jpg  the same bytes"]


def test_the_whole_table_for_a_pipe(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_application(["duplicates", str(folder / "study"), "--by", "bytes", "--format", "csv"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("path,media_id,unit_id,picture,cluster,")
    assert [line.split(",")[0] for line in lines[1:]] == ["mountains.jpg", "same.jpg"]


def test_no_copies_are_no_error(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Study(folder / "alone", folder / "media" / "sunset.jpg").analyze(["hashes"], jobs=1)
    assert run_application(["duplicates", str(folder / "alone")]) == 0
    assert capsys.readouterr().out.startswith("No copies by hash.")


def test_what_is_missing_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_application(["duplicates", str(folder / "study"), "--by", "pixels"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "--with miniatures" in said.err


def test_nearest(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["nearest", str(folder / "study"), str(folder / "media" / "mirrored.png"), "-n", "2", "--turned"]
    assert run_application([*asked, "--format", "json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (rows[0]["path"], rows[0]["turn"]) == ("mirrored.png", "upright")
    assert rows[0]["distance"] == 0
    assert rows[1]["turn"] == "mirrored"


def test_nearest_compares_pictures_not_bytes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_application(["nearest", str(folder / "study"), "a.jpg", "--by", "bytes"]) == 1
    assert "'hash', 'embedding', 'pixels'" in capsys.readouterr().err


def test_nearest_to_a_file_that_is_not_there(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_application(["nearest", str(folder / "study"), "nowhere.jpg"]) == 1
    assert "nowhere.jpg" in capsys.readouterr().err


def test_status_says_that_the_table_is_out_of_date(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    media = tmp_path / "media"
    media.mkdir()
    shutil.copy(PHOTOGRAPHS / "sunset.jpg", media)
    study = Study(tmp_path / "study", media).analyze(["hashes"], jobs=1)
    study.duplicates()
    assert run_application(["status", str(study.folder)]) == 0
    assert "out of date" not in capsys.readouterr().out
    shutil.copy(PHOTOGRAPHS / "sunset.jpg", media / "again.jpg")
    study.analyze(["hashes"], jobs=1)
    assert run_application(["status", str(study.folder)]) == 0
    assert "The table duplicates is out of date" in capsys.readouterr().out
