"""What the headers of image files say, one row an image."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from PIL import Image

from tidymedia.errors import MediumError, UnsupportedError, UsageError
from tidymedia.images.held import hold
from tidymedia.images.opening import ImageSource, in_words_of_python, kind_of, open_image
from tidymedia.images.several import image_names, list_images
from tidymedia.media.exif import orientation_of
from tidymedia.media.image_properties import image_properties
from tidymedia.media.kinds import Kind
from tidymedia.media.pillow import check_pixels, pillow_errors
from tidymedia.media.pillow import open_image as read_header
from tidymedia.media.settings import Limits

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["image_info"]

_TYPES = {
    "name": "string",
    "format": "string",
    "width": "Int64",
    "height": "Int64",
    "mode": "string",
    "color_space": "string",
    "alpha": "boolean",
    "bytes": "Int64",
    "density_x": "Float64",
    "density_y": "Float64",
}
_IN_WORDS = {Kind.DOCUMENT: "a document", Kind.VECTOR: "a drawing", Kind.VIDEO: "a film"}


def image_info(
    images: ImageSource | Iterable[ImageSource],
    *,
    errors: Literal["raise", "row"] = "raise",
    limits: Limits | None = None,
) -> pd.DataFrame:
    """Describe images by their headers, without decoding them.

    For thousands of files, the extractor ``metadata`` of a study does the same and more, and can be resumed.

    Parameters
    ----------
    images : list of images, or one image
        The images: paths, addresses, bytes, open binary files, PIL images or arrays (see
        ``tm.open_image``). Documents, drawings and films have no such header.
    errors : {"raise", "row"}, default "raise"
        What becomes of a file that cannot be read: an error that names it, or a row with the reason in a
        further column ``error`` and nulls beside it.
    limits : Limits or None, default None
        How large a file may be; None for the defaults.

    Returns
    -------
    pandas.DataFrame
        One row an image, in their order:

        - ``name``: its file name, with folders where two have the same; ``image 0`` by its place without one
        - ``format``: JPEG, PNG, GIF and others; null for arrays
        - ``width``, ``height``: pixels, upright as ``tm.open_image`` returns it
        - ``mode``: as Pillow names it: RGB, RGBA, L (gray), P (palette), CMYK, I;16 (16-bit gray), 1
        - ``color_space``: RGB, Gray, Palette, CMYK, YCbCr or Lab
        - ``alpha``: whether the file can hold transparent pixels, not whether one is
        - ``bytes``: size of the file; null for PIL images and arrays
        - ``density_x``, ``density_y``: dots an inch, null where the file states none

    Raises
    ------
    MediumError
        Where a file cannot be read, unless ``errors="row"``.
    UsageError
        Where there are no images, or an array is none.

    Notes
    -----
    A header may lie, and a file that is cut off has a whole header: only ``tm.open_image`` shows
    that a picture can be decoded. Density says how large a picture was meant to be printed and tells nothing
    about what it shows. ImageMagick, hence R's magick, writes other numbers: 72x72 where a JPEG states no
    density, and dots a centimetre for PNG, so its 57x57 is 144 dots an inch (56.7 x 2.54). Source: van
    Atteveldt, Trilling and Arcila Calderón (2022), Computational Analysis of Communication, example 14.1.

    Examples
    --------
    >>> import numpy as np
    >>> import tidymedia as tm
    >>> tm.image_info(np.zeros((453, 805, 3), dtype=np.uint8))[["width", "height", "mode", "alpha"]]
       width  height mode  alpha
    0    805     453  RGB  False
    """
    import pandas as pd

    if errors not in ("raise", "row"):
        raise UsageError(f"errors={errors!r} is not known.", 'Choose "raise" or "row".')
    limits = limits or Limits()
    listed = list_images(images)
    rows: list[dict[str, Any]] = []
    for name, source in zip(image_names(listed), listed, strict=True):
        row: dict[str, Any] = {"name": name}
        try:
            with in_words_of_python():
                row |= _described(source, limits)
        except MediumError as error:
            if errors == "raise":
                raise
            row["error"] = str(error)
        rows.append(row)
    types = _TYPES | ({"error": "string"} if errors == "row" else {})
    return pd.DataFrame(rows, columns=list(types)).astype(types)


def _described(source: ImageSource, limits: Limits) -> dict[str, Any]:
    if isinstance(source, np.ndarray):
        return _row(open_image(source), None, limits, "The image")
    if isinstance(source, Image.Image):
        return _row(source, None, limits, str(getattr(source, "filename", "") or "The image"))
    held = hold(source, limits)
    with held.stream:
        kind = kind_of(held)
        if kind is not Kind.IMAGE:
            raise UnsupportedError(
                f"{held.name} is {_IN_WORDS[kind]}, no image file.",
                "Leave it out, or describe it with the extractor metadata.",
            )
        size = held.stream.seek(0, 2)
        image = read_header(held.stream, held.name, limits)
        return _row(image, size, limits, held.name)


def _row(image: Image.Image, size: int | None, limits: Limits, name: str) -> dict[str, Any]:
    check_pixels(*image.size, name, limits)
    with pillow_errors(name, limits):
        orientation = orientation_of(image)
        # Bytes are read for the depth of channels alone, which is not among the columns.
        found = image_properties(image, io.BytesIO())
    width, height = image.size
    density = found.get("dpi_x"), found.get("dpi_y")
    if orientation >= 5:
        density = density[1], density[0]
        # Pillow gives the size of TIFF as turned already.
        if image.format != "TIFF":
            width, height = height, width
    return {
        "format": image.format,
        "width": width,
        "height": height,
        "mode": found["mode"],
        "color_space": found["color_space"],
        "alpha": found["has_alpha"],
        "bytes": size,
        "density_x": density[0],
        "density_y": density[1],
    }
