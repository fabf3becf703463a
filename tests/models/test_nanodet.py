"""NanoDet: boxes that were written into its grids are read back, and real photographs show what they show."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from tidymedia.models.labels import labels_of
from tidymedia.models.nanodet import MODEL, STRIDES, decode_nanodet, nanodet_boxes

MEDIA = Path(__file__).resolve().parents[2] / "examples" / "media"
SIZE = (416, 416)
NAMES = [label.name for label in labels_of(MODEL)]


def empty_grids() -> dict[str, NDArray[np.float32]]:
    grids: dict[str, NDArray[np.float32]] = {}
    for stride in STRIDES:
        cells = (416 // stride) ** 2
        grids[f"scores_{stride}"] = np.zeros((1, cells, 80), np.float32)
        grids[f"distances_{stride}"] = np.zeros((1, cells, 44), np.float32)
    return grids


@pytest.mark.parametrize("stride", STRIDES)
@pytest.mark.parametrize("cell", [(0, 0), (3, 7), (12, 12)])
def test_a_box_written_into_a_grid_is_read_back(stride: int, cell: tuple[int, int]) -> None:
    column, row = cell
    grids = empty_grids()
    place = row * (416 // stride) + column
    grids[f"scores_{stride}"][0, place, 5] = 0.75
    cells = (1, 2, 3, 4)  # left, up, right, down, each certain
    for side, distance in enumerate(cells):
        grids[f"distances_{stride}"][0, place, side * 11 + distance] = 50
    found = decode_nanodet(grids, SIZE, 0.5)
    x, y = (column + 0.5) * stride, (row + 0.5) * stride
    np.testing.assert_allclose(found.corners, [[x - stride, y - 2 * stride, x + 3 * stride, y + 4 * stride]], atol=1e-3)
    assert found.classes.tolist() == [5]
    assert found.scores.tolist() == [0.75]


def test_a_side_that_is_not_certain_lies_at_the_mean() -> None:
    grids = empty_grids()
    grids["scores_8"][0, 1000, 0] = 0.9
    grids["distances_8"][0, 1000, [2, 4]] = 50  # half of it at two cells, half at four
    found = decode_nanodet(grids, SIZE, 0.5)
    x = (1000 % 52 + 0.5) * 8
    assert found.corners[0, 0] == pytest.approx(x - 3 * 8, abs=1e-3)
    assert found.corners[0, 2] == pytest.approx(x + 5 * 8, abs=1e-3), "no preference: the middle of 0 to 10"


def test_a_cell_can_hold_two_classes_and_scores_below_the_smallest_none() -> None:
    grids = empty_grids()
    grids["scores_16"][0, 5, [2, 7, 9]] = (0.6, 0.5, 0.49)
    assert sorted(decode_nanodet(grids, SIZE, 0.5).classes.tolist()) == [2, 7]
    assert len(decode_nanodet(empty_grids(), SIZE, 0.5)) == 0


@pytest.mark.parametrize(("box", "least"), [((0, 0, 512, 512), 0.8), ((0, 50, 512, 400), 0.6), ((0, 0, 320, 512), 0.8)])
def test_the_photographer_is_found_where_he_stands_whatever_the_shape(
    box: tuple[int, int, int, int], least: float
) -> None:
    with Image.open(MEDIA / "photographs" / "photographer.png") as photograph:
        found = nanodet_boxes(photograph.convert("RGB").crop(box), 0.4)
    assert NAMES[found.classes[0]] == "person"
    assert found.scores[0] > least
    stands = np.array([0, 70, 315, 512]) - (box[0], box[1], box[0], box[1])
    limits = np.array([box[2] - box[0], box[3] - box[1]] * 2)
    assert (np.abs(found.corners[0] - np.clip(stands, 0, limits)) < 35).all()


def test_boxes_lie_in_the_picture() -> None:
    with Image.open(MEDIA / "photographs" / "astronaut.jpg") as photograph:
        found = nanodet_boxes(photograph.convert("RGB").crop((30, 60, 330, 500)), 0.1)
    assert len(found) > 1
    assert (found.corners >= 0).all()
    assert (found.corners[:, [0, 2]] <= 300).all()
    assert (found.corners[:, [1, 3]] <= 440).all()
