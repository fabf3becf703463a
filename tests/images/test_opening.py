"""An image opens from anywhere, upright, in the mode of its file, or with an error that names it."""

import functools
import io
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import fsspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

import image_makers as make
import tidymedia as tm
from tidymedia.errors import (
    BrokenFileError,
    EmptyFileError,
    MediumError,
    OverLimitError,
    UnreadableError,
    UnsupportedError,
    UsageError,
)

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"><rect width="15" height="20" fill="#f00"/></svg>'
PICTURE = make.scene((60, 44))
PROFILE = make.srgb_profile()
DATA = make.written(PICTURE, "PNG", dpi=(144, 144), icc_profile=PROFILE)


def same(first, second):
    return first.mode == second.mode and np.array_equal(np.asarray(first), np.asarray(second))


class TestSources:
    def test_everywhere_the_same(self, tmp_path):
        path = tmp_path / "a.png"
        path.write_bytes(DATA)
        with path.open("rb") as file:
            file.read(10)
            for source in (path, str(path), DATA, bytearray(DATA), memoryview(DATA), io.BytesIO(DATA), file):
                opened = tm.open_image(source)
                assert same(opened, PICTURE)
                assert opened.format == "PNG"
                assert opened.info["icc_profile"] == PROFILE
                assert opened.info["dpi"] == pytest.approx((144, 144), abs=0.1)
            assert not file.closed

    def test_a_file_object_stays_open(self):
        stream = io.BytesIO(DATA)
        tm.open_image(stream)
        assert not stream.closed
        assert same(tm.open_image(stream), PICTURE)

    def test_a_stream_that_cannot_go_back(self):
        class Pipe(io.RawIOBase):
            def __init__(self):
                self.left = io.BytesIO(DATA)

            def readable(self):
                return True

            def readinto(self, buffer):
                return self.left.readinto(buffer)

        assert same(tm.open_image(Pipe()), PICTURE)

    def test_a_home_folder(self, tmp_path, monkeypatch):
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.setenv("USERPROFILE", str(tmp_path))
        (tmp_path / "a.png").write_bytes(DATA)
        assert same(tm.open_image("~/a.png"), PICTURE)

    def test_a_picture_in_hand_is_not_shared(self):
        given_image = PICTURE.copy()
        opened = tm.open_image(given_image)
        opened.paste(0, (0, 0, 60, 44))
        opened.info["new"] = 1
        assert same(given_image, PICTURE)
        assert "new" not in given_image.info

    def test_an_array_is_not_shared(self):
        array = np.full((4, 4), 7, np.uint8)
        tm.open_image(array).paste(0, (0, 0, 4, 4))
        assert (array == 7).all()

    def test_an_address_in_memory(self):
        system = fsspec.filesystem("memory")
        system.pipe("/images/a.png", DATA)
        try:
            assert same(tm.open_image("memory://images/a.png"), PICTURE)
        finally:
            system.rm("/images", recursive=True)

    def test_the_content_decides(self, tmp_path):
        path = tmp_path / "a.pdf"
        path.write_bytes(DATA)
        assert tm.open_image(path).format == "PNG"


class Answers(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        if self.path != "/a.png":
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(DATA)))
        self.end_headers()
        self.wfile.write(DATA)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.asked = []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


class TestWeb:
    def test_fetched_once(self, server):
        url = f"http://127.0.0.1:{server.server_port}/a.png"
        assert same(tm.open_image(url), PICTURE)
        assert server.asked == ["/a.png"]

    def test_a_dead_link(self, server):
        url = f"http://127.0.0.1:{server.server_port}/gone.jpg"
        with pytest.raises(UnreadableError, match=r"gone\.jpg is a dead link"):
            tm.open_image(url)

    def test_no_more_than_the_limit(self, server):
        url = f"http://127.0.0.1:{server.server_port}/a.png"
        with pytest.raises(OverLimitError, match=r"a\.png"):
            tm.open_image(url, limits=tm.Limits(member_bytes=100))


