"""A picture as 1,280 numbers: what EfficientNet-Lite2 sees in it just before it names a class."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tidymedia.models.bundled import BUNDLED
from tidymedia.models.inputs import as_input
from tidymedia.models.sessions import Network, load_network

__all__ = ["DIMENSIONS", "MODEL", "image_features"]

MODEL = BUNDLED["efficientnet_lite2"]
"""The network that makes the features."""

DIMENSIONS = 1280
"""Length of a vector."""


def image_features(
    images: Iterable[Image.Image], *, normalize: bool = True, network: Network | None = None
) -> NDArray[np.float32]:
    """Turn pictures into vectors that are close for pictures of alike content.

    Each picture goes through the network alone: its vector is the same to the last digit, whatever its companions.
    The whole picture is stretched to 260 x 260 pixels, so nothing of it is left out.

    Parameters
    ----------
    images : iterable of PIL.Image.Image
        Pictures, mode RGB, upright.
    normalize : bool, default True
        Whether vectors have the length 1; their dot product is then the cosine.
    network : Network or None, default None
        The network, loaded; None loads it.

    Returns
    -------
    numpy.ndarray
        float32, shape (number of pictures, 1280); no number is negative.

    Raises
    ------
    UnavailableError
        Where the network is not there.

    Examples
    --------
    >>> made = image_features([Image.new("RGB", (40, 30), "red"), Image.new("RGB", (40, 30), "blue")])
    >>> made.shape, bool(abs((made * made).sum(axis=1) - 1).max() < 1e-5)
    ((2, 1280), True)
    """
    loaded = network or load_network(MODEL)
    rows = [loaded.run(as_input(image, MODEL.input), "features")["features"][0] for image in images]
    vectors = np.stack(rows) if rows else np.empty((0, DIMENSIONS), np.float32)
    if normalize:
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        vectors = vectors / np.where(lengths > 0, lengths, np.float32(1))
    return vectors
