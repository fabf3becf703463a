"""How much of a picture is one light tone: the paper of a page, the ground of a drawing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tidymedia.images.gray_levels import small_gray_levels

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["plain_share"]

_LEVELS: Final = 25
_LIGHT: Final = 180


def plain_share(image: Image.Image) -> float:
    """Return the largest share of a picture that is one light tone: within 25 gray levels, none below 180.

    Pages of text have nine tenths and more; hashes of two of them differ in few bits, for their paper is the
    same and their words are too small to be seen.

    Parameters
    ----------
    image : PIL.Image.Image
        The picture, mode RGB or L.

    Returns
    -------
    float
        0 for a picture without light parts, 1 for a white one.

    Examples
    --------
    >>> from PIL import Image
    >>> page = Image.new("L", (100, 100), 255)
    >>> page.paste(0, (0, 0, 100, 10))
    >>> plain_share(page)
    0.9
    """
    import numpy as np

    levels = small_gray_levels(image)
    counts = np.concatenate([[0], np.cumsum(np.bincount(levels.ravel(), minlength=256))])
    within = counts[_LEVELS:] - counts[:-_LEVELS]  # from each level on
    return float(within[_LIGHT:].max() / levels.size)
