"""Locks and exit codes on this system."""

import subprocess
import sys
from pathlib import Path

import pytest

from tidymedia.errors import StudyError
from tidymedia.run.process_control import exit_reason, lock_file, sync_folder


def test_a_lock_is_held_by_one_and_given_back(tmp_path: Path) -> None:
    handle = lock_file(tmp_path / ".lock")
    with pytest.raises(StudyError, match="in use by another run") as caught:
        lock_file(tmp_path / ".lock")
    assert caught.value.remedy
    handle.close()
    lock_file(tmp_path / ".lock").close()


def test_a_lock_ends_with_its_process(tmp_path: Path) -> None:
    script = f"""
import os, pathlib
from tidymedia.run.process_control import lock_file
handle = lock_file(pathlib.Path({str(tmp_path / ".lock")!r}))
os._exit(7)
"""
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 7
    lock_file(tmp_path / ".lock").close()


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
def test_signals_have_names() -> None:
    assert exit_reason(-11) == "signal SIGSEGV"
    assert exit_reason(-999) == "exit code -999"


def test_a_folder_is_synced(tmp_path: Path) -> None:
    sync_folder(tmp_path)
