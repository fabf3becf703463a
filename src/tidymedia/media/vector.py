"""Drawings: SVG, and EPS where Ghostscript is installed; others say how they can be converted."""

from __future__ import annotations

import gzip
import io
import shlex
import threading
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath
from typing import Any

from PIL import Image

from tidymedia.errors import (
    BrokenFileError,
    EmptyFileError,
    MediumError,
    OverLimitError,
    UnsupportedError,
)
from tidymedia.media.color_conversion import background_color, to_rgb
from tidymedia.media.eps import bounding_box, find_ghostscript, postscript_of, render_eps
from tidymedia.media.kinds import Kind
from tidymedia.media.location import Location
from tidymedia.media.medium import Medium, Tick
from tidymedia.media.picture import BrokenPicture, Picture, SizeClass
from tidymedia.media.pillow import pillow_errors
from tidymedia.media.properties import Properties
from tidymedia.media.settings import Limits, PictureSettings
from tidymedia.media.svg import SafeSvg, read_svg

__all__ = ["Drawing"]

_LARGEST = 100_000_000
_CHUNK = 1 << 20
_STACK_BYTES = 64 << 20
_OTHERS = (
    (b"\xd7\xcd\xc6\x9a", "WMF"),
    (b"\x01\x00\x09\x00", "WMF"),
    (b"\x02\x00\x09\x00", "WMF"),
    (b"\x01\x00\x00\x00", "EMF"),
)


class Drawing(Medium):
    """A drawing made of lines and letters, drawn at the size that the study asks for.

    Its long side is ``settings.vector_side`` pixels; a smaller class is drawn at its own size, not shrunk.

    Text is set in the DejaVu fonts that come with matplotlib, so that a drawing looks the same on every
    machine, also where other fonts are installed: letters are as wide as in DejaVu, not as in the font that
    the drawing names. Only for letters that DejaVu does not have (Chinese, Japanese, Korean, emoji and
    others) the fonts of the machine are used too; where none has them, they are shown as empty boxes. A font
    that is not known is replaced by DejaVu Sans, one that the drawing calls serif too.

    Nothing outside of the file is read: pictures and style sheets that it refers to are left out, scripts
    and animations are not run.

    Parameters
    ----------
    location : Location
        Where the bytes are.
    settings : PictureSettings
        Long side and background.
    limits : Limits
        How many pixels.
    tick : callable
        Called by long loops.

    Raises
    ------
    UnsupportedError
        For WMF, EMF and DRW, and for EPS where Ghostscript is missing.
    BrokenFileError
        Where it is no drawing, or damaged.
    OverLimitError
        Where it is unreasonably large, deep or self-multiplying.
    """

    kind = Kind.VECTOR

    def __init__(self, location: Location, settings: PictureSettings, limits: Limits, tick: Tick) -> None:
        self._name = location.name
        self._settings = settings
        self._limits = limits
        self._tick = tick
        background_color(settings.background)
        if settings.vector_side**2 > limits.pixels:
            raise OverLimitError(
                f"{self._name} would be drawn {settings.vector_side:,} pixels long, with more than "
                f"{limits.pixels:,} in all.",
                "Choose a smaller vector_side.",
            )
        with location.open() as stream:
            data = stream.read(_LARGEST + 1)
        if not data:
            raise EmptyFileError(f"{self._name} has zero bytes.", "Get the file again.")
        if len(data) > _LARGEST:
            raise OverLimitError(f"{self._name} has more than {_LARGEST:,} bytes.", "Export it as PNG.")
        self._draw: Callable[[tuple[int, int]], Image.Image]
        if data[:2] == b"\x1f\x8b":
            data = self._unpacked(data)
        if data[:4] == b"\xc5\xd0\xd3\xc6" or data.lstrip(b"\x04\x00\r\n\t ")[:4] == b"%!PS":
            self._format = "EPS"
            self._open_eps(postscript_of(data))
        elif _looks_like_xml(data):
            self._format = "SVG"
            self._open_svg(read_svg(data, self._name, limits, tick))
        else:
            raise self._unsupported(data)

    def _unpacked(self, data: bytes) -> bytes:
        unpacked = io.BytesIO()
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
                while chunk := packed.read(_CHUNK):
                    unpacked.write(chunk)
                    self._tick()
                    if unpacked.tell() > _LARGEST:
                        raise OverLimitError(
                            f"{self._name} has more than {_LARGEST:,} bytes when it is unpacked.", "Export it as PNG."
                        )
        except (OSError, EOFError, zlib.error) as error:
            raise BrokenFileError(f"{self._name} is damaged or cut off ({error}).", "Get the file again.") from error
        return unpacked.getvalue()

    def _unsupported(self, data: bytes) -> MediumError:
        kind = next((name for mark, name in _OTHERS if data.startswith(mark)), "")
        suffix = PurePosixPath(self._name).suffix
        if not kind and suffix.lower() not in (".drw", ".wmf", ".emf"):
            return BrokenFileError(f"{self._name} is no drawing that is known here.", "Get the file again.")
        quoted = shlex.quote(self._name)
        return UnsupportedError(
            f"{self._name} is a drawing in the format {kind or suffix[1:].upper()}, which cannot be read here.",
            f"Convert it with LibreOffice: soffice --headless --convert-to svg {quoted} (or with Inkscape: "
            f"inkscape --export-type=svg {quoted}).",
        )

    def _open_svg(self, drawing: SafeSvg) -> None:
        fonts = _fonts_for(drawing.letters)
        if drawing.size is None:
            # As large as its content, which only the renderer knows.
            side = self._settings.vector_side
            self._size = self._svg(drawing.at(side, side), fonts, (side, side)).size
            self._draw = lambda size: self._svg(drawing.at(*size), fonts, size)
        else:
            self._size = _fitted(*drawing.size, self._settings.vector_side)
            self._draw = lambda size: self._svg(drawing.at(*size), fonts, None)

    def _svg(self, text: str, fonts: dict[str, Any], fit: tuple[int, int] | None) -> Image.Image:
        png = _on_a_deep_stack(lambda: _resvg(text, fonts, fit, self._name))
        with pillow_errors(self._name, self._limits):
            return to_rgb(Image.open(io.BytesIO(png)), self._settings.background)

    def _open_eps(self, program: bytes) -> None:
        find_ghostscript(self._name)
        box = bounding_box(program, self._name)
        self._size = _fitted(box[2], box[3], self._settings.vector_side)
        self._draw = lambda size: to_rgb(
            render_eps(program, box, size, self._name, self._limits, self._tick), self._settings.background
        )

    def properties(self, *, gps: bool = False) -> Properties:
        """Describe the drawing.

        Parameters
        ----------
        gps : bool, default False
            Not used: a drawing has no place.

        Returns
        -------
        Properties
            ``format``. A drawing has no size in pixels of its own: see ``pictures`` for the one it is drawn at.
        """
        return {"format": self._format}

    def pictures(self, start: int = 0) -> Iterator[Picture | BrokenPicture]:
        """Give the one picture.

        Parameters
        ----------
        start : int, default 0
            First picture to give.

        Yields
        ------
        Picture or BrokenPicture
            The drawing.
        """
        if start > 0:
            return
        width, height = self._size

        def decode(wanted: SizeClass) -> Image.Image:
            side = min(max(width, height), wanted.long_side or max(width, height))
            image = self._draw(_fitted(width, height, side))
            self._tick()
            return image

        yield Picture(0, width, height, decode)


