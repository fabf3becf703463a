"""``tidymedia extractors``: what there is, what is installed, what each needs."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path
from typing import Annotated

import typer

from tidymedia.cli.examples import examples
from tidymedia.cli.output import OutputFormat, print_frame, print_line
from tidymedia.cli.wrapped_list import wrapped, wrapped_list

__all__ = ["add_to"]


def extractors(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="Show one extractor with its parameters.", show_default=False)
    ] = None,
    plugin: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="A Python file that defines extractors.", show_default=False),
    ] = None,
    form: Annotated[OutputFormat, typer.Option("--format", help="How to print the list.")] = "table",
) -> None:
    """List the extractors: what each measures, whether it is installed, and what it needs."""
    import pandas as pd

    from tidymedia.extractors.registry import extractor_types, make_extractor, register_plugins

    register_plugins(str(path.resolve()) for path in plugin or ())
    if name is not None:
        _describe(name)
        return
    made = [make_extractor(one) for one in extractor_types()]
    if form == "table" or (form == "auto" and sys.stdout.isatty()):
        listed = []
        for extractor in made:
            available = extractor.availability()
            remedy = [] if available.installed else [f"→ {available.missing} {available.remedy}"]
            listed.append((extractor.name, [f"{extractor.title} {_when(extractor.name)}", *remedy]))
        for line in [*wrapped_list(listed), "", "One of them, with its parameters: tidymedia extractors NAME"]:
            print_line(line)
        return
    rows = [
        {
            "name": extractor.name,
            "runs": _when(extractor.name).strip("()"),
            "installed": extractor.availability().installed,
            "kinds": ", ".join(sorted(extractor.kinds)),
            "tables": ", ".join(table.name for table in extractor.tables),
            "needs": ", ".join(extractor.needs) or None,
            "measures": extractor.title,
            "remedy": extractor.availability().remedy or None,
        }
        for extractor in made
    ]
    print_frame(pd.DataFrame(rows), form)


def _when(name: str) -> str:
    from tidymedia.extractors.registry import DEFAULT

    if name in DEFAULT:
        return "(by default)"
    return "(with all that look at pictures)" if name == "pictures" else f"(--with {name})"


def _describe(name: str) -> None:
    from tidymedia.extractors.registry import make_extractor

    extractor = make_extractor(name)
    available = extractor.availability()
    lines = wrapped(f"{name}: {extractor.title}")
    if not available.installed:
        lines.append(f"Not installed: {available.missing} {available.remedy}")
    lines.append(f"Kinds of media: {', '.join(sorted(extractor.kinds))}")
    lines += [line for table in extractor.tables for line in wrapped(f"Table {table.name}: {table.meaning}")]
    if extractor.needs:
        lines.append(f"Builds on: {', '.join(extractor.needs)}")
    fields = dataclasses.fields(extractor.parameters)
    lines += ["", "Parameters, with their defaults:" if fields else "It has no parameters."]
    for field in fields:
        lines.append(f"  --set {name}.{field.name}={_written(getattr(extractor.parameters, field.name))}")
        choices = field.metadata.get("choices")
        allowed = f" One of: {', '.join(choices)}." if choices else ""
        lines += wrapped(f"{field.metadata.get('meaning', '')}{allowed}", "      ")
    for title, text in (("Where it is weak", extractor.caveat), ("What to cite", extractor.citation)):
        if text:
            lines += ["", f"{title}:", *(line for part in text.splitlines() for line in wrapped(part, "  "))]
    for line in lines:
        print_line(line)


def _written(value: object) -> str:
    """Write a value as ``--set`` takes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return "none" if value is None else str(value)


def add_to(application: typer.Typer) -> None:
    """Add the command to the application."""
    epilog = examples("tidymedia extractors", "tidymedia extractors ocr", "tidymedia extractors --plugin mine.py")
    application.command("extractors", epilog=epilog)(extractors)
