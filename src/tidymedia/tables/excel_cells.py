"""Values as cells of a workbook, and what a cell cannot hold."""

from __future__ import annotations

import math
import re
from typing import Any

from tidymedia.tables.export_text import as_json, plain_value

__all__ = ["CELL_CHARACTERS", "excel_cell", "sheet_name"]

CELL_CHARACTERS = 32_767
"""Characters that a cell holds, counted in units of UTF-16 as Excel does: most emoji are two."""

_EXACT = 10**15
"""Excel keeps 15 digits of a number."""

_SMALLEST, _LARGEST = 2.2251e-308, 9.99999999999999e307
"""Excel's own limits for the size of a number; others become text."""

# What XML 1.0 does not allow, and halves of characters.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_SHEET_NAME_CHARACTERS = 31


def excel_cell(value: Any, limit: int = CELL_CHARACTERS) -> tuple[str | float | bool | None, str]:
    """Return a value as a cell, and what was changed to make it fit.

    Parameters
    ----------
    value : object
        A value of a table.
    limit : int, default 32767
        Characters that a cell holds.

    Returns
    -------
    cell : str, float, bool or None
        What to write; None for an empty cell.
    changed : str
        What was changed, as a sentence; empty where nothing was.

    Examples
    --------
    >>> excel_cell("=1+1")
    ('=1+1', '')
    >>> excel_cell(12345678901234567890)
    ('12345678901234567890', '')
    >>> excel_cell("a" * 40_000, limit=5)
    ('aaaa…', 'Cut: the text has 40000 characters.')
    """
    if value is None or isinstance(value, bool):
        return value, ""
    if isinstance(value, int):
        return (value, "") if abs(value) < _EXACT else (str(value), "")
    if isinstance(value, float):
        if value == 0 or _SMALLEST <= abs(value) <= _LARGEST:
            return value, ""
        return (None, "") if math.isnan(value) else (repr(value), "")
    if not isinstance(value, str):
        plain = plain_value(value)
        value = plain if isinstance(plain, str) else as_json(value)
    text = _FORBIDDEN.sub("", value)
    changed = "Control characters were removed." if text != value else ""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    length = len(text.encode("utf-16-le")) // 2
    if length > limit:
        kept = text.encode("utf-16-le")[: 2 * (limit - 1)].decode("utf-16-le", errors="ignore")
        text = kept + "…"
        changed = f"Cut: the text has {length} characters. {changed}".strip()
    return text, changed


def sheet_name(name: str, taken: set[str]) -> str:
    r"""Return a name that a sheet may have and no other sheet has, and note it as taken.

    Parameters
    ----------
    name : str
        The name of the table.
    taken : set of str
        Names that are taken, in lower case; the new one is added.

    Returns
    -------
    str
        At most 31 characters, without ``[]:*?/\``.

    Examples
    --------
    >>> sheet_name("faces", {"faces"})
    'faces_2'
    """
    clean = _NOT_IN_SHEET_NAMES.sub("_", name).strip("'") or "table"
    if clean.casefold() == "history":
        clean = "history_table"
    chosen, number = clean[:_SHEET_NAME_CHARACTERS], 1
    while chosen.casefold() in taken:
        number += 1
        ending = f"_{number}"
        chosen = clean[: _SHEET_NAME_CHARACTERS - len(ending)] + ending
    taken.add(chosen.casefold())
    return chosen
