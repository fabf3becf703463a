"""The guard: a crash, an endless loop or a flood of memory costs one picture or file, never the run.

No engine that was measured isolates a native crash to one file, so this layer is ours: each file is worked on
in a supervised child process that tells every step before it begins. When the child is lost, the step that it
was in becomes a failure, a new child goes on after it, and after three losses the medium is left as it is.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from tidymedia.errors import BudgetError, ExtractionError, GivenUpError, GuardError, RefusedError, UnavailableError
from tidymedia.run.child_process import ChildProcess, child_for, keep_for_later
from tidymedia.run.task import Failure, Outcome, Setup, Task, TaskResult
from tidymedia.run.work_progress import WorkProgress

__all__ = ["run_batch", "run_batch_elsewhere", "run_task"]

MOST_CRASHES = 3
"""After as many lost children a medium is given up."""

GRACE_SECONDS = 10.0
"""How long a file that is in work may go on after the run was cancelled."""

_SKIPPED = {"OverLimitError": "over_limit", "UnsupportedError": "not_installed", "UpstreamError": "upstream"}
"""Types of errors that mean skipped rather than failed, and the reason."""


def run_batch_elsewhere(setup: dict[str, Any], tasks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Work on files in any process, near or far: plain values in, plain values out.

    Parameters
    ----------
    setup : dict
        A :class:`Setup` as plain values.
    tasks : list of dict
        Each a :class:`Task` as plain values.

    Returns
    -------
    list of dict
        A :class:`TaskResult` for each task, as plain values.
    """
    results = run_batch(Setup.from_dict(setup), [Task.from_dict(task) for task in tasks])
    return [result.to_dict() for result in results]


def run_batch(
    setup: Setup,
    tasks: Iterable[Task],
    started: Callable[[str], None] = lambda path: None,
    cancelled: threading.Event | None = None,
) -> list[TaskResult]:
    """Work on some files, one after the other.

    Parameters
    ----------
    setup : Setup
        What they have in common.
    tasks : iterable of Task
        The files.
    started : callable, default a function that does nothing
        Told the path of each file when it begins.
    cancelled : threading.Event or None, default None
        When set, no further file is begun.

    Returns
    -------
    list of TaskResult
        A result for each file that was begun.
    """
    results: list[TaskResult] = []
    for task in tasks:
        if cancelled is not None and cancelled.is_set():
            break
        started(task.path)
        results.append(run_task(setup, task, cancelled))
    return results


def run_task(setup: Setup, task: Task, cancelled: threading.Event | None = None) -> TaskResult:
    """Work on one file, whatever it does to the child.

    Parameters
    ----------
    setup : Setup
        What all files have in common.
    task : Task
        The file.
    cancelled : threading.Event or None, default None
        When set, the file gets ten more seconds.

    Returns
    -------
    TaskResult
        Rows, failures and an outcome for each extractor.

    Raises
    ------
    UnavailableError
        Where an extractor cannot be loaded.
    RefusedError
        Where a service refuses the credentials.
    ExtractionError
        Where an extractor has an error and the run was asked to stop at one.
    """
    watch = _Watch(setup, task, cancelled)
    crashes = 0
    while True:
        child: ChildProcess | None = None
        try:
            child = child_for(setup)
            finished = watch.follow(child)
        except GuardError as error:
            if child is None:
                raise UnavailableError(
                    f"The extractors cannot be loaded: {error.message}", "Run tidymedia doctor, or leave one out."
                ) from error
            child.end()
            crashes += 1
            if not watch.lose(error, last=crashes >= MOST_CRASHES):
                return watch.result()
        except BaseException:
            if child is not None:
                child.end()
            raise
        else:
            if finished:
                keep_for_later(child)
            else:
                child.end()
            return watch.result()


