"""The table of copies: what is in it, what is not, and what is said of each."""

import random
import re
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest
from PIL import Image, ImageDraw, ImageFont, ImageOps

from tidymedia.duplicates.table import DUPLICATES, Measure
from tidymedia.errors import UsageError
from tidymedia.study import Study
from tidymedia.tables.derived import origin_of


def by_path(found: pd.DataFrame) -> dict[str, Any]:
    return {row.path: row for row in found.itertuples()}


def test_other_sizes_are_found_by_hash(study: Study) -> None:
    found = by_path(study.duplicates())
    assert set(found) == {"mountains.jpg", "small.jpg", "small_again.jpg"}
    original = found["mountains.jpg"]
    assert {row.cluster for row in found.values()} == {original.unit_id}
    assert original.is_representative
    assert (original.distance, original.kind, original.turn, original.cluster_files) == (0, "exact", "upright", 3)
    for name in ("small.jpg", "small_again.jpg"):
        assert not found[name].is_representative
        assert found[name].kind == "near"
        assert found[name].distance <= 36


def test_turned_copies_are_found_on_request(study: Study) -> None:
    found = by_path(study.duplicates(turned=True))
    assert found["mirrored.png"].turn == "mirrored"
    assert found["rotated.png"].turn == "rotated_90"
    assert found["small.jpg"].turn == "upright"
    assert len(found) == 5


@pytest.mark.parametrize("turned", [False, True])
def test_a_picture_in_a_screenshot_is_found(copies: Path, tmp_path: Path, turned: bool) -> None:
    media = tmp_path / "media"
    media.mkdir()
    shutil.copy(copies / "mountains.jpg", media)
    with Image.open(copies / "mountains.jpg") as image:
        small = image.convert("RGB").resize((400, 300))
    screen = Image.new("RGB", (1600, 2400), "white")  # more pixels than the photograph has
    screen.paste((59, 89, 152), (0, 0, 1600, 160))
    screen.paste((ImageOps.mirror(small) if turned else small).resize((1200, 900)), (200, 500))
    screen.save(media / "screen.png")
    study = Study(tmp_path / "study", media).analyze(["hashes"], jobs=1)
    rows = study.duplicates(turned=turned).set_index("path")
    assert len(rows) == 2
    assert rows["is_representative"].to_dict() == {"mountains.jpg": True, "screen.png": False}
    assert rows.loc["screen.png", "turn"] == ("mirrored" if turned else "upright")
    nearest = study.nearest(media / "mountains.jpg", 2, turned=turned)
    assert nearest["distance"].max() == rows["distance"].max()


def letter(seed: int) -> Image.Image:
    """Draw a letter: the letterhead is always the same, the words never are."""
    words = random.Random(seed)
    page = Image.new("L", (620, 877), 255)
    draw = ImageDraw.Draw(page)
    draw.rectangle((40, 40, 580, 70), fill=60)
    font = ImageFont.load_default(13)
    for line in range(words.randint(26, 30)):
        text = " ".join("".join(words.choices("aeinorstld", k=words.randint(2, 9))) for _ in range(12))
        draw.text((60, 120 + 22 * line), text[: words.randint(60, 72)], fill=20, font=font)
    return page


def test_pages_of_one_layout_are_no_copies(tmp_path: Path) -> None:
    media = tmp_path / "media"
    media.mkdir()
    for seed in range(25):
        letter(seed).save(media / f"letter_{seed:02}.png")
    for seed in range(5):
        letter(seed).resize((413, 585)).save(media / f"letter_{seed:02}_again.jpg", quality=60)
    found = Study(tmp_path / "study", media).analyze(["hashes"], jobs=1).duplicates()
    assert set(found["path"]) == {f"letter_{seed:02}{end}" for seed in range(5) for end in (".png", "_again.jpg")}
    assert (found["path"].str[:9].groupby(found["cluster"]).nunique() == 1).all()


def test_the_same_bytes(study: Study) -> None:
    found = study.duplicates("bytes")
    assert found["path"].tolist() == ["small.jpg", "small_again.jpg"]
    assert found["is_representative"].tolist() == [True, False]
    assert found["kind"].tolist() == ["exact", "exact"]
    assert found["picture"].isna().all()
    assert found["cluster"].tolist() == found["media_id"].tolist() == found["unit_id"].tolist()


