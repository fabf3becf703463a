"""Where the faces are in a picture, with eyes, nose and corners of the mouth."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tidymedia.models.bundled import BUNDLED
from tidymedia.models.inputs import as_input
from tidymedia.models.sessions import Network, load_network

__all__ = ["LANDMARKS", "LONG_SIDE", "MIN_SCORE", "MODEL", "Faces", "detect_faces"]

MODEL = BUNDLED["retinaface_mobilenet025"]
"""The network that finds the faces."""

LANDMARKS: Final = ("left_eye", "right_eye", "nose", "mouth_left", "mouth_right")
"""The five points of a face; left is the left of the viewer."""

LONG_SIDE: Final = 1024
"""Longer side, in pixels, of the largest size at which the network looks at a picture."""

MIN_SCORE: Final = 0.8
"""Smallest score of a face, where the user names none."""

_SHORTEST: Final = 320
"""Longer side of the smallest size."""

_LARGEST_FACE: Final = 224
"""Longer side, in pixels, of the largest faces that count at all but the smallest size: what the network finds there
beyond is often an apple, a wall or a pattern. Larger faces are found at a smaller size."""

_STEP: Final = 3.2
_OVERLAP: Final = 0.6

_GRIDS: Final = ((8, (16, 32)), (16, (64, 128)), (32, (256, 512)))
"""Steps of the network's three grids in pixels, and the sides of the two squares (priors) in each of their cells."""

_CELL: Final = 32
_CENTRE_SCALE: Final = 0.1
_SIZE_SCALE: Final = 0.2


@dataclass(frozen=True, slots=True)
class Faces:
    """Faces of one picture, the largest first.

    Parameters
    ----------
    boxes : numpy.ndarray of float64, shape (n, 4)
        Left, top, width and height in pixels; inside of the picture.
    scores : numpy.ndarray of float64, shape (n,)
        How sure the network is, 0 to 1.
    landmarks : numpy.ndarray of float64, shape (n, 5, 2)
        x and y in pixels of :data:`LANDMARKS`; they can lie outside of a picture that cuts a face.
    """

    boxes: NDArray[np.float64]
    scores: NDArray[np.float64]
    landmarks: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.scores)

    def where(self, kept: NDArray[np.bool_] | NDArray[np.int64]) -> Faces:
        """Return some of the faces.

        Parameters
        ----------
        kept : numpy.ndarray
            Which ones: a mask, or positions.

        Returns
        -------
        Faces
            These faces.
        """
        return Faces(self.boxes[kept], self.scores[kept], self.landmarks[kept])


def detect_faces(
    image: Image.Image, *, min_score: float = MIN_SCORE, long_side: int = LONG_SIDE, network: Network | None = None
) -> Faces:
    """Find the faces of a picture.

    The network looks at the picture at two sizes: 1,024 pixels on the longer side, to which small pictures are
    enlarged, for the small faces of a group, and 320 pixels for faces that fill it. Of boxes that lie upon each
    other, the surest is kept.

    Parameters
    ----------
    image : PIL.Image.Image
        The picture, mode RGB, upright.
    min_score : float, default 0.8
        Smallest score that counts, 0 to 1.
    long_side : int, default 1024
        Longer side of the largest size in pixels, 320 and more. Twice as large finds faces half as large, in five
        times the time.
    network : Network or None, default None
        The network, loaded; None loads it.

    Returns
    -------
    Faces
        The faces.

    Raises
    ------
    UnavailableError
        Where the network is not there.

    Examples
    --------
    >>> len(detect_faces(Image.new("RGB", (60, 40), "white")))
    0
    """
    loaded = network or load_network(MODEL)
    parts = []
    for side in _sizes(long_side):
        found = _at_size(image, side, min_score, loaded)
        if side > _SHORTEST:
            found = found.where(found.boxes[:, 2:].max(axis=1) * side / max(image.size) <= _LARGEST_FACE)
        parts.append(found)
    joined = Faces(
        np.concatenate([part.boxes for part in parts]),
        np.concatenate([part.scores for part in parts]),
        np.concatenate([part.landmarks for part in parts]),
    )
    single = joined.where(_surest(joined.boxes, joined.scores))
    corners = np.concatenate([single.boxes[:, :2], single.boxes[:, :2] + single.boxes[:, 2:]], axis=1)
    corners = np.clip(corners, 0, [*image.size, *image.size])
    boxes = np.concatenate([corners[:, :2], corners[:, 2:] - corners[:, :2]], axis=1)
    order = np.lexsort((boxes[:, 0], -boxes[:, 2] * boxes[:, 3]))
    kept = order[boxes[order, 2:].min(axis=1, initial=np.inf) > 0]
    return Faces(boxes, single.scores, single.landmarks).where(kept)


