"""Every way of writing colours becomes the sRGB that a good viewer shows."""

import io

import numpy as np
import pytest
from PIL import Image

import image_makers as make
from tidymedia.errors import SettingError
from tidymedia.media.color_conversion import background_color, profile_name, to_rgb
from tidymedia.media.kinds import Kind
from tidymedia.media.locations import LocalFile
from tidymedia.media.opening import open_medium
from tidymedia.media.picture import ANALYSIS, FULL, THUMB
from tidymedia.media.settings import PictureSettings


def read(path, size=FULL, background="#ffffff"):
    location = LocalFile(str(path.parent), path.name)
    with open_medium(location, Kind.IMAGE, PictureSettings(background=background)) as medium:
        image = next(iter(medium.pictures())).image(size)
    assert image.mode == "RGB"
    return image


def color(image):
    return image.getpixel((image.width // 2, image.height // 2))


def near(found, wanted, within=2):
    assert np.abs(np.subtract(found, wanted)).max() <= within, f"{found} is not {wanted}"


class TestGray:
    @pytest.mark.parametrize(
        ("mode", "value", "name", "level"),
        [
            ("1", 1, "a.png", 255),
            ("1", 0, "a.tif", 0),
            ("L", 100, "a.png", 100),
            ("I;16", 32_768, "a.png", 128),
            ("I;16", 65_535, "a.tif", 255),
            ("I;16", 300, "a.tif", 1),
            ("I;16B", 32_768, "a.tif", 128),
            ("I", 32_768, "a.tif", 128),
            ("I", 65_535, "a.tif", 255),
            ("F", 0.5, "a.tif", 128),
            ("F", 128.0, "a.tif", 128),
        ],
    )
    def test_levels_are_kept_and_not_clipped(self, tmp_path, mode, value, name, level):
        if mode == "I;16B":
            pixels = np.full((20, 30), value, ">u2")
            Image.frombytes("I;16B", (30, 20), pixels.tobytes()).save(tmp_path / name)
        else:
            Image.new(mode, (30, 20), value).save(tmp_path / name)
        assert color(read(tmp_path / name)) == (level,) * 3

    def test_a_ramp_of_sixteen_bits_stays_a_ramp(self, tmp_path):
        ramp = np.tile(np.arange(256, dtype=np.uint16) * 257, (4, 1))
        Image.fromarray(ramp).save(tmp_path / "a.png")
        image = np.asarray(read(tmp_path / "a.png"))
        assert (image[0, :, 0] == np.arange(256)).all()

    def test_a_png_of_sixteen_bits_from_elsewhere(self, tmp_path):
        (tmp_path / "a.png").write_bytes(make.gray_sixteen_png(9, 7, 0x8000))
        assert color(read(tmp_path / "a.png")) == (128, 128, 128)

    @pytest.mark.parametrize(("mode", "value"), [("1", 1), ("L", 200), ("I;16", 200 << 8), ("F", 200.0)])
    def test_white_may_be_zero_in_a_tiff(self, tmp_path, mode, value):
        Image.new(mode, (30, 20), value).save(tmp_path / "plain.tif")
        Image.new(mode, (30, 20), value).save(tmp_path / "turned.tif", tiffinfo={262: 0})
        plain, turned = (color(read(tmp_path / name))[0] for name in ("plain.tif", "turned.tif"))
        # Pillow inverts what it writes in mode L alone, so that reading shows the same again.
        assert turned == (plain if mode == "L" else 255 - plain)

    def test_a_level_of_sixteen_bits_that_stands_for_transparent(self, tmp_path):
        clear = make.chunk(b"tRNS", b"\x80\x01")
        row = b"\x00" + b"\x80\x01" * 5 + b"\x80\x02" * 5
        (tmp_path / "a.png").write_bytes(make.png(10, 10, row * 10, color=0, bits=16, extra=clear))
        image = read(tmp_path / "a.png", background="#00ff00")
        assert [image.getpixel((x, 5)) for x in (2, 7)] == [(0, 255, 0), (128, 128, 128)]

    @pytest.mark.parametrize("values", [[-4.0, 0.0, 4.0], [0.0, 500.0, 1000.0], [-3e38, 0.0, 3e38]])
    def test_other_floats_are_stretched(self, values):
        image = Image.fromarray(np.array([values], np.float32))
        assert [to_rgb(image).getpixel((x, 0))[0] for x in range(3)] == [0, 128, 255]

    def test_not_a_number_is_black(self):
        image = Image.fromarray(np.array([[np.nan, np.inf, 1.0]], np.float32))
        assert [to_rgb(image).getpixel((x, 0))[0] for x in range(3)] == [0, 0, 255]

    def test_integers_of_32_bits_are_stretched(self):
        image = Image.fromarray(np.array([[-100, 0, 100]], np.int32))
        near([to_rgb(image).getpixel((x, 0))[0] for x in range(3)], [0, 128, 255], 1)


class TestTransparency:
    @pytest.mark.parametrize(("background", "behind"), [("#ffffff", (255, 255, 255)), ("#0080ff", (0, 128, 255))])
    @pytest.mark.parametrize("share", [0, 64, 128, 255])
    def test_colour_and_gray_lie_on_the_background(self, tmp_path, background, behind, share):
        def mixed(front):
            return tuple(round((f * share + b * (255 - share)) / 255) for f, b in zip(front, behind, strict=True))

        Image.new("RGBA", (30, 20), (200, 40, 0, share)).save(tmp_path / "rgba.png")
        Image.new("LA", (30, 20), (90, share)).save(tmp_path / "la.png")
        near(color(read(tmp_path / "rgba.png", background=background)), mixed((200, 40, 0)), 1)
        near(color(read(tmp_path / "la.png", background=background)), mixed((90, 90, 90)), 1)

    def test_every_class_lies_on_the_background(self, tmp_path):
        Image.new("RGBA", (1400, 1200), (200, 40, 0, 0)).save(tmp_path / "a.png")
        for size in (FULL, THUMB, ANALYSIS):
            assert color(read(tmp_path / "a.png", size, "#00ff00")) == (0, 255, 0)

    def test_a_palette_with_one_transparent_colour(self, tmp_path):
        image = Image.new("P", (30, 20), 1)
        image.putpalette([10, 20, 30, 200, 100, 50])
        image.paste(0, (0, 0, 10, 20))
        image.save(tmp_path / "plain.png")
        image.save(tmp_path / "clear.png", transparency=0)
        image.save(tmp_path / "clear.gif", transparency=0)
        image.save(tmp_path / "graded.png", transparency=bytes([128, 255]))
        assert read(tmp_path / "plain.png").getpixel((3, 3)) == (10, 20, 30)
        for name in ("clear.png", "clear.gif"):
            assert read(tmp_path / name, background="#ff00ff").getpixel((3, 3)) == (255, 0, 255)
            assert read(tmp_path / name, background="#ff00ff").getpixel((20, 3)) == (200, 100, 50)
        near(read(tmp_path / "graded.png", background="#000000").getpixel((3, 3)), (5, 10, 15), 1)

    def test_a_palette_with_a_second_channel(self):
        image = Image.new("PA", (4, 4), (1, 0))
        image.putpalette([10, 20, 30, 200, 100, 50])
        assert color(to_rgb(image, "#123456")) == (0x12, 0x34, 0x56)
        opaque = Image.new("PA", (4, 4), (1, 255))
        opaque.putpalette([10, 20, 30, 200, 100, 50])
        assert color(to_rgb(opaque, "#123456")) == (200, 100, 50)

    @pytest.mark.parametrize(("mode", "clear", "full"), [("L", 7, 8), ("RGB", (7, 7, 7), (8, 8, 8)), ("1", 0, 255)])
    def test_a_colour_that_stands_for_transparent(self, tmp_path, mode, clear, full):
        image = Image.new(mode, (30, 20), full)
        image.paste(clear, (0, 0, 10, 20))
        image.save(tmp_path / "a.png", transparency=clear)
        shown = read(tmp_path / "a.png", background="#00ff00")
        assert shown.getpixel((3, 3)) == (0, 255, 0)
        assert shown.getpixel((20, 3)) == (full if mode == "RGB" else (full,) * 3)

    @pytest.mark.parametrize("mode", ["La", "RGBa"])
    def test_premultiplied_colours(self, mode):
        plain = Image.new(
            "LA" if mode == "La" else "RGBA", (3, 3), (200, 128) if mode == "La" else (200, 200, 200, 128)
        )
        near(color(to_rgb(plain.convert(mode), "#000000")), (100, 100, 100))


class TestPrint:
    INKS = ((0, 0, 0, 0), (255, 0, 0, 0), (0, 0, 0, 255), (0, 255, 255, 0), (40, 80, 120, 30))

    @pytest.mark.parametrize("inks", INKS)
    @pytest.mark.parametrize("size", [FULL, THUMB])
    def test_inverted_inks_of_photoshop_and_plain_inks_of_a_tiff_agree(self, tmp_path, inks, size):
        cyan, magenta, yellow, key = (1 - ink / 255 for ink in inks)
        wanted = tuple(round(255 * share * key) for share in (cyan, magenta, yellow))
        picture = Image.new("CMYK", (1100, 800), inks)
        # Pillow writes the mark of Adobe and inverts, as Photoshop does.
        picture.save(tmp_path / "a.jpg", quality=98, subsampling=0)
        assert b"Adobe" in (tmp_path / "a.jpg").read_bytes()[:200]
        picture.save(tmp_path / "a.tif", compression="tiff_lzw")
        near(color(read(tmp_path / "a.jpg", size)), wanted, 4)
        near(color(read(tmp_path / "a.tif", size)), wanted, 2)


class TestOtherSpaces:
    def test_ycbcr_of_a_tiff(self, tmp_path):
        picture = Image.new("RGB", (32, 32), (200, 60, 90))
        picture.convert("YCbCr").save(tmp_path / "a.tif")
        near(color(read(tmp_path / "a.tif")), (200, 60, 90), 3)

    @pytest.mark.parametrize(
        ("lab", "wanted"),
        [((255, 0, 0), (255, 255, 255)), ((0, 0, 0), (0, 0, 0)), ((137, 0, 0), (128, 128, 128))],
    )
    def test_lab_counts_lightness(self, lab, wanted):
        # TIFF has a and b as signed numbers: 0 is gray.
        image = Image.frombytes("LAB", (4, 4), bytes(lab) * 16)
        found = color(to_rgb(image))
        near(found, wanted, 4)

    def test_lab_of_a_tiff(self, tmp_path):
        from PIL import ImageCms

        picture = Image.new("RGB", (16, 16), (200, 60, 90))
        there = ImageCms.buildTransform(ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB")
        ImageCms.applyTransform(picture, there).save(tmp_path / "a.tif")
        near(color(read(tmp_path / "a.tif")), (200, 60, 90), 3)


class TestProfiles:
    @pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.tif", "a.webp"])
    @pytest.mark.parametrize("size", [FULL, THUMB])
    def test_a_device_with_red_and_blue_swapped(self, tmp_path, name, size):
        options = {"a.jpg": {"quality": 98, "subsampling": 0}, "a.webp": {"lossless": True}}.get(name, {})
        picture = Image.new("RGB", (700, 600), (250, 20, 10))
        picture.save(tmp_path / name, icc_profile=make.swapped_profile("Swap"), **options)
        near(color(read(tmp_path / name, size)), (10, 20, 250), 4)

    def test_a_profile_is_judged_by_what_it_does_not_by_its_name(self, tmp_path):
        assert "sRGB" in profile_name(make.swapped_profile())
        Image.new("RGB", (8, 8), (250, 20, 10)).save(tmp_path / "a.png", icc_profile=make.swapped_profile())
        near(color(read(tmp_path / "a.png")), (10, 20, 250), 4)

    def test_srgb_itself_changes_nothing(self, tmp_path):
        picture = make.scene((60, 40))
        picture.save(tmp_path / "a.png", icc_profile=make.srgb_profile())
        assert read(tmp_path / "a.png").tobytes() == picture.tobytes()

    @pytest.mark.parametrize("mode", ["P", "RGBA"])
    def test_palettes_and_transparent_pictures_are_converted_too(self, tmp_path, mode):
        picture = Image.new("RGBA", (8, 8), (250, 20, 10, 255))
        picture.putpixel((0, 0), (250, 20, 10, 0))
        picture = picture if mode == "RGBA" else picture.convert("RGB").convert("P", palette=Image.Palette.ADAPTIVE)
        picture.save(tmp_path / "a.png", icc_profile=make.swapped_profile("Swap"))
        near(color(read(tmp_path / "a.png")), (10, 20, 250), 4)

    @pytest.mark.parametrize("profile", [b"no profile at all", make.swapped_profile()[:300], b"\x00" * 500])
    def test_a_broken_profile_is_passed_over(self, tmp_path, profile):
        Image.new("RGB", (8, 8), (250, 20, 10)).save(tmp_path / "a.png", icc_profile=profile)
        assert color(read(tmp_path / "a.png")) == (250, 20, 10)

    def test_a_profile_for_another_space_is_passed_over(self, tmp_path):
        Image.new("L", (8, 8), 99).save(tmp_path / "gray.png", icc_profile=make.srgb_profile())
        Image.new("CMYK", (8, 8), (0, 0, 0, 0)).save(tmp_path / "inks.jpg", icc_profile=make.srgb_profile())
        assert color(read(tmp_path / "gray.png")) == (99, 99, 99)
        near(color(read(tmp_path / "inks.jpg")), (255, 255, 255))


class TestNames:
    def test_the_name_of_a_profile(self):
        assert profile_name(make.srgb_profile()) == "sRGB built-in"
        assert profile_name(b"nonsense") is None

    @pytest.mark.parametrize("text", ["paper", "#12", ""])
    def test_a_background_that_is_no_colour(self, text):
        with pytest.raises(SettingError):
            background_color(text)

    def test_a_background_with_transparency_or_by_name(self):
        assert background_color("white") == (255, 255, 255)
        assert background_color("#11223344") == (0x11, 0x22, 0x33)


def test_damage_is_raised_as_pillow_does():
    data = make.written(make.scene((64, 64)), "JPEG")
    with pytest.raises(OSError, match="truncated"):
        to_rgb(Image.open(io.BytesIO(data[:900])))
