"""Every way of writing colours becomes sRGB, as a good viewer would show it."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageCms, ImageColor

from tidymedia.errors import SettingError

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["background_color", "profile_name", "to_rgb"]

_COLOR_SPACES = {"RGB": "RGB", "L": "GRAY", "CMYK": "CMYK"}
_SAME = 2
"""Levels by which profiles of sRGB itself differ, for their curves are rounded."""


def background_color(text: str) -> tuple[int, int, int]:
    """Read the setting ``[pictures] background``.

    Parameters
    ----------
    text : str
        A colour as CSS writes it: ``"#ffffff"``, ``"white"``, ``"rgb(255, 255, 255)"``.

    Returns
    -------
    tuple of int
        Red, green and blue, 0 to 255.

    Raises
    ------
    SettingError
        Where the text is no colour.

    Examples
    --------
    >>> background_color("#ff8000")
    (255, 128, 0)
    """
    try:
        red, green, blue = ImageColor.getcolor(text, "RGB")[:3]  # type: ignore[index]  # a tuple in mode RGB
    except ValueError as error:
        raise SettingError(f"{text!r} is no colour.", "Write the background as #ffffff or white.") from error
    return red, green, blue


def to_rgb(image: Image.Image, background: str = "#ffffff", profile: bytes | None = None) -> Image.Image:
    """Convert an image of any of Pillow's modes to RGB.

    - Transparent pixels (RGBA, LA, PA, palettes and colours marked as transparent) are laid on the background.
    - An ICC profile that fits the mode is honoured: relative colorimetric with black point compensation.
      A broken profile, or one for another colour space, is passed over, as viewers do.
    - 16 bits of gray keep their upper 8 bits.
    - 32-bit integers have no agreed white. Between 0 and 65,535 they count as 16 bits; outside of that
      the smallest value becomes black and the largest white.
    - Floating-point numbers likewise: between 0 and 1, 1 is white; between 0 and 255, 255 is white;
      otherwise they are stretched from smallest to largest. Not-a-number is black.
    - CMYK without a profile is converted by (1 - C)(1 - K): close to, but not, what a press would print.

    Parameters
    ----------
    image : PIL.Image.Image
        The image, decoded or not.
    background : str, default "#ffffff"
        Colour behind transparent pixels.
    profile : bytes or None, default None
        ICC profile of the image.

    Returns
    -------
    PIL.Image.Image
        The image in mode RGB, sRGB.

    Raises
    ------
    OSError, ValueError
        Whatever Pillow raises where the image turns out to be damaged while it is decoded.

    Examples
    --------
    >>> from PIL import Image
    >>> to_rgb(Image.new("RGBA", (1, 1), (255, 0, 0, 128))).getpixel((0, 0))
    (255, 127, 127)
    """
    image.load()
    if image.mode in ("I", "F") or image.mode.startswith("I;"):
        image = _eight_bits(image)
    elif image.mode == "1":
        image = image.convert("RGBA" if "transparency" in image.info else "L")
    alpha = None
    if image.has_transparency_data or image.mode in ("La", "RGBa"):
        image = image.convert({"La": "LA", "LA": "LA"}.get(image.mode, "RGBA"))
        alpha = image.getchannel("A")
        if alpha.getextrema() == (255, 255):
            alpha = None
        image = image.convert("L" if image.mode == "LA" else "RGB")
    elif image.mode in ("P", "PA"):
        image = image.convert("RGB")
    rgb = _to_srgb(image, profile)
    if alpha is None:
        return rgb
    behind = Image.new("RGB", rgb.size, background_color(background))
    behind.paste(rgb, (0, 0), alpha)
    return behind


def profile_name(profile: bytes) -> str | None:
    """Return the description of an ICC profile; None where it cannot be read.

    Parameters
    ----------
    profile : bytes
        The profile.

    Returns
    -------
    str or None
        Its description, such as ``"Adobe RGB (1998)"``.
    """
    opened = _open_profile(profile)
    if opened is None:
        return None
    try:
        name = ImageCms.getProfileDescription(opened)
    except (ImageCms.PyCMSError, OSError, UnicodeError):
        return None
    return " ".join(name.replace("\x00", " ").split()) or None


def _eight_bits(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I;16"):
        levels = np.asarray(image).astype(np.uint16)
        gray = Image.fromarray((levels >> 8).astype(np.uint8))
        clear = image.info.get("transparency")
        if isinstance(clear, int):
            gray.putalpha(Image.fromarray(np.where(levels == clear, 0, 255).astype(np.uint8)))
        return gray
    values = np.asarray(image)
    if image.mode == "F":
        # Differences between the largest floats overflow in 32 bits.
        values = np.nan_to_num(values.astype(np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    low, high = (float(values.min()), float(values.max())) if values.size else (0.0, 0.0)
    if low >= 0 and image.mode == "I" and high <= 65_535:
        return Image.fromarray((values >> 8).astype(np.uint8))
    if low >= 0 and image.mode == "F" and high <= 255:
        return Image.fromarray(_rounded(values * (255.0 if high <= 1 else 1.0)))
    if high == low:
        return Image.new("L", image.size, 0)
    return Image.fromarray(_rounded((values.astype(np.float64) - low) * (255.0 / (high - low))))


def _rounded(values: NDArray[np.float64]) -> NDArray[np.uint8]:
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if image.mode == "LAB":
        transform = _lab_transform()
    elif profile and image.mode in _COLOR_SPACES:
        transform = _transform(profile, image.mode)
    else:
        transform = None
    if transform is not None:
        try:
            converted = ImageCms.applyTransform(image, transform)
        except (ImageCms.PyCMSError, OSError, ValueError):
            converted = None
        if converted is not None:
            return converted
    return image if image.mode == "RGB" else image.convert("RGB")


@lru_cache(maxsize=8)
def _transform(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """Return the way from a profile to sRGB; None where there is nothing to convert."""
    opened = _open_profile(profile)
    if opened is None:
        return None
    if opened.profile.xcolor_space.strip() != _COLOR_SPACES[mode]:
        return None
    transform = _build(opened, mode)
    # A profile of sRGB changes nothing but costs time. Its name proves nothing, what it does to colours does.
    return None if transform is not None and mode == "RGB" and _changes_nothing(transform) else transform


def _changes_nothing(transform: ImageCms.ImageCmsTransform) -> bool:
    steps = np.arange(0, 256, 15, dtype=np.uint8)
    probe = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(1, -1, 3)
    try:
        converted = ImageCms.applyTransform(Image.fromarray(probe), transform)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return False
    return converted is not None and int(np.abs(np.asarray(converted, int) - probe).max()) <= _SAME


@lru_cache(maxsize=1)
def _lab_transform() -> ImageCms.ImageCmsTransform | None:
    return _build(ImageCms.createProfile("LAB"), "LAB")


def _build(source: object, mode: str) -> ImageCms.ImageCmsTransform | None:
    try:
        return ImageCms.buildTransform(
            source,  # type: ignore[arg-type]  # a profile: createProfile returns Pillow's core type
            ImageCms.createProfile("sRGB"),
            mode,
            "RGB",
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None


def _open_profile(profile: bytes) -> ImageCms.ImageCmsProfile | None:
    try:
        return ImageCms.ImageCmsProfile(io.BytesIO(profile))
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None
