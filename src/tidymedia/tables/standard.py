"""The study's own tables: which files there were, and what became of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from tidymedia.tables.column import Column
from tidymedia.tables.keys import IDENTITY, PATH

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = [
    "FAILURE_COLUMNS",
    "ITEM_COLUMNS",
    "MEDIA_COLUMNS",
    "MEDIA_STATUSES",
    "SKIP_REASONS",
    "STANDARD_MEANINGS",
    "STATUSES",
    "STATUS_COLUMNS",
    "item_column_names",
    "schema",
]

MEDIA_STATUSES: Mapping[str, str] = {
    "ok": "the file was found and could be opened",
    "failed": "the file was found, but it could not be read or opened",
    "missing": "the file was not found: it vanished, or its link is dead",
}
"""What the status of a file says."""

STATUSES: Mapping[str, str] = {
    "ok": "the extractor ran and gave rows",
    "empty": "the extractor ran to its end and there was nothing to say, such as a picture without text",
    "partial": "a part failed, such as one page; the rows of the other parts are there",
    "failed": "the extractor broke; there are no rows, and failures says why",
    "skipped": "the extractor did not run; reason says why",
}
"""What the status of an extractor on a medium says."""

SKIP_REASONS: Mapping[str, str] = {
    "not_applicable": "the kind of file has nothing for this extractor, such as sound in an image",
    "not_installed": "something that the extractor needs is not installed",
    "no_consent": "the file may not be sent to an outside service",
    "budget": "the budget for a paid service is spent",
    "over_limit": "the file is larger than a limit of the study",
    "upstream": "an extractor that it builds on failed for this file",
}
"""What the reason of a skipped extractor says."""

STANDARD_MEANINGS: Mapping[str, str] = {
    "media": "One file that was found or named, whether it could be read or not.",
    "items": "One medium of one row of the table that was given: an item with three media has three rows.",
    "status": "What became of one medium in one extractor.",
    "failures": "One thing that could not be analysed: a file, a picture of it, or a moment of it.",
}
"""What a row of each of the study's own tables is."""

_MEDIA_ID = IDENTITY[0]
_ERROR_TYPE = "Type of the error, such as BrokenFileError; the type groups the same causes."
_ERROR_MESSAGE = "What went wrong, as a sentence."
_REMEDY = "What can be done about it, as a sentence."

MEDIA_COLUMNS: tuple[Column, ...] = (
    PATH,
    Column("media_id", _MEDIA_ID.type, _MEDIA_ID.meaning, missing="the bytes of the file could not be read"),
    Column(
        "kind",
        "string",
        "Kind of the file, told by its content and not by its suffix.",
        range="image | document | vector | video | audio | other",
        missing="the file could not be read",
    ),
    Column("bytes", "integer", "Size of the file.", unit="bytes", range="0 and more", missing="the size is not known"),
    Column(
        "modified",
        "string",
        "When the file was last changed, in UTC, as ISO 8601 text such as 2024-05-01T08:30:00Z.",
        missing="the place where the file lies does not say",
    ),
    Column(
        "etag",
        "string",
        "Version of the file as its bucket or server names it; a file whose size, time and version are unchanged "
        "is not read again.",
        missing="the file lies on a disk, or its server names no version",
    ),
    Column(
        "status",
        "string",
        "Whether the file could be read: " + "; ".join(f"{key}, {text}" for key, text in MEDIA_STATUSES.items()) + ".",
        range=" | ".join(MEDIA_STATUSES),
    ),
    Column("error_type", "string", _ERROR_TYPE, missing="the status is ok"),
    Column("error_message", "string", _ERROR_MESSAGE, missing="the status is ok"),
    Column("remedy", "string", _REMEDY, missing="the status is ok, or nothing is known that helps"),
)
"""Columns of ``media``: one row a path."""