def test_by_pixels(study: Study) -> None:
    found = by_path(study.duplicates("pixels"))
    assert set(found) == {"mountains.jpg", "small.jpg", "small_again.jpg"}
    assert 0 < found["small.jpg"].distance < 0.03


def test_frames_of_one_film_are_no_copies_unless_asked_for(study: Study) -> None:
    assert "rabbit.gif" not in set(study.duplicates()["path"])
    within = study.duplicates(within_files=True)
    frames = within[within["path"] == "rabbit.gif"]
    assert len(frames) > 2
    assert (frames["cluster_files"] == 1).all()
    assert frames.groupby("cluster")["is_representative"].sum().eq(1).all()


def test_a_cluster_has_one_representative_and_it_comes_first(study: Study) -> None:
    found = study.duplicates(turned=True)
    assert found.groupby("cluster")["is_representative"].sum().eq(1).all()
    assert found.groupby("cluster").head(1)["is_representative"].all()


@pytest.mark.parametrize("by", ["bytes", "hash"])
def test_what_can_be_dropped(study: Study, by: Measure) -> None:
    found = study.duplicates(by)
    dropped = {"bytes": {"small_again.jpg"}, "hash": {"small.jpg", "small_again.jpg"}}
    assert set(found.loc[found["is_droppable"], "path"]) == dropped[by]


def test_a_file_with_one_more_picture_cannot_be_dropped(tmp_path: Path, copies: Path) -> None:
    with Image.open(copies / "mountains.jpg") as first, Image.open(copies / "sunset.jpg") as second:
        pages = [image.convert("RGB").resize((320, 240)) for image in (first, second)]
    pages[0].save(tmp_path / "two_pages.tif", save_all=True, append_images=pages[1:])
    pages[0].save(tmp_path / "one_page.tif")
    media = [copies / "mountains.jpg", tmp_path]
    found = Study(tmp_path / "study", media).analyze(["hashes"], jobs=1).duplicates()
    droppable = {path.rpartition("/")[2]: drop for path, drop in zip(found["path"], found["is_droppable"], strict=True)}
    assert droppable == {"mountains.jpg": False, "one_page.tif": True, "two_pages.tif": False}


def test_a_file_of_which_a_page_could_not_be_shown_cannot_be_dropped(tmp_path: Path, copies: Path) -> None:
    with Image.open(copies / "mountains.jpg") as image:
        page = image.convert("RGB").resize((320, 240))
    page.save(
        tmp_path / "two_pages.tif", save_all=True, append_images=[page.rotate(90)], compression="tiff_adobe_deflate"
    )
    data = (tmp_path / "two_pages.tif").read_bytes()
    page.save(tmp_path / "one_page.tif", compression="tiff_adobe_deflate")
    with Image.open(tmp_path / "two_pages.tif") as image:
        image.seek(1)
        offset = image.tag_v2[273][0]
    (tmp_path / "two_pages.tif").write_bytes(data[:offset] + bytes(200) + data[offset + 200 :])
    study = Study(tmp_path / "study", [copies / "mountains.jpg", tmp_path]).analyze(["hashes"], jobs=1)
    assert (study.status().query("extractor == 'hashes'")["status"] == "partial").sum() == 1
    found = study.duplicates()
    droppable = {path.rpartition("/")[2]: drop for path, drop in zip(found["path"], found["is_droppable"], strict=True)}
    assert droppable == {"mountains.jpg": False, "one_page.tif": True, "two_pages.tif": False}


@pytest.mark.parametrize("by", ["bytes", "hash"])
def test_a_copy_of_a_file_that_is_gone_cannot_be_dropped(tmp_path: Path, copies: Path, by: Measure) -> None:
    media = tmp_path / "media"
    media.mkdir()
    for name in ("mountains.jpg", "small.jpg", "small_again.jpg"):
        shutil.copy(copies / name, media)
    study = Study(tmp_path / "study", media).analyze(["hashes"], jobs=1)
    assert "small_again.jpg" in set(study.duplicates(by).query("is_droppable")["path"])
    for name in ("mountains.jpg", "small.jpg"):
        (media / name).unlink()
    assert study.analyze(jobs=1).duplicates(by).empty
    assert study.nearest(copies / "mountains.jpg", 3)["path"].tolist() == ["small_again.jpg"]


