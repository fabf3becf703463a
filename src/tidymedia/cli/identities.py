"""The command that brings faces together by person: identities."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tidymedia.cli.examples import examples
from tidymedia.cli.output import OutputFormat, note, print_frame, print_line
from tidymedia.cli.wording import quoted

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["add_to"]

_SHOWN_IDENTITIES = 10
_SHOWN_FACES = 5


def identities(
    study: Annotated[Path, typer.Argument(metavar="STUDY", help="The folder that tidymedia analyze wrote.")],
    gallery: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER", help="Pictures named after the person they show, to give names.", show_default=False
        ),
    ] = None,
    threshold: Annotated[
        float, typer.Option(metavar="N", help="The largest distance of two faces of one person, 0 to 1.")
    ] = 0.3,
    form: Annotated[OutputFormat, typer.Option("--format", help="csv and json print the whole table.")] = "table",
) -> None:
    """Bring faces together by person: biometric data, so mind law and consent.

    The study needs --with face_embeddings. What is found is a guess by likeness; it is written into the study as the
    table identities.
    """
    from tidymedia.study import Study

    found = Study(study).identities(threshold, gallery)
    if form in ("csv", "json"):
        print_frame(found, form)
        return
    if found.empty:
        print_line("No face of the study is large enough to be told from others.")
        return
    for line in _lines(found):
        print_line(line)
    note(f"All of them: tidymedia export {quoted(study)} people --tables identities")


def _lines(found: pd.DataFrame) -> list[str]:
    """Say what was found: the identities with most faces, each with its names and files."""
    from tidymedia.report.wording import counted

    groups = [(unit, rows) for unit, rows in found.groupby("identity", sort=False)]
    several = [(unit, rows) for unit, rows in groups if rows["unit_id"].nunique() > 1]
    named = found.loc[found["name"].notna(), "unit_id"].nunique()
    lines = [
        f"{counted(found['unit_id'].nunique(), 'face')}, by likeness of {counted(len(groups), 'person', 'people')}; "
        f"{counted(named, 'face')} given a name. Likeness is no proof: look at them before you count."
    ]
    shown = several[:_SHOWN_IDENTITIES] or groups[:_SHOWN_IDENTITIES]
    for _, rows in shown:
        names = "; ".join(sorted(set(rows["name"].dropna()))) or "no name"
        lines += ["", f"{names}: {counted(rows['unit_id'].nunique(), 'face')}"]
        lines += [
            f"  {row.path} (picture {row.picture}, face {row.face})  distance {row.distance:.2f}"
            for row in rows.head(_SHOWN_FACES).itertuples()
        ]
        if len(rows) > _SHOWN_FACES:
            lines.append(f"  and {len(rows) - _SHOWN_FACES:,} more")
    return lines


def add_to(application: typer.Typer) -> None:
    """Add the command to the application."""
    application.command(
        "identities",
        epilog=examples(
            "tidymedia analyze photos -o press --with face_embeddings",
            "tidymedia identities press",
            ("tidymedia identities press --gallery named", "named/Angela Merkel.jpg"),
            "tidymedia identities press --format csv > people.csv",
        ),
    )(identities)
