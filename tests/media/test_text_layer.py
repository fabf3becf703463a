"""Characters become lines and blocks in the order in which one reads."""

import pytest

from tidymedia.media.text_layer import Character, group_characters


def write(text, left=0.0, top=0.0, height=10.0, turn=0):
    """Give the characters of one line, each half as wide as high."""
    return [Character(letter, (left + n * height / 2, top, height / 2, height), turn) for n, letter in enumerate(text)]


def grouped(*lines):
    characters = []
    for line in lines:
        characters += [*line, Character("\n", None)]
    return group_characters(characters, lambda box: box, lambda: None)


def test_lines_of_a_paragraph_are_one_block():
    (block,) = grouped(write("first", top=0), write("second", top=12), write("third", top=24))
    assert block.text == "first\nsecond\nthird"
    assert block.box == (0, 0, 30, 34)


def test_a_gap_begins_a_new_block():
    blocks = grouped(write("title", top=0), write("body", top=40))
    assert [block.text for block in blocks] == ["title", "body"]


def test_another_size_begins_a_new_block():
    blocks = grouped(write("title", top=0, height=20), write("body", top=22))
    assert [block.text for block in blocks] == ["title", "body"]


def test_columns_are_blocks_of_their_own():
    row = [*write("left"), *write("right", left=200)]
    blocks = grouped(row)
    assert [(block.text, block.box[0]) for block in blocks] == [("left", 0), ("right", 200)]


def test_words_of_a_line_stay_together():
    line = [*write("one"), Character(" ", None), *write("two", left=25)]
    (block,) = grouped(line)
    assert block.text == "one two"


def test_raised_letters_stay_in_their_line():
    line = [*write("E=mc"), *write("2", left=20, top=-3, height=6)]
    (block,) = grouped(line)
    assert block.text == "E=mc2"


@pytest.mark.parametrize(
    ("turn", "boxes"),
    [
        (1, [(0, 15, 10, 5), (0, 10, 10, 5), (0, 5, 10, 5)]),
        (2, [(15, 0, 5, 10), (10, 0, 5, 10), (5, 0, 5, 10)]),
        (3, [(0, 5, 10, 5), (0, 10, 10, 5), (0, 15, 10, 5)]),
    ],
)
def test_turned_lines_are_read_with_the_page_turned(turn, boxes):
    line = [Character(letter, box, turn) for letter, box in zip("abc", boxes, strict=True)]
    (block,) = grouped(line)
    assert block.text == "abc"
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, bottom = max(box[0] + box[2] for box in boxes), max(box[1] + box[3] for box in boxes)
    assert block.box == (left, top, right - left, bottom - top)


def test_what_lies_beyond_the_picture_is_left_out():
    characters = write("gone")
    assert group_characters(characters, lambda box: (0, 0, 0, 0), lambda: None) == []


def test_spaces_alone_are_no_block():
    assert grouped([Character(" ", (0, 0, 5, 10)), Character(" ", None)]) == []
    assert grouped() == []


def test_long_pages_tick():
    ticks = []
    group_characters(write("a" * 3500), lambda box: box, lambda: ticks.append(1))
    assert len(ticks) == 3
