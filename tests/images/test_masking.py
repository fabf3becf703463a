"""tm.mask: a table with the masks themselves, in the size of the picture, upright."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import tidymedia as tm
from tidymedia.errors import MediumError, UsageError
from tidymedia.images.masking import mask
from tidymedia.images.opening import open_image
from tidymedia.models.person_mask import person_mask

PORTRAIT = Path(__file__).resolve().parents[2] / "examples" / "media" / "photographs" / "astronaut.jpg"


def test_the_table_and_its_masks() -> None:
    found = mask(PORTRAIT)
    (row,) = found.to_dict("records")
    pixels = row["mask"]
    assert pixels.shape == (512, 512)
    assert pixels.dtype == np.float32
    np.testing.assert_array_equal(pixels, person_mask(open_image(PORTRAIT).convert("RGB")))
    inside = pixels > 0.5
    assert row["area_share"] == pytest.approx(inside.mean())
    left, top = int(row["box_x"]), int(row["box_y"])
    right, bottom = left + int(row["box_width"]), top + int(row["box_height"])
    assert inside[top:bottom, left:right].sum() == inside.sum()
    assert row["label"] == "person"
    assert row["model"] == "person_mask@3.0.4"


def test_all_sources_give_the_same() -> None:
    image = Image.open(PORTRAIT)
    shares = [mask(source)["area_share"][0] for source in (PORTRAIT, str(PORTRAIT), image, np.asarray(image))]
    assert len(set(shares)) == 1


def test_the_mask_is_that_of_the_upright_picture(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be rotated by 90 degrees
    with Image.open(PORTRAIT) as portrait:
        wide = portrait.crop((0, 0, 512, 400))
        wide.transpose(Image.Transpose.ROTATE_90).save(tmp_path / "turned.jpg", exif=exif, quality=95)
        expected = mask(wide)
    found = mask(tmp_path / "turned.jpg")
    assert found["mask"][0].shape == (400, 512)
    assert found["area_share"][0] == pytest.approx(expected["area_share"][0], abs=0.02)


def test_nobody_is_an_empty_mask() -> None:
    (row,) = mask(Image.new("RGBA", (30, 20), (0, 0, 255, 0))).to_dict("records")
    assert row["area_share"] == 0
    assert np.isnan([row["box_x"], row["box_width"], row["score"]]).all()
    assert row["mask"].shape == (20, 30)
    assert row["mask"].max() < 0.5


def test_it_can_be_drawn() -> None:
    drawn = tm.draw(PORTRAIT, mask(PORTRAIT), colors="red")
    changed = np.abs(np.asarray(drawn, int) - np.asarray(open_image(PORTRAIT).convert("RGB"), int)).max(axis=2) > 8
    assert changed[120:160, 200:260].all(), "her face is covered"
    assert not changed[5:60, 310:500].any(), "the wall is not"
    nobody = tm.draw(Image.new("RGB", (80, 60), "white"), mask(Image.new("RGB", (80, 60), "white")))
    assert nobody.getextrema() == ((255, 255),) * 3, "an empty mask leaves nothing"


def test_what_cannot_be() -> None:
    with pytest.raises(UsageError, match="normalization='half of it' is unknown"):
        mask(PORTRAIT, normalization="half of it")
    with pytest.raises(UsageError, match="is for objects, not for masks"):
        mask(PORTRAIT, model="nanodet")
    with pytest.raises(UsageError, match="owner/never-fetched"):
        mask(PORTRAIT, model="owner/never-fetched")
    with pytest.raises(MediumError):
        mask(PORTRAIT.with_name("gone.jpg"))
