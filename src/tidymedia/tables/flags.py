"""Flags of transcripts: why a text may be made up."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tidymedia.errors import UsageError
from tidymedia.tables.table import Table

__all__ = ["checked_flags", "without"]

_FLAG = re.compile(r"[a-z_]+")


def checked_flags(given: Sequence[str] | str, definitions: Sequence[Table]) -> tuple[str, ...]:
    """Check the names of flags: a misspelt one would leave out nothing, without a word.

    Parameters
    ----------
    given : sequence of str, or str
        Names of flags, or one.
    definitions : sequence of Table
        The tables that are known; that of ``transcripts`` says which flags there are.

    Returns
    -------
    tuple of str
        The names.

    Raises
    ------
    UsageError
        Where there is no such flag.

    Examples
    --------
    >>> checked_flags("phantom", ())
    ('phantom',)
    """
    names = (given,) if isinstance(given, str) else tuple(given)
    known = [
        word.strip()
        for table in definitions
        if table.name == "transcripts"
        for column in table.columns
        if column.name == "flags"
        for word in re.split(r"[|,]", column.range)
        if _FLAG.fullmatch(word.strip())
    ]
    for name in names:
        if not isinstance(name, str) or not _FLAG.fullmatch(name) or (known and name not in known):
            raise UsageError(
                f"Transcripts have no flag {name!r}.",
                f"Choose from: {', '.join(known)}." if known else "The codebook of the study says which there are.",
            )
    return names


def without(flags: Sequence[str]) -> str:
    """Write the condition that a row has none of some flags, in the SQL of DuckDB.

    Parameters
    ----------
    flags : sequence of str
        Names that :func:`checked_flags` let pass.

    Returns
    -------
    str
        The condition; true for every row where there is no flag to leave out.

    Examples
    --------
    >>> without(["fast"])
    "NOT list_has_any(string_split(coalesce(flags, ''), ','), ['fast'])"
    """
    if not flags:
        return "true"
    names = ", ".join(f"'{name}'" for name in flags)
    return f"NOT list_has_any(string_split(coalesce(flags, ''), ','), [{names}])"
