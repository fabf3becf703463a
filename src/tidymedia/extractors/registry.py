"""Which extractors there are: ours, those of installed packages, and those of plug-in files."""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
import sys
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from tidymedia.errors import SettingError, UsageError
from tidymedia.extractors.base import Extractor

__all__ = [
    "BUILT_IN",
    "DEFAULT",
    "ENTRY_POINT_GROUP",
    "extractor_types",
    "make_extractor",
    "register_plugin",
    "register_plugins",
]

BUILT_IN: Mapping[str, str] = {
    "pictures": "tidymedia.extractors.pictures:Pictures",
    "metadata": "tidymedia.extractors.metadata:Metadata",
    "pixels": "tidymedia.extractors.pixels:Pixels",
    "hashes": "tidymedia.extractors.hashes:Hashes",
    "coding": "tidymedia.services.coding:Coding",
    "embeddings": "tidymedia.extractors.embeddings:Embeddings",
    "face_embeddings": "tidymedia.extractors.face_embeddings:FaceEmbeddings",
    "face_labels": "tidymedia.extractors.face_labels:FaceLabels",
    "faces": "tidymedia.extractors.faces:FaceBoxes",
    "google_vision": "tidymedia.services.google_vision:GoogleVision",
    "masks": "tidymedia.extractors.masks:Masks",
    "miniatures": "tidymedia.extractors.miniatures:Miniatures",
    "objects": "tidymedia.extractors.objects:Objects",
    "ocr": "tidymedia.extractors.ocr:Ocr",
    "sensitive": "tidymedia.extractors.sensitive:Sensitive",
    "shots": "tidymedia.extractors.shots:Shots",
    "sounds": "tidymedia.extractors.sounds:Sounds",
    "speakers": "tidymedia.extractors.speakers:Speakers",
    "speech": "tidymedia.extractors.speech:Speech",
    "tags": "tidymedia.extractors.tags:Tags",
    "transcripts": "tidymedia.extractors.transcripts:Transcripts",
    "voice": "tidymedia.extractors.voice:Voice",
    "voice_labels": "tidymedia.extractors.voice_labels:VoiceLabels",
}
"""Our extractors, by name, as ``module:class``; loaded when asked for."""

_INTERNAL: Mapping[str, str] = {"thumbnails": "tidymedia.extractors.thumbnails:Thumbnails"}

DEFAULT = ("metadata", "pixels", "hashes")
"""The extractors that run where none is named."""

ENTRY_POINT_GROUP = "tidymedia.extractors"
"""Entry point group by which installed packages add extractors."""

_plugins: dict[str, type[Extractor]] = {}
_loaded_plugins: dict[str, dict[str, type[Extractor]]] = {}


def register_plugin(path: Path) -> tuple[str, ...]:
    """Load the extractors of a Python file, as ``--plugin`` does.

    Parameters
    ----------
    path : pathlib.Path
        A Python file that defines one or more extractors.

    Returns
    -------
    tuple of str
        Names of the extractors that it defines.

    Raises
    ------
    UsageError
        Where there is no such file or it defines no extractor.
    """
    if not path.is_file():
        raise UsageError(f"There is no plug-in file {path}.")
    module_name = f"tidymedia_plugin_{path.stem}_{zlib.crc32(str(path.resolve()).encode())}"
    specification = importlib.util.spec_from_file_location(module_name, path)
    if specification is None or specification.loader is None:
        raise UsageError(f"{path} is not a Python file.", "A plug-in is a .py file that defines an extractor.")
    module = importlib.util.module_from_spec(specification)
    sys.modules[module_name] = module
    try:
        specification.loader.exec_module(module)
    except (SyntaxError, ImportError) as error:
        raise UsageError(f"The plug-in file {path} cannot be loaded: {error}.", "Mend it, and try again.") from error
    found = {
        value.name: value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, Extractor)
        and value.__module__ == module_name
        and hasattr(value, "name")
    }
    if not found:
        raise UsageError(f"{path} defines no extractor.", "Derive a class from tidymedia.PictureExtractor.")
    _plugins.update(found)
    return tuple(found)


def register_plugins(paths: Iterable[str]) -> None:
    """Load the extractors of plug-in files, each file once; where two define a name, the last one has it.

    Parameters
    ----------
    paths : iterable of str
        Python files.
    """
    for path in paths:
        if path not in _loaded_plugins:
            names = register_plugin(Path(path))
            _loaded_plugins[path] = {name: _plugins[name] for name in names}
        _plugins.update(_loaded_plugins[path])


def extractor_types(names: Iterable[str] | None = None) -> dict[str, type[Extractor]]:
    """Return extractor classes by name.

    Parameters
    ----------
    names : iterable of str or None, default None
        Which ones; None for all that there are.

    Returns
    -------
    dict of str to type
        The classes, in the order of the names.

    Raises
    ------
    SettingError
        Where a name is unknown.

    Examples
    --------
    >>> sorted(extractor_types(["hashes"]))
    ['hashes']
    """
    installed = {point.name: point for point in importlib.metadata.entry_points(group=ENTRY_POINT_GROUP)}
    known = [*BUILT_IN, *(name for name in (*installed, *_plugins) if name not in BUILT_IN)]
    types: dict[str, type[Extractor]] = {}
    for name in dict.fromkeys(known if names is None else names):
        if name in _plugins:
            types[name] = _plugins[name]
        elif name in BUILT_IN or name in _INTERNAL:
            module, _, attribute = (BUILT_IN.get(name) or _INTERNAL[name]).partition(":")
            types[name] = getattr(importlib.import_module(module), attribute)
        elif name in installed:
            types[name] = installed[name].load()
        else:
            raise SettingError(f"There is no extractor {name}.", f"There are: {', '.join(sorted(known))}.")
    return types


def make_extractor(name: str, given: Mapping[str, object] | None = None) -> Extractor:
    """Make an extractor with the parameters that a user gave.

    Parameters
    ----------
    name : str
        Its name.
    given : mapping of str to object or None, default None
        Its parameters by name; the others take their defaults.

    Returns
    -------
    Extractor
        The extractor, not loaded yet.

    Raises
    ------
    SettingError
        Where the name or a parameter is unknown or not allowed.

    Examples
    --------
    >>> make_extractor("hashes").name
    'hashes'
    """
    extractor_type = extractor_types([name])[name]
    return extractor_type(extractor_type.parameters_type.parse(given or {}, name))
