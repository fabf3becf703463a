"""One image, from wherever it is."""

from __future__ import annotations

import io
from pathlib import Path
from typing import BinaryIO, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tidymedia.media.exif import orientation_of, turn_upright
from tidymedia.media.pillow import open_image as read_header
from tidymedia.media.pillow import pillow_errors
from tidymedia.media.settings import Limits

__all__ = ["ImageSource", "open_image"]

ImageSource: TypeAlias = str | Path | bytes | BinaryIO | Image.Image | NDArray[np.generic]
"""What :func:`open_image` takes."""


def open_image(source: ImageSource) -> Image.Image:
    """Open an image upright."""
    if isinstance(source, Image.Image):
        return source
    if isinstance(source, np.ndarray):
        return Image.fromarray(source)
    stream: BinaryIO
    if isinstance(source, bytes):
        stream = io.BytesIO(source)
    elif isinstance(source, (str, Path)):
        stream = io.BytesIO(Path(source).read_bytes())
    else:
        stream = source
    limits = Limits()
    with pillow_errors(str(source)[:80], limits):
        image = read_header(stream, str(source)[:80], limits)
        image.load()
        return turn_upright(image, orientation_of(image))
