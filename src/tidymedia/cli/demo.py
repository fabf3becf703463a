"""``tidymedia demo``: the main job on the sample media that come with the package."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

__all__ = ["add_to", "sample_media"]


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
        if folder.is_dir():
            return folder
    raise UnavailableError("The sample media are not there.", "Install tidymedia again, or analyse files of your own.")


def demo(
    folder: Annotated[Path | None, typer.Argument(help="Where the study goes.", show_default=False)] = None,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=0, help="Child processes; 0 for one a core.")] = 0,
) -> None:
    """Analyse the sample media: photographs, a scan, a PDF, a film, a recording, and one broken file."""
    from tidymedia.cli.output import print_frame
    from tidymedia.cli.progress import ProgressView, duration
    from tidymedia.study import Study

    study = Study(folder or Path("demo-study"), sample_media())
    with ProgressView() as view:
        study.analyze(["metadata", "pixels", "hashes", "ocr"], jobs=jobs, listen=view)
    report = study.report()
    study.export(study.folder / "export" / "summary.csv", wide=True, overwrite=True)
    summary = study.summary("medium")
    shown = ["path", "kind", "status", "width", "height", "duration_ms", "color", "brightness", "words", "text"]
    print_frame(summary[[name for name in shown if name in summary.columns]], "table")
    finished = study.last_run
    lines = [
        "",
        f"{len(summary)} files in {duration(finished.seconds) if finished else ''}; one of them is broken on purpose.",
        f"Tables:   {study.folder / 'tables'}",
        f"Summary:  {study.folder / 'export' / 'summary.csv'}",
        f"Codebook: {study.folder / 'codebook.md'}",
        f"Report:   {report}",
        "Yours:    tidymedia analyze YOUR-FOLDER",
    ]
    print("\n".join(lines), file=sys.stderr)  # noqa: T201  # standard output is for data


def add_to(application: typer.Typer) -> None:
    """Add the command to the application."""
    application.command("demo", epilog="\n[bold]Example[/bold]\n\n  tidymedia demo")(demo)
