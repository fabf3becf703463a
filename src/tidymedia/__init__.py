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
    from tidymedia.images.annotating import annotate_video
    from tidymedia.images.arrays import from_array, stack, to_array
    from tidymedia.images.augmentation import augment
    from tidymedia.images.augmentation_policy import AugmentationPolicy
    from tidymedia.images.background import replace_background
    from tidymedia.images.cropping import crop_box, crop_square
    from tidymedia.images.denoising import denoise
    from tidymedia.images.deskewing import deskew
    from tidymedia.images.detecting import find_objects
    from tidymedia.images.drawing import draw
    from tidymedia.images.embedding import embed
    from tidymedia.images.figures import plot_channels, show
    from tidymedia.images.finding_faces import find_faces
    from tidymedia.images.information import image_info
    from tidymedia.images.masking import mask
    from tidymedia.images.opening import open_image
    from tidymedia.images.padding import pad_square
    from tidymedia.images.resizing import resize
    from tidymedia.images.similarity import similarity
    from tidymedia.images.tagging import tag
    from tidymedia.images.turning import flip, rotate
    from tidymedia.media.picture import ANALYSIS, FULL, THUMB, Picture, SizeClass
    from tidymedia.media.settings import Limits, PictureSettings
    from tidymedia.media.sound import Sound, SoundFormat
    from tidymedia.recordings.classifying_sound import classify_sound
    from tidymedia.recordings.finding_shots import find_shots
    from tidymedia.recordings.finding_speakers import find_speakers
    from tidymedia.recordings.finding_speech import find_speech
    from tidymedia.recordings.key_frames import key_frames
    from tidymedia.recordings.transcribing import transcribe
    from tidymedia.recordings.voice_measures import voice
    from tidymedia.report.timeline_figure import plot_timeline
    from tidymedia.study import Study
    from tidymedia.tables import Column, Summary, Table

_PUBLIC = {
    "ANALYSIS": "tidymedia.media.picture",
    "FULL": "tidymedia.media.picture",
    "THUMB": "tidymedia.media.picture",
    "AugmentationPolicy": "tidymedia.images.augmentation_policy",
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
    "annotate_video": "tidymedia.images.annotating",
    "augment": "tidymedia.images.augmentation",
    "classify_sound": "tidymedia.recordings.classifying_sound",
    "crop_box": "tidymedia.images.cropping",
    "crop_square": "tidymedia.images.cropping",
    "denoise": "tidymedia.images.denoising",
    "deskew": "tidymedia.images.deskewing",
    "draw": "tidymedia.images.drawing",
    "embed": "tidymedia.images.embedding",
    "find_faces": "tidymedia.images.finding_faces",
    "find_objects": "tidymedia.images.detecting",
    "find_shots": "tidymedia.recordings.finding_shots",
    "find_speakers": "tidymedia.recordings.finding_speakers",
    "find_speech": "tidymedia.recordings.finding_speech",
    "flip": "tidymedia.images.turning",
    "from_array": "tidymedia.images.arrays",
    "image_info": "tidymedia.images.information",
    "key_frames": "tidymedia.recordings.key_frames",
    "mask": "tidymedia.images.masking",
    "open_image": "tidymedia.images.opening",
    "pad_square": "tidymedia.images.padding",
    "parameter": "tidymedia.extractors.parameters",
    "plot_channels": "tidymedia.images.figures",
    "plot_timeline": "tidymedia.report.timeline_figure",
    "replace_background": "tidymedia.images.background",
    "resize": "tidymedia.images.resizing",
    "rotate": "tidymedia.images.turning",
    "show": "tidymedia.images.figures",
    "similarity": "tidymedia.images.similarity",
    "stack": "tidymedia.images.arrays",
    "tag": "tidymedia.images.tagging",
    "to_array": "tidymedia.images.arrays",
    "transcribe": "tidymedia.recordings.transcribing",
    "voice": "tidymedia.recordings.voice_measures",
}

__all__ = [
    "ANALYSIS",
    "FULL",
    "THUMB",
    "AugmentationPolicy",
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
    "annotate_video",
    "augment",
    "classify_sound",
    "crop_box",
    "crop_square",
    "denoise",
    "deskew",
    "draw",
    "embed",
    "find_faces",
    "find_objects",
    "find_shots",
    "find_speakers",
    "find_speech",
    "flip",
    "from_array",
    "image_info",
    "key_frames",
    "mask",
    "open_image",
    "pad_square",
    "parameter",
    "plot_channels",
    "plot_timeline",
    "replace_background",
    "resize",
    "rotate",
    "show",
    "similarity",
    "stack",
    "tag",
    "to_array",
    "transcribe",
    "voice",
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
