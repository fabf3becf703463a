"""Pictures as the numbers that networks take."""

import numpy as np
import pytest
from PIL import Image

from tidymedia.models.bundled import BUNDLED
from tidymedia.models.inputs import as_input


@pytest.mark.parametrize(
    ("name", "shape", "first"),
    [
        ("efficientnet_lite2", (1, 3, 260, 260), [(200 - 127) / 128, (100 - 127) / 128, (50 - 127) / 128]),
        ("nanodet", (1, 3, 416, 416), [(50 - 103.53) / 57.375, (100 - 116.28) / 57.12, (200 - 123.675) / 58.395]),
        ("retinaface_mobilenet025", (1, 3, 70, 90), [50 - 104, 100 - 117, 200 - 123]),
        ("faceres", (1, 224, 224, 3), [50 - 103.939, 100 - 116.779, 200 - 123.68]),
        ("person_mask", (1, 256, 256, 3), [200 / 255, 100 / 255, 50 / 255]),
    ],
)
def test_shape_order_and_scale(name: str, shape: tuple[int, ...], first: list[float]) -> None:
    values = as_input(Image.new("RGB", (90, 70), (200, 100, 50)), BUNDLED[name].input)
    assert values.shape == shape
    assert values.dtype == np.float32
    assert values.flags.c_contiguous
    pixel = values[0, :, 0, 0] if shape[1] == 3 else values[0, 0, 0]
    np.testing.assert_allclose(pixel, first, rtol=1e-6)


def test_the_whole_picture_is_stretched() -> None:
    image = Image.new("RGB", (300, 20), "black")
    image.paste("white", (150, 0, 300, 20))
    values = as_input(image, BUNDLED["person_mask"].input)[0, :, :, 0]
    assert values[:, :120].max() < 0.02
    assert values[:, 136:].min() > 0.98
