"""What tables say about a picture, as marks that can be drawn: boxes, landmarks and their texts."""

from __future__ import annotations

import math
import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tidymedia.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

__all__ = ["Mark", "marks_of", "one_picture"]

_BOX = ("box_x", "box_y", "box_width", "box_height")
_NAMES = ("name", "identity", "label", "text")
"""Columns that say what is in a box; the first that a table has is written."""
_UNIT = "unit_id"
_KINDS = {"f": "face", "b": "text", "o": "object"}


@dataclass(frozen=True, slots=True)
class Mark:
    """A box with what is written on it.

    Parameters
    ----------
    box : tuple of float
        Left, top, width and height in pixels of the picture.
    label : str
        What it is; it decides the colour.
    text : str
        What is written; empty for nothing.
    points : tuple of tuple of float, default ()
        Landmarks, x and y in pixels of the picture.
    mask : numpy.ndarray or None, default None
        Its pixels, where the table has them.
    """

    box: tuple[float, float, float, float]
    label: str
    text: str
    points: tuple[tuple[float, float], ...] = ()
    mask: NDArray[Any] | None = None


def marks_of(table: pd.DataFrame, labels: bool | str | Sequence[str]) -> list[Mark]:
    """Turn the rows of a table into marks.

    Parameters
    ----------
    table : pandas.DataFrame
        Rows with ``box_x``, ``box_y``, ``box_width`` and ``box_height`` in pixels of the picture. Pairs of other
        columns that end in ``_x`` and ``_y`` are landmarks.
    labels : bool, str or sequence of str
        Whether name and score are written, or the columns that are.

    Returns
    -------
    list of Mark
        One for each row that has a box.

    Raises
    ------
    UsageError
        Where the table has no boxes, or not the columns that were named.

    Examples
    --------
    >>> import pandas as pd
    >>> row = {"label": "dog", "score": 0.8, "box_x": 1, "box_y": 2, "box_width": 30, "box_height": 40}
    >>> marks_of(pd.DataFrame([row]), True)[0].text
    'dog 0.80'
    """
    lacking = [column for column in _BOX if column not in table.columns]
    if lacking:
        raise UsageError(
            f"The table has no {' and no '.join(lacking)}.",
            "Give a table with boxes, such as that of tm.find_objects, tm.find_faces or study.table('objects').",
        )
    written = _written(table, labels)
    name = next((column for column in _NAMES if column in table.columns), None)
    points = _point_columns(table)
    marks = []
    for row in table.to_dict("records"):
        box = tuple(_number(row[column]) for column in _BOX)
        if not all(math.isfinite(side) for side in box) or box[2] <= 0 or box[3] <= 0:
            continue
        kind = _kind(row.get(_UNIT)) or ("face" if points else "object")
        label = kind if name is None or name == "text" or _lacks(row[name]) else str(row[name])
        text = " ".join(part for column in written if (part := _part(row[column])))
        pairs = ((_number(row[across]), _number(row[down])) for across, down in points)
        marks.append(
            Mark(
                (box[0], box[1], box[2], box[3]),
                label,
                text,
                tuple(pair for pair in pairs if all(math.isfinite(value) for value in pair)),
                row.get("mask"),
            )
        )
    return marks


def one_picture(table: pd.DataFrame) -> None:
    """Check that the rows of a table are about one picture.

    Parameters
    ----------
    table : pandas.DataFrame
        The table; columns ``media_id`` and ``picture`` need not be there.

    Raises
    ------
    UsageError
        Where they are about several.

    Examples
    --------
    >>> import pandas as pd
    >>> one_picture(pd.DataFrame({"picture": [0, 0]}))
    """
    keys = [column for column in ("media_id", "picture") if column in table.columns]
    pictures = len(table[keys].drop_duplicates()) if keys else 1
    if pictures > 1:
        raise UsageError(
            f"The table has rows of {pictures:,} pictures.",
            "Choose those of one, such as table[(table.path == 'photo.jpg') & (table.picture == 0)].",
        )


def _written(table: pd.DataFrame, labels: bool | str | Sequence[str]) -> list[str]:
    if isinstance(labels, bool):
        if not labels:
            return []
        name = [column for column in _NAMES if column in table.columns][:1]
        return [*name, *(["score"] if "score" in table.columns and name != ["text"] else [])]
    columns = [labels] if isinstance(labels, str) else list(labels)
    unknown = [column for column in columns if column not in table.columns]
    if unknown:
        raise UsageError(
            f"The table has no column {' and no column '.join(map(str, unknown))} to write.",
            f"It has: {', '.join(map(str, table.columns))}.",
        )
    return columns


def _point_columns(table: pd.DataFrame) -> list[tuple[Hashable, Hashable]]:
    names = [str(column) for column in table.columns]
    across = [name for name in names if re.fullmatch(r"(?!box_).+_x", name)]
    return [(name, f"{name[:-2]}_y") for name in across if f"{name[:-2]}_y" in names]


def _kind(unit: object) -> str | None:
    found = re.search(r":([a-z])\d+$", unit) if isinstance(unit, str) else None
    return _KINDS.get(found[1]) if found else None


def _part(value: Any) -> str:
    if _lacks(value):
        return ""
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def _number(value: Any) -> float:
    try:
        return float("nan") if _lacks(value) else float(value)
    except (TypeError, ValueError) as error:
        raise UsageError(
            f"{value!r} is no place in a picture.", "Boxes and landmarks are numbers of pixels."
        ) from error


def _lacks(value: Any) -> bool:
    import pandas as pd

    return value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value))
