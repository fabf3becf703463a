"""``tidymedia demo``: the main job on the sample media that come with the package."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tidymedia.cli.examples import examples

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["add_to", "sample_media", "shown_summary"]


def sample_media() -> Path:
    """Return the folder of the sample media: that of the package, or of the checkout that it runs from.

    Returns
    -------
    pathlib.Path
        The folder.

    Raises
    ------
    UnavailableError
        Where it is not there.
    """
    from tidymedia.errors import UnavailableError

    package = Path(__file__).resolve().parents[1]
    for folder in (package / "sample_media", package.parents[1] / "examples" / "media"):
        if folder.is_dir() and any(folder.iterdir()):
            return folder
    raise UnavailableError("The sample media are not there.", "Install tidymedia again, or analyse files of your own.")


def demo(
    folder: Annotated[Path, typer.Argument(metavar="STUDY", help="Where the study goes.")] = Path("demo-study"),
    jobs: Annotated[
        int,
        typer.Option("--jobs", "-j", min=0, metavar="N", help="Child processes; 0 for one a core.", show_default=False),
    ] = 0,
) -> None:
    """Analyse the sample media: photographs, a scan, a PDF, films, a recording, and one broken file."""
    import threading

    from tidymedia.cli.output import note, print_frame
    from tidymedia.cli.progress import ProgressView
    from tidymedia.cli.wording import counted, duration, quoted
    from tidymedia.study import Study

    study = Study(folder, sample_media())
    cancelled = threading.Event()
    with ProgressView(cancelled) as view:
        study.analyze(
            ["metadata", "pixels", "hashes", "ocr", "shots", "speech"], jobs=jobs, cancel=cancelled, listen=view
        )
    report = study.report()
    table = folder / "export" / "files.csv"
    table.parent.mkdir(exist_ok=True)
    study.export(table, wide=True, overwrite=True)
    summary = study.summary("medium")
    print_frame(shown_summary(summary), "table")
    seconds = study.last_run.seconds if study.last_run else 0.0
    for line in (
        "",
        f"{counted(len(summary), 'file')} in {duration(seconds)}; one of them is broken on purpose.",
        f"Tables    {folder / 'tables'}",
        f"Summary   {table}",
        f"Codebook  {folder / 'codebook.md'}",
        f"Report    {report}",
        f"Failures  tidymedia status {quoted(folder)}",
        "Yours     tidymedia analyze YOUR-FOLDER",
    ):
        note(line)


def shown_summary(summary: pd.DataFrame) -> pd.DataFrame:
    """Choose and shape what of a summary can be read at one look.

    Parameters
    ----------
    summary : pandas.DataFrame
        One row a file.

    Returns
    -------
    pandas.DataFrame
        Path, kind, status, size, length, colour, words and text, as far as they are there.
    """
    import pandas as pd

    shown = pd.DataFrame(index=summary.index)
    for name in ("path", "kind", "status"):
        shown[name] = summary[name]
    if {"width", "height"} <= set(summary.columns):
        sizes = summary["width"].astype("string") + "x" + summary["height"].astype("string")
        shown["pixels"] = sizes
    shown["length"] = [_length(one) for one in summary.to_dict("records")]
    for name, title in (("main_color", "colour"), ("text_words", "words"), ("text", "text")):
        if name in summary.columns:
            shown[title] = summary[name]
    return shown.dropna(axis="columns", how="all")


def _length(file: Mapping[Any, Any]) -> str | None:
    """Say how long a recording or a document is."""
    import pandas as pd

    from tidymedia.cli.wording import counted, duration

    if pd.notna(milliseconds := file.get("duration_ms")):
        return duration(milliseconds / 1000).replace(".0 ", " ")
    return counted(int(pages), "page") if pd.notna(pages := file.get("pages")) else None


def add_to(application: typer.Typer) -> None:
    """Add the command to the application."""
    application.command("demo", epilog=examples("tidymedia demo", "tidymedia demo my-demo --jobs 2"))(demo)
