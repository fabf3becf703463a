"""Small media, a study of them, and the command line in this process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from PIL import Image

from tidymedia.cli.application import run_application

PLUGIN = """
import time
from pathlib import Path

import tidymedia as tm
from tidymedia.media.kinds import Kind


class Slow(tm.MediumExtractor):
    name = "slow"
    title = "Waits."
    kinds = frozenset(Kind)
    tables = (tm.Table("waits", (), (tm.Column("n", "integer", "A number."),), "One wait."),)

    def from_medium(self, medium):
        Path(__file__).with_suffix(".started").touch()
        time.sleep(0.3)
        yield tm.Row("waits", {"n": 1})


class Buggy(tm.MediumExtractor):
    name = "buggy"
    title = "Has an error."
    kinds = frozenset(Kind)
    tables = (tm.Table("bugs", (), (tm.Column("n", "integer", "A number."),), "One bug."),)

    def from_medium(self, medium):
        yield tm.Row("bugs", {"n": len(None)})


class Missing(tm.MediumExtractor):
    name = "missing"
    title = "Is not installed."
    kinds = frozenset(Kind)
    tables = (tm.Table("misses", (), (tm.Column("n", "integer", "A number."),), "One miss."),)

    def availability(self):
        return tm.Availability(False, "The package unicorn is not installed.", "pip install unicorn")

    def from_medium(self, medium):
        yield from ()
"""


class Result(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str


Run = Callable[..., Result]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in this process; words that are no text are made text."""
    monkeypatch.setenv("COLUMNS", "100")

    def run(*words: object) -> Result:
        capsys.readouterr()
        code = run_application([str(word) for word in words])
        return Result(code, *capsys.readouterr())

    return run


@pytest.fixture(scope="session")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three pictures without fault, one of them in a folder."""
    folder = tmp_path_factory.mktemp("good")
    for name, color in (("red.png", "red"), ("blue.png", "blue"), ("sub/green.png", "green")):
        (folder / name).parent.mkdir(exist_ok=True)
        Image.new("RGB", (60, 40), color).save(folder / name)
    return folder


@pytest.fixture(scope="session")
def mixed(good: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A picture, an empty file and a text."""
    folder = tmp_path_factory.mktemp("mixed")
    (folder / "red.png").write_bytes((good / "red.png").read_bytes())
    (folder / "empty.png").touch()
    (folder / "notes.txt").write_text("No medium at all.", encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plug-in file with a slow extractor, one with an error, and one that is not installed."""
    path = tmp_path_factory.mktemp("plugin") / "cli_test_plugin.py"
    path.write_text(PLUGIN, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def study(mixed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study with a failure, in a folder whose name shells take apart."""
    folder = tmp_path_factory.mktemp("studies") / "my study [1]"
    assert run_application(["analyze", str(mixed), "-o", str(folder), "-q", "--jobs", "1"]) == 3
    return folder
