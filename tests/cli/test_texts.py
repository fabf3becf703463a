"""Tables on terminals, texts, and progress without a terminal."""

from __future__ import annotations

import io
import threading

import pandas as pd
import pytest
from rich.cells import cell_len
from rich.console import Console

from tidymedia.cli.exit_codes import code_of
from tidymedia.cli.progress import ProgressView
from tidymedia.cli.progress_bar import make_progress
from tidymedia.cli.text_table import text_table
from tidymedia.cli.wording import duration, quoted, shortened, with_path
from tidymedia.run.events import MediumFinished, Notice, RunStarted

WIDE = pd.DataFrame(
    {
        "path": ["2024/press/archive/photographs/front-page.jpg", "中文/很长的名字很长的名字很长的名字.jpg"],
        "kind": ["image", None],
        "words": pd.array([1200, None], dtype="Int64"),
        "share": [0.123456, 2.0],
        "text": ["one\ntwo " * 20, "three"],
        **{f"column_{number}": [number, number] for number in range(20)},
    }
)


@pytest.mark.parametrize("width", [20, 40, 60, 80, 100, 200])
def test_no_line_of_a_table_is_wider_than_the_terminal(width: int) -> None:
    heading, first, second, *rest = text_table(WIDE, width)
    assert max(cell_len(line) for line in (heading, first, second)) <= width
    assert "front-page.jpg" in first
    if width < 200:
        assert rest[-1].startswith("… and more columns: ")
        assert rest[-1].endswith("column_19")


def test_cells_are_readable() -> None:
    _, first, second = text_table(WIDE[["words", "share", "text"]], 60)
    assert first.split()[:4] == ["1200", "0.1235", "one", "two"]
    assert second.split() == ["2", "three"]


def test_rows_that_are_not_shown_are_counted() -> None:
    assert text_table(pd.DataFrame({"n": range(100)}), 80, most_rows=3)[-1] == "… and 97 more rows"
    assert text_table(pd.DataFrame({"n": []}), 80) == ["n"]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.04, "0.0 s"), (9.96, "10 s"), (59.7, "1 min"), (61, "1 min 1 s"), (3599.9, "1 h"), (90_000, "1 d 1 h")],
)
def test_durations(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_paths() -> None:
    assert quoted("C:\\a\\b") == "C:\\a\\b"
    assert quoted("a b") == '"a b"'
    assert quoted("") == '""'
    assert shortened("abc", 0) == ""
    assert cell_len(shortened("很长的名字.jpg", 8)) <= 8
    assert with_path("x/a.jpg: broken", "x/a.jpg") == "x/a.jpg: broken"


@pytest.mark.parametrize(
    ("outcomes", "code"),
    [
        ({"ok": 1}, 0),
        ({"known": 1, "skipped": 3}, 0),
        ({"empty": 1}, 0),
        ({"partial": 1}, 3),
        ({"ok": 1, "failed": 1}, 3),
        ({"failed": 1, "skipped": 1}, 2),
        ({}, 2),
    ],
)
def test_exit_codes(outcomes: dict[str, int], code: int) -> None:
    assert code_of(outcomes) == code


def test_progress_without_a_terminal_is_plain_lines(capsys: pytest.CaptureFixture[str]) -> None:
    with ProgressView() as view:
        view(RunStarted(30, ("pixels",), 1))
        for number in range(25):
            view(MediumFinished(f"sub/{number}.jpg", "failed", (f"{number}.jpg is broken.",)))
        view(Notice("A notice."))
    out, err = capsys.readouterr()
    assert out == ""
    lines = err.splitlines()
    assert lines[0] == "30 files, 1 job: pixels"
    assert lines[1] == "failed: sub/0.jpg is broken."
    assert len(lines) == 23  # twenty reasons, then one line for all others
    assert lines[-1] == "A notice."


@pytest.mark.parametrize("width", [60, 80, 100])
@pytest.mark.parametrize("path", ["2024/press/archive/a folder/" * 9 + "front.jpg", "很长的名字/" * 9 + "front.jpg"])
def test_the_bar_fits_the_terminal_and_shows_the_name_of_the_file(width: int, path: str) -> None:
    stopping = threading.Event()
    console = Console(file=io.StringIO(), force_terminal=True, width=width, color_system=None)
    progress = make_progress(console, stopping.is_set)
    task = progress.add_task("", total=100_000, completed=12_345, failed="1,234 failed", current=path)
    with console.capture() as capture:
        console.print(progress.get_renderable())
    (line,) = capture.get().splitlines()
    assert cell_len(line) <= width - 4
    assert "12345/100000" in line
    assert "1,234 failed" in line
    assert line.rstrip().endswith("t.jpg")
    stopping.set()
    with console.capture() as capture:
        console.print(progress.get_renderable())
    assert "stop" in capture.get()
    stopping.clear()
    progress.update(task, completed=100_000)
    with console.capture() as capture:
        console.print(progress.get_renderable())
    assert ("writing the tables" if width > 60 else "100000/100000") in capture.get()


def test_quiet_progress_shows_notices_alone(capsys: pytest.CaptureFixture[str]) -> None:
    with ProgressView(quiet=True) as view:
        view(RunStarted(1, ("pixels",), 1))
        view(MediumFinished("a.jpg", "failed", ("a.jpg is broken.",)))
        view(Notice("A notice."))
    assert capsys.readouterr().err == "A notice.\n"


def test_a_run_that_stops_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    cancelled = threading.Event()
    with ProgressView(cancelled) as view:
        cancelled.set()
        assert view._watcher is not None
        view._watcher.join()
    assert "Ctrl-C ends at once" in capsys.readouterr().err
