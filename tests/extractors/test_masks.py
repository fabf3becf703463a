"""The table of masks: shares and boxes, a row of 0 where nobody is, models by name, label maps on request."""

import base64
import io
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from tidymedia.errors import SettingError, StudyError, UnavailableError, UsageError
from tidymedia.extractors.label_maps import label_map_image
from tidymedia.extractors.registry import DEFAULT, make_extractor
from tidymedia.media.kinds import Kind
from tidymedia.media.settings import PictureSettings
from tidymedia.models.bundled import BUNDLED
from tidymedia.models.segmentation import Mask
from tidymedia.run.fingerprint import fingerprints
from tidymedia.study import Study
from tidymedia.tables.label_map_files import write_label_maps

MEDIA = Path(__file__).resolve().parents[2] / "examples" / "media"
PHOTOGRAPHS = ("astronaut.jpg", "photographer.png", "pagoda.jpg")


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("media")
    for name in PHOTOGRAPHS:
        shutil.copy(MEDIA / "photographs" / name, folder)
    with Image.open(MEDIA / "photographs" / "astronaut.jpg") as portrait:
        portrait.resize((1536, 1536)).save(folder / "large.png")
    shutil.copy(MEDIA / "posts" / "ben" / "cut_off.jpg", folder)
    (folder / "text.txt").write_text("No picture.", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def study(media: Path, tmp_path_factory: pytest.TempPathFactory) -> Study:
    return Study(tmp_path_factory.mktemp("study") / "study", media).analyze(
        ["masks"], parameters={"masks.maps": True}, jobs=1
    )


def test_shares_and_boxes_of_persons(study: Study) -> None:
    rows = study.table("masks").set_index("path")
    assert set(rows.index) == {*PHOTOGRAPHS, "large.png"}
    assert (rows["label"] == "person").all()
    assert (rows["mask"] == 0).all()
    assert set(rows["model"]) == {"person_mask@3.0.4"}
    assert rows.loc["astronaut.jpg", "unit_id"].endswith(":p0:m0")
    assert rows.loc["astronaut.jpg", "area_share"] == pytest.approx(0.5457, abs=0.005)
    assert rows.loc["photographer.png", "area_share"] == pytest.approx(0.326, abs=0.01)
    assert 0.5 < rows.loc["astronaut.jpg", "score"] <= 1


def test_boxes_are_in_pixels_of_the_picture(study: Study) -> None:
    sides = ["box_x", "box_y", "box_width", "box_height"]
    rows = study.table("masks").set_index("path")
    small, large = (rows.loc[name, sides].astype(float).to_numpy() for name in ("astronaut.jpg", "large.png"))
    np.testing.assert_allclose(large, small * 3, atol=25)
    assert large[3] > 1400


def test_nobody_is_a_share_of_zero_and_no_row_is_not_measured(study: Study) -> None:
    rows = study.table("masks").set_index("path")
    nobody = rows.loc["pagoda.jpg"]
    assert nobody["area_share"] == 0
    assert nobody[["box_x", "box_y", "box_width", "box_height", "score"]].isna().all()
    summary = study.summary().set_index("path")["person_share"]
    assert summary["pagoda.jpg"] == 0
    assert summary["astronaut.jpg"] == rows.loc["astronaut.jpg", "area_share"]
    assert summary[["cut_off.jpg", "text.txt"]].isna().all()
    status = study.status().query("extractor == 'masks'").set_index("path")["status"]
    assert status["cut_off.jpg"] == "failed"
    assert status["text.txt"] == "skipped"
    assert (status[list(PHOTOGRAPHS)] == "ok").all()


def test_label_maps_are_the_masks(study: Study) -> None:
    maps, rows = study.table("label_maps").set_index("path"), study.table("masks").set_index("path")
    assert len(maps) == len(rows)
    for path, row in maps.iterrows():
        with Image.open(io.BytesIO(base64.b64decode(row["png"]))) as made:
            assert made.format == "PNG"
            assert made.mode == "L"
            assert made.size == (row["width"], row["height"])
            values = np.asarray(made)
        assert set(np.unique(values)) <= {0, 1}
        assert values.mean() == pytest.approx(rows.loc[path, "area_share"])


def test_label_maps_are_written_as_files(study: Study, tmp_path: Path) -> None:
    written = study.write_label_maps(tmp_path / "maps")
    names = {path.name for path in written}
    assert len([name for name in names if name.endswith("_p0.png")]) == 4
    assert sorted(path.name for path in (tmp_path / "maps").iterdir()) == sorted(names)
    lists = {name: pd.read_csv(tmp_path / "maps" / name) for name in ("label_maps.csv", "labels.csv")}
    assert lists["labels.csv"].to_dict("list") == {"value": [0, 1], "label": ["none", "person"]}
    rows = study.table("masks").set_index("path")["area_share"]
    for row in lists["label_maps.csv"].itertuples():
        with Image.open(tmp_path / "maps" / row.file) as made:
            assert np.asarray(made).mean() == pytest.approx(rows[row.path])
    study.write_label_maps(tmp_path / "maps")
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(UsageError, match="is a file"):
        study.write_label_maps(tmp_path / "file")


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [("media_id", "../../escaped", "no identity"), ("png", "!!!", "damaged"), ("png", "aGVsbG8=", "no PNG file")],
)
def test_a_table_of_a_stranger_writes_nothing_elsewhere(
    study: Study, tmp_path: Path, column: str, value: str, message: str
) -> None:
    tables = tmp_path / "study" / "tables"
    shutil.copytree(study.folder, tmp_path / "study")
    rows = pq.read_table(tables / "label_maps.parquet")
    place = rows.schema.get_field_index(column)
    changed = rows.set_column(place, rows.schema.field(column), pa.array([value] * len(rows)))
    pq.write_table(changed, tables / "label_maps.parquet")
    with pytest.raises(StudyError, match=message):
        write_label_maps(tmp_path / "study", tmp_path / "a" / "b" / "maps")
    assert not list((tmp_path / "a").rglob("*.png"))


