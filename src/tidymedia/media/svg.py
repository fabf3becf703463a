"""SVG, made harmless before it is drawn: nothing outside of the file is read, nothing in it explodes."""

from __future__ import annotations

import base64
import binascii
import io
import math
import re
import urllib.parse
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from tidymedia.errors import BrokenFileError, OverLimitError
from tidymedia.media.medium import Tick
from tidymedia.media.pillow import check_pixels, open_image
from tidymedia.media.settings import Limits

__all__ = ["SafeSvg", "read_svg"]

_DEEPEST = 256
_OCTAVES = 10
"""Each octave of a noise is half as strong as the one before: later ones cannot be seen, but take time."""
_LARGEST = 200_000_000
_UNITS = {
    "": 1.0,
    "px": 1.0,
    "pt": 96 / 72,
    "pc": 16.0,
    "in": 96.0,
    "cm": 96 / 2.54,
    "mm": 96 / 25.4,
    "em": 16.0,
    "ex": 8.0,
}
_LENGTH = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*([a-z]*|%)\s*", re.IGNORECASE)
_OUTER = frozenset({"width", "height"})


@dataclass(slots=True)
class SafeSvg:
    """A drawing without references to anything outside of itself.

    Parameters
    ----------
    root : str
        Name of the outermost element, with its prefix.
    attributes : dict of str to str
        Attributes of the outermost element but for its width and height.
    body : str
        What is within it, as XML.
    letters : set of str
        The letters of its texts.
    size : tuple of float or None
        Width and height in CSS pixels; None where the drawing has none and is as large as its content.
    """

    root: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    body: str = ""
    letters: set[str] = field(default_factory=set)
    size: tuple[float, float] | None = None

    def at(self, width: int, height: int) -> str:
        """Return the drawing at a size.

        Parameters
        ----------
        width, height : int
            The size in pixels.

        Returns
        -------
        str
            The drawing as XML.
        """
        attributes = dict(self.attributes)
        if self.size is not None:
            attributes |= {"width": str(width), "height": str(height)}
            attributes.setdefault("viewBox", f"0 0 {self.size[0]:.9g} {self.size[1]:.9g}")
        listed = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
        return f"<{self.root}{listed}>{self.body}</{self.root}>"


def read_svg(data: bytes, name: str, limits: Limits, tick: Tick) -> SafeSvg:
    """Parse a drawing and leave out what points outside of it.

    Pictures and drawings within it (``data:`` addresses) are kept, everything else that it refers to
    (``file:``, ``http:``, a path) is left out. Entities are resolved by expat, which has a limit against
    those that multiply; external ones are left out.

    Parameters
    ----------
    data : bytes
        The drawing as XML, in any encoding that it states.
    name : str
        Name of the file, for messages.
    limits : Limits
        Limits of the study; pictures in the drawing must keep to them too.
    tick : callable
        Called every few thousand elements.

    Returns
    -------
    SafeSvg
        The drawing, to be drawn at any size.

    Raises
    ------
    BrokenFileError
        Where it is no XML, no SVG, or has no size.
    OverLimitError
        Where it is nested too deeply, grows too large, or holds a picture that is too large.
    """
    reader = _Reader(name, limits, tick, inner=False)
    return reader.read(data)


