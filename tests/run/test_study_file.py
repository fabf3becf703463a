"""study.toml: written, read, moved, refused."""

from pathlib import Path

import pytest

from tidymedia.errors import SettingError, StudyError
from tidymedia.media.finding import Root
from tidymedia.media.settings import Limits, PictureSettings
from tidymedia.run.study_file import StudyFile, changed


def write(folder: Path, text: str) -> Path:
    (folder / "study.toml").write_text(text, encoding="utf-8")
    return folder


def test_what_is_written_is_read(tmp_path: Path) -> None:
    study = StudyFile(
        (Root.from_dict({"kind": "folder", "location": str(tmp_path / "media é"), "prefix": ""}),),
        PictureSettings(video="1s", pdf_dpi=150),
        Limits(pages=3),
        {"ocr": {"lang": "deu", "nothing": None, "list": ["a", "b"]}},
        (str(tmp_path / "mine.py"),),
    )
    (tmp_path / "study").mkdir()
    study.write(tmp_path / "study")
    read = StudyFile.read(tmp_path / "study")
    assert (read.pictures, read.limits, read.plugins, read.roots) == (
        study.pictures,
        study.limits,
        study.plugins,
        study.roots,
    )
    assert read.extractors == {"ocr": {"lang": "deu", "list": ["a", "b"]}}
    assert [path.name for path in (tmp_path / "study").iterdir()] == ["study.toml"]


def test_places_are_relative_to_the_study(tmp_path: Path) -> None:
    (tmp_path / "a" / "study").mkdir(parents=True)
    root = Root.from_dict({"kind": "folder", "location": str(tmp_path / "a" / "media"), "prefix": ""})
    StudyFile((root,), plugins=(str(tmp_path / "a" / "mine.py"),)).write(tmp_path / "a" / "study")
    (tmp_path / "a").rename(tmp_path / "b")
    moved = StudyFile.read(tmp_path / "b" / "study")
    assert Path(moved.roots[0].location) == (tmp_path / "b" / "media").resolve()
    assert Path(moved.plugins[0]) == (tmp_path / "b" / "mine.py").resolve()


def test_a_new_study_is_empty(tmp_path: Path) -> None:
    assert StudyFile.read(tmp_path) == StudyFile()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("pictures = {", "cannot be read"),
        ("format = 99", "newer tidymedia"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(StudyError, match=words) as caught:
        StudyFile.read(write(tmp_path, text))
    assert "study.toml" in caught.value.message
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[pictures]\ndpi = 3", r"no setting pictures\.dpi"),
        ('[pictures]\nvideo = "often"', "often"),
        ('[pictures]\nbackground = "no colour"', "is no colour"),
        ("[limits]\npages = 0", "at least 1"),
        ('[limits]\npages = "many"', "whole number"),
    ],
)
def test_a_setting_that_is_not_allowed_is_named(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(SettingError, match=words):
        StudyFile.read(write(tmp_path, text))


def test_settings_are_changed_one_by_one() -> None:
    assert changed(Limits(), {"pixels": "1_000"}, "limits") == Limits(pixels=1000)
    assert changed(PictureSettings(), {"video": "codec"}, "pictures") == PictureSettings(video="codec")
    assert changed(Limits(), {}, "limits") == Limits()
