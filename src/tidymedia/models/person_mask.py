"""Where the person is in a picture."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tidymedia.models.bundled import BUNDLED
from tidymedia.models.inputs import as_input
from tidymedia.models.sessions import Network, load_network

__all__ = ["MODEL", "person_mask"]

MODEL = BUNDLED["person_mask"]
"""The network that makes the mask."""


def person_mask(image: Image.Image, *, network: Network | None = None) -> NDArray[np.float32]:
    """Say for every pixel how sure it is that it belongs to a person.

    The network was made for one person near the camera. It looks at 256 x 256 pixels, and its mask is enlarged to the
    picture: hair and fingers have no sharp edges, and small people in large pictures are missed.

    Parameters
    ----------
    image : PIL.Image.Image
        The picture, mode RGB, upright.
    network : Network or None, default None
        The network, loaded; None loads it.

    Returns
    -------
    numpy.ndarray
        float32, shape (height, width), 0 for background to 1 for person.

    Raises
    ------
    UnavailableError
        Where the network is not there.

    Examples
    --------
    >>> made = person_mask(Image.new("RGB", (60, 40), "white"))
    >>> made.shape, bool(made.max() < 0.5)
    ((40, 60), True)
    """
    loaded = network or load_network(MODEL)
    small = np.clip(loaded.run(as_input(image, MODEL.input), "mask")["mask"][0, :, :, 0], 0, 1)
    mask = Image.fromarray(small).resize(image.size, Image.Resampling.BILINEAR)
    return np.asarray(mask, np.float32)
