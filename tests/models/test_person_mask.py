"""The person mask: found where she is, in the size of the picture."""

from pathlib import Path

import numpy as np
from PIL import Image

from tidymedia.images.opening import open_image
from tidymedia.models.person_mask import person_mask

PORTRAIT = Path(__file__).resolve().parents[2] / "examples" / "media" / "photographs" / "astronaut.jpg"


def test_the_mask_is_where_the_person_is() -> None:
    portrait = open_image(PORTRAIT).convert("RGB")
    mask = person_mask(portrait)
    width, height = portrait.size
    assert mask.shape == (height, width)
    assert mask.dtype == np.float32
    assert 0 <= mask.min() < 0.01
    assert 0.99 < mask.max() <= 1
    assert mask[height // 6 : height // 4, width * 3 // 8 : width // 2].min() > 0.9, "face"
    assert mask[height * 5 // 8 : height * 3 // 4, width // 4 : width * 3 // 8].min() > 0.9, "suit"
    assert mask[: height // 4, width * 5 // 8 :].max() < 0.5, "shuttle"
    assert 0.45 < mask.mean() < 0.65


def test_the_mask_follows_the_picture_when_it_is_stretched_or_mirrored() -> None:
    portrait = open_image(PORTRAIT).convert("RGB")
    mask = person_mask(portrait)
    wide = portrait.resize((600, 150))
    assert np.abs(person_mask(wide).mean() - mask.mean()) < 0.03
    mirrored = person_mask(portrait.transpose(Image.Transpose.FLIP_LEFT_RIGHT))[:, ::-1]
    assert ((mirrored > 0.5) != (mask > 0.5)).mean() < 0.05


def test_nobody_and_one_pixel() -> None:
    assert person_mask(Image.new("RGB", (50, 30), "white")).max() < 0.5
    assert person_mask(Image.new("RGB", (1, 1), "gray")).shape == (1, 1)
