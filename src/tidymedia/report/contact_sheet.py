"""The contact sheet: a tile a file, as data that the page shows, filters and sorts."""

from __future__ import annotations

import base64
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tidymedia.report.content import ReportContent
from tidymedia.report.outcomes import file_outcomes
from tidymedia.report.sheet_choice import sheet_files, sheet_rows
from tidymedia.report.sheet_values import ValueColumn, value_columns
from tidymedia.report.texts_view import joined_texts, text_tables, word_counts
from tidymedia.report.wording import is_missing, plain

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PAGE_TILES", "SHEET_BYTES", "ContactSheet", "Tile", "make_contact_sheet"]

SHEET_BYTES = 7_000_000
"""How many bytes of JPEG the report carries at most; beyond it, fewer files are shown."""

PAGE_TILES = 120
"""How many tiles the page shows at once."""

_TEXT_LENGTH = 1_000
_TAGS = 10


@dataclass(frozen=True, slots=True)
class Tile:
    """One file on the sheet.

    Parameters
    ----------
    path, kind, outcome : str
        The file, its kind, and what became of it.
    message : str
        Why it could not be read; empty where it could.
    picture : int or None
        Number of its thumbnail in the sheet; None where it has none.
    text : str
        The beginning of its text.
    tags : tuple of str
        Its best tags.
    extractors : tuple of (str, str, str)
        Name, status and reason of each extractor.
    values : tuple
        Its values, in the order of the sheet's columns.
    """

    path: str
    kind: str
    outcome: str
    message: str
    picture: int | None
    text: str
    tags: tuple[str, ...]
    extractors: tuple[tuple[str, str, str], ...]
    values: tuple[Any, ...]

    def name(self) -> str:
        """Return the name of the file without its folders."""
        return self.path.rpartition("/")[2] or self.path


@dataclass(frozen=True, slots=True)
class ContactSheet:
    """All tiles.

    Parameters
    ----------
    tiles : tuple of Tile
        The tiles, by path.
    columns : tuple of ValueColumn
        What their values are.
    pictures : tuple of str
        Thumbnails in base64; copies of a file share one.
    units : tuple of str
        What they show, as ``unit_id``.
    files : int
        How many files the study has.
    sampled : bool
        Whether a table is here in part only, so that values, texts and tags may be missing.
    """

    tiles: tuple[Tile, ...]
    columns: tuple[ValueColumn, ...]
    pictures: tuple[str, ...]
    units: tuple[str, ...]
    files: int
    sampled: bool

    def first_page(self) -> tuple[Tile, ...]:
        """Return the tiles that are written into the page itself, to be seen without JavaScript."""
        return self.tiles[:PAGE_TILES]

    def kinds(self) -> list[str]:
        """Return the kinds that occur."""
        return sorted({tile.kind for tile in self.tiles})

    def outcomes(self) -> list[str]:
        """Return the outcomes that occur."""
        return sorted({tile.outcome for tile in self.tiles})

    def numbers(self) -> dict[str, int]:
        """Return the number of each thumbnail by the ``unit_id`` of its picture."""
        return {unit_id: index for index, unit_id in enumerate(self.units)}

    def data(self, elsewhere: Collection[str] = ()) -> dict[str, Any]:
        """Return what the page's script reads.

        Thumbnails of the first page are in the page already, and so are those ``elsewhere``, by their ``unit_id``.
        """
        written = {tile.picture for tile in self.first_page()}
        written.update(index for unit_id, index in self.numbers().items() if unit_id in elsewhere)
        return {
            "page": PAGE_TILES,
            "columns": [[column.name, column.unit, column.meaning, column.sortable] for column in self.columns],
            "pictures": [None if index in written else text for index, text in enumerate(self.pictures)],
            "tiles": [
                [
                    tile.path,
                    tile.kind,
                    tile.outcome,
                    tile.message,
                    tile.picture,
                    tile.text,
                    tile.tags,
                    tile.extractors,
                    tile.values,
                ]
                for tile in self.tiles
            ],
        }


