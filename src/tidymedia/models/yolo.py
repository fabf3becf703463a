"""Boxes from the outputs of YOLO networks, in the forms in which they are exported to ONNX."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tidymedia.models.boxes import Boxes, corners_of, join

__all__ = ["ANCHORS", "decode_end_to_end", "decode_grids", "decode_v3_corners", "decode_v5", "decode_v8"]

Floats = NDArray[np.float32]

ANCHORS = {
    3: (
        ((10, 13), (16, 30), (33, 23)),
        ((30, 61), (62, 45), (59, 119)),
        ((116, 90), (156, 198), (373, 326)),
    ),
    2: (
        ((10, 14), (23, 27), (37, 58)),
        ((81, 82), (135, 169), (344, 319)),
    ),
}
"""Width and height in pixels of the anchors of YOLOv3 (three grids) and YOLOv3-tiny (two), finest grid first."""


def decode_v8(output: Floats, min_score: float) -> Boxes:
    """Read the output of YOLOv8 and its followers.

    Parameters
    ----------
    output : numpy.ndarray
        Shape (1, 4 + classes, cells): center x and y, width, height in pixels of the input, then scores.
    min_score : float
        Smallest score that is kept.

    Returns
    -------
    Boxes
        Boxes in pixels of the input, several for each object.

    Examples
    --------
    >>> cells = np.zeros((1, 6, 2), np.float32)
    >>> cells[0, :, 1] = (50, 50, 20, 10, 0.1, 0.9)
    >>> decode_v8(cells, 0.5).corners.tolist()
    [[40.0, 45.0, 60.0, 55.0]]
    """
    cells = output[0].T
    return _choose(corners_of(cells[:, :4]), cells[:, 4:], min_score)


def decode_v5(output: Floats, min_score: float) -> Boxes:
    """Read the output of YOLOv5, YOLOv7 and YOLOv3 in their style, which score boxes and classes apart.

    Parameters
    ----------
    output : numpy.ndarray
        Shape (1, cells, 5 + classes): center x and y, width, height in pixels of the input, the score that there is an
        object, then those of the classes.
    min_score : float
        Smallest product of both scores that is kept.

    Returns
    -------
    Boxes
        Boxes in pixels of the input, several for each object.

    Examples
    --------
    >>> decode_v5(np.float32([[[50, 50, 20, 10, 0.8, 0.1, 0.9]]]), 0.5).classes.tolist()
    [1]
    """
    cells = output[0]
    return _choose(corners_of(cells[:, :4]), cells[:, 4:5] * cells[:, 5:], min_score)


def decode_end_to_end(output: Floats, min_score: float) -> Boxes:
    """Read the output of networks that choose their boxes themselves, such as YOLOv10.

    Parameters
    ----------
    output : numpy.ndarray
        Shape (1, boxes, 6): left, top, right, bottom in pixels of the input, score, class.
    min_score : float
        Smallest score that is kept.

    Returns
    -------
    Boxes
        Boxes in pixels of the input.

    Examples
    --------
    >>> decode_end_to_end(np.float32([[[1, 2, 3, 4, 0.9, 7], [0, 0, 0, 0, 0, 0]]]), 0.5).classes.tolist()
    [7]
    """
    rows = output[0][output[0][:, 4] >= min_score]
    return Boxes(rows[:, :4], rows[:, 4], rows[:, 5].astype(np.int64))


def decode_v3_corners(boxes: Floats, scores: Floats, min_score: float) -> Boxes:
    """Read the outputs of YOLOv3 as converted from Keras.

    Parameters
    ----------
    boxes : numpy.ndarray
        Shape (1, cells, 4): top, left, bottom and right, in pixels of the *picture*.
    scores : numpy.ndarray
        Shape (1, classes, cells).
    min_score : float
        Smallest score that is kept.

    Returns
    -------
    Boxes
        Boxes in pixels of the picture, several for each object.

    Examples
    --------
    >>> decode_v3_corners(np.float32([[[2, 1, 4, 3]]]), np.float32([[[0.9], [0.2]]]), 0.5).corners.tolist()
    [[1.0, 2.0, 3.0, 4.0]]
    """
    return _choose(boxes[0][:, [1, 0, 3, 2]], scores[0].T, min_score)


def decode_grids(grids: Sequence[Floats], size: tuple[int, int], min_score: float) -> Boxes:
    """Read the raw grids of YOLOv3 (three) or YOLOv3-tiny (two), as converted from Darknet.

    Parameters
    ----------
    grids : sequence of numpy.ndarray
        Each of shape (1, 3 x (5 + classes), rows, columns), in any order.
    size : tuple of int
        Width and height of the input in pixels.
    min_score : float
        Smallest product of the score of the box and that of the class that is kept.

    Returns
    -------
    Boxes
        Boxes in pixels of the input, several for each object.
    """
    finest_first = sorted(grids, key=lambda grid: -grid.shape[2])
    anchors = ANCHORS[len(finest_first)]
    return join([_grid(grid, chosen, size, min_score) for grid, chosen in zip(finest_first, anchors, strict=True)])


def _grid(grid: Floats, anchors: Sequence[tuple[int, int]], size: tuple[int, int], min_score: float) -> Boxes:
    _, depth, rows, columns = grid.shape
    cells = grid[0].reshape(len(anchors), depth // len(anchors), rows, columns)
    down, across = np.mgrid[0:rows, 0:columns].astype(np.float32)
    center_x = (_sigmoid(cells[:, 0]) + across) * (size[0] / columns)
    center_y = (_sigmoid(cells[:, 1]) + down) * (size[1] / rows)
    # A box of a thousand anchors is as good as any larger one, and no number overflows.
    extent = np.exp(np.minimum(cells[:, 2:4], 7)) * np.array(anchors, np.float32)[:, :, None, None]
    centers = np.stack((center_x, center_y, extent[:, 0], extent[:, 1]), axis=-1).reshape(-1, 4)
    scores = _sigmoid(cells[:, 4:5]) * _sigmoid(cells[:, 5:])
    return _choose(corners_of(centers), np.moveaxis(scores, 1, -1).reshape(len(centers), -1), min_score)


def _choose(corners: Floats, scores: Floats, min_score: float) -> Boxes:
    """Take every class of every box that reaches the score."""
    places, classes = np.nonzero(scores >= min_score)
    return Boxes(corners[places], scores[places, classes], classes.astype(np.int64))


def _sigmoid(values: Floats) -> Floats:
    return (1 / (1 + np.exp(-np.clip(values, -60, 60)))).astype(np.float32)
