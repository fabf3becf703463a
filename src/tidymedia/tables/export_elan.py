"""Transcripts as annotations for ELAN (EAF 3.0)."""

from __future__ import annotations

import datetime
import os
import re
import urllib.parse
import xml.etree.ElementTree as ElementTree  # written, never read
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tidymedia.tables.spoken import Spoken
from tidymedia.tables.time_spans import apart

__all__ = ["write_elan"]

_SCHEMA: Final = "http://www.mpi.nl/tools/elan/EAFv3.0.xsd"
_INSTANCE: Final = "{http://www.w3.org/2001/XMLSchema-instance}noNamespaceSchemaLocation"
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_TYPES: Final = {
    ".wav": "audio/x-wav",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".aac": "audio/aac",
    ".flac": "audio/flac",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".oga": "audio/ogg",
    ".mp4": "video/mp4",
    ".m4v": "video/mp4",
    ".mov": "video/quicktime",
    ".mpg": "video/mpeg",
    ".mpeg": "video/mpeg",
    ".avi": "video/x-msvideo",
    ".webm": "video/webm",
    ".mkv": "video/x-matroska",
}
_CONSTRAINTS: Final = {
    "Time_Subdivision": "Time subdivision of parent annotation's time interval, no time gaps allowed within this "
    "interval",
    "Symbolic_Subdivision": "Symbolic subdivision of a parent annotation. Annotations refering to the same parent are "
    "ordered",
    "Symbolic_Association": "1-1 association with a parent annotation",
    "Included_In": "Time alignable annotations within the parent annotation's time interval, gaps are allowed",
}
"""The four kinds of dependent tiers that every EAF file declares, in the words of the format."""

_Annotation = tuple[int, int, str, str | None]


def write_elan(spoken: Spoken, file: Path, medium: Path | None, target: Path) -> None:
    """Write an annotation document of ELAN.

    Its tiers are ``transcript``, ``words`` and one for each speaker, as far as there are
    rows. Each segment refers to its language. ELAN knows no overlaps within a tier: an annotation ends where the next
    one begins.

    Parameters
    ----------
    spoken : Spoken
        What was said.
    file : pathlib.Path
        Where to write.
    medium : pathlib.Path or None
        The film or recording on this machine, which the document refers to; None where it is elsewhere: the document
        then names a file beside itself.
    target : pathlib.Path
        Where the document will be, from where the medium is named.
    """
    root = ElementTree.Element(
        "ANNOTATION_DOCUMENT",
        {
            "AUTHOR": "tidymedia",
            "DATE": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
            "FORMAT": "3.0",
            "VERSION": "3.0",
            _INSTANCE: _SCHEMA,
        },
    )
    header = ElementTree.SubElement(root, "HEADER", {"MEDIA_FILE": "", "TIME_UNITS": "milliseconds"})
    ElementTree.SubElement(header, "MEDIA_DESCRIPTOR", _descriptor(spoken.path, medium, target))
    order = ElementTree.SubElement(root, "TIME_ORDER")
    document = _Document(root, order)
    segments = sorted(spoken.segments, key=lambda one: (one.start, one.end))
    times = apart((one.start, one.end) for one in segments)
    languages = {one.lang for one in segments if one.lang and _LANGUAGE.fullmatch(one.lang)}
    rows: list[_Annotation] = [
        (start, end, one.text, one.lang if one.lang in languages else None)
        for (start, end), one in zip(times, segments, strict=True)
    ]
    single = min(languages) if len(languages) == 1 else None
    document.tier("transcript", "transcript", rows, single)
    words = sorted((word.start, word.end, word.text) for one in segments for word in one.words)
    if words:
        placed = apart((start, end) for start, end, _ in words)
        document.tier("words", "words", [(*at, one[2], None) for at, one in zip(placed, words, strict=True)], single)
    for speaker in sorted({turn.speaker for turn in spoken.turns}, key=lambda name: (len(name), name)):
        turns = sorted((turn.start, turn.end) for turn in spoken.turns if turn.speaker == speaker)
        name = speaker if speaker not in ("transcript", "words") else f"{speaker} (speaker)"
        document.tier(name, "speaker", [(*one, speaker, None) for one in apart(turns)], None, participant=speaker)
    document.close(sorted(languages))
    ElementTree.indent(root, " ")
    file.write_bytes(ElementTree.tostring(root, "utf-8", xml_declaration=True) + b"\n")


