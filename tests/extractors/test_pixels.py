from __future__ import annotations

import math
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tidymedia.errors import SettingError
from tidymedia.extractors import PictureExtractor, make_extractor
from tidymedia.extractors.color_names import COLOR_TERMS
from tidymedia.extractors.pixels import PIXELS
from tidymedia.media.picture import THUMB, Picture, SizeClass

SIDE = st.one_of(st.integers(1, 40), st.just(300))
LARGEST = {column.name: column.range.removeprefix("0 to ") for column in PIXELS.columns if "0 to " in column.range}


def measured(image: Image.Image, index: int = 0, width: int | None = None, **given: object) -> dict[str, Any]:
    """Measure an image as the only size of a picture."""
    asked: list[SizeClass] = []

    def decode(size: SizeClass) -> Image.Image:
        asked.append(size)
        return image

    extractor = make_extractor("pixels", given)
    assert isinstance(extractor, PictureExtractor)
    extractor.load()
    (row,) = extractor.from_picture(Picture(index, width or image.width, image.height, decode))
    assert row.table == "pixels"
    assert asked == [THUMB]
    return dict(row.values)


def test_a_row_has_the_key_and_every_column() -> None:
    values = measured(Image.new("RGB", (30, 20), (255, 0, 0)), index=7)
    assert set(values) == {"picture", *(column.name for column in PIXELS.columns)}
    assert values["picture"] == 7


def test_a_red_picture() -> None:
    values = measured(Image.new("RGB", (30, 20), (255, 0, 0)))
    assert {name: value for name, value in values.items() if value not in (None, 0)} == {
        "brightness": 0.298,
        "saturation": 1,
        "colorfulness": 85.5296,
        "hue_concentration": 1,
        "aspect": 1.5,
        "color_1_hex": "#ff0000",
        "color_1_name": "red",
        "color_1_share": 1,
        "red_share": 1,
    }


def test_what_a_plain_gray_picture_does_not_have_is_missing() -> None:
    values = measured(Image.new("RGB", (5, 5), (128, 128, 128)))
    missing = {name for name, value in values.items() if value is None}
    assert missing == {"hue", "hue_concentration"} | {
        f"color_{rank}_{what}" for rank in (2, 3) for what in ("hex", "name", "share")
    }
    described = {column.name for column in PIXELS.columns if column.missing != "never"}
    assert missing == described


def test_aspect_is_that_of_the_picture_and_not_of_its_thumb() -> None:
    assert measured(Image.new("RGB", (512, 100)), width=1000)["aspect"] == 10


def test_brightness_is_rec_601_luma() -> None:
    for rgb in ((255, 0, 0), (0, 255, 0), (0, 0, 255), (17, 130, 201)):
        luma = np.dot(rgb, (0.299, 0.587, 0.114)) / 255
        assert measured(Image.new("RGB", (4, 4), rgb))["brightness"] == pytest.approx(luma, abs=0.5 / 255 + 1e-4)


def test_the_edge_threshold_counts() -> None:
    image = Image.new("RGB", (20, 10))
    image.paste((100, 100, 100), (10, 0, 20, 10))
    assert measured(image)["edge_density"] == 0.1
    assert measured(image, edge_threshold=0.5)["edge_density"] == 0
    with pytest.raises(SettingError, match=r"pixels\.edge_threshold is at most"):
        make_extractor("pixels", {"edge_threshold": 2})


@settings(max_examples=60, deadline=None)
@given(SIDE, st.sampled_from([1, 2, 3, 17]), st.integers(0, 2**32 - 1), st.sampled_from(["noise", "plain", "gray"]))
def test_every_size_gives_values_within_their_ranges(width: int, height: int, seed: int, what: str) -> None:
    random = np.random.default_rng(seed)
    pixels = random.integers(0, 256, (height, width, 3), dtype=np.uint8)
    if what == "plain":
        pixels[:] = pixels[0, 0]
    elif what == "gray":
        pixels[:] = pixels[:, :, :1]
    for array in (pixels, pixels.transpose(1, 0, 2)):
        values = measured(Image.fromarray(np.ascontiguousarray(array)))
        for column in PIXELS.columns:
            value = values[column.name]
            if value is None:
                assert column.missing != "never"
            elif column.type == "number":
                assert isinstance(value, float)
                assert math.isfinite(value)
                assert 0 <= value <= float(LARGEST.get(column.name, "inf"))
            else:
                assert isinstance(value, str)
        assert sum(values[f"{term}_share"] for term in COLOR_TERMS) == pytest.approx(1, abs=0.001)


def test_the_same_picture_gives_the_same_row() -> None:
    image = Image.fromarray(np.random.default_rng(0).integers(0, 256, (90, 120, 3), dtype=np.uint8))
    assert measured(image) == measured(image.copy())


def test_the_picture_is_not_changed() -> None:
    image = Image.fromarray(np.random.default_rng(0).integers(0, 256, (30, 40, 3), dtype=np.uint8))
    before = image.tobytes()
    measured(image)
    assert image.tobytes() == before


def test_the_summary_has_means_and_the_main_color_of_the_first_picture() -> None:
    rows = pd.DataFrame(
        [measured(Image.new("RGB", (4, 4), color), index) for index, color in ((1, "white"), (0, "blue"), (2, "white"))]
    )
    columns = ", ".join(f"{entry.aggregate} AS {entry.column.name}" for entry in PIXELS.summary)
    with duckdb.connect() as connection:
        connection.register("pixels", rows)
        summary = connection.execute(f"SELECT {columns} FROM pixels").df().iloc[0]
    assert summary["main_color"] == "blue"
    assert summary["main_color_hex"] == "#0000ff"
    assert summary["brightness"] == pytest.approx(rows["brightness"].mean())
