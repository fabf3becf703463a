"""tm.find_faces: the faces of one image, as a study would give them."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

import tidymedia as tm
from tidymedia.errors import MediumError, UsageError

PHOTOGRAPHS = Path(__file__).resolve().parents[2] / "examples" / "media" / "photographs"


def test_a_portrait() -> None:
    faces = tm.find_faces(PHOTOGRAPHS / "astronaut.jpg")
    assert len(faces) == 1
    face = faces.iloc[0]
    assert (face["box_x"], face["box_y"]) == pytest.approx((180, 63), abs=6)
    assert face["score"] > 0.95
    assert face["model"] == "retinaface_mobilenet025@1.0.0"


def test_it_gives_what_a_study_gives(tmp_path: Path) -> None:
    path = PHOTOGRAPHS / "astronaut.jpg"
    study = tm.Study(tmp_path / "study", path).analyze(["faces"], jobs=1).table("faces")
    faces = tm.find_faces(path)
    assert set(faces.columns) <= set(study.columns)
    pd.testing.assert_frame_equal(faces, study[list(faces.columns)], check_dtype=False, atol=0.02)


def test_no_face_keeps_columns_and_types() -> None:
    none, one = tm.find_faces(PHOTOGRAPHS / "dogs.jpg"), tm.find_faces(PHOTOGRAPHS / "astronaut.jpg")
    assert none.empty
    pd.testing.assert_series_equal(none.dtypes, one.dtypes)


@pytest.mark.parametrize("mode", ["L", "RGBA", "P", "CMYK", "1"])
def test_any_mode(mode: str) -> None:
    with Image.open(PHOTOGRAPHS / "astronaut.jpg") as image:
        assert len(tm.find_faces(image.convert(mode))) == 1


def test_an_array_of_a_large_image_gives_boxes_in_its_own_pixels() -> None:
    with Image.open(PHOTOGRAPHS / "astronaut.jpg") as image:
        large = np.asarray(image.resize((2500, 2500)))
    (box_x,) = tm.find_faces(large)["box_x"]
    assert box_x == pytest.approx(180 * 2500 / 512, abs=40)


def test_what_is_drawn_shows_the_face() -> None:
    path = PHOTOGRAPHS / "astronaut.jpg"
    drawn = np.asarray(tm.draw(path, tm.find_faces(path)).convert("RGB"), np.int64)
    changed = np.abs(drawn - np.asarray(tm.open_image(path).convert("RGB"), np.int64)).sum(axis=2) > 60
    assert changed[60:180, 175:275].any()
    assert not changed[300:].any()


@pytest.mark.parametrize("wrong", [{"min_score": 2}, {"min_size": -1}, {"long_side": 10}, {"long_side": True}])
def test_wrong_numbers(wrong: dict[str, float]) -> None:
    with pytest.raises(UsageError, match="out of range"):
        tm.find_faces(PHOTOGRAPHS / "astronaut.jpg", **wrong)


def test_a_broken_file() -> None:
    with pytest.raises(MediumError):
        tm.find_faces(PHOTOGRAPHS.parent / "posts" / "ben" / "cut_off.jpg")
