"""The nearest pictures of a study to any picture."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

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


def test_what_cannot_be_done_is_said(study: Study, copies: Path) -> None:
    with pytest.raises(UsageError, match="by 'bytes'"):
        study.nearest(copies / "small.jpg", by="bytes")
    with pytest.raises(UsageError, match="no picture 7"):
        study.nearest(copies / "small.jpg", picture=7)
    with pytest.raises(UsageError, match="0 pictures"):
        study.nearest(copies / "small.jpg", 0)
    with pytest.raises(MediumError):
        study.nearest(copies / "empty.jpg")
