"""The text that a page of a PDF carries, in blocks, in the order in which it is read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median

from tidymedia.media.medium import Tick
from tidymedia.media.picture import Box, TextBlock

__all__ = ["Character", "group_characters"]


@dataclass(frozen=True, slots=True)
class Character:
    r"""A character of a page.

    Parameters
    ----------
    text : str
        The character; ``"\n"`` where PDFium sees the end of a line.
    box : Box or None
        Where it stands, measured from the top left of the page, as high as its font; None for a space or
        an end of line that PDFium added.
    turn : int, default 0
        How it is turned, in quarters against the clock: 1 for text that runs upwards.
    """

    text: str
    box: Box | None
    turn: int = 0


@dataclass(slots=True)
class _Line:
    turn: int = 0
    text: str = ""
    boxes: list[Box] = field(default_factory=list)

    @property
    def left(self) -> float:
        return min(box[0] for box in self.boxes)

    @property
    def right(self) -> float:
        return max(box[0] + box[2] for box in self.boxes)

    @property
    def top(self) -> float:
        return min(box[1] for box in self.boxes)

    @property
    def bottom(self) -> float:
        return max(box[1] + box[3] for box in self.boxes)

    @property
    def height(self) -> float:
        return median(box[3] for box in self.boxes)


def group_characters(characters: Sequence[Character], to_picture: Callable[[Box], Box], tick: Tick) -> list[TextBlock]:
    r"""Group the characters of a page into lines and the lines into blocks.

    The order is that of the file, which for nearly all programs that write PDF is the order of reading. A
    line ends where PDFium says so, and where the writing jumps: to another height, back to the left, or over
    a gap of more than three letter heights (the next column of a table or page). A line joins the block of
    the line before it where it lies next below (the gap is at most 0.6 letter heights), both overlap from
    left to right, and their letters are of about the same size. Text that is turned by a quarter or a half is
    grouped as one reads it with the page turned; columns of writing from top to bottom come in small blocks.

    Parameters
    ----------
    characters : sequence of Character
        The characters, in the order of the file.
    to_picture : callable
        Makes a box of the picture of the box of a block; a block without any area there is left out.
    tick : callable
        Called every thousand characters.

    Returns
    -------
    list of TextBlock
        Blocks with their lines joined by newlines.

    Examples
    --------
    >>> letters = [Character("a", (0, 0, 5, 10)), Character("b", (5, 0, 5, 10)), Character("c", (0, 12, 5, 10))]
    >>> group_characters(letters, lambda box: box, lambda: None)
    [TextBlock(text='ab\nc', box=(0, 0, 10, 22))]
    """
    lines = _lines(characters, tick)
    blocks: list[list[_Line]] = []
    for line in lines:
        if blocks and _continues(blocks[-1][-1], line):
            blocks[-1].append(line)
        else:
            blocks.append([line])
    found = [
        TextBlock(
            "\n".join(line.text.strip() for line in block), to_picture(_turned_back(_around(block), block[0].turn))
        )
        for block in blocks
    ]
    return [block for block in found if block.box[2] > 0 and block.box[3] > 0]


def _turned(box: Box, turn: int) -> Box:
    """Return a box as it lies when the page is turned so that the text can be read."""
    left, top, width, height = box
    if turn == 1:
        return (-(top + height), left, height, width)
    if turn == 2:
        return (-(left + width), -(top + height), width, height)
    if turn == 3:
        return (top, -(left + width), height, width)
    return box


def _turned_back(box: Box, turn: int) -> Box:
    return _turned(box, -turn % 4)


def _lines(characters: Sequence[Character], tick: Tick) -> list[_Line]:
    lines: list[_Line] = []
    line = _Line()
    last: Box | None = None
    for number, character in enumerate(characters):
        if number % 1000 == 999:
            tick()
        box = None if character.box is None else _turned(character.box, character.turn)
        turns = box is not None and last is not None and character.turn != line.turn
        if character.text == "\n" or turns or (box is not None and last is not None and _jumps(last, box)):
            lines.append(line)
            line, last = _Line(), None
            if character.text == "\n":
                continue
        line.text += character.text
        if box is not None and box[2] > 0 and box[3] > 0 and character.text.strip():
            line.turn = character.turn
            line.boxes.append(box)
            last = box
    lines.append(line)
    return [line for line in lines if line.boxes and line.text.strip()]


def _jumps(last: Box, box: Box) -> bool:
    height = max(last[3], box[3])
    apart = box[0] - (last[0] + last[2])
    middle, last_middle = box[1] + box[3] / 2, last[1] + last[3] / 2
    # Raised and lowered letters and commas stay within their line.
    return apart > 3 * height or apart < -10 * height or abs(middle - last_middle) > 0.7 * height


def _continues(above: _Line, below: _Line) -> bool:
    if above.turn != below.turn:
        return False
    height = max(above.height, below.height)
    gap = below.top - above.bottom
    overlap = min(above.right, below.right) - max(above.left, below.left)
    alike = max(above.height, below.height) <= 1.6 * min(above.height, below.height)
    return -0.5 * height <= gap <= 0.6 * height and below.bottom > above.bottom and overlap > 0 and alike


def _around(lines: Sequence[_Line]) -> Box:
    left, top = min(line.left for line in lines), min(line.top for line in lines)
    right, bottom = max(line.right for line in lines), max(line.bottom for line in lines)
    return (left, top, right - left, bottom - top)
