"""Turned and mirrored in the direction that is stated, and back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

import tidymedia as tm
from images_of_every_mode import MODES, picture, pixels
from tidymedia.errors import UsageError

ANY_IMAGE = (st.sampled_from(MODES), st.integers(1, 40), st.integers(1, 40))
KEPT = {"P": "RGB"}


def unchanged(image: Image.Image) -> np.ndarray:
    return pixels(image.convert("RGB") if image.mode == "P" else image)


@settings(deadline=None, max_examples=100)
@given(*ANY_IMAGE, st.sampled_from([90, -90, 270, 450.0]))
@example("RGBA", 5000, 3, 90)
@example("1", 3, 5000, -90)
def test_four_quarters_are_a_whole(mode, width, height, quarter):
    image = picture(mode, width, height)
    before = image.tobytes()
    turned = tm.rotate(image, quarter)
    assert turned.size == (height, width)
    assert np.array_equal(pixels(turned), np.rot90(unchanged(image), 1 if quarter in (90, 450.0) else -1))
    for _ in range(3):
        turned = tm.rotate(turned, quarter)
    assert np.array_equal(pixels(turned), unchanged(image))
    assert turned.mode == KEPT.get(mode, mode)
    assert image.tobytes() == before


@settings(deadline=None, max_examples=100)
@given(*ANY_IMAGE, st.sampled_from(["horizontal", "vertical"]))
@example("I;16", 5000, 3, "horizontal")
def test_flipped_twice_is_as_before(mode, width, height, direction):
    image = picture(mode, width, height)
    before = image.tobytes()
    once = tm.flip(image, direction)
    axis = 1 if direction == "horizontal" else 0
    assert np.array_equal(pixels(once), np.flip(unchanged(image), axis))
    assert np.array_equal(pixels(tm.flip(once, direction)), unchanged(image))
    assert once.mode == KEPT.get(mode, mode)
    assert image.tobytes() == before


@settings(deadline=None, max_examples=150)
@given(
    *ANY_IMAGE, st.floats(-720, 720), st.booleans(), st.sampled_from(["bicubic", "bilinear", "nearest"]),
    st.sampled_from([None, "white", (9, 99, 199)]),
)  # fmt: skip
@example("L", 5000, 3, 0.01, True, "bicubic", None)
def test_any_image_by_any_angle(mode, width, height, degrees, expand, resample, fill):
    image = picture(mode, width, height)
    before = image.tobytes()
    turned = tm.rotate(image, degrees, expand=expand, resample=resample, fill=fill)
    exact = degrees % 360 % 90 == 0 or resample == "nearest"
    assert turned.mode == {"P": "RGB", "1": "1" if exact else "L"}.get(mode, mode)
    assert turned.width >= 1
    assert turned.height >= 1
    if not expand:
        assert turned.size == (width, height)
    assert image.tobytes() == before


def test_positive_is_counter_clockwise_and_the_canvas_grows():
    image = Image.new("RGB", (101, 101), "white")
    image.paste("red", (90, 45, 101, 56))  # at three o'clock
    up = tm.rotate(image, 90)
    assert up.getpixel((50, 5)) == (255, 0, 0)
    halfway = tm.rotate(image, 45, expand=False, fill="white")
    red = np.argwhere(np.asarray(halfway)[:, :, 1] < 100).mean(axis=0)
    assert red[0] < 25
    assert red[1] > 75
    grown = tm.rotate(image, -45)
    assert 142 <= grown.width <= 145
    red = np.argwhere(np.asarray(grown)[:, :, 1] < 100).mean(axis=0)
    assert red[0] > 85  # clockwise, as in the chapter


@pytest.mark.parametrize(
    ("mode", "corner"),
    [("L", (255,)), ("RGB", (255, 255, 255)), ("P", (255, 255, 255)), ("CMYK", (0, 0, 0, 0)), ("I;16", (65_535,)),
     ("HSV", (0, 0, 255)), ("LAB", (255, 128, 128)), ("RGBA", (0, 0, 0, 0)), ("LA", (0, 0))],
)  # fmt: skip
@pytest.mark.parametrize("resample", ["bicubic", "nearest"])
def test_corners_are_transparent_or_white(mode, corner, resample):
    assert tuple(pixels(tm.rotate(picture(mode, 30, 30), 30, resample=resample))[0, 0].tolist()) == corner


def test_corners_of_other_colours():
    image = Image.new("RGBA", (30, 30), "red")
    assert tm.rotate(image, 30, fill="#00ff00").getpixel((0, 0)) == (0, 255, 0, 255)
    half = tm.rotate(image, 30, fill=(0, 200, 0, 128)).getpixel((0, 0))
    assert half[3] == 128
    assert abs(half[1] - 200) <= 1
    assert tm.rotate(image.convert("RGB"), 30, fill="transparent").getpixel((0, 0))[3] == 0
    with pytest.raises(UsageError, match="transparent"):
        tm.rotate(image.convert("CMYK"), 30, fill="transparent")


def test_transparent_rims_leave_no_fringe():
    image = Image.new("RGBA", (60, 60), (0, 0, 0, 0))
    image.paste((255, 255, 255, 255), (15, 15, 45, 45))
    levels = np.asarray(tm.rotate(image, 17))
    assert (levels[levels[:, :, 3] > 0][:, :3] == 255).all()


@pytest.mark.parametrize("resample", ["bicubic", "bilinear", "nearest"])
def test_sixteen_bits_turn_like_floating_point_numbers(resample):
    levels = np.random.default_rng(1).integers(0, 65_536, (40, 50)).astype(np.uint16)
    turned = np.asarray(tm.rotate(levels, 33, fill="black", resample=resample), float)
    exact = Image.fromarray(levels.astype(np.float32)).rotate(
        33, Image.Resampling[resample.upper()], expand=True, fillcolor=0
    )
    assert np.abs(turned - np.clip(np.asarray(exact, float), 0, 65_535)).max() <= 0.5


def test_a_quarter_on_the_same_canvas():
    levels = np.arange(15, dtype=np.uint8).reshape(3, 5)
    turned = np.asarray(tm.rotate(levels, 90, expand=False))
    assert turned.shape == (3, 5)
    assert np.array_equal(turned[:, 1:4], np.rot90(levels)[1:4])
    assert (turned[:, [0, 4]] == 255).all()


@pytest.mark.parametrize("degrees", [float("nan"), float("inf"), "90", None, True, [90]])
def test_angles_that_are_none(degrees):
    with pytest.raises(UsageError):
        tm.rotate(Image.new("L", (3, 3)), degrees)


def test_other_arguments_that_make_no_sense():
    image = Image.new("L", (3, 3))
    with pytest.raises(UsageError):
        tm.rotate(image, 10, resample="lanczos")
    with pytest.raises(UsageError):
        tm.rotate(image, 10, fill="whitish")
    for direction in ("sideways", None, ["horizontal"]):
        with pytest.raises(UsageError):
            tm.flip(image, direction)
    with pytest.raises(UsageError, match="pixels"):
        tm.rotate(Image.new("L", (100_000, 1)), 45)
