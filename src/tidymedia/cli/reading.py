"""Commands that read a study: status, export, query, report, compact."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, get_args

import typer

from tidymedia.cli.examples import examples
from tidymedia.cli.output import OutputFormat, note, print_frame, print_line
from tidymedia.cli.wording import quoted

__all__ = ["add_to"]

_Format = Literal["csv", "xlsx", "parquet", "duckdb", "jsonl", "srt", "vtt", "txt", "eaf", "textgrid"]
_Study = Annotated[Path, typer.Argument(metavar="STUDY", help="The folder that tidymedia analyze wrote.")]


def status(
    study: _Study = Path("study"),
    form: Annotated[
        OutputFormat, typer.Option("--format", help="csv and json print the counts by extractor alone.")
    ] = "table",
) -> None:
    """Show what became of the files: counts, and failures by reason with their remedies."""
    from tidymedia.cli.status_lines import derived_lines, failure_lines
    from tidymedia.study import Study

    opened = Study(study)
    counts = opened.query(
        "SELECT extractor, status, reason, count(DISTINCT media_id) AS media, sum(n_rows) AS rows, "
        "round(sum(seconds), 2) AS seconds FROM status GROUP BY ALL ORDER BY extractor, status, reason"
    )
    if form in ("csv", "json"):
        print_frame(counts, form)
        return
    files = opened.query(
        "SELECT coalesce(kind, 'not known') AS kind, status, count(*) AS files, sum(bytes) AS bytes "
        "FROM media GROUP BY ALL ORDER BY files DESC, kind, status"
    )
    print_frame(files, "table")
    print_line()
    print_frame(counts, "table")
    print_line()
    for line in [*failure_lines(opened), *derived_lines(opened)]:
        print_line(line)


def export(
    study: _Study,
    destination: Annotated[
        Path | None,
        typer.Argument(
            metavar="DESTINATION",
            help="A folder, or a file such as tables.xlsx. None: with --wide, CSV on standard output.",
            show_default=False,
        ),
    ] = None,
    form: Annotated[
        _Format | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="Tables: csv, xlsx, parquet, duckdb, jsonl. Transcripts, a file a medium: srt, vtt, txt, eaf (ELAN), "
            "textgrid (Praat). Without it, the suffix of the destination decides, else csv.",
            show_default=False,
        ),
    ] = None,
    wide: Annotated[bool, typer.Option("--wide", help="The summary: one row a file or item.")] = False,
    tables: Annotated[
        list[str] | None, typer.Option(metavar="NAMES", help="Only these tables, joined by commas.", show_default=False)
    ] = None,
    bom: Annotated[bool, typer.Option("--bom", help="Begin CSV files with a byte order mark, for old Excel.")] = False,
    without_flags: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FLAGS",
            help="Leave segments with these flags out of transcripts, joined by commas.",
            show_default=False,
        ),
    ] = None,
    copies: Annotated[
        Literal["all", "first"], typer.Option(help="Rows for each path of the same bytes, or for the first alone.")
    ] = "all",
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace files that are there.")] = False,
) -> None:
    """Write the tables for other programs, or transcripts as subtitles, for ELAN and for Praat."""
    from tidymedia.cli.assignments import split_names
    from tidymedia.errors import UsageError
    from tidymedia.study import Study

    opened = Study(study)
    if destination is None:
        if not wide or form not in (None, "csv", "jsonl"):
            raise UsageError(
                "Where should the tables go?", f"Name a folder or a file: tidymedia export {quoted(study)} tables."
            )
        print_frame(opened.summary(), "json" if form == "jsonl" else "csv")
        return
    written = opened.export(
        destination,
        form or _format_of(destination),
        tables=split_names(tables) or None,
        wide=wide,
        bom=bom,
        without_flags=split_names(without_flags),
        copies=copies,
        overwrite=overwrite,
    )
    for path in written:
        print_line(str(path))


def _format_of(destination: Path) -> _Format:
    suffix = destination.suffix.lower().removeprefix(".")
    found: _Format = next((form for form in get_args(_Format) if form == suffix), "csv")
    return found


def query(
    study: _Study,
    sql: Annotated[str, typer.Argument(metavar="SQL", help="A query in the SQL of DuckDB.")],
    form: Annotated[
        OutputFormat, typer.Option("--format", help="auto: a table on a terminal, CSV in a pipe.")
    ] = "auto",
) -> None:
    """Ask the tables in SQL. Tables: summary, media, status, failures, items, and those of the extractors."""
    from tidymedia.study import Study

    print_frame(Study(study).query(sql), form)


def report(
    study: _Study = Path("study"),
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Where to; report.html in the study.", show_default=False),
    ] = None,
    thumbnails: Annotated[int, typer.Option(min=0, metavar="N", help="Small pictures at most.")] = 1_000,
    blur: Annotated[
        Literal["all", "sensitive"] | None,
        typer.Option(
            help="Blur all small pictures, or those with a high nudity score and those without one.", show_default=False
        ),
    ] = None,
    blur_from: Annotated[
        float, typer.Option(min=0, max=1, metavar="SCORE", help="Nudity score from which a picture is blurred.")
    ] = 0.2,
) -> None:
    """Write the report: one HTML file that needs no network."""
    from tidymedia.study import Study

    opened = Study(study)
    written = opened.report(output, thumbnails=thumbnails, blur=blur, blur_from=blur_from)
    if blur == "sensitive" and "sensitive" not in opened.tables:
        note(
            "No picture has a nudity score, so all are blurred. "
            f"Get scores with: tidymedia analyze -o {quoted(study)} --with sensitive"
        )
    print_line(str(written))


def compact(study: _Study = Path("study")) -> None:
    """Bring the tables up to date with what an interrupted run had committed."""
    from tidymedia.study import Study

    done = Study(study).compact()
    note("The tables are up to date now." if done else "The tables were up to date.")


def add_to(application: typer.Typer) -> None:
    """Add the commands to the application."""
    add = application.command
    add("status", epilog=examples("tidymedia status press", "tidymedia status press --format csv > counts.csv"))(status)
    add(
        "export",
        epilog=examples(
            ("tidymedia export press tables", "a CSV file a table"),
            ("tidymedia export press tables.xlsx", "a sheet a table"),
            ("tidymedia export press press.duckdb", "one database"),
            ("tidymedia export press files.csv --wide", "one row a file or item"),
            "tidymedia export press --wide > files.csv",
            "tidymedia export press texts --tables texts --format parquet",
            ("tidymedia export press subs --format srt", "subtitles, a file a film"),
            ("tidymedia export press elan --format eaf", "annotations for ELAN"),
            "tidymedia export press subs --format vtt --without-flags phantom",
        ),
    )(export)
    add(
        "query",
        epilog=examples(
            'tidymedia query press "select kind, count(*) from media group by kind"',
            'tidymedia query press "select path, text from texts" > texts.csv',
        ),
    )(query)
    add(
        "report",
        epilog=examples(
            "tidymedia report press",
            "tidymedia report press -o press.html",
            ("tidymedia report press --blur sensitive", "nobody is taken by surprise"),
        ),
    )(report)
    add("compact", epilog=examples("tidymedia compact press"))(compact)
