"""A picture as matrices of numbers, one for each channel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from PIL import Image

from tidymedia.images.notebook_figure import INK, QUIET, NotebookFigure
from tidymedia.images.picture_grid import flat_picture
from tidymedia.media.color_conversion import to_rgb

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

__all__ = ["CHANNELS", "Channel", "draw_matrices", "shrink"]

_BLACK, _WHITE, _GRAY = (0, 0, 0), (255, 255, 255), (190, 190, 190)
_CIRCLE: Final = ((255, 0, 0), (255, 255, 0), (0, 255, 0), (0, 255, 255), (0, 0, 255), (255, 0, 255), (255, 0, 0))
_CELL: Final = 0.33
_DIGITS: Final = 7.5
_GAP: Final = 0.3
_TITLE: Final = 0.4
_MARGIN: Final = 0.3
_HEAD: Final = 0.65


class Channel(NamedTuple):
    """A channel of a colour model.

    Parameters
    ----------
    name : str
        Its name, and what low and high numbers mean where that is not obvious.
    colors : tuple of (red, green, blue)
        Colours of its levels from lowest to highest, evenly apart.
    """

    name: str
    colors: tuple[tuple[int, int, int], ...]


CHANNELS: Final[dict[str, tuple[Channel, ...]]] = {
    "L": (Channel("Gray", (_BLACK, _WHITE)),),
    "RGB": (
        Channel("Red", (_BLACK, (255, 0, 0))),
        Channel("Green", (_BLACK, (0, 255, 0))),
        Channel("Blue", (_BLACK, (0, 0, 255))),
    ),
    "CMYK": (
        Channel("Cyan", (_WHITE, (0, 255, 255))),
        Channel("Magenta", (_WHITE, (255, 0, 255))),
        Channel("Yellow", (_WHITE, (255, 255, 0))),
        Channel("Key (black)", (_WHITE, _BLACK)),
    ),
    "HSV": (
        Channel("Hue: around the colour circle", _CIRCLE),
        Channel("Saturation: pale to strong", (_WHITE, (106, 0, 168))),
        Channel("Value: dark to light", (_BLACK, _WHITE)),
    ),
    "LAB": (
        Channel("L*: dark to light", (_BLACK, _WHITE)),
        Channel("a*: green to red, 128 is neither", ((0, 140, 110), _GRAY, (225, 0, 90))),
        Channel("b*: blue to yellow, 128 is neither", ((0, 80, 255), _GRAY, (255, 215, 0))),
    ),
    "RYB": (
        Channel("Red", (_WHITE, (255, 0, 0))),
        Channel("Yellow", (_WHITE, (255, 255, 0))),
        Channel("Blue", (_WHITE, (0, 0, 255))),
    ),
}
CHANNELS["RGBA"] = (*CHANNELS["RGB"], Channel("Alpha: clear to opaque", (_BLACK, _WHITE)))


def shrink(image: Image.Image, size: int, mode: str) -> Image.Image:
    """Reduce an image to so few pixels that their numbers can be read.

    Parameters
    ----------
    image : PIL.Image.Image
        The image.
    size : int
        The most pixels of the longer side.
    mode : str
        The colour model that it is for: RGBA keeps opacity, CMYK the inks of an image in CMYK.

    Returns
    -------
    PIL.Image.Image
        The image in mode RGB, RGBA or CMYK, each pixel the mean of its part of the picture; one that is small enough
        keeps its pixels.

    Examples
    --------
    >>> shrink(Image.new("L", (80, 60)), 8, "L").size
    (8, 6)
    """
    profile = image.info.get("icc_profile")
    if mode == image.mode == "CMYK":
        small = image
    elif mode == "RGBA" and image.has_transparency_data:
        small = image.convert("RGBA")
    else:
        small = to_rgb(image, profile=profile)
    longer = max(small.size)
    if longer > size:
        width, height = (max(1, round(side * size / longer)) for side in small.size)
        small = small.resize((width, height), Image.Resampling.BOX)
    return small.convert("RGBA") if mode == "RGBA" else small


def draw_matrices(picture: Image.Image, values: NDArray[np.uint8], mode: str, name: str) -> NotebookFigure:
    """Draw a small picture beside the matrices of its channels.

    Parameters
    ----------
    picture : PIL.Image.Image
        The picture, small.
    values : ndarray of uint8, shape (height, width) or (height, width, channels)
        The levels of the same picture in the mode.
    mode : str
        A key of :data:`CHANNELS`.
    name : str
        What the figure is called.

    Returns
    -------
    NotebookFigure
        A figure whose first axes hold the picture, and the others a channel each.
    """
    height, width = values.shape[:2]
    matrices = values.reshape(height, width, -1)
    panels = 1 + matrices.shape[2]
    columns = 2 if panels <= 4 else 3
    rows = -(-panels // columns)
    # A matrix of a few pixels still leaves room for the name of its channel.
    panel_width, panel_height = max(width * _CELL, 2.2), height * _CELL
    figure = NotebookFigure(
        2 * _MARGIN + columns * panel_width + (columns - 1) * _GAP,
        _HEAD + _MARGIN / 2 + rows * (panel_height + _TITLE) + (rows - 1) * 0.1,
    )
    figure.write(_MARGIN, 0.14, name, 10, weight="bold")
    shape = f"array of shape {tuple(map(int, values.shape))}: rows, columns{', channels' if values.ndim == 3 else ''}"
    figure.write(_MARGIN, 0.36, f"{shape}; levels 0 to 255", 8, color=QUIET)
    places = [
        (
            _MARGIN + place % columns * (panel_width + _GAP),
            _HEAD + _TITLE + place // columns * (panel_height + _TITLE + 0.1),
        )
        for place in range(panels)
    ]
    for place, (left, top) in enumerate(places):
        axes = figure.axes_at(left, top, width * _CELL, panel_height)
        if place == 0:
            title = f"The picture: {width} x {height} pixels"
            colors = np.asarray(flat_picture(picture))
        else:
            channel, numbers = CHANNELS[mode][place - 1], matrices[..., place - 1]
            title, colors = channel.name, _colored(numbers, channel)
            _print_numbers(axes, numbers, colors)
        axes.imshow(colors, interpolation="nearest", aspect="auto")
        _number_cells(axes, width, height)
        figure.write(left, top - 0.34, title, 8.5, color=INK)
    return figure


def _colored(numbers: NDArray[np.uint8], channel: Channel) -> NDArray[np.uint8]:
    stops = np.linspace(0, 255, len(channel.colors))
    parts = [np.interp(numbers, stops, [color[part] for color in channel.colors]) for part in range(3)]
    return np.rint(np.stack(parts, axis=-1)).astype(np.uint8)


def _print_numbers(axes: Axes, numbers: NDArray[np.uint8], colors: NDArray[np.uint8]) -> None:
    shares = colors / 255
    linear = np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)
    luminance = linear @ np.array([0.2126, 0.7152, 0.0722])
    for (row, column), number in np.ndenumerate(numbers):
        # Black on white and white on black are equally far at this luminance (WCAG 2).
        ink = "black" if luminance[row, column] > 0.179 else "white"
        axes.text(column, row, str(number), fontsize=_DIGITS, color=ink, ha="center", va="center", family="DejaVu Sans")


def _number_cells(axes: Axes, width: int, height: int) -> None:
    axes.set_xticks(range(width))
    axes.set_yticks(range(height))
    axes.tick_params(labeltop=True, labelbottom=False)
    for side in axes.spines.values():
        side.set(visible=True, color="#bbbbbb", linewidth=0.6)
