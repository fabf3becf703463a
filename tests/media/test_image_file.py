"""Image files give upright RGB pictures of the right colours, or an error of ours, and nothing else."""

import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

import image_makers as make
from tidymedia.errors import BrokenFileError, EmptyFileError, MediumError, OverLimitError, SettingError, UnreadableError
from tidymedia.media.image_file import scaled_size
from tidymedia.media.kinds import Kind
from tidymedia.media.locations import LocalFile
from tidymedia.media.opening import open_medium
from tidymedia.media.picture import ANALYSIS, FULL, THUMB, BrokenPicture, SizeClass
from tidymedia.media.settings import Limits, PictureSettings

ORIENTATIONS = range(1, 9)
CLASSES = (FULL, THUMB, ANALYSIS)


def opened(path, settings=None, limits=None):
    return open_medium(LocalFile(str(path.parent), path.name), Kind.IMAGE, settings, limits)


def images(path, *classes, settings=None, limits=None):
    """Return the images of the first picture, asked for in this order."""
    with opened(path, settings, limits) as medium:
        picture = next(iter(medium.pictures()))
        return [picture.image(size) for size in classes]


def levels(path, settings=None, limits=None):
    """Return frame, page, time and middle gray level of every picture."""
    with opened(path, settings, limits) as medium:
        return [
            (shown.frame, shown.page, shown.time_ms, shown.image().getpixel((5, 5))[0]) for shown in medium.pictures()
        ]


def worst(image, expected):
    assert image.size == expected.size
    assert image.mode == "RGB"
    return int(np.abs(np.asarray(image, dtype=int) - np.asarray(expected, dtype=int)).max())


def corner_colors(image):
    across, down = image.width - 1, image.height - 1
    return [image.getpixel(place) for place in ((0, 0), (across, 0), (0, down), (across, down))]


class TestOrientation:
    @pytest.mark.parametrize("orientation", ORIENTATIONS)
    @pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "TIFF"])
    def test_pictures_are_upright_in_every_class(self, tmp_path, image_format, orientation):
        path = tmp_path / "picture"
        make.oriented(path, orientation, (1600, 1200), image_format)
        with opened(path) as medium:
            (picture,) = medium.pictures()
            assert (picture.width, picture.height) == (1600, 1200)
            for size, expected in ((FULL, (1600, 1200)), (THUMB, (512, 384)), (ANALYSIS, (1024, 768))):
                image = picture.image(size)
                assert image.size == expected
                assert image.mode == "RGB"
                for found, wanted in zip(corner_colors(image), make.CORNERS, strict=True):
                    assert np.abs(np.subtract(found, wanted)).max() <= 4
            assert medium.properties()["orientation"] == orientation
            stored = (1600, 1200) if orientation < 5 else (1200, 1600)
            assert (medium.properties()["width"], medium.properties()["height"]) == stored

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        width=st.integers(1, 300),
        height=st.integers(1, 3),
        tall=st.booleans(),
        orientation=st.sampled_from(list(ORIENTATIONS)),
        image_format=st.sampled_from(["PNG", "WEBP", "TIFF"]),
    )
    def test_any_size_comes_back_exactly(self, tmp_path, width, height, tall, orientation, image_format):
        size = (height, width) if tall else (width, height)
        upright = make.oriented(tmp_path / "picture", orientation, size, image_format)
        (image,) = images(tmp_path / "picture", FULL)
        assert worst(image, upright) == 0

    @pytest.mark.parametrize("value", [0, 9, 65_535])
    def test_senseless_orientations_are_upright(self, tmp_path, value):
        exif = Image.Exif()
        exif[make.ORIENTATION] = value
        make.quarters((30, 20)).save(tmp_path / "a.png", exif=exif.tobytes())
        (image,) = images(tmp_path / "a.png", FULL)
        assert worst(image, make.quarters((30, 20))) == 0

    def test_an_animation_is_turned_too(self, tmp_path):
        frames = [make.quarters((40, 20)), make.quarters((40, 20)).point(lambda level: 255 - level)]
        exif = Image.Exif()
        exif[make.ORIENTATION] = 6
        stored = [frame.transpose(make.TURN_BACK[6]) for frame in frames]
        stored[0].save(
            tmp_path / "a.webp", save_all=True, append_images=stored[1:], duration=6000, lossless=True, exif=exif
        )
        with opened(tmp_path / "a.webp") as medium:
            shown = [(picture.image(), (picture.width, picture.height)) for picture in medium.pictures()]
        assert [size for _, size in shown] == [(40, 20), (40, 20)]
        assert [worst(image, frame) for (image, _), frame in zip(shown, frames, strict=True)] == [0, 0]


