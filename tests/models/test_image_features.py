"""Vectors of pictures: alone as together, near for copies, far for others."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from tidymedia.images.opening import open_image
from tidymedia.models.image_features import DIMENSIONS, MODEL, image_features
from tidymedia.models.inputs import as_input
from tidymedia.models.labels import labels_of
from tidymedia.models.sessions import load_network

MEDIA = Path(__file__).resolve().parents[2] / "examples" / "media" / "photographs"
NAMES = ("dogs.jpg", "sunset.jpg", "mountains.jpg", "brushes.jpg", "pagoda.jpg", "dandelions.jpg")


@pytest.fixture(scope="module")
def photographs() -> list[Image.Image]:
    opened = [open_image(MEDIA / name).convert("RGB") for name in NAMES]
    for image in opened:
        image.thumbnail((512, 512))
    return opened


def test_a_row_is_the_same_whatever_its_companions(photographs: list[Image.Image]) -> None:
    together = image_features(photographs)
    for number, image in enumerate(photographs):
        np.testing.assert_array_equal(together[number : number + 1], image_features([image]))
    np.testing.assert_array_equal(together[::-1], image_features(photographs[::-1]))


def test_a_row_is_the_same_on_more_threads(photographs: list[Image.Image]) -> None:
    one, two = (image_features(photographs[:2], network=load_network(MODEL, threads=n)) for n in (1, 2))
    np.testing.assert_allclose(one, two, rtol=0, atol=1e-6)


def test_length_shape_and_type(photographs: list[Image.Image]) -> None:
    unit, raw = (image_features(photographs[:2], normalize=wanted) for wanted in (True, False))
    assert unit.shape == raw.shape == (2, DIMENSIONS)
    assert unit.dtype == raw.dtype == np.float32
    assert raw.min() >= 0
    assert raw.max() <= 6
    np.testing.assert_allclose(np.linalg.norm(unit, axis=1), 1, rtol=1e-6)
    np.testing.assert_allclose(unit, raw / np.linalg.norm(raw, axis=1, keepdims=True), rtol=1e-6)
    assert image_features([]).shape == (0, DIMENSIONS)


def test_copies_are_near_and_others_far(photographs: list[Image.Image]) -> None:
    vectors = image_features(photographs)
    others = (vectors @ vectors.T)[~np.eye(len(photographs), dtype=bool)]
    assert others.max() < 0.7
    for changed in (
        [ImageOps.mirror(image) for image in photographs],
        [image.resize((image.width // 2, image.height // 2)) for image in photographs],
        [image.crop((10, 10, image.width - 10, image.height - 10)) for image in photographs],
    ):
        assert (image_features(changed) * vectors).sum(axis=1).min() > 0.8


@pytest.mark.parametrize(
    ("number", "wanted"), [(0, "spaniel"), (2, "alp|valley|mountain"), (3, "paintbrush"), (4, "stupa|palace|bell cote")]
)
def test_the_network_knows_what_it_sees(photographs: list[Image.Image], number: int, wanted: str) -> None:
    logits = load_network(MODEL).run(as_input(photographs[number], MODEL.input), "logits")["logits"][0]
    first = [labels_of(MODEL)[index].name.lower() for index in np.argsort(-logits)[:3]]
    assert any(word in name for word in wanted.split("|") for name in first), first