ITEM_COLUMNS: tuple[Column, ...] = (
    Column("item_id", "string", "Name of the item: the id that was chosen, or the number of its row, from 0."),
    Column(
        "media_id",
        _MEDIA_ID.type,
        _MEDIA_ID.meaning,
        missing="the item has no medium, or its bytes could not be read",
    ),
    Column(
        "position",
        "integer",
        "Number of the medium in its item; from 0.",
        range="0 and more",
        missing="the item has no medium",
    ),
    Column(PATH.name, PATH.type, PATH.meaning, missing="the item has no medium"),
)
"""Columns of ``items`` that are ours; the user's own columns follow them."""

STATUS_COLUMNS: tuple[Column, ...] = (
    _MEDIA_ID,
    Column("extractor", "string", "Name of the extractor."),
    Column(
        "fingerprint",
        "string",
        "First 12 hexadecimal digits of a hash over all that decides the extractor's rows; rows carry the same one.",
    ),
    Column(
        "status",
        "string",
        "What became of it: " + "; ".join(f"{key}, {text}" for key, text in STATUSES.items()) + ".",
        range=" | ".join(STATUSES),
    ),
    Column(
        "reason",
        "string",
        "Why it was skipped: " + "; ".join(f"{key}, {text}" for key, text in SKIP_REASONS.items()) + ".",
        range=" | ".join(SKIP_REASONS),
        missing="it was not skipped",
    ),
    Column("n_rows", "integer", "Number of rows that it gave, over all of its tables.", range="0 and more"),
    Column("seconds", "number", "Time that it took, decoding apart.", unit="s", range="0 and more"),
    Column("run", "string", "Name of the run in which it was done, as in runs/<run>.json."),
)
"""Columns of ``status``: one row a medium and extractor."""

FAILURE_COLUMNS: tuple[Column, ...] = (
    _MEDIA_ID,
    Column("extractor", "string", "Name of the extractor.", missing="the medium failed before any extractor saw it"),
    Column(
        "picture",
        "integer",
        "Number of the picture that failed; from 0.",
        range="0 and more",
        missing="the medium failed as a whole, or its sound did",
    ),
    Column(
        "time_ms",
        "integer",
        "Moment at which it failed, from the start of the film or sound.",
        unit="ms",
        range="0 and more",
        missing="the medium has no time, or the moment is not known",
    ),
    Column("error_type", "string", _ERROR_TYPE),
    Column("error_message", "string", _ERROR_MESSAGE),
    Column("remedy", "string", _REMEDY, missing="nothing is known that helps"),
)
"""Columns of ``failures``: one row a thing that could not be analysed."""


def schema(columns: Sequence[Column]) -> pa.Schema:
    """Return the Arrow schema of some columns.

    Parameters
    ----------
    columns : sequence of Column
        The columns, in order.

    Returns
    -------
    pyarrow.Schema
        The schema; every field may hold nulls.

    Examples
    --------
    >>> schema(STATUS_COLUMNS).names
    ['media_id', 'extractor', 'fingerprint', 'status', 'reason', 'n_rows', 'seconds', 'run']
    """
    import pyarrow as pa

    return pa.schema([column.arrow_field() for column in columns])


def item_column_names(names: Iterable[str]) -> dict[str, str]:
    """Name the columns of the user's table so that none hides one of ours.

    A column whose name differs from another one only in its case, or is one of ours, gets ``_given``
    behind its name; databases do not tell ``Path`` from ``path``.

    Parameters
    ----------
    names : iterable of str
        Names of the columns in the user's table.

    Returns
    -------
    dict of str to str
        The name in ``items`` for each name.

    Examples
    --------
    >>> item_column_names(["post", "Path"])
    {'post': 'post', 'Path': 'Path_given'}
    """
    taken = {column.name for column in ITEM_COLUMNS}
    chosen: dict[str, str] = {}
    for name in names:
        free = name
        while free.casefold() in taken:
            free += "_given"
        taken.add(free.casefold())
        chosen[name] = free
    return chosen
