"""``tidymedia export`` writes transcripts for players, ELAN and Praat."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scripted_study import scripted_study, segments

Run = Callable[..., Any]


@pytest.fixture(scope="module")
def talks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    said = {"transcripts": [*segments((0, 900, "Good evening.")), *segments((900, 1_500, "Thanks"), flags="phantom")]}
    return scripted_study(tmp_path_factory.mktemp("talks"), {"a/one.wav": said, "two.wav": said}).folder


@pytest.mark.parametrize(
    ("form", "ending"), [("srt", "srt"), ("vtt", "vtt"), ("txt", "txt"), ("eaf", "eaf"), ("textgrid", "TextGrid")]
)
def test_a_file_a_medium(run: Run, talks: Path, tmp_path: Path, form: str, ending: str) -> None:
    result = run("export", talks, tmp_path / "out", "--format", form)
    assert result.code == 0
    written = [Path(line) for line in result.out.splitlines()]
    assert written == [tmp_path / "out" / "a" / f"one.{ending}", tmp_path / "out" / f"two.{ending}"]
    assert all("Good evening." in path.read_text("utf-8") for path in written)


def test_flags_are_named_by_commas(run: Run, talks: Path, tmp_path: Path) -> None:
    result = run("export", talks, tmp_path / "out", "--format", "txt", "--without-flags", "phantom,fast")
    assert result.code == 0
    assert (tmp_path / "out" / "two.txt").read_text("utf-8") == "Good evening.\n"
    wrong = run("export", talks, tmp_path / "more", "--format", "txt", "--without-flags", "phantoms")
    assert wrong.code == 1
    assert "phantom" in wrong.err
    assert not (tmp_path / "more").exists()


def test_the_suffix_says_the_format_and_one_file_is_for_one_medium(run: Run, talks: Path, tmp_path: Path) -> None:
    result = run("export", talks, tmp_path / "talk.srt")
    assert result.code == 1
    assert "2 media have a transcript" in result.err
