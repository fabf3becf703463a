"""``tm.tag``: labels of one image, the same as in a study."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PIL import Image

import tidymedia as tm
from tidymedia.errors import SettingError, UnavailableError, UnreadableError, UsageError

MEDIA = Path(__file__).resolve().parents[2] / "examples" / "media"
CHAPTER = Path(__file__).resolve().parents[3] / "shared" / "chapter" / "298_5_52_15.png"
SEA, BOAT = (0, 0, 0.3, 0.3), (0.1, 0.35, 0.8, 0.95)


def test_one_row_a_label_the_best_first() -> None:
    table = tm.tag(MEDIA / "photographs" / "mountains.jpg", top=3)
    assert table.columns.tolist() == ["rank", "label", "wordnet_id", "score"]
    assert table["rank"].tolist() == [0, 1, 2]
    assert table.loc[0, "label"] == "alp"
    assert table.loc[0, "wordnet_id"] == "n09193705"
    assert table["score"].is_monotonic_decreasing
    assert len(tm.tag(MEDIA / "photographs" / "mountains.jpg")) == 5


def test_the_same_as_in_a_study(tmp_path: Path) -> None:
    files = [MEDIA / name for name in ("photographs/sunset.jpg", "photographs/fig.avif", "films/rabbit.mp4")]
    rows = tm.Study(tmp_path / "study", files).analyze(["tags"], jobs=1).table("tags")
    for file in files:
        stored = rows.query("path.str.endswith(@file.name) and picture == 0").reset_index(drop=True)
        made = tm.tag(file)
        pd.testing.assert_frame_equal(
            made[["label", "score"]], stored[["label", "score"]], check_exact=True, check_dtype=False
        )


def test_from_wherever_the_image_is() -> None:
    path = MEDIA / "photographs" / "pagoda.jpg"
    wanted = tm.tag(path)
    for source in (str(path), path.read_bytes()):
        pd.testing.assert_frame_equal(tm.tag(source), wanted)
    with path.open("rb") as stream:
        pd.testing.assert_frame_equal(tm.tag(stream), wanted)
    first = wanted["label"].tolist()[0]
    with Image.open(path) as opened:
        assert tm.tag(opened)["label"].tolist()[0] == first
        assert tm.tag(np.asarray(opened))["label"].tolist()[0] == first


@pytest.mark.parametrize("color", ["black", "white"])
def test_odd_images_get_labels_too(color: str) -> None:
    for mode, size in (("L", (1, 1)), ("RGBA", (2000, 3)), ("CMYK", (5, 700)), ("1", (9, 9)), ("P", (30, 20))):
        assert len(tm.tag(Image.new(mode, size, color if mode != "CMYK" else 0))) == 5


def test_the_smallest_score_can_leave_nothing() -> None:
    table = tm.tag(np.zeros((30, 40), np.uint8), min_score=1)
    assert table.empty
    assert table["score"].dtype == "float64"


def test_wrong_arguments_are_named() -> None:
    image = np.zeros((30, 40), np.uint8)
    wrong: dict[str, Any]
    for wrong in ({"top": 0}, {"top": 2.5}, {"top": True}, {"min_score": 2}, {"min_score": float("nan")}):
        with pytest.raises(UsageError, match=r"is out of range"):
            tm.tag(image, **wrong)
    with pytest.raises(UsageError, match="is one text"):
        tm.tag(image, labels="protest")
    with pytest.raises(UsageError, match=r"Fetch one with: tidymedia models fetch openai/clip"):
        tm.tag(image, labels=["protest", "police"])
    with pytest.raises(SettingError, match="There is no network efficientnet"):
        tm.tag(image, model="efficientnet_lite9")
    with pytest.raises(UsageError, match="There is no normalization"):
        tm.tag(image, normalization="some")
    with pytest.raises(UnavailableError, match="tidymedia models fetch owner/name"):
        tm.tag(image, model="owner/name")
    with pytest.raises(UnreadableError, match=r"There is no file absent\.jpg"):
        tm.tag("absent.jpg")


@pytest.mark.skipif(not CHAPTER.is_file(), reason="the pictures of the textbook are not part of the repository")
def test_answers_of_the_same_kind_as_the_chapters() -> None:
    whole = set(tm.tag(CHAPTER)["wordnet_id"])
    sea, boat = (set(tm.tag(tm.crop_box(CHAPTER, box, (224, 224)))["wordnet_id"]) for box in (SEA, BOAT))
    sandbar, seashore, cliff, lifeboat, volcano = "n09421951", "n09428293", "n09246464", "n03662601", "n09472597"
    assert {sandbar, seashore} <= sea
    assert lifeboat in boat
    assert {lifeboat, volcano, cliff} <= whole
