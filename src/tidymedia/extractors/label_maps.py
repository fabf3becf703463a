"""Label maps: the class of every pixel of a picture, as a PNG file in a row."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tidymedia.extractors.base import Row
from tidymedia.tables import Column, Table

if TYPE_CHECKING:
    from PIL import Image

    from tidymedia.models.segmentation import Mask

__all__ = ["LABEL_MAPS", "label_map_image", "label_map_row"]

LABEL_MAPS = Table(
    "label_maps",
    ("picture",),
    (
        Column("width", "integer", "Width of the map; the picture can be larger.", unit="px", range="1 and more"),
        Column("height", "integer", "Height of the map.", unit="px", range="1 and more"),
        Column(
            "png",
            "string",
            "The map as a PNG file in base64, 8 bits gray, or 16 bits where values above 255 occur. The value of a "
            "pixel is the column value of the table masks; 0 is what belongs to no mask.",
        ),
    ),
    "The class of every pixel of one picture.",
)


def label_map_image(masks: Sequence[Mask]) -> Image.Image:
    """Write masks as one image whose values are their numbers.

    Parameters
    ----------
    masks : sequence of Mask
        Masks of one picture, at least one.

    Returns
    -------
    PIL.Image.Image
        Mode L, or I;16 where a value is above 255.
    """
    import numpy as np
    from PIL import Image

    deep = max(mask.value for mask in masks) > 255
    values = np.zeros(masks[0].pixels.shape, np.uint16 if deep else np.uint8)
    for mask in masks:
        values[mask.inside] = mask.value
    return Image.fromarray(values)


def label_map_row(picture: int, masks: Sequence[Mask]) -> Row:
    """Make the row of a label map.

    Parameters
    ----------
    picture : int
        Number of the picture.
    masks : sequence of Mask
        Its masks.

    Returns
    -------
    Row
        A row of ``LABEL_MAPS``.
    """
    made = label_map_image(masks)
    stream = io.BytesIO()
    made.save(stream, "PNG", optimize=True)
    text = base64.b64encode(stream.getvalue()).decode("ascii")
    return Row("label_maps", {"picture": picture, "width": made.width, "height": made.height, "png": text})
