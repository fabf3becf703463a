"""Names of colours: the basic colour term that most people choose for a colour on their screen."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

__all__ = ["COLOR_TERMS", "SOURCE", "name_colors", "rgb_to_lab", "term_indices"]

COLOR_TERMS: Final = (
    "black",
    "white",
    "gray",
    "red",
    "green",
    "yellow",
    "blue",
    "brown",
    "purple",
    "pink",
    "orange",
)
"""The eleven basic colour terms of Berlin and Kay (1969)."""

SOURCE: Final = (
    "Berlin, B., & Kay, P. (1969). Basic color terms: Their universality and evolution. "
    "University of California Press.\n"
    "Heer, J., & Stone, M. (2012). Color naming models for color selection, image editing and palette design. "
    "Proceedings of CHI 2012, 1007-1016. https://doi.org/10.1145/2207676.2208547"
)
"""What to cite for the names, one source a line."""

_LETTERS: Final = "kwargybnpio"  # of the terms, in their order
_STEP: Final = 5.0
_LOWEST: Final = (0, -17, -22)
_CELLS: Final = (21, 38, 42)


def rgb_to_lab(rgb: ArrayLike) -> NDArray[np.float64]:
    """Convert sRGB colours to CIE L*a*b* under the D65 white point (IEC 61966-2-1, CIE 15).

    Parameters
    ----------
    rgb : array_like
        Colours of shape (n, 3), red, green and blue from 0 to 255.

    Returns
    -------
    numpy.ndarray
        Colours of shape (n, 3): L* from 0 to 100, a* and b* from about -110 to 100.

    Examples
    --------
    >>> rgb_to_lab([[255, 255, 255], [255, 0, 0]]).round(1) + 0.0
    array([[100. ,   0. ,   0. ],
           [ 53.2,  80.1,  67.2]])
    """
    import numpy as np

    from tidymedia.images import lab

    return lab.rgb_to_lab(np.asarray(rgb, dtype=np.float64).reshape(-1, 3) / 255)


@lru_cache(maxsize=1)
def _cells() -> tuple[NDArray[np.int8], NDArray[np.int64]]:
    """Read the survey: a dense grid with the term of each cell (-1 for none), and the cells that have one."""
    import numpy as np

    grid = np.full(_CELLS, -1, dtype=np.int8)
    text = files("tidymedia.extractors").joinpath("color_names.txt").read_text(encoding="ascii")
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        lightness, a, first_b, letters = line.split()
        start = int(first_b) // 5 - _LOWEST[2]
        row = [_LETTERS.index(letter) for letter in letters]
        grid[int(lightness) // 5, int(a) // 5 - _LOWEST[1], start : start + len(row)] = row
    return grid, np.argwhere(grid >= 0)


def term_indices(lab: NDArray[np.float64]) -> NDArray[np.int8]:
    """Return the position in :data:`COLOR_TERMS` of each colour's name.

    Parameters
    ----------
    lab : numpy.ndarray
        Colours of shape (n, 3) in CIE L*a*b*.

    Returns
    -------
    numpy.ndarray
        Integers of shape (n,), 0 to 10.
    """
    import numpy as np

    grid, known = _cells()
    cells = np.rint(lab / _STEP).astype(np.int64) - np.array(_LOWEST)
    cells = np.clip(cells, 0, np.array(_CELLS) - 1)
    terms: NDArray[np.int8] = grid[cells[:, 0], cells[:, 1], cells[:, 2]]
    # A few cells on the edge of sRGB were never shown in the survey; the nearest one that was stands in.
    for index in np.flatnonzero(terms < 0):
        nearest = known[((known - cells[index]) ** 2).sum(axis=1).argmin()]
        terms[index] = grid[tuple(nearest)]
    return terms


def name_colors(rgb: ArrayLike) -> list[str]:
    """Name colours by one of the eleven basic colour terms.

    A colour gets the term that most people gave to colours like it (within 5 units of CIE L*a*b*) on their
    own screens in the xkcd colour survey, as tallied by Heer and Stone (2012). Compounds count for their
    last part: brick red is red.

    Parameters
    ----------
    rgb : array_like
        Colours of shape (n, 3), red, green and blue from 0 to 255 (sRGB).

    Returns
    -------
    list of str
        A term of :data:`COLOR_TERMS` for each colour.

    Notes
    -----
    The survey was in English and on screens that nobody calibrated. Borders are fuzzy: near them, people
    disagree (turquoise, maroon, beige), and a small change of the colour changes the name. A colour is
    named as if seen alone; a gray wall in evening light may count as orange.

    Examples
    --------
    >>> name_colors([[255, 0, 0], [139, 69, 19], [0, 0, 128], [240, 240, 240]])
    ['red', 'brown', 'blue', 'white']
    """
    return [COLOR_TERMS[index] for index in term_indices(rgb_to_lab(rgb))]
