"""The small pictures of a report: those of the contact sheet, and those of the clusters of copies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tidymedia.report.sheet_choice import sheet_files, sheet_rows
from tidymedia.run.preview import make_thumbnails
from tidymedia.run.study_file import StudyFile

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["COPIES_PICTURES", "first_pictures", "small_pictures"]

COPIES_PICTURES = 250
"""How many pictures the clusters of copies get at most, and no more than a quarter of all."""

_VISIBLE = ("image", "document", "vector", "video")


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
    return small_pictures(study, media, most)


def small_pictures(study: StudyFile, media: pd.DataFrame, most: int, of_copies: Sequence[str] = ()) -> dict[str, bytes]:
    """Make the small pictures of a report.

    Parameters
    ----------
    study : StudyFile
        The study.
    media : pandas.DataFrame
        Its media.
    most : int
        How many pictures at most.
    of_copies : sequence of str, default ()
        Pictures of clusters and of the map that are wanted as well, as ``unit_id``; they count first.

    Returns
    -------
    dict of str to bytes
        JPEG files by ``unit_id``.
    """
    if most <= 0 or media.empty:
        return {}
    rows = _sheet(media, most, of_copies)
    by_id = media[_can_be_seen(media)].drop_duplicates("media_id").set_index("media_id")
    numbers: dict[str, set[int]] = {media_id: {0} for media_id in rows.loc[_can_be_seen(rows), "media_id"]}
    for unit_id in of_copies:
        media_id, _, picture = unit_id.rpartition(":p")
        if media_id in by_id.index:
            numbers.setdefault(media_id, set()).add(int(picture))
    found = by_id.loc[list(numbers)]
    wanted = list(zip(found["path"], found.index, found["kind"], strict=True))
    return dict(make_thumbnails(study, wanted, numbers={media_id: sorted(of) for media_id, of in numbers.items()}))


def _sheet(media: pd.DataFrame, most: int, of_copies: Sequence[str]) -> pd.DataFrame:
    """Choose the files of the sheet so that, with the other pictures, there are no more than are allowed."""
    files, room = sheet_files(media, of_copies), most
    while True:
        rows = sheet_rows(files, max(0, room))
        firsts = {f"{media_id}:p0" for media_id in rows["media_id"].dropna()}
        beyond = len(firsts | set(of_copies)) - most
        if beyond <= 0 or rows.empty:
            return rows
        room = min(room, len(rows)) - beyond


def _can_be_seen(media: pd.DataFrame) -> pd.Series:
    seen: pd.Series = (media["status"] == "ok") & media["kind"].isin(_VISIBLE)
    return seen
