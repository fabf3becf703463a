"""Gather what a report says from the files of a study, and write it."""

from __future__ import annotations

import dataclasses
import datetime
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tidymedia.duplicates.table import DUPLICATES
from tidymedia.extractors.base import Extractor
from tidymedia.identities.table import IDENTITIES
from tidymedia.picture_map.table import MAP
from tidymedia.report.blurring import BLUR_FROM, Blur, Blurring, blur_pictures, read_scores
from tidymedia.report.build import build_report
from tidymedia.report.content import ExtractorNote, ReportContent
from tidymedia.report.copies import FoundCopies, read_copies
from tidymedia.report.copies_view import pictures_of
from tidymedia.report.map_choice import FoundMap, read_map
from tidymedia.report.small_pictures import COPIES_PICTURES, small_pictures
from tidymedia.report.timeline_choice import read_timelines
from tidymedia.run.study_file import StudyFile
from tidymedia.tables.database import open_database
from tidymedia.tables.derived import Derivation, Origin, origin_of
from tidymedia.tables.frames import to_frame
from tidymedia.tables.study_files import study_files
from tidymedia.voice_scores.table import VOICE_STANDARDIZED

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["gather", "read_runs", "write_report"]

_DERIVATIONS = (DUPLICATES, MAP, IDENTITIES, VOICE_STANDARDIZED)
"""What is found in a study as a whole, in the order of the report."""

_MOST_ROWS = 50_000
"""Rows of a table that plots and texts are made from; beyond them a random sample of as many."""


def write_report(
    folder: Path,
    study: StudyFile,
    extractors: Sequence[Extractor],
    path: Path | None,
    thumbnails: int,
    blur: Blur | None = None,
    blur_from: float = BLUR_FROM,
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
    blur : {"all", "sensitive"} or None, default None
        Which small pictures are blurred.
    blur_from : float, default BLUR_FROM
        Nudity score from which one is.

    Returns
    -------
    pathlib.Path
        The report.
    """
    destination = path or folder / "report.html"
    content = gather(folder, study, extractors, thumbnails, blur, blur_from)
    unfinished = destination.with_name(f"{destination.name}.unfinished")
    unfinished.write_text(build_report(content), encoding="utf-8")
    unfinished.replace(destination)
    return destination


def gather(
    folder: Path,
    study: StudyFile,
    extractors: Sequence[Extractor],
    thumbnails: int,
    blur: Blur | None = None,
    blur_from: float = BLUR_FROM,
) -> ReportContent:
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
    blur : {"all", "sensitive"} or None, default None
        Which small pictures are blurred.
    blur_from : float, default BLUR_FROM
        Nudity score from which one is.

    Returns
    -------
    ReportContent
        Tables, provenance and small pictures.
    """
    definitions = [table for extractor in extractors for table in extractor.tables]
    own = ("media", "items", "status", "failures")
    origins = {one.name: origin for one in _DERIVATIONS if (origin := origin_of(folder, one.name)) is not None}
    copies: FoundCopies | None = None
    found_map: FoundMap | None = None
    derivations: list[ExtractorNote] = []
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
        if DUPLICATES.name in origins:
            copies = read_copies(connection, origins[DUPLICATES.name])
            if copies is None:
                del origins[DUPLICATES.name]
            else:
                copies = dataclasses.replace(copies, shown=pictures_of(copies, min(COPIES_PICTURES, thumbnails // 4)))
        if MAP.name in origins:
            found_map = read_map(tables[MAP.name], tables.get("pictures"), origins[MAP.name], thumbnails)
        for derivation in _DERIVATIONS:
            if derivation.name in origins:
                rows = tables[derivation.name]
                derivations.append(_derivation_note(derivation, origins[derivation.name], rows))
                definitions.append(derivation.table)
        columns = {name: list(rows.columns) for name, rows in tables.items()}
        timelines = read_timelines(connection, columns, thumbnails)
    runs = read_runs(folder)
    elsewhere = [unit for one in (copies, found_map, timelines) if one is not None for unit in one.shown]
    pictures: Mapping[str, bytes] = small_pictures(study, media, thumbnails, elsewhere)
    blurring: Blurring | None = None
    if blur is not None:
        pictures, blurring = blur_pictures(pictures, blur, blur_from, read_scores(folder, pictures.keys()))
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
        thumbnails=pictures,
        derivations=derivations,
        copies=copies,
        map=found_map,
        timelines=timelines,
        blurring=blurring,
    )


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


def _derivation_note(derivation: Derivation, origin: Origin, rows: pd.DataFrame) -> ExtractorNote:
    models, marks = rows["model"].dropna().unique(), rows["fingerprint"].dropna().unique()
    return ExtractorNote(
        derivation.name,
        derivation.title,
        derivation.version,
        origin.parameters,
        str(models[0]) if len(models) else None,
        str(marks[0]) if len(marks) else "",
        derivation.caveat,
        derivation.citation,
    )
