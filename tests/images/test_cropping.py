"""Crops lie inside of their image, and sampled boxes equal those of TensorFlow."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

import tidymedia as tm
from images_of_every_mode import MODES, picture, pixels
from tidymedia.errors import UsageError
from tidymedia.images.box_sampling import sample_box

COMPUTED = json.loads((Path(__file__).parent / "data" / "crop_and_resize.json").read_text("utf-8"))
TOLERANCE = 0.002

KEPT = {"P": "RGB"}


@pytest.mark.parametrize("case", COMPUTED["cases"], ids=lambda case: f"{case['image']}-{case['box']}-{case['size']}")
def test_boxes_are_those_of_tensorflow(case):
    image = np.array(COMPUTED["images"][case["image"]], np.uint8)
    expected = np.array(case["expected"])
    nearest = case["method"] == "nearest"
    sampled = sample_box(image, case["box"], case["size"], nearest=nearest, fill=case["fill"])
    pictured = np.asarray(
        tm.crop_box(image, case["box"], case["size"], resample=case["method"], fill=case["fill"]), float
    ).reshape(expected.shape)
    if "last_row_falls_out" in case:
        assert (expected[-1] == 0).all()
        assert np.abs(sampled[-1] - image[-1]).max() < 0.01
        expected, sampled, pictured = expected[:-1], sampled[:-1], pictured[:-1]
    assert np.abs(sampled - expected).max() < TOLERANCE
    assert np.abs(pictured - expected).max() < 0.5 + TOLERANCE


def test_floating_point_numbers_are_not_rounded():
    levels = np.array(COMPUTED["images"]["colour"], np.float32)[:, :, 0]
    case = next(case for case in COMPUTED["cases"] if case["box"] == [0.1, 0.35, 0.8, 0.95])
    crop = tm.crop_box(Image.fromarray(levels), case["box"], case["size"])
    assert crop.mode == "F"
    assert np.abs(np.asarray(crop) - np.array(case["expected"])[:, :, 0]).max() < TOLERANCE


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(MODES), st.integers(1, 60), st.integers(1, 60))
@example("RGB", 5000, 3)
@example("1", 3, 5000)
def test_squares_lie_in_the_middle(mode, width, height):
    image = picture(mode, width, height)
    square = tm.crop_square(image)
    side = min(width, height)
    left, top = (width - side) // 2, (height - side) // 2
    assert square.size == (side, side)
    assert square.mode == KEPT.get(mode, mode)
    whole = image.convert("RGB") if mode == "P" else image
    assert np.array_equal(pixels(square), pixels(whole)[top : top + side, left : left + side])


def test_the_odd_pixel_is_cut_off_at_the_end():
    levels = np.arange(12, dtype=np.uint8).reshape(3, 4)
    assert np.array_equal(np.asarray(tm.crop_square(levels)), levels[:, :3])
    assert np.array_equal(np.asarray(tm.crop_square(levels.T)), levels.T[:3])


@settings(deadline=None, max_examples=200)
@given(
    st.sampled_from(MODES),
    st.integers(1, 40),
    st.integers(1, 40),
    st.tuples(*[st.floats(-1, 2)] * 4),
    st.none() | st.tuples(st.integers(1, 20), st.integers(1, 20)),
    st.sampled_from(["bilinear", "nearest"]),
)
@example("RGBA", 5000, 3, (0.999999, 0.0, 1.0, 1e-9), None, "bilinear")
@example("I;16", 3, 5000, (1.0, 1.0, 1.0, 1.0), None, "bilinear")
def test_any_box_of_any_image(mode, width, height, box, size, resample):
    image = picture(mode, width, height)
    before = image.tobytes()
    outside = max(box[0], box[2]) < 0 or min(box[0], box[2]) > 1 or max(box[1], box[3]) < 0 or min(box[1], box[3]) > 1
    if size is None and outside:
        with pytest.raises(UsageError):
            tm.crop_box(image, box)
        return
    crop = tm.crop_box(image, box, size, resample=resample)
    assert image.tobytes() == before
    if size is None:
        assert 1 <= crop.width <= width
        assert 1 <= crop.height <= height
        assert crop.mode == KEPT.get(mode, mode)
        found = pixels(crop)[:: -1 if box[0] > box[2] else 1, :: -1 if box[1] > box[3] else 1]
        whole = pixels(image.convert("RGB") if mode == "P" else image)
        if width * height < 2000:
            windows = np.lib.stride_tricks.sliding_window_view(whole, found.shape)
            assert (windows == found).all(axis=(-3, -2, -1)).any()
    else:
        assert crop.size == size
        assert crop.mode == {"P": "RGB", "1": "1" if resample == "nearest" else "L"}.get(mode, mode)


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(MODES), st.integers(1, 12), st.integers(1, 12), st.sampled_from(["bilinear", "nearest"]))
def test_the_whole_box_in_its_own_size_is_the_image(mode, width, height, resample):
    image = picture(mode, width, height)
    whole = image.convert("RGB") if mode == "P" else image
    # A side of one takes the middle, which is that pixel.
    same = pixels(tm.crop_box(image, [0, 0, 1, 1], (width, height), resample=resample)).astype(float)
    expected = pixels(whole).astype(float)
    if mode in ("LA", "RGBA") and resample == "bilinear":
        visible = expected[:, :, -1:] > 0
        same, expected = same * visible, expected * visible
    if mode == "HSV" and resample == "bilinear":  # over RGB and back
        same, expected = (
            pixels(
                Image.merge(
                    "HSV", [Image.fromarray(band.astype(np.uint8)) for band in np.moveaxis(levels, -1, 0)]
                ).convert("RGB")
            ).astype(float)
            for levels in (same, expected)
        )
        assert np.abs(same - expected).max() <= 8
        return
    assert np.abs(same - expected).max() <= 0.01


def test_pixels_of_a_box_are_rounded_to_the_nearest_rim():
    levels = np.arange(100, dtype=np.uint8).reshape(10, 10)
    assert np.array_equal(np.asarray(tm.crop_box(levels, [0.1, 0.26, 0.55, 0.84])), levels[1:6, 3:8])
    assert np.array_equal(np.asarray(tm.crop_box(levels, [-0.5, 0.7, 0.2, 7])), levels[0:2, 7:10])
    assert np.array_equal(np.asarray(tm.crop_box(levels, [0.2, 0.5, 0.0, 0.0])), levels[1::-1, 4::-1])
    assert np.array_equal(np.asarray(tm.crop_box(levels, np.array([1, 0.52, 1, 0.52]))), levels[9:, 5:6])
    halves = [tm.crop_box(levels, [0, 0, 0.45, 1]).height, tm.crop_box(levels, [0.45, 0, 1, 1]).height]
    assert sum(halves) == 10


def test_unseen_colours_do_not_bleed():
    image = Image.new("RGBA", (4, 4), (0, 0, 0, 0))
    image.paste((255, 255, 255, 255), (0, 0, 2, 4))
    levels = np.asarray(tm.crop_box(image, [0, 0, 1, 1], (9, 3)))
    assert (levels[levels[:, :, 3] > 0][:, :3] == 255).all()
    assert {0, 255} < set(levels[:, :, 3].ravel().tolist())


@pytest.mark.parametrize(
    "box", [[0, 0, 1], "0011", None, [0, 0, 1, float("nan")], [0, 0, 1, float("inf")], [0, 0, "1", 1],
            [0, 0, 453, 1540], [1.2, 0, 1.4, 1], [0, -2, 1, -1], 0.5]
)  # fmt: skip
def test_boxes_that_make_no_sense(box):
    with pytest.raises(UsageError) as caught:
        tm.crop_box(Image.new("L", (20, 10)), box)
    assert caught.value.remedy


def test_other_arguments_that_make_no_sense():
    image = Image.new("L", (20, 10))
    for arguments in ({"size": 0.5}, {"size": (5, None)}, {"size": (10**6, 10**6)}, {"resample": "bicubic"},
                      {"fill": "black"}):  # fmt: skip
        with pytest.raises(UsageError):
            tm.crop_box(image, [0, 0, 1, 1], **arguments)


def test_numbers_that_are_unknown_stay_so():
    levels = np.array([[1, 1, np.nan], [1, np.inf, np.inf], [1, 1, 1]], np.float32)
    crop = np.asarray(tm.crop_box(Image.fromarray(levels), [0, 0, 1, 1], (3, 5)))
    assert np.isfinite(crop[:, 0]).all()
    assert not np.isfinite(crop[:3, 2]).any()