class _Watch:
    """What the parent knows of the work on one file."""

    def __init__(self, setup: Setup, task: Task, cancelled: threading.Event | None) -> None:
        self._setup, self._task, self._cancelled = setup, task, cancelled
        self._progress = WorkProgress()
        self._step: dict[str, Any] = {}
        self._successes = dict.fromkeys(task.extractors, 0)
        self._seconds = dict.fromkeys(task.extractors, 0.0)
        self._result = TaskResult(task.media_id, task.path)
        self._left: set[str] = set()

    def follow(self, child: ChildProcess) -> bool:
        """Follow a child to the end of the file; False where the run was cancelled before it."""
        self._step = {"stage": "open", "picture": None, "extractors": list(self._task.extractors), "time_ms": None}
        child.send({"type": "task", "task": self._task_now(), "progress": self._progress.to_dict()})
        patience = self._setup.limits.seconds_without_progress
        grace_ends: float | None = None
        cancelled = self._cancelled
        while True:
            message = child.receive(patience, cancelled)
            if message["type"] == "done":
                return True
            if cancelled is not None and cancelled.is_set():
                grace_ends = grace_ends or time.monotonic() + GRACE_SECONDS
                if time.monotonic() > grace_ends:
                    self._result.unfinished = True
                    return False
            self._take(message)

    def _task_now(self) -> dict[str, Any]:
        """Return the task with the rows that a lost child had already made for dependent extractors."""
        plain = self._task.to_dict()
        for table, rows in self._result.rows.items():
            plain["upstream"].setdefault(table, []).extend(rows)
        return plain

    def _take(self, message: dict[str, Any]) -> None:
        kind = message["type"]
        if kind == "step":
            self._step = message
        elif kind == "rows":
            name = message["extractor"]
            for table, rows in message["rows"].items():
                self._result.rows.setdefault(table, []).extend(rows)
            self._successes[name] += 1
            self._seconds[name] += message["seconds"]
            self._progress.settle(message["stage"], message["picture"], [name])
            if message["stage"] != "picture":  # rows before the damage of a file can be built on
                self._progress.broken = [one for one in self._progress.broken if one != (name, None)]
        elif kind == "failure":
            self._fail(message, message["error_type"], message["error_message"], message["remedy"])
        elif kind == "decoded" and "pictures" in self._seconds:
            self._seconds["pictures"] += message["seconds"]
        elif kind == "pictures_done":
            self._progress.pictures_done = True
        elif kind == "unavailable":
            raise RefusedError(message["message"], message["remedy"])
        elif kind == "bug":
            raise ExtractionError(f"{self._task.path}: an extractor has an error.\n{message['message']}")

    def _fail(self, step: dict[str, Any], error_type: str, message: str, remedy: str) -> None:
        self._result.failures += [
            Failure(name, error_type, message, remedy, step["picture"], step["time_ms"]) for name in step["extractors"]
        ]
        self._progress.broken += [(name, step["picture"]) for name in step["extractors"]]
        self._progress.settle(step["stage"], step["picture"], step["extractors"])

    def lose(self, error: GuardError, *, last: bool) -> bool:
        """Note that the child was lost in its last step; say whether to go on after it."""
        self._fail(self._step, type(error).__name__, error.message, error.remedy)
        stage, picture = self._step["stage"], self._step["picture"]
        if stage == "open":
            return False
        if stage == "next":
            self._progress.skip_picture(picture)
        if last:
            given_up = GivenUpError(
                f"The file was given up after {MOST_CRASHES} such failures; what came before is kept.", error.remedy
            )
            for name in self._task.extractors:
                failure = Failure(name, type(given_up).__name__, given_up.message, given_up.remedy)
                self._result.failures.append(failure)
        return not last

    def result(self) -> TaskResult:
        """Sum up what became of each extractor."""
        for name in self._task.extractors:
            self._leave_for_later(name)
        rows_by_extractor = dict.fromkeys(self._task.extractors, 0)
        for rows in self._result.rows.values():
            for row in rows:
                rows_by_extractor[row["extractor"]] += 1
        for name in self._task.extractors:
            failures = [failure for failure in self._result.failures if failure.extractor == name]
            status, reason = _status(failures, self._successes[name], rows_by_extractor[name])
            if name in self._left:
                status, reason = "skipped", "budget"
            self._result.outcomes[name] = Outcome(
                status, reason, rows_by_extractor[name], round(self._seconds[name], 6)
            )
        return self._result

    def _leave_for_later(self, name: str) -> None:
        """Take back the rows of an extractor whose budget was spent: a later run does the file as a whole.

        What a service has answered is kept among the raw answers, so that nothing is paid twice.
        """
        failures = self._result.failures
        if any(one.extractor == name and one.error_type == BudgetError.__name__ for one in failures):
            self._successes[name] = 0
            self._result.failures = [one for one in failures if one.extractor != name]
            self._left.add(name)
            for table, rows in self._result.rows.items():
                self._result.rows[table] = [row for row in rows if row["extractor"] != name]


def _status(failures: Sequence[Failure], successes: int, rows: int) -> tuple[str, str | None]:
    """Say in the words of the status table how an extractor fared."""
    if failures and successes:
        return "partial", None
    if failures:
        reasons = {_SKIPPED.get(failure.error_type) for failure in failures}
        only = reasons.pop() if len(reasons) == 1 else None
        return ("skipped", only) if only else ("failed", None)
    return ("ok" if rows else "empty"), None
