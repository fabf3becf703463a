"""Colours of what is drawn on pictures: the same label has the same colour in every picture."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from tidymedia.images.fill_color import Color, read_color

__all__ = ["PALETTE", "Rgb", "colors_of", "ink_on"]

Rgb: TypeAlias = tuple[int, int, int]
"""Red, green and blue, 0 to 255."""

PALETTE: tuple[Rgb, ...] = (
    (86, 180, 233),
    (255, 176, 0),
    (0, 214, 143),
    (255, 109, 182),
    (240, 228, 66),
    (255, 119, 72),
    (178, 160, 255),
    (120, 230, 230),
    (190, 230, 90),
    (255, 190, 190),
)
"""Light colours that differ in lightness too: with a dark margin they stand out on any ground."""


def colors_of(labels: Iterable[str], chosen: Color | Mapping[str, Color] | None = None) -> dict[str, Rgb]:
    """Give every label a colour.

    Parameters
    ----------
    labels : iterable of str
        The labels of a picture or a film.
    chosen : Color, mapping of str to Color or None, default None
        One colour for all, or colours by label; the others get one of the palette. Which one follows from the label,
        so that it is the same in other pictures, unless two labels of this picture would share it.

    Returns
    -------
    dict of str to tuple of int
        Red, green, blue by label.

    Raises
    ------
    UsageError
        Where what was chosen is no colour.

    Examples
    --------
    >>> colors_of(["person"]) == colors_of(["person", "person"])
    True
    >>> colors_of(["person"], {"person": "red"})
    {'person': (255, 0, 0)}
    """
    wanted = sorted(set(labels))
    if chosen is not None and not isinstance(chosen, Mapping):
        return dict.fromkeys(wanted, read_color(chosen)[:3])
    given = {label: read_color(color)[:3] for label, color in (chosen or {}).items()}
    colors: dict[str, Rgb] = {}
    for label in wanted:
        if label in given:
            colors[label] = given[label]
            continue
        start = zlib.crc32(label.encode())
        turns = [PALETTE[(start + step) % len(PALETTE)] for step in range(len(PALETTE))]
        colors[label] = next((color for color in turns if color not in colors.values()), turns[0])
    return colors


def ink_on(color: Rgb) -> Rgb:
    """Return black or white, whichever is easier to read on a colour.

    Parameters
    ----------
    color : tuple of int
        Red, green, blue of the ground.

    Returns
    -------
    tuple of int
        Black or white.

    Notes
    -----
    The one with the higher contrast after WCAG 2.2, relative luminance.

    Examples
    --------
    >>> ink_on((255, 230, 60)), ink_on((0, 0, 120))
    ((0, 0, 0), (255, 255, 255))
    """
    linear = [
        level / 12.92 if level <= 0.04045 else ((level + 0.055) / 1.055) ** 2.4 for level in (v / 255 for v in color)
    ]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return (0, 0, 0) if (luminance + 0.05) / 0.05 >= 1.05 / (luminance + 0.05) else (255, 255, 255)
