"""Gather what a report says from the files of a study, and write it."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tidymedia.extractors.base import Extractor
from tidymedia.report.build import build_report
from tidymedia.report.contact_sheet import sheet_rows
from tidymedia.report.content import ExtractorNote, ReportContent
from tidymedia.run.preview import make_thumbnails
from tidymedia.run.study_file import StudyFile
from tidymedia.tables.database import open_database
from tidymedia.tables.frames import to_frame
from tidymedia.tables.study_files import study_files

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["first_pictures", "read_runs", "write_report"]

_MOST_ROWS = 50_000
"""Rows of a table that plots and texts are made from; beyond them a random sample of as many."""


def write_report(
    folder: Path, study: StudyFile, extractors: Sequence[Extractor], path: Path | None, thumbnails: int
) -> Path:
    """Write the report of a study.

    Parameters
    ----------
    folder : pathlib.Path
        The study.
    study : StudyFile
        Its settings.
    extractors : sequence of Extractor
        Its extractors.
    path : pathlib.Path or None
        Where to; None for ``report.html`` in the study.
    thumbnails : int
        At most so many small pictures.

    Returns
    -------
    pathlib.Path
        The report.
    """
    destination = path or folder / "report.html"
    content = gather(folder, study, extractors, thumbnails)
    unfinished = destination.with_name(f"{destination.name}.unfinished")
    unfinished.write_text(build_report(content), encoding="utf-8")
    unfinished.replace(destination)
    return destination


def gather(folder: Path, study: StudyFile, extractors: Sequence[Extractor], thumbnails: int) -> ReportContent:
    """Gather what a report says.

    Parameters
    ----------
    folder : pathlib.Path
        The study.
    study : StudyFile
        Its settings.
    extractors : sequence of Extractor
        Its extractors.
    thumbnails : int
        At most so many small pictures.

    Returns
    -------
    ReportContent
        Tables, provenance and small pictures.
    """
    definitions = [table for extractor in extractors for table in extractor.tables]
    own = ("media", "items", "status", "failures")
    with open_database(folder, definitions, extractors=extractors) as connection:

        def read(query: str) -> pd.DataFrame:
            return to_frame(connection.sql(query).to_arrow_table())

        names = [name for name in study_files(folder) if name not in own]
        totals = {name: int(connection.sql(f'SELECT count(*) FROM "{name}"').fetchall()[0][0]) for name in names}  # noqa: S608
        tables = {}
        for name in names:
            sample = f" USING SAMPLE reservoir({_MOST_ROWS} ROWS) REPEATABLE (1)" if totals[name] > _MOST_ROWS else ""
            tables[name] = read(f'SELECT * FROM "{name}"{sample}')  # noqa: S608  # names are those of files
        media = read("SELECT * FROM media")
        status = read("SELECT * FROM status")
        failures = read("SELECT * FROM failures")
        items = read("SELECT * FROM items") if (folder / "items.parquet").is_file() else None
        summary = read("SELECT * FROM summary")
    runs = read_runs(folder)
    return ReportContent(
        study_name=folder.resolve().name,
        created=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        media=media,
        status=status,
        failures=failures,
        tables=tables,
        definitions=definitions,
        extractors=[_note(extractor, runs) for extractor in extractors],
        runs=runs,
        items=items,
        summary=summary,
        rows_total=totals,
        thumbnails=first_pictures(study, media, thumbnails),
    )


def first_pictures(study: StudyFile, media: pd.DataFrame, most: int) -> dict[str, bytes]:
    """Make a small picture of the first picture of some media.

    Parameters
    ----------
    study : StudyFile
        The study.
    media : pandas.DataFrame
        Its media.
    most : int
        Of how many at most.

    Returns
    -------
    dict of str to bytes
        JPEG files by ``unit_id``.
    """
    rows = sheet_rows(media, most) if most > 0 else media.head(0)
    visible = rows[(rows["status"] == "ok") & rows["kind"].isin(["image", "document", "vector", "video"])]
    unique = visible.drop_duplicates("media_id")
    wanted = list(zip(unique["path"], unique["media_id"], unique["kind"], strict=True))
    return dict(make_thumbnails(study, wanted))


def read_runs(folder: Path) -> list[dict[str, Any]]:
    """Read the provenance of all runs, the oldest first.

    Parameters
    ----------
    folder : pathlib.Path
        The study.

    Returns
    -------
    list of dict
        One a run.
    """
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted((folder / "runs").glob("*.json"))]


def _note(extractor: Extractor, runs: Sequence[dict[str, Any]]) -> ExtractorNote:
    marks = [
        "; ".join(dict.fromkeys(entry["fingerprints"].values()))
        for run in runs
        for entry in run["extractors"]
        if entry["name"] == extractor.name
    ]
    return ExtractorNote(
        extractor.name,
        extractor.title,
        extractor.version,
        extractor.parameters.to_dict(),
        extractor.model,
        marks[-1] if marks else "",
        extractor.caveat,
        extractor.citation,
    )
