"""What the header of an image file says, for the ``metadata`` table."""

from __future__ import annotations

import math
from typing import BinaryIO

from PIL import Image

from tidymedia.media.color_conversion import profile_name
from tidymedia.media.exif import exif_properties, orientation_of
from tidymedia.media.properties import Properties

__all__ = ["image_properties"]

_COLOR_SPACES = {
    "1": "Gray",
    "CMYK": "CMYK",
    "F": "Gray",
    "HSV": "HSV",
    "L": "Gray",
    "LA": "Gray",
    "La": "Gray",
    "LAB": "Lab",
    "P": "Palette",
    "PA": "Palette",
    "RGB": "RGB",
    "RGBA": "RGB",
    "RGBX": "RGB",
    "RGBa": "RGB",
    "YCbCr": "YCbCr",
}
_BITS_PER_SAMPLE = 258
_X_RESOLUTION = 282


def image_properties(image: Image.Image, stream: BinaryIO, *, gps: bool = False) -> Properties:
    """Describe an image whose header was read.

    Parameters
    ----------
    image : PIL.Image.Image
        The image, at its first page or frame.
    stream : BinaryIO
        Its bytes.
    gps : bool, default False
        Whether to read where it was taken.

    Returns
    -------
    Properties
        Format, size as stored, mode, bits of a channel, resolution, transparency, colour space, ICC
        profile, orientation and what EXIF says.
    """
    image_format = image.format or ""
    orientation = orientation_of(image)
    width, height = image.size
    if image_format == "TIFF" and orientation >= 5:
        width, height = height, width
    gray = image.mode == "I" or image.mode.startswith("I;")
    found: Properties = {
        "format": image_format,
        "width": width,
        "height": height,
        "mode": image.mode,
        "depth_bits": _depth(image, stream),
        "has_alpha": image.has_transparency_data,
        "color_space": "Gray" if gray else _COLOR_SPACES.get(image.mode, image.mode),
        "orientation": orientation,
    }
    # Pillow says 1 for a TIFF that states no resolution.
    stated = image_format != "TIFF" or _X_RESOLUTION in getattr(image, "tag_v2", {})
    dpi = _resolution(image.info.get("dpi")) if stated else None
    if dpi is not None:
        found["dpi_x"], found["dpi_y"] = dpi
    profile = image.info.get("icc_profile")
    name = profile_name(profile) if isinstance(profile, bytes) else None
    if name:
        found["icc_profile"] = name
    found.update(exif_properties(image, gps=gps))
    return found


def _depth(image: Image.Image, stream: BinaryIO) -> int:
    """Return the bits of a channel in the file, which may be more than Pillow keeps."""
    if image.format == "PNG":
        stream.seek(24)
        return (stream.read(1) or b"\x08")[0]
    if image.format == "TIFF":
        bits = getattr(image, "tag_v2", {}).get(_BITS_PER_SAMPLE)
        if isinstance(bits, tuple) and bits and isinstance(bits[0], int) and 0 < bits[0] <= 64:
            return bits[0]
    stated = image.info.get("bit_depth") if image.format == "HEIF" else None
    if isinstance(stated, int):
        return stated
    if image.mode.startswith("I;16"):
        return 16
    return {"1": 1, "I": 32, "F": 32}.get(image.mode, 8)


def _resolution(dpi: object) -> tuple[float, float] | None:
    try:
        across, down = (float(value) for value in dpi)  # type: ignore[attr-defined]  # checked by except
    except (TypeError, ValueError, ArithmeticError):
        return None
    if not (math.isfinite(across) and math.isfinite(down) and across > 0 and down > 0):
        return None
    return round(across, 2), round(down, 2)
