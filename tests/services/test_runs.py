"""Whole runs: consent, budget, credentials, kill -9, dry runs and purging."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from chat_server import ChatServer
from tidymedia.cli.application import run_application
from tidymedia.errors import RefusedError, SettingError, StudyError, UsageError
from tidymedia.run.process_control import lock_file
from tidymedia.services.estimates import Estimate
from tidymedia.study import Study

pytest.importorskip("openai", reason="the extra coding is needed; pip install 'tidymedia[coding]'")

Coded = Callable[..., Study]
OUTSIDE = "toy:cloud"
"""A model that an endpoint of this machine hands on to others."""


def skipped(study: Study) -> dict[str, int]:
    rows = study.query("SELECT reason, count(*) AS n FROM status WHERE extractor = 'coding' GROUP BY reason")
    return {reason if isinstance(reason, str) else "": int(number) for reason, number in rows.itertuples(index=False)}


@pytest.fixture
def prices(tmp_path: Path, server: ChatServer, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A price of 0.10 dollars for a request; at most 0.20."""
    path = tmp_path / "prices.toml"
    path.write_text(
        f"""date = "2026-11-01"
[[price]]
service = "coding"
recipient = "{server.address.split("/")[2]}"
model = "{OUTSIDE}"
input = 0.0
output = 1000.0
""",
        encoding="utf-8",
    )
    monkeypatch.setenv("TIDYMEDIA_PRICES", str(path))
    return path


def test_nothing_is_sent_without_consent(coded: Coded, server: ChatServer, tmp_path: Path) -> None:
    notices: list[object] = []
    study = coded(2, model=OUTSIDE, analyze={"listen": notices.append})
    assert server.requests == 0
    assert skipped(study) == {"no_consent": 2}
    assert any("without your consent" in str(event) and "--consent coding" in str(event) for event in notices)
    asked: list[Estimate] = []

    def agree(one: Estimate) -> bool:
        asked.append(one)
        return len(asked) > 1

    study.analyze(ask=agree, jobs=1)
    assert server.requests == 0
    study.analyze(ask=agree, jobs=1)
    assert server.requests == 2
    assert asked[1].requests == 2
    assert asked[1].recipient == server.address.split("/")[2]
    assert "JPEG" in asked[1].sent
    assert "recipient" in (study.folder / "study.toml").read_text(encoding="utf-8")
    (tmp_path / "media" / "more.png").write_bytes((tmp_path / "media" / "000.png").read_bytes() + b" ")
    Study(study.folder).analyze(jobs=1)
    assert len(asked) == 2, "the study keeps the consent"
    runs = [json.loads(path.read_text(encoding="utf-8")) for path in sorted((study.folder / "runs").glob("*.json"))]
    told = [one["service"]["consent"] for run in runs for one in run["extractors"] if one["name"] == "coding"]
    assert told[:2] == [None, None]
    assert all(told[2:])


def test_a_consent_is_for_one_recipient(coded: Coded, server: ChatServer) -> None:
    coded(1, model=OUTSIDE, analyze={"consent": ["coding"]})
    assert server.requests == 1
    other = server.address.replace("127.0.0.1", "localhost")
    study = coded(1, model=OUTSIDE, endpoint=other)
    assert server.requests == 1
    assert skipped(study) == {"no_consent": 1}


def test_a_consent_for_what_asks_nobody_is_refused(tmp_path: Path, pictures: Callable[..., Path]) -> None:
    with pytest.raises(SettingError, match="asks no service"):
        Study(tmp_path / "study", pictures(1)).analyze(["hashes"], consent=["hashes"])


def test_a_budget_ends_cleanly_and_a_later_run_goes_on(coded: Coded, server: ChatServer, prices: Path) -> None:
    outside = {"consent": ["coding"], "budget": 0.5}
    study = coded(6, model=OUTSIDE, longest_answer=200, analyze=outside)
    # 0.10 each are paid, and 0.20 must be left for the next one.
    assert server.requests == 4
    assert skipped(study) == {"": 4, "budget": 2}
    assert len(study.table("coding")) == 4
    assert study.failures().empty
    assert study.last_run is not None
    assert study.last_run.services["coding"].dollars == pytest.approx(0.4)
    study.analyze(jobs=2, budget=10)
    assert server.requests == 6
    assert set(server.answered.values()) == {1}
    assert skipped(study) == {"": 6}
    study.analyze(jobs=1, budget=0)
    assert server.requests == 6


def test_a_budget_needs_a_price(coded: Coded, server: ChatServer) -> None:
    with pytest.raises(SettingError, match=r"the price of toy:cloud@.* is not known"):
        coded(1, model=OUTSIDE, analyze={"consent": ["coding"], "budget": 1.0})
    with pytest.raises(SettingError, match="cannot be kept"):
        coded(1, analyze={"budget": float("nan")})
    assert server.requests == 0
    assert len(coded(1, analyze={"budget": 0.0}).table("coding")) == 1, "what stays on this machine is free"


