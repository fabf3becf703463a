"""A contact sheet: where each picture stands, and how it is drawn."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import Image

from tidymedia.errors import MediumError
from tidymedia.images.figure_text import shortened
from tidymedia.images.notebook_figure import INK, QUIET, NotebookFigure
from tidymedia.images.opening import open_image
from tidymedia.media.color_conversion import to_rgb

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tidymedia.images.opening import ImageSource

__all__ = ["choose_columns", "draw_grid", "flat_picture"]

_GAP: Final = 0.12
_LINE: Final = 0.16
_MARGIN: Final = 0.1
_TALLEST: Final = 1.3
"""Height of a picture in widths of its cell; what is taller is made narrower."""

_DOTS: Final = 200
"""Pixels an inch that are kept of a picture: more than a screen shows."""

_FEW: Final = 4
_SQUARE: Final = 8
_POINTS: Final = 8.0


def choose_columns(number: int) -> int:
    """Choose how many pictures stand in a row.

    Parameters
    ----------
    number : int
        How many pictures there are.

    Returns
    -------
    int
        All up to 4; then 4 to 6, beyond 60 pictures 8 to 10, whatever leaves the fewest gaps.

    Examples
    --------
    >>> [choose_columns(number) for number in (1, 4, 6, 8, 9, 100)]
    [1, 4, 6, 4, 5, 10]
    """
    if number <= _FEW:
        return number
    choices = (5, 6, 4) if number <= 60 else (10, 9, 8)
    return min(choices, key=lambda columns: -number % columns)


def draw_grid(sources: Sequence[ImageSource], titles: Sequence[str], columns: int, width: float) -> NotebookFigure:
    """Draw pictures in rows, each with its title below.

    Parameters
    ----------
    sources : sequence of ImageSource
        The pictures, at least one.
    titles : sequence of str
        One each.
    columns : int
        How many stand in a row.
    width : float
        Width of the figure in inches.

    Returns
    -------
    NotebookFigure
        A figure with an axes for each picture, in their order.

    Raises
    ------
    MediumError
        Where the only picture cannot be opened; of several it keeps its place, with the reason in it.
    """
    cell = (width - 2 * _MARGIN - (columns - 1) * _GAP) / columns
    pixels = max(1, math.ceil(cell * _TALLEST * _DOTS))
    draw = _picture if len(sources) == 1 else _picture_or_reason
    pictures = [draw(source, pixels) for source in sources]
    sizes = [_size_in_cell(picture, cell) for picture in pictures]
    rows = [range(start, min(start + columns, len(sources))) for start in range(0, len(sources), columns)]
    heights = [max(sizes[place][1] for place in row) for row in rows]
    captions = [max(titles[place].count("\n") + 1 if titles[place] else 0 for place in row) * _LINE for row in rows]
    height = 2 * _MARGIN + sum(heights) + sum(captions) + 0.05 * len(rows) + (len(rows) - 1) * _GAP
    figure = NotebookFigure(width, height)
    top = _MARGIN
    for row, tallest, caption in zip(rows, heights, captions, strict=True):
        for column, place in enumerate(row):
            left = _MARGIN + column * (cell + _GAP)
            _draw_cell(figure, pictures[place], sizes[place], left + (cell - sizes[place][0]) / 2, top + tallest)
            lines = [shortened(line, cell, _POINTS) for line in titles[place].split("\n")]
            figure.write(
                left + cell / 2, top + tallest + 0.05, "\n".join(lines), _POINTS, ha="center", linespacing=1.25
            )
        top += tallest + caption + 0.05 + _GAP
    return figure


def flat_picture(image: Image.Image) -> Image.Image:
    """Return an image as a viewer shows it, what is transparent on a checkerboard.

    Parameters
    ----------
    image : PIL.Image.Image
        The image.

    Returns
    -------
    PIL.Image.Image
        The image in mode RGB, sRGB.

    Examples
    --------
    >>> flat_picture(Image.new("RGBA", (20, 20))).getcolors()
    [(208, (255, 255, 255)), (192, (217, 217, 217))]
    """
    profile = image.info.get("icc_profile")
    if not image.has_transparency_data:
        return to_rgb(image, profile=profile)
    opacity = image.convert("RGBA").getchannel("A")
    fits = image.mode in ("RGB", "RGBA")
    colors = to_rgb(image.convert("RGB"), profile=profile if fits else None)
    rows, columns = np.indices((image.height, image.width)) // _SQUARE
    board = np.where((rows + columns) % 2 == 0, 255, 217).astype(np.uint8)
    behind = Image.fromarray(board).convert("RGB")
    behind.paste(colors, (0, 0), opacity)
    return behind


def _picture(source: ImageSource, pixels: int) -> NDArray[np.uint8]:
    return np.asarray(flat_picture(open_image(source, long_side=pixels)))


def _picture_or_reason(source: ImageSource, pixels: int) -> NDArray[np.uint8] | str:
    try:
        return _picture(source, pixels)
    except MediumError as error:
        # The title has the name; folders would fill the cell.
        return (
            error.message.replace(str(source), Path(str(source)).name)
            if isinstance(source, (str, Path))
            else error.message
        )


def _size_in_cell(picture: NDArray[np.uint8] | str, cell: float) -> tuple[float, float]:
    if isinstance(picture, str):
        return cell, cell * 0.75
    height, width = picture.shape[:2]
    # A line of pixels is drawn as wide as can be seen.
    if height <= width * _TALLEST:
        return cell, max(cell * height / width, 0.02)
    return max(cell * _TALLEST * width / height, 0.02), cell * _TALLEST


def _draw_cell(
    figure: NotebookFigure, picture: NDArray[np.uint8] | str, size: tuple[float, float], left: float, bottom: float
) -> None:
    axes = figure.axes_at(left, bottom - size[1], *size)
    axes.set_xticks([])
    axes.set_yticks([])
    if not isinstance(picture, str):
        axes.imshow(picture, aspect="auto")
        return
    axes.set_facecolor("#eeeeee")
    letters = max(8, int(size[0] * 72 / (7 * 0.58)))
    reason = textwrap.shorten(picture, letters * 5, placeholder=" …")
    figure.write(
        left + size[0] / 2,
        bottom - size[1] / 2,
        textwrap.fill(reason, letters),
        7,
        ha="center",
        va="center",
        color=QUIET,
    )
    for side in axes.spines.values():
        side.set(visible=True, color=INK, linewidth=0.5, linestyle=":")
