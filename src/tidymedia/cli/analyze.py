"""``tidymedia analyze``: media in, tables out."""

from __future__ import annotations

import glob
import threading
from pathlib import Path
from typing import Annotated

import typer

from tidymedia.cli.examples import examples

__all__ = ["add_to"]

_EPILOG = examples(
    "tidymedia analyze photos",
    "tidymedia analyze photos scans film.mp4 -o press",
    "tidymedia analyze posts.csv --path-column image -o posts",
    "tidymedia analyze archive.zip --with ocr --set ocr.lang=eng+deu",
    ("tidymedia analyze -o press --with ocr", "a study keeps its media"),
    ("tidymedia analyze -o press --retry-failed", "what failed, again"),
    ("tidymedia analyze -o press --with coding --dry-run", "what it would cost"),
    "tidymedia analyze s3://bucket/photos --sample 100 --seed 7 --dry-run",
    "tidymedia analyze films --set pictures.video=1s --set limits.pages=50",
)


def analyze(
    media: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="MEDIA",
            help="Folders, files, archives, addresses or tables of posts; none for those that the study has.",
            show_default=False,
        ),
    ] = None,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="STUDY", help="The folder of results.")] = Path(
        "study"
    ),
    with_: Annotated[
        list[str] | None,
        typer.Option(
            "--with",
            metavar="NAMES",
            help="Extractors, joined by commas; see: tidymedia extractors.",
            show_default=False,
        ),
    ] = None,
    without: Annotated[
        list[str] | None, typer.Option(metavar="NAMES", help="Extractors to leave out.", show_default=False)
    ] = None,
    assignments: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="NAME=VALUE",
            help="A parameter (ocr.lang), picture setting (pictures.video) or limit (limits.pages).",
            show_default=False,
        ),
    ] = None,
    path_column: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Column of a table of posts that names files.", show_default=False),
    ] = None,
    url_column: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Column of a table of posts that holds addresses.", show_default=False),
    ] = None,
    include: Annotated[
        list[str] | None,
        typer.Option(metavar="GLOB", help="Only paths like this, such as '*.jpg'.", show_default=False),
    ] = None,
    exclude: Annotated[
        list[str] | None,
        typer.Option(metavar="GLOB", help="No paths like this, such as 'drafts/**'.", show_default=False),
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Only the first N files.", show_default=False)
    ] = None,
    sample: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Only N files at random.", show_default=False)
    ] = None,
    seed: Annotated[int, typer.Option(metavar="N", help="Another seed draws another sample.")] = 0,
    jobs: Annotated[
        int,
        typer.Option("--jobs", "-j", min=0, metavar="N", help="Child processes; 0 for one a core.", show_default=False),
    ] = 0,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Try again what failed, wholly or in part.")
    ] = False,
    rehash: Annotated[bool, typer.Option("--rehash", help="Read every file again, also unchanged ones.")] = False,
    plugin: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="A Python file that defines extractors.", show_default=False),
    ] = None,
    stop_at_bugs: Annotated[
        bool, typer.Option("--stop-at-bugs", help="Stop when an extractor has an error of its own, and show where.")
    ] = False,
    consent: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAMES",
            help="Extractors that may send media to the services they ask; kept in the study.",
            show_default=False,
        ),
    ] = None,
    budget: Annotated[
        float | None,
        typer.Option(min=0, metavar="DOLLARS", help="Most that the run may spend on a service.", show_default=False),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show notices and errors alone.")] = False,
) -> None:
    """Analyse media; what an earlier run did is not done again.

    Without --with, a new study gets metadata, pixels and hashes, and an old one what it had before.
    """
    from tidymedia.cli.asking import asking
    from tidymedia.cli.assignments import split_assignments, split_names
    from tidymedia.cli.closing import closing_lines, dry_run_lines
    from tidymedia.cli.exit_codes import code_of
    from tidymedia.cli.output import note
    from tidymedia.cli.progress import ProgressView
    from tidymedia.errors import InterruptedRunError
    from tidymedia.study import Study

    parameters, pictures, limits = split_assignments(assignments or ())
    study = Study(
        output,
        [path for one in media or () for path in _matching(one)],
        path_column=path_column,
        url_column=url_column,
        pictures=pictures,
        limits=limits,
        plugins=plugin or (),
    )
    names = split_names(with_) or None
    left_out = split_names(without)
    if dry_run:
        dry = study.dry_run(
            names,
            without=left_out,
            parameters=parameters,
            include=include or (),
            exclude=exclude or (),
            limit=limit,
            sample=sample,
            seed=seed,
            retry_failed=retry_failed,
        )
        for line in [*dry.notices, *dry_run_lines(study, dry)]:
            note(line)
        return
    cancelled = threading.Event()
    interruption: InterruptedRunError | None = None
    with ProgressView(cancelled, quiet=quiet) as view:
        try:
            study.analyze(
                names,
                without=left_out,
                parameters=parameters,
                jobs=jobs,
                include=include or (),
                exclude=exclude or (),
                limit=limit,
                sample=sample,
                seed=seed,
                retry_failed=retry_failed,
                rehash=rehash,
                stop_at_bugs=stop_at_bugs,
                consent=split_names(consent),
                budget=budget,
                ask=asking(view),
                cancel=cancelled,
                listen=view,
            )
        except InterruptedRunError as error:
            interruption = error
    if study.last_run is not None and not quiet:
        for line in closing_lines(study, study.last_run, jobs):
            note(line)
    if interruption is not None:
        raise interruption
    if study.last_run is not None:
        raise typer.Exit(code_of(study.last_run.outcomes))


def _matching(text: str) -> list[str]:
    """Return the files that a pattern means where the shell left it as it is, as that of Windows does."""
    if "://" in text or Path(text).exists() or not glob.has_magic(text):
        return [text]
    return sorted(glob.glob(text, recursive=True)) or [text]  # noqa: PTH207  # a pattern may be absolute


def add_to(application: typer.Typer) -> None:
    """Add the command to the application."""
    application.command("analyze", epilog=_EPILOG)(analyze)
