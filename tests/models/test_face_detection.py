"""Faces are found upright and turned, small and large; what is no face is not."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tidymedia.models.face_detection import LANDMARKS, Faces, detect_faces

PHOTOGRAPHS = Path(__file__).resolve().parents[2] / "examples" / "media" / "photographs"
FACE = (180, 63, 272, 176)
"""Left, top, right and bottom of the face of the astronaut, by eye."""


@pytest.fixture(scope="module")
def astronaut() -> Image.Image:
    with Image.open(PHOTOGRAPHS / "astronaut.jpg") as image:
        return image.convert("RGB")


def overlap(box: np.ndarray, corners: tuple[float, ...]) -> float:
    left, top, width, height = box
    across = min(left + width, corners[2]) - max(left, corners[0])
    down = min(top + height, corners[3]) - max(top, corners[1])
    shared = max(across, 0) * max(down, 0)
    area = (corners[2] - corners[0]) * (corners[3] - corners[1])
    return float(shared / (width * height + area - shared))


def test_a_portrait(astronaut: Image.Image) -> None:
    faces = detect_faces(astronaut)
    assert len(faces) == 1
    assert overlap(faces.boxes[0], FACE) > 0.8
    assert 0.9 < faces.scores[0] <= 1
    left_eye, right_eye, nose, mouth_left, mouth_right = faces.landmarks[0]
    assert left_eye[0] < nose[0] < right_eye[0]
    assert mouth_left[0] < mouth_right[0]
    assert max(left_eye[1], right_eye[1]) < nose[1] < min(mouth_left[1], mouth_right[1])
    np.testing.assert_allclose([left_eye, right_eye], [(206, 101), (248, 105)], atol=6)


@pytest.mark.parametrize("scale", [0.12, 0.25, 0.5, 3.0])
def test_the_same_face_at_other_sizes(astronaut: Image.Image, scale: float) -> None:
    size = (round(astronaut.width * scale), round(astronaut.height * scale))
    faces = detect_faces(astronaut.resize(size, Image.Resampling.LANCZOS))
    assert len(faces) == 1
    assert overlap(faces.boxes[0] / scale, FACE) > 0.7


@pytest.mark.parametrize("margin", [0, 10, 60])
def test_a_face_that_fills_the_picture(astronaut: Image.Image, margin: int) -> None:
    left, top, right, bottom = FACE
    crop = astronaut.crop((left - margin, top - margin, right + margin, bottom + margin)).resize((900, 1100))
    faces = detect_faces(crop)
    assert len(faces) == 1
    left, top, width, height = faces.boxes[0]
    assert left >= 0
    assert top >= 0
    assert left + width <= crop.width
    assert top + height <= crop.height
    share = (
        (FACE[2] - FACE[0])
        * (FACE[3] - FACE[1])
        / ((FACE[2] - FACE[0] + 2 * margin) * (FACE[3] - FACE[1] + 2 * margin))
    )
    assert width * height == pytest.approx(share * crop.width * crop.height, rel=0.25)


@pytest.mark.parametrize("degrees", [-30, 30])
def test_a_tilted_head(astronaut: Image.Image, degrees: int) -> None:
    turned = astronaut.rotate(degrees, fillcolor="gray")
    (points,) = detect_faces(turned).landmarks
    across, down = points[1] - points[0]
    assert np.degrees(np.arctan2(-down, across)) == pytest.approx(degrees, abs=12)


def test_many_faces_in_one_picture_are_each_found_once(astronaut: Image.Image) -> None:
    small = astronaut.resize((128, 128), Image.Resampling.LANCZOS)
    group = Image.new("RGB", (1024, 640))
    for place in range(40):
        group.paste(small, (place % 8 * 128, place // 8 * 128))
    faces = detect_faces(group)
    assert len(faces) == 40
    cells = {tuple(int(value) for value in (box[:2] + box[2:] / 2) // 128) for box in faces.boxes}
    assert len(cells) == 40


def test_large_and_small_in_one_picture(astronaut: Image.Image) -> None:
    picture = Image.new("RGB", (1600, 800), "gray")
    picture.paste(astronaut.crop((130, 20, 330, 220)).resize((780, 780)), (10, 10))
    picture.paste(astronaut.resize((200, 200)), (1200, 300))
    faces = detect_faces(picture)
    assert len(faces) == 2
    assert faces.boxes[0, 3] > 350  # the largest first
    assert faces.boxes[1, 3] < 60


@pytest.mark.parametrize("name", ["mountains.jpg", "dogs.jpg", "brushes.jpg", "dandelions.jpg", "sunset.jpg"])
def test_none_where_there_is_none(name: str) -> None:
    with Image.open(PHOTOGRAPHS / name) as image:
        faces = detect_faces(image.convert("RGB"))
    assert len(faces) == 0
    assert faces.boxes.shape == (0, 4)
    assert faces.landmarks.shape == (0, 5, 2)


@pytest.mark.parametrize("size", [(1, 1), (1, 500), (700, 2)])
def test_odd_sizes(size: tuple[int, int]) -> None:
    assert len(detect_faces(Image.new("RGB", size, "white"))) == 0


def test_a_lower_score_finds_no_fewer(astronaut: Image.Image) -> None:
    few, many = (detect_faces(astronaut, min_score=score) for score in (0.8, 0.05))
    assert len(few) <= len(many)
    assert (many.scores >= 0.05).all()


def test_some_of_the_faces() -> None:
    faces = Faces(np.arange(12.0).reshape(3, 4), np.array([0.9, 0.8, 0.7]), np.zeros((3, len(LANDMARKS), 2)))
    assert faces.where(faces.scores < 0.85).boxes.tolist() == [[4, 5, 6, 7], [8, 9, 10, 11]]
