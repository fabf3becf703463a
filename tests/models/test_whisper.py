"""Which Whisper model is meant, and what is said where it cannot run."""

from pathlib import Path

import pytest

from tidymedia.errors import SettingError, UnavailableError
from tidymedia.models import whisper
from tidymedia.models.devices import DEVICE_ENVIRONMENT
from tidymedia.models.files import ENVIRONMENT
from tidymedia.models.whisper import check_whisper_device, choose_whisper
from tidymedia.models.whisper_files import whisper_fault

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture(autouse=True)
def _places(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path / "own"))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.delenv(DEVICE_ENVIRONMENT, raising=False)
    monkeypatch.setattr(whisper, "WHISPER_PACKAGES", {})


@pytest.fixture
def with_faster_whisper() -> None:
    pytest.importorskip("faster_whisper", reason="faster-whisper comes with the extra speech")


def make_model(folder: Path, *, without: str = "") -> Path:
    folder.mkdir(parents=True)
    files = {"model.bin": b"\x06\0\0\0\x0c\0WhisperSpec\0", "config.json": b"{}", "tokenizer.json": b"{}"}
    for name, content in {**files, "vocabulary.txt": b"a"}.items():
        if name != without:
            (folder / name).write_bytes(content)
    return folder


def fetched(tmp_path: Path, name: str) -> Path:
    return make_model(tmp_path / "hub" / f"models--{name.replace('/', '--')}" / "snapshots" / COMMIT)


def test_a_short_name_is_looked_for_on_the_hub_and_says_how_to_fetch_it(with_faster_whisper: None) -> None:
    chosen = choose_whisper("small")
    assert (chosen.name, chosen.origin, chosen.folder) == ("Systran/faster-whisper-small", "hub", None)
    answer = chosen.availability()
    assert not answer.installed
    assert answer.remedy == "Fetch it with: tidymedia models fetch Systran/faster-whisper-small"
    with pytest.raises(UnavailableError, match="not on this machine"):
        chosen.files()


def test_base_is_the_default() -> None:
    assert choose_whisper() == choose_whisper("base")
    assert choose_whisper("  ").name == "Systran/faster-whisper-base"


def test_what_was_fetched_is_found_by_short_and_long_name(tmp_path: Path, with_faster_whisper: None) -> None:
    folder = fetched(tmp_path, "Systran/faster-whisper-small")
    chosen = choose_whisper("small")
    assert chosen.identifier == f"Systran/faster-whisper-small@{COMMIT}"
    assert chosen.files() == folder
    assert chosen.availability().installed
    assert choose_whisper(f"Systran/faster-whisper-small@{COMMIT[:8]}") == chosen
    assert choose_whisper("Systran/faster-whisper-small", COMMIT) == chosen
    missing = choose_whisper("small", "v9").availability()
    assert missing.remedy == "Fetch it with: tidymedia models fetch Systran/faster-whisper-small --revision v9"


def test_a_folder_of_the_user_comes_first(tmp_path: Path, with_faster_whisper: None) -> None:
    fetched(tmp_path, "Systran/faster-whisper-base")
    folder = make_model(tmp_path / "own" / "base")
    chosen = choose_whisper("base")
    assert chosen.folder == folder
    assert chosen.identifier == f"base@{chosen.sha256[:12]}"
    (folder / "model.bin").write_bytes(b"\x06\0\0\0\x0c\0WhisperSpec\0 other weights")
    assert choose_whisper("base").identifier != chosen.identifier


def test_a_folder_is_named_by_its_path(tmp_path: Path, with_faster_whisper: None) -> None:
    folder = make_model(tmp_path / "some" / "dialect")
    chosen = choose_whisper(str(folder))
    assert (chosen.name, chosen.origin) == ("dialect", "folder")
    assert chosen.availability().installed
    with pytest.raises(SettingError, match="no other revisions"):
        choose_whisper(str(folder), "main")


@pytest.mark.parametrize("name", ["model.bin", "config.json", "tokenizer.json", "vocabulary.txt"])
def test_a_folder_that_is_not_whole_is_unavailable(tmp_path: Path, name: str, with_faster_whisper: None) -> None:
    folder = make_model(tmp_path / "half", without=name)
    answer = choose_whisper(str(folder)).availability()
    assert not answer.installed
    assert name.removesuffix(".txt") in answer.missing


def test_other_weights_are_no_whisper(tmp_path: Path) -> None:
    folder = make_model(tmp_path / "other")
    (folder / "model.bin").write_bytes(b"\x80\x04 a pickle")
    assert "holds no Whisper model" in whisper_fault(folder)


def test_a_package_carries_a_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, with_faster_whisper: None) -> None:
    make_model(tmp_path / "site" / "carries_whisper" / "data")
    (tmp_path / "site" / "carries_nothing").mkdir()
    for name in ("carries_whisper", "carries_nothing"):
        (tmp_path / "site" / name / "__init__.py").write_text("raise SystemExit", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    chosen = choose_whisper("package:carries-whisper")
    assert chosen.availability().installed
    assert chosen.name == "carries-whisper"
    with pytest.raises(SettingError, match="carries no Whisper model"):
        choose_whisper("package:carries_nothing")
    with pytest.raises(SettingError, match="no installed package"):
        choose_whisper("package:not_there_at_all")


@pytest.mark.parametrize("text", ["larg-v3", "no/such/model", "../up", "package:", "base.en.fr"])
def test_what_names_no_model_is_refused(text: str) -> None:
    with pytest.raises(SettingError):
        choose_whisper(text)


def test_a_near_name_is_proposed() -> None:
    with pytest.raises(SettingError) as raised:
        choose_whisper("larg-v3")
    assert "Did you mean large-v3?" in raised.value.remedy


def test_two_revisions_are_one_too_many() -> None:
    with pytest.raises(SettingError, match="another revision"):
        choose_whisper("owner/name@v1", "v2")


def test_without_faster_whisper_the_remedy_is_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whisper.importlib.util, "find_spec", lambda name: None)
    answer = choose_whisper("base").availability()
    assert answer.remedy == "Get it with: pip install 'tidymedia[speech]'"


def test_a_device_that_is_not_there_is_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, with_faster_whisper: None
) -> None:
    chosen = choose_whisper(str(make_model(tmp_path / "whole")))
    assert check_whisper_device() == ("cpu", "int8")
    monkeypatch.setenv(DEVICE_ENVIRONMENT, "coreml")
    assert "cannot run on coreml" in chosen.availability().missing
    import ctranslate2

    monkeypatch.setenv(DEVICE_ENVIRONMENT, "cuda")
    monkeypatch.setattr(ctranslate2, "get_cuda_device_count", lambda: 0)
    answer = chosen.availability()
    assert "cannot run on cuda here" in answer.missing
    assert "leave out TIDYMEDIA_DEVICE=cuda" in answer.remedy
    monkeypatch.setenv(DEVICE_ENVIRONMENT, "abacus")
    assert not chosen.availability().installed
