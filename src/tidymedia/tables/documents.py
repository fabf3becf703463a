"""One text a row, for the tools that count and model words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tidymedia.errors import UsageError
from tidymedia.tables.database import open_database
from tidymedia.tables.flags import without
from tidymedia.tables.frames import to_frame
from tidymedia.tables.study_files import file_schema, study_files

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["DocumentUnit", "documents"]

DocumentUnit = Literal["medium", "picture", "segment"]
"""What one text is: all of a file, what one picture shows, or what was said in one segment."""

_SOURCES: Mapping[str, tuple[str, ...]] = {
    "medium": ("texts", "transcripts"),
    "picture": ("texts",),
    "segment": ("transcripts",),
}
_ORDER = {"texts": ("picture", "block"), "transcripts": ("segment", None)}


def documents(
    folder: Path,
    unit: DocumentUnit = "medium",
    *,
    keep_empty: bool = False,
    without_flags: Sequence[str] = (),
    copies: Literal["all", "first"] = "all",
) -> pd.DataFrame:
    """Return the texts of a study, one a row, as quanteda or spaCy want them.

    Blocks are joined by blank lines in reading order, pictures in their order; the text of pictures comes
    before what was said. The order of blocks is that of the text recognition, which can be wrong on pages
    with several columns.

    Parameters
    ----------
    folder : pathlib.Path
        The study.
    unit : {"medium", "picture", "segment"}, default "medium"
        What one text is.
    keep_empty : bool, default False
        Whether to keep media and pictures without text. Their text is empty where it was looked for, and
        missing where nobody could look.
    without_flags : sequence of str, default ()
        What was said in segments with one of these flags is left out; none is by default.
    copies : {"all", "first"}, default "all"
        Whether a file that lies in several places gives a text for each of them or one.

    Returns
    -------
    pandas.DataFrame
        ``doc_id`` (unique), ``path``, then ``picture`` or ``segment`` with ``time_ms``, ``lang`` (``mul``
        where languages are mixed) and ``text``.

    Raises
    ------
    UsageError
        Where the study has no texts of this kind.
    StudyError
        Where the folder holds no study.
    """
    if unit not in _SOURCES:
        raise UsageError(f"Documents have no unit {unit}.", "Choose medium, picture or segment.")
    files = study_files(folder)
    sources = {name: set(file_schema(files[name]).names) for name in _SOURCES[unit] if name in files}
    if not sources:
        made_by = " or ".join({"texts": "ocr", "transcripts": "transcripts"}[name] for name in _SOURCES[unit])
        raise UsageError(f"The study {folder} has no text by {unit}.", f"Analyse its media with {made_by} first.")
    pictures = set(file_schema(files["pictures"]).names) if "pictures" in files else set()
    has_pictures = {"picture", "time_ms"} <= pictures
    sql = _query(unit, sources, without_flags, has_pictures=has_pictures, keep_empty=keep_empty)
    if copies == "first":
        sql = (
            f"SELECT * FROM ({sql}) WHERE path IN (SELECT min(path) FROM media "  # noqa: S608
            "GROUP BY coalesce(media_id, path))"
        )
    key = "" if unit == "medium" else f", {unit}"
    with open_database(folder) as connection:
        return to_frame(connection.sql(f"SELECT * FROM ({sql}) ORDER BY path{key}").to_arrow_table())  # noqa: S608


def _query(
    unit: str, sources: Mapping[str, set[str]], flags: Sequence[str], *, has_pictures: bool, keep_empty: bool
) -> str:
    """Write the query for one text a row."""
    parts = []
    for rank, (name, columns) in enumerate(sources.items()):
        first, second = _ORDER[name]
        start = "start_ms" if "start_ms" in columns else "NULL::BIGINT"
        lang = "lang" if "lang" in columns else "NULL::VARCHAR"
        parts.append(
            f"SELECT path, {rank} AS source, {first} AS first, {second or 0} AS second, "  # noqa: S608
            f"{start if unit == 'segment' else 'NULL::BIGINT'} AS time_ms, {lang} AS lang, text, extractor "
            f"FROM {name} WHERE trim(text) <> '' AND {without(flags) if 'flags' in columns else 'true'}"
        )
    blocks = " UNION ALL ".join(parts)
    keys = "path" if unit == "medium" else "path, first"
    joined = (
        f"SELECT {keys}, min(time_ms) AS time_ms, "  # noqa: S608
        "CASE WHEN count(DISTINCT lang) > 1 THEN 'mul' ELSE max(lang) END AS lang, "
        "string_agg(text, chr(10) || chr(10) ORDER BY source, first, second) AS text "
        f"FROM ({blocks}) GROUP BY {keys}"
    )
    found = "found.text"
    if keep_empty:
        looked = ", ".join(f"'{name}'" for name in (("ocr",) if unit == "picture" else ("ocr", "transcripts")))
        found = (
            "coalesce(found.text, CASE WHEN EXISTS (SELECT 1 FROM stored.status AS done "  # noqa: S608
            f"JOIN media USING (media_id) WHERE media.path = every.path AND done.extractor IN ({looked}) "
            "AND done.status IN ('ok', 'empty')) THEN '' END) AS text"
        )
    if unit == "medium":
        every = "SELECT path FROM media" if keep_empty else "SELECT DISTINCT path FROM joined"
        return (
            f"WITH joined AS ({joined}), every AS ({every}) "  # noqa: S608
            f"SELECT every.path AS doc_id, every.path, found.lang, {found} "
            "FROM every LEFT JOIN joined AS found USING (path)"
        )
    letter = "p" if unit == "picture" else "g"
    if unit == "picture" and has_pictures:
        how = "FULL" if keep_empty else "LEFT"
        every = (
            "SELECT path, first, shown.time_ms FROM joined "  # noqa: S608
            f"{how} JOIN (SELECT path, picture AS first, time_ms FROM pictures) AS shown USING (path, first)"
        )
        time = "every.time_ms"
    else:
        every, time = "SELECT path, first FROM joined", "found.time_ms"
    return (
        f"WITH joined AS ({joined}), every AS ({every}) "  # noqa: S608
        f"SELECT every.path || ':{letter}' || every.first AS doc_id, every.path, every.first AS {unit}, "
        f"{time} AS time_ms, found.lang, {found} "
        "FROM every LEFT JOIN joined AS found ON found.path = every.path AND found.first = every.first"
    )
