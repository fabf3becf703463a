"""From an answer of Google Cloud Vision to rows; boxes mapped back to the picture that was scaled down for it."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from tidymedia.errors import ServiceError
from tidymedia.extractors.base import Row

__all__ = ["check_vision_answer", "rows_of"]

_POINTS: Final = {
    "LEFT_EYE": "left_eye",
    "RIGHT_EYE": "right_eye",
    "NOSE_TIP": "nose",
    "MOUTH_LEFT": "mouth_left",
    "MOUTH_RIGHT": "mouth_right",
}
_LOOKS: Final = ("joy", "sorrow", "anger", "surprise")
_KINDS: Final = ("adult", "spoof", "medical", "violence", "racy")
_BREAKS: Final = {"SPACE": " ", "SURE_SPACE": " ", "EOL_SURE_SPACE": "\n", "LINE_BREAK": "\n", "HYPHEN": "-\n"}

Box = tuple[float, float, float, float]
Scale = tuple[float, float]


def check_vision_answer(text: str) -> None:
    """Raise where a text is no answer about one picture, or one with an error in it.

    Parameters
    ----------
    text : str
        The answer as JSON.

    Raises
    ------
    ServiceError
        With what is wrong.
    """
    _answer(text)


def _answer(text: str) -> dict[str, Any]:
    try:
        (answer,) = json.loads(text)["responses"]
        error = answer.get("error")
    except (ValueError, KeyError, TypeError, AttributeError) as error_of_json:
        raise ServiceError(
            "The answer of the service is malformed: it is not about one picture.", "Run again with --retry-failed."
        ) from error_of_json
    if error:
        raise ServiceError(f"The service says: {error.get('message', 'error')}.", "Run again with --retry-failed.")
    return dict(answer)


def rows_of(
    text: str, features: Sequence[str], size: tuple[int, int], sent: tuple[int, int], *, expressions: bool
) -> Iterator[Row]:
    """Turn an answer into rows.

    Parameters
    ----------
    text : str
        The answer as JSON.
    features : sequence of str
        What was asked for.
    size, sent : tuple of (int, int)
        Width and height of the picture, and of the image that was sent.
    expressions : bool
        Whether the looks of faces are wanted.

    Yields
    ------
    Row
        A row of one of the tables; its picture is left to the caller.
    """
    answer = _answer(text)
    scale = (size[0] / sent[0], size[1] / sent[1])
    if "labels" in features:
        for label in answer.get("labelAnnotations", ()):
            values = {"label": label["description"], "score": label.get("score", 0.0), "likelihood": None, "lang": "en"}
            yield Row("tags", values)
    if "web" in features:
        for entity in answer.get("webDetection", {}).get("webEntities", ()):
            if entity.get("description"):
                known = {"entity_id": entity.get("entityId") or None, "score": entity.get("score")}
                yield Row("web_entities", {"label": entity["description"], **known})
    if "objects" in features:
        found = sorted(answer.get("localizedObjectAnnotations", ()), key=lambda one: -one.get("score", 0.0))
        for one in found:
            # The box is given as shares of the picture, so no scaling touches it.
            box = _box(one.get("boundingPoly", {}), "normalizedVertices", (float(size[0]), float(size[1])), size)
            yield Row(
                "objects", {"label": one["name"], "score": one.get("score", 0.0), "lang": "en", **_put(box, size)}
            )
    if "text" in features:
        yield from _texts(answer, size, scale)
    if "faces" in features:
        yield from _faces(answer, size, scale, expressions=expressions)
    if "safe_search" in features:
        told = answer.get("safeSearchAnnotation", {})
        for kind in _KINDS if told else ():
            yield Row("moderation", {"label": kind, "likelihood": told.get(kind, "UNKNOWN")})
    for feature, name in (("landmarks", "landmarkAnnotations"), ("logos", "logoAnnotations")):
        for one in answer.get(name, ()) if feature in features else ():
            box = _box(one.get("boundingPoly", {}), "vertices", scale, size)
            values = {"label": one.get("description"), "score": one.get("score", 0.0), **_put(box, size)}
            if feature == "landmarks":
                place = (one.get("locations") or [{}])[0].get("latLng")
                values["latitude"] = None if place is None else place.get("latitude", 0.0)
                values["longitude"] = None if place is None else place.get("longitude", 0.0)
            yield Row(feature, values)


def _box(polygon: Mapping[str, Any], name: str, scale: Scale, size: tuple[int, int]) -> Box:
    """Return the upright box around a polygon, in pixels of the picture and inside of it; a 0 is left out of JSON."""
    points = polygon.get(name) or [{}]
    across = [min(max(point.get("x", 0) * scale[0], 0.0), float(size[0])) for point in points]
    down = [min(max(point.get("y", 0) * scale[1], 0.0), float(size[1])) for point in points]
    return min(across), min(down), max(across) - min(across), max(down) - min(down)


def _put(box: Box, size: tuple[int, int], share: str = "area_share") -> dict[str, float]:
    x, y, width, height = box
    area = width * height / (size[0] * size[1])
    return {"box_x": x, "box_y": y, "box_width": width, "box_height": height, share: area}


def _texts(answer: Mapping[str, Any], size: tuple[int, int], scale: Scale) -> Iterator[Row]:
    for page in answer.get("fullTextAnnotation", {}).get("pages", ()):
        for block in page.get("blocks", ()):
            text = "\n\n".join(filter(None, (_paragraph(one) for one in block.get("paragraphs", ()))))
            if not text:
                continue
            languages = block.get("property", {}).get("detectedLanguages") or [{}]
            yield Row(
                "texts",
                {
                    "text": text,
                    **_put(_box(block.get("boundingBox", {}), "vertices", scale, size), size, "box_share"),
                    "score": block.get("confidence"),
                    "lang": languages[0].get("languageCode") or None,
                    "words": len(text.split()),
                    "source": "ocr",
                },
            )


def _paragraph(paragraph: Mapping[str, Any]) -> str:
    """Join symbols as they are printed: the service says where a line or a word ends."""
    parts = []
    for word in paragraph.get("words", ()):
        for symbol in word.get("symbols", ()):
            found = symbol.get("property", {}).get("detectedBreak", {})
            between = _BREAKS.get(found.get("type", ""), "")
            before = found.get("isPrefix", False)
            parts.append(between + symbol.get("text", "") if before else symbol.get("text", "") + between)
    return "".join(parts).strip()


def _faces(answer: Mapping[str, Any], size: tuple[int, int], scale: Scale, *, expressions: bool) -> Iterator[Row]:
    found = []
    for one in answer.get("faceAnnotations", ()):
        # The box of the skin goes from brow to chin, as that of faces does; the other one takes in the hair.
        box = _box(one.get("fdBoundingPoly") or one.get("boundingPoly", {}), "vertices", scale, size)
        found.append((box, one))
    found.sort(key=lambda pair: -pair[0][2] * pair[0][3])
    for face, (box, one) in enumerate(found):
        points: dict[str, float] = {}
        for landmark in one.get("landmarks", ()):
            name = _POINTS.get(landmark.get("type", ""))
            if name is not None:
                points[f"{name}_x"] = landmark.get("position", {}).get("x", 0.0) * scale[0]
                points[f"{name}_y"] = landmark.get("position", {}).get("y", 0.0) * scale[1]
        values: dict[str, Any] = {"face": face, **_put(box, size), "score": one.get("detectionConfidence"), **points}
        if {"left_eye_x", "right_eye_x"} <= points.keys():
            down = points["right_eye_y"] - points["left_eye_y"]
            across = points["right_eye_x"] - points["left_eye_x"]
            values["roll"] = math.degrees(math.atan2(-down, across))
        yield Row("faces", values)
        for look in _LOOKS if expressions else ():
            likelihood = one.get(f"{look}Likelihood", "UNKNOWN")
            yield Row("face_expressions", {"face": face, "label": look, "likelihood": likelihood})
