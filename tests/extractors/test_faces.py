"""The table faces: boxes in pixels of the picture, measures, summary; the same whatever ran beside it."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image, ImageFilter

from tidymedia.errors import SettingError
from tidymedia.extractors.faces import FACES, POINTS
from tidymedia.extractors.registry import DEFAULT, make_extractor
from tidymedia.media.kinds import Kind
from tidymedia.media.settings import PictureSettings
from tidymedia.models.bundled import BUNDLED
from tidymedia.models.face_detection import LANDMARKS, MIN_SCORE
from tidymedia.run.fingerprint import fingerprints
from tidymedia.study import Study

MEDIA = Path(__file__).resolve().parents[2] / "examples" / "media"


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("media")
    for name in ("photographs/astronaut.jpg", "photographs/dogs.jpg", "posts/ben/cut_off.jpg"):
        shutil.copy(MEDIA / name, folder)
    with Image.open(folder / "astronaut.jpg") as image:
        portrait = image.convert("RGB")
    portrait.resize((2048, 2048), Image.Resampling.BICUBIC).save(folder / "large.jpg")
    portrait.rotate(25, Image.Resampling.BICUBIC).save(folder / "tilted.png")
    portrait.filter(ImageFilter.GaussianBlur(4)).save(folder / "blurred.png")
    group = Image.new("RGB", (1000, 500), "gray")
    group.paste(portrait.crop((100, 0, 350, 250)), (50, 50))
    group.paste(portrait.resize((256, 256)), (600, 100))
    group.save(folder / "two.png")
    pages = [group, Image.new("RGB", (300, 300), "white"), portrait.crop((0, 0, 500, 500))]
    pages[0].save(folder / "pages.tif", save_all=True, append_images=pages[1:])
    (folder / "text.txt").write_text("No picture.", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def study(media: Path, tmp_path_factory: pytest.TempPathFactory) -> Study:
    return Study(tmp_path_factory.mktemp("study") / "study", media).analyze(["faces"], jobs=1)


@pytest.fixture(scope="module")
def rows(study: Study) -> pd.DataFrame:
    return study.table("faces")


def test_boxes_and_points_are_in_pixels_of_the_picture(rows: pd.DataFrame) -> None:
    small, large = (rows[rows["path"] == name].iloc[0] for name in ("astronaut.jpg", "large.jpg"))
    measured = ["box_x", "box_y", "box_width", "box_height", *(f"{name}_{axis}" for name in POINTS for axis in "xy")]
    np.testing.assert_allclose(small[measured].astype(float) * 4, large[measured].astype(float), atol=30)
    assert (small["box_x"], small["box_y"]) == pytest.approx((180, 63), abs=8)
    assert small["area_share"] == pytest.approx(small["box_width"] * small["box_height"] / 512**2, abs=1e-5)
    assert small["area_share"] == pytest.approx(large["area_share"], rel=0.15)
    assert small["left_eye_x"] < small["right_eye_x"]


def test_faces_of_one_picture_are_numbered_by_size(rows: pd.DataFrame) -> None:
    two = rows[rows["path"] == "two.png"]
    assert two["face"].tolist() == [0, 1]
    assert two["box_height"].iloc[0] > 1.5 * two["box_height"].iloc[1]
    assert [unit.split(":", 1)[1] for unit in two["unit_id"]] == ["p0:f0", "p0:f1"]


def test_pages_have_their_own_faces(rows: pd.DataFrame) -> None:
    assert rows.loc[rows["path"] == "pages.tif", ["picture", "face"]].values.tolist() == [[0, 0], [0, 1], [2, 0]]


def test_tilt_and_sharpness(rows: pd.DataFrame) -> None:
    by_path = rows.set_index("path")
    upright, tilted = by_path.loc["astronaut.jpg"], by_path.loc["tilted.png"]
    assert tilted["roll"] - upright["roll"] == pytest.approx(25, abs=10)
    assert by_path.loc["blurred.png", "sharpness"] < 0.2 * upright["sharpness"]


def test_no_face_is_empty_and_counts_as_none(study: Study) -> None:
    status = study.status().query("extractor == 'faces'").set_index("path")["status"]
    assert status[["astronaut.jpg", "dogs.jpg", "cut_off.jpg", "text.txt"]].tolist() == [
        "ok",
        "empty",
        "failed",
        "skipped",
    ]
    summary = study.summary().set_index("path")
    assert summary.loc[["astronaut.jpg", "dogs.jpg", "two.png", "pages.tif"], "faces"].tolist() == [1, 0, 2, 3]
    assert summary.loc[["astronaut.jpg", "pages.tif"], "most_faces"].tolist() == [1, 2]
    assert pd.isna(summary.loc["cut_off.jpg", "faces"])
    assert pd.isna(summary.loc["dogs.jpg", "largest_face_share"])
    assert summary.loc["astronaut.jpg", "largest_face_share"] == pytest.approx(0.04, abs=0.01)


def test_rows_do_not_depend_on_companions(media: Path, rows: pd.DataFrame, tmp_path: Path) -> None:
    beside = Study(tmp_path / "study", media).analyze([*DEFAULT, "embeddings", "faces"], jobs=1).table("faces")
    pd.testing.assert_frame_equal(rows, beside)


def test_parameters(media: Path, tmp_path: Path) -> None:
    study = Study(tmp_path / "study", media)
    found = study.analyze(["faces"], include=["two.png"], parameters={"faces.min_size": 80}, jobs=1).table("faces")
    assert len(found) == 1
    assert found["face"].tolist() == [0]
    assert make_extractor("faces", {"long_side": 2048}).size.long_side == 2048
    for wrong in ({"min_score": 1.2}, {"min_size": -1}, {"long_side": 100}):
        with pytest.raises(SettingError, match="faces"):
            make_extractor("faces", wrong)


def test_network_and_parameters_decide_the_fingerprint() -> None:
    assert BUNDLED["retinaface_mobilenet025"].sha256 in make_extractor("faces").model_hash
    prints = {
        fingerprints([make_extractor("faces", given)], PictureSettings(), Kind.IMAGE)["faces"]
        for given in ({}, {"min_score": 0.5}, {"long_side": 2048})
    }
    assert len(prints) == 3


def test_it_runs_only_when_asked_for_and_says_nothing_of_feelings_age_or_gender() -> None:
    assert "faces" not in DEFAULT
    assert make_extractor("faces").availability().installed
    assert POINTS == LANDMARKS
    assert make_extractor("faces").parameters.to_dict()["min_score"] == MIN_SCORE
    names = {column.name for column in FACES.columns}
    assert not names & {"age", "gender", "expression", "emotion"}
