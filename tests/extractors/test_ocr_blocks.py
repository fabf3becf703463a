"""Lines become blocks, blocks are read in the order in which a person reads them."""

from __future__ import annotations

import random

from tidymedia.extractors.ocr_blocks import Block, Line, group_lines, reading_order


def column(name: str, left: float, top: float, lines: int, width: float = 300) -> list[Line]:
    return [Line(f"{name}{number}", (left, top + 36 * number, width, 30), 1.0) for number in range(lines)]


def test_columns_under_a_title_are_read_one_after_the_other():
    lines = [
        Line("title", (100, 20, 700, 60), 1.0),
        Line("wide", (100, 160, 700, 30), 1.0),
        *column("a", 100, 200, 5),
        *column("b", 450, 205, 5),
        Line("foot", (100, 420, 700, 30), 1.0),
    ]
    random.Random(3).shuffle(lines)
    assert [block.text for block in group_lines(lines)] == [
        "title",
        "wide",
        "a0\na1\na2\na3\na4",
        "b0\nb1\nb2\nb3\nb4",
        "foot",
    ]


def test_pieces_of_one_line_are_joined_from_left_to_right():
    lines = [Line("ALL TIMES", (215, 52, 200, 30), 0.5), Line("PROHIBITED AT", (10, 50, 195, 30), 1.0)]
    (block,) = group_lines(lines)
    assert (block.text, block.score) == ("PROHIBITED AT ALL TIMES", 0.75)
    assert block.box == (10, 50, 405, 32)


def test_lines_of_other_size_or_far_away_stand_alone():
    lines = [
        Line("HEADLINE", (0, 0, 400, 80), 1.0),
        Line("text", (0, 90, 400, 20), 1.0),
        Line("far", (0, 400, 99, 20), 1.0),
    ]
    assert [block.text for block in group_lines(lines)] == ["HEADLINE", "text", "far"]
    assert group_lines([]) == []


def test_order_survives_boxes_that_overlap_in_a_circle():
    boxes = [(0, 0, 50, 50), (25, 10, 50, 50), (10, 5, 90, 20), (0, 0, 50, 50)]
    blocks = [Block(str(number), box, 1.0, None) for number, box in enumerate(boxes)]
    ordered = reading_order(blocks)
    assert sorted(block.text for block in ordered) == ["0", "1", "2", "3"]
    assert reading_order(blocks[::-1]) == ordered


def test_order_does_not_depend_on_the_order_found():
    chance = random.Random(1)
    blocks = [
        Block(str(number), (chance.uniform(0, 900), chance.uniform(0, 900), 80, 20), 1.0, None) for number in range(60)
    ]
    ordered = reading_order(blocks)
    chance.shuffle(blocks)
    assert reading_order(blocks) == ordered
    assert len(reading_order(blocks * 10)) == 600