def test_the_same_study_gives_the_same_table(study: Study) -> None:
    pd.testing.assert_frame_equal(study.duplicates(turned=True), study.duplicates(turned=True))


def test_frames_of_two_films_are_copies(copies: Path, tmp_path: Path) -> None:
    from PIL import Image, ImageSequence

    with Image.open(copies / "rabbit.gif") as film:
        frames = [frame.convert("RGB").resize((120, 90)) for frame in ImageSequence.Iterator(film)]
    frames[0].save(tmp_path / "smaller.gif", save_all=True, append_images=frames[1:])
    other = Study(tmp_path / "study", [copies / "rabbit.gif", tmp_path / "smaller.gif"], pictures={"animation": "1f"})
    found = other.analyze(["hashes"], jobs=1).duplicates()
    names = found["path"].str.rpartition("/")[2]
    assert set(names) == {"rabbit.gif", "smaller.gif"}
    assert set(names[found["is_representative"]]) == {"rabbit.gif"}  # it has more pixels
    assert found["picture"].max() > 0
    # Not all of their frames were compared, and their sound was not.
    assert not found["is_droppable"].any()


def test_the_table_belongs_to_the_study(study: Study) -> None:
    study.duplicates(threshold=6)
    assert "duplicates" in study.tables
    described = study.codebook().query("table == 'duplicates'").set_index("column")
    assert "most pixels" in described.loc["cluster", "meaning"]
    assert described.loc["distance", "caveat"] == DUPLICATES.caveat
    assert (study.folder / "codebook.md").read_text("utf-8").count("## duplicates") == 1
    summary = study.summary().set_index("path")
    assert summary.loc["small.jpg", "duplicate_cluster"] == summary.loc["mountains.jpg", "duplicate_cluster"]
    assert pd.isna(summary.loc["sunset.jpg", "duplicate_cluster"])
    assert study.query("select count(distinct cluster) as n from duplicates")["n"].item() == 1
    stored = pq.read_table(study.folder / "derived" / "duplicates.parquet")
    assert stored.column_names == [column.name for column in DUPLICATES.table.all_columns()]
    assert stored["extractor"].unique().to_pylist() == ["duplicates"]
    assert re.fullmatch("[0-9a-f]{12}", stored["fingerprint"][0].as_py())


def test_its_origin_is_kept(study: Study) -> None:
    study.duplicates("hash", 5, turned=True)
    origin = origin_of(study.folder, "duplicates")
    assert origin is not None
    assert origin.parameters == {"by": "hash", "threshold": 5.0, "turned": True, "within_files": False}
    assert origin.is_current


def test_other_parameters_give_other_fingerprints(study: Study) -> None:
    marks = [
        study.duplicates(threshold=bits, turned=turned)["fingerprint"].unique().item()
        for bits, turned in [(5, False), (6, False), (5, True)]
    ]
    assert len(set(marks)) == 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"by": "face"}, "cannot be found by 'face'"),
        ({"by": "embedding"}, "no table embeddings"),
        ({"by": "pixels", "turned": True}, "by pixels"),
        ({"threshold": -1}, "-1 makes no sense"),
        ({"threshold": 90}, "90 makes no sense"),
        ({"by": "bytes", "threshold": 1}, "makes no sense for bytes"),
        ({"threshold": "36"}, "'36' is no number"),
        ({"threshold": True}, "True is no number"),
        ({"by": "pixels", "threshold": float("nan")}, "nan makes no sense"),
    ],
)
def test_what_cannot_be_done_is_said(study: Study, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        study.duplicates(**arguments)


def test_a_study_without_copies(tmp_path: Path, copies: Path) -> None:
    alone = Study(tmp_path / "study", copies / "sunset.jpg").analyze(["hashes"], jobs=1)
    for by in ("bytes", "hash"):
        found = alone.duplicates(by)
        assert found.empty
        assert list(found.columns) == [column.name for column in DUPLICATES.table.all_columns()]
