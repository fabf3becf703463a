"""kill -9 of the driver at any instant: the same command again gives the tables of an undisturbed run."""

import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import psutil
import pytest

from tidymedia.study import Study

DRIVER = """
import sys
import tidymedia.study
from tidymedia.run.driver import RunRequest

tidymedia.study.RunRequest = lambda *given: RunRequest(*given, commit_seconds=0.2)
folder, media, plugin = sys.argv[1:]
tidymedia.study.Study(folder, media, plugins=[plugin]).analyze(["slow", "trouble"], jobs=2)
"""


def start(folder: Path, media: Path, plugin: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", DRIVER, str(folder), str(media), str(plugin)],
        stderr=subprocess.DEVNULL,
    )


def worker_children() -> list[int]:
    found = []
    for process in psutil.process_iter(["cmdline", "ppid"]):
        if "tidymedia.run.child" in " ".join(process.info["cmdline"] or ()) and process.info["ppid"] == 1:
            found.append(process.pid)
    return found


def check(tmp_path: Path, media: Path, plugin: Path, kills: int, seed: int) -> None:
    calm = Study(tmp_path / "calm", media, plugins=[plugin]).analyze(["slow", "trouble"], jobs=2)
    chance = random.Random(seed)
    folder = tmp_path / "stormy"
    killed = 0
    for _ in range(kills):
        process = start(folder, media, plugin)
        try:
            process.wait(timeout=chance.uniform(0.3, 2.5))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            killed += 1
        process.wait()
        for table in (folder / "tables").glob("*.parquet"):
            rows = pd.read_parquet(table)
            assert not rows.duplicated(["path", "unit_id", "extractor"]).any()
    assert killed
    process = start(folder, media, plugin)
    assert process.wait() == 0
    stormy = Study(folder)
    for name in ("slow", "trouble", "media", "failures"):
        pd.testing.assert_frame_equal(stormy.table(name), calm.table(name), rtol=1e-4)
    columns = ["path", "extractor", "fingerprint", "status", "reason", "n_rows"]
    pd.testing.assert_frame_equal(stormy.status()[columns], calm.status()[columns])
    assert sorted(path.name for path in (folder / ".parts").iterdir()) == ["compacted.json"]
    assert not list(folder.rglob("*.unfinished"))
    deadline = time.monotonic() + 20
    while worker_children() and time.monotonic() < deadline:
        time.sleep(0.2)
    assert not worker_children()


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is POSIX")
def test_killed_three_times(tmp_path: Path, recordings: Callable[..., Path], trouble: Path) -> None:
    check(tmp_path, recordings([16_000] * 60 + [8006, 8005]), trouble, kills=3, seed=1)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is POSIX")
def test_killed_twenty_times(tmp_path: Path, recordings: Callable[..., Path], trouble: Path) -> None:
    check(tmp_path, recordings([16_000] * 250 + [8006, 8005]), trouble, kills=20, seed=2)
