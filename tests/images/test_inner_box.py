"""The busy part of a picture."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tidymedia.images.inner_box import inner_box


def busy(width: int, height: int, seed: int = 0) -> Image.Image:
    levels = np.random.default_rng(seed).integers(0, 256, (height, width), dtype=np.uint8)
    return Image.fromarray(levels)


@pytest.mark.parametrize("color", [0, 128, 255])
@pytest.mark.parametrize("box", [(10, 20, 210, 180), (0, 0, 200, 190), (50, 10, 240, 200)])
def test_a_border_is_left_out(box: tuple[int, int, int, int], color: int) -> None:
    page = Image.new("L", (240, 200), color)
    page.paste(busy(box[2] - box[0], box[3] - box[1]), box[:2])
    assert inner_box(page) == box


def test_a_large_picture_is_found_within_a_few_pixels() -> None:
    page = Image.new("RGB", (3000, 2000), "white")
    page.paste(busy(50, 30).resize((1500, 900), Image.Resampling.NEAREST), (800, 500))
    found = inner_box(page)
    assert found is not None
    np.testing.assert_allclose(found, (800, 500, 2300, 1400), atol=3000 / 256)


def test_a_small_block_is_no_inner_part() -> None:
    page = Image.new("L", (240, 200), 255)
    page.paste(busy(30, 30), (100, 100))
    assert inner_box(page) is None


def test_lines_of_text_are_not_the_largest_block() -> None:
    screen = Image.new("L", (200, 250), 255)
    for top in (10, 25, 235):
        screen.paste(busy(150, 5), (10, top))
    screen.paste(busy(160, 120), (20, 60))
    assert inner_box(screen) == (20, 60, 180, 180)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 400), st.integers(1, 400), st.integers(0, 2**32 - 1))
def test_it_lies_inside_and_has_an_area(width: int, height: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    levels = random.integers(0, 256, (height, width), dtype=np.uint8)
    levels[random.random(height) < 0.4] = 200
    levels[:, random.random(width) < 0.4] = 10
    found = inner_box(Image.fromarray(levels))
    if found is not None:
        left, top, right, bottom = found
        assert 0 <= left < right <= width
        assert 0 <= top < bottom <= height
        assert (left, top, right, bottom) != (0, 0, width, height)


def test_extreme_shapes() -> None:
    for size in ((1, 1), (5000, 3), (3, 5000)):
        inner_box(busy(*size))
        assert inner_box(Image.new("L", size, 255)) is None
