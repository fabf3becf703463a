"""Marks painted onto a picture: boxes with a dark margin, and labels on plates that do not cover one another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median
from typing import NamedTuple

from PIL import Image, ImageDraw

from tidymedia.images.label_font import LabelFont, label_font, one_line
from tidymedia.images.label_layout import Place, place_labels
from tidymedia.images.mark_colors import Rgb, ink_on
from tidymedia.images.marks import Mark

__all__ = ["Style", "paint_marks", "style_for"]

_DARK = (20, 20, 20)
_LINE_SHARE = 1 / 350
_LETTER_SHARE = 1 / 48
_SMALLEST_LETTERS = 13
_PLATE_SHARE = 0.6
"""Largest width of a plate as a share of the picture."""


class Style(NamedTuple):
    """How wide lines are and how high letters.

    Parameters
    ----------
    line : int
        Width of a line in pixels.
    letters : int
        Height of letters in pixels.
    """

    line: int
    letters: int


def style_for(size: tuple[int, int], marks: Sequence[Mark], width: int | None) -> Style:
    """Choose lines and letters for a picture.

    Parameters
    ----------
    size : tuple of int
        Width and height of the picture.
    marks : sequence of Mark
        What is drawn; many small boxes get smaller letters.
    width : int or None
        Width of lines; None chooses.

    Returns
    -------
    Style
        The style.

    Examples
    --------
    >>> style_for((1050, 700), [], None), style_for((4200, 2800), [], None)
    (Style(line=3, letters=22), Style(line=12, letters=88))
    """
    long_side = max(size)
    letters = max(_SMALLEST_LETTERS, round(long_side * _LETTER_SHARE))
    if marks:
        room = median(mark.box[2] for mark in marks) / 3.5
        letters = round(min(letters, max(letters * 0.6, _SMALLEST_LETTERS, room)))
    return Style(max(1, round(long_side * _LINE_SHARE)) if width is None else width, letters)


def paint_marks(
    image: Image.Image,
    marks: Sequence[Mark],
    colors: Mapping[str, Rgb],
    style: Style,
    spots: Sequence[tuple[float, float, str, str]] = (),
) -> None:
    """Paint marks onto an image, in place.

    Parameters
    ----------
    image : PIL.Image.Image
        The image, mode RGB.
    marks : sequence of Mark
        What is painted, the most important first.
    colors : mapping of str to tuple of int
        Colours by label.
    style : Style
        Lines and letters.
    spots : sequence of tuple, default ()
        Texts without boxes: x and y of their middle, label and text.
    """
    draw = ImageDraw.Draw(image)
    boxes = [Place(left, top, left + wide, top + high) for left, top, wide, high in (mark.box for mark in marks)]
    for color, outer in ((None, True), (True, False)):
        for mark, box in zip(marks, boxes, strict=True):
            _outline(draw, box, style.line, colors[mark.label] if color else _DARK, outer)
    for mark in marks:
        for x, y in mark.points:
            _dot(draw, x, y, min(style.line * 1.5, mark.box[2] / 14), colors[mark.label])
    font = label_font(style.letters)
    texts = [mark.text for mark in marks] + [text for *_, text in spots]
    labels = [mark.label for mark in marks] + [label for _, _, label, _ in spots]
    lines = [_line(text, font, image.width) for text in texts]
    padding = max(1, font.pixels // 4)
    sizes = [(font.width(line) + 2 * padding, font.pixels + 2 * padding) if line else None for line in lines]
    anchors = [*boxes, *(_spot(x, y, size) for (x, y, *_), size in zip(spots, sizes[len(boxes) :], strict=True))]
    places = place_labels(anchors, sizes, image.size)
    for place, anchor in zip(places, anchors, strict=True):
        if place is not None and _gap(place, anchor) > style.line:
            _leader(draw, place, anchor, style.line)
    for place, label, line in zip(places, labels, lines, strict=True):
        if place is not None:
            _plate(draw, place, line, colors[label], font)


def _line(text: str, font: LabelFont, width: int) -> str:
    line = one_line(text)
    room = max(int(width * _PLATE_SHARE), min(width, 12 * font.pixels)) - 2 * max(1, font.pixels // 4)
    return font.fitted(line, room) if line else ""


def _spot(x: float, y: float, size: tuple[int, int] | None) -> Place:
    wide, high = size or (0, 0)
    return Place(x - wide / 2, y + high / 2, x + wide / 2, y + high / 2)


def _outline(draw: ImageDraw.ImageDraw, box: Place, line: int, color: Rgb, outer: bool) -> None:
    margin = max(1, line // 2) if outer else 0
    half = line // 2 + margin
    corners = (round(box.left) - half, round(box.top) - half, round(box.right) + half, round(box.bottom) + half)
    draw.rectangle(corners, outline=color, width=line + 2 * margin)


def _dot(draw: ImageDraw.ImageDraw, x: float, y: float, size: float, color: Rgb) -> None:
    for radius, ink in ((size + max(1, size / 3), _DARK), (size, color)):
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=ink)


def _plate(draw: ImageDraw.ImageDraw, place: Place, line: str, color: Rgb, font: LabelFont) -> None:
    left, top, right, bottom = (round(side) for side in place)
    draw.rectangle((left, top, right - 1, bottom - 1), fill=color)
    middle = ((left + right) / 2, (top + bottom) / 2)
    draw.text(middle, line, fill=ink_on(color), font=font.font(line), anchor="mm")


def _gap(place: Place, box: Place) -> float:
    across = max(place.left - box.right, box.left - place.right, 0)
    down = max(place.top - box.bottom, box.top - place.bottom, 0)
    return float(max(across, down))


def _leader(draw: ImageDraw.ImageDraw, place: Place, box: Place, line: int) -> None:
    x, y = (place.left + place.right) / 2, (place.top + place.bottom) / 2
    target = (min(max(x, box.left), box.right), min(max(y, box.top), box.bottom))
    draw.line(((x, y), target), fill=_DARK, width=line + 2)
    draw.line(((x, y), target), fill=(255, 255, 255), width=max(1, line // 2))
