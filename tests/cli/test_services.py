"""Services on the command line: the question on a terminal, and what doctor says."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from tidymedia.cli.application import run_application
from tidymedia.cli.asking import asking
from tidymedia.cli.progress import ProgressView
from tidymedia.services.estimates import Estimate

ONE = Estimate("coding", "api.example.org", "pictures to the model a", True, False, 12, 1, 0.031, "2026-11-24")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("typed", "agreed"), [("yes\n", True), ("YES \n", True), ("y\n", False), ("", False)])
def test_the_question_says_who_gets_what_and_wants_a_yes(
    monkeypatch: pytest.MonkeyPatch, typed: str, agreed: bool
) -> None:
    screen = Terminal()
    monkeypatch.setattr(sys, "stdin", Terminal(typed))
    monkeypatch.setattr(sys, "stderr", screen)
    ask = asking(ProgressView(quiet=True))
    assert ask is not None
    assert ask(ONE) is agreed
    told = screen.getvalue()
    assert "coding asks api.example.org: about 12 requests" in told
    assert "at most 0.04 US dollars (prices of 2026-11-24)" in told
    assert "It sends pictures to the model a." in told


def test_nobody_is_asked_without_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("yes\n"))
    assert asking(ProgressView(quiet=True)) is None


def test_doctor_looks_at_services(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("openai", reason="the extra coding is needed; pip install 'tidymedia[coding]'")
    from chat_server import chat_server

    monkeypatch.setenv("OPENAI_API_KEY", "sk-live-4f6a9e21c07b")
    assert run_application(["doctor"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "service coding No endpoint is named; credentials: OPENAI_API_KEY is set" in told
    assert "4f6a" not in told
    with chat_server() as server:
        assert run_application(["doctor", "--reachable", "--set", f"coding.endpoint={server.address}"]) == 0
    host = server.address.split("/")[2]
    assert f"{host} answers" in " ".join(capsys.readouterr().out.split())
    assert run_application(["doctor", "--reachable", "--set", f"coding.endpoint={server.address}"]) == 0
    assert f"{host} cannot be reached" in " ".join(capsys.readouterr().out.split())


def test_doctor_says_which_credentials_of_google_were_found(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pytest.importorskip("google.cloud.vision", reason="the extra google is needed; pip install 'tidymedia[google]'")
    key = tmp_path / "key.json"
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(key))
    assert run_application(["doctor"]) == 0
    told = " ".join(capsys.readouterr().out.split())  # lines are as long as the terminal is wide
    assert "No credentials for Google Cloud were found; credentials: none found" in told
    key.write_text("{}", encoding="utf-8")
    assert run_application(["doctor"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "service google_vision ready; credentials: GOOGLE_APPLICATION_CREDENTIALS names a file" in told
