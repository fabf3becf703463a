"""Twelve things that happen to a photograph on its way through the web; the same each time for the same photograph."""

from __future__ import annotations

import hashlib
import io
import random
from collections.abc import Callable
from typing import Final

from PIL import Image, ImageDraw, ImageFilter, ImageFont, ImageOps

__all__ = ["EDITS", "TURNED", "edited"]

_QUALITY: Final = 90
_PHRASES: Final = (
    "WHEN YOU SEE IT",
    "NOBODY EXPECTED THIS",
    "MONDAY AGAIN",
    "SHARE BEFORE IT IS GONE",
    "MEANWHILE AT HOME",
    "THIS IS FINE",
    "BREAKING NEWS",
    "ONE DOES NOT SIMPLY",
)


def _as_it_is(image: Image.Image, chance: random.Random) -> Image.Image:
    return image


def _resize(image: Image.Image, chance: random.Random) -> Image.Image:
    """Reduce each side to 25 %."""
    size = (max(1, round(image.width * 0.25)), max(1, round(image.height * 0.25)))
    return image.resize(size, Image.Resampling.LANCZOS)


def _crop(image: Image.Image, chance: random.Random) -> Image.Image:
    """Cut away 10 % of the width and 10 % of the height, shared out between opposite sides by chance: 81 % is left."""
    width, height = round(image.width * 0.9), round(image.height * 0.9)
    left = round(chance.uniform(0, image.width - width))
    top = round(chance.uniform(0, image.height - height))
    return image.crop((left, top, left + width, top + height))


def _border(image: Image.Image, chance: random.Random) -> Image.Image:
    """Add a border of one colour on all sides, as wide as 5 % of the longer side."""
    colour = chance.choice(["white", "black", (chance.randrange(256), chance.randrange(256), chance.randrange(256))])
    return ImageOps.expand(image, max(1, round(0.05 * max(image.size))), colour)


def _text(image: Image.Image, chance: random.Random) -> Image.Image:
    """Write white capitals with a black outline at the bottom and, in every second picture, at the top too."""
    made = image.copy()
    drawing = ImageDraw.Draw(made)
    for top in (False, True) if chance.random() < 0.5 else (False,):
        phrase = chance.choice(_PHRASES)
        font = ImageFont.load_default(image.height * 0.11)
        widest = 0.94 * image.width / drawing.textlength(phrase, font)
        size = image.height * 0.11 * min(1.0, widest)
        drawing.text(
            (image.width / 2, image.height * (0.03 if top else 0.97)),
            phrase,
            fill="white",
            font=ImageFont.load_default(size),
            anchor="ma" if top else "md",
            stroke_width=max(1, round(size * 0.06)),
            stroke_fill="black",
        )
    return made


def _gray(image: Image.Image, chance: random.Random) -> Image.Image:
    return image.convert("L")


def _gamma(image: Image.Image, chance: random.Random) -> Image.Image:
    """Make it brighter (gamma 0.6) or darker (1.6)."""
    gamma = chance.choice([0.6, 1.6])
    return image.point([round(255 * (level / 255) ** gamma) for level in range(256)] * 3)


def _blur(image: Image.Image, chance: random.Random) -> Image.Image:
    """Blur with a Gaussian whose standard deviation is 0.5 % of the longer side."""
    return image.filter(ImageFilter.GaussianBlur(0.005 * max(image.size)))


def _mirror(image: Image.Image, chance: random.Random) -> Image.Image:
    return ImageOps.mirror(image)


def _rotate_90(image: Image.Image, chance: random.Random) -> Image.Image:
    """Lay it on its left or on its right side."""
    return image.transpose(chance.choice([Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_270]))


def _rotate_5(image: Image.Image, chance: random.Random) -> Image.Image:
    """Rotate by 5 degrees to the left or right; the size stays, corners become black and what turns out is lost."""
    return image.rotate(chance.choice([-5, 5]), Image.Resampling.BICUBIC)


def _screenshot(image: Image.Image, chance: random.Random) -> Image.Image:
    """Show it on a page: a bar and an account above, lines of text below; the picture has 60 % of the area."""
    margin = round(image.width * 0.03)
    width = image.width + 2 * margin
    height = round(image.width * image.height / (0.6 * width))
    rest = height - image.height
    top = round(rest * 0.45)
    dark = chance.random() < 0.4
    page, bar, ink = ("#18191c", "#26282d", "#8d9096") if dark else ("white", "#f0f2f5", "#b8bcc4")
    made = Image.new("RGB", (width, height), page)
    drawing = ImageDraw.Draw(made)
    drawing.rectangle((0, 0, width, round(top * 0.4)), bar)
    for place in range(3):
        left = width - (place + 1) * round(top * 0.35)
        drawing.ellipse((left, top * 0.12, left + top * 0.16, top * 0.28), ink)
    drawing.text((margin, top * 0.08), "photos", ink, ImageFont.load_default(max(4, top * 0.22)))
    across = round(top * 0.42)
    colour = (chance.randrange(256), chance.randrange(256), chance.randrange(256))
    drawing.ellipse((margin, top * 0.49, margin + across, top * 0.49 + across), colour)
    for place, long in ((0.56, 0.3), (0.74, 0.18)):
        start = margin * 2 + across
        drawing.rectangle((start, top * place, start + width * long, top * (place + 0.08)), ink)
    made.paste(image, (margin, top))
    below, line = top + image.height, (rest - top) / 6
    for number in range(5):
        long = chance.uniform(0.5, 0.95) * width
        drawing.rectangle((margin, below + line * (number + 0.6), long, below + line * (number + 1)), ink)
    return made


EDITS: Final[dict[str, Callable[[Image.Image, random.Random], Image.Image]]] = {
    "JPEG quality 30": _as_it_is,
    "resize 25 %": _resize,
    "crop 10 %": _crop,
    "border": _border,
    "text": _text,
    "gray": _gray,
    "gamma": _gamma,
    "blur": _blur,
    "mirror": _mirror,
    "rotate 90": _rotate_90,
    "rotate 5": _rotate_5,
    "screenshot": _screenshot,
}
"""Every edit takes an RGB image and a source of chance."""

TURNED: Final = ("mirror", "rotate 90")


def edited(image: Image.Image, name: str, edit: str) -> bytes:
    """Return the photograph of this name after an edit, as a JPEG file of quality 90 (or 30)."""
    chance = random.Random(int.from_bytes(hashlib.sha256(f"{edit}/{name}".encode()).digest()[:8]))
    made = EDITS[edit](image, chance)
    stored = io.BytesIO()
    made.save(stored, "JPEG", quality=30 if edit == "JPEG quality 30" else _QUALITY)
    return stored.getvalue()
