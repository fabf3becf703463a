"""Each step does what it says, and its boxes find their way back."""

from __future__ import annotations

import matplotlib
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from tidymedia.extractors.ocr_preparation import Affine, Preparation
from tidymedia.images.skew import angle_of_lines

FONT = ImageFont.truetype(f"{matplotlib.get_data_path()}/fonts/ttf/DejaVuSans.ttf", 24)
SIZE = (640, 480)
MARK = (400, 150, 60, 30)


def marked(mode: str = "RGB") -> Image.Image:
    """A white picture with one black rectangle."""
    image = Image.new(mode, SIZE, "white")
    left, top, width, height = MARK
    image.paste("black", (left, top, left + width, top + height))
    return image


def page() -> Image.Image:
    image = Image.new("RGB", (900, 700), "white")
    draw = ImageDraw.Draw(image)
    for number in range(14):
        draw.text((60, 40 + 44 * number), "The quick brown fox jumps over the lazy dog again", "black", FONT)
    return image


def ink_box(image: Image.Image) -> tuple[float, float, float, float]:
    dark = np.asarray(image.convert("L")) < 128
    rows, columns = np.nonzero(dark.any(axis=1))[0], np.nonzero(dark.any(axis=0))[0]
    return (
        float(columns[0]),
        float(rows[0]),
        float(columns[-1] + 1 - columns[0]),
        float(rows[-1] + 1 - rows[0]),
    )


@pytest.mark.parametrize(
    ("preparation", "tolerance"),
    [
        (Preparation(), 0),
        (Preparation(gray=True), 0),
        (Preparation(crop=(0.25, 0.1, 0.9, 0.8)), 0),
        (Preparation(turn=90), 0),
        (Preparation(turn=180), 0),
        (Preparation(turn=270), 0),
        (Preparation(upscale=1280), 0),
        (Preparation(upscale=1500), 0.5),
        (Preparation(median=3), 0),
        (Preparation(threshold="otsu"), 0),
        (Preparation(threshold="adaptive"), 0),
        (Preparation(crop=(0.5, 0.2, 1, 1), turn=270, upscale=1000, median=3, threshold="otsu"), 0.5),
    ],
)
def test_boxes_find_their_way_back(preparation: Preparation, tolerance: float) -> None:
    prepared = preparation.apply(marked())
    assert prepared.back.box(ink_box(prepared.image), SIZE) == pytest.approx(MARK, abs=tolerance + 1e-6)


@pytest.mark.parametrize("angle", [-9.0, -4.3, -1.0, 1.0, 2.6, 7.5])
def test_skew_is_found_and_boxes_find_their_way_back(angle: float) -> None:
    askew = page().rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor="white")
    assert angle_of_lines(askew) == pytest.approx(angle, abs=0.15)
    draw = ImageDraw.Draw(askew)
    draw.rectangle((20, 20, 39, 39), fill="black")
    prepared = Preparation(deskew=True).apply(askew)
    assert abs(angle_of_lines(prepared.image)) < 0.2
    # Where the middle of the black square went: invert the way back.
    a, b, c, d, e, f = prepared.back
    x, y = np.linalg.solve([[a, b], [d, e]], [30 - c, 30 - f])
    assert np.asarray(prepared.image)[round(y) - 4 : round(y) + 4, round(x) - 4 : round(x) + 4].max() < 40
    box = prepared.back.box((x - 10, y - 10, 20, 20), askew.size)
    assert (box[0] + box[2] / 2, box[1] + box[3] / 2) == pytest.approx((30, 30), abs=1e-6)
    assert 20 <= box[2] <= 20 * np.sqrt(2)


def test_what_has_no_lines_is_not_turned():
    noise = np.random.default_rng(0).integers(0, 256, (400, 600), dtype=np.uint8)
    circle = Image.new("L", (500, 500), 255)
    ImageDraw.Draw(circle).ellipse((100, 100, 400, 400), fill=0)
    for image in (Image.fromarray(noise), circle, Image.new("RGB", (1, 1)), Image.new("L", (5, 900))):
        assert angle_of_lines(image) == 0


def test_light_text_on_dark_is_straightened_too():
    negative = Image.eval(page(), lambda value: 255 - value).rotate(3, Image.Resampling.BICUBIC, expand=True)
    assert angle_of_lines(negative) == pytest.approx(3, abs=0.15)


def test_straight_pages_stay_as_they_are():
    upright = page()
    prepared = Preparation(deskew=True).apply(upright)
    assert prepared.back == Affine()
    assert prepared.image.tobytes() == upright.tobytes()


def test_steps_do_what_they_say():
    gray = Image.fromarray(np.tile(np.linspace(20, 235, 256).astype(np.uint8), (100, 1)))
    specks = np.full((101, 101), 255, np.uint8)
    specks[::7, ::7] = 0
    assert set(np.unique(np.asarray(Preparation(threshold="otsu").apply(gray).image))) == {0, 255}
    assert np.asarray(Preparation(median=3).apply(Image.fromarray(specks)).image)[1:-1, 1:-1].min() == 255
    assert Preparation(upscale=10_000).apply(Image.new("L", (100, 50))).image.size == (400, 200)
    assert Preparation(upscale=50).apply(Image.new("L", (100, 50))).image.size == (100, 50)
    assert Preparation(crop=(0.999, 0.999, 1, 1)).apply(Image.new("L", (10, 10))).image.size == (1, 1)
    assert Preparation(median=5).apply(marked()).image.mode == "RGB"


def test_an_adaptive_threshold_copes_with_shadow():
    shadow = np.asarray(page().convert("L"), dtype=float) * np.linspace(0.2, 1, 900)[None, :]
    image = Image.fromarray(shadow.astype(np.uint8))
    truth = np.asarray(page().convert("L")) < 128
    adaptive = np.asarray(Preparation(threshold="adaptive").apply(image).image) == 0
    otsu = np.asarray(Preparation(threshold="otsu").apply(image).image) == 0
    assert (adaptive == truth).mean() > 0.98
    assert (otsu == truth).mean() < 0.9


def test_the_picture_is_not_changed():
    image = marked()
    before = image.tobytes()
    Preparation(crop=(0, 0, 0.5, 0.5), turn=90, upscale=900, deskew=True, median=3, threshold="adaptive").apply(image)
    assert image.tobytes() == before


def test_boxes_stay_in_the_picture():
    assert Affine(c=-5, f=-5).box((0, 0, 900, 20), (100, 50)) == (0, 0, 100, 15)
