"""Tesseract in this process, through tesserocr."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from statistics import fmean
from types import ModuleType
from typing import TYPE_CHECKING, Any

from tidymedia.errors import ExtractionError, UnavailableError
from tidymedia.extractors.ocr_blocks import Block, enclosing_box
from tidymedia.extractors.ocr_languages import language_tag

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["LAYOUTS", "Tesseract", "Turned", "import_tesserocr"]

LAYOUTS = {"auto": 3, "block": 6, "line": 7, "sparse": 11}
"""Page segmentation modes of Tesseract by our words."""

_LSTM_ONLY = 1
_ORIENTATION_ONLY = 0
_SMALLEST_SIDE = 8
_STRONGEST_TINT = 40
_MOST_COLOURED = 0.0005
_SUREST_TURN = 2.0
"""Smallest confidence of Tesseract at which a picture is turned."""


def import_tesserocr() -> ModuleType | None:
    """Import tesserocr so that Tesseract uses one thread, or return None where it is not installed."""
    # OpenMP reads it when the library is loaded. More threads make several processes at once slower.
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")
    try:
        import tesserocr
    except ImportError:
        return None
    module: ModuleType = tesserocr
    return module


class Turned:
    """Says by how many quarters a page is turned.

    Parameters
    ----------
    data : pathlib.Path
        The file ``osd.traineddata``.
    """

    def __init__(self, data: Path) -> None:
        self._api = _start(("osd",), {"osd": data}, _ORIENTATION_ONLY, engine=None)

    def degrees(self, image: Image.Image) -> int:
        """Return by how many degrees an image is to be turned counter-clockwise to stand upright.

        Parameters
        ----------
        image : PIL.Image.Image
            The image.

        Returns
        -------
        int
            0, 90, 180 or 270; 0 where there is too little text to tell.
        """
        if min(image.size) < _SMALLEST_SIDE:
            return 0
        _set_image(self._api, image.convert("L"), None)
        found = self._api.DetectOrientationScript()
        self._api.Clear()
        if not found or found["orient_conf"] < _SUREST_TURN:
            return 0
        return int(found["orient_deg"]) % 360


class Tesseract:
    """Tesseract with its language data in memory.

    Parameters
    ----------
    files : mapping of str to pathlib.Path
        The ``.traineddata`` file of each language, by its code, the main language first.
    layout : str, default "auto"
        One of :data:`LAYOUTS`.
    by_line : bool, default False
        Whether each line is a block of its own.

    Raises
    ------
    UnavailableError
        Where tesserocr is not installed or cannot read the language data.
    """

    def __init__(self, files: Mapping[str, Path], layout: str = "auto", by_line: bool = False) -> None:
        self._codes = tuple(files)
        self._by_line = by_line
        self._api = _start(self._codes, files, LAYOUTS[layout], engine=_LSTM_ONLY)

    def read(self, image: Image.Image, dpi: int | None) -> list[Block]:
        """Read the text of an image.

        Parameters
        ----------
        image : PIL.Image.Image
            The image, mode L or RGB.
        dpi : int or None
            Its resolution, where it is known.

        Returns
        -------
        list of Block
            Blocks in reading order, boxes in pixels of the image.

        Raises
        ------
        ExtractionError
            Where Tesseract gives up.
        """
        if min(image.size) < _SMALLEST_SIDE:
            return []
        try:
            _set_image(self._api, image, dpi)
            if not self._api.Recognize():
                raise ExtractionError("Tesseract gave up on the picture.", "Try another ocr.layout or ocr.engine.")
            return self._blocks()
        except RuntimeError as error:
            raise ExtractionError(f"Tesseract gave up on the picture: {error}.", "Try ocr.engine=rapidocr.") from error
        finally:
            # What it learnt from one page must not change how it reads the next.
            self._api.ClearAdaptiveClassifier()
            self._api.Clear()

    def _blocks(self) -> list[Block]:
        """Return what was read."""
        from tesserocr import RIL

        words = self._api.GetIterator()
        if words is None:
            return []
        start = RIL.TEXTLINE if self._by_line else RIL.BLOCK
        blocks: list[Block] = []
        block = _Collected()
        while True:
            if not words.Empty(RIL.WORD):
                if words.IsAtBeginningOf(start):
                    blocks += block.finish()
                    block = _Collected()
                if words.IsAtBeginningOf(RIL.TEXTLINE):
                    box, opens = words.BoundingBox(RIL.TEXTLINE), words.IsAtBeginningOf(RIL.PARA)
                    block.add_line(words.GetUTF8Text(RIL.TEXTLINE), box, opens)
                block.add_word(words.GetUTF8Text(RIL.WORD), words.Confidence(RIL.WORD), self._language(words))
            if not words.Next(RIL.WORD):
                break
        return blocks + block.finish()

    def _language(self, words: Any) -> str:
        """Return the code of the language in which a word was read."""
        return self._codes[0] if len(self._codes) == 1 else words.WordRecognitionLanguage() or self._codes[0]


class _Collected:
    """The lines and words of one block."""

    def __init__(self) -> None:
        self.text = ""
        self.boxes: list[tuple[float, float, float, float]] = []
        self.scores: list[float] = []
        self.letters: dict[str, int] = {}

    def add_line(self, text: str, corners: tuple[int, int, int, int] | None, new_paragraph: bool) -> None:
        """Add a line; one without text, such as a ruled line, is left out."""
        text = text.strip()
        if not text or corners is None:
            return
        self.text += (("\n\n" if new_paragraph else "\n") if self.text else "") + text
        left, top, right, bottom = corners
        self.boxes.append((left, top, right - left, bottom - top))

    def add_word(self, text: str, confidence: float, code: str) -> None:
        """Add the score and the language of a word."""
        if text.strip():
            self.scores.append(min(max(confidence / 100, 0.0), 1.0))
            self.letters[code] = self.letters.get(code, 0) + len(text)

    def finish(self) -> list[Block]:
        """Return the block; none where it has no text."""
        if not self.boxes or not self.scores:
            return []
        code = max(self.letters, key=lambda code: self.letters[code])
        return [Block(self.text, enclosing_box(self.boxes), round(fmean(self.scores), 4), language_tag(code))]


def _start(codes: tuple[str, ...], files: Mapping[str, Path], layout: int, engine: int | None) -> Any:
    """Start Tesseract with language data that may lie in several folders."""
    tesserocr = import_tesserocr()
    if tesserocr is None:
        raise UnavailableError(
            "tesserocr is not installed.", "Get it with: pip install tesserocr; or set ocr.engine=rapidocr."
        )
    folders = {_folder_of(code, path) for code, path in files.items()}
    try:
        if len(folders) == 1:
            return _api(tesserocr, folders.pop(), codes, layout, engine)
        # Tesseract takes one folder only. It has read all files when it has started, so this one can go.
        with tempfile.TemporaryDirectory(prefix="tidymedia-tessdata-") as name:
            for code, path in files.items():
                _link(path, Path(name) / f"{code}.traineddata")
            return _api(tesserocr, Path(name), codes, layout, engine)
    except RuntimeError as error:
        named = ", ".join(str(path) for path in files.values())
        raise UnavailableError(
            f"Tesseract cannot use the language data {named}.", "Download it again, from tessdata_fast."
        ) from error


def _api(tesserocr: ModuleType, folder: Path, codes: tuple[str, ...], layout: int, engine: int | None) -> Any:
    """Start Tesseract with the language data of one folder."""
    return tesserocr.PyTessBaseAPI(
        path=f"{folder}{os.sep}",
        lang="+".join(codes),
        psm=layout,
        oem=tesserocr.OEM.DEFAULT if engine is None else engine,
        variables={"debug_file": os.devnull},
    )


def _folder_of(code: str, path: Path) -> Path:
    """Return the folder to which the code of a language is relative: script/Latin lies in a folder of its own."""
    return path.parents[code.count("/")]


def _link(source: Path, target: Path) -> None:
    """Make a file appear in another folder; copied where links are not allowed."""
    import shutil

    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source.resolve(), target)
    except OSError:
        shutil.copyfile(source, target)


def _is_nearly_gray(image: Image.Image) -> bool:
    """Say whether a picture has one tint at most, as ink on yellowed paper; Tesseract reads gray much faster."""
    import numpy as np

    small = image.reduce(max(1, max(image.size) // 800))
    red, green, blue = np.moveaxis(np.asarray(small).astype(np.int16), -1, 0)
    for difference in (red - green, green - blue):
        tinted = np.abs(difference - np.median(difference)) > _STRONGEST_TINT
        if tinted.mean() > _MOST_COLOURED:
            return False
    return True


def _set_image(api: Any, image: Image.Image, dpi: int | None) -> None:
    """Hand over an image as it lies in memory, not packed into a file; as gray where it has hardly any colours."""
    if image.mode == "RGB" and _is_nearly_gray(image):
        image = image.convert("L")
    channels = len(image.getbands())
    api.SetImageBytes(image.tobytes(), image.width, image.height, channels, image.width * channels)
    if dpi is not None:
        api.SetSourceResolution(dpi)
