"""``tidymedia models``: list, show, fetch, verify."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tidymedia.models.bundled import BUNDLED
from tidymedia.models.files import ENVIRONMENT

Run = Callable[..., Any]
StartHub = Callable[..., Any]


@pytest.fixture(autouse=True)
def _no_models_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(ENVIRONMENT, raising=False)
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "cache"))


def test_the_list_names_every_bundled_network_with_its_licence(run: Run) -> None:
    done = run("models")
    assert (done.code, done.err) == (0, "")
    text = " ".join(done.out.split())
    for model in BUNDLED.values():
        assert model.name in text
        assert f"{model.licence}; comes with tidymedia, revision {model.revision}." in text
    assert "tidymedia models fetch owner/name" in done.out


def test_the_list_is_data_too(run: Run) -> None:
    table = pd.read_csv(io.StringIO(run("models", "--format", "csv").out))
    assert list(table.columns) == ["name", "task", "bytes", "licence", "origin", "revision", "place"]
    bundled = table[table["origin"] == "bundled"]
    assert list(bundled["name"]) == list(BUNDLED)
    assert set(table["origin"]) <= {"bundled", "packages"}
    assert all(Path(row.place).stat().st_size == row.bytes for row in bundled.itertuples())
    lines = [json.loads(line) for line in run("models", "--format", "json").out.splitlines()]
    revisions = [line["revision"] for line in lines if line["origin"] == "bundled"]
    assert revisions == [model.revision for model in BUNDLED.values()]


@pytest.mark.parametrize("words", [("nanodet",), ("show", "nanodet"), ("nanodet@3.0.4",)])
def test_one_network_with_source_licence_citation_and_weakness(run: Run, words: tuple[str, ...]) -> None:
    done = run("models", *words)
    assert (done.code, done.err) == (0, "")
    model, text = BUNDLED["nanodet"], " ".join(done.out.split())
    for told in (model.sha256, model.licence, str(model.source), model.citation, model.caveat, *model.outputs):
        assert " ".join(told.split()) in text


def test_a_network_that_is_not_there(run: Run) -> None:
    done = run("models", "nanodeet")
    assert (done.code, done.out) == (1, "")
    assert "Did you mean nanodet?" in done.err
    assert "tidymedia models fetch owner/absent" in run("models", "owner/absent").err
    assert run("models", "--nothing").code == 1


def test_a_model_is_fetched_listed_and_verified(run: Run, loopback_hub: StartHub, tmp_path: Path) -> None:
    hub = loopback_hub()
    done = run("models", "fetch", "owner/tiny")
    assert done.code == 0
    folder = Path(done.out.strip())
    assert folder.is_relative_to(tmp_path / "hub")
    assert (folder / "model.safetensors").is_file()
    assert str(tmp_path / "hub") in done.err
    assert f"model=owner/tiny@{hub.commit}" in done.err

    listed = pd.read_csv(io.StringIO(run("models", "--format", "csv").out)).set_index("name").loc["owner/tiny"]
    assert (listed["task"], listed["licence"], listed["origin"], listed["revision"]) == (
        "tags",
        "cc-by-4.0",
        "hub",
        hub.commit,
    )
    assert f"tree/{hub.commit}" in run("models", "owner/tiny").out
    done = run("models", "verify")
    assert (done.code, done.err) == (0, "")
    assert f"ok     owner/tiny@{hub.commit}" in done.out

    (folder / "config.json").write_text('{"model_type": "vit"}', encoding="utf-8")
    done = run("models", "verify")
    assert done.code == 1
    assert f"wrong  owner/tiny@{hub.commit}" in done.out
    assert "config.json" in done.out
    assert "ok     nanodet" in done.out


def test_a_wrong_file_of_a_bundled_network_is_found(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path))
    (tmp_path / "nanodet.onnx").write_bytes(b"another one")
    done = run("models", "verify")
    assert done.code == 1
    assert "wrong  nanodet@3.0.4" in done.out


def test_what_cannot_be_fetched_is_an_error_with_a_remedy(
    run: Run, loopback_hub: StartHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    loopback_hub()
    done = run("models", "fetch", "owner/absent")
    assert (done.code, done.out) == (1, "")
    assert "no model owner/absent" in done.err
    done = run("models", "fetch", "owner/tiny", "--revision", "v9")
    assert (done.code, done.out) == (1, "")
    assert "no revision v9" in done.err
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    done = run("models", "fetch", "owner/tiny")
    assert (done.code, done.out) == (1, "")
    assert "Check the connection" in done.err
    assert run("models", "fetch").code == 1
