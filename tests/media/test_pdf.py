"""Pages are drawn at the size that is asked for, and their text lies where its ink is."""

import numpy as np
import pytest

import image_makers as damage
import pdf_makers as make
from tidymedia.errors import BrokenFileError, EmptyFileError, EncryptedError, MediumError, OverLimitError
from tidymedia.media.kinds import Kind
from tidymedia.media.locations import LocalFile
from tidymedia.media.opening import open_medium
from tidymedia.media.picture import ANALYSIS, FULL, THUMB, BrokenPicture, SizeClass
from tidymedia.media.settings import Limits, PictureSettings

RED, BLUE, WHITE = (255, 0, 0), (0, 0, 255), (255, 255, 255)


@pytest.fixture
def opened(tmp_path):
    media = []

    def open_bytes(data, settings=None, limits=None):
        (tmp_path / "a.pdf").write_bytes(data)
        medium = open_medium(LocalFile(str(tmp_path), "a.pdf"), Kind.DOCUMENT, settings, limits)
        media.append(medium)
        return medium

    yield open_bytes
    for medium in media:
        medium.close()


def first(medium):
    return next(iter(medium.pictures()))


def ink(image, threshold=128):
    """Return left, top, right and bottom of what is dark."""
    rows, columns = np.nonzero(np.asarray(image.convert("L")) < threshold)
    return columns.min(), rows.min(), columns.max() + 1, rows.max() + 1


class TestPages:
    @pytest.mark.parametrize(("dpi", "size"), [(72, (300, 200)), (200, (833, 556)), (300, (1250, 833))])
    def test_the_size_is_that_of_the_page(self, opened, dpi, size):
        medium = opened(make.document([(make.bar(0, 0, 150, 100), "")]), PictureSettings(pdf_dpi=dpi))
        picture = first(medium)
        image = picture.image()
        assert (picture.width, picture.height) == image.size == size
        assert image.mode == "RGB"
        assert picture.page == 0
        # PDF counts from the lower left.
        assert image.getpixel((2, size[1] - 3)) == RED
        assert image.getpixel((2, 2)) == image.getpixel((size[0] - 3, size[1] - 3)) == WHITE

    def test_each_class_has_its_own_scale(self, opened):
        picture = first(opened(make.document([(make.bar(0, 0, 150, 100), "")]), PictureSettings(pdf_dpi=300)))
        sizes = [
            picture.image(size).size
            for size in (FULL, THUMB, ANALYSIS, SizeClass("fine", None, 400), SizeClass("coarse", None, 36))
        ]
        assert sizes == [(1250, 833), (512, 341), (1024, 682), (1667, 1111), (150, 100)]
        for size in (THUMB, ANALYSIS):
            image = picture.image(size)
            red = np.asarray(image)[:, :, 1] < 128
            assert red.mean() == pytest.approx(0.25, abs=0.01)

    def test_a_class_does_not_depend_on_others(self, opened):
        data = make.document([(make.text("Hello", 40, 100), "")])
        alone = [first(opened(data)).image(size).tobytes() for size in (FULL, ANALYSIS, THUMB)]
        picture = first(opened(data))
        assert [picture.image(size).tobytes() for size in (FULL, ANALYSIS, THUMB)] == alone

    def test_small_pages_are_not_enlarged(self, opened):
        picture = first(opened(make.document([("", "/MediaBox [0 0 72 36]")]), PictureSettings(pdf_dpi=100)))
        assert [picture.image(size).size for size in (FULL, THUMB, ANALYSIS)] == [(100, 50)] * 3

    @pytest.mark.parametrize(
        ("turn", "size", "red"),
        [
            (0, (300, 200), (5, 195)),
            (90, (200, 300), (5, 5)),
            (180, (300, 200), (295, 5)),
            (270, (200, 300), (195, 295)),
        ],
    )
    def test_rotated_pages_are_upright(self, opened, turn, size, red):
        data = make.document([(make.bar(0, 0, 20, 20), f"/Rotate {turn}")])
        image = first(opened(data, PictureSettings(pdf_dpi=72))).image()
        assert image.size == size
        assert image.getpixel(red) == RED
        assert (np.asarray(image)[:, :, 1] < 128).sum() == pytest.approx(400, abs=50)

    def test_the_crop_box_is_what_is_seen(self, opened):
        data = make.document([(make.bar(50, 50, 100, 100), "/CropBox [50 50 150 150]")])
        image = first(opened(data, PictureSettings(pdf_dpi=72))).image()
        assert image.size == (100, 100)
        assert np.asarray(image)[:, :, 1].max() == 0

    def test_the_background_is_behind_the_ink(self, opened):
        image = first(opened(make.document([("", "")]), PictureSettings(background="#0080ff"))).image()
        assert image.getpixel((9, 9)) == (0, 128, 255)

    def test_a_start_gives_the_later_pages(self, opened):
        medium = opened(make.document([("", "")] * 5))
        assert [(picture.index, picture.page) for picture in medium.pictures(3)] == [(3, 3), (4, 4)]

    def test_pictures_may_be_used_in_any_order(self, opened):
        data = make.document([(make.bar(0, 0, 300, 200), ""), (make.bar(0, 0, 300, 200, "0 0 1"), "")])
        pictures = list(opened(data).pictures())
        assert [picture.image().getpixel((9, 9)) for picture in reversed(pictures)] == [BLUE, RED]

    def test_fields_are_drawn_with_what_was_filled_in(self, opened):
        image = first(opened(make.form(), PictureSettings(pdf_dpi=72))).image()
        assert image.getpixel((60, 75)) != WHITE
        assert image.getpixel((20, 20)) == WHITE