class _Document:
    """An annotation document in the making."""

    def __init__(self, root: ElementTree.Element, order: ElementTree.Element) -> None:
        self._root, self._order = root, order
        self._annotations = 0
        self._tiers: list[tuple[ElementTree.Element, list[_Annotation]]] = []

    def tier(
        self,
        name: str,
        kind: str,
        rows: Sequence[_Annotation],
        language: str | None,
        *,
        participant: str = "",
    ) -> None:
        """Add a tier; its annotations follow when the document is closed, since time slots stand in order of time."""
        written = {"LINGUISTIC_TYPE_REF": kind, "TIER_ID": _clean(name)}
        written |= {"PARTICIPANT": _clean(participant)} if participant else {}
        written |= {"LANG_REF": language} if language else {}
        self._tiers.append((ElementTree.SubElement(self._root, "TIER", written), list(rows)))

    def close(self, languages: Sequence[str]) -> None:
        """Write the time slots, the annotations, and what the tiers refer to."""
        edges = sorted(
            (time, number, place, side)
            for number, (_, rows) in enumerate(self._tiers)
            for place, row in enumerate(rows)
            for side, time in enumerate(row[:2])
        )
        slots: dict[tuple[int, int, int], str] = {}
        for count, (time, number, place, side) in enumerate(edges, 1):
            slots[number, place, side] = f"ts{count}"
            ElementTree.SubElement(self._order, "TIME_SLOT", {"TIME_SLOT_ID": f"ts{count}", "TIME_VALUE": str(time)})
        for number, (tier, rows) in enumerate(self._tiers):
            for place, (_, _, text, language) in enumerate(rows):
                self._annotations += 1
                holder = ElementTree.SubElement(tier, "ANNOTATION")
                written = {"ANNOTATION_ID": f"a{self._annotations}"}
                written |= {f"TIME_SLOT_REF{side + 1}": slots[number, place, side] for side in (0, 1)}
                written |= {"LANG_REF": language} if language else {}
                annotation = ElementTree.SubElement(holder, "ALIGNABLE_ANNOTATION", written)
                ElementTree.SubElement(annotation, "ANNOTATION_VALUE").text = _clean(text)
        for kind in dict.fromkeys(tier.attrib["LINGUISTIC_TYPE_REF"] for tier, _ in self._tiers):
            written = {"GRAPHIC_REFERENCES": "false", "LINGUISTIC_TYPE_ID": kind, "TIME_ALIGNABLE": "true"}
            ElementTree.SubElement(self._root, "LINGUISTIC_TYPE", written)
        for language in languages:
            written = {"LANG_ID": language, "LANG_LABEL": language}
            ElementTree.SubElement(self._root, "LANGUAGE", written)
        for stereotype, said in _CONSTRAINTS.items():
            ElementTree.SubElement(self._root, "CONSTRAINT", {"DESCRIPTION": said, "STEREOTYPE": stereotype})


def _descriptor(path: str, medium: Path | None, target: Path) -> dict[str, str]:
    """Name the medium, absolutely and as seen from the document; ELAN takes whichever it finds."""
    name = path.rpartition("/")[2]
    suffix = Path(name).suffix.lower()
    written = {"MIME_TYPE": _TYPES.get(suffix, "unknown")}
    if medium is None:
        beside = f"./{urllib.parse.quote(name, errors='replace')}"
        return {"MEDIA_URL": beside, "RELATIVE_MEDIA_URL": beside, **written}
    written = {"MEDIA_URL": medium.resolve().as_uri(), **written}
    try:
        relative = Path(os.path.relpath(medium.resolve(), target.resolve().parent)).as_posix()
    except ValueError:  # another drive of Windows
        return written
    if not relative.startswith("../"):
        relative = f"./{relative}"
    return {**written, "RELATIVE_MEDIA_URL": urllib.parse.quote(relative, errors="replace")}


def _clean(text: str) -> str:
    return _NOT_IN_XML.sub("\ufffd", text)