def _sizes(long_side: int) -> list[int]:
    """Return the longer sides at which the network looks, the largest first."""
    sizes = [max(long_side, _SHORTEST)]
    while sizes[-1] > _SHORTEST:
        sizes.append(max(_SHORTEST, round(sizes[-1] / _STEP)))
    return sizes


def _at_size(image: Image.Image, long_side: int, min_score: float, network: Network) -> Faces:
    """Find faces at one size, all boxes that the network gives, in pixels of the picture."""
    scale = long_side / max(image.size)
    width, height = (max(1, round(side * scale)) for side in image.size)
    resized = image.resize((width, height), Image.Resampling.BICUBIC) if (width, height) != image.size else image
    # Grids whose sides are whole numbers at every step; what is added has the mean colour, which is zero.
    across, down = (-(-side // _CELL) * _CELL for side in (width, height))
    values = np.zeros((1, 3, down, across), np.float32)
    values[:, :, :height, :width] = as_input(resized, MODEL.input)
    made = network.run(values)
    scores = made["scores"][0, :, 1].astype(np.float64)
    kept = scores >= min_score
    priors = _priors(across, down)[kept]
    centres, sides = priors[:, :2], priors[:, 2:]
    offsets = made["boxes"][0][kept].astype(np.float64)
    centre = centres + offsets[:, :2] * _CENTRE_SCALE * sides
    size = sides * np.exp(offsets[:, 2:] * _SIZE_SCALE)
    points = made["landmarks"][0][kept].astype(np.float64).reshape(-1, len(LANDMARKS), 2)
    landmarks = centres[:, None] + points * _CENTRE_SCALE * sides[:, None]
    back = np.array([image.width / width, image.height / height])
    return Faces(np.concatenate([(centre - size / 2) * back, size * back], axis=1), scores[kept], landmarks * back)


@functools.lru_cache(maxsize=8)
def _priors(width: int, height: int) -> NDArray[np.float64]:
    """Return the squares against which the network gives its boxes: centre and sides, in its order."""
    grids = []
    for step, sides in _GRIDS:
        down, across, side = np.meshgrid(
            (np.arange(height // step) + 0.5) * step, (np.arange(width // step) + 0.5) * step, sides, indexing="ij"
        )
        grids.append(np.stack([across, down, side, side], axis=-1).reshape(-1, 4))
    return np.concatenate(grids)


def _surest(boxes: NDArray[np.float64], scores: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the positions of the boxes that no surer box covers for the most part, or lies in for the most part."""
    order = np.argsort(-scores, kind="stable")
    left, top = boxes[:, 0], boxes[:, 1]
    right, bottom, area = left + boxes[:, 2], top + boxes[:, 3], boxes[:, 2] * boxes[:, 3]
    kept = []
    while len(order):
        best, order = order[0], order[1:]
        kept.append(best)
        across = np.minimum(right[best], right[order]) - np.maximum(left[best], left[order])
        down = np.minimum(bottom[best], bottom[order]) - np.maximum(top[best], top[order])
        shared = np.clip(across, 0, None) * np.clip(down, 0, None)
        order = order[shared <= _OVERLAP * np.minimum(area[best], area[order])]
    return np.array(kept, np.int64)
