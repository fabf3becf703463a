"""Another background behind a person, or behind what stands before one colour."""

from __future__ import annotations

import math
from typing import Literal, TypeAlias

import numpy as np
from PIL import Image, ImageChops, ImageColor

from tidymedia.errors import ExtractionError, UsageError
from tidymedia.images.color_key import border_color, key_out
from tidymedia.images.fill_color import Color, read_color
from tidymedia.images.fitting import fitted
from tidymedia.images.modes import full_color
from tidymedia.images.opening import ImageSource, open_image
from tidymedia.media.color_conversion import to_rgb

__all__ = ["Background", "replace_background"]

Background: TypeAlias = Color | ImageSource
"""A colour, ``"transparent"``, or another image."""

_TOLERANCE = 20.0
_LEAST_PERSON = 0.01
_SOFTNESS = {"person": 0.5, "color": 10.0}
_MORE = {"person": 1.0, "color": math.inf}


def replace_background(
    image: ImageSource,
    background: Background,
    *,
    method: Literal["person", "color"] = "person",
    color: Color | None = None,
    tolerance: float | None = None,
    softness: float | None = None,
) -> Image.Image:
    """Put another background behind a person, or behind what stands before one colour.

    ``method="person"`` asks a small network (MediaPipe Selfie Segmentation) where a person is. It was made for video
    calls: one person, near the camera. Where it is weak: small, distant and several people are found in part or not at
    all; hair, fingers and glasses get soft or wrong edges; things in the hands or close to the body come and go;
    animals and statues can count as people, and now and then things. Its mask has 256 x 256 pixels, whatever the size
    of the image. Look at every result.

    ``method="color"`` is a colour key: what is closer than ``tolerance`` to one colour in CIE L*a*b* (1976, D65) is
    background, wherever in the image it is: a green scarf before a green wall goes too, and shadows on the wall may
    stay. Pixels of the soft edge lose their share of that colour. Where a seam of it stays around things, raise
    ``softness`` to 50 or 100; things of a colour near that of the background then turn half transparent.

    Parameters
    ----------
    image : str, Path, bytes, file object, PIL.Image.Image or numpy.ndarray
        The image, or where it is; it is not changed. It is taken as 8 bits of sRGB.
    background : str, tuple of int, Path, bytes, file object, PIL.Image.Image or numpy.ndarray
        What comes behind: a colour as CSS writes it, ``"transparent"``, (red, green, blue) from 0 to 255, or another
        image or where it is, of which the largest part from the middle is taken that covers the image. Text that is a
        colour is taken as one: give a ``Path`` for a file named ``white``.
    method : {"person", "color"}, default "person"
        How the background is found.
    color : str, tuple of int or None, default None
        The colour of the old background, for ``method="color"``; None for the colour that is most frequent along the
        border of the image.
    tolerance : float or None, default None
        Distance in CIE L*a*b* up to which a pixel is background, for ``method="color"``; None for 20. About 2 is just
        seen, black and white are 100 apart.
    softness : float or None, default None
        Width of the soft edge. For ``method="color"``, the distance beyond the tolerance over which pixels become
        opaque; None for 10. For ``method="person"``, from 0 for a hard edge where the network is undecided (0.5) to 1
        for its own mask; None for 0.5.

    Returns
    -------
    PIL.Image.Image
        The image with its new background, upright, in sRGB: mode RGB, or RGBA where the background is not opaque.

    Raises
    ------
    UsageError
        Where the method, a colour or a number is none, or does not belong to the method.
    ExtractionError
        Where ``method="person"`` finds no person, or one on less than 1 % of the image.
    MediumError
        Where an image cannot be read.

    References
    ----------
    CIE (2018). Colorimetry, 4th edition (CIE 015:2018).

    Examples
    --------
    >>> import tidymedia as tm
    >>> from PIL import Image
    >>> scene = Image.new("RGB", (60, 40), "green")
    >>> scene.paste("red", (20, 10, 40, 40))
    >>> keyed = tm.replace_background(scene, "white", method="color")
    >>> keyed.getpixel((0, 0)), keyed.getpixel((30, 30))
    ((255, 255, 255), (255, 0, 0))
    >>> tm.replace_background(scene, "transparent", method="color").mode
    'RGBA'
    """
    if method not in ("person", "color"):
        raise UsageError(f"There is no method {method!r} to find a background.", "Choose person or color.")
    if method == "person" and (color is not None or tolerance is not None):
        raise UsageError("color and tolerance belong to the method color.", 'Give method="color" with them.')
    distance = _number("tolerance", tolerance, _TOLERANCE, math.inf)
    edge = _number("softness", softness, _SOFTNESS[method], _MORE[method])
    key = None if color is None else read_color(color)[:3]
    opened = full_color(open_image(image))
    rgb = to_rgb(_opaque(opened), profile=opened.info.get("icc_profile"))
    behind = _behind(background, rgb.size)
    if method == "color":
        front, alpha = key_out(rgb, key or border_color(rgb), distance, edge)
    else:
        front, alpha = rgb, _person(rgb, edge)
    if "A" in opened.getbands():
        alpha = ImageChops.multiply(alpha, opened.getchannel("A"))
    if behind.mode == "RGB":
        return Image.composite(front, behind, alpha)
    front.putalpha(alpha)
    return Image.alpha_composite(behind, front)


def _person(image: Image.Image, softness: float) -> Image.Image:
    from tidymedia.models.person_mask import person_mask

    mask = person_mask(image)
    if (mask > 0.5).mean() < _LEAST_PERSON:
        raise ExtractionError(
            "No person was found in the image.", 'The network finds people near the camera; or use method="color".'
        )
    mask = np.clip((mask - 0.5) / max(softness, 1e-6) + 0.5, 0, 1)
    return Image.fromarray(np.rint(mask * 255).astype(np.uint8))


def _behind(background: Background, size: tuple[int, int]) -> Image.Image:
    """Return the new background in the size of the image: RGB, or RGBA where it is not opaque."""
    if isinstance(background, (tuple, list)) or (isinstance(background, str) and _is_color(background)):
        rgba = read_color(background)
        return Image.new("RGB", size, rgba[:3]) if rgba[3] == 255 else Image.new("RGBA", size, rgba)
    opened = open_image(background)
    return fitted(to_rgb(opened, profile=opened.info.get("icc_profile")), size, "square", 0)


def _is_color(text: str) -> bool:
    if text.strip().lower() == "transparent":
        return True
    try:
        ImageColor.getrgb(text)
    except ValueError:
        return False
    return True


def _opaque(image: Image.Image) -> Image.Image:
    """Return the colours of an image without its alpha, which is used apart."""
    opaque = {"LA": "L", "RGBA": "RGB"}.get(image.mode)
    return image if opaque is None else image.convert(opaque)


def _number(name: str, value: float | None, default: float, most: float) -> float:
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= most or value == math.inf:
        limits = "0 or more" if most == math.inf else f"between 0 and {most:g}"
        raise UsageError(f"{name}={value!r} is not {limits}.", f"Give {name} as a number.")
    return float(value)
