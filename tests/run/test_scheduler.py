"""The scheduler keeps a bounded window of batches."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tidymedia.errors import UnavailableError
from tidymedia.media.kinds import Kind
from tidymedia.media.locations import LocalFile
from tidymedia.run.scheduler import Scheduler
from tidymedia.run.task import Setup, Task, TaskResult


def tasks(folder: Path, count: int) -> list[Task]:
    names = [f"{number:04d}.wav" for number in range(count)]
    return [Task(one, LocalFile(str(folder), one), one[:4] * 16, Kind.AUDIO, ("trouble",)) for one in names]


def drain(scheduler: Scheduler) -> list[TaskResult]:
    results: list[TaskResult] = []
    while not scheduler.is_idle:
        results += scheduler.collect(0.2)
    return results


@pytest.mark.parametrize("elsewhere", [False, True])
def test_every_file_comes_back(trouble: Path, recordings: Callable[..., Path], elsewhere: bool) -> None:
    todo = tasks(recordings([16_000] * 6), 6)
    with (
        ThreadPoolExecutor(1) as executor,
        Scheduler(
            Setup((("trouble", {}),), plugins=(str(trouble),)), 1, executor if elsewhere else None, threading.Event()
        ) as scheduler,
    ):
        assert (scheduler.is_idle, scheduler.is_full, scheduler.batch_size) == (True, False, 1)
        scheduler.submit(todo[:3])
        scheduler.submit(todo[3:])
        assert scheduler.is_full
        results = drain(scheduler)
        assert scheduler.batch_size > 1  # they were quick
        assert len(scheduler.started()) == (0 if elsewhere else 6)
        assert scheduler.started() == []
    assert sorted(result.path for result in results) == [task.path for task in todo]


def test_nothing_is_begun_after_a_cancel(trouble: Path, recordings: Callable[..., Path]) -> None:
    cancelled = threading.Event()
    cancelled.set()
    setup = Setup((("trouble", {}),), plugins=(str(trouble),))
    with Scheduler(setup, 1, None, cancelled) as scheduler:
        scheduler.submit(tasks(recordings([16_000]), 1))
        assert drain(scheduler) == []


def test_what_a_batch_raises_ends_the_run(recordings: Callable[..., Path], tmp_path: Path) -> None:
    setup = Setup((("trouble", {}),), plugins=(str(tmp_path / "gone.py"),))
    cancelled = threading.Event()
    with pytest.raises(UnavailableError, match="no plug-in file"), Scheduler(setup, 1, None, cancelled) as scheduler:
        scheduler.submit(tasks(recordings([16_000]), 1))
        drain(scheduler)
    assert cancelled.is_set()
