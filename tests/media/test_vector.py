"""Drawings are drawn alike on every machine, and nothing outside of their file is read."""

import base64
import gzip
import shutil

import numpy as np
import pytest
from PIL import Image

import image_makers as damage
import vector_makers as make
from tidymedia.errors import BrokenFileError, EmptyFileError, MediumError, OverLimitError, UnsupportedError
from tidymedia.media.kinds import Kind
from tidymedia.media.locations import LocalFile
from tidymedia.media.opening import open_medium
from tidymedia.media.picture import ANALYSIS, FULL, THUMB
from tidymedia.media.settings import Limits, PictureSettings

RED, WHITE = (255, 0, 0), (255, 255, 255)


@pytest.fixture
def draw(tmp_path):
    def drawn(data, size=FULL, name="a.svg", limits=None, **settings):
        (tmp_path / name).write_bytes(data)
        location = LocalFile(str(tmp_path), name)
        with open_medium(location, Kind.VECTOR, PictureSettings(**settings), limits) as medium:
            (picture,) = medium.pictures()
            image = picture.image(size)
            assert image.mode == "RGB"
            if size is FULL:
                assert image.size == (picture.width, picture.height)
            return image

    return drawn


def dark(image):
    """Return the share of dark pixels."""
    return float((np.asarray(image.convert("L")) < 128).mean())


