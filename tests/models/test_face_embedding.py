"""Faces are cut out upright; vectors of one face stay close, whatever was done to its picture."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageEnhance

from tidymedia.models.face_detection import detect_faces
from tidymedia.models.face_embedding import DIMENSIONS, aligned_face, face_features

PHOTOGRAPHS = Path(__file__).resolve().parents[2] / "examples" / "media" / "photographs"


@pytest.fixture(scope="module")
def astronaut() -> Image.Image:
    with Image.open(PHOTOGRAPHS / "astronaut.jpg") as image:
        return image.convert("RGB")


@pytest.fixture(scope="module")
def photographer() -> Image.Image:
    with Image.open(PHOTOGRAPHS / "photographer.png") as image:
        return image.convert("RGB")


def features(image: Image.Image) -> np.ndarray:
    return face_features(image, detect_faces(image).landmarks)


@pytest.mark.parametrize("scale", [0.5, 1.0, 4.0])
@pytest.mark.parametrize("degrees", [0, 25, -80, 180])
def test_marked_points_come_to_lie_where_they_should(degrees: float, scale: float) -> None:
    image = Image.new("RGB", (600, 600), "black")
    turn = np.radians(degrees)
    matrix = scale * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    places = np.array(
        [(38.2946, 51.6963), (73.5318, 51.5014), (56.0252, 71.7366), (41.5493, 92.3655), (70.7299, 92.2041)]
    )
    points = (places - 56) @ matrix.T + 300
    radius = max(1, round(2 * scale))
    for x, y in points:
        image.paste("white", (round(x) - radius, round(y) - radius, round(x) + radius, round(y) + radius))
    made = np.asarray(aligned_face(image, points).convert("L"), np.float64)
    assert made.shape == (224, 224)
    for x, y in places * 2:
        part = made[round(y) - 10 : round(y) + 11, round(x) - 10 : round(x) + 11]
        down, across = np.indices(part.shape)
        centre = (across * part).sum() / part.sum() - 10, (down * part).sum() / part.sum() - 10
        assert max(np.abs(centre)) < 3


def test_vectors_have_length_one_and_no_face_gives_none(astronaut: Image.Image) -> None:
    vectors = features(astronaut)
    assert vectors.shape == (1, DIMENSIONS)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert face_features(astronaut, np.empty((0, 5, 2))).shape == (0, DIMENSIONS)


def test_one_person_is_nearer_than_two(astronaut: Image.Image, photographer: Image.Image) -> None:
    (original,) = features(astronaut)
    (other,) = features(photographer)
    edits = {
        "half": astronaut.resize((256, 256), Image.Resampling.LANCZOS),
        "turned": astronaut.rotate(20, Image.Resampling.BICUBIC),
        "darker": ImageEnhance.Brightness(astronaut).enhance(0.6),
        "gray": astronaut.convert("L").convert("RGB"),
        "mirrored": astronaut.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    }
    distances = {name: 1 - float(features(edit)[0] @ original) for name, edit in edits.items()}
    assert max(distances.values()) < 0.25, distances
    assert 1 - float(other @ original) > 0.45


def test_a_vector_does_not_depend_on_its_companions(astronaut: Image.Image) -> None:
    points = detect_faces(astronaut).landmarks
    both = face_features(astronaut, np.concatenate([points + 5, points]))
    np.testing.assert_array_equal(both[1], face_features(astronaut, points)[0])


def test_points_outside_of_the_picture_or_all_on_one_place(astronaut: Image.Image) -> None:
    for points in (np.full((5, 2), -500.0) + np.arange(10).reshape(5, 2), np.zeros((5, 2)) + 100):
        assert aligned_face(astronaut, points).size == (224, 224)
