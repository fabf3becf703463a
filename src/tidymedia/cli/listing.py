"""``tidymedia extractors``: what there is, what is installed, what each needs."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated

import typer

from tidymedia.cli.output import OutputFormat, print_frame

__all__ = ["add_to"]


def extractors(
    name: Annotated[
        str | None, typer.Argument(help="Show one extractor with its parameters.", show_default=False)
    ] = None,
    plugin: Annotated[
        list[Path] | None, typer.Option(help="A Python file that defines extractors.", show_default=False)
    ] = None,
    form: Annotated[OutputFormat, typer.Option("--format", help="How to print the list.")] = "table",
) -> None:
    """List the extractors: what each measures, whether it is installed, and what it needs."""
    import pandas as pd

    from tidymedia.extractors.registry import DEFAULT, extractor_types, make_extractor, register_plugins

    register_plugins(str(path.resolve()) for path in plugin or ())
    if name is not None:
        _describe(name)
        return
    rows = []
    for one in extractor_types():
        extractor = make_extractor(one)
        available = extractor.availability()
        rows.append(
            {
                "name": one,
                "runs": "by default" if one in (*DEFAULT, "pictures") else f"--with {one}",
                "installed": "yes" if available.installed else "no",
                "tables": ", ".join(table.name for table in extractor.tables),
                "kinds": ", ".join(sorted(extractor.kinds)),
                "what it measures": extractor.title,
                "needs": ", ".join(extractor.needs) if available.installed else available.remedy,
            }
        )
    print_frame(pd.DataFrame(rows), form)


def _describe(name: str) -> None:
    from tidymedia.extractors.registry import make_extractor

    extractor = make_extractor(name)
    available = extractor.availability()
    lines = [f"{name}: {extractor.title}", ""]
    if not available.installed:
        lines += [f"Not installed: {available.missing} {available.remedy}", ""]
    lines.append("Tables: " + ", ".join(f"{table.name} ({table.meaning})" for table in extractor.tables))
    fields = dataclasses.fields(extractor.parameters)
    lines += ["", "Parameters:" if fields else "It has no parameters."]
    for field in fields:
        choices = field.metadata.get("choices")
        allowed = f" One of: {', '.join(choices)}." if choices else ""
        lines.append(f"  --set {name}.{field.name}={getattr(extractor.parameters, field.name)}")
        lines.append(f"      {field.metadata.get('meaning', '')}{allowed}")
    for title, text in (("Where it is weak", extractor.caveat), ("What to cite", extractor.citation)):
        if text:
            lines += ["", f"{title}:", *(f"  {line}" for line in text.splitlines())]
    print("\n".join(lines))  # noqa: T201  # what was asked for


def add_to(application: typer.Typer) -> None:
    """Add the command to the application."""
    epilog = "\n[bold]Examples[/bold]\n\n  tidymedia extractors\n\n  tidymedia extractors ocr"
    application.command("extractors", epilog=epilog)(extractors)