class TestSize:
    @pytest.mark.parametrize(
        ("attributes", "size"),
        [
            ('width="200" height="100"', (1024, 512)),
            ('width="4000" height="1000"', (1024, 256)),
            ('viewBox="0 0 10 40"', (256, 1024)),
            ('width="2in" height="96px"', (1024, 512)),
            ('width="100%" height="100%" viewBox="0 0 30 15"', (1024, 512)),
            ('width="50" viewBox="0 0 20 10"', (1024, 512)),
            ('width="100000" height="1"', (1024, 1)),
        ],
    )
    def test_the_long_side_is_that_of_the_study(self, draw, attributes, size):
        assert draw(make.svg(make.bar(0, 0, 9, 9), attributes)).size == size

    def test_without_a_size_it_is_as_large_as_its_content(self, draw):
        image = draw(make.svg(make.bar(0, 0, 40, 20), ""))
        assert image.size == (1024, 512)
        assert image.getpixel((500, 250)) == RED

    @pytest.mark.parametrize("side", [300, 1024, 2000])
    def test_each_class_is_drawn_at_its_own_size(self, draw, side):
        data = make.svg(make.bar(0, 0, 100, 50))
        for size, longest in ((FULL, side), (ANALYSIS, min(side, 1024)), (THUMB, min(side, 512))):
            image = draw(data, size, vector_side=side)
            assert image.size == (longest, longest // 2)
            assert (np.asarray(image)[:, :, 1] < 128).mean() == pytest.approx(0.25, abs=0.01)
            assert image.getpixel((2, 2)) == RED

    def test_a_side_beyond_the_limit(self, draw):
        with pytest.raises(OverLimitError, match="vector_side"):
            draw(make.svg(""), vector_side=5000, limits=Limits(pixels=1_000_000))

    @pytest.mark.parametrize(
        "attributes", ['width="0" height="10"', 'width="-5" height="10"', 'width="1e999" height="1"']
    )
    def test_no_area(self, draw, attributes):
        with pytest.raises(MediumError):
            draw(make.svg(make.bar(0, 0, 9, 9), attributes))


class TestLooks:
    @pytest.mark.parametrize("background", ["#ffffff", "#0080ff"])
    def test_what_is_transparent_shows_the_background(self, draw, background):
        image = draw(make.svg(make.bar(0, 0, 20, 20)), background=background)
        assert image.getpixel((1000, 500)) == tuple(bytes.fromhex(background[1:]))
        assert image.getpixel((5, 5)) == RED

    @pytest.mark.parametrize("family", ["", "serif", "monospace", "Arial", "No Such Font"])
    def test_text_has_ink_where_it_stands(self, draw, family):
        font = f'font-family="{family}"' if family else ""
        image = draw(make.svg(f'<text x="100" y="60" font-size="40" {font}>Hello</text>'))
        assert dark(image) > 0.02
        assert dark(image.crop((0, 0, 500, 512))) == 0
        assert dark(image.crop((0, 330, 1024, 512))) == 0

    @pytest.mark.parametrize("words", ["Hello", "Grüße", "Привет", "Γειά"])
    def test_text_needs_no_font_of_the_machine(self, draw, words, monkeypatch):
        import resvg_py

        real, asked = resvg_py.svg_to_bytes, []

        def watched(**options):
            asked.append(options["skip_system_fonts"])
            return real(**{**options, "skip_system_fonts": True})

        monkeypatch.setattr(resvg_py, "svg_to_bytes", watched)
        image = draw(make.svg(f'<text x="10" y="60" font-size="40">{words}</text>'))
        assert asked == [True]
        assert dark(image) > 0.02

    def test_letters_that_are_missing_are_looked_for_on_the_machine(self, draw, monkeypatch):
        import resvg_py

        real, asked = resvg_py.svg_to_bytes, []

        def watched(**options):
            asked.append(options["skip_system_fonts"])
            return real(**{**options, "skip_system_fonts": True})

        monkeypatch.setattr(resvg_py, "svg_to_bytes", watched)
        draw(make.svg('<text x="10" y="60" font-size="40">漢字</text>'))
        assert asked == [False]

    def test_packed_drawings(self, draw):
        data = make.svg(make.bar(0, 0, 200, 100))
        assert draw(gzip.compress(data), name="a.svgz").getpixel((500, 250)) == RED
        with pytest.raises(BrokenFileError):
            draw(gzip.compress(data)[:-12], name="a.svgz")

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
    def test_encodings(self, draw, encoding):
        body = f'<text x="10" y="60" font-size="40">Grüße</text>{make.bar(0, 0, 20, 20)}'
        text = make.svg(body, before=f'<?xml version="1.0" encoding="{encoding}"?>').decode()
        image = draw(text.encode(encoding))
        assert image.getpixel((5, 5)) == RED
        assert dark(image.crop((150, 0, 1024, 512))) > 0.02

    def test_pictures_in_the_drawing_are_drawn(self, draw):
        data = make.svg(f'<image width="200" height="100" preserveAspectRatio="none" href="{make.embedded("red")}"/>')
        assert draw(data).getpixel((500, 250)) == RED

    def test_properties(self, tmp_path):
        (tmp_path / "a.svg").write_bytes(make.svg(""))
        with open_medium(LocalFile(str(tmp_path), "a.svg"), Kind.VECTOR) as medium:
            assert medium.properties(gps=True) == {"format": "SVG"}
            assert list(medium.pictures(1)) == []


class TestNothingOutside:
    @pytest.mark.parametrize("attribute", ["href", "xlink:href"])
    @pytest.mark.parametrize(
        "address", ["red.png", "./red.png", "{path}", "file://{path}", "http://127.0.0.1:9/red.png"]
    )
    def test_pictures_beside_the_drawing_are_not_read(self, draw, tmp_path, monkeypatch, attribute, address):
        monkeypatch.chdir(tmp_path)
        Image.new("RGB", (20, 20), "red").save(tmp_path / "red.png")
        target = address.format(path=tmp_path / "red.png")
        image = draw(make.svg(f'<image width="200" height="100" {attribute}="{target}"/>'))
        assert np.asarray(image).min() == 255

    def test_drawings_in_the_drawing_read_nothing_either(self, draw, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        Image.new("RGB", (20, 20), "red").save(tmp_path / "red.png")
        inner = make.svg(f'<image width="200" height="100" href="{tmp_path / "red.png"}"/>')
        address = "data:image/svg+xml;base64," + base64.b64encode(inner).decode()
        image = draw(make.svg(f'<image width="200" height="100" href="{address}"/>'))
        assert np.asarray(image).min() == 255

    def test_style_sheets_and_patterns_read_nothing_either(self, draw, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        (tmp_path / "red.css").write_text("rect { fill: red }")
        Image.new("RGB", (20, 20), "red").save(tmp_path / "red.png")
        body = '<style>@import url("red.css");</style><rect width="200" height="100" fill="url(red.png)"/>'
        image = np.asarray(draw(make.svg(body, before='<?xml-stylesheet href="red.css"?>')))
        assert not ((image[:, :, 0] > 200) & (image[:, :, 1] < 50)).any()

    def test_entities_of_other_files_are_left_out(self, draw, tmp_path):
        (tmp_path / "secret.txt").write_text("WWWWWWWW")
        before = f'<!DOCTYPE svg [<!ENTITY secret SYSTEM "file://{tmp_path / "secret.txt"}">]>'
        try:
            image = draw(make.svg('<text x="10" y="60" font-size="30">&secret;</text>', before=before))
        except BrokenFileError:
            return
        assert dark(image) == 0


class TestTrouble:
    def test_entities_that_multiply(self, draw):
        with pytest.raises(MediumError) as caught:
            draw(make.laughs())
        assert caught.value.remedy

    def test_repetitions_that_multiply(self, draw):
        with pytest.raises(MediumError) as caught:
            draw(make.uses())
        assert caught.value.remedy

    def test_noise_of_a_million_octaves(self, draw):
        noise = '<filter id="f"><feTurbulence numOctaves="{}" baseFrequency="0.05"/></filter>'
        body = noise + '<rect width="200" height="100" filter="url(#f)"/>'
        many, ten = (draw(make.svg(body.format(count)), vector_side=100) for count in (1_000_000, 10))
        assert many.tobytes() == ten.tobytes()
        assert np.asarray(many).std() > 10

    def test_groups_in_groups(self, draw):
        with pytest.raises(OverLimitError, match="nested"):
            draw(make.nested())
        assert draw(make.nested(200)).size == (1024, 512)

    def test_a_huge_picture_in_a_drawing(self, draw):
        address = "data:image/png;base64," + base64.b64encode(damage.png(30_000, 30_000)).decode()
        with pytest.raises(OverLimitError, match="a picture in a"):
            draw(make.svg(f'<image width="200" height="100" href="{address}"/>'))

    @pytest.mark.parametrize("data", [b"<html><body>Not found</body></html>", b"<svg", b"no drawing", b"<?xml"])
    def test_no_drawing(self, draw, data):
        with pytest.raises(BrokenFileError, match=r"a\.svg"):
            draw(data)

    def test_no_bytes(self, draw):
        with pytest.raises(EmptyFileError):
            draw(b"")

    @pytest.mark.parametrize("changes", ["cut", "flipped"])
    def test_damage_gives_a_drawing_or_an_error_of_ours(self, draw, changes):
        body = (
            '<defs><linearGradient id="a"><stop offset="0" stop-color="red"/></linearGradient></defs>'
            '<rect width="50" height="50" fill="url(#a)"/><path d="M10 10 L 50 50 Q 20 9 7 1 Z" transform="scale(2)"/>'
            f'<text x="10" y="60">Hi</text><image width="20" height="20" href="{make.embedded("blue", (4, 4))}"/>'
        )
        drawn = 0
        for data in getattr(damage, changes)(make.svg(body, 'width="200" height="100" viewBox="0 0 200 100"')):
            try:
                draw(data, vector_side=64)
                drawn += 1
            except MediumError as error:
                assert error.remedy
        assert drawn > 30 if changes == "flipped" else drawn == 0

    @pytest.mark.parametrize(
        ("name", "data"),
        [
            ("a.wmf", b"\xd7\xcd\xc6\x9a" + bytes(60)),
            ("a.emf", b"\x01\x00\x00\x00" + bytes(60)),
            ("my drawing.drw", b"\x01\x02draw" + bytes(60)),
        ],
    )
    def test_other_drawings_say_how_they_can_be_converted(self, draw, name, data):
        with pytest.raises(UnsupportedError) as caught:
            draw(data, name=name)
        assert "soffice --headless --convert-to svg" in caught.value.remedy
        assert (f"'{name}'" if " " in name else name) in caught.value.remedy


class TestPostscript:
    def test_without_ghostscript_it_says_what_to_install(self, draw, monkeypatch):
        monkeypatch.setattr(shutil, "which", lambda program: None)
        with pytest.raises(UnsupportedError, match="Ghostscript") as caught:
            draw(make.eps(), name="a.eps")
        assert "apt install ghostscript" in caught.value.remedy

    @pytest.mark.skipif(shutil.which("gs") is None, reason="Ghostscript is not installed")
    def test_with_ghostscript_it_is_drawn(self, draw):
        for size, side in ((FULL, 1024), (THUMB, 512)):
            image = draw(make.eps(), size, name="a.eps")
            assert image.size == (side, side // 2)
            assert image.getpixel((side // 4, side // 4)) == RED
            assert image.getpixel((side - 9, side // 4)) == WHITE

    @pytest.mark.skipif(shutil.which("gs") is None, reason="Ghostscript is not installed")
    @pytest.mark.parametrize("how", ["(w)", "(r)"])
    def test_a_program_touches_no_other_file(self, draw, tmp_path, how):
        target = tmp_path / "target.txt"
        if how == "(r)":
            target.write_text("secret")
        opening = f"({target}) {how} file closefile 1 0 0 set".encode()
        with pytest.raises(BrokenFileError, match="invalidfileaccess"):
            draw(make.eps().replace(b"1 0 0 set", opening), name="a.eps")
        assert target.exists() == (how == "(r)")

    @pytest.mark.skipif(shutil.which("gs") is None, reason="Ghostscript is not installed")
    def test_a_program_that_cannot_be_drawn(self, draw):
        with pytest.raises(MediumError):
            draw(make.eps().replace(b"rectfill", b"nonsense"), name="a.eps")
