"""The codebook as a page to read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tidymedia.tables.description import ExtractorDescription, makers
from tidymedia.tables.standard import MEDIA_STATUSES, SKIP_REASONS, STATUSES

__all__ = ["codebook_text"]

_PREAMBLE = """\
# Codebook

Every column of every table of this study. The same rows are in `codebook.csv`.

## How the tables fit together

- `path` names a file and `media_id` its bytes: files with the same bytes have the same `media_id`. Tables hold a set
  of rows for each path, so a file that lies in two places is there twice; keep one path a `media_id` to count it once.
- Join tables of files by `path`; tables of pictures by `path` and `picture`; and so on with the keys that both have.
- `unit_id` names the row's unit in one string: the `media_id`, then a letter and a number for each key.
- Counting starts at 0. Times are whole milliseconds. Boxes are in pixels of the row's picture, as listed in
  `pictures`, from its upper left corner.
- `extractor`, `model` and `fingerprint` say what made a row. Rows with the same fingerprint were made in the same way.

## What a missing value says

A missing value never stands for 0 or for an empty text. The column *missing* says for each column when it occurs.
Whether there was nothing to find, or nobody could look, is told by `status`:
"""


def codebook_text(
    rows: Sequence[Mapping[str, str]],
    meanings: Mapping[str, str],
    keys: Mapping[str, Sequence[str]],
    extractors: Sequence[ExtractorDescription] = (),
) -> str:
    """Write the codebook in Markdown.

    Parameters
    ----------
    rows : sequence of mapping
        Rows of the codebook.
    meanings : mapping of str to str
        What a row of each table is.
    keys : mapping of str to sequence of str
        Keys of each table, below the medium.
    extractors : sequence of ExtractorDescription, default ()
        The extractors that are known, for their caveats and citations.

    Returns
    -------
    str
        The page.
    """
    lines = [_PREAMBLE]
    for title, words in (
        ("Status of a file in `media`", MEDIA_STATUSES),
        ("Status of an extractor on a file in `status`", STATUSES),
        ("Reasons for *skipped*", SKIP_REASONS),
    ):
        lines += [f"**{title}**", "", *(f"- `{word}`: {meaning}" for word, meaning in words.items()), ""]
    for name in dict.fromkeys(row["table"] for row in rows):
        lines += [f"## {name}", "", f"One row: {meanings.get(name, 'not described.')}", ""]
        if name in keys:
            lines += ["Keys: " + ", ".join(f"`{key}`" for key in ("path", *keys[name])) + ".", ""]
        for extractor in makers(name, extractors):
            lines += [f"Made by `{extractor.name}`: {extractor.title}", ""]
            if extractor.caveat:
                lines += [f"*Mind:* {extractor.caveat}", ""]
            if extractor.citation:
                lines += ["Cite:", "", *(f"- {source}" for source in extractor.citation.splitlines()), ""]
        lines += ["| column | type | unit | range | meaning | missing |", "| --- | --- | --- | --- | --- | --- |"]
        shown = ("type", "unit", "range", "meaning", "missing")
        lines += [
            f"| `{_cell(row['column'])}` | " + " | ".join(_cell(row[part]) for part in shown) + " |"
            for row in rows
            if row["table"] == name
        ]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _cell(text: str) -> str:
    """Return text as one cell of a Markdown table."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")
