"""Pictures shrunk to a few pixels."""

import numpy as np
from PIL import Image

from tidymedia.extractors.miniatures import MINIATURES, Miniatures, MiniaturesParameters
from tidymedia.images.miniature import miniature
from tidymedia.media.picture import Picture


def picture(image: Image.Image) -> Picture:
    return Picture(3, image.width, image.height, lambda size: image)


def test_one_row_with_whole_numbers() -> None:
    image = Image.effect_mandelbrot((90, 60), (-2.5, -1.2, 1.0, 1.2), 50).convert("RGB")
    (row,) = Miniatures(MiniaturesParameters()).from_picture(picture(image))
    assert row.table == MINIATURES.name
    assert row.values["picture"] == 3
    assert row.values["vector"] == miniature(image).tolist()
    assert len(row.values["vector"]) == 15 * 15 * 3
    # Half precision, in which vectors are kept, holds these exactly.
    assert np.array_equal(np.array(row.values["vector"], np.float16), miniature(image))


def test_its_size_is_a_parameter() -> None:
    (row,) = Miniatures(MiniaturesParameters(size=4)).from_picture(picture(Image.new("RGB", (9, 5), "red")))
    assert row.values["vector"] == [255, 0, 0] * 16


def test_only_the_middle_square_is_seen() -> None:
    image = Image.new("RGB", (300, 100), "blue")
    image.paste("red", (100, 0, 200, 100))
    assert set(map(tuple, miniature(image, 5).reshape(-1, 3).tolist())) == {(255, 0, 0)}
