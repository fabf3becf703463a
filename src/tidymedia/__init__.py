"""tidymedia: a folder, a bucket or a table of posts with media in; tidy tables out.

Examples
--------
>>> import tidymedia as tm
>>> tm.PictureSettings(video="1s").video
'1s'
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tidymedia.extractors.base import (
        Availability,
        Extractor,
        MediumExtractor,
        PictureExtractor,
        Row,
        SoundExtractor,
    )
    from tidymedia.extractors.parameters import Parameters, parameter
    from tidymedia.media.picture import ANALYSIS, FULL, THUMB, Picture, SizeClass
    from tidymedia.media.settings import Limits, PictureSettings
    from tidymedia.media.sound import Sound, SoundFormat
    from tidymedia.study import Study
    from tidymedia.tables import Column, Summary, Table

_PUBLIC = {
    "ANALYSIS": "tidymedia.media.picture",
    "FULL": "tidymedia.media.picture",
    "THUMB": "tidymedia.media.picture",
    "Availability": "tidymedia.extractors.base",
    "Column": "tidymedia.tables",
    "Extractor": "tidymedia.extractors.base",
    "Limits": "tidymedia.media.settings",
    "MediumExtractor": "tidymedia.extractors.base",
    "Parameters": "tidymedia.extractors.parameters",
    "Picture": "tidymedia.media.picture",
    "PictureExtractor": "tidymedia.extractors.base",
    "PictureSettings": "tidymedia.media.settings",
    "Row": "tidymedia.extractors.base",
    "SizeClass": "tidymedia.media.picture",
    "Sound": "tidymedia.media.sound",
    "SoundExtractor": "tidymedia.extractors.base",
    "SoundFormat": "tidymedia.media.sound",
    "Study": "tidymedia.study",
    "Summary": "tidymedia.tables",
    "Table": "tidymedia.tables",
    "parameter": "tidymedia.extractors.parameters",
}

__all__ = [
    "ANALYSIS",
    "FULL",
    "THUMB",
    "Availability",
    "Column",
    "Extractor",
    "Limits",
    "MediumExtractor",
    "Parameters",
    "Picture",
    "PictureExtractor",
    "PictureSettings",
    "Row",
    "SizeClass",
    "Sound",
    "SoundExtractor",
    "SoundFormat",
    "Study",
    "Summary",
    "Table",
    "__version__",
    "parameter",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that ``import tidymedia`` is quick."""
    if name == "__version__":
        from importlib.metadata import version

        return version("tidymedia")
    if name in _PUBLIC:
        return getattr(importlib.import_module(_PUBLIC[name]), name)
    raise AttributeError(f"module 'tidymedia' has no attribute {name!r}")


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