class TestSizeClasses:
    @pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp"])
    def test_an_image_depends_on_file_and_class_alone(self, tmp_path, name):
        make.scene((1500, 750)).save(tmp_path / name)
        alone = {size: images(tmp_path / name, size)[0] for size in CLASSES}
        for order in ((THUMB, ANALYSIS, FULL), (FULL, ANALYSIS, THUMB), (ANALYSIS, FULL, THUMB)):
            for size, image in zip(order, images(tmp_path / name, *order), strict=True):
                assert image.tobytes() == alone[size].tobytes()
        assert [alone[size].size for size in CLASSES] == [(1500, 750), (512, 256), (1024, 512)]

    @pytest.mark.parametrize("size", [(1, 1), (512, 512), (511, 300), (1, 400)])
    def test_small_pictures_are_never_enlarged(self, tmp_path, size):
        make.scene(size).save(tmp_path / "a.jpg")
        assert [image.size for image in images(tmp_path / "a.jpg", *CLASSES)] == [size] * 3

    @pytest.mark.parametrize("size", [(5000, 3), (3, 5000), (513, 512), (1025, 1), (2049, 2047), (4096, 31)])
    def test_odd_shapes_keep_a_pixel_and_their_limit(self, tmp_path, size):
        make.scene(size).save(tmp_path / "a.jpg")
        full, thumb, analysis = images(tmp_path / "a.jpg", *CLASSES)
        assert full.size == size
        for image, side in ((thumb, 512), (analysis, 1024)):
            assert max(image.size) == min(side, max(size))
            assert min(image.size) >= 1
            assert image.size == scaled_size(*size, side)

    @pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
    @pytest.mark.parametrize("size", [(1600, 800), (2113, 707), (300, 3001)])
    def test_a_drafted_image_is_close_to_one_of_all_pixels(self, tmp_path, mode, size):
        make.scene(size).convert(mode).save(tmp_path / "a.jpg", quality=90)
        for wanted in (THUMB, ANALYSIS):
            (small,) = images(tmp_path / "a.jpg", wanted)
            (full,) = images(tmp_path / "a.jpg", FULL)
            plain = full.resize(small.size, Image.Resampling.LANCZOS)
            apart = np.abs(np.asarray(small, dtype=float) - np.asarray(plain, dtype=float))
            assert apart.mean() < 1

    def test_any_other_class_is_made_too(self, tmp_path):
        make.scene((900, 300)).save(tmp_path / "a.jpg")
        (image,) = images(tmp_path / "a.jpg", SizeClass("model", 224))
        assert image.size == (224, 75)

    def test_boxes_are_mapped_back(self, tmp_path):
        make.scene((2000, 1000)).save(tmp_path / "a.jpg")
        with opened(tmp_path / "a.jpg") as medium:
            (picture,) = medium.pictures()
            box = picture.box_from((0, 128, 512, 128), picture.image(THUMB))
        assert box == pytest.approx((0, 500, 2000, 500))

    def test_a_start_beyond_the_picture_gives_none(self, tmp_path):
        make.scene((20, 10)).save(tmp_path / "a.jpg")
        with opened(tmp_path / "a.jpg") as medium:
            assert list(medium.pictures(1)) == []


