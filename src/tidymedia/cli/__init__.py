"""The command line of tidymedia.

Exit codes: 0 all is well, 1 the command was wrong or something asked for is not available, 2 nothing could be
analysed, 3 finished, but some files failed or failed in part, 130 interrupted.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and end the process with its exit code.

    Parameters
    ----------
    arguments : sequence of str or None, default None
        What was typed; None for that of this process.
    """
    from tidymedia.cli.application import run_application

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # what is piped is UTF-8 on every system
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.exit(run_application(arguments))
