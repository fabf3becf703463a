"""``tm.find_shots`` gives the rows of a study, and passes its arguments on."""

from __future__ import annotations

from pathlib import Path

import pytest

import tidymedia as tm
from tidymedia.errors import OverLimitError, SettingError, UnsupportedError

FILMS = Path(__file__).parents[2] / "examples" / "media" / "films"


def test_the_rows_are_those_of_a_study(tmp_path: Path) -> None:
    found = tm.find_shots(FILMS / "montage.mp4")
    study = tm.Study(tmp_path / "study", FILMS / "montage.mp4").analyze(["shots"], jobs=1).table("shots")
    assert found.columns[0] == "shot"
    for name in found.columns:
        assert found[name].tolist() == pytest.approx(study[name].tolist(), nan_ok=True), name


def test_arguments_are_passed_on() -> None:
    film = (FILMS / "montage.mp4").read_bytes()
    assert tm.find_shots(film, gradual=False)["transition"].isin(["start", "cut"]).all()
    assert len(tm.find_shots(film, min_shot_ms=4000)) < 5
    assert len(tm.find_shots(film, detector="content", threshold=255)) == 3


def test_what_cannot_be_done() -> None:
    with pytest.raises(SettingError, match=r"shots\.detector cannot be 'eyes'"):
        tm.find_shots(FILMS / "montage.mp4", detector="eyes")  # type: ignore[arg-type]
    with pytest.raises(UnsupportedError, match="kind image"):
        tm.find_shots(FILMS / "rabbit.gif")
    with pytest.raises(OverLimitError, match=r"limits=tm\.Limits\(duration_s=21\) in tm\.find_shots"):
        tm.find_shots(FILMS / "montage.mp4", limits=tm.Limits(duration_s=5))