def test_a_document_is_done_as_a_whole_or_left_for_later(
    tmp_path: Path, server: ChatServer, codebook: Path, prices: Path
) -> None:
    from PIL import Image

    first, *others = [Image.new("RGB", (60, 40), color) for color in ("red", "blue", "green")]
    first.save(tmp_path / "pages.tif", save_all=True, append_images=others)
    given = {"endpoint": server.address, "model": OUTSIDE, "codebook": str(codebook), "longest_answer": 200}
    study = Study(tmp_path / "study", tmp_path / "pages.tif")
    study.analyze(["coding"], parameters={"coding": given}, consent=["coding"], budget=0.3, jobs=1)
    assert server.requests == 2
    assert skipped(study) == {"budget": 1}
    assert "coding" not in study.tables
    study.analyze(jobs=1)
    assert server.requests == 3, "what was answered is not asked again"
    assert len(study.table("coding")) == 3


def test_a_dry_run_says_what_it_would_cost(
    coded: Coded, server: ChatServer, prices: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = coded(3, model=OUTSIDE, longest_answer=200)
    one = study.dry_run().services["coding"]
    assert (one.requests, one.uncounted, one.agreed) == (3, 0, False)
    assert one.dollars == pytest.approx(0.6)
    assert run_application(["analyze", "-o", str(study.folder), "--dry-run"]) == 0
    told = capsys.readouterr().err
    assert "about 3 requests; at most 0.60 US dollars (prices of 2026-11-01)" in told
    assert "You have not agreed to that yet." in told
    assert server.requests == 0


def test_the_command_line_takes_consent_and_budget(
    coded: Coded, server: ChatServer, prices: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = coded(2, model=OUTSIDE)
    assert run_application(["analyze", "-o", str(study.folder), "-j", "1"]) == 3
    assert "nothing is sent to" in capsys.readouterr().err
    # The longest answer may cost a dollar; the real ones cost 0.10.
    assert run_application(["analyze", "-o", str(study.folder), "--consent", "coding", "--budget", "1"]) == 3
    told = capsys.readouterr().err
    assert "coding: 1 answer; about 0.1000 US dollars." in told
    assert "coding: the budget is spent; 1 file left for a later run." in told
    assert run_application(["analyze", "-o", str(study.folder), "--budget", "9"]) == 0
    told = capsys.readouterr().err
    assert "coding: 1 answer; about 0.1000 US dollars." in told
    assert "is spent" not in told
    assert server.requests == 2


def test_credentials_are_in_no_file(coded: Coded, server: ChatServer, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = "sk-live-4f6a9e21c07b"
    monkeypatch.setenv("A_KEY", secret)
    server.key = "another"
    with pytest.raises(RefusedError) as caught:
        coded(2, key_variable="A_KEY", reason=True)
    assert secret not in str(caught.value)
    server.key = secret
    study = coded(2, key_variable="A_KEY", reason=True)
    assert len(study.table("coding")) == 2
    study.report()
    files = [path for path in study.folder.rglob("*") if path.is_file()]
    assert len(files) > 5
    for path in files:
        assert secret.encode() not in path.read_bytes(), path
    assert not [path for path in files if secret[3:].encode() in path.read_bytes()]


def test_the_key_of_openai_goes_to_openai_alone(
    coded: Coded, server: ChatServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-live-4f6a9e21c07b")
    server.key = "none"  # what is sent where no key is named
    assert len(coded(1).table("coding")) == 1


def test_purging_keeps_the_tables(coded: Coded, server: ChatServer, capsys: pytest.CaptureFixture[str]) -> None:
    study = coded(2)
    before = study.table("coding")
    assert run_application(["purge", str(study.folder)]) == 1
    assert (study.folder / "raw").is_dir()
    lock = lock_file(study.folder / ".lock")
    with pytest.raises(StudyError, match="in use"):
        study.purge(raw=True)
    lock.close()
    capsys.readouterr()
    assert run_application(["purge", str(study.folder), "--raw"]) == 0
    assert "Deleted 2 raw answers" in capsys.readouterr().err
    assert not (study.folder / "raw").exists()
    again = Study(study.folder).analyze(jobs=1)
    assert again.table("coding").equals(before)
    assert server.requests == 2
    assert study.purge(raw=True)[0] == 0
    with pytest.raises(UsageError, match="no study"):
        Study(study.folder / "tables").purge(raw=True)


DRIVER = """
import sys
from tidymedia.study import Study
folder, media, endpoint, codebook = sys.argv[1:]
given = {"endpoint": endpoint, "model": "toy", "codebook": codebook, "first_wait_s": 0.02, "longest_wait_s": 0.05}
Study(folder, media).analyze(["coding"], parameters={"coding": given}, jobs=2)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is POSIX")
def test_killed_in_the_middle_nothing_is_paid_twice(
    tmp_path: Path, server: ChatServer, codebook: Path, pictures: Callable[..., Path]
) -> None:
    media, folder = pictures(30), tmp_path / "study"
    server.delay = 0.05
    command = [sys.executable, "-c", DRIVER, str(folder), str(media), server.address, str(codebook)]
    for answers in (5, 14):
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while sum(server.answered.values()) < answers and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert sum(server.answered.values()) < 30
    time.sleep(0.3)  # the children end with their parent
    kept = len(list((folder / "raw" / "coding").glob("??/*.json")))
    sent = sum(server.answered.values())
    assert sent - 4 <= kept <= sent, "at most the requests under way of two children and two kills are lost"
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    assert sum(server.answered.values()) == sent + 30 - kept
    assert len(Study(folder).table("coding")) == 30
    assert not list((folder / "raw").rglob("*.unfinished"))
