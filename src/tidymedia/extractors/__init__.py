"""One file an extractor: each turns pictures, sound or the file itself into rows of its tables."""

from tidymedia.extractors.base import (
    Availability,
    Extractor,
    MediumExtractor,
    PictureExtractor,
    Row,
    SoundExtractor,
)
from tidymedia.extractors.parameters import Parameters, parameter
from tidymedia.extractors.registry import extractor_types, make_extractor

__all__ = [
    "Availability",
    "Extractor",
    "MediumExtractor",
    "Parameters",
    "PictureExtractor",
    "Row",
    "SoundExtractor",
    "extractor_types",
    "make_extractor",
    "parameter",
]
