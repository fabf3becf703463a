"""A picture shrunk to a few pixels, for comparing pictures by their pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL import Image

__all__ = ["miniature"]

_BETWEEN: Final = 224


def miniature(image: Image.Image, size: int = 15) -> NDArray[np.uint8]:
    """Shrink a picture to a few pixels.

    Its middle square is brought to 224 x 224 and then to ``size`` x ``size`` pixels, bicubic both times, as in
    example 14.8 of the textbook chapter.

    Parameters
    ----------
    image : PIL.Image.Image
        The picture, mode RGB.
    size : int, default 15
        Side of the small picture, in pixels.

    Returns
    -------
    numpy.ndarray of uint8, shape (size * size * 3,)
        Red, green and blue of each pixel, row by row from the top left.

    Examples
    --------
    >>> from PIL import Image
    >>> miniature(Image.new("RGB", (40, 30), (255, 128, 0)), size=2).tolist()
    [255, 128, 0, 255, 128, 0, 255, 128, 0, 255, 128, 0]
    """
    import numpy as np
    from PIL import Image

    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    square = image.crop((left, top, left + side, top + side))
    for length in (_BETWEEN, size):
        square = square.resize((length, length), Image.Resampling.BICUBIC)
    return np.asarray(square).ravel()
