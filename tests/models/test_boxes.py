"""Boxes: what two of them share, and that suppression keeps the best of each object and nothing twice."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tidymedia.models.boxes import Boxes, corners_of, intersection_over_union, join, overlap_of, suppress

SIDE = st.integers(1, 40)
ROW = st.tuples(st.integers(0, 60), st.integers(0, 60), SIDE, SIDE, st.integers(1, 100), st.integers(0, 2))


def boxes_of(rows: list[tuple[int, int, int, int, int, int]]) -> Boxes:
    values = np.array(rows, np.float32).reshape(-1, 6)
    corners = np.concatenate((values[:, :2], values[:, :2] + values[:, 2:4]), axis=1)
    return Boxes(corners, values[:, 4] / 100, values[:, 5].astype(np.int64))


def by_pixels(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    grids = []
    for left, top, right, bottom in (one.astype(int), other.astype(int)):
        grid = np.zeros((120, 120), np.bool_)
        grid[top:bottom, left:right] = True
        grids.append(grid)
    return float((grids[0] & grids[1]).sum() / (grids[0] | grids[1]).sum())


@given(st.lists(ROW, min_size=2, max_size=2))
def test_intersection_over_union_is_that_of_pixels(rows: list[tuple[int, int, int, int, int, int]]) -> None:
    corners = boxes_of(rows).corners
    (share,) = intersection_over_union(corners[0], corners[1:])
    assert abs(share - by_pixels(*corners)) < 1e-5


@given(st.lists(ROW, max_size=25), st.sampled_from([0.3, 0.5, 0.7]))
def test_suppression(rows: list[tuple[int, int, int, int, int, int]], overlap: float) -> None:
    boxes = boxes_of(rows)
    kept = suppress(boxes, overlap)
    assert list(kept.scores) == sorted(kept.scores, reverse=True)
    given_rows = {(*corner, score, number) for corner, score, number in rows_of(boxes)}
    for place, row in enumerate(rows_of(kept)):
        assert (*row[0], row[1], row[2]) in given_rows
        alike = (kept.classes == row[2]) & (np.arange(len(kept)) != place)
        assert (intersection_over_union(kept.corners[place], kept.corners[alike]) <= overlap).all()
    for corner, score, number in rows_of(boxes):  # whatever is gone is covered by a kept one that is as good
        rivals = kept.take((kept.classes == number) & (kept.scores >= np.float32(score)))
        box = np.array(corner, np.float32)
        assert (intersection_over_union(box, rivals.corners) > overlap).any() or any(
            np.array_equal(box, other) for other in rivals.corners
        )
    assert rows_of(suppress(kept, overlap)) == rows_of(kept)


@given(st.lists(ROW, max_size=12), st.randoms())
def test_the_order_of_boxes_does_not_matter(rows: list[tuple[int, int, int, int, int, int]], random: object) -> None:
    mixed = list(rows)
    random.shuffle(mixed)  # type: ignore[attr-defined]  # a random.Random of hypothesis
    assert rows_of(suppress(boxes_of(rows))) == rows_of(suppress(boxes_of(mixed)))


def rows_of(boxes: Boxes) -> list[tuple[tuple[float, ...], float, int]]:
    return [
        (tuple(corner.tolist()), float(score), int(number))
        for corner, score, number in zip(boxes.corners, boxes.scores, boxes.classes, strict=True)
    ]


def test_boxes_of_different_classes_do_not_compete() -> None:
    both = boxes_of([(10, 10, 20, 20, 90, 0), (10, 10, 20, 20, 50, 1)])
    assert len(suppress(both)) == 2


def test_boxes_are_cut_to_the_picture_and_broken_ones_left_out() -> None:
    corners = np.float32([[-5, -5, 10, 10], [90, 90, 120, 130], [200, 200, 210, 210], [np.nan, 0, 5, 5], [8, 8, 8, 9]])
    found = Boxes(corners, np.float32([0.5, 1.5, 0.5, 0.5, 0.5]), np.zeros(5, np.int64)).clipped(100, 100)
    assert found.corners.tolist() == [[0, 0, 10, 10], [90, 90, 100, 100]]
    assert found.scores.tolist() == [0.5, 1.0]


def test_nothing_stays_nothing() -> None:
    assert len(suppress(Boxes.empty())) == len(join([])) == len(Boxes.empty().clipped(10, 10)) == 0
    assert overlap_of(np.float32([0, 0, 1, 1]), np.empty((0, 4), np.float32)).shape == (0,)
    assert corners_of(np.empty((0, 4), np.float32)).shape == (0, 4)
