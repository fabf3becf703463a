"""Print data: a table for eyes on a terminal, CSV for programs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["OutputFormat", "print_frame"]

OutputFormat = Literal["auto", "table", "csv", "json"]


def print_frame(frame: pd.DataFrame, form: OutputFormat = "auto", most_rows: int = 60) -> None:
    """Print a data frame to standard output.

    Parameters
    ----------
    frame : pandas.DataFrame
        What to print.
    form : {"auto", "table", "csv", "json"}, default "auto"
        How: ``auto`` is a table on a terminal and CSV in a pipe.
    most_rows : int, default 60
        Rows of a table at most; CSV and JSON have all.
    """
    chosen = form if form != "auto" else ("table" if sys.stdout.isatty() else "csv")
    if chosen == "csv":
        frame.to_csv(sys.stdout, index=False)
    elif chosen == "json":
        frame.to_json(sys.stdout, orient="records", lines=True, force_ascii=False)
    else:
        _print_table(frame, most_rows)


def _print_table(frame: pd.DataFrame, most_rows: int) -> None:
    import pandas as pd
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in frame.columns:
        numeric = pd.api.types.is_numeric_dtype(frame[name]) and not pd.api.types.is_bool_dtype(frame[name])
        table.add_column(str(name), justify="right" if numeric else "left", overflow="ellipsis", max_width=48)
    for values in frame.head(most_rows).itertuples(index=False):
        table.add_row(*(_cell(value) for value in values))
    console = Console(highlight=False, markup=False)
    console.print(table)
    if len(frame) > most_rows:
        console.print(f"… and {len(frame) - most_rows:,} more rows")


def _cell(value: object) -> str:
    import pandas as pd

    if not isinstance(value, (list, tuple)) and pd.api.types.is_scalar(value) and pd.isna(value):
        return ""
    if isinstance(value, float):
        return f"{value:.4g}"
    return str(value).replace("\n", " ⏎ ")
