"""Text in pictures: recognised, or read from the text layer of a document."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from tidymedia.errors import UnavailableError
from tidymedia.extractors.base import Availability, PictureExtractor, Row
from tidymedia.extractors.ocr_languages import (
    find_language,
    has_latin_or_chinese_letters,
    how_to_get,
    sha256_of,
)
from tidymedia.extractors.ocr_parameters import OcrParameters
from tidymedia.extractors.ocr_preparation import Preparation
from tidymedia.extractors.ocr_rapidocr import RapidOcr, network_files, networks_name
from tidymedia.extractors.ocr_tesseract import Tesseract, Turned, import_tesserocr
from tidymedia.extractors.ocr_text_layer import usable_text_layer
from tidymedia.media.picture import SizeClass
from tidymedia.tables import Column, Summary, Table

if TYPE_CHECKING:
    from tidymedia.extractors.ocr_blocks import Block, Reader
    from tidymedia.media.picture import Picture

__all__ = ["TEXTS", "Ocr", "OcrParameters"]

_UPSCALE = {"tesseract": 1000, "rapidocr": 0}
"""Longer side to which smaller pictures are enlarged, in pixels, where the user says nothing."""

TEXTS = Table(
    "texts",
    ("picture", "block"),
    (
        Column(
            "text",
            "string",
            "The text as printed: lines end with a newline, paragraphs with an empty line, and words that are divided "
            "at the end of a line stay divided.",
        ),
        Column("box_x", "number", "Left edge of the block in its picture.", unit="px", range="0 and more"),
        Column("box_y", "number", "Top edge of the block in its picture.", unit="px", range="0 and more"),
        Column("box_width", "number", "Width of the block.", unit="px", range="0 and more"),
        Column("box_height", "number", "Height of the block.", unit="px", range="0 and more"),
        Column("box_share", "number", "Share of the area of the picture that the block covers.", range="0 to 1"),
        Column(
            "score",
            "number",
            "How sure the engine is: mean confidence of the words (Tesseract) or lines (RapidOCR). It is no "
            "probability, and the scores of the two engines cannot be compared.",
            range="0 to 1",
            missing="the text was read from a text layer",
        ),
        Column(
            "lang",
            "string",
            "Language as which Tesseract read most of the block, out of those it was told to expect, as BCP 47. It "
            "does not detect other languages.",
            missing="RapidOCR and text layers do not say",
        ),
        Column("words", "integer", "Number of words, divided by white space.", range="1 and more"),
        Column(
            "source",
            "string",
            "Whether the text was recognised or read from the text layer of the document; the model has no part in "
            "the latter.",
            range="ocr | text_layer",
        ),
    ),
    "One block of text in a picture, in reading order.",
    (
        Summary(Column("text_words", "integer", "Words that were read, in all pictures."), "coalesce(sum(words), 0)"),
        Summary(
            Column("text", "string", "All text that was read, in reading order."),
            "string_agg(text, chr(10) || chr(10) order by picture, block)",
        ),
    ),
)


class Ocr(PictureExtractor):
    """Reads the text in pictures with Tesseract or with the networks of RapidOCR.

    Boxes and scores come with each block. A page of a document whose text layer is real text is not recognised.

    Parameters
    ----------
    parameters : OcrParameters
        How text is read.

    Examples
    --------
    >>> Ocr(OcrParameters(lang="en+de", engine="rapidocr")).parameters.lang
    'eng+deu'
    """

    name = "ocr"
    version = 1
    title = "Text in pictures: recognised, or read from the text layer of a document."
    caveat = (
        "Recognition makes errors, more of them in small, blurred, slanted, decorated or handwritten text and in "
        "languages that it was not told to expect; photographs can give words that are not there, mostly with a low "
        "score. Check a sample by hand."
    )
    citation = (
        "Smith, R. (2007). An overview of the Tesseract OCR engine. ICDAR 2007, 629-633.\n"
        "Du, Y. et al. (2020). PP-OCR: A practical ultra lightweight OCR system. arXiv:2009.09941 (engine rapidocr)."
    )
    tables: ClassVar[tuple[Table, ...]] = (TEXTS,)
    parameters_type = OcrParameters
    parameters: OcrParameters

    def __init__(self, parameters: OcrParameters) -> None:
        super().__init__(parameters)
        self._reader: Reader | None = None
        self._turned: Turned | None = None

    @functools.cached_property
    def engine(self) -> str:
        """The engine that reads here: the one asked for, or rapidocr where tesserocr cannot be imported."""
        if self.parameters.engine == "tesseract" and import_tesserocr() is None:
            return "rapidocr"
        return self.parameters.engine

    @property
    def size(self) -> SizeClass:
        """Pages at the resolution asked for, pictures as they are, up to the longest side."""
        return SizeClass("reading", self.parameters.long_side, self.parameters.dpi)

    @property
    def model(self) -> str:
        """Engine and data, such as ``tesseract-5.5.4/eng@7d4322bd``: eight digits of the sha256 of each file."""
        if self.engine == "rapidocr":
            return f"{networks_name()}@{self._hashes().get('Rec', 'missing')[:8]}"
        tesserocr = import_tesserocr()
        version = tesserocr.tesseract_version().split()[1] if tesserocr is not None else "missing"
        hashes = self._hashes()
        codes = self.parameters.lang.split("+")
        return f"tesseract-{version}/" + "+".join(f"{code}@{hashes.get(code, 'missing')[:8]}" for code in codes)

    @property
    def model_hash(self) -> str:
        """Version and sha256 of all files that take part."""
        hashes = " ".join(f"{name}={digest}" for name, digest in self._hashes().items())
        return f"{self.model} {hashes}"

    def availability(self) -> Availability:
        """Say whether engine and languages are there; where another engine steps in, ``missing`` says so."""
        languages = self.parameters.lang.split("+")
        if self.parameters.orientation:
            if import_tesserocr() is None:
                return Availability(False, "ocr.orientation needs tesserocr.", "Get it with: pip install tesserocr")
            if find_language("osd") is None:
                return Availability(False, "ocr.orientation needs Tesseract's data osd.", how_to_get("osd"))
        if self.engine == "tesseract":
            for code in languages:
                if find_language(code) is None:
                    return Availability(False, f"Tesseract has no data for the language {code}.", how_to_get(code))
            return Availability(True)
        if len(network_files()) < 2:
            return Availability(False, "rapidocr is not installed.", "Get it with: pip install rapidocr")
        for code in languages:
            if not has_latin_or_chinese_letters(code):
                return Availability(
                    False,
                    f"RapidOCR does not know the letters of the language {code}.",
                    f"Use ocr.engine=tesseract. {how_to_get(code)}",
                )
        if self.engine != self.parameters.engine:
            return Availability(
                True,
                "Tesseract is not installed: ocr reads with rapidocr, which is weaker on printed pages.",
                "Get it with: pip install tesserocr; or set ocr.engine=rapidocr to say that this is meant.",
            )
        return Availability(True)

    def load(self) -> None:
        """Load the engine.

        Raises
        ------
        UnavailableError
            Where it or the data of a language is missing.
        """
        found = self.availability()
        if not found.installed:
            raise UnavailableError(found.missing, found.remedy)
        by_line = self.parameters.unit == "line"
        files = self._files()
        if self.parameters.orientation:
            self._turned = Turned(files["osd"])
        if self.engine == "rapidocr":
            self._reader = RapidOcr(by_line)
        else:
            languages = {code: files[code] for code in self.parameters.lang.split("+")}
            self._reader = Tesseract(languages, self.parameters.layout, by_line)

    def wants_image(self, picture: Picture) -> bool:
        """Say no where the text layer is used."""
        return not (self.parameters.text_layer and usable_text_layer(picture))

    def from_picture(self, picture: Picture) -> Iterator[Row]:
        """Give a row a block."""
        blocks = usable_text_layer(picture) if self.parameters.text_layer else []
        source = "text_layer" if blocks else "ocr"
        for number, block in enumerate(blocks or self._recognise(picture)):
            left, top, width, height = block.box
            yield Row(
                "texts",
                {
                    "picture": picture.index,
                    "block": number,
                    "text": block.text,
                    "box_x": left,
                    "box_y": top,
                    "box_width": width,
                    "box_height": height,
                    "box_share": min(1.0, width * height / (picture.width * picture.height)),
                    "score": block.score,
                    "lang": block.lang,
                    "words": len(block.text.split()),
                    "source": source,
                },
            )

    def _recognise(self, picture: Picture) -> Iterator[Block]:
        """Read the image of a picture; boxes in pixels of the picture."""
        if self._reader is None:
            raise UnavailableError("The extractor ocr has no engine yet.", "Call load() first.")
        image = picture.image(self.size)
        parameters = self.parameters
        prepared = Preparation(
            crop=parameters.crop,
            turn=self._turned.degrees(image) if self._turned is not None else 0,
            upscale=_UPSCALE[self.engine] if parameters.upscale is None else parameters.upscale,
            gray=parameters.gray,
            deskew=parameters.deskew,
            median=parameters.median,
            threshold=parameters.threshold,
        ).apply(image)
        dpi = parameters.dpi if picture.page is not None else None
        for block in self._reader.read(prepared.image, dpi):
            if block.score is None or block.score >= parameters.minimum_score:
                box = picture.box_from(prepared.back.box(block.box, image.size), image)
                yield dataclasses.replace(block, box=box)

    def _files(self) -> dict[str, Path]:
        """Return the files of the model that are there."""
        files: dict[str, Path] = {}
        codes = [] if self.engine == "rapidocr" else self.parameters.lang.split("+")
        for code in (*codes, *(["osd"] if self.parameters.orientation else [])):
            path = find_language(code)
            if path is not None:
                files[code] = path
        return files | (network_files() if self.engine == "rapidocr" else {})

    def _hashes(self) -> dict[str, str]:
        """Return the sha256 of each file of the model."""
        return {name: sha256_of(path) for name, path in self._files().items()}
