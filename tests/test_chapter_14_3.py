"""The examples 14.1 to 14.8 of the textbook's chapter on images, with its two pictures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import tidymedia as tm

CHAPTER = Path(__file__).parents[2] / "shared" / "chapter"
FIRST, SECOND = CHAPTER / "259_3_32_15.jpg", CHAPTER / "298_5_52_15.png"
BOOK, TODAY = 0.86462734, 0.86455477

pytestmark = pytest.mark.skipif(
    not (FIRST.is_file() and SECOND.is_file()), reason="the two pictures of the chapter are not beside the repository"
)


def test_14_1_what_the_two_files_are() -> None:
    table = tm.image_info([FIRST, SECOND])
    columns = ["format", "width", "height", "mode", "alpha", "bytes"]
    assert table[columns].to_numpy().tolist() == [
        ["JPEG", 805, 453, "RGB", False, 75_275],
        ["PNG", 1540, 978, "RGBA", True, 2_752_059],
    ]
    # R's magick tells dots a centimetre for PNG: 57.
    assert round(table["density_x"][1] / 2.54) == 57


def test_14_2_gray_is_one_matrix() -> None:
    gray = tm.to_array(FIRST, mode="L")
    assert gray.shape == (453, 805)
    assert gray.dtype == np.uint8


def test_14_3_rgb_is_three_matrices() -> None:
    rgb = tm.to_array(FIRST, mode="RGB")
    assert rgb.shape == (453, 805, 3)
    assert (rgb.min(), rgb.max()) == (0, 255)
    assert tm.to_array(tm.resize(FIRST, (224, 224)), mode="RGB", flat=True).shape == (150_528,)


def test_14_4_a_quarter_of_the_size() -> None:
    assert tm.resize(FIRST, 0.25).size == (201, 113)


def test_14_5_a_square_by_force() -> None:
    assert tm.resize(FIRST, (224, 224)).size == (224, 224)


def test_14_6_a_square_by_cropping() -> None:
    square = tm.crop_square(FIRST)
    assert square.size == (453, 453)
    whole = tm.open_image(FIRST)
    assert square.tobytes() == whole.crop((176, 0, 629, 453)).tobytes()
    assert tm.resize(square, (224, 224)).tobytes() == square.resize((224, 224)).tobytes()


def test_14_7_turned_by_45_degrees() -> None:
    square = tm.resize(tm.crop_square(FIRST), (224, 224))
    as_in_python = tm.rotate(square, -45, expand=False, fill="black", resample="nearest")
    assert as_in_python.tobytes() == square.rotate(-45).tobytes()
    whole = tm.rotate(square, -45)
    assert whole.size == square.rotate(-45, expand=True).size == (318, 318)


def test_14_8_how_alike_the_two_pictures_are() -> None:
    table = tm.similarity([FIRST, SECOND])
    assert list(table.columns) == [FIRST.name, SECOND.name]
    assert table.iloc[0, 0] == table.iloc[1, 1] == 1
    assert table.iloc[0, 1] == table.iloc[1, 0] == pytest.approx(TODAY, abs=1e-5)
    assert table.iloc[0, 1] == pytest.approx(BOOK, abs=2e-4)


def test_14_8_step_by_step() -> None:
    vectors = []
    for path in (FIRST, SECOND):
        square = tm.resize(tm.crop_square(path), (224, 224))
        vectors.append(tm.to_array(tm.resize(square, (15, 15)), mode="RGB", flat=True).astype(float))
    first, second = vectors
    assert first.shape == second.shape == (675,)
    cosine = first @ second / np.sqrt((first @ first) * (second @ second))
    assert cosine == pytest.approx(BOOK, abs=2e-3)  # to_array turns the second picture's colours into sRGB
