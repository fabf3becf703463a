"""A face as 1,024 numbers, close for pictures of one person."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tidymedia.models.bundled import BUNDLED
from tidymedia.models.inputs import as_input
from tidymedia.models.sessions import Network, load_network

__all__ = ["DIMENSIONS", "MODEL", "aligned_face", "face_features"]

MODEL = BUNDLED["faceres"]
"""The network that makes the vectors."""

DIMENSIONS = 1024
"""Length of a vector."""

_SIDE: Final = 112
_TEMPLATE: Final = ((38.2946, 51.6963), (73.5318, 51.5014), (56.0252, 71.7366), (41.5493, 92.3655), (70.7299, 92.2041))
"""Where eyes, nose and corners of the mouth of an upright face lie in a crop of 112 x 112 pixels."""

_LEAST_SCALE: Final = 1e-3
"""Points that call for less lie all on one place, or are no face: they give a black crop."""


def aligned_face(image: Image.Image, landmarks: NDArray[np.floating], side: int = 2 * _SIDE) -> Image.Image:
    """Cut a face out, upright and of one size: eyes, nose and mouth come to lie where those of all faces do.

    The picture is turned, scaled and moved, never stretched or mirrored, so that the squared distances of the five
    points to their places are smallest (Umeyama 1991). What lies outside of the picture is
    black, and so is a crop around points that all lie on one place.

    Parameters
    ----------
    image : PIL.Image.Image
        The picture, mode RGB.
    landmarks : numpy.ndarray, shape (5, 2)
        x and y of both eyes, the nose and the corners of the mouth, in pixels of the picture, left ones first.
    side : int, default 224
        Width and height of the result in pixels.

    Returns
    -------
    PIL.Image.Image
        The face.

    Examples
    --------
    >>> points = np.array([(30, 40), (60, 40), (45, 57), (33, 75), (57, 75)])
    >>> aligned_face(Image.new("RGB", (100, 100), "white"), points).size
    (224, 224)

    References
    ----------
    Umeyama, S. (1991). Least-squares estimation of transformation parameters between two point patterns. IEEE
    Transactions on Pattern Analysis and Machine Intelligence, 13(4), 376-380.
    """
    places = np.array(_TEMPLATE) * side / _SIDE
    points = landmarks.astype(np.float64)
    image, points = _near_face(image, points)
    matrix, _ = _similarity(points, places)
    scale = float(np.sqrt(np.linalg.det(matrix)))
    if scale < _LEAST_SCALE:
        return Image.new("RGB", (side, side))
    if scale < 1:  # reduced first, by means over all pixels; what follows looks at single pixels
        size = tuple(max(1, round(length * scale)) for length in image.size)
        points = points * (size[0] / image.width, size[1] / image.height)
        image = image.resize((size[0], size[1]), Image.Resampling.LANCZOS)
        matrix, _ = _similarity(points, places)
    back = np.linalg.inv(matrix)
    _, shift = _similarity(points, places)
    start = -back @ shift
    terms = (back[0, 0], back[0, 1], start[0], back[1, 0], back[1, 1], start[1])
    return image.transform((side, side), Image.Transform.AFFINE, terms, Image.Resampling.BICUBIC)


def face_features(
    image: Image.Image, landmarks: NDArray[np.floating], *, network: Network | None = None
) -> NDArray[np.float32]:
    """Turn faces of a picture into vectors that are close for pictures of one person.

    Each face goes through the network alone: its vector does not depend on its companions.

    Parameters
    ----------
    image : PIL.Image.Image
        The picture, mode RGB, upright.
    landmarks : numpy.ndarray, shape (n, 5, 2)
        Eyes, nose and corners of the mouth of each face, in pixels of the picture.
    network : Network or None, default None
        The network, loaded; None loads it.

    Returns
    -------
    numpy.ndarray
        float32, shape (n, 1024), each of length 1.

    Raises
    ------
    UnavailableError
        Where the network is not there.

    Examples
    --------
    >>> face_features(Image.new("RGB", (60, 40)), np.empty((0, 5, 2))).shape
    (0, 1024)
    """
    if not len(landmarks):
        return np.empty((0, DIMENSIONS), np.float32)
    loaded = network or load_network(MODEL)
    rows = [
        loaded.run(as_input(aligned_face(image, points), MODEL.input), "features")["features"][0]
        for points in landmarks
    ]
    vectors = np.stack(rows)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: NDArray[np.float32] = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    return unit


def _near_face(image: Image.Image, points: NDArray[np.float64]) -> tuple[Image.Image, NDArray[np.float64]]:
    """Cut the surroundings of a face out of a large picture, so that no more than them is scaled."""
    reach = 4 * float(np.ptp(points, axis=0).max()) + 2
    centre = points.mean(axis=0)
    left, top = (int(max(0, value - reach)) for value in centre)
    right, bottom = (int(min(length, value + reach)) for length, value in zip(image.size, centre, strict=True))
    if right <= left or bottom <= top:
        return image, points
    return image.crop((left, top, right, bottom)), points - (left, top)


def _similarity(
    points: NDArray[np.float64], places: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the turn with scale, and the shift, that bring points nearest to their places."""
    middle, goal = points.mean(axis=0), places.mean(axis=0)
    here, there = points - middle, places - goal
    spread = max(float(np.sum(here**2)), 1e-9)
    along = float(np.sum(here * there)) / spread
    turned = float(np.sum(here[:, 0] * there[:, 1] - here[:, 1] * there[:, 0])) / spread
    matrix = np.array([[along, -turned], [turned, along]])
    return matrix, goal - matrix @ middle