def make_contact_sheet(content: ReportContent, taken: int = 0) -> ContactSheet:
    """Gather the tiles of the contact sheet.

    Parameters
    ----------
    content : ReportContent
        The study.
    taken : int, default 0
        How many bytes of JPEG other sections carry.

    Returns
    -------
    ContactSheet
        At most ``SHEET_TILES`` tiles whose thumbnails have at most ``SHEET_BYTES`` bytes, less those taken.
    """
    shown, thumbnails = _within_budget(content, SHEET_BYTES - taken)
    numbers = {media_id: index for index, media_id in enumerate(thumbnails)}
    texts = {name: joined_texts(content, name) for name in text_tables(content)}
    all_texts = _joined(texts)
    columns, values = value_columns(content, shown, _words(content, all_texts))
    outcomes = dict(zip(content.media.index, file_outcomes(content.media, content.status), strict=True))
    tags, extractors = _tags(content), _extractors(content)
    tiles = tuple(
        Tile(
            plain(row["path"]),
            plain(row["kind"]) or "unknown",
            outcomes[label],
            plain(row["error_message"]),
            numbers.get(plain(row["media_id"])),
            all_texts.get(plain(row["path"]), "")[:_TEXT_LENGTH],
            tags.get(plain(row["path"]), ()),
            extractors.get(plain(row["media_id"]), ()),
            tuple(found),
        )
        for (label, row), found in zip(shown.iterrows(), values, strict=True)
    )
    pictures = tuple(base64.b64encode(data).decode("ascii") for data in thumbnails.values())
    units = tuple(f"{media_id}:p0" for media_id in thumbnails)
    own = {name: rows for name, rows in content.tables.items() if not content.is_derived(name)}
    sampled = any(len(rows) < content.row_count(name) for name, rows in own.items())
    return ContactSheet(tiles, columns, pictures, units, len(content.media), sampled)


def _within_budget(content: ReportContent, budget: int) -> tuple[pd.DataFrame, dict[str, bytes]]:
    """Choose files so that their thumbnails fit; fewer files rather than files without their picture."""
    chosen = shown = sheet_files(content.media, content.shown_elsewhere())
    thumbnails = _thumbnails(shown, content.thumbnails)
    while len(shown) > 1 and (weight := sum(map(len, thumbnails.values()))) > budget:
        # Of the files that have thumbnails: others would be shown without.
        shown = sheet_rows(chosen, max(1, min(len(shown) - 1, len(shown) * budget // weight)))
        thumbnails = _thumbnails(shown, content.thumbnails)
    return shown, thumbnails


def _thumbnails(shown: pd.DataFrame, thumbnails: Mapping[str, bytes]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for media_id in shown["media_id"].dropna().unique() if len(shown) else ():
        data = thumbnails.get(f"{media_id}:p0")
        if data:
            found[str(media_id)] = data
    return found


def _joined(texts: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for by_path in texts.values():
        for path, text in by_path.items():
            found.setdefault(path, []).append(text)
    return {path: "\n".join(parts) for path, parts in found.items()}


def _words(content: ReportContent, texts: Mapping[str, str]) -> dict[str, int] | None:
    """Count words by path: 0 only where text was looked for and none was found, never where that failed.

    None where only a sample of the rows is here, which would give too small numbers.
    """
    tables = text_tables(content)
    if not tables or any(len(content.tables[name]) < content.row_count(name) for name in tables):
        return None
    counts = word_counts(texts)
    looked_for = {
        str(name)
        for table in tables
        if "extractor" in content.tables[table]
        for name in content.tables[table]["extractor"]
    }
    empty = content.status[content.status["extractor"].isin(looked_for) & (content.status["status"] == "empty")]
    without_text = set(empty["media_id"])
    for path, media_id in zip(content.media["path"], content.media["media_id"], strict=True):
        if media_id in without_text:
            counts.setdefault(plain(path), 0)
    return counts


def _tags(content: ReportContent) -> dict[str, tuple[str, ...]]:
    rows = content.tables.get("tags")
    if rows is None or not {"path", "label"} <= set(rows.columns):
        return {}
    found: dict[str, dict[str, None]] = {}
    for path, label in zip(rows["path"], rows["label"], strict=True):
        if not is_missing(label):
            found.setdefault(plain(path), {})[plain(label)] = None
    return {path: tuple(labels)[:_TAGS] for path, labels in found.items()}


def _extractors(content: ReportContent) -> dict[str, tuple[tuple[str, str, str], ...]]:
    if content.status.empty:
        return {}
    names: Sequence[str] = ("media_id", "extractor", "status", "reason")
    found: dict[str, list[tuple[str, str, str]]] = {}
    for row in content.status[list(names)].itertuples(index=False):
        media_id, extractor, status, reason = (plain(value) for value in row)
        found.setdefault(media_id, []).append((extractor, status, reason))
    return {media_id: tuple(lines) for media_id, lines in found.items()}
