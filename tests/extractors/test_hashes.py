from __future__ import annotations

import re
import subprocess
import sys
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest
from PIL import Image

from tidymedia.extractors import PictureExtractor, make_extractor
from tidymedia.extractors.hashes import HASHES
from tidymedia.images.perceptual_hash import average_hash, difference_hash, hamming_distance, perceptual_hash
from tidymedia.media.picture import THUMB, Picture, SizeClass


def hashed(image: Image.Image, index: int = 0) -> dict[str, Any]:
    asked: list[SizeClass] = []

    def decode(size: SizeClass) -> Image.Image:
        asked.append(size)
        return image

    extractor = make_extractor("hashes")
    assert isinstance(extractor, PictureExtractor)
    extractor.load()
    (row,) = extractor.from_picture(Picture(index, image.width, image.height, decode))
    assert row.table == "hashes"
    assert asked == [THUMB]
    return dict(row.values)


def noise(seed: int) -> Image.Image:
    return Image.fromarray(np.random.default_rng(seed).integers(0, 256, (9, 12, 3), dtype=np.uint8)).resize((240, 180))


def test_a_row_has_the_key_and_every_column() -> None:
    values = hashed(noise(1), index=4)
    assert list(values) == ["picture", *(column.name for column in HASHES.columns)]
    assert values["picture"] == 4


def test_the_row_holds_the_hashes_as_text_that_no_spreadsheet_takes_for_a_short_number() -> None:
    image = noise(2)
    values = hashed(image)
    assert values["average_hash"] == average_hash(image)
    assert values["difference_hash"] == difference_hash(image)
    assert values["perceptual_hash"] == perceptual_hash(image)
    assert values["is_flat"] is False
    hashes = [values[column.name] for column in HASHES.columns if column.name.endswith("_hash")]
    assert len(hashes) == 7
    assert all(re.fullmatch("[0-9a-f]{16}", text) for text in hashes if text is not None)


def test_the_inner_part_of_a_picture_has_hashes_of_its_own() -> None:
    image = noise(5)
    assert hashed(image)["inner_share"] == 1
    assert hashed(image)["inner_perceptual_hash"] is None
    page = Image.new("RGB", (2 * image.width, 2 * image.height), "white")
    page.paste(image, (image.width // 2, image.height // 2))
    values = hashed(page)
    assert values["inner_share"] == pytest.approx(0.25, abs=0.02)
    for name in ("difference_hash", "vertical_difference_hash", "perceptual_hash"):
        assert hamming_distance(values[f"inner_{name}"], hashed(image)[name]) <= 6
        assert values[name] != hashed(image)[name]


def test_a_blank_picture_is_marked() -> None:
    assert hashed(Image.new("RGB", (100, 80), "white"))["is_flat"] is True


def test_the_summary_has_the_hash_of_the_first_picture() -> None:
    rows = pd.DataFrame([hashed(noise(seed), index) for seed, index in ((3, 1), (4, 0))])
    columns = ", ".join(f"{entry.aggregate} AS {entry.column.name}" for entry in HASHES.summary)
    with duckdb.connect() as connection:
        connection.register("hashes", rows)
        (found,) = connection.execute(f"SELECT {columns} FROM hashes").fetchall()
    assert found == (perceptual_hash(noise(4)),)


def test_listing_the_extractors_loads_nothing_heavy() -> None:
    program = (
        "import sys, tidymedia.extractors as e; e.extractor_types(['metadata', 'pixels', 'hashes']); "
        "print(sorted({'numpy', 'cv2', 'PIL', 'pandas', 'duckdb', 'pyarrow'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
