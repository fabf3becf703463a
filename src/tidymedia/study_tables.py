"""What can be read from a study: its tables, their summary, their codebook, their exports."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from tidymedia.duplicates.table import DUPLICATES
from tidymedia.extractors.base import Extractor
from tidymedia.identities.table import IDENTITIES
from tidymedia.picture_map.table import MAP
from tidymedia.run.current import extractors_of, tables_of
from tidymedia.run.study_file import StudyFile
from tidymedia.run.up_to_date import bring_up_to_date
from tidymedia.tables import Table
from tidymedia.tables.derived import Derivation
from tidymedia.voice_scores.table import VOICE_STANDARDIZED

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from tidymedia.tables.description import ExtractorDescription
    from tidymedia.tables.documents import DocumentUnit
    from tidymedia.tables.export import Format

__all__ = ["StudyTables"]

ExportFormat = Literal["csv", "xlsx", "parquet", "duckdb", "jsonl", "srt", "vtt", "txt", "eaf", "textgrid"]

_DERIVATIONS: tuple[Derivation, ...] = (DUPLICATES, IDENTITIES, MAP, VOICE_STANDARDIZED)


class StudyTables:
    """The part of :class:`tidymedia.Study` that reads what is there; it measures nothing."""

    folder: Path
    _file: StudyFile

    def table(self, name: str, *, copies: Literal["all", "first"] = "all") -> pd.DataFrame:
        """Return a table.

        Parameters
        ----------
        name : str
            Such as ``"texts"``; :attr:`tables` lists them.
        copies : {"all", "first"}, default "all"
            Whether a file that lies in several places has its rows for each path, or for the first alone.

        Returns
        -------
        pandas.DataFrame
            Its rows, sorted by path and keys.

        Raises
        ------
        UsageError
            Where there is no such table.
        """
        from tidymedia.tables.reading import read_frame

        self.compact()
        return read_frame(self.folder, name, copies=copies)

    @property
    def tables(self) -> list[str]:
        """Names of the tables that the study has."""
        from tidymedia.tables.study_files import study_files

        self.compact()
        return list(study_files(self.folder))

    def summary(self, unit: Literal["medium", "item"] | None = None) -> pd.DataFrame:
        """Summarise the study: one row a file, or a row an item of the table of posts that it began with.

        Parameters
        ----------
        unit : {"medium", "item"} or None, default None
            What a row is; None for items where the study has any, and files otherwise.

        Returns
        -------
        pandas.DataFrame
            The user's own columns, then what was measured.
        """
        from tidymedia.tables.summary import summarize

        self.compact()
        chosen = unit or ("item" if (self.folder / "items.parquet").is_file() else "medium")
        return summarize(self.folder, self.definitions, chosen, extractors=self._descriptions)

    def failures(self) -> pd.DataFrame:
        """Return what could not be analysed: a row each, with its reason and remedy.

        Returns
        -------
        pandas.DataFrame
            Files that could not be read have no extractor.
        """
        return self.table("failures")

    def status(self) -> pd.DataFrame:
        """Return what became of every medium in every extractor.

        Returns
        -------
        pandas.DataFrame
            One row a path and extractor.
        """
        return self.table("status")

    def documents(
        self,
        unit: DocumentUnit = "medium",
        *,
        keep_empty: bool = False,
        without_flags: Sequence[str] | str = (),
        copies: Literal["all", "first"] = "all",
    ) -> pd.DataFrame:
        """Return the texts of the study, one text a row, as quanteda or spaCy want them.

        Parameters
        ----------
        unit : {"medium", "picture", "segment"}, default "medium"
            What one text is.
        keep_empty : bool, default False
            Whether to keep media and pictures without text.
        without_flags : sequence of str, default ()
            What was said in segments with one of these ``flags``, such as ``("phantom", "repetition")``, is left out.
        copies : {"all", "first"}, default "all"
            Whether a file that lies in several places gives a text for each.

        Returns
        -------
        pandas.DataFrame
            Columns ``doc_id``, ``path``, ``lang``, ``text`` and those that name the unit.

        Raises
        ------
        UsageError
            Where the study has no texts of this kind, or a flag is unknown.
        """
        from tidymedia.tables.documents import documents
        from tidymedia.tables.flags import checked_flags

        self.compact()
        flags = checked_flags(without_flags, self.definitions)
        return documents(self.folder, unit, keep_empty=keep_empty, without_flags=flags, copies=copies)

    def join_by_time(
        self,
        left: str,
        right: str,
        *,
        how: Literal["left", "inner"] = "left",
        copies: Literal["all", "first"] = "all",
    ) -> pd.DataFrame:
        """Put two tables side by side by medium and time: what is said while a picture is seen.

        Rows with ``start_ms`` and ``end_ms`` (segments, words, shots) last from the first up to, and without, the
        second. Rows about a picture (texts, tags, faces) are a moment, the ``time_ms`` of the table ``pictures``. A
        moment falls into what has begun and has not ended; two stretches are joined where they overlap. Rows without
        a time, such as those of photographs and pages, are left out.

        Parameters
        ----------
        left, right : str
            Names of the tables, such as ``"texts"`` and ``"transcripts"``.
        how : {"left", "inner"}, default "left"
            Whether to keep rows of the left table that nothing of the right one falls together with.
        copies : {"all", "first"}, default "all"
            Whether a file that lies in several places has its rows for each path.

        Returns
        -------
        pandas.DataFrame
            A row for each pair of rows that fall together, sorted by path and time. Columns of the right table that
            the left one has too begin with its name, such as ``transcripts_text``. ``overlap_ms`` is the time that
            two stretches have in common; missing where one of the two is about a picture.

        Raises
        ------
        UsageError
            Where a table is not there, or its rows do not lie in time.
        """
        from tidymedia.tables.time_join import join_by_time

        self.compact()
        return join_by_time(self.folder, left, right, how=how, copies=copies)

    def shot_scales(self) -> pd.DataFrame:
        """Tell how near the camera is to people, shot by shot, where a face is seen.

        The scale follows from the largest face that was found in the pictures of a shot: a face takes about
        three quarters of the height of a head, and a grown person is about eight heads high, so a face of a fifth of
        the height of the picture leaves room for a person down to the waist. Thresholds come from these proportions
        and the usual names of scales; they were not compared with scales that people coded. Shots without a face that
        was found have none: people from behind, and places. Needs ``shots`` and ``faces``; one picture a shot
        (``pictures.video = "shot:middle"``) says less than several.

        Returns
        -------
        pandas.DataFrame
            A row a shot: ``path``, ``media_id``, ``shot``, ``start_ms``, ``end_ms``, ``pictures`` (looked at in it),
            ``pictures_with_faces``, ``face_height`` (of the largest, as a share of the height of the picture, 0 to 1)
            and ``scale``: big close-up, close-up, medium close-up, medium shot, medium long shot, long shot or very
            long shot. The last two columns are missing where no face was found.

        Raises
        ------
        UsageError
            Where shots or faces were not looked for.

        Notes
        -----
        The names are those of Salt, B. (1992). Film style and technology: History and analysis (2nd ed.). Starword.
        """
        from tidymedia.tables.shot_scales import shot_scales

        self.compact()
        return shot_scales(self.folder)

    def query(self, sql: str) -> pd.DataFrame:
        """Ask the tables in SQL; see DuckDB's documentation for its functions.

        Parameters
        ----------
        sql : str
            Such as ``"select path, count(*) from texts group by path"``.

        Returns
        -------
        pandas.DataFrame
            The answer.

        Raises
        ------
        UsageError
            Where the query cannot be understood.
        """
        from tidymedia.tables.database import query

        self.compact()
        return query(self.folder, sql, self.definitions, extractors=self._descriptions)

    def export(
        self,
        destination: str | Path,
        format: ExportFormat = "csv",  # the word that users look for
        *,
        tables: Sequence[str] | None = None,
        wide: bool = False,
        bom: bool = False,
        without_flags: Sequence[str] | str = (),
        copies: Literal["all", "first"] = "all",
        overwrite: bool = False,
    ) -> list[Path]:
        """Write the tables for other programs, or the transcripts as subtitles or annotations.

        Parameters
        ----------
        destination : str or pathlib.Path
            A folder for CSV, Parquet, JSON Lines and transcripts; a file for XLSX and DuckDB.
        format : {"csv", "xlsx", "parquet", "duckdb", "jsonl", "srt", "vtt", "txt", "eaf", "textgrid"}, default "csv"
            What to write. The first five are tables. The others are transcripts, one file a medium that is named
            after it: subtitles for players (SubRip, WebVTT), plain text with a line a segment, annotations for ELAN,
            and TextGrids for Praat.
        tables : sequence of str or None, default None
            Which tables; None for all.
        wide : bool, default False
            Whether to write the summary instead: one row a file or item.
        bom : bool, default False
            Whether CSV files begin with a byte order mark, which old Excel needs for accents.
        without_flags : sequence of str, default ()
            Of transcripts: segments with one of these ``flags``, such as ``("phantom",)``, are left out. Otherwise
            flagged segments are written like all others.
        copies : {"all", "first"}, default "all"
            Whether a file that lies in several places has its rows for each path.
        overwrite : bool, default False
            Whether files that are there may be replaced.

        Returns
        -------
        list of pathlib.Path
            What was written.

        Raises
        ------
        UsageError
            Where a table, format or flag is unknown, a file is there already, the destination lies in the study, or
            the study has no transcripts to write.
        """
        from tidymedia.media.local_files import local_file
        from tidymedia.tables.export import export
        from tidymedia.tables.export_spoken import export_spoken, is_spoken

        self.compact()
        if is_spoken(format, tables=tables, wide=wide, bom=bom, without_flags=without_flags):
            return export_spoken(
                self.folder,
                Path(destination),
                self.definitions,
                format=format,
                without_flags=without_flags,
                copies=copies,
                overwrite=overwrite,
                find_file=lambda path: local_file(self._file.roots, path),
            )
        return export(
            self.folder,
            Path(destination),
            self.definitions,
            format=cast("Format", format),
            extractors=self._descriptions,
            tables=tables,
            wide=wide,
            bom=bom,
            copies=copies,
            overwrite=overwrite,
        )

    def codebook(self) -> pd.DataFrame:
        """Return the codebook: a row for every column of every table.

        Returns
        -------
        pandas.DataFrame
            Table, column, type, unit, range, meaning, and when a value is missing.
        """
        from tidymedia.tables.codebook import codebook_frame

        self.compact()
        return codebook_frame(self.folder, self.definitions, extractors=self._descriptions)

    def write_codebook(self) -> None:
        """Write ``codebook.csv`` and ``codebook.md`` into the study."""
        from tidymedia.tables.codebook import write_codebook

        write_codebook(self.folder, self.definitions, extractors=self._descriptions)

    def write_label_maps(self, folder: str | Path) -> list[Path]:
        """Write the label maps of pictures as PNG files: the class of every pixel as a number.

        Label maps are made by the extractor ``masks`` with the parameter ``maps``.

        Parameters
        ----------
        folder : str or pathlib.Path
            Where to; ``labels.csv`` in it says which number is which class, ``label_maps.csv`` which file belongs to
            which picture.

        Returns
        -------
        list of pathlib.Path
            The PNG files, then the two lists.

        Raises
        ------
        UsageError
            Where the study has no label maps.
        """
        from tidymedia.tables.label_map_files import write_label_maps

        self.compact()
        return write_label_maps(self.folder, Path(folder))

    def report(
        self,
        path: str | Path | None = None,
        *,
        thumbnails: int = 1_000,
        blur: Literal["all", "sensitive"] | None = None,
        blur_from: float = 0.2,
    ) -> Path:
        """Write the report: one HTML file that needs no network.

        Parameters
        ----------
        path : str, pathlib.Path or None, default None
            Where to; None for ``report.html`` in the study.
        thumbnails : int, default 1_000
            At most so many small pictures.
        blur : {"all", "sensitive"} or None, default None
            Which small pictures are blurred, so that readers are spared: all; or those whose ``nudity_score`` in the
            table ``sensitive`` is ``blur_from`` or more, and those without a score, which may show anything. They
            are blurred before they are put into the page, so nobody can take the blur away.
        blur_from : float, default 0.2
            Nudity score from which a picture is blurred, 0 to 1.

        Returns
        -------
        pathlib.Path
            The report.

        Raises
        ------
        UsageError
            Where ``blur`` or ``blur_from`` is none of these.
        """
        from tidymedia.report.blurring import check_blur
        from tidymedia.report.gather import write_report

        check_blur(blur, blur_from)
        self.compact()
        destination = Path(path) if path else None
        return write_report(self.folder, self._file, self.extractors, destination, thumbnails, blur, blur_from)

    def plot_timeline(
        self,
        path: str,
        *,
        start: float | None = None,
        end: float | None = None,
        width: float = 12.0,
        thumbnails: bool = True,
    ) -> Figure:
        """Show what the study says of one film or recording, along its time; see :func:`tidymedia.plot_timeline`.

        Parameters
        ----------
        path : str
            The film or recording, as in the column ``path``; the end of it is enough where no other ends like that.
        start, end : float or None, default None
            Which part to show, in seconds; None for all.
        width : float, default 12.0
            Width of the figure in inches, 4 to 60.
        thumbnails : bool, default True
            Whether to show small pictures of a film.

        Returns
        -------
        matplotlib.figure.Figure
            The figure.

        Raises
        ------
        UsageError
            Where the study has no such medium, or nothing that lies in time.
        """
        from tidymedia.report.timeline_figure import plot_timeline

        return plot_timeline(self, path, start=start, end=end, width=width, thumbnails=thumbnails)

    def compact(self) -> bool:
        """Bring the tables up to date with what an interrupted run had committed.

        Returns
        -------
        bool
            Whether there was anything to do.

        Raises
        ------
        StudyError
            Where the folder is no study.
        """
        return bring_up_to_date(self.folder, self._file)

    @property
    def definitions(self) -> list[Table]:
        """The tables that the study's extractors fill, as :class:`tidymedia.Table`."""
        return list(tables_of(self._file).values())

    @property
    def extractors(self) -> list[Extractor]:
        """The study's extractors, with their parameters."""
        return list(extractors_of(self._file).values())

    @property
    def _descriptions(self) -> list[ExtractorDescription]:
        """What filled the tables, derived ones too: codebook and summary print its words."""
        derived = [one for one in _DERIVATIONS if (self.folder / "derived" / f"{one.table.name}.parquet").is_file()]
        return [*self.extractors, *derived]