class TestText:
    @pytest.mark.parametrize("turn", [0, 90, 180, 270])
    @pytest.mark.parametrize("crop", ["", "/CropBox [20 10 290 190]"])
    @pytest.mark.parametrize("dpi", [72, 200])
    def test_the_box_lies_on_the_ink(self, opened, turn, crop, dpi):
        data = make.document([(make.text("Hxgyp", 60, 90, 30), f"/Rotate {turn} {crop}")])
        picture = first(opened(data, PictureSettings(pdf_dpi=dpi)))
        (block,) = picture.text_layer()
        assert block.text == "Hxgyp"
        left, top, width, height = block.box
        seen = ink(picture.image())
        scale = dpi / 72
        # The box is as high as the font, so the ink lies within it and nearly fills it.
        within = (seen[0] - left, seen[1] - top, left + width - seen[2], top + height - seen[3])
        assert min(within) > -1.5 * scale
        assert max(within) < 0.4 * 30 * scale
        along = width if turn in (0, 180) else height
        inked = seen[2] - seen[0] if turn in (0, 180) else seen[3] - seen[1]
        assert along == pytest.approx(inked, abs=6 * scale)

    def test_paragraphs_are_blocks(self, opened):
        page = (
            make.text("A title", 40, 160, 24)
            + make.text("first line", 40, 100, 12)
            + make.text("second line", 40, 86, 12)
        )
        blocks = first(opened(make.document([(page, "")]))).text_layer()
        assert [block.text for block in blocks] == ["A title", "first line\nsecond line"]
        assert blocks[0].box[1] < blocks[1].box[1]

    def test_text_beyond_the_page_is_left_out(self, opened):
        page = make.text("inside", 40, 100) + make.text("outside", 4000, 100)
        assert [block.text for block in first(opened(make.document([(page, "")]))).text_layer()] == ["inside"]

    def test_a_page_without_text_has_no_block(self, opened):
        assert list(first(opened(make.document([(make.bar(0, 0, 9, 9), "")]))).text_layer()) == []

    def test_boxes_do_not_depend_on_the_class(self, opened):
        data = make.document([(make.text("Hello", 40, 100), "")])
        alone = first(opened(data)).text_layer()
        picture = first(opened(data))
        picture.image(THUMB)
        assert picture.text_layer() == alone

    def test_letters_with_marks(self, opened):
        page = make.text("Gr\\374\\337e", 40, 100)
        assert [block.text for block in first(opened(make.document([(page, "")]))).text_layer()] == ["Grüße"]


