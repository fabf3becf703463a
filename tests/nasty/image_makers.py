"""Makers of images for tests: small, made here, each nasty in one way."""

from __future__ import annotations

import io
import random
import struct
import zlib

import numpy as np
from PIL import Image, ImageCms

ORIENTATION = 0x0112

TURN_BACK = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""How an upright picture is stored so that a viewer who obeys the orientation shows it upright."""

CORNERS = ((220, 30, 30), (30, 200, 30), (30, 30, 220), (240, 240, 40))
"""Colours of the corners of :func:`quarters`: left top, right top, left bottom, right bottom."""


def quarters(size):
    """Return a picture with four colours, so that every turn and mirror image can be told."""
    width, height = size
    pixels = np.zeros((height, width, 3), np.uint8)
    down, across = (height + 1) // 2, (width + 1) // 2
    pixels[:down, :across], pixels[:down, across:] = CORNERS[0], CORNERS[1]
    pixels[down:, :across], pixels[down:, across:] = CORNERS[2], CORNERS[3]
    return Image.fromarray(pixels)


def scene(size, seed=0):
    """Return a soft picture with structure at every scale, such as a photograph has."""
    drawn = np.random.default_rng(seed)
    width, height = size
    total = np.zeros((height, width, 3))
    for step in (4, 16, 64):
        coarse = drawn.integers(0, 256, (height // step + 2, width // step + 2, 3)).astype(np.uint8)
        layer = Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)
        total += np.asarray(layer, dtype=float) * step / 84
    return Image.fromarray(np.clip(total, 0, 255).astype(np.uint8))


def oriented(path, orientation, size, image_format="JPEG", upright=None, **options):
    """Write a picture that is stored turned, and says so in its EXIF."""
    upright = quarters(size) if upright is None else upright
    turn = TURN_BACK[orientation]
    stored = upright if turn is None else upright.transpose(turn)
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    if image_format == "JPEG":
        options = {"quality": 95, "subsampling": 0, **options}
    if image_format == "WEBP":
        options = {"lossless": True, **options}
    stored.save(path, image_format, exif=exif.tobytes() if image_format != "TIFF" else exif, **options)
    return upright


def animation(path, image_format, durations, size=(40, 30)):
    """Write an animation whose frame n is gray level 40 + 20 n."""
    frames = [Image.new("RGB", size, (40 + 20 * n,) * 3) for n in range(len(durations))]
    options = {"lossless": True} if image_format == "WEBP" else {}
    if image_format == "GIF":
        frames = [frame.convert("L") for frame in frames]
    frames[0].save(path, image_format, save_all=True, append_images=frames[1:], duration=durations, loop=0, **options)


def pages(path, sizes, **options):
    """Write a TIFF whose page n is gray level 40 + 20 n."""
    made = [Image.new("L", size, 40 + 20 * n) for n, size in enumerate(sizes)]
    made[0].save(path, "TIFF", save_all=True, append_images=made[1:], **options)


def swapped_profile(description=None):
    """Return a profile of a device whose red is blue and whose blue is red."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = struct.unpack(">I", data[128:132])[0]
    for entry in range(132, 132 + 12 * count, 12):
        name = bytes(data[entry : entry + 4])
        data[entry : entry + 4] = {b"rXYZ": b"bXYZ", b"bXYZ": b"rXYZ"}.get(name, name)
    if description is not None:
        # As long as what it replaces: "sRGB".
        data = data.replace("sRGB".encode("utf-16-be"), description.encode("utf-16-be"))
    return bytes(data)


def srgb_profile():
    """Return a profile of sRGB itself."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def png(width, height, data=b"", color=2, bits=8, extra=b""):
    """Return a PNG with any header and any data, which need not fit."""
    header = struct.pack(">IIBBBBB", width, height, bits, color, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + extra
        + chunk(b"IDAT", zlib.compress(data))
        + chunk(b"IEND", b"")
    )


def chunk(name, data):
    """Return a chunk of a PNG."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def gray_sixteen_png(width, height, value):
    """Return a PNG of one gray level of 65,536."""
    row = b"\x00" + struct.pack(">H", value) * width
    return png(width, height, row * height, color=0, bits=16)


def written(image, image_format, **options):
    """Return an image as the bytes of a file."""
    stream = io.BytesIO()
    image.save(stream, image_format, **options)
    return stream.getvalue()


def each_format():
    """Return a small whole file of each of the common formats, by its name."""
    picture = scene((60, 44))
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[0x010F] = "Maker"
    exif.get_ifd(0x8769)[0x9003] = "2020:01:02 03:04:05"
    frames = [scene((40, 30), seed).quantize(16) for seed in range(3)]
    return {
        "a.jpg": written(picture, "JPEG", exif=exif.tobytes(), icc_profile=srgb_profile()),
        "a.png": written(picture, "PNG", exif=exif.tobytes()),
        "a.gif": written(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=3000),
        "a.webp": written(picture, "WEBP", exif=exif.tobytes()),
        "a.tif": written(picture, "TIFF", save_all=True, append_images=[picture], compression="tiff_lzw"),
        "a.bmp": written(picture, "BMP"),
    }


def cut(data, places=30):
    """Give the data cut off at places that are spread over it."""
    for place in range(places):
        yield data[: max(1, len(data) * place // places)]


def flipped(data, times=200, seed=20):
    """Give the data with one byte changed, always the same ones; half of them within the first 300."""
    draw = random.Random(seed)
    for time in range(times):
        changed = bytearray(data)
        position = draw.randrange(min(300, len(data)) if time % 2 else len(data))
        changed[position] ^= draw.randrange(1, 256)
        yield bytes(changed)
