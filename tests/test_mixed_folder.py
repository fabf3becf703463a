"""A folder of mixed media with nasty ones among them: every file its row, every failure its reason and remedy."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pandas as pd
import psutil
import pytest

from tidymedia.run.events import Event, RunStarted
from tidymedia.study import Study


def load_makers() -> ModuleType:
    path = Path(__file__).parent / "nasty" / "mixed_folder.py"
    specification = importlib.util.spec_from_file_location("mixed_folder", path)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


makers = load_makers()
needs_setpriv = pytest.mark.skipif(
    sys.platform != "linux" or not shutil.which("setpriv"), reason="needs Linux and setpriv"
)

RUN = """
import sys
from tidymedia.cli import main
main(["analyze", sys.argv[1], "-o", sys.argv[2], "--with", "metadata,pixels,hashes", "--jobs", "2"])
"""


def analyze_without_privileges(folder: Path, study: Path) -> subprocess.CompletedProcess[str]:
    """Run the real command; as root without the right to read everything."""
    command = [sys.executable, "-c", RUN, str(folder), str(study)]
    if os.geteuid() == 0:
        drop = "-dac_override,-dac_read_search"
        command = ["setpriv", f"--bounding-set={drop}", f"--inh-caps={drop}", *command]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def check(tmp_path: Path, files: int) -> None:
    folder = tmp_path / "media"
    expected = makers.make_folder(folder, files)
    done = analyze_without_privileges(folder, tmp_path / "study")
    assert done.returncode == 3, done.stderr
    assert done.stdout == ""
    study = Study(tmp_path / "study")
    media = study.table("media").set_index("path")
    failures = study.failures()
    for column in ("error_type", "error_message", "remedy"):
        assert failures[column].notna().all()

    (escaped,) = [path for path in media.index if "escape" in path]
    expected[escaped] = expected.pop("escape")
    expected["nasty/vanishing.jpg"] = makers.GOOD  # it stays in this run
    assert set(media.index) == set(expected)
    assert makers.walked(folder) - {"nasty/loop", "nasty/pack.zip", "nasty/pack.tar.gz"} <= set(media.index)
    told = failures.groupby("path")["error_type"].agg(set).to_dict()
    wrong = {
        path: (outcome, told.get(path))
        for path, outcome in expected.items()
        if (path in told if outcome == makers.GOOD else outcome not in told.get(path, set()))
    }
    assert wrong == {}

    for name in ("metadata", "pictures", "pixels", "hashes"):
        rows = pd.read_parquet(tmp_path / "study" / "tables" / f"{name}.parquet")
        assert not rows.duplicated(["path", "unit_id", "extractor"]).any()
        seen = {path for path, outcome in expected.items() if outcome == makers.GOOD}
        assert {path for path in seen if not path.endswith((".wav", ".txt"))} <= set(rows["path"])
    pages = study.table("pictures").query("path == 'nasty/one_broken_page.pdf'")["picture"].tolist()
    assert pages == [0, 2]
    assert not list((tmp_path / "study").rglob("*.unfinished"))
    assert [path.name for path in (tmp_path / "study" / ".parts").iterdir()] == ["compacted.json"]
    assert not [one for one in psutil.process_iter(["cmdline"]) if str(tmp_path) in " ".join(one.info["cmdline"] or ())]


@needs_setpriv
def test_a_mixed_folder(tmp_path: Path) -> None:
    check(tmp_path, 150)


@pytest.mark.slow
@needs_setpriv
def test_a_mixed_folder_of_a_thousand(tmp_path: Path) -> None:
    check(tmp_path, 1_000)


def test_a_file_that_vanishes_in_mid_run(tmp_path: Path) -> None:
    folder = tmp_path / "media"
    makers.make_folder(folder, 60)
    for path in folder.rglob("*"):
        if path.is_file() and path.name != "vanishing.jpg" and not path.parent.name.startswith("part_"):
            path.unlink()

    def vanish(event: Event) -> None:
        if isinstance(event, RunStarted):
            (folder / "nasty/vanishing.jpg").unlink()

    study = Study(tmp_path / "study", folder).analyze(["pixels"], listen=vanish)
    row = study.table("media").set_index("path").loc["nasty/vanishing.jpg"]
    assert row["error_type"] == "UnreadableError"
    assert isinstance(row["remedy"], str)


def test_a_second_run_opens_nothing_that_is_done(tmp_path: Path) -> None:
    folder = tmp_path / "media"
    makers.make_folder(folder, 60)
    shutil.rmtree(folder / "nasty")
    Study(tmp_path / "study", folder).analyze(["pixels", "hashes"])
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "study").rglob("*.parquet")}
    again = Study(tmp_path / "study").analyze()
    assert again.last_run is not None
    assert again.last_run.seconds_by_extractor == {}
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "study").rglob("*.parquet")} == before
