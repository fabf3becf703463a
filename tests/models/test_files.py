"""Files of networks: searched in a fixed order, and refused when they are others than meant."""

import dataclasses
import hashlib
from pathlib import Path

import pytest

from tidymedia.errors import UnavailableError
from tidymedia.models.bundled import BUNDLED
from tidymedia.models.files import BUNDLED_FOLDER, ENVIRONMENT, find_file, verified_file

MASK = BUNDLED["person_mask"]


@pytest.fixture(autouse=True)
def no_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ENVIRONMENT, raising=False)


def copy(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / MASK.file
    path.write_bytes((BUNDLED_FOLDER / MASK.file).read_bytes())
    return path


def test_the_path_given_comes_before_the_folder_and_this_before_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert find_file(MASK) == BUNDLED_FOLDER / MASK.file
    folder, given = copy(tmp_path / "folder"), copy(tmp_path / "given")
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path / "folder"))
    assert verified_file(MASK) == folder
    assert verified_file(MASK, given) == given
    folder.unlink()
    assert verified_file(MASK) == BUNDLED_FOLDER / MASK.file


def test_another_file_of_that_name_is_refused_and_not_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = copy(tmp_path)
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path))
    assert verified_file(MASK) == path
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    with pytest.raises(UnavailableError, match="is not the network person_mask@") as raised:
        verified_file(MASK)
    assert ENVIRONMENT in raised.value.remedy
    assert str(path) in raised.value.message


def test_a_damaged_package_is_to_be_installed_again() -> None:
    other = dataclasses.replace(MASK, sha256=hashlib.sha256(b"").hexdigest())
    with pytest.raises(UnavailableError, match="its SHA-256 begins with") as raised:
        verified_file(other)
    assert "install tidymedia again" in raised.value.remedy


def test_what_is_nowhere_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match=r"file gone\.onnx of the network person_mask is not there") as raised:
        find_file(dataclasses.replace(MASK, file="gone.onnx"))
    assert ENVIRONMENT in raised.value.remedy
    with pytest.raises(UnavailableError, match="There is no file"):
        find_file(MASK, tmp_path / "gone.onnx")
