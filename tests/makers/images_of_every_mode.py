"""Images of random pixels in each of Pillow's modes, and all their bands as one array."""

from __future__ import annotations

import numpy as np
from PIL import Image

MODES = ("1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr", "HSV", "LAB", "I;16", "I", "F")


def picture(mode: str, width: int, height: int) -> Image.Image:
    """An image of random pixels."""
    numbers = np.random.default_rng(width * 10_007 + height)
    if mode in ("I;16", "I", "F"):
        dtype = {"I;16": np.uint16, "I": np.int32, "F": np.float32}[mode]
        return Image.fromarray(numbers.integers(0, 65_536, (height, width)).astype(dtype))
    levels = numbers.integers(0, 256, (height, width, 4), dtype=np.uint8)
    bands = [Image.fromarray(levels[:, :, band]) for band in range(4)]
    if mode == "1":
        return bands[0].convert("1")
    if mode == "P":
        bands[0].putpalette(numbers.integers(0, 256, 768, dtype=np.uint8).tobytes())
        return bands[0]
    return bands[0] if mode == "L" else Image.merge(mode, bands[: len(Image.new(mode, (1, 1)).getbands())])


def pixels(image: Image.Image) -> np.ndarray:
    """All bands, as Pillow holds them; black and white as 0 and 255, since NumPy's True would be a byte of 255."""
    bands = (image.convert("L") if image.mode == "1" else image).split()
    return np.stack([np.asarray(band) for band in bands], axis=-1)
