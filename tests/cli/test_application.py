"""Help, wrong words, and what a process leaves behind."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from tidymedia.cli.command_names import COMMANDS

Run = Callable[..., Any]
PROGRAM = [sys.executable, "-m", "tidymedia"]


def test_help_lists_the_commands_and_exit_codes(run: Run) -> None:
    result = run("--help")
    assert result.code == 0
    assert result.err == ""
    for name in COMMANDS:
        assert f"\n  {name} " in result.out
    assert "\n    130  interrupted" in result.out


@pytest.mark.parametrize("columns", ["80", "100"])
@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_each_command_has_examples_that_are_not_wrapped(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str, columns: str
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    result = run(name, "--help")
    assert result.code == 0
    assert max(map(len, result.out.splitlines())) <= int(columns)
    _, _, written = result.out.partition("\n  Examples:\n")
    lines = [line for line in written.splitlines() if line.strip()]
    assert lines
    assert all(line.startswith("    tidymedia ") for line in lines)


@pytest.mark.parametrize("name", COMMANDS)
def test_options_in_examples_exist(run: Run, name: str) -> None:
    text = run(name, "--help").out
    options, _, written = text.partition("\n  Examples:\n")
    for line in written.splitlines():
        for word in line.split():
            if word.startswith("-") and line.split()[1] == name:
                assert f" {word}" in options


def test_without_words_help_goes_to_stderr(run: Run) -> None:
    result = run()
    assert result.code == 1
    assert result.out == ""
    assert "Commands:" in result.err


def test_version(run: Run) -> None:
    from importlib.metadata import version

    assert run("--version") == (0, f"{version('tidymedia')}\n", "")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["analyse"], "Did you mean analyze?"),
        (["xyz"], "There are: analyze, status"),
        (["--versoin"], "Did you mean --version?"),
        (["query", "study"], "SQL"),
        (["status", "a", "b"], "extra"),
        (["export", "study", "x", "--format", "pdf"], "parquet"),
    ],
)
def test_wrong_words_are_1_with_one_line_and_where_help_is(run: Run, words: list[str], said: str) -> None:
    result = run(*words)
    assert result.code == 1
    assert result.out == ""
    message, hint = result.err.splitlines()
    assert message.startswith("tidymedia: ")
    assert said.casefold() in message.casefold()
    assert hint.strip().startswith("See: tidymedia")
    assert hint.endswith("--help")


def test_a_folder_in_place_of_a_command(run: Run, good: Path) -> None:
    assert f"tidymedia analyze {good}" in run(good).err


def test_a_folder_that_cannot_be_made_is_1_without_traceback(run: Run, good: Path) -> None:
    result = run("analyze", good, "-o", good / "red.png" / "study")
    assert result.code == 1
    assert result.out == ""
    assert result.err.startswith(f"tidymedia: {good / 'red.png' / 'study'}: ")
    assert len(result.err.splitlines()) == 2


def test_help_and_import_load_nothing_heavy() -> None:
    code = (
        "import sys; from tidymedia.cli.application import run_application; run_application(['--help']);"
        "heavy = {'rich', 'pandas', 'numpy', 'PIL', 'pyarrow', 'duckdb', 'av', 'onnxruntime'} & set(sys.modules);"
        "print(sorted(heavy), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


def test_a_reader_that_has_seen_enough_is_no_error(study: Path) -> None:
    words = ["query", str(study), "select * from range(300000)", "--format", "csv"]
    with subprocess.Popen([*PROGRAM, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().strip() == b"range"
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
@pytest.mark.parametrize("presses", [1, 2])
def test_ctrl_c_is_130_without_traceback_or_orphans(good: Path, plugin: Path, tmp_path: Path, presses: int) -> None:
    started = plugin.with_suffix(".started")
    started.unlink(missing_ok=True)
    media = tmp_path / "media"
    media.mkdir()
    for number in range(40):
        (media / f"{number}.png").write_bytes((good / "red.png").read_bytes() + bytes([number]))
    words = ["analyze", media, "-o", tmp_path / "study", "--plugin", plugin, "--with", "slow", "--jobs", "2"]
    command = [*PROGRAM, *map(str, words)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        while not started.exists() and process.poll() is None:
            time.sleep(0.02)
        children = psutil.Process(process.pid).children(recursive=True)
        for _ in range(presses):
            process.send_signal(signal.SIGINT)
            time.sleep(0.2)
        out, err = process.communicate()
    assert process.returncode == 130
    assert out == ""
    assert "Traceback" not in err
    assert ("The run was stopped." if presses == 1 else "Interrupted.") in err
    assert children
    assert psutil.wait_procs(children, timeout=10)[1] == []
    again = subprocess.run(
        [*PROGRAM, "query", str(tmp_path / "study"), "select count(*) as n from waits", "--format", "csv"],
        capture_output=True,
        text=True,
        check=False,
    )
    if presses == 1:
        assert "Stopping: " in err
        assert 0 < int(again.stdout.split()[1]) < 40  # what was in work is kept
