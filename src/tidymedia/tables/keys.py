"""The keys that join tables, and the one string that names a unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tidymedia.tables.column import Column

__all__ = ["IDENTITY", "KEYS", "PATH", "PROVENANCE", "Key", "unit_id"]


@dataclass(frozen=True, slots=True)
class Key:
    """A key column and the letter by which it stands in a ``unit_id``."""

    letter: str
    column: Column


def _key(letter: str, name: str, meaning: str) -> Key:
    return Key(letter, Column(name, "integer", meaning, range="0 and more"))


KEYS: Mapping[str, Key] = {
    "picture": _key("p", "picture", "Number of the picture in its medium: image, page, frame; from 0."),
    "block": _key("b", "block", "Number of the text block in its picture, in reading order; from 0."),
    "rank": _key("t", "rank", "Rank of the label in its picture, face or segment, the best first; from 0."),
    "object": _key("o", "object", "Number of the object in its picture; from 0."),
    "face": _key("f", "face", "Number of the face in its picture; from 0."),
    "mask": _key("m", "mask", "Number of the mask in its picture, the largest first; from 0."),
    "shot": _key("s", "shot", "Number of the shot in its medium; from 0."),
    "segment": _key("g", "segment", "Number of the segment in its medium; from 0."),
    "word": _key("w", "word", "Number of the word in its segment; from 0."),
}

PATH = Column(
    "path",
    "string",
    "Path of the file relative to its root, with /; a member of an archive is a.zip!/x/y.jpg.",
)
IDENTITY = (
    Column("media_id", "string", "SHA-256 of the bytes of the file, in hexadecimal: the same bytes, the same id."),
    Column("unit_id", "string", "Name of the row's unit: the media_id, then its keys, such as <media_id>:p3:f1."),
)
PROVENANCE = (
    Column("extractor", "string", "Name of the extractor that made the row."),
    Column(
        "model",
        "string",
        "Model that made the row, as name@revision.",
        missing="the extractor is a formula and uses no model",
    ),
    Column(
        "fingerprint",
        "string",
        "First 12 hexadecimal digits of a hash over all that decides the row: version and parameters of the "
        "extractor, its model, and the picture or sound settings.",
    ),
)


def unit_id(media_id: str, keys: Mapping[str, int]) -> str:
    """Name a unit by one string.

    Parameters
    ----------
    media_id : str
        The medium that the unit belongs to.
    keys : mapping of str to int
        Values of its keys, outermost first.

    Returns
    -------
    str
        The medium's id with a letter and a number for each key.

    Examples
    --------
    >>> unit_id("ab12", {"picture": 3, "face": 1})
    'ab12:p3:f1'
    >>> unit_id("ab12", {})
    'ab12'
    """
    return media_id + "".join(f":{KEYS[name].letter}{value}" for name, value in keys.items())
