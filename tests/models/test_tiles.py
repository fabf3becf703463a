"""Tiles: they cover the picture, small things are found in them, and nothing is counted twice."""

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tidymedia.errors import OverLimitError
from tidymedia.models.boxes import Boxes
from tidymedia.models.nanodet import nanodet_boxes
from tidymedia.models.tiles import OVERLAP, Tile, boxes_by_tiles, merge, tiles_of

MEDIA = Path(__file__).resolve().parents[2] / "examples" / "media"


def one(left: float, top: float, right: float, bottom: float, score: float = 0.9, number: int = 0) -> Boxes:
    return Boxes(np.float32([[left, top, right, bottom]]), np.float32([score]), np.array([number]))


@given(st.integers(1, 3000), st.integers(1, 3000), st.integers(200, 900))
def test_tiles_cover_the_picture_and_overlap(width: int, height: int, side: int) -> None:
    tiles = tiles_of(width, height, side)
    if max(width, height) <= side:
        assert tiles == []
        return
    seen = np.zeros((height // 10 + 1, width // 10 + 1), np.bool_)
    for left, top, right, bottom in tiles:
        assert 0 <= left < right <= width
        assert 0 <= top < bottom <= height
        assert (right - left, bottom - top) == (min(side, width), min(side, height))
        seen[top // 10 : -(-bottom // 10), left // 10 : -(-right // 10)] = True
    assert seen[: -(-height // 10), : -(-width // 10)].all()
    lefts = sorted({tile.left for tile in tiles})
    assert all(after - before <= side * (1 - OVERLAP) + 1 for before, after in itertools.pairwise(lefts))
    assert {0, max(0, width - side)} >= {lefts[0]}
    assert lefts[-1] == max(0, width - side)


def test_too_many_tiles_are_refused() -> None:
    with pytest.raises(OverLimitError, match=r"the limit is 2,000.*larger tiles"):
        tiles_of(20_000, 12_000, 200)


def test_a_box_of_a_tile_lies_where_the_tile_lies() -> None:
    found = merge(Boxes.empty(), [(Tile(300, 200, 400, 300), one(10, 20, 30, 50))], (1000, 1000))
    assert found.corners.tolist() == [[310, 220, 330, 250]]


def test_what_two_tiles_and_the_whole_picture_show_is_counted_once() -> None:
    parts = [(Tile(0, 0, 100, 100), one(75, 40, 95, 60, 0.8)), (Tile(70, 0, 170, 100), one(5, 40, 26, 60, 0.7))]
    found = merge(one(74, 40, 95, 61, 0.6), parts, (170, 100))
    assert found.scores.tolist() == pytest.approx([0.8])


def test_a_part_is_left_out_where_the_whole_is_known_and_kept_where_it_is_not() -> None:
    head = (Tile(0, 0, 100, 100), one(30, 70, 60, 100, 0.95))
    person = one(28, 68, 62, 190, 0.6)
    assert merge(person, [head], (100, 200)).scores.tolist() == pytest.approx([0.6])
    assert merge(Boxes.empty(), [head], (100, 200)).scores.tolist() == pytest.approx([0.95])
    horse = Boxes(person.corners, person.scores, np.array([17]))
    assert len(merge(horse, [head], (100, 200))) == 2, "another class covers nothing"


def test_what_touches_a_side_of_the_picture_itself_is_not_cut() -> None:
    at_the_border = (Tile(0, 0, 100, 100), one(0, 40, 20, 60, 0.9))
    assert merge(one(0, 0, 90, 99, 0.5), [at_the_border], (200, 100)).scores.tolist() == pytest.approx([0.9, 0.5])


@pytest.mark.parametrize("at", [(60, 80), (1190, 700), (1480, 1010)])
def test_a_small_person_on_a_large_picture_is_found_in_tiles_alone(at: tuple[int, int]) -> None:
    photograph = Image.open(MEDIA / "photographs" / "photographer.png").convert("RGB").resize((80, 80))
    canvas = Image.new("RGB", (1600, 1200), (140, 150, 140))
    canvas.paste(photograph, at)
    whole = boxes_by_tiles(canvas, 0, lambda image: nanodet_boxes(image, 0.4))
    assert 0 not in whole.classes
    found = boxes_by_tiles(canvas, 416, lambda image: nanodet_boxes(image, 0.4))
    people = found.take(found.classes == 0)
    assert len(people) == 1, "once, though it lies in several tiles"
    middle = (people.corners[0, :2] + people.corners[0, 2:]) / 2
    assert (np.abs(middle - (at[0] + 25, at[1] + 46)) < 15).all()
