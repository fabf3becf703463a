"""The first section: what there was, and what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from tidymedia.report.content import ReportContent
from tidymedia.report.outcomes import file_outcomes
from tidymedia.report.wording import counted, duration, plain, size
from tidymedia.tables.standard import STATUSES

__all__ = ["ExtractorLine", "KindLine", "Overview", "Segment", "TableLine", "make_overview", "segments"]

BAR_WIDTH = 1000.0
_KIND_NAMES = {
    "image": "images",
    "document": "documents",
    "vector": "vector drawings",
    "video": "videos",
    "audio": "sound recordings",
    "other": "other files",
    "": "files of unknown kind",
}


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a stacked bar that is ``BAR_WIDTH`` wide."""

    status: str
    count: int
    left: float
    width: float


@dataclass(frozen=True, slots=True)
class KindLine:
    """How many files there were of one kind."""

    kind: str
    name: str
    files: int
    bytes: int
    failed: int


@dataclass(frozen=True, slots=True)
class ExtractorLine:
    """What became of the files in one extractor."""

    name: str
    title: str
    counts: Mapping[str, int]
    bar: tuple[Segment, ...]
    rows: int
    seconds: float


@dataclass(frozen=True, slots=True)
class TableLine:
    """A table that the study holds."""

    name: str
    rows: int
    shown: int
    meaning: str


@dataclass(frozen=True, slots=True)
class Overview:
    """Numbers of the first section."""

    files: int
    media: int
    copies: int
    items: int | None
    bytes: int
    pictures: int
    seconds: float
    outcomes: Mapping[str, int]
    bar: tuple[Segment, ...]
    kinds: tuple[KindLine, ...]
    extractors: tuple[ExtractorLine, ...]
    tables: tuple[TableLine, ...]

    def key_figures(self) -> list[tuple[str, str]]:
        """Return the figures at the top, each with its label."""
        figures = [(f"{self.files:,}", "file" if self.files == 1 else "files")]
        if self.items is not None:
            figures.append((f"{self.items:,}", "item" if self.items == 1 else "items"))
        if self.pictures:
            figures.append((f"{self.pictures:,}", "picture" if self.pictures == 1 else "pictures"))
        figures.append((size(self.bytes), "in total"))
        troubled = self.outcomes.get("failed", 0) + self.outcomes.get("partial", 0)
        figures.append((f"{troubled:,}", "with a failure"))
        if self.seconds:
            figures.append((duration(self.seconds), "of computing"))
        return figures

    def kinds_in_words(self) -> list[str]:
        """Return the kinds as words: ``1,234 images``, ``1 video``."""
        return [counted(line.files, _singular(line.name), line.name) for line in self.kinds]


def _singular(name: str) -> str:
    return "file of unknown kind" if name.startswith("files") else name.removesuffix("s")


def segments(counts: Mapping[str, int]) -> tuple[Segment, ...]:
    """Lay counts out as a stacked bar.

    Parameters
    ----------
    counts : mapping of str to int
        How many of each status.

    Returns
    -------
    tuple of Segment
        The parts in the order of ``STATUSES``, those with none left out.

    Examples
    --------
    >>> [(part.status, part.left, part.width) for part in segments({"failed": 1, "ok": 3})]
    [('ok', 0.0, 750.0), ('failed', 750.0, 250.0)]
    """
    total = sum(counts.values())
    parts: list[Segment] = []
    left = 0.0
    for status in STATUSES:
        count = counts.get(status, 0)
        if count:
            width = BAR_WIDTH * count / total
            parts.append(Segment(status, count, round(left, 2), round(width, 2)))
            left += width
    return tuple(parts)


def make_overview(content: ReportContent) -> Overview:
    """Count what the first section says.

    Parameters
    ----------
    content : ReportContent
        The study.

    Returns
    -------
    Overview
        Its numbers.
    """
    media, status = content.media, content.status
    outcomes = file_outcomes(media, status)
    counts = Counter(outcomes)
    known = media["media_id"].dropna().tolist() if len(media) else []
    return Overview(
        files=len(media),
        media=len(set(known)),
        copies=len(known) - len(set(known)),
        items=content.items["item_id"].nunique() if content.items is not None else None,
        bytes=int(media["bytes"].fillna(0).sum()) if len(media) else 0,
        pictures=content.row_count("pictures"),
        seconds=float(status["seconds"].fillna(0).sum()) if len(status) else 0.0,
        outcomes={name: counts[name] for name in STATUSES if counts[name]},
        bar=segments(counts),
        kinds=_kinds(content, outcomes),
        extractors=_extractors(content),
        tables=tuple(
            TableLine(table.name, content.row_count(table.name), len(content.tables[table.name]), table.meaning)
            for table in content.definitions
            if table.name in content.tables
        ),
    )


def _kinds(content: ReportContent, outcomes: list[str]) -> tuple[KindLine, ...]:
    files: Counter[str] = Counter()
    sizes: Counter[str] = Counter()
    failed: Counter[str] = Counter()
    if len(content.media):
        rows = zip(content.media["kind"], content.media["bytes"].fillna(0), outcomes, strict=True)
        for kind, amount, outcome in rows:
            name = plain(kind)
            files[name] += 1
            sizes[name] += int(amount)
            failed[name] += outcome in ("failed", "partial")
    order = [*_KIND_NAMES, *(name for name in files if name not in _KIND_NAMES)]
    return tuple(
        KindLine(name, _KIND_NAMES.get(name, name), files[name], sizes[name], failed[name])
        for name in order
        if files[name]
    )


def _extractors(content: ReportContent) -> tuple[ExtractorLine, ...]:
    if content.status.empty:
        return ()
    titles = {note.name: note.title for note in content.extractors}
    found = {str(name): rows for name, rows in content.status.groupby("extractor", sort=False)}
    lines = []
    for name in [*(name for name in titles if name in found), *(name for name in found if name not in titles)]:
        rows = found[name]
        counts = {str(word): int(count) for word, count in rows["status"].value_counts().items()}
        lines.append(
            ExtractorLine(
                name,
                titles.get(name, ""),
                {word: counts.get(word, 0) for word in STATUSES},
                segments(counts),
                int(rows["n_rows"].fillna(0).sum()),
                float(rows["seconds"].fillna(0).sum()),
            )
        )
    return tuple(lines)
