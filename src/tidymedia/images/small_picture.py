"""One image as small as networks look at it, the same to the last pixel as in a study."""

from __future__ import annotations

import numpy as np
from PIL import Image

from tidymedia.images.held import hold
from tidymedia.images.opening import ImageSource, in_words_of_python, kind_of, open_image
from tidymedia.media.color_conversion import to_rgb
from tidymedia.media.opening import open_medium
from tidymedia.media.picture import THUMB, Picture, SizeClass
from tidymedia.media.settings import Limits, PictureSettings

__all__ = ["small_picture"]


def small_picture(source: ImageSource, size: SizeClass = THUMB) -> Image.Image:
    """Open an image upright, in RGB and at most as large as a size class, as extractors get it.

    A file is decoded as a study decodes it. What is in hand already, a PIL image or an array, is reduced.

    Parameters
    ----------
    source : ImageSource
        A path, an address, bytes, an open file, a PIL image or an array. Of several pictures, the first one.
    size : SizeClass, default THUMB
        How large: by default 512 pixels on the longer side.

    Returns
    -------
    PIL.Image.Image
        A new image, mode RGB.

    Raises
    ------
    MediumError
        Where it cannot be opened.
    UsageError
        Where an array is no image.

    Examples
    --------
    >>> small_picture(Image.new("L", (2048, 1024))).size
    (512, 256)
    """
    if isinstance(source, np.ndarray | Image.Image):
        image = open_image(source, long_side=size.long_side)
        return to_rgb(image, profile=image.info.get("icc_profile"))
    limits = Limits()
    held = hold(source, limits)
    with held.stream, in_words_of_python():
        kind = kind_of(held)
        with open_medium(held, kind, PictureSettings(animation="first"), limits) as medium:
            # A picture is good until the next one is asked for, so what gives them must live until it is decoded.
            pictures = iter(medium.pictures())
            found = next(pictures, None)
            if isinstance(found, Picture):
                return found.image(size).copy()
    if found is None:
        # It says what else the file is.
        return to_rgb(open_image(source))
    raise found.error
