"""YOLO: the same box, written in each form in which these networks are exported, is read back."""

import numpy as np
import pytest
from numpy.typing import NDArray

from tidymedia.models.boxes import Boxes
from tidymedia.models.yolo import (
    ANCHORS,
    decode_end_to_end,
    decode_grids,
    decode_v3_corners,
    decode_v5,
    decode_v8,
)

CENTER = (203.0, 121.0, 60.0, 40.0)
CORNERS = [173.0, 101.0, 233.0, 141.0]
CLASSES = 7


def logit(share: float) -> float:
    return float(np.log(share / (1 - share)))


def raw_grids(
    size: int, strides: tuple[int, ...], which: int, anchor: int, score: float, number: int
) -> list[NDArray[np.float32]]:
    """Write one box into one of the grids, as YOLOv3 would."""
    grids = [np.full((1, 3, 5 + CLASSES, size // stride, size // stride), -12, np.float32) for stride in strides]
    stride = strides[which]
    column, row = int(CENTER[0] // stride), int(CENTER[1] // stride)
    cell = grids[which][0, anchor, :, row, column]
    wide, high = ANCHORS[len(strides)][which][anchor]
    cell[0] = logit(CENTER[0] / stride - column)
    cell[1] = logit(CENTER[1] / stride - row)
    cell[2:4] = np.log(CENTER[2] / wide), np.log(CENTER[3] / high)
    cell[4], cell[5 + number] = logit(score), 12
    return [grid.reshape(1, -1, grid.shape[3], grid.shape[4]) for grid in grids]


def check(found: Boxes, score: float, number: int) -> None:
    np.testing.assert_allclose(found.corners, [CORNERS], atol=0.02)
    assert found.scores.tolist() == pytest.approx([score], abs=1e-3)
    assert found.classes.tolist() == [number]


def test_version_8() -> None:
    cells = np.zeros((1, 4 + CLASSES, 50), np.float32)
    cells[0, :4, 31] = CENTER
    cells[0, 4 + 6, 31] = 0.7
    check(decode_v8(cells, 0.5), 0.7, 6)


def test_version_5_multiplies_its_two_scores() -> None:
    cells = np.zeros((1, 50, 5 + CLASSES), np.float32)
    cells[0, 3, :4] = CENTER
    cells[0, 3, [4, 5 + 2]] = (0.9, 0.8)
    cells[0, 4, [4, 5 + 2]] = (0.6, 0.8)
    check(decode_v5(cells, 0.5), 0.72, 2)


def test_end_to_end() -> None:
    rows = np.zeros((1, 300, 6), np.float32)
    rows[0, 0] = (*CORNERS, 0.6, 5)
    check(decode_end_to_end(rows, 0.5), 0.6, 5)


def test_version_3_with_corners_in_the_order_of_keras() -> None:
    boxes = np.zeros((1, 50, 4), np.float32)
    scores = np.zeros((1, CLASSES, 50), np.float32)
    boxes[0, 8] = (CORNERS[1], CORNERS[0], CORNERS[3], CORNERS[2])
    scores[0, 1, 8] = 0.55
    check(decode_v3_corners(boxes, scores, 0.5), 0.55, 1)


@pytest.mark.parametrize(("which", "anchor"), [(0, 0), (1, 2), (2, 1)])
@pytest.mark.parametrize("backwards", [False, True])
def test_raw_grids_of_version_3(which: int, anchor: int, backwards: bool) -> None:
    grids = raw_grids(416, (8, 16, 32), which, anchor, 0.8, 3)
    check(decode_grids(grids[::-1] if backwards else grids, (416, 416), 0.5), 0.8, 3)


@pytest.mark.parametrize("which", [0, 1])
def test_raw_grids_of_version_3_tiny(which: int) -> None:
    check(decode_grids(raw_grids(320, (16, 32), which, 1, 0.6, 0), (320, 320), 0.5), 0.6, 0)


def test_a_network_that_gives_absurd_numbers_gives_no_warning() -> None:
    wild = np.full((1, 3 * (5 + CLASSES), 13, 13), 1e30, np.float32)
    assert np.isfinite(decode_grids([wild, wild[:, :, :6, :6], wild[:, :, :3, :3]], (416, 416), 0.5).corners).all()


def test_nothing_above_the_smallest_score() -> None:
    assert len(decode_v8(np.zeros((1, 11, 50), np.float32), 0.1)) == 0
    assert len(decode_v5(np.zeros((1, 50, 12), np.float32), 0.1)) == 0
    assert len(decode_end_to_end(np.zeros((1, 300, 6), np.float32), 0.1)) == 0
