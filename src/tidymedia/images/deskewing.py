"""Scanned pages set straight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image

from tidymedia.errors import UsageError
from tidymedia.images.modes import keep_profile, mixing, open_full_color
from tidymedia.images.opening import ImageSource
from tidymedia.images.result_size import check_result, read_number
from tidymedia.images.skew import MOST_SKEW, angle_of_lines, straighten, turned_size
from tidymedia.media.color_conversion import to_rgb

if TYPE_CHECKING:
    from tidymedia.images.modes import PixelValue

__all__ = ["deskew", "skew_angle"]

# Beyond it the grid of pixels itself begins to look like lines.
_WIDEST = 20.0


def deskew(image: ImageSource, *, max_degrees: float = MOST_SKEW) -> Image.Image:
    """Set a scanned or photographed page straight.

    Parameters
    ----------
    image : str, Path, bytes, file object, PIL.Image.Image or numpy.ndarray
        The page, or where it is; it is not changed.
    max_degrees : float, default 10
        Pages that stand more askew are not recognised; 20 at most.

    Returns
    -------
    PIL.Image.Image
        The page with its lines level. Its canvas grows, so that nothing is cut off, and is filled with the
        median colour of the outermost pixels. A picture without lines, or with level ones, comes back as
        it is. The mode stays; a palette becomes RGB or RGBA, and black and white (mode 1) becomes gray.

    Raises
    ------
    UsageError
        Where ``max_degrees`` is not above 0 and at most 20.
    MediumError
        Where the image cannot be read.

    Notes
    -----
    It is for pages: a photograph of something with lines may be turned, too. See
    :func:`tidymedia.images.deskewing.skew_angle` for how the angle is found and where that is weak.
    Pages that stand on their side or on their head stay so: turn them with :func:`tidymedia.rotate`. A page
    photographed from the side, whose lines run together, is not unbent.

    Examples
    --------
    >>> import tidymedia as tm
    >>> from PIL import Image
    >>> page = Image.new("L", (400, 300), 255)
    >>> for top in range(20, 280, 20):
    ...     page.paste(0, (40, top, 360, top + 8))
    >>> askew = tm.rotate(page, 4)
    >>> from tidymedia.images.deskewing import skew_angle
    >>> round(skew_angle(askew)), round(skew_angle(tm.deskew(askew)))
    (4, 0)
    """
    opened = open_full_color(image)
    angle = _angle(opened, max_degrees)

    def turn(work: Image.Image, _: PixelValue | None) -> Image.Image:
        return straighten(work, angle)[0] if angle else work.copy()

    check_result(*turned_size(opened.size, angle))
    return mixing(opened, turn) if angle or opened.mode == "1" else keep_profile(opened.copy(), opened)


def skew_angle(image: ImageSource, *, max_degrees: float = MOST_SKEW) -> float:
    """Return by how many degrees the lines of a text rise to the right.

    The angle at which the profile of ink across the lines is sharpest, after Postl (1986, "Detection of linear
    oblique structures and skew scan in digitized documents"), in steps of
    a tenth of a degree; it is right to within 0.15 degrees on clean pages of text.

    Parameters
    ----------
    image : str, Path, bytes, file object, PIL.Image.Image or numpy.ndarray
        The page, or where it is.
    max_degrees : float, default 10
        Angles beyond it are not looked for; 20 at most.

    Returns
    -------
    float
        The angle in degrees, as :func:`tidymedia.rotate` counts them: positive where the right end of a line
        is higher than its left end. It is 0 where no angle is clearly better than the others, and where it is
        below 0.2. Tables, fences, brushes and halftone dots have lines, too: of the nine photographs among the
        examples, four were given an angle, up to 5.3 degrees. It is for pages.

    Raises
    ------
    UsageError
        Where ``max_degrees`` is not above 0 and at most 20.
    MediumError
        Where the image cannot be read.

    Examples
    --------
    >>> import numpy as np
    >>> skew_angle(np.full((300, 400), 255, np.uint8))
    0.0
    """
    return _angle(open_full_color(image), max_degrees)


def _angle(image: Image.Image, max_degrees: float) -> float:
    most = read_number(max_degrees, "An angle")
    if not 0 < most <= _WIDEST:
        raise UsageError(f"max_degrees={max_degrees!r} cannot be.", "Give an angle above 0 and up to 20.")
    plain = image if image.mode in ("L", "RGB") else to_rgb(image)
    return angle_of_lines(plain, most)
