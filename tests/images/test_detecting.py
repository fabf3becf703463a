"""Objects of one picture in hand."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import tidymedia as tm
from tidymedia.errors import SettingError, UnavailableError, UnreadableError, UsageError

MEDIA = Path(__file__).resolve().parents[2] / "examples" / "media"
PHOTOGRAPHER = MEDIA / "photographs" / "photographer.png"
COLUMNS = ["object", "label", "score", "box_x", "box_y", "box_width", "box_height", "area_share", "model"]


def test_the_photographer() -> None:
    found = tm.find_objects(PHOTOGRAPHER)
    assert list(found.columns) == COLUMNS
    first = found.iloc[0]
    assert first["label"] == "person"
    assert first["score"] > 0.8
    box = [first["box_x"], first["box_y"], first["box_width"], first["box_height"]]
    assert box == pytest.approx([0, 70, 315, 442], abs=20)
    assert first["area_share"] == pytest.approx(box[2] * box[3] / 512**2)
    assert first["model"] == "nanodet@3.0.4"


def test_nothing_found_has_the_same_columns_and_types() -> None:
    nothing, something = tm.find_objects(Image.new("RGB", (90, 60))), tm.find_objects(PHOTOGRAPHER)
    assert len(nothing) == 0
    assert nothing.dtypes.to_dict() == something.dtypes.to_dict()


@pytest.mark.parametrize("mode", ["L", "RGBA", "CMYK", "P"])
def test_pictures_of_every_kind(mode: str) -> None:
    with Image.open(PHOTOGRAPHER) as photograph:
        found = tm.find_objects(photograph.convert("RGB").convert(mode))
    assert found["label"].iloc[0] == "person"


def test_paths_bytes_files_and_arrays_give_the_same() -> None:
    expected = tm.find_objects(PHOTOGRAPHER)
    sources = (
        str(PHOTOGRAPHER),
        PHOTOGRAPHER.read_bytes(),
        io.BytesIO(PHOTOGRAPHER.read_bytes()),
        np.asarray(Image.open(PHOTOGRAPHER)),
    )
    for source in sources:
        assert tm.find_objects(source).equals(expected)


def test_a_photograph_on_its_side_is_looked_at_upright() -> None:
    stream = io.BytesIO()
    with Image.open(PHOTOGRAPHER) as photograph:
        exif = Image.Exif()
        exif[0x0112] = 6  # turn by 90 degrees clockwise
        photograph.transpose(Image.Transpose.ROTATE_90).save(stream, "PNG", exif=exif)
    first = tm.find_objects(stream.getvalue()).iloc[0]
    assert (first["label"], round(first["box_y"], -1)) == ("person", 70)


def test_a_smaller_score_finds_more_and_the_first_stay() -> None:
    few, many = tm.find_objects(PHOTOGRAPHER), tm.find_objects(PHOTOGRAPHER, min_score=0.2)
    assert len(many) > len(few)
    assert many.iloc[: len(few)].equals(few)
    assert (many["score"] >= 0.2).all()


def test_tiles_find_what_is_small() -> None:
    canvas = Image.new("RGB", (1600, 1200), (140, 150, 140))
    with Image.open(PHOTOGRAPHER) as photograph:
        canvas.paste(photograph.convert("RGB").resize((80, 80)), (1190, 700))
    assert tm.find_objects(canvas).empty
    (row,) = tm.find_objects(canvas, tiles=416).query("label == 'person'").to_dict("records")
    assert 1180 < row["box_x"] < 1200
    assert 700 < row["box_y"] < 725


def test_what_cannot_be_done(tmp_path: Path) -> None:
    for given, message in (
        ({"min_score": 0}, "out of range"),
        ({"min_score": 1.5}, "out of range"),
        ({"tiles": 10}, "64 or more"),
        ({"tiles": True}, "out of range"),
    ):
        with pytest.raises(UsageError, match=message):
            tm.find_objects(PHOTOGRAPHER, **given)  # type: ignore[arg-type]  # each is wrong on purpose
    with pytest.raises(SettingError, match="no network nothing"):
        tm.find_objects(PHOTOGRAPHER, model="nothing")
    with pytest.raises(UnavailableError, match="no file"):
        tm.find_objects(PHOTOGRAPHER, model=str(tmp_path / "absent.onnx"))
    with pytest.raises(UnavailableError, match=r"models fetch owner/never-fetched|needs"):
        tm.find_objects(PHOTOGRAPHER, model="owner/never-fetched")
    with pytest.raises(UnreadableError, match=r"absent\.jpg"):
        tm.find_objects(tmp_path / "absent.jpg")
