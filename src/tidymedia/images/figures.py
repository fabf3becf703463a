"""Figures of images: a contact sheet, and a picture as matrices of numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from tidymedia.errors import UsageError
from tidymedia.images.several import image_names, list_images, one_each

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from tidymedia.images.arrays import Mode
    from tidymedia.images.opening import ImageSource

__all__ = ["plot_channels", "show"]

_MOST_IMAGES: Final = 200
_MOST_COLUMNS: Final = 20
_NARROWEST, _WIDEST = 1.0, 40.0
_MOST_PIXELS: Final = 24


def show(
    images: ImageSource | Iterable[ImageSource],
    *,
    titles: Sequence[object] | None = None,
    columns: int | None = None,
    width: float | None = None,
) -> Figure:
    """Look at one image or several, side by side.

    Pictures keep their proportions; tall ones are drawn narrower. Small ones are enlarged, so that digits of
    28 x 28 pixels can be seen. What is transparent shows a checkerboard. Among several, what cannot be opened
    keeps its place and says why.

    Parameters
    ----------
    images : ImageSource or iterable of ImageSource
        Paths, addresses, PIL images or arrays, or one stack of shape (number, height, width, channels); at most
        200. An array with two dimensions, or with 1 to 4 channels at its end, is one image.
    titles : sequence, default None
        What to write below each, such as labels; lines are kept, long ones lose their middle. ``None`` writes
        names of files, a list of ``""`` nothing.
    columns : int, default None
        Images in a row, 1 to 20. ``None`` chooses.
    width : float, default None
        Width of the figure in inches, 1 to 40. ``None`` is 10, and less for one image or two.

    Returns
    -------
    matplotlib.figure.Figure
        A figure with one axes for each image, in their order; notebooks show it, ``savefig`` keeps it. It is
        made without ``pyplot``: no setting of matplotlib changes, and it needs not be closed.

    Raises
    ------
    UsageError
        Where there are no or too many images, or an argument is out of its range.
    MediumError
        Where the only image cannot be opened.

    Examples
    --------
    >>> from PIL import Image
    >>> figure = show([Image.new("RGB", (60, 40), "teal"), Image.new("L", (40, 60))], titles=["teal", "black"])
    >>> [text.get_text() for text in figure.texts]
    ['teal', 'black']
    """
    from tidymedia.images.picture_grid import choose_columns, draw_grid

    sources = list_images(images)
    if len(sources) > _MOST_IMAGES:
        raise UsageError(
            f"{len(sources):,} images are too many for a figure; {_MOST_IMAGES} is the limit.",
            "Show a part of them, such as images[:50], or make a study: its report has them all.",
        )
    if titles is None:
        written = [name.replace("\n", " ") for name in image_names(sources)]
    else:
        written = ["" if title is None else str(title) for title in one_each(titles, sources, "titles")]
    if columns is None:
        columns = choose_columns(len(sources))
    elif isinstance(columns, bool) or not isinstance(columns, int) or not 1 <= columns <= _MOST_COLUMNS:
        raise UsageError(f"columns={columns!r} is out of range.", f"Write a whole number from 1 to {_MOST_COLUMNS}.")
    if width is None:
        width = {1: 5.0, 2: 8.0}.get(columns, 10.0)
    elif isinstance(width, bool) or not isinstance(width, (int, float)) or not _NARROWEST <= width <= _WIDEST:
        raise UsageError(f"width={width!r} is out of range.", f"Write inches from {_NARROWEST:g} to {_WIDEST:g}.")
    if width / columns < 0.5:
        raise UsageError(f"{columns} columns have no room in {width:g} inches.", "Choose fewer, or a wider figure.")
    return draw_grid(sources, written, columns, float(width))


def plot_channels(image: ImageSource, *, mode: Mode = "RGB", size: int = 10) -> Figure:
    """Show how a picture is stored: a matrix of numbers for each channel.

    The picture is reduced to a few pixels, each the mean of its part. Beside it stand its channels, each number
    in a cell of the colour of its channel. Rows and columns are numbered as NumPy does, from 0 at the top left.

    Parameters
    ----------
    image : ImageSource
        Path, address, bytes, file object, PIL image or array.
    mode : {"RGB", "L", "RGBA", "CMYK", "HSV", "LAB", "RYB"}, default "RGB"
        The colour model, as in :func:`tidymedia.to_array`.
    size : int, default 10
        Pixels of the longer side, 1 to 24. An image that has no more keeps its own pixels.

    Returns
    -------
    matplotlib.figure.Figure
        A figure whose first axes hold the picture, and the others a channel each. It is made without
        ``pyplot``, as by :func:`tidymedia.show`.

    Raises
    ------
    UsageError
        Where the mode is unknown, or the size out of its range.
    MediumError
        Where the image cannot be opened.

    Notes
    -----
    The numbers are those of ``to_array(small, mode=mode)``: whole, 0 to 255. In RGB and gray 0 is dark, in CMYK
    and RYB 0 is no ink. After figure 14.3 of the textbook (section 14.3).

    Examples
    --------
    >>> import numpy as np
    >>> figure = plot_channels(np.array([[[255, 0, 0], [0, 0, 90]]], dtype=np.uint8))
    >>> [[text.get_text() for text in axes.texts] for axes in figure.axes[1:]]
    [['255', '0'], ['0', '0'], ['0', '90']]
    """
    from tidymedia.images.arrays import to_array
    from tidymedia.images.channel_matrix import CHANNELS, draw_matrices, shrink
    from tidymedia.images.opening import open_image

    if mode not in CHANNELS:
        raise UsageError(f"mode={mode!r} is no colour model.", f"Choose one of: {', '.join(CHANNELS)}.")
    if isinstance(size, bool) or not isinstance(size, int) or not 1 <= size <= _MOST_PIXELS:
        raise UsageError(f"size={size!r} is out of range.", f"Write a whole number from 1 to {_MOST_PIXELS}.")
    opened = open_image(image)
    small = shrink(opened, size, mode)
    [name] = image_names([image])
    title = f"{'Image' if name == 'image 0' else name} in {mode}"
    if small.size != opened.size:
        title += f", reduced from {opened.width:,} x {opened.height:,} pixels"
    return draw_matrices(small, to_array(small, mode=mode), mode, title)
