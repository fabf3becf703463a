"""The colours that a picture mostly consists of, found the same way every time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from tidymedia.extractors.color_names import COLOR_TERMS, rgb_to_lab, term_indices

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["ColorHistogram", "DominantColor", "color_histogram", "dominant_colors", "term_shares"]

_LEVELS_BITS: Final = 5
_SMALLEST_SHARE: Final = 0.01


@dataclass(frozen=True, slots=True)
class ColorHistogram:
    """The colours of a picture, those that differ little taken together.

    Parameters
    ----------
    counts : numpy.ndarray
        Number of pixels of each colour, shape (n,).
    rgb : numpy.ndarray
        Mean red, green and blue of these pixels, 0 to 255, shape (n, 3).
    lab : numpy.ndarray
        The same in CIE L*a*b*, shape (n, 3).
    """

    counts: NDArray[np.float64]
    rgb: NDArray[np.float64]
    lab: NDArray[np.float64]


class DominantColor(NamedTuple):
    """One of the colours that a picture mostly consists of.

    Parameters
    ----------
    hex : str
        Mean of the pixels with this name, as ``#rrggbb``.
    name : str
        Basic colour term that these pixels share.
    share : float
        Share of the picture's pixels, 0 to 1.
    """

    hex: str
    name: str
    share: float


def color_histogram(pixels: NDArray[np.uint8]) -> ColorHistogram:
    """Count the colours of a picture in a grid of 32 levels a channel.

    Parameters
    ----------
    pixels : numpy.ndarray
        Picture of shape (height, width, 3), red, green, blue, 0 to 255.

    Returns
    -------
    ColorHistogram
        The colours that occur.

    Examples
    --------
    >>> import numpy as np
    >>> color_histogram(np.full((4, 6, 3), 200, dtype=np.uint8)).counts
    array([24.])
    """
    import numpy as np

    channels = pixels.reshape(-1, 3)
    coarse = (channels >> (8 - _LEVELS_BITS)).astype(np.int32)
    cells = (coarse[:, 0] << (2 * _LEVELS_BITS)) | (coarse[:, 1] << _LEVELS_BITS) | coarse[:, 2]
    size = 1 << (3 * _LEVELS_BITS)
    counts = np.bincount(cells, minlength=size)
    present = np.flatnonzero(counts)
    sums = [np.bincount(cells, weights=channels[:, channel], minlength=size)[present] for channel in range(3)]
    weights = counts[present].astype(np.float64)
    rgb = np.stack(sums, axis=1) / weights[:, None]
    return ColorHistogram(weights, rgb, rgb_to_lab(rgb))


def term_shares(histogram: ColorHistogram) -> dict[str, float]:
    """Return the share of the pixels that each basic colour term covers.

    Parameters
    ----------
    histogram : ColorHistogram
        The colours of the picture.

    Returns
    -------
    dict of str to float
        A share from 0 to 1 for each of :data:`~tidymedia.extractors.color_names.COLOR_TERMS`; they sum to 1.
    """
    import numpy as np

    covered = np.bincount(term_indices(histogram.lab), weights=histogram.counts, minlength=len(COLOR_TERMS))
    return dict(zip(COLOR_TERMS, (covered / histogram.counts.sum()).tolist(), strict=True))


def dominant_colors(histogram: ColorHistogram, most: int = 3) -> list[DominantColor]:
    """Find the colours that a picture mostly consists of, the largest first.

    Pixels whose colour most people call by the same basic term make one colour; its hex code is their mean.
    Nothing is random, and a copy that was scaled or compressed again gets nearly the same answer, which
    clusters (k-means, MPEG-7) do not give.

    Parameters
    ----------
    histogram : ColorHistogram
        The colours of the picture.
    most : int, default 3
        How many are returned at most.

    Returns
    -------
    list of DominantColor
        One or more, each with another name; colours with less than 1 percent of the pixels are left out
        after the first.

    Notes
    -----
    A light blue sky and a dark blue sea are one colour, blue, and the mean need not occur in the picture.

    Examples
    --------
    >>> import numpy as np
    >>> flag = np.zeros((30, 40, 3), dtype=np.uint8)
    >>> flag[:10], flag[10:] = (0, 0, 255), (255, 255, 255)
    >>> [(color.hex, color.name, round(color.share, 2)) for color in dominant_colors(color_histogram(flag))]
    [('#ffffff', 'white', 0.67), ('#0000ff', 'blue', 0.33)]
    """
    import numpy as np

    terms = term_indices(histogram.lab)
    shares = term_shares(histogram)
    ranked = sorted(COLOR_TERMS, key=lambda term: -shares[term])[:most]
    colors = []
    for rank, term in enumerate(ranked):
        if rank > 0 and shares[term] < _SMALLEST_SHARE:
            break
        inside = terms == COLOR_TERMS.index(term)
        mean = np.average(histogram.rgb[inside], axis=0, weights=histogram.counts[inside])
        red, green, blue = (int(level) for level in np.rint(mean))
        colors.append(DominantColor(f"#{red:02x}{green:02x}{blue:02x}", term, shares[term]))
    return colors
