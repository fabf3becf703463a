"""A crash, a hang or a flood of memory costs one file, or one page of it."""

import threading
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tidymedia.errors import ExtractionError, UnavailableError
from tidymedia.media.kinds import Kind
from tidymedia.media.locations import LocalFile
from tidymedia.media.settings import Limits
from tidymedia.run.child_process import shut_down
from tidymedia.run.guard import run_batch_elsewhere, run_task
from tidymedia.run.task import Setup, Task, TaskResult

GOOD = 16_000
SEGFAULT, HANG, HANG_WITH_LOCK, HOARD, BUG, EMPTY, NO_TYPE, PRINTS = range(8001, 8009)
RED, GREEN, BLUE, GRAY = (255, 0, 0), (0, 255, 0), (0, 0, 255), (9, 9, 9)


def children() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if "tidymedia.run.child" in " ".join(child.cmdline())]


def task(folder: Path, name: str, kind: Kind, *extractors: str) -> Task:
    return Task(name, LocalFile(str(folder), name), "ab" * 32, kind, extractors)


def rates_task(folder: Path, number: int = 0) -> Task:
    return task(folder, f"{number:04d}.wav", Kind.AUDIO, "trouble")


@pytest.fixture
def setup(trouble: Path) -> Setup:
    limits = Limits(seconds_without_progress=4, child_memory_mb=700)
    return Setup((("trouble", {}),), limits=limits, plugins=(str(trouble),))


@pytest.mark.parametrize(
    ("rate", "status", "error_type", "words"),
    [
        (GOOD, "ok", None, ""),
        (EMPTY, "empty", None, ""),
        (PRINTS, "ok", None, ""),
        (SEGFAULT, "failed", "CrashError", "SIGSEGV"),
        (HANG, "failed", "NoProgressError", "4 seconds"),
        (HANG_WITH_LOCK, "failed", "NoProgressError", "4 seconds"),
        (HOARD, "failed", "MemoryLimitError", "700 MB"),
        (BUG, "failed", "KeyError", "trouble.py"),
        (NO_TYPE, "failed", "ExtractionError", "of the type integer"),
    ],
)
def test_each_trouble_is_told(
    setup: Setup,
    recordings: Callable[..., Path],
    rate: int,
    status: str,
    error_type: str | None,
    words: str,
) -> None:
    result = run_task(setup, rates_task(recordings([rate])))
    assert result.outcomes["trouble"].status == status
    assert [failure.error_type for failure in result.failures] == ([error_type] if error_type else [])
    assert all(words in failure.error_message for failure in result.failures)
    assert len(result.rows.get("trouble", [])) == (status == "ok")


def test_trouble_in_one_file_leaves_the_others_alone(setup: Setup, recordings: Callable[..., Path]) -> None:
    folder = recordings([GOOD, SEGFAULT, GOOD, BUG, GOOD])
    results = [run_task(setup, rates_task(folder, number)) for number in range(5)]
    assert [result.outcomes["trouble"].status for result in results] == ["ok", "failed", "ok", "failed", "ok"]


def test_a_crash_costs_one_page(fragile: Path, pages: Callable[..., Path]) -> None:
    path = pages([BLUE, RED, BLUE, GREEN, GRAY])
    setup = Setup((("pictures", {}), ("fragile", {}), ("after", {})), plugins=(str(fragile),))
    result = run_task(setup, task(path.parent, path.name, Kind.IMAGE, "pictures", "fragile", "after"))
    assert [row["picture"] for row in result.rows["pictures"]] == [0, 1, 2, 3, 4]
    assert [row["picture"] for row in result.rows["first_pixels"]] == [0, 2, 4]
    assert [row["picture"] for row in result.rows["lengths"]] == [0, 2, 4]
    assert {(failure.extractor, failure.picture, failure.error_type) for failure in result.failures} == {
        ("fragile", 1, "CrashError"),
        ("fragile", 3, "ExtractionError"),
        ("after", 1, "UpstreamError"),
        ("after", 3, "UpstreamError"),
    }
    assert {name: outcome.status for name, outcome in result.outcomes.items()} == {
        "pictures": "ok",
        "fragile": "partial",
        "after": "partial",
    }


