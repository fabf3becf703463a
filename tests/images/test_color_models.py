"""Colour models: numbers that independent programs give, and ways back that lose no more than is stated."""

import cv2
import matplotlib.colors
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tidymedia.errors import UsageError
from tidymedia.images.color_models import MODELS, channel_count, levels_from_model, model_from_levels

STEPS = np.array([0, 1, 2, *range(4, 252, 4), 253, 254, 255], dtype=np.uint8)
CUBE = np.stack(np.meshgrid(STEPS, STEPS, STEPS, indexing="ij"), axis=-1).reshape(len(STEPS), -1, 3)
"""Colours in steps of 4 levels and finer at the ends."""


def scaled(*rgb, mode):
    return model_from_levels(np.array([[rgb]], dtype=np.uint8), mode, scale=True)[0, 0]


@pytest.mark.parametrize("mode", list(MODELS))
def test_scaled_numbers_come_back_exactly(mode):
    numbers = model_from_levels(CUBE, mode, scale=True)
    assert numbers.dtype == np.float32
    assert np.array_equal(levels_from_model(numbers, mode), CUBE)


@pytest.mark.parametrize(
    ("mode", "most", "mean"), [("CMYK", 0, 0), ("RYB", 2, 0.11), ("HSV", 3, 0.3), ("LAB", 26, 0.8)]
)
def test_levels_come_back_within_what_is_stated(mode, most, mean):
    levels = model_from_levels(CUBE, mode, scale=False)
    assert levels.dtype == np.uint8
    error = np.abs(levels_from_model(levels, mode).astype(int) - CUBE)
    assert error.max() <= most
    assert error.mean() <= mean


@pytest.mark.parametrize("mode", list(MODELS))
def test_sixteen_bits_are_nearly_exact(mode):
    deep = CUBE.astype(np.uint16) * 257
    levels = model_from_levels(deep, mode, scale=False)
    assert levels.dtype == np.uint16
    assert np.abs(levels_from_model(levels, mode).astype(int) - CUBE).max() <= 1


@pytest.mark.parametrize("mode", list(MODELS))
def test_numbers_stay_in_their_range(mode):
    model = MODELS[mode]
    numbers = model_from_levels(CUBE, mode, scale=True)
    low, span = np.array(model.low), np.array(model.span)
    assert (numbers >= low - 1e-4).all()
    assert (numbers <= low + span + 1e-4).all()


def test_hsv_is_that_of_matplotlib_and_nearly_that_of_pillow():
    numbers = model_from_levels(CUBE, "HSV", scale=True)
    expected = matplotlib.colors.rgb_to_hsv(CUBE / 255)
    assert np.abs(numbers - expected).max() < 1e-6
    pillow = np.asarray(Image.fromarray(CUBE).convert("HSV"), int)
    apart = np.abs(model_from_levels(CUBE, "HSV", scale=False) - pillow)
    apart[..., 0] = np.minimum(apart[..., 0], 255 - apart[..., 0])
    assert apart.max() <= 1


def test_lab_is_that_of_opencv_and_of_the_literature():
    expected = cv2.cvtColor(CUBE.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    apart = np.abs(model_from_levels(CUBE, "LAB", scale=True) - expected)
    # OpenCV looks its curves up in tables.
    assert apart.max() < 0.5
    assert apart.mean() < 0.1
    # Lindbloom's values for the primaries of sRGB under D65.
    for rgb, lab in [
        ((255, 0, 0), (53.24, 80.09, 67.20)),
        ((0, 255, 0), (87.73, -86.18, 83.18)),
        ((0, 0, 255), (32.30, 79.19, -107.86)),
    ]:
        assert scaled(*rgb, mode="LAB") == pytest.approx(lab, abs=0.02)


def test_grays_have_no_color():
    for level in range(256):
        lightness, a, b = scaled(level, level, level, mode="LAB")
        assert a == pytest.approx(0, abs=1e-3)
        assert b == pytest.approx(0, abs=1e-3)
        hue, saturation, value = scaled(level, level, level, mode="HSV")
        assert (hue, saturation, value) == (0, 0, pytest.approx(level / 255))
        paints = scaled(level, level, level, mode="RYB")
        assert paints == pytest.approx([1 - level / 255] * 3, abs=1e-6)
    assert lightness == pytest.approx(100, abs=1e-4)


def test_inks_are_those_that_pillow_turns_back():
    levels = model_from_levels(CUBE, "CMYK", scale=False)
    assert levels[..., :3].min(axis=-1).max() == 0
    image = Image.frombytes("CMYK", (levels.shape[1], levels.shape[0]), levels.tobytes())
    assert np.array_equal(np.asarray(image.convert("RGB")), CUBE)


@pytest.mark.parametrize(
    ("rgb", "ryb"),
    [
        ((255, 0, 0), (1, 0, 0)),
        ((255, 255, 0), (0, 1, 0)),
        ((0, 0, 255), (0, 0, 1)),
        ((0, 255, 0), (0, 1, 1)),
        ((128, 0, 255), (1, 0, 1)),
        ((0, 255, 255), (0, 0.5, 1)),
        ((255, 255, 255), (0, 0, 0)),
        ((0, 0, 0), (1, 1, 1)),
    ],
)
def test_the_wheel_of_the_painter(rgb, ryb):
    assert scaled(*rgb, mode="RYB") == pytest.approx(ryb, abs=0.01)


def test_orange_is_red_with_yellow():
    paints = np.array([[[1.0, 1.0, 0.0]]], dtype=np.float32)
    assert levels_from_model(paints, "RYB").tolist() == [[[255, 128, 0]]]


def test_each_mixture_has_its_own_color():
    paints = (CUBE / np.float32(255)).astype(np.float32)
    back = MODELS["RYB"].from_rgb(MODELS["RYB"].to_rgb(paints))
    assert np.abs(back - paints).max() < 1e-5


def test_colors_that_no_screen_shows_are_cut():
    lab = np.array([[[50.0, 127.0, -128.0], [100.0, 50.0, 50.0]]], dtype=np.float32)
    assert levels_from_model(lab, "LAB").dtype == np.uint8


@pytest.mark.parametrize(("mode", "channels"), [("L", 1), ("RGB", 3), ("RGBA", 4), ("CMYK", 4), ("LAB", 3)])
def test_channels(mode, channels):
    assert channel_count(mode) == channels


@pytest.mark.parametrize("mode", ["rgb", "P", "", "YCbCr"])
def test_models_that_there_are_not(mode):
    with pytest.raises(UsageError, match="L, RGB, RGBA, CMYK, HSV, LAB, RYB"):
        channel_count(mode)


@settings(max_examples=60, deadline=None)
@given(
    size=st.one_of(st.tuples(st.integers(1, 30), st.integers(1, 30)), st.sampled_from([(5000, 3), (3, 5000)])),
    mode=st.sampled_from(list(MODELS)),
    seed=st.integers(0, 2**32 - 1),
)
def test_any_size_comes_back(size, mode, seed):
    drawn = np.random.default_rng(seed).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    numbers = model_from_levels(drawn, mode, scale=True)
    assert numbers.shape == (size[1], size[0], len(MODELS[mode].low))
    assert np.array_equal(levels_from_model(numbers, mode), drawn)