class TestUpright:
    @pytest.mark.parametrize("image_format", ["JPEG", "PNG", "TIFF", "WEBP", "AVIF"])
    @pytest.mark.parametrize("orientation", range(1, 9))
    def test_all_orientations(self, tmp_path, image_format, orientation):
        path = tmp_path / "image"
        upright = make.oriented(path, orientation, (46, 30), image_format)
        with Image.open(path) as in_hand:
            for source in (path, in_hand):
                opened = tm.open_image(source)
                assert opened.size == (46, 30)
                assert np.abs(np.asarray(opened, int) - np.asarray(upright, int)).mean() < 8
                assert opened.getexif().get(make.ORIENTATION, 1) == 1
                assert same(tm.open_image(opened), opened)

    def test_nothing_turns_it_again_after_saving(self, tmp_path):
        make.oriented(tmp_path / "a.jpg", 6, (46, 30))
        opened = tm.open_image(tmp_path / "a.jpg")
        opened.save(tmp_path / "b.png", exif=opened.info.get("exif", b""))
        assert tm.open_image(tmp_path / "b.png").size == (46, 30)

    def test_other_exif_stays(self, tmp_path):
        exif = Image.Exif()
        exif[make.ORIENTATION] = 8
        exif[0x010F] = "Maker"
        data = make.written(PICTURE, "JPEG", exif=exif.tobytes())
        assert tm.open_image(data).getexif()[0x010F] == "Maker"

    def test_what_only_xmp_says(self):
        from PIL.PngImagePlugin import PngInfo

        packet = '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description tiff:Orientation="6"/></x:xmpmeta>'
        notes = PngInfo()
        notes.add_itxt("XML:com.adobe.xmp", packet)
        opened = tm.open_image(make.written(PICTURE, "PNG", pnginfo=notes))
        assert opened.size == (44, 60)
        assert "Orientation" not in opened.info["XML:com.adobe.xmp"]
        assert tm.open_image(opened).size == (44, 60)

    def test_a_mark_that_makes_no_sense(self):
        exif = Image.Exif()
        exif[make.ORIENTATION] = 77
        assert tm.open_image(make.written(PICTURE, "JPEG", exif=exif.tobytes())).size == PICTURE.size

    def test_a_picture_in_hand_with_a_mark_in_memory(self):
        image = PICTURE.copy()
        image.getexif()[make.ORIENTATION] = 6
        opened = tm.open_image(image)
        assert opened.size == (44, 60)
        assert image.size == (60, 44)
        assert image.getexif()[make.ORIENTATION] == 6

    def test_density_turns_with_the_sides(self):
        exif = Image.Exif()
        exif[make.ORIENTATION] = 6
        opened = tm.open_image(make.written(PICTURE, "JPEG", exif=exif.tobytes(), dpi=(100, 200)))
        assert opened.info["dpi"] == (200, 100)


def in_mode(mode):
    if mode == "I;16":
        return Image.fromarray(np.arange(60, dtype=np.uint16).reshape(6, 10) * 1000)
    if mode in ("I", "F"):
        return Image.fromarray((np.arange(60).reshape(6, 10) * 3).astype(np.int32 if mode == "I" else np.float32))
    if mode == "P":
        return PICTURE.quantize(16)
    if mode in ("LAB", "YCbCr"):
        return Image.new(mode, (10, 6), (90, 120, 140))
    return PICTURE.convert(mode)


class TestModes:
    @pytest.mark.parametrize(
        ("mode", "image_format"),
        [
            ("1", "PNG"),
            ("L", "PNG"),
            ("LA", "PNG"),
            ("P", "PNG"),
            ("RGB", "PNG"),
            ("RGBA", "PNG"),
            ("I;16", "PNG"),
            ("I;16", "TIFF"),
            ("I", "TIFF"),
            ("F", "TIFF"),
            ("CMYK", "TIFF"),
            ("YCbCr", "TIFF"),
            ("LAB", "TIFF"),
            ("P", "GIF"),
        ],
    )
    def test_the_mode_of_the_file_is_kept(self, mode, image_format):
        image = in_mode(mode)
        opened = tm.open_image(make.written(image, image_format))
        assert opened.mode == mode
        assert np.array_equal(np.asarray(opened), np.asarray(image))

    def test_inks_of_a_jpeg(self):
        stored = Image.new("CMYK", (16, 16), (200, 100, 50, 10))
        opened = tm.open_image(make.written(stored, "JPEG", quality=95))
        assert opened.mode == "CMYK"
        assert np.abs(np.asarray(opened, int) - np.asarray(stored, int)).max() <= 3

    def test_a_palette_keeps_its_transparent_color(self):
        opened = tm.open_image(make.written(in_mode("P"), "PNG", transparency=3))
        assert opened.info["transparency"] == 3

    @pytest.mark.parametrize(("mode", "white"), [("I;16", 65_535), ("F", 255)])
    def test_white_that_is_zero(self, mode, white):
        image = in_mode(mode)
        opened = tm.open_image(make.written(image, "TIFF", tiffinfo={262: 0}))
        assert opened.mode == mode
        assert np.array_equal(np.asarray(opened), white - np.asarray(image))