def test_three_crashes_end_a_medium_and_keep_what_came_before(fragile: Path, pages: Callable[..., Path]) -> None:
    path = pages([BLUE, RED, RED, RED, BLUE])
    setup = Setup((("fragile", {}),), plugins=(str(fragile),))
    result = run_task(setup, task(path.parent, path.name, Kind.IMAGE, "fragile"))
    assert [row["picture"] for row in result.rows["first_pixels"]] == [0]
    assert result.outcomes["fragile"].status == "partial"
    assert [failure.error_type for failure in result.failures] == ["CrashError"] * 3 + ["GivenUpError"]


def test_stopping_at_bugs_shows_where(trouble: Path, recordings: Callable[..., Path]) -> None:
    setup = Setup((("trouble", {}),), plugins=(str(trouble),), raise_bugs=True)
    with pytest.raises(ExtractionError, match="no such key"):
        run_task(setup, rates_task(recordings([BUG])))


def test_a_set_up_that_cannot_be_loaded_is_told(tmp_path: Path, recordings: Callable[..., Path]) -> None:
    plugin = tmp_path / "unloadable.py"
    plugin.write_text(
        "from tidymedia.extractors.base import MediumExtractor\n"
        "from tidymedia.errors import UnavailableError\n"
        "class Unloadable(MediumExtractor):\n"
        "    name = 'unloadable'; title = 'T.'; tables = (); kinds = frozenset()\n"
        "    def load(self): raise UnavailableError('The model is gone.', 'Fetch it.')\n"
        "    def from_medium(self, medium): yield from ()\n",
        encoding="utf-8",
    )
    setup = Setup((("unloadable", {}),), plugins=(str(plugin),))
    with pytest.raises(UnavailableError, match="The model is gone"):
        run_task(setup, task(recordings([GOOD]), "0000.wav", Kind.AUDIO, "unloadable"))


def test_children_are_reused_and_end(setup: Setup, recordings: Callable[..., Path]) -> None:
    shut_down()
    folder = recordings([GOOD, GOOD])
    run_task(setup, rates_task(folder, 0))
    (first,) = children()
    run_task(setup, rates_task(folder, 1))
    assert [child.pid for child in children()] == [first.pid]
    shut_down()
    assert not first.is_running()


def test_a_cancelled_file_is_not_stored(
    setup: Setup, recordings: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tidymedia.run.guard.GRACE_SECONDS", 0.2)
    cancelled = threading.Event()
    threading.Timer(0.7, cancelled.set).start()
    result = run_task(setup, rates_task(recordings([HANG])), cancelled)
    assert result.unfinished


def test_plain_values_travel_to_any_executor(setup: Setup, recordings: Callable[..., Path]) -> None:
    plain = run_batch_elsewhere(setup.to_dict(), [rates_task(recordings([GOOD])).to_dict()])
    result = TaskResult.from_dict(plain[0])
    assert result.rows["trouble"][0]["rate"] == GOOD


def test_a_file_that_vanishes_is_a_failure(setup: Setup, tmp_path: Path) -> None:
    result = run_task(setup, rates_task(tmp_path, 7))
    assert [failure.error_type for failure in result.failures] == ["UnreadableError"]
    assert result.outcomes["trouble"].status == "failed"


def test_rows_are_complete(setup: Setup, recordings: Callable[..., Path]) -> None:
    (row,) = run_task(setup, rates_task(recordings([GOOD]))).rows["trouble"]
    assert set(row) == {"media_id", "unit_id", "rate", "extractor", "model", "fingerprint"}
    assert len(row["fingerprint"]) == 12
