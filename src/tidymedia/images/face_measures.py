"""What is measured of a face that was found: its size, its sharpness, its tilt."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import cv2
import numpy as np
from PIL import Image

from tidymedia.models.face_detection import LANDMARKS, Faces

__all__ = ["face_values"]

_DIGITS: Final = 2
_SIDE: Final = 112
"""Width and height, in pixels, to which a face is brought before its sharpness is measured."""


def face_values(
    faces: Faces, image: Image.Image, size: tuple[int, int], min_size: float = 0.0
) -> Iterator[dict[str, Any]]:
    """Describe faces as the table ``faces`` does.

    Parameters
    ----------
    faces : Faces
        The faces, in pixels of ``image``.
    image : PIL.Image.Image
        The image in which they were found.
    size : tuple of int
        Width and height of the picture, in whose pixels the values are given.
    min_size : float, default 0
        Smallest height of a face in the picture.

    Yields
    ------
    dict of str to object
        Values by column, faces numbered from 0.
    """
    back = np.array([size[0] / image.width, size[1] / image.height])
    boxes = np.round(faces.boxes * np.tile(back, 2), _DIGITS)
    points = np.round(faces.landmarks * back, _DIGITS)
    kept = np.flatnonzero((boxes[:, 3] >= min_size) & (boxes[:, 2:].min(axis=1, initial=np.inf) > 0))
    for number, position in enumerate(kept):
        box, landmarks = boxes[position], points[position]
        across, down = landmarks[1] - landmarks[0]
        yield {
            "face": number,
            **dict(zip(("box_x", "box_y", "box_width", "box_height"), box.tolist(), strict=True)),
            "score": round(float(faces.scores[position]), 4),
            "area_share": round(float(box[2] * box[3] / (size[0] * size[1])), 6),
            **{
                f"{name}_{axis}": float(value)
                for name, point in zip(LANDMARKS, landmarks, strict=True)
                for axis, value in zip("xy", point, strict=True)
            },
            "sharpness": round(_sharpness(image, faces.boxes[position].tolist()), _DIGITS),
            "roll": round(float(np.degrees(np.arctan2(-down, across))), _DIGITS),
        }


def _sharpness(image: Image.Image, box: list[float]) -> float:
    """Return the variance of the Laplacian of a box, brought to one size, so that faces can be compared."""
    left, top, width, height = box
    corners = (left, top, min(left + width, image.width), min(top + height, image.height))
    crop = image.convert("L").resize((_SIDE, _SIDE), Image.Resampling.BILINEAR, box=corners)
    return float(np.var(cv2.Laplacian(np.asarray(crop), cv2.CV_64F)))
