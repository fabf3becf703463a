"""Show a run: a bar with rate, time left, current file and failures; plain lines where there is no terminal."""

from __future__ import annotations

import sys
import time
from collections import Counter
from types import TracebackType
from typing import TYPE_CHECKING, Self

from tidymedia.run.events import (
    BatchCommitted,
    Event,
    MediumFinished,
    MediumStarted,
    Notice,
    RunFinished,
    RunStarted,
)

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

__all__ = ["ProgressView", "duration"]

_SECONDS_BETWEEN_LINES = 10.0
_MOST_MESSAGES = 20


def duration(seconds: float) -> str:
    """Write a duration for humans.

    Parameters
    ----------
    seconds : float
        How long.

    Returns
    -------
    str
        Such as ``"2 min 5 s"``.

    Examples
    --------
    >>> duration(125), duration(3.21), duration(7300)
    ('2 min 5 s', '3.2 s', '2 h 1 min')
    """
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 60:
        return f"{seconds:.0f} s"
    if seconds < 3600:
        return f"{int(seconds // 60)} min {int(seconds % 60)} s"
    return f"{int(seconds // 3600)} h {int(seconds % 3600 // 60)} min"


class ProgressView:
    """A listener that shows the events of a run on standard error.

    Parameters
    ----------
    quiet : bool, default False
        Whether to show nothing but notices.
    """

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet
        self._on_terminal = sys.stderr.isatty() and not quiet
        self._progress: Progress | None = None
        self._task: TaskID | None = None
        self._total = 0
        self._done = 0
        self._outcomes: Counter[str] = Counter()
        self._messages = 0
        self._began = self._last_line = time.monotonic()

    def __call__(self, event: Event) -> None:
        """Show an event."""
        if isinstance(event, Notice):
            self._say(event.message)
        elif isinstance(event, RunStarted):
            self._begin(event)
        elif isinstance(event, MediumStarted):
            if self._progress is not None and self._task is not None:
                self._progress.update(self._task, current=_short(event.path))
        elif isinstance(event, MediumFinished):
            self._finish(event)
        elif isinstance(event, RunFinished):
            self._stop()
        elif isinstance(event, BatchCommitted):
            self._line_if_due()

    def _begin(self, event: RunStarted) -> None:
        self._total = event.media
        self._began = self._last_line = time.monotonic()
        if not self._on_terminal:
            if not self._quiet:
                self._say(f"{event.media:,} files, {event.jobs} jobs: {', '.join(event.extractors)}")
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        self._progress = Progress(
            BarColumn(bar_width=28),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(compact=True),
            TextColumn("{task.fields[failures]}", style="red"),
            TextColumn("{task.fields[current]}", style="dim", markup=False),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self._progress.add_task("", total=event.media, rate="", failures="", current="")
        self._progress.start()

    def _finish(self, event: MediumFinished) -> None:
        self._done += 1
        self._outcomes[event.outcome] += 1
        if event.outcome in ("failed", "partial") and event.messages and not self._quiet:
            self._messages += 1
            if self._messages <= _MOST_MESSAGES:
                self._say(f"{event.outcome}: {event.path}: {event.messages[0]}")
            elif self._messages == _MOST_MESSAGES + 1:
                self._say("More files fail; their reasons are in the table failures.")
        failed = self._outcomes["failed"] + self._outcomes["partial"]
        if self._progress is not None and self._task is not None:
            rate = self._done / max(time.monotonic() - self._began, 0.001)
            self._progress.update(
                self._task,
                completed=self._done,
                rate=f"{rate:,.0f}/s" if rate >= 10 else f"{rate:.1f}/s",
                failures=f"{failed:,} failed" if failed else "",
            )
        else:
            self._line_if_due()

    def _line_if_due(self) -> None:
        now = time.monotonic()
        if self._on_terminal or self._quiet or now - self._last_line < _SECONDS_BETWEEN_LINES or not self._done:
            return
        self._last_line = now
        rate = self._done / (now - self._began)
        failed = self._outcomes["failed"] + self._outcomes["partial"]
        left = duration((self._total - self._done) / max(rate, 0.001))
        self._say(f"{self._done:,} of {self._total:,} files, {rate:.1f} a second, {left} left, {failed:,} failed")

    def _say(self, message: str) -> None:
        if self._progress is not None:
            self._progress.console.print(message, markup=False, highlight=False, soft_wrap=True)
        else:
            print(message, file=sys.stderr, flush=True)  # noqa: T201  # progress of the command line

    def _stop(self) -> None:
        if self._progress is not None:
            self._progress.stop()
            self._progress = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stop()


def _short(path: str, most: int = 48) -> str:
    """Shorten a path from the left, so that its name stays."""
    return path if len(path) <= most else f"…{path[-most + 1 :]}"
