"""A stretch of speech as a vector that is alike for stretches of one speaker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from tidymedia.models.bundled import BUNDLED
from tidymedia.models.filter_bank import FRAME, filter_bank
from tidymedia.models.sessions import load_network

if TYPE_CHECKING:
    from tidymedia.models.sessions import Network

__all__ = ["DIMENSIONS", "MODEL", "speaker_vector"]

MODEL = BUNDLED["campplus"]
"""The network, CAM++."""

DIMENSIONS: Final = 192
"""Numbers of a vector."""

_LEAST = FRAME + 9 * 160


def speaker_vector(samples: NDArray[np.float32], *, network: Network | None = None) -> NDArray[np.float32]:
    """Turn a stretch of speech into a vector of length 1.

    Parameters
    ----------
    samples : numpy.ndarray
        One channel at 16,000 samples a second, float32, -1 to 1; best 1 to 3 seconds. Less than a tenth of a second is
        repeated.
    network : Network or None, default None
        The network, loaded; None loads it.

    Returns
    -------
    numpy.ndarray
        192 numbers, float32. The sum of the products of two vectors is high for one speaker and low for two.

    Examples
    --------
    >>> made = speaker_vector(np.random.default_rng(0).normal(0, 0.1, 24_000).astype(np.float32))
    >>> made.shape, bool(abs((made * made).sum() - 1) < 1e-5)
    ((192,), True)
    """
    loaded = network or load_network(MODEL)
    if len(samples) < _LEAST:
        samples = np.resize(samples, _LEAST) if len(samples) else np.zeros(_LEAST, np.float32)
    bands = filter_bank(samples)
    vector = loaded.run((bands - bands.mean(0))[None], "vectors")["vectors"][0]
    return np.asarray(vector / np.linalg.norm(vector), np.float32)
