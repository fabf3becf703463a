"""A data frame as lines of text that fit a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["text_table"]

_WIDEST = 60
_NARROWEST = 12
_NARROWEST_PATH = 24
_GAP = "  "


def text_table(frame: pd.DataFrame, width: int, most_rows: int = 60) -> list[str]:
    """Write a data frame as lines of text.

    Wide columns are cut first, names of files from their left; where that is not enough, the last columns are
    left out and named below the table.

    Parameters
    ----------
    frame : pandas.DataFrame
        What to write.
    width : int
        Cells of the terminal.
    most_rows : int, default 60
        Rows at most; the number of the others is said below.

    Returns
    -------
    list of str
        A line of column names, a line a row, and what was left out.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"path": ["2024/a/very/long/name.jpg"], "words": [1200]})
    >>> for line in text_table(table, 31):
    ...     print(line)
    path                      words
    …24/a/very/long/name.jpg   1200
    """
    from rich.cells import cell_len

    rows = frame.head(most_rows)
    names = [str(name) for name in frame.columns]
    right = [_is_number(frame.iloc[:, place]) for place in range(len(names))]
    columns = [[_cell(value) for value in rows.iloc[:, place]] for place in range(len(names))]
    wanted = [
        min(max(map(cell_len, [name, *cells])), max(_WIDEST, cell_len(name)))
        for name, cells in zip(names, columns, strict=True)
    ]
    widths = _fitting(wanted, right, names, width)
    lines = [_line(names, widths, right, names)]
    lines += [_line(values, widths, right, names) for values in zip(*columns, strict=True)]
    if len(widths) < len(names):
        lines.append(f"… and more columns: {', '.join(names[len(widths) :])}")
    if len(frame) > most_rows:
        lines.append(f"… and {len(frame) - most_rows:,} more rows")
    return lines


def _is_number(values: pd.Series) -> bool:
    import pandas as pd

    return pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)


def _cell(value: Any) -> str:
    import pandas as pd

    if pd.api.types.is_scalar(value) and pd.isna(value):
        return ""
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else f"{value:.4g}"
    return " ".join(str(value).split())


def _fitting(wanted: Sequence[int], fixed: Sequence[bool], names: Sequence[str], width: int) -> list[int]:
    """Return widths of as many first columns as fit; numbers are never cut, paths later than other texts."""
    floors = [_NARROWEST_PATH if name == "path" else _NARROWEST for name in names]
    for count in range(len(wanted), 0, -1):
        widths = list(wanted[:count])
        free = width - len(_GAP) * (count - 1)
        while sum(widths) > free:
            slack = {place: widths[place] - floors[place] for place in range(count) if not fixed[place]}
            place = max(slack, key=slack.__getitem__, default=0)
            if slack.get(place, 0) <= 0:
                break
            widths[place] -= 1
        if sum(widths) <= free:
            return widths
    return [max(1, min(wanted[0], width))] if wanted else []


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool], names: Sequence[str]) -> str:
    from rich.cells import cell_len

    parts = []
    for cell, width, to_right, name in zip(cells, widths, right, names, strict=False):
        shown = _cut(cell, width, from_left=name == "path" and cell != name)
        padding = " " * (width - cell_len(shown))
        parts.append(padding + shown if to_right else shown + padding)
    return _GAP.join(parts).rstrip()


def _cut(text: str, width: int, *, from_left: bool) -> str:
    from rich.cells import cell_len, set_cell_size

    from tidymedia.cli.wording import shortened

    if cell_len(text) <= width:
        return text
    return shortened(text, width) if from_left else set_cell_size(text, width - 1).rstrip() + "…"