def _looks_like_xml(data: bytes) -> bool:
    head = data[:200].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe\r\n\t ")
    return head[:1] == b"<"


def _fitted(width: float, height: float, side: int) -> tuple[int, int]:
    longest = max(width, height)
    return max(1, round(width / longest * side)), max(1, round(height / longest * side))


def _fonts_for(letters: set[str]) -> dict[str, Any]:
    """Choose fonts: those of the machine only where ours lack a letter."""
    import matplotlib
    from matplotlib.ft2font import FT2Font

    folder = Path(matplotlib.get_data_path(), "fonts", "ttf")
    known = FT2Font(str(folder / "DejaVuSans.ttf")).get_charmap()
    return {
        "font_files": [str(path) for path in sorted(folder.glob("DejaVu*.ttf")) if "Display" not in path.name],
        "skip_system_fonts": all(ord(letter) in known for letter in letters if letter.isprintable()),
        "font_family": "DejaVu Sans",
        "sans_serif_family": "DejaVu Sans",
        "cursive_family": "DejaVu Sans",
        "fantasy_family": "DejaVu Sans",
        # What a drawing names and the machine lacks (Arial, Helvetica) is replaced by the serif family.
        "serif_family": "DejaVu Sans",
        "monospace_family": "DejaVu Sans Mono",
    }


def _resvg(text: str, fonts: dict[str, Any], fit: tuple[int, int] | None, name: str) -> bytes:
    import resvg_py

    options = dict(fonts) if fit is None else {**fonts, "width": fit[0], "height": fit[1]}
    try:
        return bytes(resvg_py.svg_to_bytes(svg_string=text, dpi=96.0, **options))
    except ValueError as error:
        if "nodes limit" in str(error):
            raise OverLimitError(
                f"{name} has more elements than can be drawn, once its repetitions are counted.", "Export it as PNG."
            ) from error
        raise _undrawable(name, error) from error
    except BaseException as error:
        # A panic of the renderer is no Exception, and its class cannot be imported.
        if type(error).__name__ != "PanicException":
            raise
        raise _undrawable(name, error) from error


def _undrawable(name: str, error: BaseException) -> BrokenFileError:
    return BrokenFileError(f"{name} cannot be drawn ({str(error)[:200]}).", "Export it again, or as PNG.")


def _on_a_deep_stack(work: Callable[[], bytes]) -> bytes:
    """Run the renderer where its recursion has room: the main thread of Windows has one megabyte."""
    before = threading.stack_size(_STACK_BYTES)
    try:
        with ThreadPoolExecutor(1, "tidymedia-drawing") as pool:
            return pool.submit(work).result()
    finally:
        threading.stack_size(before)
