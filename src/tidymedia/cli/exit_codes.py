"""The exit codes, and which one a run deserves."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum

__all__ = ["ExitCode", "code_of"]


class ExitCode(IntEnum):
    """What the exit code of a command says."""

    OK = 0
    USAGE = 1
    NOTHING_ANALYSED = 2
    SOME_FAILED = 3
    INTERRUPTED = 130


def code_of(outcomes: Mapping[str, int]) -> ExitCode:
    """Return the exit code of a run.

    Parameters
    ----------
    outcomes : mapping of str to int
        Number of files by what became of them.

    Returns
    -------
    ExitCode
        The code.

    Examples
    --------
    >>> code_of({"ok": 3, "failed": 1})
    <ExitCode.SOME_FAILED: 3>
    >>> code_of({})
    <ExitCode.NOTHING_ANALYSED: 2>
    """
    good = sum(outcomes.get(word, 0) for word in ("ok", "empty", "known", "partial"))
    if not good:
        return ExitCode.NOTHING_ANALYSED
    return ExitCode.SOME_FAILED if any(outcomes.get(word) for word in ("failed", "partial")) else ExitCode.OK
