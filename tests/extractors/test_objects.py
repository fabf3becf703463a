"""Objects: rows with boxes in pixels of the picture, whatever size the network looked at."""

import shutil
from pathlib import Path

import pytest
from PIL import Image

from tidymedia.errors import SettingError, UnavailableError
from tidymedia.extractors.objects import Objects
from tidymedia.extractors.registry import DEFAULT, make_extractor
from tidymedia.media.kinds import Kind
from tidymedia.media.picture import FULL, THUMB
from tidymedia.media.settings import PictureSettings
from tidymedia.models.bundled import BUNDLED
from tidymedia.models.files import ENVIRONMENT
from tidymedia.run.fingerprint import fingerprints
from tidymedia.study import Study

MEDIA = Path(__file__).resolve().parents[2] / "examples" / "media"
MODEL = BUNDLED["nanodet"]


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("media")
    photograph = Image.open(MEDIA / "photographs" / "photographer.png").convert("RGB")
    photograph.save(folder / "photographer.png")
    photograph.resize((1536, 1536)).save(folder / "large.png")
    small = Image.new("RGB", (1600, 1200), (140, 150, 140))
    small.paste(photograph.resize((80, 80)), (1190, 700))
    small.save(folder / "far_away.png")
    Image.new("RGB", (300, 200), "white").save(folder / "white.png")
    shutil.copy(MEDIA / "posts" / "ben" / "cut_off.jpg", folder)
    return folder


@pytest.fixture(scope="module")
def study(media: Path, tmp_path_factory: pytest.TempPathFactory) -> Study:
    return Study(tmp_path_factory.mktemp("study"), media).analyze(["objects"], jobs=1)


def test_boxes_are_in_pixels_of_the_picture(study: Study) -> None:
    rows = study.table("objects").query("label == 'person'").set_index("path")
    for path, factor in (("photographer.png", 1), ("large.png", 3)):
        person = rows.loc[path]
        assert person["score"] > 0.8
        box = [person["box_x"], person["box_y"], person["box_width"], person["box_height"]]
        assert box == pytest.approx([0 * factor, 70 * factor, 315 * factor, 442 * factor], abs=20 * factor)
        assert person["area_share"] == pytest.approx(box[2] * box[3] / (512 * factor) ** 2, abs=1e-3)
        assert person["lang"] == "en"
        assert person["model"] == "nanodet@3.0.4"
        assert person["unit_id"].endswith(f":p0:o{person['object']}")


def test_rows_of_a_picture_are_numbered_by_falling_score(study: Study) -> None:
    for _, rows in study.table("objects").groupby("path"):
        assert rows["object"].tolist() == list(range(len(rows)))
        assert rows["score"].is_monotonic_decreasing
        assert (rows["score"] >= 0.4).all()


def test_nothing_found_is_empty_and_a_broken_file_costs_only_itself(study: Study) -> None:
    status = study.status().query("extractor == 'objects'").set_index("path")["status"]
    assert status["white.png"] == "empty"
    assert status["cut_off.jpg"] == "failed"
    assert status["photographer.png"] == "ok"


def test_summary_counts_persons_and_names_what_was_found(study: Study) -> None:
    summary = study.summary().set_index("path")
    assert summary.loc["photographer.png", "persons"] == 1
    assert "person" in summary.loc["photographer.png", "object_labels"].split("; ")
    assert summary.loc["white.png", "objects"] == 0
    assert summary.loc["white.png", "persons"] == 0


def test_tiles_find_what_is_small(media: Path, study: Study, tmp_path: Path) -> None:
    assert study.table("objects").query("path == 'far_away.png' and label == 'person'").empty
    tiled = Study(tmp_path / "tiled", media).analyze(
        ["objects"], parameters={"objects": {"tiles": 416}}, include=["far_away.png"], jobs=1
    )
    rows = tiled.table("objects").query("label == 'person'")
    assert len(rows) == 1
    assert 1180 < rows["box_x"].iloc[0] < 1200
    assert 700 < rows["box_y"].iloc[0] < 725


def test_smallest_score_and_largest_number() -> None:
    extractor = make_extractor("objects", {"min_score": "0.1", "max_objects": "3"})
    extractor.load()
    with Image.open(MEDIA / "photographs" / "photographer.png") as photograph:
        image = photograph.convert("RGB")
    from tidymedia.media.picture import Picture

    assert isinstance(extractor, Objects)
    picture = Picture(4, 512, 512, lambda size: image)
    rows = list(extractor.from_picture(picture))
    assert [row.values["object"] for row in rows] == [0, 1, 2]
    assert {row.values["picture"] for row in rows} == {4}
    assert rows[-1].values["score"] < 0.4


def test_parameters_are_checked() -> None:
    for given, message in (
        ({"tiles": 20}, "cannot be 20"),
        ({"min_score": 0}, "at least 0.01"),
        ({"max_objects": 0}, "at least 1"),
        ({"model": "no such network"}, "no network no such network"),
    ):
        with pytest.raises(SettingError, match=message):
            _ = make_extractor("objects", given).model


def test_size_classes() -> None:
    assert make_extractor("objects").size is THUMB  # type: ignore[attr-defined]  # it is a PictureExtractor
    assert make_extractor("objects", {"tiles": 640}).size is FULL  # type: ignore[attr-defined]  # as above


def test_parameters_and_the_network_decide_the_fingerprint() -> None:
    prints = [
        fingerprints([make_extractor("objects", given)], PictureSettings(), Kind.IMAGE)["objects"]
        for given in ({}, {}, {"min_score": 0.3}, {"tiles": 416})
    ]
    assert prints[0] == prints[1]
    assert len(set(prints)) == 3
    assert MODEL.sha256 in make_extractor("objects").model_hash


def test_it_runs_only_when_asked_for_and_only_with_its_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "objects" not in DEFAULT
    assert make_extractor("objects").availability().installed
    missing = make_extractor("objects", {"model": str(tmp_path / "absent.onnx")})
    assert not missing.availability().installed
    assert "absent.onnx" in missing.availability().missing
    (tmp_path / MODEL.file).write_bytes(b"another network")
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path))
    with pytest.raises(UnavailableError, match="is not the network nanodet@"):
        make_extractor("objects").load()
