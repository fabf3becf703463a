"""Models of the hub are fetched whole and checked; where the hub is not there, it is said what to do."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tidymedia.errors import SettingError, UnavailableError
from tidymedia.models.catalogue import catalogue, check_models
from tidymedia.models.choice import choose_model
from tidymedia.models.fetching import fetch_model
from tidymedia.models.hub_files import damaged_files, fetched_models, find_snapshot
from tidymedia.models.whisper import choose_whisper

pytest.importorskip("huggingface_hub", reason="huggingface_hub comes with pip install 'tidymedia[hub]'")
pytestmark = pytest.mark.usefixtures("loopback_hub")

StartHub = Callable[..., Any]


def test_what_is_fetched_is_found_named_and_checked(loopback_hub: StartHub, tmp_path: Path) -> None:
    hub = loopback_hub()
    absent = choose_model("owner/tiny", "tags", default=None)
    assert absent.availability().remedy == "Fetch it with: tidymedia models fetch owner/tiny"
    assert hub.asked == []

    told: list[tuple[int, Path]] = []
    found = fetch_model("owner/tiny", tell=lambda *size_and_folder: told.append(size_and_folder))
    assert (found.name, found.revision) == ("owner/tiny", hub.commit)
    assert found.folder.is_relative_to(tmp_path / "hub")
    assert told == [(sum(entry["size"] for entry in hub.described.values()), tmp_path / "hub")]

    asked = len(hub.asked)
    chosen = choose_model("owner/tiny", "tags", default=None)
    assert chosen.identifier == f"owner/tiny@{hub.commit}"
    assert chosen.labels == ("cat", "dog", "bird")
    assert chosen.availability().installed
    assert choose_model(f"owner/tiny@{hub.commit[:7]}", "tags", default=None) == chosen
    assert choose_model("owner/tiny", "tags", default=None, revision="main") == chosen
    assert fetch_model("owner/tiny", hub.commit) == found
    assert len(hub.asked) == asked  # nothing of this needs the hub

    entry = catalogue()[-1]
    assert (entry.name, entry.task, entry.licence, entry.origin) == ("owner/tiny", "tags", "cc-by-4.0", "hub")
    assert [check.fault for check in check_models()] == [""] * len(catalogue())


def test_programs_and_pickles_are_not_fetched(loopback_hub: StartHub, tiny_classifier: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(tiny_classifier, tmp_path / "files")
    (folder / "modeling_tiny.py").write_text("raise SystemExit", encoding="utf-8")
    (folder / "pytorch_model.bin").write_bytes(b"a pickle")
    loopback_hub(folder)
    names = {path.name for path in fetch_model("owner/tiny").folder.iterdir()}
    assert names == {"README.md", "config.json", "model.safetensors", "preprocessor_config.json"}
    (folder / "model.safetensors").unlink()
    shutil.rmtree(tmp_path / "hub")
    loopback_hub(folder)
    with pytest.raises(UnavailableError, match="no weights as safetensors"):
        fetch_model("owner/tiny")


def test_a_file_with_another_digest_is_refused_and_deleted(loopback_hub: StartHub) -> None:
    hub = loopback_hub()
    genuine = (hub.folder / "model.safetensors").read_bytes()
    hub.changed["model.safetensors"] = genuine[:-1] + bytes([genuine[-1] ^ 1])
    with pytest.raises(UnavailableError, match=r"model\.safetensors of owner/tiny is not what the hub promised"):
        fetch_model("owner/tiny")
    snapshot = find_snapshot("owner/tiny")
    assert snapshot is not None
    assert not (snapshot.folder / "model.safetensors").exists()
    assert not choose_model("owner/tiny", "tags", default=None).availability().installed
    hub.changed.clear()
    assert damaged_files(fetch_model("owner/tiny").folder) == []


@pytest.mark.parametrize("name", ["model.safetensors", "config.json"])
@pytest.mark.parametrize("listed", [True, False])
def test_a_file_that_changes_later_is_refused_too(loopback_hub: StartHub, name: str, listed: bool) -> None:
    loopback_hub()
    found = fetch_model("owner/tiny")
    path = found.folder / name
    if not listed:  # as older versions of the cache are: then files are links to what is named by its digest
        if not path.is_symlink():
            pytest.skip("There are no links here.")
        (found.folder.parent.parent / "trees" / f"{found.revision}.json").unlink()
    path.write_bytes(path.read_bytes() + b" ")
    answer = choose_model("owner/tiny", "tags", default=None).availability()
    assert not answer.installed
    assert name in answer.missing
    assert answer.remedy == f"Fetch it again with: tidymedia models fetch owner/tiny --revision {found.revision}"
    (wrong,) = [check for check in check_models() if check.fault]
    assert name in wrong.fault


def test_what_the_hub_does_not_have_is_said(loopback_hub: StartHub) -> None:
    loopback_hub()
    with pytest.raises(UnavailableError, match="no model owner/absent") as raised:
        fetch_model("owner/absent")
    assert "HF_TOKEN" in raised.value.remedy
    with pytest.raises(UnavailableError, match="no revision v9"):
        fetch_model("owner/tiny", "v9")
    for name in ("tiny", "a/b/c", "owner/", "owner/a b", "../tiny"):
        with pytest.raises(SettingError):
            fetch_model(name)
    assert fetched_models() == []


def test_a_hub_that_is_not_reached_has_a_remedy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(UnavailableError, match="The hub was not reached") as raised:
        fetch_model("owner/tiny")
    assert str(tmp_path / "hub") in raised.value.remedy
    assert "models--owner--tiny" in raised.value.remedy


def test_a_part_of_a_download_does_not_count(loopback_hub: StartHub, tmp_path: Path) -> None:
    loopback_hub()
    found = fetch_model("owner/tiny")
    index = {"weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}}
    (found.folder / "model.safetensors").rename(found.folder / "model-00001-of-00002.safetensors")
    (found.folder / "model.safetensors.index.json").write_text(json.dumps(index), encoding="utf-8")
    answer = choose_model("owner/tiny", "tags", default=None).availability()
    assert not answer.installed
    assert "model-00002-of-00002.safetensors" in answer.missing


def test_a_whisper_model_is_fetched_found_and_checked(loopback_hub: StartHub, tmp_path: Path) -> None:
    files = tmp_path / "files"
    files.mkdir()
    weights = b"\x06\0\0\0\x0c\0WhisperSpec\0 and numbers"
    for name, content in {"model.bin": weights, "pytorch_model.bin": b"a pickle", "vocabulary.txt": b"a"}.items():
        (files / name).write_bytes(content)
    for name in ("config.json", "tokenizer.json"):
        (files / name).write_text("{}", encoding="utf-8")
    loopback_hub(files)
    found = fetch_model("owner/tiny")
    assert {path.name for path in found.folder.iterdir()} == {
        "model.bin", "vocabulary.txt", "config.json", "tokenizer.json",
    }  # fmt: skip
    chosen = choose_whisper("owner/tiny")
    assert (chosen.folder, chosen.revision) == (found.folder, found.revision)
    entry = catalogue()[-1]
    assert (entry.name, entry.task) == ("owner/tiny", "transcripts")
    assert entry.bytes >= len(weights)
    assert [check.fault for check in check_models()] == [""] * len(catalogue())
    assert fetch_model("owner/tiny", found.revision) == found
    path = found.folder / "model.bin"
    path.write_bytes(path.read_bytes() + b" ")
    assert "its digest is another one" in choose_whisper("owner/tiny").availability().missing
    assert [check.name for check in check_models() if check.fault] == [f"owner/tiny@{found.revision}"]


def test_other_weights_of_this_name_are_not_kept(loopback_hub: StartHub, tmp_path: Path) -> None:
    files = tmp_path / "files"
    files.mkdir()
    for name, content in {"model.bin": b"\x80\x04 a pickle", "vocabulary.txt": b"a", "config.json": b"{}"}.items():
        (files / name).write_bytes(content)
    loopback_hub(files)
    with pytest.raises(UnavailableError, match="other forms can carry programs"):
        fetch_model("owner/tiny")
    assert not list((tmp_path / "hub").rglob("model.bin"))
