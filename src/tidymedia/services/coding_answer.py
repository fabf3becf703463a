"""From a model's answer to values of the codebook, and from several draws to one value and an agreement."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from tidymedia.errors import ServiceError
from tidymedia.services.codebook_file import CodebookFile, Variable

__all__ = ["combine", "read_answer"]

_REMEDY = (
    "Look at the raw text in that file. Another model, a clearer codebook or an endpoint that keeps to a JSON schema "
    "may help; the same request is not sent again."
)


def read_answer(content: str, book: CodebookFile, *, reason: bool, file: str) -> dict[str, Any]:
    """Read the values of one answer, each as the codebook allows it.

    Parameters
    ----------
    content : str
        What the model wrote.
    book : CodebookFile
        The codebook.
    reason : bool
        Whether a reason was asked for.
    file : str
        The file of the study that keeps the answer, for messages.

    Returns
    -------
    dict
        Value by variable, and ``reason`` where it was asked for.

    Raises
    ------
    ServiceError
        Where the answer is outside of the codebook.
    """
    try:
        given = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ServiceError(f"The answer is outside of the codebook: it is no JSON (see {file}).", _REMEDY) from error
    wanted = [variable.name for variable in book.variables] + (["reason"] if reason else [])
    if not isinstance(given, Mapping) or set(given) != set(wanted):
        problem = "it is no JSON object"
        if isinstance(given, Mapping):
            missing = [name for name in wanted if name not in given]
            problem = f"{missing[0]} is missing" if missing else "it has variables that the codebook does not have"
        raise ServiceError(f"The answer is outside of the codebook: {problem} (see {file}).", _REMEDY)
    values: dict[str, Any] = {}
    for variable in book.variables:
        value, problem = _read(variable, given[variable.name])
        if problem:
            raise ServiceError(
                f"The answer is outside of the codebook: {variable.name} is {problem} (see {file}).", _REMEDY
            )
        values[variable.name] = value
    if reason:
        if not isinstance(given["reason"], str):
            raise ServiceError(f"The answer is outside of the codebook: reason is no text (see {file}).", _REMEDY)
        values["reason"] = given["reason"].strip()
    return values


def _read(variable: Variable, value: Any) -> tuple[Any, str]:
    """Return a value as it is stored, and what is wrong with it."""
    shown = json.dumps(value, ensure_ascii=False)[:80]
    if value is None:
        return None, "" if variable.optional else "null"
    if variable.type == "choice":
        return value, "" if isinstance(value, str) and value in variable.values else shown
    if variable.type == "choices":
        if not isinstance(value, list) or not all(isinstance(one, str) and one in variable.values for one in value):
            return None, shown
        return "; ".join(one for one in variable.values if one in value), ""
    if variable.type == "yes_no":
        return value, "" if isinstance(value, bool) else shown
    if variable.type == "text":
        fits = isinstance(value, str) and len(value.strip()) <= variable.longest
        return (value.strip(), "") if fits else (None, shown)
    return value, "" if _is_number(variable, value) else shown


def _is_number(variable: Variable, value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) <= 1e15:
        return False
    whole = variable.type != "integer" or (math.isfinite(value) and value == int(value))
    least = -math.inf if variable.minimum is None else variable.minimum
    most = math.inf if variable.maximum is None else variable.maximum
    return whole and least <= value <= most


def combine(draws: Sequence[Mapping[str, Any]], book: CodebookFile) -> dict[str, Any]:
    """Make one row of several draws: the most frequent value of each variable, and the share of draws that gave it.

    Parameters
    ----------
    draws : sequence of mapping
        What :func:`read_answer` returned, draw by draw.
    book : CodebookFile
        The codebook.

    Returns
    -------
    dict
        Values; where there are several draws, also ``<variable>_agreement`` and ``draws``. Of values that are equally
        frequent the one that was drawn first is taken. The reason is that of the draw that agrees most with the row.

    Examples
    --------
    >>> book = CodebookFile("a.yaml", "", "", "", (Variable("tone", "Tone.", "choice", {"calm": "", "angry": ""}),))
    >>> combine([{"tone": "calm"}, {"tone": "angry"}, {"tone": "angry"}], book)
    {'tone': 'angry', 'tone_agreement': 0.6666666666666666, 'draws': 3}
    """
    if len(draws) == 1:
        return dict(draws[0])
    row: dict[str, Any] = {}
    for variable in book.variables:
        value, times = Counter(draw[variable.name] for draw in draws).most_common(1)[0]
        row[variable.name] = value
        row[f"{variable.name}_agreement"] = times / len(draws)
    if "reason" in draws[0]:
        names = [variable.name for variable in book.variables]
        row["reason"] = max(draws, key=lambda draw: sum(draw[name] == row[name] for name in names))["reason"]
    row["draws"] = len(draws)
    return row
