"""A figure without a global state, which notebooks show by themselves."""

from __future__ import annotations

import io
from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tidymedia.images.figure_text import drawable, font_families

__all__ = ["INK", "QUIET", "NotebookFigure"]

INK: Final = "#1a1a1a"
QUIET: Final = "#595959"
"""Colours of text: the second for what is less important, still readable on white."""

_DPI: Final = 100


class NotebookFigure(Figure):
    """A figure of matplotlib that was made without pyplot, laid out in inches from the top left.

    Nothing global is changed, and it needs not be closed. Notebooks show it as a picture even where pyplot was
    never imported.

    Parameters
    ----------
    width, height : float
        Size in inches.
    """

    def __init__(self, width: float, height: float) -> None:
        super().__init__(figsize=(width, height), dpi=_DPI, facecolor="white")

    def axes_at(self, left: float, top: float, width: float, height: float) -> Axes:
        """Add axes without a frame.

        Parameters
        ----------
        left, top, width, height : float
            Where, in inches from the top left of the figure.

        Returns
        -------
        matplotlib.axes.Axes
            The axes.
        """
        whole_width, whole_height = self.get_size_inches()
        axes = self.add_axes(
            (left / whole_width, 1 - (top + height) / whole_height, width / whole_width, height / whole_height)
        )
        for side in axes.spines.values():
            side.set_visible(False)
        axes.tick_params(length=0, labelsize=6.5, labelcolor=QUIET, pad=2, labelfontfamily=font_families()[0])
        return axes

    def write(self, left: float, top: float, text: str, points: float, **style: Any) -> None:
        """Write a text.

        Parameters
        ----------
        left, top : float
            Where, in inches from the top left of the figure.
        text : str
            The text, as it is: no formulas.
        points : float
            Size of the font.
        **style
            Properties of a text of matplotlib.
        """
        whole_width, whole_height = self.get_size_inches()
        chosen = {"color": INK, "ha": "left", "va": "top", **style}
        self.text(
            left / whole_width,
            1 - top / whole_height,
            drawable(text),
            fontsize=points,
            fontfamily=list(font_families()),
            parse_math=False,
            **chosen,
        )

    def _repr_png_(self) -> bytes:
        """Return the picture that a notebook shows."""
        stream = io.BytesIO()
        self.savefig(stream, format="png", dpi=_DPI)
        return stream.getvalue()
