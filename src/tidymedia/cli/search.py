"""Commands that find pictures by what they show, and lay them on a map: search, map."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tidymedia.cli.examples import examples
from tidymedia.cli.output import OutputFormat, note, print_frame, print_line
from tidymedia.cli.wording import quoted
from tidymedia.search.ways import Way

__all__ = ["add_to"]

_Study = Annotated[Path, typer.Argument(metavar="STUDY", help="The folder that tidymedia analyze wrote.")]


def search(
    study: _Study,
    words: Annotated[
        str | None, typer.Argument(metavar="WORDS", help="What the pictures should show; quote several words.")
    ] = None,
    image: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="A picture instead of words: a file or an address.", show_default=False),
    ] = None,
    number: Annotated[int, typer.Option("--number", "-n", min=1, metavar="N", help="How many pictures.")] = 20,
    by: Annotated[
        Way | None,
        typer.Option(
            help="How to find words: by embeddings of a network that reads text, or by tags; what there is without it.",
            show_default=False,
        ),
    ] = None,
    form: Annotated[
        OutputFormat, typer.Option("--format", help="auto: a table on a terminal, CSV in a pipe.")
    ] = "auto",
) -> None:
    """Find the pictures of a study that show something, by words or by another picture."""
    from tidymedia.study import Study

    found = Study(study).search(words, number, image=image, by=by)
    said = found.attrs["notice"]
    shown = found.drop(columns=["media_id", "unit_id", *(["matched"] if found["matched"].isna().all() else [])])
    if found.empty and form in ("auto", "table"):
        print_line("No picture was found.")
    else:
        print_frame(shown, form)
    if said:
        note(said)


def map_pictures(
    study: _Study = Path("study"),
    seed: Annotated[int, typer.Option(metavar="N", help="Another seed gives another map.")] = 0,
    perplexity: Annotated[
        float | None,
        typer.Option(
            metavar="N",
            help="How many neighbours count; 30, or fewer for few pictures, without it.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Lay the pictures on a map, alike ones side by side; the report shows it."""
    from tidymedia.report.wording import counted
    from tidymedia.study import Study

    rows = Study(study).map(seed=seed, perplexity=perplexity)
    print_line(f"{counted(rows['unit_id'].nunique(), 'picture')} on the map: the table map.")
    note(f"Look at it: tidymedia report {quoted(study)}")


def add_to(application: typer.Typer) -> None:
    """Add the commands to the application."""
    application.command(
        "search",
        epilog=examples(
            'tidymedia search press "people in a boat"',
            ("tidymedia search press dog -n 5", "retrievers too, by tags"),
            ("tidymedia search press --image poster.jpg", "what looks like this"),
        ),
    )(search)
    application.command("map", epilog=examples("tidymedia map press", "tidymedia report press"))(map_pictures)
