"""What was found in a picture, drawn onto it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tidymedia.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray
    from PIL import Image

    from tidymedia.images.fill_color import Color
    from tidymedia.images.opening import ImageSource

__all__ = ["check_width", "draw"]

_WIDEST = 200


def draw(
    image: ImageSource,
    found: pd.DataFrame | NDArray[Any] | Sequence[pd.DataFrame | NDArray[Any]],
    *,
    labels: bool | str | Sequence[str] | Mapping[int, str] = True,
    colors: Color | Mapping[str, Color] | None = None,
    width: int | None = None,
) -> Image.Image:
    """Draw boxes, landmarks and masks onto a picture.

    Lines and letters grow with the picture. Boxes have a dark margin, and texts stand on a plate of the colour of
    their box in black or white, so that they can be read on any ground. Labels stay within the picture and do not
    cover one another: one that has no room beside its box stands apart, with a line to it, and one that has no room
    at all is left out.

    Parameters
    ----------
    image : ImageSource
        Path, address, bytes, file object, PIL image or array.
    found : pandas.DataFrame, numpy.ndarray or a sequence of them
        What is drawn. A table has boxes in pixels of the picture: that of :func:`tidymedia.find_objects` or of faces,
        or rows of ``study.table("objects")``, ``"faces"`` or ``"texts"`` of one picture. Rows with a ``mask``, as
        :func:`tidymedia.mask` gives them, show that instead of their box. An array of shape (height,
        width) is a mask (yes and no, or 0 to 1) or a label map (the number of a class for each pixel; 0 is background
        unless it has a name).
    labels : bool, str, sequence of str or mapping of int to str, default True
        What is written: True for name and score, False for nothing, or columns of the table. For a label map, the
        names of its numbers.
    colors : Color, mapping of str to Color or None, default None
        One colour for all, or colours by label, as ``{"person": "red"}``. The others come from a palette, the same
        for a label in every picture.
    width : int or None, default None
        Width of lines in pixels, 1 to 200; None for one 350th of the longer side.

    Returns
    -------
    PIL.Image.Image
        A new image, mode RGB, in the colours of a standard screen (sRGB).

    Raises
    ------
    UsageError
        Where a table has no boxes or rows of several pictures, an array is no mask, or an argument is out of its
        range.
    MediumError
        Where the image cannot be opened.

    See Also
    --------
    tidymedia.annotate_video : The same for a film.

    Notes
    -----
    After figures 14.1 and 14.4 of the textbook (sections 14.2 and 14.4).

    Examples
    --------
    >>> import pandas as pd
    >>> from PIL import Image
    >>> box = {"label": "dog", "score": 0.8, "box_x": 20, "box_y": 30, "box_width": 50, "box_height": 40}
    >>> drawn = draw(Image.new("RGB", (120, 90), "teal"), pd.DataFrame([box]), colors="yellow", width=3)
    >>> drawn.size, drawn.getpixel((20, 60))
    ((120, 90), (255, 255, 0))
    """
    import numpy as np

    from tidymedia.images.mark_colors import colors_of
    from tidymedia.images.marks import Mark, marks_of, one_picture
    from tidymedia.images.mask_overlay import Region, paint_regions, regions_of
    from tidymedia.images.opening import open_image
    from tidymedia.images.painting import paint_marks, style_for
    from tidymedia.media.color_conversion import to_rgb

    check_width(width)
    names = dict(labels) if isinstance(labels, Mapping) else {}
    written: bool | str | Sequence[str] = True if isinstance(labels, Mapping) else labels
    opened = open_image(image)
    picture = to_rgb(opened, profile=opened.info.get("icc_profile"))
    marks, regions = list[Mark](), list[Region]()
    for part in _parts(found):
        if not hasattr(part, "columns"):
            regions += regions_of(part, picture.size, names)
            continue
        one_picture(part)
        for mark in marks_of(part, written):
            if isinstance(mark.mask, np.ndarray):
                covers = (region.cover for region in regions_of(mark.mask, picture.size, {}))
                regions += [Region(mark.label, cover, mark.text) for cover in covers]
            else:
                marks.append(mark)
    inks = colors_of([*(mark.label for mark in marks), *(region.label for region in regions)], colors)
    picture = paint_regions(picture, regions, inks) if regions else picture.copy()
    picture.info.pop("icc_profile", None)  # the pixels are sRGB now
    spots = [
        (*middle, region.label, region.text)
        for region in regions
        if labels is not False and region.text and (middle := region.middle()) is not None
    ]
    paint_marks(picture, marks, inks, style_for(picture.size, marks, width), spots)
    return picture


def _parts(found: Any) -> list[Any]:
    """List tables and arrays."""
    import numpy as np
    from PIL import Image

    parts = list(found) if isinstance(found, (list, tuple)) else [found]
    parts = [np.asarray(part) if isinstance(part, Image.Image) else part for part in parts]
    for part in parts:
        if not hasattr(part, "columns") and not isinstance(part, np.ndarray):
            raise UsageError(
                f"An object of type {type(part).__name__} cannot be drawn.",
                "Give a table with boxes, such as that of tm.find_objects, or a mask as an array.",
            )
    return parts


def check_width(width: object) -> None:
    """Check the width of lines.

    Parameters
    ----------
    width : object
        What a user gave.

    Raises
    ------
    UsageError
        Where it is no whole number from 1 to 200 and not None.

    Examples
    --------
    >>> check_width(3)
    """
    if width is not None and (isinstance(width, bool) or not isinstance(width, int) or not 1 <= width <= _WIDEST):
        raise UsageError(f"width={width!r} is out of range.", f"Write a whole number of pixels from 1 to {_WIDEST}.")
