"""An image as extractors get it: first picture, upright, RGB, at most 512 pixels."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tidymedia.errors import BrokenFileError, UnsupportedError, UsageError
from tidymedia.images.small_picture import small_picture
from tidymedia.media.kinds import Kind
from tidymedia.media.locations import LocalFile
from tidymedia.media.opening import open_medium
from tidymedia.media.picture import ANALYSIS, THUMB, Picture

MEDIA = Path(__file__).resolve().parents[2] / "examples" / "media"
KINDS = {
    "photographs/sunset.jpg": Kind.IMAGE,
    "photographs/photographer.png": Kind.IMAGE,
    "films/rabbit.gif": Kind.IMAGE,
    "films/rabbit.mp4": Kind.VIDEO,
    "documents/coding_guide.pdf": Kind.DOCUMENT,
    "drawings/poster.svg": Kind.VECTOR,
}


@pytest.mark.parametrize("name", KINDS)
def test_the_pixels_of_a_study(name: str) -> None:
    with open_medium(LocalFile(str(MEDIA), name), KINDS[name]) as medium:
        pictures = iter(medium.pictures())
        found = next(pictures)
        assert isinstance(found, Picture)
        wanted = np.asarray(found.image(THUMB))
    made = small_picture(MEDIA / name)
    assert made.mode == "RGB"
    np.testing.assert_array_equal(np.asarray(made), wanted)


def test_what_is_in_hand_is_reduced_and_becomes_rgb() -> None:
    for mode in ("L", "RGBA", "CMYK", "P", "I;16"):
        made = small_picture(Image.new(mode, (2000, 1000)))
        assert (made.mode, made.size) == ("RGB", (512, 256))
    assert small_picture(np.zeros((30, 40), np.uint8), ANALYSIS).size == (40, 30)


def test_what_is_no_picture_says_so(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedError, match="is a recording"):
        small_picture(MEDIA / "recordings" / "sense_and_sensibility.flac")
    with pytest.raises(BrokenFileError, match=r"cut_off\.jpg"):
        small_picture(MEDIA / "posts" / "ben" / "cut_off.jpg")
    (tmp_path / "text.jpg").write_text("no image", encoding="utf-8")
    with pytest.raises(BrokenFileError, match=r"text\.jpg is no image"):
        small_picture(tmp_path / "text.jpg")
    with pytest.raises(UsageError):
        small_picture(np.zeros((0, 3), np.uint8))
