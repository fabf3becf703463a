"""Read a table of posts: CSV, Excel or Parquet."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from tidymedia.errors import UsageError
from tidymedia.media.found import Notify

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["TABLE_SUFFIXES", "read_posts"]

TABLE_SUFFIXES = frozenset((".csv", ".tsv", ".txt", ".xlsx", ".parquet"))
"""Suffixes of the tables that can be read."""

_OWN = frozenset(("item_id", "media_id", "position", "path"))


def read_posts(table: Path, notify: Notify) -> tuple[pd.DataFrame, dict[str, str]]:
    """Read a table; the columns keep their names, except for those that our own tables use.

    A CSV is read as UTF-8, or as Windows-1252 where it is none; its columns may be divided by commas,
    semicolons or tabs. Numbers become numbers where a whole column is numbers without leading zeros, so that
    ids such as ``007`` stay what they are.

    Parameters
    ----------
    table : pathlib.Path
        The file.
    notify : callable
        Called with a sentence where something was guessed.

    Returns
    -------
    pandas.DataFrame
        Its rows. A column named ``item_id``, ``media_id``, ``position`` or ``path`` is called
        ``user_item_id`` and so on.
    dict of str to str
        What each column of the table is called now, by the name that it has in the file.

    Raises
    ------
    UsageError
        Where the file cannot be read as a table.
    """
    import pandas as pd
    import pyarrow as pa

    try:
        suffix = table.suffix.lower()
        if suffix == ".parquet":
            frame = pd.read_parquet(table)
            frame = frame.reset_index() if frame.index.name is not None else frame.reset_index(drop=True)
        elif suffix == ".xlsx":
            frame = pd.read_excel(table, engine="openpyxl", dtype=object, keep_default_na=False, na_values=[""])
            frame = frame.infer_objects()
        elif suffix in TABLE_SUFFIXES:
            frame = _read_csv(table, notify)
        else:
            raise UsageError(f"{table.name} is no table that can be read.", "Give a CSV, XLSX or Parquet file.")
    except FileNotFoundError as error:
        raise UsageError(f"There is no table {table}.", "Check its path.") from error
    except PermissionError as error:
        raise UsageError(f"{table} may not be read by you.", "Give yourself the right to read it.") from error
    except (OSError, ValueError, KeyError, csv.Error, zipfile.BadZipFile, pa.ArrowException) as error:
        raise UsageError(f"{table.name} cannot be read as a table ({error}).", "Save it again as UTF-8 CSV.") from error
    original = [str(name) for name in frame.columns]
    renamed = _names(original)
    frame.columns = pd.Index(renamed)
    return frame, dict(zip(original, renamed, strict=True))


def _names(names: list[str]) -> list[str]:
    taken = set(names) - _OWN
    renamed = []
    for name in names:
        if name in _OWN:
            name = f"user_{name}"
            while name in taken:
                name += "_"
            taken.add(name)
        renamed.append(name)
    return renamed


def _read_csv(table: Path, notify: Notify) -> pd.DataFrame:
    import pandas as pd

    raw = table.read_bytes()
    try:
        text = raw.decode("utf-16" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")
        notify(f"{table.name} is not UTF-8; it was read as Windows-1252. Check its accents, or save it as UTF-8.")
    if not text.strip():
        raise UsageError(f"{table.name} is empty.", "Give a table with a first line of column names.")
    frame = pd.read_csv(
        io.StringIO(text), sep=_delimiter(text), dtype=str, keep_default_na=False, na_values=[""], skipinitialspace=True
    )
    if not isinstance(frame.index, pd.RangeIndex):
        raise UsageError(
            f"The rows of {table.name} have more cells than its first line has names.",
            "Give every column a name, and put cells that hold a delimiter into quotation marks.",
        )
    for name in frame.columns:
        frame[name] = _typed(frame[name])
    return frame


def _delimiter(text: str) -> str:
    """Return the delimiter by which the first rows fall into the same number of columns, and most of them."""
    best, most = ",", 1
    for delimiter in (",", ";", "\t"):
        rows = csv.reader(io.StringIO(text[:200_000]), delimiter=delimiter)
        widths = [len(row) for _, row in zip(range(50), rows, strict=False) if row]
        if len(widths) > 2:
            widths.pop()
        same = sum(width == widths[0] for width in widths) / len(widths)
        if widths[0] > most and same > 0.9:
            best, most = delimiter, widths[0]
    return best


def _typed(column: pd.Series) -> pd.Series:
    """Return a column of numbers as numbers, and any other as it is."""
    import pandas as pd

    values = column.dropna()
    if values.empty or not values.str.fullmatch(r"-?(?:0|[1-9]\d{0,14})(?:\.\d+)?").all():
        return column
    whole = not values.str.contains(".", regex=False).any()
    return pd.to_numeric(column).astype("Int64") if whole else pd.to_numeric(column).astype("float64")
