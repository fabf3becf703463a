"""What the header of a file says about it."""

from __future__ import annotations

from typing import TypedDict

__all__ = ["Properties"]


class Properties(TypedDict, total=False):
    """Values of the ``metadata`` table, by column; what a kind does not have is left out.

    Sizes are in pixels, times in milliseconds, moments in ISO 8601 as the file has them. The size of an
    image is its stored size before the EXIF orientation is applied; ``orientation`` says how it is turned.
    """

    format: str
    width: int
    height: int
    mode: str
    depth_bits: int
    dpi_x: float
    dpi_y: float
    has_alpha: bool
    color_space: str
    icc_profile: str
    orientation: int
    pages: int
    frames: int
    duration_ms: int
    frame_rate: float
    video_codec: str
    audio_codec: str
    sample_rate: int
    channels: int
    bit_rate: int
    taken_at: str
    camera_make: str
    camera_model: str
    latitude: float
    longitude: float
    title: str
    author: str
    software: str
    created_at: str
