"""Colour with 16 bits a channel in PNG and TIFF files, which Pillow reads with 8."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
from PIL import Image

from tidymedia.errors import UnsupportedError
from tidymedia.media.exif import orientation_of, turn_upright
from tidymedia.media.image_properties import image_properties
from tidymedia.media.pillow import open_image as read_header
from tidymedia.media.pillow import pillow_errors
from tidymedia.media.settings import Limits

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["deep_color", "is_png_or_tiff"]

_HEADS = (b"\x89PNG", b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
_ORDER = {3: [2, 1, 0], 4: [2, 1, 0, 3]}


def is_png_or_tiff(stream: BinaryIO) -> bool:
    """Say whether a file may hold colour of 16 bits that can be read here.

    Parameters
    ----------
    stream : BinaryIO
        Its bytes, seekable; they are left at their start.

    Returns
    -------
    bool
        Whether it is PNG or TIFF by its first bytes.

    Examples
    --------
    >>> is_png_or_tiff(io.BytesIO(b"GIF89a"))
    False
    """
    stream.seek(0)
    head = stream.read(4)
    stream.seek(0)
    return head in _HEADS


def deep_color(data: bytes, name: str, shallow: Image.Image) -> NDArray[np.uint16] | None:
    """Read the channels of a file in their 16 bits.

    What is read is compared with what Pillow reads: where the upper 8 bits are others, the two decoders
    understand the file differently, and it is refused rather than guessed.

    Parameters
    ----------
    data : bytes
        The file.
    name : str
        Its name, for messages.
    shallow : PIL.Image.Image
        Its first picture, upright, as :func:`tidymedia.open_image` returns it.

    Returns
    -------
    ndarray of uint16, shape (height, width, 3 or 4), or None
        RGB or RGBA, upright; None where the file has no colour of 16 bits.

    Raises
    ------
    UnsupportedError
        Where it has, in a form that cannot be read here.

    Examples
    --------
    >>> deep_color(b"", "a.jpg", Image.new("RGB", (2, 2))) is None
    True
    """
    if shallow.format not in ("PNG", "TIFF") or shallow.mode not in ("RGB", "RGBA"):
        return None
    limits = Limits()
    stream: BinaryIO = io.BytesIO(data)
    with pillow_errors(name, limits, check=False):
        header = read_header(stream, name, limits)
        if image_properties(header, stream).get("depth_bits") != 16:
            return None
        orientation = orientation_of(header)
    decoded = _decoded(data)
    wanted = np.asarray(shallow, dtype=np.int32)
    if decoded is not None:
        for turned in (decoded, _turned(decoded, orientation)):
            if turned.shape == wanted.shape and np.abs((turned >> 8) - wanted).max() <= 1:
                return turned
    raise UnsupportedError(
        f"{name} keeps colour with 16 bits in a form that cannot be read here.",
        "Save it again as PNG with 16 bits, or leave deep=True out for 8 bits.",
    )


def _decoded(data: bytes) -> NDArray[np.uint16] | None:
    import cv2

    # OpenCV writes what it thinks of a file to the terminal.
    level = cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    try:
        found = cv2.imdecode(np.frombuffer(data, dtype=np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error:
        return None
    finally:
        cv2.utils.logging.setLogLevel(level)
    if found is None or found.dtype != np.uint16 or found.ndim != 3 or found.shape[2] not in _ORDER:
        return None
    channels: NDArray[np.uint16] = np.ascontiguousarray(found[:, :, _ORDER[found.shape[2]]])
    return channels


def _turned(channels: NDArray[np.uint16], orientation: int) -> NDArray[np.uint16]:
    bands = [Image.fromarray(np.ascontiguousarray(channels[:, :, band])) for band in range(channels.shape[2])]
    return np.dstack([np.asarray(turn_upright(band, orientation)) for band in bands])
