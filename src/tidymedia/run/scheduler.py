"""Give batches of files to an executor, a few at a time, and collect what comes back."""

from __future__ import annotations

import queue
import threading
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from types import TracebackType
from typing import Any, Self

from tidymedia.run.guard import run_batch, run_batch_elsewhere
from tidymedia.run.task import Setup, Task, TaskResult

__all__ = ["Scheduler"]

_TARGET_SECONDS = 1.5
_MOST_TASKS = 48


class Scheduler:
    """A bounded window of batches over any :class:`concurrent.futures.Executor`.

    Parameters
    ----------
    setup : Setup
        What all files have in common.
    jobs : int
        Number of child processes at a time.
    executor : concurrent.futures.Executor or None
        Where batches run: that of a cluster, or None for threads of this process that wait on children.
    cancelled : threading.Event
        When set, no further file is begun.
    """

    def __init__(self, setup: Setup, jobs: int, executor: Executor | None, cancelled: threading.Event) -> None:
        self._setup, self._cancelled = setup, cancelled
        self._elsewhere = executor
        self._local = ThreadPoolExecutor(jobs, thread_name_prefix="tidymedia-job")
        self._window = jobs + max(1, jobs // 2)
        self._pending: set[Future[Any]] = set()
        self._started: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._size = 1.0

    @property
    def batch_size(self) -> int:
        """How many files the next batch should have, from how long the last ones took."""
        return int(self._size)

    @property
    def is_full(self) -> bool:
        """Whether results should be collected before more is given out."""
        return len(self._pending) >= self._window

    @property
    def is_idle(self) -> bool:
        """Whether nothing is in work."""
        return not self._pending

    def submit(self, tasks: Sequence[Task]) -> None:
        """Give out a batch.

        Parameters
        ----------
        tasks : sequence of Task
            Its files.
        """
        future: Future[Any]
        if self._elsewhere is None:
            future = self._local.submit(run_batch, self._setup, tasks, self._started.put, self._cancelled)
        else:
            plain = [task.to_dict() for task in tasks]
            future = self._elsewhere.submit(run_batch_elsewhere, self._setup.to_dict(), plain)
        self._pending.add(future)

    def collect(self, seconds: float) -> list[TaskResult]:
        """Wait a moment for batches and return the results of those that are done.

        Parameters
        ----------
        seconds : float
            How long to wait at most.

        Returns
        -------
        list of TaskResult
            Results of finished files.

        Raises
        ------
        TidymediaError
            What a batch raised: an extractor that cannot be loaded, or an error at which to stop.
        """
        done, self._pending = wait(self._pending, timeout=seconds, return_when=FIRST_COMPLETED)
        results: list[TaskResult] = []
        for future in done:
            if future.cancelled():
                continue
            results += [one if isinstance(one, TaskResult) else TaskResult.from_dict(one) for one in future.result()]
        if results:
            spent = sum(outcome.seconds for result in results for outcome in result.outcomes.values())
            ideal = _TARGET_SECONDS * len(results) / max(spent, 0.001)
            self._size = max(1.0, min(_MOST_TASKS, ideal, self._size * 2))
        return results

    def started(self) -> list[str]:
        """Return the paths of the files that were begun since the last call."""
        paths: list[str] = []
        while not self._started.empty():
            paths.append(self._started.get())
        return paths

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if exception_type is not None:
            self._cancelled.set()
        for future in self._pending:
            future.cancel()
        self._local.shutdown(wait=True, cancel_futures=True)
