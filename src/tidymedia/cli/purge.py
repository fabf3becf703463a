"""``tidymedia purge``: delete what services answered, and keep what was made of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tidymedia.cli.examples import examples

__all__ = ["add_to"]


def purge(
    study: Annotated[Path, typer.Argument(metavar="STUDY", help="The folder of results.")] = Path("study"),
    raw: Annotated[bool, typer.Option("--raw", help="Delete the raw answers of services.")] = False,
) -> None:
    """Delete the raw answers of services; tables, statuses and provenance stay.

    What needs such an answer again has to ask, and pay, again.
    """
    from tidymedia.cli.output import note
    from tidymedia.cli.wording import counted
    from tidymedia.study import Study

    answers, size = Study(study).purge(raw=raw)
    note(f"Deleted {counted(answers, 'raw answer')}, {size:,} bytes in all. Tables and statuses are untouched.")


def add_to(application: typer.Typer) -> None:
    """Add the command to the application."""
    application.command("purge", epilog=examples("tidymedia purge press --raw"))(purge)
