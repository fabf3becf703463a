"""From a picture in hand to the numbers that a network takes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tidymedia.models.model import ModelInput, SoundInput

__all__ = ["as_input"]


def as_input(image: Image.Image, wanted: ModelInput | SoundInput) -> NDArray[np.float32]:
    """Turn a picture into the input of a network.

    A network that wants another size gets the whole picture stretched to it: nothing of it is lost, and
    proportions change.

    Parameters
    ----------
    image : PIL.Image.Image
        The picture, mode RGB, upright.
    wanted : ModelInput or SoundInput
        What the network takes.

    Returns
    -------
    numpy.ndarray
        float32, one picture: (1, 3, height, width) for the layout NCHW, (1, height, width, 3) for NHWC; 1 in place
        of 3 for gray ones.

    Raises
    ------
    TypeError
        Where the network takes a sound.

    Examples
    --------
    >>> wanted = ModelInput("NCHW", "RGB", (127.0,) * 3, (128.0,) * 3, (4, 2))
    >>> made = as_input(Image.new("RGB", (10, 10), (255, 127, 63)), wanted)
    >>> made.shape, made[0, :, 0, 0].tolist()
    ((1, 3, 2, 4), [1.0, 0.0, -0.5])
    """
    if isinstance(wanted, SoundInput):
        raise TypeError("A network that hears takes no picture.")
    if wanted.size is not None and image.size != wanted.size:
        image = image.resize(wanted.size, Image.Resampling.BICUBIC)
    gray = wanted.channels == "L"
    values = np.asarray(image.convert("L"), np.float32)[:, :, None] if gray else np.asarray(image, np.float32)
    if wanted.channels == "BGR":
        values = values[:, :, ::-1]
    mean, scale = (np.array(numbers[: values.shape[2]], np.float32) for numbers in (wanted.mean, wanted.scale))
    scaled = (values - mean) / scale
    if wanted.layout == "NCHW":
        scaled = scaled.transpose(2, 0, 1)
    return np.ascontiguousarray(scaled[None], np.float32)