class TestProperties:
    def test_what_the_document_says(self, opened):
        info = "/Title (A  study) /Author (Ada) /Producer (Press 1) /CreationDate (D:20240131120000+02'00')"
        found = opened(make.document([("", "")] * 2, info)).properties(gps=True)
        assert found == {
            "format": "PDF",
            "pages": 2,
            "title": "A study",
            "author": "Ada",
            "software": "Press 1",
            "created_at": "2024-01-31T12:00:00+02:00",
        }

    @pytest.mark.parametrize(
        ("written", "expected"),
        [
            ("D:2024", "2024"),
            ("D:20240131", "2024-01-31"),
            ("D:20240131120005Z", "2024-01-31T12:00:05Z"),
            ("20240131120005", "2024-01-31T12:00:05"),
            ("D:20249931", None),
            ("yesterday", None),
        ],
    )
    def test_moments(self, opened, written, expected):
        found = opened(make.document([("", "")], f"/CreationDate ({written})")).properties()
        assert found.get("created_at") == expected


class TestTrouble:
    def test_a_password_is_needed(self, opened):
        with pytest.raises(EncryptedError, match=r"a\.pdf is encrypted") as caught:
            opened(make.encrypted())
        assert "qpdf --decrypt" in caught.value.remedy

    def test_encryption_without_a_password_opens(self, opened):
        assert first(opened(make.encrypted(""))).image().getpixel((50, 50)) == RED

    def test_one_broken_page_leaves_the_others(self, opened):
        shown = list(opened(make.one_broken_page()).pictures())
        assert isinstance(shown[1], BrokenPicture)
        assert isinstance(shown[1].error, BrokenFileError)
        assert "Page 2 of a.pdf" in shown[1].error.message
        assert (shown[1].index, shown[1].page) == (1, 1)
        colors = [
            picture.image().getpixel((9, 9))
            for picture in opened(make.one_broken_page()).pictures()
            if not isinstance(picture, BrokenPicture)
        ]
        assert colors == [RED, BLUE]

    def test_more_pages_than_allowed(self, opened):
        with pytest.raises(OverLimitError, match="5 pages") as caught:
            opened(make.document([("", "")] * 5), limits=Limits(pages=4))
        assert "--set limits.pages=5" in caught.value.remedy

    def test_a_page_larger_than_allowed_leaves_the_others(self, opened):
        data = make.document([("", ""), ("", "/MediaBox [0 0 14400 14400]"), ("", "")])
        shown = list(opened(data).pictures())
        assert [isinstance(picture, BrokenPicture) for picture in shown] == [False, True, False]
        assert isinstance(shown[1].error, OverLimitError)
        assert "--set limits.pixels=1600000000" in shown[1].error.remedy

    def test_no_bytes(self, opened):
        with pytest.raises(EmptyFileError):
            opened(b"")

    def test_no_document(self, opened):
        with pytest.raises(BrokenFileError, match=r"a\.pdf"):
            opened(b"<!DOCTYPE html><title>Not found</title>")

    def test_no_pages(self, opened):
        medium = None
        try:
            medium = opened(make.document([]))
        except MediumError as error:
            assert error.remedy
        if medium is not None:
            assert list(medium.pictures()) == []

    @pytest.mark.parametrize("changes", ["cut", "flipped"])
    def test_damage_gives_pages_or_errors_of_ours(self, opened, changes):
        page = make.text("Hello", 40, 100) + make.bar(10, 10, 30, 30)
        whole = make.document([(page, ""), (page, "/Rotate 90")], "/Title (A) /CreationDate (D:2024)")
        limits = Limits(pixels=4_000_000)
        read = 0
        for data in getattr(damage, changes)(whole):
            try:
                medium = opened(data, PictureSettings(pdf_dpi=40), limits)
                medium.properties(gps=True)
                for picture in medium.pictures():
                    if isinstance(picture, BrokenPicture):
                        assert isinstance(picture.error, MediumError)
                        continue
                    try:
                        assert picture.image(THUMB).mode == "RGB"
                        picture.text_layer()
                        read += 1
                    except MediumError as error:
                        assert error.remedy
                medium.close()
            except MediumError as error:
                assert error.remedy
        # Without its end a document has no list of pages; with a changed byte most can be read.
        assert read > 100 or changes == "cut"
