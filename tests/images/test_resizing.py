"""Sizes are what was asked for, and pixels are mixed as the eye would mix them."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

import tidymedia as tm
from images_of_every_mode import MODES, picture, pixels
from tidymedia.errors import UsageError

FILTERS = ("nearest", "bilinear", "bicubic", "lanczos", "box", "hamming")


def test_the_example_of_the_chapter():
    assert tm.resize(Image.new("RGB", (805, 453)), 0.25).size == (201, 113)
    assert tm.resize(Image.new("RGB", (805, 453)), (224, 224)).size == (224, 224)


@pytest.mark.parametrize(
    ("before", "size", "after"),
    [
        ((10, 10), 0.25, (3, 3)),  # halves go up
        ((10, 10), 2, (20, 20)),
        ((5000, 3), 0.01, (50, 1)),
        ((1, 1), 0.001, (1, 1)),
        ((805, 453), (None, 100), (178, 100)),
        ((805, 453), (640, None), (640, 360)),
        ((5000, 3), (10, None), (10, 1)),
        ((3, 5000), (None, 2), (1, 2)),
        ((4, 4), [8, 2], (8, 2)),
        ((4, 4), np.float32(0.5), (2, 2)),
        ((4, 4), (np.int64(7), 7), (7, 7)),
    ],
)
def test_sizes(before, size, after):
    assert tm.resize(Image.new("L", before), size).size == after


@settings(deadline=None, max_examples=150)
@given(
    st.sampled_from(MODES),
    st.integers(1, 60),
    st.integers(1, 60),
    st.floats(1e-6, 3) | st.tuples(st.integers(1, 50), st.integers(1, 50)),
    st.sampled_from(FILTERS),
)
@example("RGBA", 5000, 3, 0.0001, "bicubic")
@example("I;16", 3, 5000, (50, None), "lanczos")
def test_any_image_keeps_its_mode_and_never_vanishes(mode, width, height, size, resample):
    image = picture(mode, width, height)
    before = image.tobytes(), image.mode, image.size
    resized = tm.resize(image, size, resample=resample)
    assert min(resized.size) >= 1
    if isinstance(size, tuple) and None not in size:
        assert resized.size == size
    assert resized.mode == {"P": "RGB", "1": "1" if resample == "nearest" else "L"}.get(mode, mode)
    assert (image.tobytes(), image.mode, image.size) == before
    assert resized is not image


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(MODES), st.integers(1, 9), st.integers(1, 9), st.integers(1, 4))
def test_nearest_copies_pixels(mode, width, height, factor):
    image = picture(mode, width, height)
    enlarged = tm.resize(image, (width * factor, height * factor), resample="nearest")
    original = pixels(image.convert("RGB") if mode == "P" else image)
    assert np.array_equal(pixels(enlarged)[::factor, ::factor], original)
    assert np.array_equal(pixels(enlarged), original.repeat(factor, axis=0).repeat(factor, axis=1))


@pytest.mark.parametrize("resample", FILTERS)
@pytest.mark.parametrize("size", [(100, 90), (20, 10), (51, 3)])
def test_sixteen_bits_do_not_overflow(resample, size):
    levels = np.random.default_rng(0).choice(np.array([0, 3, 30_000, 65_535], np.uint16), (40, 50))
    exact = Image.fromarray(levels.astype(np.float32)).resize(size, Image.Resampling[resample.upper()])
    resized = tm.resize(levels, size, resample=resample)
    assert resized.mode == "I;16"
    assert np.abs(np.asarray(resized, float) - np.clip(np.asarray(exact, float), 0, 65_535)).max() <= 0.5
    big_endian = Image.frombytes("I;16B", (50, 40), levels.astype(">u2").tobytes())
    assert np.array_equal(np.asarray(tm.resize(big_endian, size, resample=resample)), np.asarray(resized))


@pytest.mark.parametrize("resample", FILTERS)
@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_transparent_pixels_leave_no_fringe(mode, resample):
    # White paper beside pixels that are transparent, with black unseen under them.
    image = Image.new(mode, (40, 40))
    image.paste(Image.new(mode, (23, 40), "white"), (0, 0))
    result = pixels(tm.resize(image, (13, 13), resample=resample))
    visible = result[:, :, -1] > 0
    assert visible.any()
    assert (result[visible][:, :-1] == 255).all()


def test_palettes_and_marked_colours_become_what_they_show():
    palette = Image.new("P", (8, 8))
    palette.putpalette([255, 0, 0, 0, 0, 255])
    palette.paste(1, (4, 0, 8, 8))
    halves = tm.resize(palette, (2, 1), resample="box")
    assert (halves.mode, halves.getpixel((0, 0)), halves.getpixel((1, 0))) == ("RGB", (255, 0, 0), (0, 0, 255))
    palette.info["transparency"] = 1
    halves = tm.resize(palette, (2, 1), resample="box")
    assert (halves.mode, halves.getpixel((0, 0)), halves.getpixel((1, 0))[3]) == ("RGBA", (255, 0, 0, 255), 0)
    for mode, color, expected in (("L", 0, "LA"), ("1", 0, "LA"), ("RGB", (0, 0, 0), "RGBA")):
        marked = Image.new(mode, (4, 4))
        marked.info["transparency"] = color
        resized = tm.resize(marked, 0.5)
        assert (resized.mode, resized.getchannel("A").getextrema()) == (expected, (0, 0))
        assert "transparency" not in resized.info


def test_black_and_white_becomes_gray_where_it_is_mixed():
    checks = Image.fromarray((np.indices((8, 8)).sum(axis=0) % 2 * 255).astype(np.uint8)).convert("1")
    assert tm.resize(checks, (2, 2), resample="box").getextrema() == (128, 128)


def test_hues_are_a_circle():
    red = Image.new("HSV", (2, 1), (250, 255, 255))
    red.putpixel((1, 0), (6, 255, 255))
    hue, saturation, value = tm.resize(red, (1, 1), resample="box").getpixel((0, 0))
    assert min(hue, 256 - hue) <= 1
    assert min(saturation, value) > 210


def test_the_profile_stays_and_the_mark_of_the_camera_goes():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for mode in ("RGB", "RGBA", "L", "P", "I;16"):
        image = picture(mode, 6, 4)
        image.info.update(icc_profile=profile, exif=b"Exif", dpi=(300, 300))
        assert tm.resize(image, 0.5).info == {"icc_profile": profile, "dpi": (300, 300)}


@pytest.mark.parametrize(
    "size",
    [0, -1, float("nan"), float("inf"), "0.5", True, None, (None, None), (0, 5), (5, -1), (1.5, 2), (5,), (1, 2, 3),
     ("5", 5), (True, 5), 10_000, (100_000, 100_000), 1e300],
)  # fmt: skip
def test_sizes_that_make_no_sense(size):
    with pytest.raises(UsageError) as caught:
        tm.resize(Image.new("L", (20, 10)), size)
    assert caught.value.remedy


def test_filters_have_names():
    with pytest.raises(UsageError, match="bicubic"):
        tm.resize(Image.new("L", (2, 2)), 2, resample="cubic")


def test_a_file_will_do(tmp_path):
    path = tmp_path / "gray.png"
    picture("L", 12, 8).save(path)
    expected = pixels(tm.resize(picture("L", 12, 8), 0.5))
    for source in (path, str(path), path.read_bytes(), io.BytesIO(path.read_bytes()), np.asarray(picture("L", 12, 8))):
        assert np.array_equal(pixels(tm.resize(source, 0.5)), expected)


def test_pixels_given_as_a_factor_are_explained() -> None:
    with pytest.raises(UsageError, match=r"180,320 x 101,472 .* One number is a factor; write pixels as \(224, 224\)"):
        tm.resize(Image.new("L", (805, 453)), 224)
    with pytest.raises(UsageError, match="Ask for a smaller one"):
        tm.resize(Image.new("L", (805, 453)), (180_320, 101_472))
