"""From a codebook to what a model is asked: the words, and the JSON schema that its answer must fit."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tidymedia.services.codebook_file import CodebookFile, Variable

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["QUESTION", "data_url", "instructions", "schema_of"]

QUESTION = "Code this picture."
"""What stands beside the picture."""

_TASK = (
    "You are a coder in a content analysis. You see one picture and code it by the codebook below. Use the definitions "
    "of the codebook, not your own. Code what can be seen, not what you suspect. Give every variable a value that the "
    "codebook allows. Answer in JSON alone."
)
_REASON = "After the values, say in one or two sentences what in the picture decided them (reason)."
_KINDS: Mapping[str, str] = {
    "choice": "one of these values",
    "choices": "all of these values that apply, none where none does",
    "yes_no": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "text": "a text",
}


def instructions(book: CodebookFile, *, reason: bool) -> str:
    """Write what the model is told before it sees a picture.

    Parameters
    ----------
    book : CodebookFile
        The codebook.
    reason : bool
        Whether it is asked for a reason.

    Returns
    -------
    str
        The text.
    """
    parts = [_TASK]
    if book.title:
        parts.append(f"Codebook: {book.title}")
    if book.instruction:
        parts.append(book.instruction)
    parts += [_variable_text(variable) for variable in book.variables]
    if reason:
        parts.append(_REASON)
    return "\n\n".join(parts)


def _variable_text(variable: Variable) -> str:
    limits = [
        f"at least {variable.minimum:g}" if variable.minimum is not None else "",
        f"at most {variable.maximum:g}" if variable.maximum is not None else "",
        f"at most {variable.longest} characters" if variable.type == "text" else "",
        "or null where it cannot be said" if variable.optional else "",
    ]
    kind = ", ".join(filter(None, [_KINDS[variable.type], *limits]))
    lines = [f"Variable {variable.name} ({kind}): {variable.definition}"]
    lines += [f"- {value}" + (f": {meaning}" if meaning else "") for value, meaning in variable.values.items()]
    lines += [f"Example: {example}" for example in variable.examples]
    return "\n".join(lines)


def schema_of(book: CodebookFile, *, reason: bool) -> dict[str, Any]:
    """Return the JSON schema of an answer, in the strict form that constrained decoding takes.

    Parameters
    ----------
    book : CodebookFile
        The codebook.
    reason : bool
        Whether a reason is asked for; it comes after the values.

    Returns
    -------
    dict
        The schema.
    """
    properties = {variable.name: _property(variable) for variable in book.variables}
    if reason:
        properties["reason"] = {"type": "string"}
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _property(variable: Variable) -> dict[str, Any]:
    kinds = {"yes_no": "boolean", "integer": "integer", "number": "number", "text": "string"}
    if variable.type == "choice":
        schema: dict[str, Any] = {"type": "string", "enum": list(variable.values)}
    elif variable.type == "choices":
        schema = {"type": "array", "items": {"type": "string", "enum": list(variable.values)}}
    else:
        schema = {"type": kinds[variable.type]}
    for name in ("minimum", "maximum"):
        value = getattr(variable, name)
        if value is not None:
            schema[name] = int(value) if variable.type == "integer" and value == int(value) else value
    return {"anyOf": [schema, {"type": "null"}]} if variable.optional else schema


def data_url(image: Image.Image, quality: int) -> str:
    """Return a picture as a ``data:`` address, as JPEG.

    Parameters
    ----------
    image : PIL.Image.Image
        The picture, in RGB.
    quality : int
        Quality of the JPEG.

    Returns
    -------
    str
        The address.
    """
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)  # nothing of the file's own metadata goes along
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
