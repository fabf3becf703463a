"""The tables of ``google_vision``: those of the local extractors where they say the same, and some of its own."""

from __future__ import annotations

from typing import Final

from tidymedia.extractors.faces import FACES
from tidymedia.extractors.objects import OBJECTS
from tidymedia.extractors.ocr import TEXTS
from tidymedia.extractors.tags import TAGS
from tidymedia.tables import Column, Table

__all__ = ["GOOGLE_VISION_TABLES", "LIKELIHOODS"]

LIKELIHOODS: Final = ("VERY_UNLIKELY", "UNLIKELY", "POSSIBLE", "LIKELY", "VERY_LIKELY")
"""Google's words, from the least to the most likely."""

_WORDS: Final = f"{' | '.join(LIKELIHOODS)} | UNKNOWN"
_BOX: Final = tuple(column for column in OBJECTS.columns if column.name.startswith(("box_", "area_")))
_SCORE: Final = Column(
    "score", "number", "How strongly the service stands for it; no probability of being right.", range="0 to 1"
)

_WEB = Table(
    "web_entities",
    ("picture", "rank"),
    (
        Column("label", "string", "What pages on the web that show this or a similar picture are about."),
        Column("entity_id", "string", "Google's id of it, such as /m/0bt9lr.", missing="the service gives none"),
        Column(
            "score",
            "number",
            "How relevant it is. It is not normalised: only scores of one picture can be compared.",
            range="0 and more",
            missing="the service gives none",
        ),
    ),
    "One thing that the web says a picture is about.",
)

_MODERATION = Table(
    "moderation",
    ("picture", "rank"),
    (
        Column("label", "string", "What may be offensive.", range="adult | spoof | medical | violence | racy"),
        Column("likelihood", "string", "How likely it is, in the words of the service.", range=_WORDS),
    ),
    "One kind of what may be offensive in a picture, and how likely it is there.",
)

_LANDMARKS = Table(
    "landmarks",
    ("picture", "object"),
    (
        Column("label", "string", "The building, monument or place.", missing="the service gives no name"),
        _SCORE,
        *_BOX,
        Column("latitude", "number", "Where it stands.", unit="degree", range="-90 to 90", missing="not known"),
        Column("longitude", "number", "Where it stands.", unit="degree", range="-180 to 180", missing="not known"),
    ),
    "One place of note in a picture.",
)

_LOGOS = Table(
    "logos", ("picture", "object"), (Column("label", "string", "The product or firm."), _SCORE, *_BOX), "One logo."
)

_EXPRESSIONS = Table(
    "face_expressions",
    ("picture", "face", "rank"),
    (
        Column(
            "label",
            "string",
            "How a face looks, in the words of the service; not what the person feels.",
            range="joy | sorrow | anger | surprise",
        ),
        Column("likelihood", "string", "How likely it is, in the words of the service.", range=_WORDS),
    ),
    "One look of one face of the table faces.",
)


def _part(table: Table, names: set[str]) -> Table:
    """Take the columns that the service fills."""
    columns = tuple(column for column in table.columns if column.name in names)
    return Table(table.name, table.keys, columns, table.meaning, table.summary)


_FACE_COLUMNS = {column.name for column in FACES.columns} - {"sharpness"}
_TEXT_COLUMNS = {column.name for column in TEXTS.columns}
_TAG_COLUMNS = {"label", "score", "likelihood", "lang"}
_OBJECT_COLUMNS = {column.name for column in OBJECTS.columns}

GOOGLE_VISION_TABLES: Final = {
    "labels": _part(TAGS, _TAG_COLUMNS),
    "web": _WEB,
    "objects": _part(OBJECTS, _OBJECT_COLUMNS),
    "text": _part(TEXTS, _TEXT_COLUMNS),
    "faces": _part(FACES, _FACE_COLUMNS),
    "safe_search": _MODERATION,
    "landmarks": _LANDMARKS,
    "logos": _LOGOS,
    "expressions": _EXPRESSIONS,
}
"""Tables by feature."""
