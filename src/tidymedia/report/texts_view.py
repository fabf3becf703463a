"""The texts of a study in a few numbers and examples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median

from tidymedia.report.content import ReportContent
from tidymedia.report.wording import plain

__all__ = ["TextExample", "TextsView", "joined_texts", "text_tables", "texts_views", "word_counts"]

_EXAMPLES = 6
_EXAMPLE_LENGTH = 320


@dataclass(frozen=True, slots=True)
class TextExample:
    """The beginning of the text of one file."""

    path: str
    text: str
    words: int
    shortened: bool


@dataclass(frozen=True, slots=True)
class TextsView:
    """What one table with texts holds.

    Parameters
    ----------
    table : str
        Name of the table.
    files : int
        Number of files with text.
    words : int
        Number of words, separated by white space, over all files.
    median_words : float
        Median number of words of the files that have any.
    languages : tuple of (str, int)
        Number of rows by language, the most frequent first.
    examples : tuple of TextExample
        Files around the median, the shortest first.
    sampled : bool
        Whether only a part of the rows was seen.
    """

    table: str
    files: int
    words: int
    median_words: float
    languages: tuple[tuple[str, int], ...]
    examples: tuple[TextExample, ...]
    sampled: bool


def joined_texts(content: ReportContent, table: str) -> dict[str, str]:
    """Join the texts of each file, in the order of the rows.

    Parameters
    ----------
    content : ReportContent
        The study.
    table : str
        Name of a table with a column ``text``.

    Returns
    -------
    dict of str to str
        The text by path, blocks joined by newlines; files without text are left out.
    """
    rows = content.tables[table]
    parts: dict[str, list[str]] = {}
    for path, text in zip(rows["path"], rows["text"], strict=True):
        if stripped := plain(text).strip():
            parts.setdefault(plain(path), []).append(stripped)
    return {path: "\n".join(blocks) for path, blocks in parts.items()}


def word_counts(texts: Mapping[str, str]) -> dict[str, int]:
    r"""Count the words of each text, separated by white space.

    Scripts without spaces between words, such as Chinese, are undercounted.

    Parameters
    ----------
    texts : mapping of str to str
        Texts by path.

    Returns
    -------
    dict of str to int
        Number of words by path.

    Examples
    --------
    >>> word_counts({"a.png": "No entry\ntoday"})
    {'a.png': 3}
    """
    return {path: len(text.split()) for path, text in texts.items()}


def text_tables(content: ReportContent) -> list[str]:
    """Return the names of the tables that hold texts.

    Parameters
    ----------
    content : ReportContent
        The study.

    Returns
    -------
    list of str
        Tables with a column ``text`` and at least one row.
    """
    return [
        table.name
        for table in content.definitions
        if table.name in content.tables
        and any(column.name == "text" and column.type == "string" for column in table.columns)
        and {"path", "text"} <= set(content.tables[table.name].columns)
        and len(content.tables[table.name])
    ]


def texts_views(content: ReportContent) -> tuple[TextsView, ...]:
    """Describe every table that holds texts.

    Parameters
    ----------
    content : ReportContent
        The study.

    Returns
    -------
    tuple of TextsView
        One for each table with a column ``text`` and at least one text.
    """
    views = []
    for name in text_tables(content):
        texts = joined_texts(content, name)
        if texts:
            views.append(_view(content, name, texts))
    return tuple(views)


def _view(content: ReportContent, table: str, texts: Mapping[str, str]) -> TextsView:
    counts = word_counts(texts)
    rows = content.tables[table]
    languages = rows["lang"].dropna().value_counts() if "lang" in rows else None
    return TextsView(
        table,
        len(texts),
        sum(counts.values()),
        float(median(counts.values())),
        () if languages is None else tuple((str(name), int(count)) for name, count in languages.items()),
        _examples(texts, counts),
        len(rows) < content.row_count(table),
    )


def _examples(texts: Mapping[str, str], counts: Mapping[str, int]) -> tuple[TextExample, ...]:
    """Take texts at even steps of length, so that they are not only the longest or the luckiest."""
    ordered = sorted(texts, key=lambda path: (counts[path], path))
    wanted = min(_EXAMPLES, len(ordered))
    chosen = [ordered[int((step + 0.5) * len(ordered) / wanted)] for step in range(wanted)]
    return tuple(
        TextExample(
            path,
            texts[path][:_EXAMPLE_LENGTH].rstrip(),
            counts[path],
            len(texts[path]) > _EXAMPLE_LENGTH,
        )
        for path in chosen
    )
