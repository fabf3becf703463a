"""What a report is made from: the study's tables and how they came about, as plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tidymedia.tables import Table

if TYPE_CHECKING:
    import pandas as pd

    from tidymedia.report.blurring import Blurring
    from tidymedia.report.copies import FoundCopies
    from tidymedia.report.map_choice import FoundMap
    from tidymedia.report.timeline_choice import FoundTimelines

__all__ = ["ExtractorNote", "ReportContent"]


@dataclass(frozen=True, slots=True)
class ExtractorNote:
    """What a reader must know about an extractor to trust, doubt and cite its rows.

    Parameters
    ----------
    name : str
        Name of the extractor.
    title : str
        What it measures, in one sentence.
    version : int
        Version of the extractor.
    parameters : mapping of str to object
        Its parameters as they were used.
    model : str or None, default None
        Its model, as ``name@revision``; None for a formula.
    fingerprint : str, default ""
        The fingerprint that its rows carry.
    caveat : str, default ""
        Where the method is weak.
    citation : str, default ""
        What to cite for it, one source a line.

    Examples
    --------
    >>> ExtractorNote("pixels", "Light and colour.", 1, {}).citation
    ''
    """

    name: str
    title: str
    version: int
    parameters: Mapping[str, object]
    model: str | None = None
    fingerprint: str = ""
    caveat: str = ""
    citation: str = ""


@dataclass(frozen=True, slots=True)
class ReportContent:
    """All that a report says; it opens no file itself.

    Parameters
    ----------
    study_name : str
        Name of the study, for the title.
    created : str
        When the report was made, as ISO 8601 text.
    media : pandas.DataFrame
        One row a path, with the columns of ``media``.
    status : pandas.DataFrame
        One row a medium and extractor, with the columns of ``status``.
    failures : pandas.DataFrame
        One row a thing that could not be analysed, with the columns of ``failures`` and ``path``.
    tables : mapping of str to pandas.DataFrame
        Rows of each table as a reader sees them; a sample where a study is very large.
    definitions : sequence of Table
        Descriptions of these tables.
    extractors : sequence of ExtractorNote
        The extractors of the study, in the order in which they ran.
    runs : sequence of mapping
        The provenance of each run, the oldest first.
    items : pandas.DataFrame or None, default None
        Rows of the user's own table, where the study has one.
    summary : pandas.DataFrame or None, default None
        One row a file.
    rows_total : mapping of str to int, default {}
        Number of rows of each table, where ``tables`` holds a sample of them.
    thumbnails : mapping of str to bytes, default {}
        Small JPEG pictures (at most 200 px) by their ``unit_id``: the first pictures, ``<media_id>:p0``, of the
        files that :func:`tidymedia.report.contact_sheet.sheet_files` names, and those that ``copies``, ``map`` and
        ``timelines`` show.
    derivations : sequence of ExtractorNote, default ()
        How the tables about the study as a whole were made, each under the name of its table.
    copies : FoundCopies or None, default None
        What the table ``duplicates`` says, where the study has it.
    map : FoundMap or None, default None
        What the table ``map`` says, where the study has it.
    timelines : FoundTimelines or None, default None
        What is drawn along time, where something in the study lies in time.
    blurring : Blurring or None, default None
        Which small pictures are blurred; None where none was to be.

    Examples
    --------
    >>> import pandas as pd
    >>> empty = pd.DataFrame()
    >>> ReportContent("press", "2024-05-01T08:30:00Z", empty, empty, empty, {}, (), (), ()).study_name
    'press'
    """

    study_name: str
    created: str
    media: pd.DataFrame
    status: pd.DataFrame
    failures: pd.DataFrame
    tables: Mapping[str, pd.DataFrame]
    definitions: Sequence[Table]
    extractors: Sequence[ExtractorNote]
    runs: Sequence[Mapping[str, Any]]
    items: pd.DataFrame | None = None
    summary: pd.DataFrame | None = None
    rows_total: Mapping[str, int] = field(default_factory=dict)
    thumbnails: Mapping[str, bytes] = field(default_factory=dict)
    derivations: Sequence[ExtractorNote] = ()
    copies: FoundCopies | None = None
    map: FoundMap | None = None
    timelines: FoundTimelines | None = None
    blurring: Blurring | None = None

    def shown_elsewhere(self) -> tuple[str, ...]:
        """Return the pictures that other sections than the contact sheet show, as ``unit_id``."""
        found = (self.copies, self.map, self.timelines)
        return tuple(dict.fromkeys(unit_id for one in found if one is not None for unit_id in one.shown))

    def is_derived(self, table: str) -> bool:
        """Say whether a table is about the study as a whole, made from its other tables.

        Parameters
        ----------
        table : str
            Name of the table.

        Returns
        -------
        bool
            True where ``derivations`` names it.
        """
        return any(note.name == table for note in self.derivations)

    def row_count(self, table: str) -> int:
        """Return how many rows a table has in the study, whether or not all of them are here.

        Parameters
        ----------
        table : str
            Name of the table.

        Returns
        -------
        int
            The number of rows; 0 where there is no such table.
        """
        here = len(self.tables[table]) if table in self.tables else 0
        return max(int(self.rows_total.get(table, here)), here)