def test_label_maps_are_made_on_request_alone(media: Path, tmp_path: Path) -> None:
    study = Study(tmp_path / "study", media).analyze(["masks"], include=["pagoda.jpg"], jobs=1)
    assert "label_maps" not in study.tables
    with pytest.raises(UsageError, match="has no label maps") as raised:
        study.write_label_maps(tmp_path / "maps")
    assert "masks.maps=true" in raised.value.remedy
    assert len(study.table("masks")) == 1


def test_values_above_255_get_16_bits() -> None:
    left = np.zeros((2, 4), bool)
    left[:, :1] = True
    shallow = label_map_image([Mask("a", 255, left, None), Mask("b", 3, ~left, None)])
    deep = label_map_image([Mask("a", 256, left, None)])
    assert (shallow.mode, deep.mode) == ("L", "I;16")
    assert np.asarray(shallow).tolist() == [[255, 3, 3, 3]] * 2
    assert np.asarray(deep).tolist() == [[256, 0, 0, 0]] * 2


def test_a_model_by_name(tmp_path: Path, media: Path) -> None:
    transformers = pytest.importorskip("transformers", reason="the extra hub is not installed")
    classes = dict(enumerate(["wall", "building", "sky"]))
    config = transformers.SegformerConfig(
        num_encoder_blocks=1, depths=[1], sr_ratios=[2], hidden_sizes=[8], patch_sizes=[7], strides=[4],
        num_attention_heads=[1], mlp_ratios=[2], decoder_hidden_size=8,
        id2label=classes, label2id={name: number for number, name in classes.items()},
    )  # fmt: skip
    folder = tmp_path / "tiny"
    network = transformers.SegformerForSemanticSegmentation(config)
    network.decode_head.classifier.bias.data[1] = 1e4
    network.save_pretrained(folder)
    transformers.SegformerImageProcessorPil(size={"height": 64, "width": 64}).save_pretrained(folder)
    study = Study(tmp_path / "study", media)
    study.analyze(["masks"], parameters={"masks.model": str(folder)}, include=["astronaut.jpg"], jobs=1)
    (row,) = study.table("masks").to_dict("records")
    assert (row["label"], row["area_share"], row["value"]) == ("building", 1, 2)
    assert (row["box_width"], row["box_height"]) == (512, 512)
    assert row["model"].startswith("tiny@")
    assert study.summary()["person_share"].isna().all(), "a network without persons does not say that nobody is there"


def test_what_decides_the_rows_is_in_the_fingerprint() -> None:
    assert BUNDLED["person_mask"].sha256 in make_extractor("masks").model_hash
    prints = [
        fingerprints([make_extractor("masks", given)], PictureSettings(), Kind.IMAGE)["masks"]
        for given in ({}, {"model": "person_mask"}, {"maps": True})
    ]
    assert len(set(prints)) == 3


def test_a_model_that_is_not_there_ends_the_run_before_it_begins(tmp_path: Path, media: Path) -> None:
    assert "masks" not in DEFAULT
    assert make_extractor("masks").availability().installed
    absent = make_extractor("masks", {"model": "owner/never-fetched"}).availability()
    assert not absent.installed
    assert absent.remedy
    with pytest.raises(UnavailableError, match="owner/never-fetched"):
        Study(tmp_path / "study", media).analyze(["masks"], parameters={"masks.model": "owner/never-fetched"}, jobs=1)
    with pytest.raises(SettingError, match="is for objects, not for masks"):
        make_extractor("masks", {"model": "nanodet"}).availability()
