"""``tidymedia analyze``: media in, tables out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

__all__ = ["add_to"]

_EXAMPLES = """
[bold]Examples[/bold]

  tidymedia analyze photos

  tidymedia analyze photos scans film.mp4 -o press

  tidymedia analyze posts.csv --path-column image -o posts

  tidymedia analyze archive.zip --with ocr --set ocr.lang=deu --jobs 4

  tidymedia analyze s3://bucket/photos --sample 100 --seed 7 --dry-run

  tidymedia analyze -o press --retry-failed          the media of a study again

  tidymedia analyze films --set pictures.video=1s --set limits.duration_s=7200
"""


def analyze(
    media: Annotated[
        list[str] | None,
        typer.Argument(
            help="Folders, files, archives, addresses, tables of posts. None: those of the study.", show_default=False
        ),
    ] = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder of results, the study.")] = Path("study"),
    with_: Annotated[
        list[str] | None,
        typer.Option("--with", help="Extractors, joined by commas; see: tidymedia extractors.", show_default=False),
    ] = None,
    without: Annotated[list[str] | None, typer.Option(help="Extractors to leave out.", show_default=False)] = None,
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
        str | None, typer.Option(help="Column of a table of posts that names files.", show_default=False)
    ] = None,
    url_column: Annotated[
        str | None, typer.Option(help="Column of a table of posts that holds addresses.", show_default=False)
    ] = None,
    include: Annotated[
        list[str] | None, typer.Option(help="Only paths like this, such as '*.jpg'.", show_default=False)
    ] = None,
    exclude: Annotated[
        list[str] | None, typer.Option(help="No paths like this, such as 'drafts/**'.", show_default=False)
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first N files.", show_default=False)] = None,
    sample: Annotated[int | None, typer.Option(min=1, help="Only N files at random.", show_default=False)] = None,
    seed: Annotated[int, typer.Option(help="Another seed draws another sample.")] = 0,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=0, help="Child processes; 0 for one a core.")] = 0,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Try again what failed, wholly or in part.")
    ] = False,
    rehash: Annotated[bool, typer.Option("--rehash", help="Read every file again, also unchanged ones.")] = False,
    plugin: Annotated[
        list[Path] | None, typer.Option(help="A Python file that defines extractors.", show_default=False)
    ] = None,
    stop_at_bugs: Annotated[
        bool, typer.Option("--stop-at-bugs", help="Stop when an extractor has an error of its own, and show where.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show notices and errors alone.")] = False,
) -> None:
    """Analyse media; what an earlier run did is not done again.

    Without --with, a new study gets metadata, pixels and hashes, and an old one what it had before.
    """
    from tidymedia.cli.assignments import split_assignments, split_names
    from tidymedia.cli.closing import closing_lines, dry_run_lines
    from tidymedia.cli.exit_codes import code_of
    from tidymedia.cli.progress import ProgressView
    from tidymedia.study import Study

    parameters, pictures, limits = split_assignments(assignments or ())
    study = Study(
        output,
        media or (),
        path_column=path_column,
        url_column=url_column,
        pictures=pictures,
        limits=limits,
        plugins=plugin or (),
    )
    names = split_names(with_) or None
    chosen = {"include": include or (), "exclude": exclude or ()}
    if dry_run:
        dry = study.dry_run(
            names,
            without=split_names(without),
            parameters=parameters,
            limit=limit,
            sample=sample,
            seed=seed,
            retry_failed=retry_failed,
            **chosen,
        )
        _say([*dry.notices, *dry_run_lines(study, dry)])
        return
    with ProgressView(quiet=quiet) as view:
        study.analyze(
            names,
            without=split_names(without),
            parameters=parameters,
            jobs=jobs,
            limit=limit,
            sample=sample,
            seed=seed,
            retry_failed=retry_failed,
            rehash=rehash,
            stop_at_bugs=stop_at_bugs,
            listen=view,
            **chosen,
        )
    finished = study.last_run
    if finished is not None:
        if not quiet:
            _say(closing_lines(study, finished, jobs))
        raise typer.Exit(code_of(finished.outcomes))


def _say(lines: list[str]) -> None:
    for line in lines:
        print(line, file=sys.stderr)  # noqa: T201  # standard output is for data


def add_to(application: typer.Typer) -> None:
    """Add the command to the application."""
    application.command("analyze", epilog=_EXAMPLES)(analyze)