class TestPictures:
    def test_pages_of_a_tiff(self, tmp_path):
        make.pages(tmp_path / "a.tif", [(20, 10), (10, 20), (30, 30)])
        assert [tm.open_image(tmp_path / "a.tif", picture=page).size for page in (0, 1, 2)] == [
            (20, 10),
            (10, 20),
            (30, 30),
        ]
        with pytest.raises(UsageError, match=r"a\.tif has no picture 3. Its pages are 0 to 2."):
            tm.open_image(tmp_path / "a.tif", picture=3)

    @pytest.mark.parametrize("image_format", ["GIF", "PNG", "WEBP"])
    def test_frames_of_an_animation(self, tmp_path, image_format):
        make.animation(tmp_path / "a", image_format, [3000, 3000, 3000])
        every = tm.PictureSettings(animation="1f")
        grays = [tm.to_array(tm.open_image(tmp_path / "a", picture=n, settings=every))[0, 0, 0] for n in range(3)]
        assert grays == pytest.approx([40, 60, 80], abs=1)
        # With default settings a study takes the frames at 0 and 5 seconds.
        assert tm.to_array(tm.open_image(tmp_path / "a", picture=1))[0, 0, 0] == pytest.approx(60, abs=1)
        with pytest.raises(UsageError, match='animation="1f"'):
            tm.open_image(tmp_path / "a", picture=2)

    def test_the_picture_of_the_same_number_in_a_study(self, tmp_path):
        (tmp_path / "media").mkdir()
        make.animation(tmp_path / "media" / "a.gif", "GIF", [2000] * 8)
        from tidymedia.media.kinds import Kind
        from tidymedia.media.locations import LocalFile
        from tidymedia.media.opening import open_medium

        with open_medium(LocalFile(str(tmp_path / "media"), "a.gif"), Kind.IMAGE) as medium:
            for picture in medium.pictures():
                opened = tm.open_image(tmp_path / "media" / "a.gif", picture=picture.index)
                assert np.array_equal(tm.to_array(opened), np.asarray(picture.image()))

    def test_pages_of_a_pdf(self, tmp_path):
        pages = [Image.new("RGB", (200, 100), "red"), Image.new("RGB", (100, 200), "blue")]
        pages[0].save(tmp_path / "a.pdf", save_all=True, append_images=pages[1:], resolution=72)
        page = tm.open_image(tmp_path / "a.pdf", picture=1)
        assert page.mode == "RGB"
        assert page.size == (278, 556)
        assert np.abs(np.asarray(page, int) - (0, 0, 255)).max() < 5
        for side in (1, 7, 99, 2001):
            assert max(tm.open_image(tmp_path / "a.pdf", picture=1, long_side=side).size) == side
        with pytest.raises(UsageError, match="Its pages are 0 to 1"):
            tm.open_image(tmp_path / "a.pdf", picture=2)

    @pytest.mark.parametrize("side", [1, 3, 50, 1999])
    def test_a_drawing_at_a_stated_size(self, side):
        drawn = tm.open_image(SVG, long_side=side)
        assert drawn.size == (side, max(1, round(side * 2 / 3)))
        assert drawn.mode == "RGB"

    def test_a_drawing_is_drawn_and_not_enlarged(self):
        drawn = np.asarray(tm.open_image(SVG, long_side=900))
        assert (drawn[:, :448] == (255, 0, 0)).all()
        assert (drawn[:, 452:] == 255).all()

    def test_a_background_of_a_drawing(self):
        drawn = tm.open_image(SVG, settings=tm.PictureSettings(background="#00ff00"))
        assert drawn.getpixel((1000, 10)) == (0, 255, 0)

    def test_a_frame_of_a_film(self, tmp_path):
        import av

        with av.open(str(tmp_path / "a.mp4"), "w") as container:
            stream = container.add_stream("mpeg4", rate=2)
            stream.width, stream.height = 64, 48
            for number in range(24):
                frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), number * 10, np.uint8), format="rgb24")
                container.mux(stream.encode(frame))
            container.mux(stream.encode())
        levels = [tm.to_array(tm.open_image(tmp_path / "a.mp4", picture=n)).mean() for n in (0, 1, 2)]
        assert levels == pytest.approx([0, 100, 200], abs=8)
        assert tm.open_image(tmp_path / "a.mp4", picture=1, long_side=32).size == (32, 24)
        with pytest.raises(UsageError, match='video="1f"'):
            tm.open_image(tmp_path / "a.mp4", picture=3)

    @pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "CMYK", "I;16"])
    def test_images_are_reduced_and_never_enlarged(self, mode):
        image = in_mode(mode)
        assert tm.open_image(image, long_side=1000).size == image.size
        reduced = tm.open_image(image, long_side=8)
        assert max(reduced.size) == 8
        assert reduced.mode == {"1": "L", "P": "RGB"}.get(mode, mode)

    def test_what_is_in_hand_is_one_picture(self):
        for source in (PICTURE, np.zeros((3, 3), np.uint8)):
            with pytest.raises(UsageError, match="one picture"):
                tm.open_image(source, picture=1)

    @pytest.mark.parametrize("wrong", [{"picture": -1}, {"picture": 1.5}, {"picture": True}, {"long_side": 0}])
    def test_numbers_that_make_no_sense(self, wrong):
        with pytest.raises(UsageError, match=next(iter(wrong))):
            tm.open_image(DATA, **wrong)


