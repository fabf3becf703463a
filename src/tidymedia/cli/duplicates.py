"""Commands that compare pictures: duplicates, nearest."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from tidymedia.cli.examples import examples
from tidymedia.cli.output import OutputFormat, note, print_frame, print_line
from tidymedia.cli.wording import quoted
from tidymedia.duplicates.table import Measure

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["add_to"]

_SHOWN_CLUSTERS = 10
_SHOWN_COPIES = 5

_Study = Annotated[Path, typer.Argument(metavar="STUDY", help="The folder that tidymedia analyze wrote.")]
_Turned = Annotated[bool, typer.Option("--turned", help="Find rotated and mirrored copies too (by hash).")]


def duplicates(
    study: _Study = Path("study"),
    by: Annotated[
        Measure, typer.Option(help="What is compared: the bytes of files, hashes, embeddings, or shrunk pixels.")
    ] = "hash",
    threshold: Annotated[
        float | None,
        typer.Option(
            metavar="N",
            help="The largest distance of a copy: bits of 192 for hashes (36), 1 - cosine for others (0.06, 0.03).",
            show_default=False,
        ),
    ] = None,
    turned: _Turned = False,
    within_files: Annotated[
        bool, typer.Option("--within-files", help="Keep clusters within one file, such as frames of one film.")
    ] = False,
    form: Annotated[OutputFormat, typer.Option("--format", help="csv and json print the whole table.")] = "table",
) -> None:
    """Find copies and near copies; they are written into the study as the table duplicates."""
    from tidymedia.study import Study

    opened = Study(study)
    found = opened.duplicates(by, threshold, turned=turned, within_files=within_files)
    if form in ("csv", "json"):
        print_frame(found, form)
        return
    if found.empty:
        print_line(f"No copies by {by}. Others may be found with --by, --threshold or --turned.")
        return
    sizes = opened.query("SELECT path, any_value(bytes) AS bytes FROM media GROUP BY path").set_index("path")["bytes"]
    for line in _lines(found, sizes):
        print_line(line)
    note(f"All of them: tidymedia export {quoted(study)} copies --tables duplicates")


def _lines(found: pd.DataFrame, sizes: pd.Series[int]) -> list[str]:
    """Say what was found: the largest clusters, their representatives first."""
    from tidymedia.report.wording import counted

    clusters = found.groupby("cluster", sort=False)
    lines = [
        f"{counted(clusters.ngroups, 'cluster')} of copies, {counted(found['path'].nunique(), 'file')}.",
        _droppable(found, sizes),
    ]
    largest = sorted(clusters, key=lambda named: (-len(named[1]), named[1]["path"].iloc[0]))
    for _, rows in largest[:_SHOWN_CLUSTERS]:
        stands = rows[rows["is_representative"]].iloc[0]
        others = rows.drop(stands.name)
        lines += [
            "",
            _unit(stands),
            *(f"  {_unit(row)}  {_difference(row)}" for _, row in others[:_SHOWN_COPIES].iterrows()),
        ]
        if len(others) > _SHOWN_COPIES:
            lines.append(f"  and {len(others) - _SHOWN_COPIES:,} more")
    if len(largest) > _SHOWN_CLUSTERS:
        lines += ["", f"And {counted(len(largest) - _SHOWN_CLUSTERS, 'smaller cluster')}."]
    return lines


def _droppable(found: pd.DataFrame, sizes: pd.Series[int]) -> str:
    """Say which files can be dropped, and which of them only after a look."""
    from tidymedia.report.wording import counted, size

    droppable = found[found["is_droppable"]]
    exact = (droppable["kind"] == "exact").groupby(droppable["path"]).all()
    if exact.empty:
        return "No file can be dropped."
    said = f"{counted(len(exact), 'file')} ({size(int(sizes.reindex(exact.index).fillna(0).sum()))}) can be dropped"
    near = len(exact) - int(exact.sum())
    if not near:
        return f"{said}: a file that stays has the same bytes."
    some = "" if near == len(exact) else f"{near:,} of them only "
    return f"{said}, {some}if what looks alike is a copy: look before you drop."


def _unit(row: pd.Series[Any]) -> str:
    """Name a picture; the first one of a file by its path alone."""
    import pandas as pd

    number = row["picture"]
    return str(row["path"]) if pd.isna(number) or number == 0 else f"{row['path']} (picture {number})"


def _difference(row: pd.Series[Any]) -> str:
    """Say how a picture differs from the one that stands for its cluster."""
    if row["kind"] == "exact":
        return "the same bytes"
    turn = "" if row["turn"] == "upright" else f", {str(row['turn']).replace('_', ' ')}"
    return f"distance {row['distance']:.3g}{turn}"


def nearest(
    study: _Study,
    picture: Annotated[
        str, typer.Argument(metavar="PICTURE", help="A file or an address; it need not be in the study.")
    ],
    number: Annotated[int, typer.Option("--number", "-n", min=1, metavar="N", help="How many pictures.")] = 10,
    by: Annotated[
        Literal["hash", "embedding", "pixels"],
        typer.Option(help="What is compared: hashes, embeddings, or pixels."),
    ] = "hash",
    turned: _Turned = False,
    form: Annotated[
        OutputFormat, typer.Option("--format", help="auto: a table on a terminal, CSV in a pipe.")
    ] = "auto",
) -> None:
    """Find the pictures of a study that look most like one picture."""
    from tidymedia.study import Study

    print_frame(Study(study).nearest(picture, number, by=by, turned=turned).drop(columns=["media_id", "unit_id"]), form)


def add_to(application: typer.Typer) -> None:
    """Add the commands to the application."""
    application.command(
        "duplicates",
        epilog=examples(
            "tidymedia duplicates press",
            ("tidymedia duplicates press --turned", "rotated and mirrored ones too"),
            ("tidymedia duplicates press --by bytes", "the same to the last bit"),
            ("tidymedia duplicates press --by embedding", "crops and frames too"),
            "tidymedia duplicates press --format csv > copies.csv",
        ),
    )(duplicates)
    application.command("nearest", epilog=examples("tidymedia nearest press poster.jpg -n 5"))(nearest)
