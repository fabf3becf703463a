"""Arrays have the stated shape, type and numbers in every mode, and come back."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

import image_makers as make
import tidymedia as tm
from tidymedia.errors import BrokenFileError, SettingError, UnsupportedError, UsageError

CHANNELS = {"L": 1, "RGB": 3, "RGBA": 4, "CMYK": 4, "HSV": 3, "LAB": 3, "RYB": 3}
MODES = list(CHANNELS)
PICTURE = make.scene((60, 44))
CHAPTER = Path("/work/shared/chapter")


def shape(mode, size):
    return size[::-1] if mode == "L" else (*size[::-1], CHANNELS[mode])


def deep_gray(size=(40, 30), seed=0):
    return np.random.default_rng(seed).integers(0, 65_536, size[::-1], dtype=np.uint16)


class TestToArray:
    @pytest.mark.parametrize("mode", MODES)
    def test_shapes_and_types(self, mode):
        plain = tm.to_array(PICTURE, mode)
        assert (plain.shape, plain.dtype) == (shape(mode, (60, 44)), np.uint8)
        numbers = tm.to_array(PICTURE, mode, scale=True)
        assert (numbers.shape, numbers.dtype) == (plain.shape, np.float32)
        assert np.array_equal(tm.to_array(PICTURE, mode, flat=True), plain.ravel())
        assert np.array_equal(tm.to_array(PICTURE, mode, flat=True, scale=True), numbers.ravel())
        if mode == "LAB":
            assert 20 < numbers[..., 0].mean() < 80
        else:
            assert np.abs(numbers * 255 - plain).max() <= 0.501
            assert 0 <= numbers.min() <= numbers.max() <= 1

    @pytest.mark.parametrize("mode", MODES)
    def test_it_may_be_changed_and_changes_nothing(self, mode):
        source = PICTURE.convert("L") if mode == "L" else PICTURE.copy()
        before = np.array(source)
        tm.to_array(source, mode)[:] = 0
        assert np.array_equal(np.asarray(source), before)

    def test_plain_pictures_as_pillow_gives_them(self):
        for mode in ("L", "RGB"):
            assert np.array_equal(tm.to_array(PICTURE, mode), np.asarray(PICTURE.convert(mode)))
        gray = PICTURE.convert("L")
        assert np.array_equal(tm.to_array(gray, "L"), np.asarray(gray))
        assert np.array_equal(tm.to_array(gray, "RGB"), np.asarray(gray.convert("RGB")))

    def test_upright(self, tmp_path):
        upright = make.oriented(tmp_path / "a.png", 6, (40, 30), "PNG")
        assert np.array_equal(tm.to_array(tmp_path / "a.png"), np.asarray(upright))

    def test_opacity(self):
        clear = Image.new("RGBA", (2, 1), (255, 0, 0, 0))
        clear.putpixel((1, 0), (255, 0, 0, 51))
        assert tm.to_array(clear, "RGBA")[0].tolist() == [[255, 0, 0, 0], [255, 0, 0, 51]]
        assert tm.to_array(clear)[0].tolist() == [[255, 255, 255], [255, 204, 204]]
        assert tm.to_array(clear, background="#0000ff")[0].tolist() == [[0, 0, 255], [51, 0, 204]]
        assert tm.to_array(clear, "L", background="black")[0].tolist() == [0, 15]
        assert tm.to_array(clear, "LAB", scale=True)[0, 0] == pytest.approx([100, 0, 0], abs=1e-3)
        assert tm.to_array(PICTURE, "RGBA")[..., 3].min() == 255

    @pytest.mark.parametrize("mode", ["LA", "PA", "La", "RGBa"])
    def test_other_modes_with_opacity(self, mode):
        image = Image.new("LA", (2, 2), (100, 128))
        if mode == "PA":
            image = Image.new("RGBA", (2, 2), (100, 100, 100, 128)).convert("PA")
        elif mode != "LA":
            image = image.convert("RGBA").convert("RGBa") if mode == "RGBa" else image.convert("La")
        pixel = tm.to_array(image, "RGBA")[0, 0].astype(int)
        assert pixel == pytest.approx([100, 100, 100, 128], abs=1)
        assert tm.to_array(image, "L")[0, 0] == pytest.approx(177, abs=1)

    def test_a_palette_with_a_clear_color(self):
        image = Image.new("P", (2, 1))
        image.putpalette([10, 20, 30, 40, 50, 60])
        image.putpixel((1, 0), 1)
        data = make.written(image, "PNG", transparency=1)
        assert tm.to_array(data, "RGBA")[0].tolist() == [[10, 20, 30, 255], [40, 50, 60, 0]]
        assert tm.to_array(data)[0].tolist() == [[10, 20, 30], [255, 255, 255]]
        assert np.array_equal(tm.to_array(PICTURE.quantize(16)), np.asarray(PICTURE.quantize(16).convert("RGB")))

    def test_black_and_white(self):
        image = Image.new("1", (2, 1))
        image.putpixel((1, 0), 1)
        assert tm.to_array(image, "L").tolist() == [[0, 255]]
        assert tm.to_array(image, "RGBA").tolist() == [[[0, 0, 0, 255], [255, 255, 255, 255]]]
        assert tm.to_array(np.array([[False, True]]), "L").tolist() == [[0, 255]]

    def test_a_profile_is_applied(self):
        swapped = make.swapped_profile()
        data = make.written(Image.new("RGB", (4, 4), (255, 0, 0)), "PNG", icc_profile=swapped)
        assert tm.to_array(data)[0, 0] == pytest.approx([0, 0, 255], abs=3)
        assert tm.to_array(data, "L")[0, 0] == pytest.approx(29, abs=3)
        assert tm.to_array(data, "HSV", scale=True)[0, 0, 0] == pytest.approx(2 / 3, abs=0.01)
        half = Image.new("RGBA", (4, 4), (255, 0, 0, 128))
        data = make.written(half, "PNG", icc_profile=swapped)
        assert tm.to_array(data, "RGBA")[0, 0] == pytest.approx([0, 0, 255, 128], abs=3)
        assert tm.to_array(data)[0, 0] == pytest.approx([127, 127, 255], abs=3)

    def test_a_gray_profile_does_not_get_lost(self):
        image = PICTURE.convert("L")
        image.info["icc_profile"] = make.srgb_profile()  # one for RGB: it does not fit and is passed over
        assert np.array_equal(tm.to_array(image, "L"), np.asarray(image))

    def test_inks_as_stored(self):
        inks = np.random.default_rng(1).integers(0, 256, (30, 40, 4), dtype=np.uint8)
        image = Image.frombytes("CMYK", (40, 30), inks.tobytes())
        data = make.written(image, "TIFF")
        assert np.array_equal(tm.to_array(data, "CMYK"), inks)
        assert np.array_equal(tm.to_array(data), np.asarray(image.convert("RGB")))

    @pytest.mark.parametrize("wrong", ["rgb", "P", "", None])
    def test_modes_that_there_are_not(self, wrong):
        with pytest.raises(UsageError, match="colour model"):
            tm.to_array(PICTURE, wrong)

    def test_a_background_that_is_no_color(self):
        with pytest.raises(SettingError, match="nocolor"):
            tm.to_array(PICTURE, background="nocolor")

    def test_a_broken_file_is_named(self, tmp_path):
        (tmp_path / "a.jpg").write_bytes(make.written(PICTURE, "JPEG")[:400])
        with pytest.raises(BrokenFileError, match=r"a\.jpg"):
            tm.to_array(tmp_path / "a.jpg")

    @pytest.mark.skipif(not CHAPTER.is_dir(), reason="the pictures of the textbook chapter are not here")
    def test_the_pictures_of_the_chapter(self):
        path = CHAPTER / "259_3_32_15.jpg"
        with Image.open(path) as image:
            gray = np.asarray(image.convert("L"))
        assert np.array_equal(tm.to_array(path, "L"), gray)
        assert gray.shape == (453, 805)
        assert tm.to_array(path).shape == (453, 805, 3)
        assert tm.to_array(CHAPTER / "298_5_52_15.png", "RGBA").shape == (978, 1540, 4)


class TestDeep:
    @pytest.mark.parametrize("image_format", ["PNG", "TIFF", None])
    def test_sixteen_bits_of_gray(self, image_format):
        levels = deep_gray()
        source = levels if image_format is None else make.written(Image.fromarray(levels), image_format)
        assert np.array_equal(tm.to_array(source, "L", deep=True), levels)
        scaled = tm.to_array(source, "L", deep=True, scale=True)
        assert scaled.dtype == np.float32
        assert np.abs(scaled - levels / 65_535).max() < 1e-6
        assert np.array_equal(tm.to_array(source, "L"), levels >> 8)
        assert np.array_equal(tm.to_array(source, "RGB", deep=True)[..., 1], levels)
        assert tm.to_array(source, "RGBA", deep=True)[0, 0, 3] == 65_535

    def test_the_other_byte_order(self):
        levels = deep_gray()
        deep = tm.to_array(levels.astype(">u2"), "L", deep=True)
        assert np.array_equal(deep, levels)
        assert deep.dtype == np.uint16

    def test_sixteen_bits_of_color_in_an_array(self):
        levels = np.dstack([deep_gray(seed=seed) for seed in range(3)])
        assert np.array_equal(tm.to_array(levels, deep=True), levels)
        assert np.array_equal(tm.to_array(levels), levels >> 8)
        luma = levels @ np.array([0.299, 0.587, 0.114])
        assert np.abs(tm.to_array(levels, "L", deep=True) - luma).max() <= 0.51
        numbers = tm.to_array(levels, "HSV", deep=True, scale=True)
        assert np.abs(tm.from_array(numbers, "HSV") - (levels / 257)).max() <= 0.51
        assert tm.to_array(levels, "LAB", deep=True).dtype == np.uint16

    @pytest.mark.parametrize("suffix", [".png", ".tif"])
    @pytest.mark.parametrize("channels", [3, 4])
    def test_sixteen_bits_of_color_in_a_file(self, tmp_path, suffix, channels):
        levels = np.dstack([deep_gray(seed=seed) for seed in range(channels)])
        order = [2, 1, 0, 3][:channels]
        assert cv2.imwrite(str(tmp_path / f"a{suffix}"), levels[..., order])
        mode = "RGB" if channels == 3 else "RGBA"
        with (tmp_path / f"a{suffix}").open("rb") as file:
            for source in (tmp_path / f"a{suffix}", file):
                assert np.array_equal(tm.to_array(source, mode, deep=True), levels)
        assert np.array_equal(tm.to_array(tmp_path / f"a{suffix}", mode), levels >> 8)

    @pytest.mark.parametrize("orientation", range(1, 9))
    def test_sixteen_bits_of_color_stand_upright(self, orientation):
        levels = np.dstack([deep_gray((5, 3), seed) for seed in range(3)])
        stored = np.dstack([np.asarray(self.turned_back(band, orientation)) for band in np.moveaxis(levels, -1, 0)])
        data = cv2.imencode(".png", stored[..., ::-1])[1].tobytes()
        exif = Image.Exif()
        exif[make.ORIENTATION] = orientation
        extra = make.chunk(b"eXIf", exif.tobytes().removeprefix(b"Exif\x00\x00"))
        data = data[:33] + extra + data[33:]
        assert np.array_equal(tm.to_array(data, deep=True), levels)
        tiff = cv2.imencode(".tif", stored[..., ::-1], [cv2.IMWRITE_TIFF_COMPRESSION, 1])[1].tobytes()
        assert np.array_equal(tm.to_array(tiff, deep=True), stored)

    @staticmethod
    def turned_back(band, orientation):
        turn = make.TURN_BACK[orientation]
        image = Image.fromarray(np.ascontiguousarray(band))
        return image if turn is None else image.transpose(turn)

    def test_what_two_decoders_read_differently_is_refused(self, monkeypatch):
        data = cv2.imencode(".png", np.dstack([deep_gray()] * 3))[1].tobytes()
        from tidymedia.images import deep_color

        other = deep_color._decoded(data)
        monkeypatch.setattr(deep_color, "_decoded", lambda data: other ^ 0x8000)
        with pytest.raises(UnsupportedError, match="16 bits"):
            tm.to_array(data, deep=True)

    def test_opacity_in_sixteen_bits(self):
        levels = np.zeros((1, 2, 4), np.uint16)
        levels[0, 0] = 65_535, 0, 0, 65_535
        assert tm.to_array(levels, deep=True)[0].tolist() == [[65_535, 0, 0], [65_535] * 3]
        assert np.array_equal(tm.to_array(levels, "RGBA", deep=True), levels)

    def test_a_clear_level_of_gray(self):
        levels = np.array([[1000, 40_000]], dtype=np.uint16)
        data = make.written(Image.fromarray(levels), "PNG", transparency=1000)
        assert tm.to_array(data, "L", deep=True).tolist() == [[65_535, 40_000]]
        assert tm.to_array(data, "RGBA", deep=True)[0, :, 3].tolist() == [0, 65_535]
        assert tm.to_array(data, "RGBA")[0, :, 3].tolist() == [0, 255]

    def test_thirty_two_bits(self):
        counts = Image.fromarray(np.array([[0, 40_000]], dtype=np.int32))
        assert tm.to_array(counts, "L", deep=True).tolist() == [[0, 40_000]]
        shares = Image.fromarray(np.array([[0, 0.25, 1]], dtype=np.float32))
        assert tm.to_array(shares, "L", deep=True).tolist() == [[0, 16_384, 65_535]]
        beyond = Image.fromarray(np.array([[-100, 0, 100]], dtype=np.float32))
        assert tm.to_array(beyond, "L", deep=True).tolist() == [[0, 32_768, 65_535]]

    def test_eight_bits_stay_eight(self):
        assert tm.to_array(PICTURE, deep=True).dtype == np.uint8


class TestFromArray:
    @pytest.mark.parametrize("mode", MODES)
    def test_there_and_back(self, mode):
        source = PICTURE.copy()
        if mode == "RGBA":
            source.putalpha(Image.linear_gradient("L").resize(source.size))
        expected = np.asarray(source.convert("L") if mode == "L" else source)
        exact = tm.from_array(tm.to_array(source, mode, scale=True), mode)
        assert exact.mode == {"HSV": "RGB", "LAB": "RGB", "RYB": "RGB"}.get(mode, mode)
        shown = exact.convert("RGB") if mode == "CMYK" else exact
        assert np.array_equal(np.asarray(shown), expected)
        rounded = tm.from_array(tm.to_array(source, mode), mode)
        shown = rounded.convert("RGB") if mode == "CMYK" else rounded
        tolerance = {"HSV": 3, "LAB": 12, "RYB": 2}.get(mode, 0)
        assert np.abs(np.asarray(shown, int) - expected).max() <= tolerance
        flat = tm.from_array(tm.to_array(source, mode, flat=True), mode, size=source.size)
        assert np.array_equal(np.asarray(flat), np.asarray(rounded))

    def test_sixteen_bits(self):
        levels = deep_gray()
        image = tm.from_array(levels, "L")
        assert image.mode == "I;16"
        assert np.array_equal(tm.to_array(image, "L", deep=True), levels)
        color = np.dstack([levels] * 3)
        assert np.array_equal(np.asarray(tm.from_array(color)), color >> 8)
        assert tm.from_array(tm.to_array(color, "LAB", deep=True), "LAB").mode == "RGB"

    @pytest.mark.parametrize("dtype", [np.int64, np.int8, np.uint32, np.float64])
    def test_levels_of_other_types(self, dtype):
        levels = np.arange(12).reshape(3, 4).astype(dtype)
        assert np.asarray(tm.from_array(levels, "L", scaled=False)).tolist() == levels.tolist()

    def test_lists(self):
        assert tm.from_array([[0, 255]], "L").getpixel((1, 0)) == 255

    @pytest.mark.parametrize(
        ("array", "mode", "more", "told"),
        [
            (np.zeros((4, 5), np.uint8), "RGB", {}, r"\(height, width, 3\)"),
            (np.zeros((4, 5, 3), np.uint8), "RGBA", {}, r"\(height, width, 4\)"),
            (np.zeros((4, 5, 3), np.uint8), "L", {}, r"\(height, width\)"),
            (np.zeros((0, 5), np.uint8), "L", {}, "no pixels"),
            (np.zeros(0, np.uint8), "L", {"size": (1, 1)}, "0 numbers"),
            (np.zeros(20, np.uint8), "L", {}, "Add size"),
            (np.zeros(20, np.uint8), "L", {"size": (4, 6)}, "20 numbers are no 4 x 6"),
            (np.zeros(20, np.uint8), "L", {"size": (0, 6)}, "0"),
            (np.zeros((4, 5), np.uint8), "L", {"size": (4, 5)}, "Leave size out"),
            (np.full((4, 5), 300), "L", {}, "0 to 255"),
            (np.full((4, 5), -1), "L", {}, "0 to 255"),
            (np.full((4, 5), 2.0), "L", {}, "by 255"),
            (np.full((4, 5), np.nan), "L", {}, "not a number"),
            (np.full((4, 5), np.nan), "L", {"scaled": False}, "0 to 255"),
            (np.zeros((4, 5), np.uint8), "L", {"scaled": True}, "whole numbers"),
            (np.zeros((4, 5), bool), "L", {}, "uint8"),
            (np.array([["a"]]), "L", {}, "uint8"),
            (np.full((2, 2, 3), 200.0), "LAB", {}, "L* goes from 0 to 100".replace("*", r"\*")),
            (np.full((2, 2, 3), np.nan), "LAB", {}, "no L"),
            (np.zeros((4, 5), np.uint8), "XYZ", {}, "colour model"),
        ],
    )
    def test_what_is_refused(self, array, mode, more, told):
        with pytest.raises(UsageError, match=told):
            tm.from_array(array, mode, **more)


SIZES = st.one_of(st.tuples(st.integers(1, 30), st.integers(1, 30)), st.sampled_from([(1, 1), (5000, 3), (3, 5000)]))


@settings(max_examples=80, deadline=None)
@given(size=SIZES, mode=st.sampled_from(MODES), seed=st.integers(0, 2**32 - 1), deep=st.booleans(), flat=st.booleans())
def test_any_image_has_the_stated_shape_and_comes_back(size, mode, seed, deep, flat):
    width, height = size
    drawn = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    levels = drawn.astype(np.uint16) * 257 if deep else drawn
    array = tm.to_array(levels, mode, scale=True, deep=deep, flat=flat)
    assert array.dtype == np.float32
    assert array.shape == ((width * height * CHANNELS[mode],) if flat else shape(mode, size))
    image = tm.from_array(array, mode, size=size if flat else None)
    assert image.size == size
    back = np.asarray(image.convert("L" if mode == "L" else "RGB"), int)
    expected = np.asarray(Image.fromarray(drawn).convert("L")) if mode == "L" else drawn
    assert np.abs(back - expected).max() <= (1 if mode == "L" else 0)


@settings(max_examples=60, deadline=None)
@given(
    size=SIZES,
    source=st.sampled_from(("1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr", "LAB", "HSV", "I;16", "I", "F")),
    mode=st.sampled_from(MODES),
)
def test_any_mode_becomes_any_other(size, source, mode):
    image = Image.new(source, size)
    assert tm.to_array(image, mode).shape == shape(mode, size)
    assert tm.to_array(image, mode, scale=True).dtype == np.float32


class TestStack:
    @pytest.mark.parametrize("fit", ["square", "stretch", "pad"])
    @pytest.mark.parametrize("mode", MODES)
    def test_shapes(self, mode, fit):
        images = [PICTURE, np.full((5, 90), 200, np.uint8), make.written(PICTURE.convert("RGBA"), "PNG")]
        batch = tm.stack(images, (32, 20), mode=mode, fit=fit)
        assert (batch.shape, batch.dtype) == ((3, 20, 32, CHANNELS[mode]), np.float32)
        first = tm.stack(images, (32, 20), mode=mode, fit=fit, channels="first")
        assert np.array_equal(np.moveaxis(first, 1, -1), batch)
        assert first.flags["C_CONTIGUOUS"]
        assert tm.stack(images, 16, mode=mode, fit=fit, scale=False).dtype == np.uint8

    def test_the_middle_square(self):
        expected = np.asarray(PICTURE.crop((8, 0, 52, 44)).resize((22, 22), Image.Resampling.BICUBIC))
        assert np.array_equal(tm.stack([PICTURE], 22, scale=False)[0], expected)
        assert np.array_equal(tm.stack([PICTURE], 22)[0], expected / np.float32(255))
        upright = PICTURE.transpose(Image.Transpose.TRANSPOSE)
        assert np.array_equal(
            tm.stack([upright], 22, scale=False)[0], np.asarray(tm.resize(tm.crop_square(upright), (22, 22)))
        )

    def test_stretched(self):
        expected = np.asarray(PICTURE.resize((30, 11), Image.Resampling.BICUBIC))
        assert np.array_equal(tm.stack([PICTURE], (30, 11), fit="stretch", scale=False)[0], expected)

    def test_a_border(self):
        wide = Image.new("RGB", (40, 20), (10, 20, 30))
        padded = tm.stack([wide], 40, fit="pad", scale=False, background="#ff0000")[0]
        assert (padded[:10] == (255, 0, 0)).all()
        assert (padded[10:30] == (10, 20, 30)).all()
        assert (padded[30:] == (255, 0, 0)).all()
        inks = tm.stack([wide], 40, fit="pad", mode="CMYK", scale=False)[0]
        assert (inks[0] == 0).all()
        assert tm.stack([wide], 40, fit="pad", mode="RGBA", scale=False)[0, 0, 0].tolist() == [255] * 4

    def test_a_single_pixel_and_a_thin_line(self):
        for size in ((1, 1), (5000, 3), (3, 5000)):
            for fit in ("square", "stretch", "pad"):
                assert tm.stack([Image.new("RGB", size, "white")], 8, fit=fit).min() == 1

    def test_one_image_is_a_stack_of_one(self, tmp_path):
        PICTURE.save(tmp_path / "a.png")
        for one in (PICTURE, tmp_path / "a.png", str(tmp_path / "a.png"), np.asarray(PICTURE)):
            assert tm.stack(one, 8).shape == (1, 8, 8, 3)

    def test_a_stacked_array(self):
        digits = np.random.default_rng(0).integers(0, 256, (5, 28, 28), dtype=np.uint8)
        batch = tm.stack(digits, 28, mode="L", scale=False)
        assert np.array_equal(batch[..., 0], digits)

    def test_a_broken_image_is_named_and_not_left_out(self, tmp_path):
        (tmp_path / "cut.png").write_bytes(make.written(PICTURE, "PNG")[:900])
        with pytest.raises(BrokenFileError, match=r"cut\.png"):
            tm.stack([PICTURE, tmp_path / "cut.png"], 8)

    @pytest.mark.parametrize(
        ("size", "more", "told"),
        [
            (0, {}, "0"),
            ((8, None), {}, "size"),
            ((8,), {}, "size"),
            ("8", {}, "size"),
            (8, {"fit": "cover"}, "square, stretch, pad"),
            (8, {"channels": "middle"}, '"last" or "first"'),
            (8, {"mode": "BGR"}, "colour model"),
            (10**6, {}, "1,000,000 x 1,000,000"),
        ],
    )
    def test_what_is_refused(self, size, more, told):
        with pytest.raises(UsageError, match=told):
            tm.stack([PICTURE], size, **more)

    def test_no_images(self):
        with pytest.raises(UsageError, match="no images"):
            tm.stack([], 8)
