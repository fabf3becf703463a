"""The nearest pictures of a study to any picture."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms, ImageOps

from tidymedia.errors import MediumError, UsageError
from tidymedia.study import Study


def test_a_picture_of_the_study_is_nearest_to_itself(study: Study, copies: Path) -> None:
    found = study.nearest(copies / "sunset.jpg", 3)
    assert found["path"].iloc[0] == "sunset.jpg"
    assert found["distance"].iloc[0] == 0
    assert found["distance"].is_monotonic_increasing
    assert list(found.columns) == ["path", "media_id", "unit_id", "picture", "distance", "turn"]


def test_each_path_of_the_same_bytes_has_a_row(study: Study, copies: Path) -> None:
    found = study.nearest(copies / "small.jpg", 2)
    assert {"small.jpg", "small_again.jpg", "mountains.jpg"} == set(found["path"])


@pytest.mark.parametrize("by", ["hash", "pixels"])
def test_a_picture_in_hand(study: Study, copies: Path, by: str) -> None:
    with Image.open(copies / "dandelions.jpg") as image:
        given = image.convert("RGB").resize((200, 150))
    for one in (given, np.asarray(given)):
        assert study.nearest(one, 1, by=by)["path"].tolist() == ["dandelions.jpg"]


def test_a_turned_picture(study: Study, copies: Path) -> None:
    with Image.open(copies / "dandelions.jpg") as image:
        given = ImageOps.mirror(image.convert("RGB"))
    assert study.nearest(given, 1, turned=True)[["path", "turn"]].values.tolist() == [["dandelions.jpg", "mirrored"]]
    assert study.nearest(given, 1)["distance"].item() > 36


def test_a_frame_of_a_film(study: Study, copies: Path) -> None:
    found = study.nearest(copies / "rabbit.gif", 1, picture=2)
    assert found[["path", "distance"]].values.tolist() == [["rabbit.gif", 0.0]]


def test_the_bytes_of_a_file_are_measured_like_the_file(study: Study, copies: Path) -> None:
    film = copies / "rabbit.gif"
    with film.open("rb") as stream:
        for given in (film.read_bytes(), stream):
            found = study.nearest(given, 1, picture=2)
            assert found[["path", "picture", "distance"]].values.tolist() == [["rabbit.gif", 2, 0.0]]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "YCbCr", "LAB", "F"])
def test_a_picture_in_hand_of_any_mode(study: Study, copies: Path, mode: str) -> None:
    with Image.open(copies / "sunset.jpg") as image:
        given = image.convert("RGB").resize((320, 240))
    if mode == "LAB":
        lab = ImageCms.buildTransform(ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB")
        given = ImageCms.applyTransform(given, lab)
    else:
        given = given.convert("L").convert(mode) if mode == "F" else given.convert(mode)
    assert study.nearest(given, 1)["path"].tolist() == ["sunset.jpg"]
    given.close()


def test_what_cannot_be_done_is_said(study: Study, copies: Path) -> None:
    with pytest.raises(UsageError, match="by 'bytes'"):
        study.nearest(copies / "small.jpg", by="bytes")
    with pytest.raises(UsageError, match="no picture 7"):
        study.nearest(copies / "small.jpg", picture=7)
    for number in (0, "3", True):
        with pytest.raises(UsageError, match=f"{number!r} pictures"):
            study.nearest(copies / "small.jpg", number)
    with pytest.raises(UsageError, match="no picture=1"):
        study.nearest(Image.new("RGB", (9, 9)), picture=1)
    with pytest.raises(MediumError):
        study.nearest(copies / "empty.jpg")
