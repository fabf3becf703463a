"""Print data: a table for eyes on a terminal, CSV for programs."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING, Literal

import typer

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["OutputFormat", "note", "print_frame", "print_line"]

OutputFormat = Literal["auto", "table", "csv", "json"]
"""How data is printed; ``auto`` is a table on a terminal and CSV in a pipe, ``json`` is an object a line."""

_WIDTH_WITHOUT_TERMINAL = 100


def print_frame(frame: pd.DataFrame, form: OutputFormat = "auto", most_rows: int = 60) -> None:
    """Print a data frame to standard output.

    Parameters
    ----------
    frame : pandas.DataFrame
        What to print.
    form : {"auto", "table", "csv", "json"}, default "auto"
        How: ``auto`` is a table on a terminal and CSV in a pipe; ``json`` is one object a line.
    most_rows : int, default 60
        Rows of a table at most; CSV and JSON have all.
    """
    chosen = form if form != "auto" else ("table" if sys.stdout.isatty() else "csv")
    if chosen == "csv":
        frame.to_csv(sys.stdout, index=False, lineterminator="\n")
    elif chosen == "json":
        frame.to_json(sys.stdout, orient="records", lines=True, force_ascii=False, date_format="iso")
    else:
        from tidymedia.cli.text_table import text_table

        width = shutil.get_terminal_size((_WIDTH_WITHOUT_TERMINAL, 24)).columns
        heading, *lines = text_table(frame, width, most_rows)
        typer.secho(heading, bold=True)
        for line in lines:
            print_line(line)


def print_line(line: str = "") -> None:
    """Print a line of what was asked for to standard output.

    Parameters
    ----------
    line : str, default ""
        The line.
    """
    print(line)  # noqa: T201  # the one place


def note(line: str = "") -> None:
    """Tell the user something that is no data, on standard error.

    Parameters
    ----------
    line : str, default ""
        The line.
    """
    print(line, file=sys.stderr, flush=True)  # noqa: T201  # the one place
