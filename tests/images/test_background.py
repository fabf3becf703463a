"""Backgrounds: found by the person mask or by their colour, replaced by colours, nothing, or another image."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

import tidymedia as tm
from tidymedia.errors import ExtractionError, TidymediaError, UsageError
from tidymedia.images.color_key import border_color, key_out

PHOTOGRAPHS = Path(__file__).resolve().parents[2] / "examples" / "media" / "photographs"
GREEN = (20, 160, 60)


def scene(size: tuple[int, int] = (80, 60)) -> Image.Image:
    """A red disc before a green wall, with soft edges."""
    width, height = size
    disc = Image.new("L", size, 0)
    ImageDraw.Draw(disc).ellipse((width // 4, height // 6, width * 3 // 4, height * 5 // 6), fill=255)
    mask = disc.filter(ImageFilter.GaussianBlur(1.5))
    return Image.composite(Image.new("RGB", size, (210, 30, 40)), Image.new("RGB", size, GREEN), mask)


def test_the_person_stays_and_what_is_behind_her_goes() -> None:
    portrait = tm.open_image(PHOTOGRAPHS / "astronaut.jpg")
    replaced = tm.replace_background(portrait, (0, 0, 255))
    assert replaced.mode == "RGB"
    assert replaced.size == portrait.size
    before, after = np.asarray(portrait.convert("RGB")), np.asarray(replaced)
    height, width = after.shape[:2]
    corner = after[: height // 8, -width // 8 :].reshape(-1, 3)
    assert (corner == (0, 0, 255)).all()
    face = np.s_[height // 6 : height // 4, width * 3 // 8 : width // 2]
    np.testing.assert_array_equal(after[face], before[face])


def test_specks_are_no_person() -> None:
    with pytest.raises(ExtractionError, match="No person"):
        tm.replace_background(PHOTOGRAPHS / "mountains.jpg", "white")


def test_a_transparent_background_is_alpha() -> None:
    cut_out = tm.replace_background(PHOTOGRAPHS / "astronaut.jpg", "transparent")
    assert cut_out.mode == "RGBA"
    share = np.asarray(cut_out.getchannel("A")).mean() / 255
    assert 0.4 < share < 0.7
    hard = tm.replace_background(PHOTOGRAPHS / "astronaut.jpg", "transparent", softness=0)
    assert np.isin(np.asarray(hard.getchannel("A")), (0, 255)).mean() > 0.999


def test_where_there_is_no_person_it_says_so() -> None:
    with pytest.raises(ExtractionError, match="No person was found"):
        tm.replace_background(Image.new("RGB", (50, 50), "white"), "red")


def test_a_colour_key_takes_the_wall_and_a_softer_edge_also_its_seam() -> None:
    seams = []
    for softness in (None, 90):
        keyed = np.asarray(tm.replace_background(scene(), "white", method="color", softness=softness)).astype(int)
        assert (keyed[0] == 255).all()
        np.testing.assert_allclose(keyed[30, 40], (210, 30, 40), atol=1)
        seams.append((keyed[:, :, 1] - np.maximum(keyed[:, :, 0], keyed[:, :, 2])).max())
    assert seams[0] > 30
    assert seams[1] <= 2


def test_the_colour_of_the_wall_is_that_of_most_of_the_border() -> None:
    image = scene()
    image.paste("black", (0, 50, 80, 60))
    assert border_color(image) == GREEN
    keyed = tm.replace_background(image, "white", method="color")
    assert keyed.getpixel((0, 0)) == (255, 255, 255)
    assert keyed.getpixel((0, 59)) == (0, 0, 0)
    black = tm.replace_background(image, "white", method="color", color="black")
    assert black.getpixel((0, 0)) == GREEN
    assert black.getpixel((0, 59)) == (255, 255, 255)


def test_tolerance_and_softness_are_distances_in_lab() -> None:
    grays = Image.fromarray(np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, axis=2))
    _, alpha = key_out(grays, (255, 255, 255), tolerance=10, softness=20)
    values = np.asarray(alpha)[0]
    lightness = np.array([116 * np.cbrt(((v / 255 + 0.055) / 1.055) ** 2.4) - 16 for v in range(60, 256)])
    expected = np.clip((100 - lightness - 10) / 20, 0, 1)
    np.testing.assert_allclose(values[60:] / 255, expected, atol=0.003)


def test_a_tall_image_in_parts_is_as_in_one() -> None:
    image = Image.fromarray(np.random.default_rng(3).integers(0, 256, (1200, 1000, 3), dtype=np.uint8))
    whole = key_out(image, (90, 90, 90), 20, 30)
    strip = key_out(image.crop((0, 900, 1000, 1200)), (90, 90, 90), 20, 30)
    for one, other in zip(whole, strip, strict=True):
        np.testing.assert_array_equal(np.asarray(one)[900:], np.asarray(other))


def test_another_image_covers_from_its_middle() -> None:
    behind = Image.new("RGB", (400, 100), "black")
    behind.paste("yellow", (100, 0, 300, 100))
    replaced = tm.replace_background(scene((60, 60)), behind, method="color")
    assert replaced.size == (60, 60)
    assert replaced.getpixel((1, 1)) == (255, 255, 0)
    assert replaced.getpixel((58, 58)) == (255, 255, 0)


def test_backgrounds_come_from_paths_arrays_and_colours(tmp_path: Path) -> None:
    Image.new("RGB", (9, 9), "navy").save(tmp_path / "white.png")
    array = np.full((5, 5, 3), (0, 0, 128), np.uint8)
    for background in (tmp_path / "white.png", str(tmp_path / "white.png"), array, "navy", "#000080", (0, 0, 128)):
        assert tm.replace_background(scene(), background, method="color").getpixel((0, 0)) == (0, 0, 128)
    half = tm.replace_background(scene(), (0, 0, 128, 100), method="color")
    assert half.getpixel((0, 0)) == (0, 0, 128, 100)
    assert half.getpixel((40, 30)) == (210, 30, 40, 255)


def test_what_was_transparent_stays_so() -> None:
    image = scene().convert("RGBA")
    image.paste((0, 0, 0, 0), (30, 20, 50, 40))
    cut_out = tm.replace_background(image, "transparent", method="color", color=GREEN)
    assert cut_out.getpixel((40, 30))[3] == 0  # type: ignore[index]  # RGBA
    assert tm.replace_background(image, "white", method="color", color=GREEN).getpixel((40, 30)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "F"])
def test_all_modes_and_the_callers_image_is_not_changed(mode: str) -> None:
    gray = Image.new("L", (20, 10), 0)
    gray.paste(255, (5, 0, 15, 10))
    if mode == "I;16":
        image = Image.fromarray(np.asarray(gray).astype(np.uint16) * 257)
    else:
        image = gray.convert("RGB" if mode == "CMYK" else "L").convert(mode)
    before = image.tobytes()
    replaced = tm.replace_background(image, "lime", method="color", color="black")
    assert (replaced.mode, replaced.size) == ("RGB", (20, 10))
    assert replaced.getpixel((0, 5)) == (0, 255, 0)
    assert min(replaced.getpixel((10, 5))) > 250  # type: ignore[arg-type, type-var]  # RGB
    assert image.tobytes() == before


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1)])
def test_thin_images(size: tuple[int, int]) -> None:
    keyed = tm.replace_background(Image.new("RGB", size, "white"), "transparent", method="color")
    assert keyed.size == size
    assert keyed.getchannel("A").getextrema() == (0, 0)


@pytest.mark.parametrize(
    "given",
    [
        {"method": "magic"},
        {"color": "white"},
        {"tolerance": 5},
        {"method": "color", "tolerance": -1},
        {"method": "color", "tolerance": float("nan")},
        {"method": "color", "softness": float("inf")},
        {"method": "color", "softness": "much"},
        {"method": "color", "color": "reddish"},
        {"softness": 1.5},
    ],
)
def test_wrong_arguments_are_refused_with_a_remedy(given: dict[str, Any]) -> None:
    with pytest.raises(UsageError) as raised:
        tm.replace_background(scene(), "white", **given)
    assert raised.value.remedy


def test_a_background_that_is_nothing_is_refused() -> None:
    with pytest.raises(TidymediaError) as raised:
        tm.replace_background(scene(), "no_such_colour_or_file", method="color")
    assert "no_such_colour_or_file" in raised.value.message
