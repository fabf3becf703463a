"""Examples under the help of a command."""

from __future__ import annotations

__all__ = ["examples"]

_COMMENT_AT = 45


def examples(*lines: str | tuple[str, str]) -> str:
    r"""Write the examples of a command so that no line of them is wrapped.

    Parameters
    ----------
    *lines : str or tuple of (str, str)
        A command, or a command and what it does.

    Returns
    -------
    str
        The end of a help text.

    Examples
    --------
    >>> examples(("tidymedia report press", "a page to look at")).splitlines()[2]
    '  tidymedia report press                     a page to look at'
    """
    written = [line if isinstance(line, str) else f"{line[0]:<{_COMMENT_AT - 4}}  {line[1]}" for line in lines]
    return "\n".join(["\b", "Examples:", *(f"  {line}" for line in written)])
