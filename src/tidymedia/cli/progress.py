"""Show a run: a bar with rate, time left, current file and failures; plain lines where there is no terminal."""

from __future__ import annotations

import sys
import threading
import time
from collections import Counter
from types import TracebackType
from typing import TYPE_CHECKING, Self

from tidymedia.cli.output import note
from tidymedia.cli.wording import counted, duration, with_path
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
    from rich.console import Console
    from rich.progress import Progress, TaskID
    from rich.status import Status

__all__ = ["ProgressView"]

_SECONDS_BETWEEN_LINES = 10.0
_MOST_MESSAGES = 20
_STOPPING = "Stopping: what is in work is finished and kept; Ctrl-C ends at once."


class ProgressView:
    """A listener that shows the events of a run on standard error.

    Parameters
    ----------
    cancelled : threading.Event or None, default None
        The cancel token of the run: when it is set, the view says what happens next.
    quiet : bool, default False
        Whether to show nothing but notices.
    """

    def __init__(self, cancelled: threading.Event | None = None, *, quiet: bool = False) -> None:
        self._quiet = quiet
        self._on_terminal = sys.stderr.isatty() and not quiet
        self._cancelled = cancelled or threading.Event()
        self._over = threading.Event()
        self._watcher: threading.Thread | None = None
        self._console: Console | None = None
        self._looking: Status | None = None
        self._progress: Progress | None = None
        self._task: TaskID | None = None
        self._total = 0
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
                self._progress.update(self._task, current=event.path)
        elif isinstance(event, MediumFinished):
            self._finish(event)
        elif isinstance(event, RunFinished):
            self._stop()
        elif isinstance(event, BatchCommitted):
            self._line_if_due()

    def make_room(self) -> None:
        """Stop what moves on the screen, so that a question can be asked."""
        self._stop()

    def _begin(self, event: RunStarted) -> None:
        self._total = event.media
        self._began = self._last_line = time.monotonic()
        self._stop()
        if self._console is not None:
            from tidymedia.cli.progress_bar import make_progress

            self._progress = make_progress(self._console, self._cancelled.is_set)
            self._task = self._progress.add_task("", total=event.media, failed="", current="")
            self._progress.start()
        elif not self._quiet:
            extractors = ", ".join(event.extractors)
            self._say(f"{counted(event.media, 'file')}, {counted(event.jobs, 'job')}: {extractors}")

    def _finish(self, event: MediumFinished) -> None:
        self._outcomes[event.outcome] += 1
        if event.outcome in ("failed", "partial") and event.messages and not self._quiet:
            self._messages += 1
            if self._messages <= _MOST_MESSAGES:
                word = "failed" if event.outcome == "failed" else "failed in part"
                self._say(f"{word}: {with_path(event.messages[0], event.path)}")
            elif self._messages == _MOST_MESSAGES + 1:
                self._say("More files fail; tidymedia status tells why.")
        if self._progress is not None and self._task is not None:
            failed = f"{self._failed:,} failed" if self._failed else ""
            self._progress.update(self._task, completed=self._done, failed=failed)
        else:
            self._line_if_due()

    @property
    def _done(self) -> int:
        return sum(self._outcomes.values())

    @property
    def _failed(self) -> int:
        return self._outcomes["failed"] + self._outcomes["partial"]

    def _line_if_due(self) -> None:
        now = time.monotonic()
        if self._on_terminal or self._quiet or now - self._last_line < _SECONDS_BETWEEN_LINES:
            return
        self._last_line = now
        text = f"{self._done:,} of {counted(self._total, 'file')}"
        worked = self._done - self._outcomes["known"]
        if worked:
            rate = worked / (now - self._began)
            text += f", {rate:.1f} a second, {duration((self._total - self._done) / rate)} left"
        self._say(f"{text}, {self._failed:,} failed" if self._failed else text)

    def _say(self, message: str) -> None:
        if self._console is not None:
            self._console.print(message, markup=False, highlight=False, soft_wrap=True)
        else:
            note(message)

    def _tell_when_stopping(self) -> None:
        while not self._over.wait(0.1):
            if self._cancelled.is_set():
                self._say(_STOPPING)
                return

    def _stop(self) -> None:
        for shown in (self._looking, self._progress):
            if shown is not None:
                shown.stop()
        self._looking = self._progress = None

    def __enter__(self) -> Self:
        if self._on_terminal:
            from rich.console import Console

            self._console = Console(stderr=True)
            self._looking = self._console.status("Looking for media …")
            self._looking.start()
        self._watcher = threading.Thread(target=self._tell_when_stopping, name="tidymedia-stopping", daemon=True)
        self._watcher.start()
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._over.set()
        if self._watcher is not None:
            self._watcher.join()  # so that nothing is said after the end
        self._stop()
