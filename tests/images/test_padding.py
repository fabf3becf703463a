"""A padded picture is square, with the picture unchanged in its middle."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

import tidymedia as tm
from images_of_every_mode import MODES, picture, pixels
from tidymedia.errors import UsageError

WHITE = {"1": (255,), "L": (255,), "LA": (255, 255), "P": (255,) * 3, "RGB": (255,) * 3, "RGBA": (255,) * 4,
         "CMYK": (0, 0, 0, 0), "YCbCr": (255, 128, 128), "HSV": (0, 0, 255), "LAB": (255, 128, 128),
         "I;16": (65_535,), "I": (65_535,)}  # fmt: skip


@settings(deadline=None, max_examples=150)
@given(
    st.sampled_from(MODES), st.integers(1, 60), st.integers(1, 60),
    st.sampled_from(["white", "black", "#ff8000", (1, 2, 3), "edge"]),
)  # fmt: skip
@example("RGB", 1500, 3, "edge")
@example("I;16", 3, 1500, "white")
@example("L", 5000, 3, "white")
def test_the_picture_stays_in_the_middle(mode, width, height, color):
    image = picture(mode, width, height)
    before = image.tobytes()
    padded = tm.pad_square(image, color=color)
    side = max(width, height)
    left, top = (side - width) // 2, (side - height) // 2
    whole = pixels(image.convert("RGB") if mode == "P" else image)
    assert image.tobytes() == before
    assert padded.size == (side, side)
    assert padded.mode == {"P": "RGB"}.get(mode, mode)
    assert np.array_equal(pixels(padded)[top : top + height, left : left + width], whole)
    if color == "edge":
        ends = ((top, side - top - height), (left, side - left - width), (0, 0))
        assert np.array_equal(pixels(padded), np.pad(whole, ends, mode="edge"))
    elif side > min(width, height):
        outside = np.full((side, side), True)
        outside[top : top + height, left : left + width] = False
        around = pixels(padded)[outside]
        assert (around == around[0]).all()


@pytest.mark.parametrize("mode", WHITE)
def test_white_is_white_in_every_mode(mode):
    assert tuple(pixels(tm.pad_square(picture(mode, 9, 4)))[0, 0].tolist()) == WHITE[mode]


def test_the_odd_pixel_is_added_at_the_end():
    levels = np.zeros((3, 4), np.uint8)
    assert np.asarray(tm.pad_square(levels))[:, 0].tolist() == [0, 0, 0, 255]
    assert np.asarray(tm.pad_square(levels.T))[0].tolist() == [0, 0, 0, 255]


@pytest.mark.parametrize(("highest", "white"), [(1, 1), (200, 255), (3000, 3000)])
def test_white_of_floating_point_numbers(highest, white):
    levels = Image.fromarray(np.linspace(0, highest, 20, dtype=np.float32).reshape(2, 10))
    padded = np.asarray(tm.pad_square(levels))
    assert padded[0, 0] == white
    assert np.asarray(tm.pad_square(levels, color="black"))[0, 0] == 0
    assert np.asarray(tm.pad_square(levels, color="#808080"))[0, 0] == pytest.approx(white * 128 / 255)


def test_numbers_below_zero_have_black_at_their_lowest():
    levels = Image.fromarray(np.array([[-5, 10]], np.int32))
    assert [np.asarray(tm.pad_square(levels, color=color))[1, 0] for color in ("black", "white")] == [-5, 10]
    unknown = Image.fromarray(np.full((1, 2), np.nan, np.float32))
    assert np.asarray(tm.pad_square(unknown))[1, 0] == 1


@pytest.mark.parametrize(("mode", "after"), [("1", "LA"), ("L", "LA"), ("LA", "LA"), ("RGB", "RGBA"), ("P", "RGBA")])
def test_transparent_borders(mode, after):
    padded = tm.pad_square(picture(mode, 9, 4), color="transparent")
    assert padded.mode == after
    assert padded.getchannel("A").crop((0, 0, 9, 2)).getextrema() == (0, 0)
    if mode != "LA":
        assert padded.getchannel("A").crop((0, 2, 9, 6)).getextrema() == (255, 255)


def test_modes_without_alpha_refuse_it():
    for mode in ("CMYK", "LAB", "HSV", "I;16", "F"):
        with pytest.raises(UsageError, match="transparent"):
            tm.pad_square(picture(mode, 3, 2), color="transparent")


@pytest.mark.parametrize("color", ["whitish", (1, 2), (1, 2, 256), (-1, 0, 0), 7, None, (0.5, 0.5, 0.5), "#12"])
def test_colours_that_are_none(color):
    with pytest.raises(UsageError):
        tm.pad_square(Image.new("RGB", (2, 3)), color=color)


def test_what_is_very_long_is_refused():
    with pytest.raises(UsageError, match="pixels"):
        tm.pad_square(Image.new("L", (200_000, 1)))
