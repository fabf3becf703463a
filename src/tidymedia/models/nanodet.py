"""Objects by NanoDet: from the numbers of its three grids to boxes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tidymedia.models.boxes import Boxes, join, suppress
from tidymedia.models.bundled import BUNDLED
from tidymedia.models.fitting_square import letterboxed
from tidymedia.models.inputs import as_input
from tidymedia.models.sessions import Network, load_network

__all__ = ["MODEL", "STRIDES", "decode_nanodet", "nanodet_boxes"]

MODEL = BUNDLED["nanodet"]
"""The network."""

STRIDES = (8, 16, 32)
"""Pixels of a cell of each of its three grids."""

_SIDES = 4


def nanodet_boxes(image: Image.Image, min_score: float, *, network: Network | None = None) -> Boxes:
    """Find objects in a picture.

    Parameters
    ----------
    image : PIL.Image.Image
        The picture, mode RGB, upright.
    min_score : float
        Smallest score that is kept.
    network : Network or None, default None
        The network, loaded; None loads it.

    Returns
    -------
    Boxes
        Boxes in pixels of the picture, by falling score; classes are numbers of the 80 of COCO.

    Raises
    ------
    UnavailableError
        Where the network is not there.

    Examples
    --------
    >>> len(nanodet_boxes(Image.new("RGB", (80, 60), "white"), 0.4))
    0
    """
    loaded = network or load_network(MODEL)
    size = MODEL.picture_size or image.size
    fitted = letterboxed(image, size)
    found = decode_nanodet(loaded.run(as_input(fitted.image, MODEL.input)), size, min_score)
    mapped = Boxes(fitted.back(found.corners), found.scores, found.classes)
    return suppress(mapped.clipped(image.width, image.height))


def decode_nanodet(outputs: Mapping[str, NDArray[np.float32]], size: tuple[int, int], min_score: float) -> Boxes:
    """Read boxes from what the network gives.

    Each cell of three grids has a score for every class, and for every side of a box a distribution over 0 to 10
    cells; the mean of it is the distance from the middle of the cell to that side.

    Parameters
    ----------
    outputs : mapping of str to numpy.ndarray
        ``scores_8``, ``distances_8`` and so on for the strides 16 and 32: shapes (1, cells, classes) and
        (1, cells, 4 x bins).
    size : tuple of int
        Width and height of the input in pixels.
    min_score : float
        Smallest score that is kept.

    Returns
    -------
    Boxes
        Boxes in pixels of the input, several for each object.
    """
    return join([_decode_grid(outputs, size, stride, min_score) for stride in STRIDES])


def _decode_grid(
    outputs: Mapping[str, NDArray[np.float32]], size: tuple[int, int], stride: int, min_score: float
) -> Boxes:
    scores = outputs[f"scores_{stride}"][0]
    columns = -(-size[0] // stride)
    cells, classes = np.nonzero(scores >= min_score)
    distances = _expected(outputs[f"distances_{stride}"][0, cells]) * stride
    middles = np.stack((cells % columns, cells // columns), axis=1) * stride + stride / 2
    corners = np.concatenate((middles - distances[:, :2], middles + distances[:, 2:]), axis=1)
    return Boxes(corners.astype(np.float32), scores[cells, classes], classes.astype(np.int64))


def _expected(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the mean of each distribution, in cells: left, up, right, down."""
    levels = logits.reshape(len(logits), _SIDES, logits.shape[1] // _SIDES)
    weights = np.exp(levels - levels.max(axis=2, keepdims=True))
    bins = np.arange(levels.shape[2], dtype=np.float32)
    means: NDArray[np.float32] = (weights / weights.sum(axis=2, keepdims=True)) @ bins
    return means