class _Reader:
    def __init__(self, name: str, limits: Limits, tick: Tick, *, inner: bool) -> None:
        self._name = name
        self._limits = limits
        self._tick = tick
        self._inner = inner
        self._found = SafeSvg()
        self._parts: list[str] = []
        self._open: list[str] = []
        self._written = 0
        self._elements = 0
        self._sizes: tuple[str, str] = ("", "")

    def read(self, data: bytes) -> SafeSvg:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.ordered_attributes = False
        # Parameter entities, hence external document types, stay unread.
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        try:
            parser.Parse(data, True)
        except (expat.ExpatError, LookupError, ValueError) as error:
            if "amplification" in str(error):
                raise OverLimitError(
                    f"{self._name} grows without end when its entities are resolved.",
                    "This is how harmful files are made: leave it out.",
                ) from error
            raise BrokenFileError(f"{self._name} is no well-formed XML ({error}).", "Save it again as SVG.") from error
        self._found.body = "".join(self._parts)
        self._found.size = self._measure()
        return self._found

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if self._elements % 5000 == 0:
            self._tick()
        if len(self._open) >= _DEEPEST:
            raise OverLimitError(
                f"{self._name} is nested more deeply than {_DEEPEST} elements.", "Simplify it, or export it as PNG."
            )
        kept = self._harmless(attributes)
        if not self._open:
            if tag.rpartition(":")[2] != "svg":
                raise BrokenFileError(
                    f"{self._name} is XML, but no SVG (it begins with <{tag[:40]}>).", "Leave it out."
                )
            self._found.root = tag
            self._sizes = (kept.get("width", ""), kept.get("height", ""))
            self._found.attributes = {key: value for key, value in kept.items() if key not in _OUTER}
        else:
            self._write(f"<{tag}" + "".join(f" {key}={quoteattr(value)}" for key, value in kept.items()) + ">")
        self._open.append(tag)

    def _end(self, tag: str) -> None:
        self._open.pop()
        if self._open:
            self._write(f"</{tag}>")

    def _text(self, text: str) -> None:
        self._write(escape(text))
        if self._open and self._open[-1].rpartition(":")[2] not in ("style", "script"):
            self._found.letters.update(text)

    def _write(self, text: str) -> None:
        self._written += len(text)
        if self._written > _LARGEST:
            raise OverLimitError(
                f"{self._name} has more than {_LARGEST:,} characters when its entities are resolved.",
                "Export it as PNG.",
            )
        self._parts.append(text)

    def _harmless(self, attributes: dict[str, str]) -> dict[str, str]:
        kept: dict[str, str] = {}
        for key, value in attributes.items():
            if key == "numOctaves" and _number(value) > _OCTAVES:
                kept[key] = str(_OCTAVES)
            elif key.rpartition(":")[2].lower() != "href" or value.lstrip().startswith("#"):
                kept[key] = value
            elif value.lstrip()[:5].lower() == "data:" and not self._inner:
                checked = self._embedded(value.strip())
                if checked is not None:
                    kept[key] = checked
        return kept

    def _embedded(self, address: str) -> str | None:
        """Check a picture in the drawing before the renderer decodes it; None leaves it out."""
        head, _, payload = address.partition(",")
        try:
            raw = urllib.parse.unquote_to_bytes(payload)
            data = base64.b64decode(b"".join(raw.split())) if ";base64" in head.lower() else raw
        except (binascii.Error, ValueError):
            return None
        if "svg" in head.lower() or data.lstrip()[:1] == b"<" or data[:2] == b"\x1f\x8b":
            if data[:2] == b"\x1f\x8b":
                return None
            try:
                inner = _Reader(f"a drawing in {self._name}", self._limits, self._tick, inner=True).read(data)
            except BrokenFileError:
                return None
            if inner.size is None:
                return None
            clean = inner.at(*(max(1, round(min(side, 1e6))) for side in inner.size)).encode()
            return "data:image/svg+xml;base64," + base64.b64encode(clean).decode()
        try:
            image = open_image(io.BytesIO(data), f"a picture in {self._name}", self._limits)
        except BrokenFileError:
            return None
        check_pixels(*image.size, f"a picture in {self._name}", self._limits)
        return f"data:image/{(image.format or '').lower()};base64,{base64.b64encode(data).decode()}"

    def _measure(self) -> tuple[float, float] | None:
        view = self._view_box()
        width = _length(self._sizes[0], view[0] if view else None)
        height = _length(self._sizes[1], view[1] if view else None)
        if width is None and height is None:
            return view
        if width is None or height is None:
            if view is None:
                return None
            width = height * view[0] / view[1] if width is None and height is not None else width
            height = width * view[1] / view[0] if height is None and width is not None else height
        if width is None or height is None or not 0 < width < math.inf or not 0 < height < math.inf:
            raise BrokenFileError(
                f"{self._name} has no area ({self._sizes[0]} x {self._sizes[1]}).", "Export it again."
            )
        return width, height

    def _view_box(self) -> tuple[float, float] | None:
        try:
            box = [float(part) for part in re.split(r"[\s,]+", self._found.attributes.get("viewBox", "").strip())]
        except ValueError:
            box = []
        if len(box) == 4 and all(map(math.isfinite, box)) and box[2] > 0 and box[3] > 0:
            return box[2], box[3]
        # The renderer would refuse the whole drawing for a view box that makes no sense.
        self._found.attributes.pop("viewBox", None)
        return None


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def _length(text: str, whole: float | None) -> float | None:
    match = _LENGTH.fullmatch(text)
    if match is None:
        return None
    number, unit = float(match[1]), match[2].lower()
    if unit == "%":
        return None if whole is None else whole * number / 100
    return number * _UNITS[unit] if unit in _UNITS else None
