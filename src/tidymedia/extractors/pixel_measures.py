"""Formulas over the pixels of one picture: light, colour, edges, sharpness."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Pixels8 = NDArray[np.uint8]

__all__ = ["Color", "Light", "Texture", "measure_color", "measure_light", "measure_texture"]

_COLORLESS_UP_TO: Final = 12
"""Levels between the strongest and the weakest channel up to which a pixel shows no colour (5 percent)."""


class Light(NamedTuple):
    """Measures of light; see the columns of the ``pixels`` table."""

    brightness: float
    contrast: float
    entropy: float


class Color(NamedTuple):
    """Measures of colour; see the columns of the ``pixels`` table."""

    saturation: float
    colorfulness: float
    colorless_share: float
    hue: float | None
    hue_concentration: float | None


class Texture(NamedTuple):
    """Measures of texture; see the columns of the ``pixels`` table."""

    edge_density: float
    sharpness: float


def measure_light(luma: Pixels8) -> Light:
    """Measure brightness, contrast and entropy.

    Parameters
    ----------
    luma : numpy.ndarray
        Luma (Rec. 601) of shape (height, width), 0 to 255.

    Returns
    -------
    Light
        ``brightness``, the mean (0 to 1); ``contrast``, the standard deviation (0 to 0.5); ``entropy``,
        Shannon's entropy of the 256 levels (0 to 8 bits).

    Examples
    --------
    >>> import numpy as np
    >>> measure_light(np.array([[0, 255], [255, 0]], dtype=np.uint8))
    Light(brightness=0.5, contrast=0.5, entropy=1.0)
    """
    import numpy as np

    counts = np.bincount(luma.ravel(), minlength=256)
    shares = counts[counts > 0] / luma.size
    levels = np.flatnonzero(counts) / 255
    mean = float(shares @ levels)
    deviation = float(np.sqrt(shares @ (levels - mean) ** 2))
    # abs: the entropy of a single level would be a negative zero
    return Light(mean, deviation, abs(float(shares @ np.log2(shares))))


def measure_color(pixels: Pixels8) -> Color:
    """Measure saturation, colourfulness and hue.

    Parameters
    ----------
    pixels : numpy.ndarray
        Picture of shape (height, width, 3), red, green, blue, 0 to 255.

    Returns
    -------
    Color
        ``saturation``, the mean of HSV's saturation (0 to 1); ``colorfulness`` after Hasler and Suesstrunk
        (2003); ``colorless_share``, the share of the pixels without colour (0 to 1); ``hue`` in degrees
        and ``hue_concentration`` (0 to 1), both None where no pixel has colour.

    Examples
    --------
    >>> import numpy as np
    >>> color = measure_color(np.full((2, 2, 3), (255, 0, 0), dtype=np.uint8))
    >>> color.hue, round(color.hue_concentration, 4), color.saturation
    (0.0, 1.0, 1.0)
    """
    import cv2
    import numpy as np

    red, green, blue = (np.asarray(channel, dtype=np.uint8) for channel in cv2.split(pixels))
    strongest = cv2.max(cv2.max(red, green), blue)
    spread = cv2.subtract(strongest, cv2.min(cv2.min(red, green), blue))
    # Black has no saturation: divided by 1, it counts as 0.
    saturation = float(cv2.divide(spread, np.maximum(strongest, 1), dtype=cv2.CV_32F).mean(dtype=np.float64))
    colored = int(np.count_nonzero(spread > _COLORLESS_UP_TO))

    # Opponent axes as whole numbers, which makes the sums exact: rg = R - G and 2 yb = R + G - 2 B.
    red_green = cv2.subtract(red, green, dtype=cv2.CV_16S)
    twice_yellow_blue = cv2.subtract(cv2.add(red, green, dtype=cv2.CV_16S), cv2.add(blue, blue, dtype=cv2.CV_16S))
    means, deviations = zip(cv2.meanStdDev(red_green), cv2.meanStdDev(twice_yellow_blue), strict=True)
    mean = float(np.hypot(means[0].item(), means[1].item() / 2))
    deviation = float(np.hypot(deviations[0].item(), deviations[1].item() / 2))

    hue, concentration = _mean_hue(red, green, blue) if colored else (None, None)
    return Color(saturation, deviation + 0.3 * mean, 1 - colored / spread.size, hue, concentration)


def _mean_hue(red: Pixels8, green: Pixels8, blue: Pixels8) -> tuple[float, float]:
    """Return the circular mean of hue, weighted by chroma, and the length of the mean vector."""
    import cv2
    import numpy as np

    # Twice the chroma vector of each pixel: 2R - G - B towards red, sqrt(3) (G - B) across it.
    green_blue = cv2.subtract(green, blue, dtype=cv2.CV_32F)
    along = cv2.subtract(cv2.add(red, red, dtype=cv2.CV_32F), cv2.add(green, blue, dtype=cv2.CV_32F))
    across = green_blue * np.float32(np.sqrt(3))
    lengths = float(cv2.magnitude(along, across).sum(dtype=np.float64))
    x, y = float(along.sum(dtype=np.float64)), float(across.sum(dtype=np.float64))
    # Rounded before the modulo: a tiny negative angle is 0, not 360.
    return round(float(np.degrees(np.arctan2(y, x))), 4) % 360, min(1.0, float(np.hypot(x, y)) / lengths)


def measure_texture(luma: Pixels8, edge_threshold: float) -> Texture:
    """Measure edge density and sharpness.

    Parameters
    ----------
    luma : numpy.ndarray
        Luma (Rec. 601) of shape (height, width), 0 to 255.
    edge_threshold : float
        Smallest gradient that counts as an edge; a sharp step from black to white has 1.

    Returns
    -------
    Texture
        ``edge_density``, the share of pixels whose Sobel gradient reaches the threshold (0 to 1);
        ``sharpness``, the variance of the Laplacian in squared gray levels (0 and more).

    Examples
    --------
    >>> import numpy as np
    >>> half = np.zeros((10, 10), dtype=np.uint8)
    >>> half[:, 5:] = 255
    >>> measure_texture(half, 0.1).edge_density
    0.2
    """
    import cv2
    import numpy as np

    border = cv2.BORDER_REPLICATE
    across = cv2.Sobel(luma, cv2.CV_32F, 1, 0, ksize=3, borderType=border)
    down = cv2.Sobel(luma, cv2.CV_32F, 0, 1, ksize=3, borderType=border)
    smallest = np.float32(edge_threshold * 4 * 255)  # a step of 255 levels gives 4 * 255
    edges = int(np.count_nonzero(cv2.magnitude(across, down) >= smallest))
    _, deviation = cv2.meanStdDev(cv2.Laplacian(luma, cv2.CV_16S, ksize=1, borderType=border))
    return Texture(edges / luma.size, deviation.item() ** 2)