class TestArrays:
    @pytest.mark.parametrize(
        ("array", "mode", "pixel"),
        [
            (np.full((2, 3), 200, np.uint8), "L", 200),
            (np.full((2, 3, 1), 200, np.uint8), "L", 200),
            (np.full((2, 3, 3), 200, np.uint8), "RGB", (200,) * 3),
            (np.full((2, 3, 4), 200, np.uint8), "RGBA", (200,) * 4),
            (np.full((2, 3), 50_000, np.uint16), "I;16", 50_000),
            (np.full((2, 3), 50_000, ">u2"), "I;16", 50_000),
            (np.full((2, 3, 3), 50_000, np.uint16), "RGB", (195,) * 3),
            (np.full((2, 3), True), "1", 255),
            (np.full((2, 3), 0.5), "L", 128),
            (np.full((2, 3, 3), 1.0, np.float16), "RGB", (255,) * 3),
            (np.full((4, 6, 3), 9, np.uint8)[::2, ::-2], "RGB", (9,) * 3),
        ],
    )
    def test_arrays_that_are_images(self, array, mode, pixel):
        opened = tm.open_image(array)
        assert (opened.mode, opened.size, opened.getpixel((0, 0))) == (mode, (3, 2), pixel)

    @pytest.mark.parametrize(
        ("array", "told"),
        [
            (np.zeros((0, 5), np.uint8), "no pixels"),
            (np.zeros((5, 0, 3), np.uint8), "no pixels"),
            (np.zeros(9, np.uint8), "from_array"),
            (np.zeros((2, 3, 3, 3), np.uint8), r"array\[0\]"),
            (np.zeros((3, 40, 50), np.uint8), "moveaxis"),
            (np.zeros((40, 50, 5), np.uint8), "1, 3 or 4"),
            (np.zeros((4, 5), np.int64), "uint8"),
            (np.zeros((4, 5), complex), "uint8"),
            (np.array([["a", "b"]]), "uint8"),
            (np.full((4, 5), 200.0), "by 255"),
            (np.full((4, 5), -0.5), "from 0 to 1"),
            (np.full((4, 5), np.nan), "not a number"),
            (np.full((4, 5), np.inf), "infinite"),
            (np.zeros((4, 5, 3), bool), "uint8"),
        ],
    )
    def test_arrays_that_are_none(self, array, told):
        with pytest.raises(UsageError, match=told):
            tm.open_image(array)


