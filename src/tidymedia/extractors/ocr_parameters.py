"""The parameters of the extractor ``ocr``."""

from __future__ import annotations

from dataclasses import dataclass

from tidymedia.errors import SettingError
from tidymedia.extractors.ocr_languages import language_codes
from tidymedia.extractors.ocr_tesseract import LAYOUTS
from tidymedia.extractors.parameters import Parameters, parameter

__all__ = ["OcrParameters"]


@dataclass(frozen=True)
class OcrParameters(Parameters):
    """How text is read."""

    engine: str = parameter(
        "tesseract",
        "tesseract for printed pages; rapidocr for photographs, memes, signs and screenshots.",
        choices=("tesseract", "rapidocr"),
    )
    lang: str = parameter("eng", "Languages, the main one first: codes of Tesseract (eng+deu) or tags (en+de).")
    layout: str = parameter(
        "auto",
        "What Tesseract expects: auto (columns and blocks), block, line, or sparse (scattered words).",
        choices=tuple(LAYOUTS),
    )
    unit: str = parameter("block", "What one row is: block or line.", choices=("block", "line"))
    text_layer: bool = parameter(True, "Whether the text layer of a document is taken instead, where it has one.")
    minimum_score: float = parameter(0.3, "Blocks with a smaller score are left out.", minimum=0, maximum=1)
    dpi: int = parameter(300, "Resolution at which pages of documents are read.", minimum=72, maximum=600)
    long_side: int = parameter(
        4000, "Larger pictures are reduced to this many pixels on their longer side.", minimum=200, maximum=20_000
    )
    orientation: bool = parameter(False, "Whether pages that lie on a side or stand on their head are turned first.")
    crop: tuple[float, ...] = parameter(
        (), "Part that is read: left, top, right, bottom as fractions, such as 0,0.5,1,1 for the lower half."
    )
    upscale: int | None = parameter(
        None,
        "Smaller pictures are enlarged to this many pixels on their longer side, four times at most; 0 for none. Left "
        "out, it is 1000 for Tesseract and 0 for RapidOCR, which enlarges by itself.",
        minimum=0,
        maximum=5000,
    )
    gray: bool = parameter(
        False, "Whether colours are taken away; text and ground that differ in colour alone then become one."
    )
    deskew: bool = parameter(True, "Whether pictures up to ten degrees askew are straightened.")
    median: int = parameter(
        0, "Side of a median filter against specks, odd (3 or 5); 0 for none.", minimum=0, maximum=9
    )
    threshold: str = parameter(
        "none", "How gray becomes black and white before reading.", choices=("none", "otsu", "adaptive")
    )

    def __post_init__(self) -> None:
        """Check what a single field cannot, and name languages in one way."""
        object.__setattr__(self, "lang", "+".join(language_codes(self.lang)))
        if self.crop and (
            len(self.crop) != 4 or not (0 <= self.crop[0] < self.crop[2] <= 1 and 0 <= self.crop[1] < self.crop[3] <= 1)
        ):
            raise SettingError(
                f"ocr.crop cannot be {self.crop}.", "Give left, top, right and bottom from 0 to 1, such as 0,0.5,1,1."
            )
        if self.median and self.median % 2 == 0:
            raise SettingError(f"ocr.median is odd, not {self.median}.", "Use 3 or 5.")
