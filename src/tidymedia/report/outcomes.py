"""What became of each file, in one word."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from tidymedia.report.wording import plain

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["file_outcomes", "outcome_of"]


def outcome_of(statuses: Collection[str]) -> str:
    """Join the statuses of a file's extractors to one.

    Parameters
    ----------
    statuses : collection of str
        The status of each extractor on a file that could be read.

    Returns
    -------
    str
        ``partial`` where some of it broke and some did not, otherwise what all of the extractors say; ``ok`` where
        one gave rows and none broke.

    Examples
    --------
    >>> outcome_of(["ok", "failed"]), outcome_of(["failed", "skipped"]), outcome_of(["empty", "ok"]), outcome_of([])
    ('partial', 'failed', 'ok', 'skipped')
    """
    said = set(statuses)
    if "partial" in said or ("failed" in said and said & {"ok", "empty"}):
        return "partial"
    for status in ("failed", "ok", "empty"):
        if status in said:
            return status
    return "skipped"


def file_outcomes(media: pd.DataFrame, status: pd.DataFrame) -> list[str]:
    """Say in one word what became of each file.

    Parameters
    ----------
    media : pandas.DataFrame
        One row a path.
    status : pandas.DataFrame
        One row a medium and extractor.

    Returns
    -------
    list of str
        For each row of ``media``: ok, empty, partial, failed or skipped.
    """
    if media.empty:
        return []
    by_medium: dict[str, set[str]] = {}
    if not status.empty:
        for media_id, word in zip(status["media_id"], status["status"], strict=True):
            by_medium.setdefault(plain(media_id), set()).add(plain(word))
    return [
        outcome_of(by_medium.get(plain(media_id), ())) if word == "ok" else "failed"
        for media_id, word in zip(media["media_id"], media["status"], strict=True)
    ]
