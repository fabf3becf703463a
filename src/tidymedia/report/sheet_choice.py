"""Which files the contact sheet shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SHEET_TILES", "sheet_files", "sheet_rows"]

SHEET_TILES = 1_000
"""How many files the contact sheet shows at most, taken at even steps."""


def sheet_rows(media: pd.DataFrame, limit: int = SHEET_TILES) -> pd.DataFrame:
    """Return the files that the contact sheet shows: all, or as many as the limit at even steps by path.

    Parameters
    ----------
    media : pandas.DataFrame
        One row a path.
    limit : int, default SHEET_TILES
        How many at most.

    Returns
    -------
    pandas.DataFrame
        Some rows of ``media``, sorted by path.

    Examples
    --------
    >>> import pandas as pd
    >>> sheet_rows(pd.DataFrame({"path": ["d", "b", "a", "c"]}), 2)["path"].tolist()
    ['a', 'c']
    """
    if media.empty:
        return media
    ordered = media.sort_values("path", kind="stable")
    if len(ordered) <= limit:
        return ordered
    return ordered.iloc[[step * len(ordered) // limit for step in range(limit)]]


def sheet_files(media: pd.DataFrame, of_copies: Sequence[str] = ()) -> pd.DataFrame:
    """Return the files that the contact sheet shows, beside the pictures of clusters of copies.

    Parameters
    ----------
    media : pandas.DataFrame
        One row a path.
    of_copies : sequence of str, default ()
        Pictures that clusters show, as ``unit_id``: those that the sheet has not take the place of files.

    Returns
    -------
    pandas.DataFrame
        Some rows of ``media``, sorted by path.
    """
    first = sheet_rows(media)
    if first.empty:
        return first
    on_sheet = {f"{media_id}:p0" for media_id in first["media_id"].dropna()}
    return sheet_rows(first, SHEET_TILES - len(set(of_copies) - on_sheet))
