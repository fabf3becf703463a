"""A picture as few gray levels, for what is measured of its layout."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL import Image

__all__ = ["small_gray_levels"]

_LONG_SIDE: Final = 256


def small_gray_levels(image: Image.Image) -> NDArray[np.uint8]:
    """Reduce a picture to gray levels whose longer side has at most 256 pixels.

    Parameters
    ----------
    image : PIL.Image.Image
        The picture, mode RGB or L.

    Returns
    -------
    numpy.ndarray of uint8, shape (height, width)
        Its luma, each value the mean of a part of the picture; a smaller picture keeps its size.

    Examples
    --------
    >>> from PIL import Image
    >>> small_gray_levels(Image.new("RGB", (1024, 512), "white")).shape
    (128, 256)
    """
    import numpy as np
    from PIL import Image

    gray = image if image.mode == "L" else image.convert("L")
    scale = min(1.0, _LONG_SIDE / max(gray.size))
    size = (max(1, round(gray.width * scale)), max(1, round(gray.height * scale)))
    return np.asarray(gray.resize(size, Image.Resampling.BOX))
