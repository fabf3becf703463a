"""The table of headers says what is in the file, without decoding it."""

import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

import image_makers as make
import tidymedia as tm
from tidymedia.errors import BrokenFileError, MediumError, OverLimitError, UnreadableError, UnsupportedError, UsageError

COLUMNS = ["name", "format", "width", "height", "mode", "color_space", "alpha", "bytes", "density_x", "density_y"]
CHAPTER = Path("/work/shared/chapter")


PICTURE = make.scene((60, 44))


def row(source, **more):
    table = tm.image_info(source, **more)
    assert len(table) == 1
    return table.iloc[0]


def test_one_row_an_image_in_their_order(tmp_path):
    (tmp_path / "a.jpg").write_bytes(make.written(PICTURE, "JPEG", dpi=(300, 150)))
    (tmp_path / "b.png").write_bytes(make.written(PICTURE.convert("RGBA"), "PNG", dpi=(144, 144)))
    table = tm.image_info([tmp_path / "b.png", str(tmp_path / "a.jpg")])
    assert list(table.columns) == COLUMNS
    png, jpeg = table.to_dict("records")
    assert png == {
        "name": "b.png",
        "format": "PNG",
        "width": 60,
        "height": 44,
        "mode": "RGBA",
        "color_space": "RGB",
        "alpha": True,
        "bytes": (tmp_path / "b.png").stat().st_size,
        "density_x": 143.99,
        "density_y": 143.99,
    }
    assert (jpeg["name"], jpeg["format"], jpeg["alpha"]) == ("a.jpg", "JPEG", False)
    assert (jpeg["density_x"], jpeg["density_y"]) == (300, 150)


@pytest.mark.skipif(not CHAPTER.is_dir(), reason="the pictures of the textbook chapter are not here")
def test_the_table_of_the_chapter():
    table = tm.image_info([CHAPTER / "259_3_32_15.jpg", CHAPTER / "298_5_52_15.png"])
    assert table[["format", "width", "height", "mode", "alpha", "bytes"]].to_numpy().tolist() == [
        ["JPEG", 805, 453, "RGB", False, 75_275],
        ["PNG", 1540, 978, "RGBA", True, 2_752_059],
    ]
    assert pd.isna(table["density_x"][0])
    # R prints dots a centimetre.
    assert round(table["density_x"][1] / 2.54) == 57


@pytest.mark.parametrize(
    ("mode", "image_format", "color_space", "alpha"),
    [
        ("1", "PNG", "Gray", False),
        ("L", "PNG", "Gray", False),
        ("LA", "PNG", "Gray", True),
        ("P", "PNG", "Palette", False),
        ("RGB", "WEBP", "RGB", False),
        ("RGBA", "WEBP", "RGB", True),
        ("CMYK", "JPEG", "CMYK", False),
        ("I;16", "TIFF", "Gray", False),
    ],
)
def test_modes(mode, image_format, color_space, alpha):
    found = row(
        make.written(Image.new(mode, (3, 2)), image_format, **({"lossless": True} if "W" in image_format else {}))
    )
    assert (found["mode"], found["format"]) == (mode, image_format)
    assert (found["color_space"], found["alpha"]) == (color_space, alpha)
    assert (found["width"], found["height"]) == (3, 2)


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_sizes_are_those_of_the_opened_image(tmp_path, image_format, orientation):
    make.oriented(tmp_path / "a", orientation, (46, 30), image_format, dpi=(100, 200))
    found = row(tmp_path / "a")
    opened = tm.open_image(tmp_path / "a")
    assert (found["width"], found["height"]) == opened.size == (46, 30)
    density = (100, 200) if orientation < 5 else (200, 100)
    assert (found["density_x"], found["density_y"]) == pytest.approx(density, abs=0.2)


def test_where_there_is_no_file(tmp_path):
    data = make.written(PICTURE, "PNG")
    table = tm.image_info([PICTURE, np.zeros((5, 9, 4), np.uint8), data, io.BytesIO(data)])
    assert table["name"].tolist() == ["image 0", "image 1", "image 2", "image 3"]
    assert table["format"].fillna("").tolist() == ["", "", "PNG", "PNG"]
    assert table["bytes"].fillna(0).tolist() == [0, 0, len(data), len(data)]
    assert table["width"].tolist() == [60, 9, 60, 60]
    assert table["mode"].tolist() == ["RGB", "RGBA", "RGB", "RGB"]


def test_pixels_are_not_decoded(tmp_path):
    whole = make.written(make.scene((400, 300)), "JPEG")
    (tmp_path / "cut.jpg").write_bytes(whole[: len(whole) // 2])
    assert row(tmp_path / "cut.jpg")["width"] == 400
    with pytest.raises(BrokenFileError):
        tm.open_image(tmp_path / "cut.jpg")


def test_a_broken_file_is_an_error_or_a_row(tmp_path):
    (tmp_path / "a.png").write_bytes(make.written(PICTURE, "PNG"))
    (tmp_path / "b.jpg").write_bytes(b"<html>not found</html>")
    (tmp_path / "c.jpg").write_bytes(b"")
    files = [tmp_path / name for name in ("a.png", "b.jpg", "c.jpg", "d.jpg")]
    with pytest.raises(BrokenFileError, match=r"b\.jpg.*an HTML page"):
        tm.image_info(files)
    table = tm.image_info(files, errors="row")
    assert list(table.columns) == [*COLUMNS, "error"]
    assert table["error"].isna().tolist() == [True, False, False, False]
    assert table["width"].isna().tolist() == [False, True, True, True]
    assert "zero bytes" in table["error"][2]
    assert "no file" in table["error"][3]
    assert table.dtypes.to_dict() == tm.image_info(files[0], errors="row").dtypes.to_dict()


def test_types_do_not_depend_on_what_is_missing(tmp_path):
    (tmp_path / "a.png").write_bytes(make.written(PICTURE, "PNG", dpi=(72, 72)))
    assert tm.image_info(PICTURE).dtypes.to_dict() == tm.image_info(tmp_path / "a.png").dtypes.to_dict()


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"%PDF-1.4\n" + bytes(50), "document"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>', "drawing"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(40), "recording"),
    ],
)
def test_other_media_have_no_such_header(data, what):
    with pytest.raises(UnsupportedError, match=what):
        tm.image_info(data)


def test_limits():
    with pytest.raises(OverLimitError, match=r"tm\.Limits\(pixels=10000000000\)"):
        tm.image_info(make.png(100_000, 100_000))


def test_arguments_that_make_no_sense(tmp_path):
    with pytest.raises(UsageError, match="no images"):
        tm.image_info([])
    with pytest.raises(UsageError, match="errors"):
        tm.image_info(PICTURE, errors="ignore")
    with pytest.raises(UsageError):
        tm.image_info(np.zeros((0, 3), np.uint8))
    with pytest.raises(UnreadableError, match="folder"):
        tm.image_info(tmp_path)


def test_broken_bytes_give_a_row_or_our_error():
    for data in make.each_format().values():
        for broken in [*make.cut(data, 10), *make.flipped(data, 20)]:
            try:
                tm.image_info(broken)
            except MediumError:
                continue
