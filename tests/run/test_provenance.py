"""Provenance says what ran, and keeps secrets."""

import datetime
import json
from pathlib import Path

import pytest

from tidymedia.media.settings import PictureSettings
from tidymedia.run.plan import make_plan
from tidymedia.run.provenance import describe_run, name_of_run, package_versions, write_provenance
from tidymedia.run.study_file import StudyFile

START = datetime.datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=datetime.UTC)


def describe() -> dict[str, object]:
    plan = make_plan(["ocr"], {"ocr": {"lang": "eng"}}, PictureSettings())
    return describe_run(name_of_run(START), START, plan, StudyFile(), 3, 42)


def test_what_decides_the_rows_is_there(tmp_path: Path) -> None:
    write_provenance(tmp_path, describe())
    read = json.loads((tmp_path / "runs" / "20260102T030405.000678Z.json").read_text(encoding="utf-8"))
    assert read["started"] == START.isoformat()
    assert read["seeds"] == {"sample": 42}
    assert read["jobs"] == 3
    assert read["packages"].keys() == package_versions().keys() >= {"pillow", "tidymedia", "numpy"}
    ocr = next(one for one in read["extractors"] if one["name"] == "ocr")
    assert ocr["parameters"]["lang"] == "eng"
    assert ocr["model"]
    assert set(ocr["fingerprints"]) == {"image", "document", "vector", "video"}


@pytest.mark.parametrize(
    ("argument", "kept"),
    [
        ("s3://key:secret@bucket/a", "s3://bucket/a"),
        ("https://host/a.jpg?token=secret&x=1", "https://host/a.jpg"),
        ("https://host/a.jpg#secret", "https://host/a.jpg"),
        ("photos/what?.jpg", "photos/what?.jpg"),
        ("me@home", "me@home"),
    ],
)
def test_secrets_of_an_address_are_left_out(monkeypatch: pytest.MonkeyPatch, argument: str, kept: str) -> None:
    monkeypatch.setattr("sys.argv", ["/usr/bin/tidymedia", "analyze", argument])
    assert describe()["command"] == ["tidymedia", "analyze", kept]