class TestAnimations:
    @pytest.mark.parametrize("image_format", ["GIF", "WEBP", "PNG"])
    @pytest.mark.parametrize(
        ("rule", "expected"),
        [
            ("first", [(0, 0)]),
            ("codec", [(0, 0)]),
            ("2f", [(0, 0), (2, 1000), (4, 7000)]),
            ("0.5s", [(0, 0), (1, 500), (2, 1000), (3, 2000), (4, 7000)]),
            ("5s", [(0, 0), (3, 2000)]),
            ("2s", [(0, 0), (3, 2000)]),
        ],
    )
    def test_frames_are_picked_by_rule_and_show_what_they_say(self, tmp_path, image_format, rule, expected):
        make.animation(tmp_path / "a", image_format, [500, 500, 1000, 5000, 500])
        shown = levels(tmp_path / "a", PictureSettings(animation=rule))
        assert [(frame, time) for frame, _, time, _ in shown] == expected
        for frame, _, _, level in shown:
            assert abs(level - (40 + 20 * frame)) <= 1

    def test_a_start_gives_the_same_later_frames(self, tmp_path):
        frames = [make.scene((40, 30), seed).quantize(32) for seed in range(6)]
        frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:], duration=100)
        rule = PictureSettings(animation="1f")
        with opened(tmp_path / "a.gif", rule) as medium:
            every = [picture.image().tobytes() for picture in medium.pictures()]
        with opened(tmp_path / "a.gif", rule) as medium:
            late = [(picture.index, picture.image().tobytes()) for picture in medium.pictures(3)]
        assert late == list(enumerate(every))[3:]

    @pytest.mark.parametrize("image_format", ["GIF", "WEBP", "PNG"])
    def test_properties_tell_frames_and_duration(self, tmp_path, image_format):
        make.animation(tmp_path / "a", image_format, [500, 700, 800])
        with opened(tmp_path / "a") as medium:
            found = medium.properties()
        assert (found["frames"], found["duration_ms"], found["format"]) == (3, 2000, image_format)

    def test_too_many_frames_are_over_the_limit_but_not_for_the_first(self, tmp_path):
        make.animation(tmp_path / "a", "GIF", [100] * 6)
        with pytest.raises(OverLimitError, match="more than 5 frames") as caught:
            opened(tmp_path / "a", limits=Limits(pictures=5))
        assert "--set limits.pictures=50" in caught.value.remedy
        shown = levels(tmp_path / "a", PictureSettings(animation="first"), Limits(pictures=5))
        assert [frame for frame, _, _, _ in shown] == [0]

    @pytest.mark.parametrize("image_format", ["GIF", "PNG"])
    def test_a_cut_off_animation_keeps_its_first_frames(self, tmp_path, image_format):
        frames = [make.scene((64, 48), seed) for seed in range(4)]
        frames[0].save(tmp_path / "a", image_format, save_all=True, append_images=frames[1:], duration=5000)
        whole = (tmp_path / "a").read_bytes()
        (first,) = images(tmp_path / "a", FULL)
        (tmp_path / "a").write_bytes(whole[: len(whole) * 7 // 8])
        with opened(tmp_path / "a") as medium:
            shown = [
                picture if isinstance(picture, BrokenPicture) else picture.image().tobytes()
                for picture in medium.pictures()
            ]
        assert shown[0] == first.tobytes()
        assert [isinstance(picture, BrokenPicture) for picture in shown] == [False, False, False, True]
        assert isinstance(shown[-1].error, BrokenFileError)

    def test_a_cut_off_webp_is_broken(self, tmp_path):
        frames = [make.scene((64, 48), seed) for seed in range(4)]
        frames[0].save(tmp_path / "a", "WEBP", save_all=True, append_images=frames[1:], duration=5000)
        data = (tmp_path / "a").read_bytes()
        (tmp_path / "a").write_bytes(data[: len(data) * 7 // 8])
        # Its decoder gives no frame of a file that is not whole.
        with pytest.raises(BrokenFileError):
            images(tmp_path / "a", FULL)

    def test_a_senseless_rule_is_refused(self, tmp_path):
        make.animation(tmp_path / "a", "GIF", [100, 100])
        with pytest.raises(SettingError):
            opened(tmp_path / "a", PictureSettings(animation="often"))

    def test_an_avif_picture_is_decoded(self):
        path = Path(__file__).parents[2] / "examples" / "media" / "photographs" / "fig.avif"
        if not path.is_file():
            pytest.skip("the examples are not beside the tests")
        full, thumb = images(path, FULL, THUMB)
        assert max(thumb.size) <= 512
        apart = np.asarray(full.resize(thumb.size), dtype=float) - np.asarray(thumb, dtype=float)
        assert np.abs(apart).mean() < 4


class TestPages:
    def test_each_page_has_its_own_size(self, tmp_path):
        sizes = [(30, 20), (60, 10), (12, 40)]
        make.pages(tmp_path / "a.tif", sizes)
        with opened(tmp_path / "a.tif") as medium:
            assert medium.properties()["pages"] == 3
            shown = [(page.index, page.page, page.image()) for page in medium.pictures()]
        assert [(index, page) for index, page, _ in shown] == [(0, 0), (1, 1), (2, 2)]
        assert [image.size for _, _, image in shown] == sizes
        assert [image.getpixel((5, 5))[0] for _, _, image in shown] == [40, 60, 80]

    def test_a_start_gives_the_later_pages(self, tmp_path):
        make.pages(tmp_path / "a.tif", [(30, 20)] * 4)
        with opened(tmp_path / "a.tif") as medium:
            assert [page.image().getpixel((5, 5))[0] for page in medium.pictures(2)] == [80, 100]

    def test_too_many_pages_are_over_the_limit(self, tmp_path):
        make.pages(tmp_path / "a.tif", [(30, 20)] * 4)
        with pytest.raises(OverLimitError) as caught:
            opened(tmp_path / "a.tif", limits=Limits(pages=3))
        assert "--set limits.pages=" in caught.value.remedy

    def test_one_page_too_large_leaves_the_others(self, tmp_path):
        make.pages(tmp_path / "a.tif", [(30, 20), (300, 200), (30, 20)])
        with opened(tmp_path / "a.tif", limits=Limits(pixels=1000)) as medium:
            shown = list(medium.pictures())
            assert isinstance(shown[1], BrokenPicture)
            assert isinstance(shown[1].error, OverLimitError)
            assert "--set limits.pixels=60000" in shown[1].error.remedy
        with opened(tmp_path / "a.tif", limits=Limits(pixels=1000)) as medium:
            good = [page.image().getpixel((5, 5))[0] for page in medium.pictures() if page.index != 1]
        assert good == [40, 80]

    def test_a_cut_off_list_of_pages_is_a_broken_page(self, tmp_path):
        make.pages(tmp_path / "a.tif", [(30, 20)] * 3)
        data = (tmp_path / "a.tif").read_bytes()
        (tmp_path / "a.tif").write_bytes(data[: len(data) // 2])
        with opened(tmp_path / "a.tif") as medium:
            shown = list(medium.pictures())
        assert isinstance(shown[-1], BrokenPicture)
        assert not isinstance(shown[0], BrokenPicture)

    def test_a_stereo_picture_gives_its_first(self, tmp_path):
        left, right = make.quarters((64, 32)), Image.new("RGB", (64, 32), "black")
        left.save(tmp_path / "a.mpo", "MPO", save_all=True, append_images=[right], quality=95, subsampling=0)
        with opened(tmp_path / "a.mpo") as medium:
            (picture,) = medium.pictures()
            assert worst(picture.image(), left) < 20


class TestLimits:
    def test_a_huge_header_is_refused_before_decoding(self, tmp_path):
        (tmp_path / "a.png").write_bytes(make.png(30_000, 30_000))
        with pytest.raises(OverLimitError, match="900,000,000") as caught:
            opened(tmp_path / "a.png")
        assert "--set limits.pixels=900000000" in caught.value.remedy

    def test_a_bomb_is_refused_and_its_limit_can_be_raised(self, tmp_path):
        Image.new("1", (4000, 3000)).save(tmp_path / "a.png")
        with pytest.raises(OverLimitError):
            opened(tmp_path / "a.png", limits=Limits(pixels=11_999_999))
        (image,) = images(tmp_path / "a.png", THUMB, limits=Limits(pixels=12_000_000))
        assert image.size == (512, 384)

    def test_the_limit_of_pillow_is_as_before(self, tmp_path):
        before = Image.MAX_IMAGE_PIXELS
        Image.new("RGB", (40, 30)).save(tmp_path / "a.png")
        images(tmp_path / "a.png", *CLASSES)
        assert before == Image.MAX_IMAGE_PIXELS

    def test_a_bomb_of_text_in_a_png_is_an_error_of_ours(self, tmp_path):
        import zlib

        text = b"note\x00\x00" + zlib.compress(bytes(80_000_000), 1)
        row = b"\x00" + bytes(30)
        (tmp_path / "a.png").write_bytes(make.png(10, 10, row * 10, extra=make.chunk(b"zTXt", text)))
        try:
            (image,) = images(tmp_path / "a.png", FULL)
        except MediumError:
            return
        assert image.size == (10, 10)


def look_at_everything(path):
    with opened(path, PictureSettings(animation="1f"), Limits(pixels=4_000_000)) as medium:
        medium.properties(gps=True)
        for picture in medium.pictures():
            if isinstance(picture, BrokenPicture):
                assert isinstance(picture.error, MediumError)
                continue
            for size in (THUMB, FULL):
                try:
                    image = picture.image(size)
                except MediumError as error:
                    assert path.name in error.message
                    continue
                assert image.mode == "RGB"
                assert image.size == scaled_size(picture.width, picture.height, size.long_side)


class TestDamage:
    def test_no_bytes(self, tmp_path):
        (tmp_path / "a.jpg").touch()
        with pytest.raises(EmptyFileError, match=r"a\.jpg"):
            opened(tmp_path / "a.jpg")

    def test_no_file(self, tmp_path):
        with pytest.raises(UnreadableError):
            opened(tmp_path / "a.jpg")

    def test_no_image(self, tmp_path):
        (tmp_path / "a.jpg").write_bytes(b"<!DOCTYPE html><title>Not found</title>")
        with pytest.raises(BrokenFileError) as caught:
            opened(tmp_path / "a.jpg")
        assert "0x" not in str(caught.value)

    @pytest.mark.parametrize("name", sorted(make.each_format()))
    def test_cut_files_are_whole_pictures_or_errors_of_ours(self, tmp_path, name):
        data = make.each_format()[name]
        path = tmp_path / name
        failed = 0
        for part in make.cut(data):
            path.write_bytes(part)
            try:
                with opened(path) as medium:
                    shown = list(medium.pictures())
                    failed += any(isinstance(picture, BrokenPicture) for picture in shown)
                look_at_everything(path)
                images(path, FULL)
            except MediumError as error:
                failed += 1
                assert name in error.message
                assert error.remedy
        assert failed >= 28

    @pytest.mark.parametrize("name", sorted(make.each_format()))
    def test_changed_bytes_are_pictures_or_errors_of_ours(self, tmp_path, name):
        path = tmp_path / name
        for changed in make.flipped(make.each_format()[name]):
            path.write_bytes(changed)
            try:
                look_at_everything(path)
            except MediumError as error:
                assert error.remedy

    def test_whole_files_of_the_same_makers_are_fine(self, tmp_path):
        for name, data in make.each_format().items():
            (tmp_path / name).write_bytes(data)
            (image,) = images(tmp_path / name, FULL)
            assert min(image.size) > 20

    def test_senseless_exif_costs_nothing(self, tmp_path):
        for number, garbage in enumerate(
            (b"Exif\x00\x00" + bytes(40), b"Exif\x00\x00II*\x00\xff\xff\xff\xff", b"\xff" * 99)
        ):
            path = tmp_path / f"{number}.jpg"
            make.quarters((40, 30)).save(path, exif=garbage, quality=95, subsampling=0)
            (image,) = images(path, FULL)
            assert image.size == (40, 30)
            with opened(path) as medium:
                assert medium.properties(gps=True)["orientation"] == 1


class TestProperties:
    @pytest.mark.parametrize(
        ("mode", "name", "expected"),
        [
            ("RGB", "a.jpg", {"format": "JPEG", "mode": "RGB", "has_alpha": False, "color_space": "RGB"}),
            ("L", "a.jpg", {"format": "JPEG", "mode": "L", "color_space": "Gray", "depth_bits": 8}),
            ("CMYK", "a.jpg", {"mode": "CMYK", "color_space": "CMYK"}),
            ("RGBA", "a.png", {"format": "PNG", "mode": "RGBA", "has_alpha": True}),
            ("1", "a.png", {"mode": "1", "depth_bits": 1, "color_space": "Gray"}),
            ("P", "a.png", {"mode": "P", "color_space": "Palette", "has_alpha": False}),
            ("I;16", "a.png", {"depth_bits": 16, "color_space": "Gray"}),
            ("F", "a.tif", {"depth_bits": 32, "color_space": "Gray", "pages": 1}),
        ],
    )
    def test_the_header_is_told(self, tmp_path, mode, name, expected):
        Image.new(mode, (31, 17)).save(tmp_path / name, dpi=(300, 300))
        with opened(tmp_path / name) as medium:
            found = medium.properties()
        assert expected.items() <= found.items()
        assert (found["width"], found["height"]) == (31, 17)
        assert (found["dpi_x"], found["dpi_y"]) == pytest.approx((300, 300), abs=0.1)

    @pytest.mark.parametrize("name", ["a.tif", "a.png", "a.jpg"])
    def test_no_resolution_is_invented(self, tmp_path, name):
        Image.new("RGB", (9, 9)).save(tmp_path / name)
        with opened(tmp_path / name) as medium:
            assert "dpi_x" not in medium.properties()

    def test_a_profile_is_named(self, tmp_path):
        Image.new("RGB", (9, 9)).save(tmp_path / "a.png", icc_profile=make.srgb_profile())
        with opened(tmp_path / "a.png") as medium:
            assert medium.properties()["icc_profile"] == "sRGB built-in"

    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("259_3_32_15.jpg", {"format": "JPEG", "mode": "RGB", "width": 805, "height": 453, "has_alpha": False}),
            ("298_5_52_15.png", {"format": "PNG", "mode": "RGBA", "width": 1540, "height": 978, "has_alpha": True}),
        ],
    )
    def test_example_14_1_of_the_textbook(self, name, expected):
        path = Path(__file__).parents[3] / "shared" / "chapter" / name
        if not path.is_file():
            pytest.skip("the pictures of the textbook are not beside the repository")
        with opened(path) as medium:
            found = medium.properties()
        assert expected.items() <= found.items()
        if name.endswith("jpg"):
            # Its header gives the shape of a pixel (1:1) and no resolution; ImageMagick shows 72 for that.
            assert "dpi_x" not in found
        else:
            # ImageMagick shows dots a centimetre: 57.
            assert found["dpi_x"] / 2.54 == pytest.approx(57, abs=0.5)


def test_the_bytes_in_memory_are_read_from_their_place(tmp_path):
    stream = io.BytesIO()
    make.quarters((8, 8)).save(stream, "PNG")
    (tmp_path / "without suffix").write_bytes(stream.getvalue())
    (image,) = images(tmp_path / "without suffix", FULL)
    assert worst(image, make.quarters((8, 8))) == 0