class TestErrors:
    def test_a_file_that_is_not_there(self, tmp_path):
        with pytest.raises(UnreadableError, match=r"no file .*nope\.jpg"):
            tm.open_image(tmp_path / "nope.jpg")

    def test_a_folder(self, tmp_path):
        with pytest.raises(UnreadableError, match=r"is a folder\..*tm\.Study"):
            tm.open_image(tmp_path)

    def test_no_name(self):
        with pytest.raises(UsageError, match="empty"):
            tm.open_image("")

    def test_a_name_that_no_system_takes(self):
        with pytest.raises(MediumError):
            tm.open_image("a\x00b.jpg")
        with pytest.raises(MediumError):
            tm.open_image("x" * 5000)

    @pytest.mark.parametrize(
        ("data", "error", "told"),
        [
            (b"", EmptyFileError, "zero bytes"),
            (b"<!DOCTYPE html><title>Not found</title>", BrokenFileError, "an HTML page"),
            (b"PK\x03\x04" + bytes(40), BrokenFileError, "a zip archive"),
            (b"some words", BrokenFileError, "is no image"),
            (b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(40), UnsupportedError, "recording"),
            (DATA[: len(DATA) // 2], BrokenFileError, "cut off"),
            (DATA[:40], BrokenFileError, "no header"),
        ],
    )
    def test_what_is_no_image(self, tmp_path, data, error, told):
        (tmp_path / "a.jpg").write_bytes(data)
        with pytest.raises(error, match=told) as caught:
            tm.open_image(tmp_path / "a.jpg")
        assert "a.jpg" in str(caught.value)
        with pytest.raises(error, match="bytes"):
            tm.open_image(data)

    def test_a_picture_in_hand_of_a_file_that_is_cut_off(self, tmp_path):
        (tmp_path / "a.png").write_bytes(DATA[: len(DATA) // 2])
        with Image.open(tmp_path / "a.png") as image, pytest.raises(BrokenFileError, match=r"a\.png"):
            tm.open_image(image)

    def test_a_bomb_is_refused_before_it_is_decoded(self):
        with pytest.raises(OverLimitError, match=r"limits=tm\.Limits\(pixels=10000000000\)"):
            tm.open_image(make.png(100_000, 100_000))

    def test_a_limit(self):
        few = tm.Limits(pixels=60 * 44 - 1)
        for source in (DATA, PICTURE):
            with pytest.raises(OverLimitError, match=r"Limits\(pixels=2640\)"):
                tm.open_image(source, limits=few)
        assert tm.open_image(DATA, limits=tm.Limits(pixels=60 * 44)).size == (60, 44)

    def test_what_a_higher_limit_opened_can_be_worked_with(self, monkeypatch):
        few = functools.partial(tm.Limits, pixels=60 * 44 - 1)
        monkeypatch.setattr("tidymedia.images.opening.Limits", few)  # a small image is over the default now
        with pytest.raises(OverLimitError, match=r"limits=tm\.Limits\(pixels=2640\) in tm\.open_image"):
            tm.resize(DATA, 0.5)
        with Image.open(io.BytesIO(DATA)) as undecoded, pytest.raises(OverLimitError):
            tm.resize(undecoded, 0.5)
        opened = tm.open_image(DATA, limits=tm.Limits(pixels=60 * 44))
        assert tm.resize(opened, 0.5).size == (30, 22)

    def test_an_image_without_pixels(self):
        with pytest.raises(UsageError, match="0 x 5"):
            tm.open_image(Image.new("L", (0, 5)))

    @pytest.mark.parametrize("source", [3, None, [1, 2], object()])
    def test_nothing_like_an_image(self, source):
        with pytest.raises(UsageError, match="is no image"):
            tm.open_image(source)

    def test_a_file_that_is_open_as_text(self):
        with pytest.raises(UsageError, match='"rb"'):
            tm.open_image(io.StringIO("text"))

    def test_a_file_that_is_closed(self):
        stream = io.BytesIO(DATA)
        stream.close()
        with pytest.raises(UnreadableError):
            tm.open_image(stream)

    def test_broken_bytes_give_an_image_or_our_error(self):
        for data in make.each_format().values():
            for broken in [*make.cut(data, 10), *make.flipped(data, 20)]:
                try:
                    tm.open_image(broken)
                except MediumError:
                    continue


SIZES = st.one_of(
    st.tuples(st.integers(1, 40), st.integers(1, 40)),
    st.sampled_from([(1, 1), (5000, 3), (3, 5000), (1, 5000)]),
)
MODES = ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")


@settings(max_examples=60, deadline=None)
@given(size=SIZES, mode=st.sampled_from(MODES), seed=st.integers(0, 2**32 - 1))
def test_any_size_and_mode_opens_as_it_was_saved(size, mode, seed):
    width, height = size
    drawn = np.random.default_rng(seed).integers(0, 256, (height, width, 4), dtype=np.uint8)
    if mode == "I;16":
        image = Image.fromarray(drawn.view(np.uint16)[:, :, 0])
    elif mode == "P":
        image = Image.fromarray(drawn[:, :, 0]).convert("P")
    else:
        image = Image.fromarray(drawn).convert(mode)
    opened = tm.open_image(make.written(image, "PNG"))
    assert opened.mode == mode
    assert opened.size == size
    assert np.array_equal(np.asarray(opened), np.asarray(image))
    assert same(tm.open_image(image), image)


@settings(max_examples=60, deadline=None)
@given(size=SIZES, orientation=st.integers(1, 8), mode=st.sampled_from(("L", "RGB", "RGBA")))
def test_any_size_stands_upright(size, orientation, mode):
    upright = make.quarters(size).convert(mode)
    turn = make.TURN_BACK[orientation]
    exif = Image.Exif()
    exif[make.ORIENTATION] = orientation
    stored = upright if turn is None else upright.transpose(turn)
    opened = tm.open_image(make.written(stored, "PNG", exif=exif.tobytes()))
    assert same(opened, upright)
