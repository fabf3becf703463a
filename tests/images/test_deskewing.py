"""Pages that stand askew are set straight, whatever their mode; other pictures stay."""

from __future__ import annotations

import matplotlib
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

import tidymedia as tm
from tidymedia.errors import UsageError
from tidymedia.images.deskewing import skew_angle
from tidymedia.images.skew import straighten

FONT = ImageFont.truetype(f"{matplotlib.get_data_path()}/fonts/ttf/DejaVuSans.ttf", 24)


def page(color: str = "white") -> Image.Image:
    image = Image.new("RGB", (900, 700), color)
    draw = ImageDraw.Draw(image)
    for number in range(14):
        draw.text((60, 40 + 44 * number), "The quick brown fox jumps over the lazy dog again", "black", FONT)
    return image


@pytest.mark.parametrize("angle", [-9.0, -4.3, -1.0, 1.0, 2.6, 7.5])
def test_the_angle_is_that_of_rotate(angle):
    assert skew_angle(tm.rotate(page(), angle)) == pytest.approx(angle, abs=0.15)


def test_wider_and_narrower_angles():
    assert skew_angle(tm.rotate(page(), 14), max_degrees=15) == pytest.approx(14, abs=0.15)
    assert skew_angle(tm.rotate(page(), -19.5), max_degrees=20) == pytest.approx(-19.5, abs=0.15)
    assert skew_angle(tm.rotate(page(), 2), max_degrees=2.5) == pytest.approx(2, abs=0.15)
    assert abs(skew_angle(tm.rotate(page(), 8), max_degrees=3.3)) <= 3.3
    assert skew_angle(tm.rotate(page(), 0.5), max_degrees=0.7) == pytest.approx(0.5, abs=0.15)


@pytest.mark.parametrize(
    ("mode", "after"),
    [("1", "L"), ("L", "L"), ("LA", "LA"), ("P", "RGB"), ("RGB", "RGB"), ("RGBA", "RGBA"), ("CMYK", "CMYK"),
     ("HSV", "HSV"), ("I;16", "I;16"), ("F", "F")],
)  # fmt: skip
def test_any_mode_is_set_straight(mode, after):
    askew = tm.rotate(page("#eeeecc"), 3, fill="#eeeecc")
    if mode == "I;16":
        image = Image.fromarray(np.asarray(askew.convert("L")).astype(np.uint16) * 257)
    else:
        image = askew.convert(mode, dither=Image.Dither.NONE)
    before = image.tobytes()
    straight = tm.deskew(image)
    assert straight.mode == after
    assert straight.width > image.width
    assert abs(skew_angle(straight)) <= 0.2
    assert image.tobytes() == before
    if mode == "RGB":
        assert straight.getpixel((2, 2)) == (238, 238, 204)  # the paper goes on into the corners
    if mode == "I;16":
        assert straight.getpixel((2, 2)) > 200 * 257


def test_what_has_no_lines_stays_as_it_is():
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 256, (400, 600), dtype=np.uint8))
    circle = Image.new("L", (500, 500), 255)
    ImageDraw.Draw(circle).ellipse((100, 100, 400, 400), fill=0)
    for image in (noise, circle, Image.new("RGB", (1, 1)), Image.new("L", (5, 900)), Image.new("L", (5000, 3)), page()):
        same = tm.deskew(image)
        assert skew_angle(image) == 0
        assert same is not image
        assert (same.mode, same.size, same.tobytes()) == (image.mode, image.size, image.tobytes())


def test_black_and_white_is_always_gray_then():
    assert tm.deskew(Image.new("1", (60, 50), 1)).getextrema() == (255, 255)


def test_the_way_back():
    image = Image.new("L", (200, 100), 255)
    image.paste(0, (150, 20, 160, 30))
    turned, (a, b, c, d, e, f) = straighten(image, 7.0)
    y, x = np.argwhere(np.asarray(turned) < 100).mean(axis=0)
    assert (a * x + b * y + c, d * x + e * y + f) == pytest.approx((154.5, 24.5), abs=0.6)


@pytest.mark.parametrize("most", [0, -5, 21, float("nan"), "10", None])
def test_angles_that_make_no_sense(most):
    for function in (tm.deskew, skew_angle):
        with pytest.raises(UsageError) as caught:
            function(Image.new("L", (30, 30)), max_degrees=most)
        assert caught.value.remedy
