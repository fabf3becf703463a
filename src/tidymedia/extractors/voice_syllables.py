"""Syllable nuclei: voiced peaks of intensity, after de Jong and Wempe (2009)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["count_syllables"]

_BELOW_LOUDEST: Final = 25.0  # dB
_DIP: Final = 2.0  # dB


def count_syllables(intensity: NDArray[np.float64], is_voiced: NDArray[np.bool_]) -> int:
    """Count the syllable nuclei of a segment.

    A nucleus is a voiced peak of the intensity that is at most 25 dB below the loudest (the 99th percentile of the
    segment), with a dip of more than 2 dB before the next such peak. The last peak counts as well.

    Parameters
    ----------
    intensity : numpy.ndarray
        Frames of the intensity over windows of 128 ms, in dB.
    is_voiced : numpy.ndarray of bool
        Whether each of them is voiced.

    Returns
    -------
    int
        How many there are.

    Notes
    -----
    This is an implementation of the method and not the authors' script. It follows the later versions of the script
    in that the threshold lies 25 dB below the loudest instead of at the median of the intensity.

    Source: de Jong, N. H., & Wempe, T. (2009). Praat script to detect syllable nuclei and measure speech rate
    automatically. Behavior Research Methods, 41(2), 385-390. https://doi.org/10.3758/BRM.41.2.385

    Examples
    --------
    >>> import numpy as np
    >>> loudness = np.array([30, 60, 40, 62, 61, 62.5, 40, 59, 30.0])
    >>> count_syllables(loudness, np.ones(9, bool))
    3
    """
    import numpy as np

    if len(intensity) < 3:
        return 0
    threshold = float(np.quantile(intensity, 0.99, method="hazen")) - _BELOW_LOUDEST
    middle = intensity[1:-1]
    peaks = np.flatnonzero((middle > intensity[:-2]) & (middle >= intensity[2:]) & (middle > threshold)) + 1
    if not len(peaks):
        return 0
    # Between two peaks without a dip, the later one stands for both, as in the script.
    dips = np.minimum.reduceat(intensity, peaks)[:-1] if len(peaks) > 1 else np.empty(0)
    separate = np.append(intensity[peaks[:-1]] - dips > _DIP, True)
    return int(is_voiced[peaks[separate]].sum())
