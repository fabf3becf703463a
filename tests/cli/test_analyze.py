"""``tidymedia analyze``: its options, what it says, and its exit codes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

Run = Callable[..., Any]


def test_all_well_is_0_and_stdout_stays_clean(run: Run, good: Path, tmp_path: Path) -> None:
    result = run("analyze", good, "-o", tmp_path / "study", "--jobs", "1")
    assert result.code == 0
    assert result.out == ""
    assert "3 files in " in result.err
    assert "3 analysed" in result.err
    assert "--with ocr" in result.err  # what was not run is suggested
    assert len(pd.read_parquet(tmp_path / "study" / "tables" / "pixels.parquet")) == 3


def test_some_failed_is_3(run: Run, mixed: Path, tmp_path: Path) -> None:
    result = run("analyze", mixed, "-o", tmp_path / "study", "--with", "pixels", "--jobs", "1")
    assert result.code == 3
    assert result.out == ""
    assert "failed: empty.png is empty" in result.err
    assert "1 analysed, 1 failed, 1 skipped" in result.err
    assert "tidymedia status" in result.err


def test_a_study_is_gone_on_with(run: Run, good: Path, tmp_path: Path) -> None:
    folder = tmp_path / "study"
    assert run("analyze", good, "-o", folder, "--with", "pixels", "-q").code == 0
    again = run("analyze", "-o", folder)
    assert again.code == 0
    assert "3 known from before" in again.err
    assert run("analyze", "-o", folder, "--retry-failed", "--rehash").code == 0


def test_nothing_analysed_is_2(run: Run, tmp_path: Path) -> None:
    media = tmp_path / "media"
    media.mkdir()
    nothing = run("analyze", media, "-o", tmp_path / "study")
    assert nothing.code == 2
    assert "No files were found." in nothing.err
    (media / "a.txt").write_text("a")
    (media / "b.jpg").touch()
    assert run("analyze", media, "-o", tmp_path / "study").code == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--with", "nope"], ["There is no extractor nope.", "hashes", "pixels"]),
        (["--without", "nope"], ["There is no extractor nope."]),
        (["--with", "ocr", "--set", "ocr.langg=deu"], ["ocr has no parameter langg", "lang"]),
        (["--with", "ocr", "--set", "ocr.lang=klingon"], ["no language 'klingon'"]),
        (["--with", "ocr", "--set", "ocr.engine=magic"], ["ocr.engine cannot be 'magic'", "tesseract, rapidocr"]),
        (["--with", "pixels", "--set", "ocr.lang=deu"], ["--with ocr"]),
        (["--set", "ocr"], ["--set ocr sets nothing", "--set ocr.lang=eng"]),
        (["--set", "limits.pages=many"], ["limits.pages takes a whole number"]),
        (["--set", "limits.page=1"], ["no setting limits.page", "pages"]),
        (["--set", "pictures.video=often"], ["often"]),
        (["--path-column", "image"], ["no table of posts"]),
        (["--plugin", "nowhere.py"], ["no plug-in file"]),
        (["--limit", "0"], ["--limit", "See: tidymedia analyze --help"]),
        (["--limit", "many"], ["--limit", "See: tidymedia analyze --help"]),
        (["--retry"], ["no option --retry", "--retry-failed", "See: tidymedia analyze --help"]),
        (["--jobs"], ["--jobs", "See: tidymedia analyze --help"]),
    ],
)
def test_what_cannot_be_is_1_and_nothing_is_written(
    run: Run, good: Path, tmp_path: Path, words: list[str], said: list[str]
) -> None:
    result = run("analyze", good, "-o", tmp_path / "study", *words)
    assert result.code == 1
    assert result.out == ""
    assert result.err.startswith("tidymedia: ")
    assert len(result.err.splitlines()) <= 2
    for text in said:
        assert text in result.err
    assert not (tmp_path / "study").exists()


def test_media_that_are_not_there_are_1(run: Run, tmp_path: Path) -> None:
    assert run("analyze", tmp_path / "nowhere", "-o", tmp_path / "study").code == 1
    none = run("analyze", "-o", tmp_path / "study")
    assert none.code == 1
    assert "has no media yet" in none.err
    assert not (tmp_path / "study").exists()


def test_media_and_results_are_two_folders(run: Run, good: Path) -> None:
    before = sorted(good.rglob("*"))
    result = run("analyze", good, "-o", good)
    assert result.code == 1
    assert "cannot be the study as well" in result.err
    assert sorted(good.rglob("*")) == before


def test_asked_for_and_not_installed_is_1_with_the_remedy(run: Run, good: Path, plugin: Path, tmp_path: Path) -> None:
    result = run("analyze", good, "-o", tmp_path / "study", "--plugin", plugin, "--with", "missing")
    assert result.code == 1
    assert "The package unicorn is not installed." in result.err
    assert "pip install unicorn" in result.err


def test_dry_run_writes_nothing(run: Run, mixed: Path, tmp_path: Path) -> None:
    result = run("analyze", mixed, "-o", tmp_path / "study", "--dry-run")
    assert result.code == 0
    assert result.out == ""
    assert "1 image" in result.err
    assert "pixels: 1 to do" in result.err
    assert "empty.png is empty" in result.err
    assert list(tmp_path.iterdir()) == []


def test_dry_run_of_a_study_changes_none_of_its_files(run: Run, study: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in study.rglob("*")}
    result = run("analyze", "-o", study, "--with", "ocr", "--dry-run")
    assert "ocr: 1 to do" in result.err
    assert {path: path.stat().st_mtime_ns for path in study.rglob("*")} == before


@pytest.mark.parametrize(
    ("words", "number"),
    [
        (["--include", "*.png"], 3),
        (["--include", "red*", "--include", "blue*"], 2),
        (["--exclude", "sub/**"], 2),
        (["--limit", "1"], 1),
        (["--sample", "2", "--seed", "7"], 2),
    ],
)
def test_files_are_chosen(run: Run, good: Path, tmp_path: Path, words: list[str], number: int) -> None:
    assert f"{number} image" in run("analyze", good, "-o", tmp_path / "study", "--dry-run", *words).err


def test_a_pattern_that_the_shell_left_alone(run: Run, good: Path, tmp_path: Path) -> None:
    assert "2 image" in run("analyze", good / "*.png", "-o", tmp_path / "study", "--dry-run").err
    assert run("analyze", good / "*.tiff", "-o", tmp_path / "study", "--dry-run").code == 1


def test_settings_reach_the_study(run: Run, good: Path, tmp_path: Path) -> None:
    words = ["--with", "ocr", "--set", "ocr.lang=eng", "--set", "ocr.minimum_score=0.9", "--set", "limits.pages=50"]
    result = run("analyze", good, "-o", tmp_path / "study", "--limit", "1", "--set", "pictures.video=1s", *words)
    assert result.code == 0
    written = (tmp_path / "study" / "study.toml").read_text(encoding="utf-8")
    assert "minimum_score = 0.9" in written
    assert "pages = 50" in written
    assert 'video = "1s"' in written


def test_a_table_of_posts(run: Run, good: Path, tmp_path: Path) -> None:
    posts = good / "posts.csv"
    posts.write_text("post,image\n1,red.png\n2,blue.png\n", encoding="utf-8")
    try:
        result = run("analyze", posts, "--path-column", "image", "-o", tmp_path / "study", "--with", "pixels")
    finally:
        posts.unlink()
    assert result.code == 0
    assert pd.read_parquet(tmp_path / "study" / "items.parquet")["path"].tolist() == ["red.png", "blue.png"]
    wide = run("export", tmp_path / "study", "--wide")
    assert wide.out.splitlines()[0].startswith("item_id,post,")


def test_quiet_says_nothing_when_all_is_well(run: Run, good: Path, tmp_path: Path) -> None:
    result = run("analyze", good, "-o", tmp_path / "study", "--with", "pixels", "--limit", "1", "--quiet")
    assert result == (0, "", "")


def test_a_bug_of_an_extractor_is_a_failure_or_stops_the_run(
    run: Run, good: Path, plugin: Path, tmp_path: Path
) -> None:
    words = ["--plugin", plugin, "--with", "buggy", "--limit", "1", "-o", tmp_path / "study"]
    result = run("analyze", good, *words)
    assert result.code == 2  # all that ran failed
    assert "--stop-at-bugs" in run("status", tmp_path / "study").out
    stopped = run("analyze", *words, "--retry-failed", "--stop-at-bugs")
    assert stopped.code == 1
    assert "len(None)" in stopped.err  # where it is
