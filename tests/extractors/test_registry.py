"""Extractors are found by name: ours, plug-ins, and no others."""

from pathlib import Path

import pytest

from tidymedia.errors import SettingError, UsageError
from tidymedia.extractors import registry
from tidymedia.extractors.registry import BUILT_IN, DEFAULT, extractor_types, make_extractor, register_plugins

PLUGIN = """
from tidymedia.extractors.hashes import Hashes
class Mine(Hashes):
    name = "mine"
    title = "{title}"
"""


@pytest.fixture(autouse=True)
def no_plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_plugins", {})
    monkeypatch.setattr(registry, "_loaded_plugins", {})


def write(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_ours_have_the_names_under_which_they_are_listed() -> None:
    assert {name: one.name for name, one in extractor_types(BUILT_IN).items()} == {name: name for name in BUILT_IN}
    assert set(DEFAULT) <= set(BUILT_IN)
    assert "thumbnails" not in extractor_types()
    assert make_extractor("thumbnails").name == "thumbnails"


def test_the_last_plug_in_with_a_name_has_it(tmp_path: Path) -> None:
    first = write(tmp_path, "first.py", PLUGIN.format(title="First."))
    second = write(tmp_path, "second.py", PLUGIN.format(title="Second."))
    register_plugins([first, second])
    assert make_extractor("mine").title == "Second."
    register_plugins([first])
    assert make_extractor("mine").title == "First."
    assert "mine" in extractor_types()


NO_EXTRACTOR = ["x = 1", "from tidymedia.extractors.hashes import Hashes", "class Mine:\n    name = 'x'"]


@pytest.mark.parametrize("text", NO_EXTRACTOR)
def test_a_file_without_an_extractor_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError, match="defines no extractor"):
        register_plugins([write(tmp_path, "none.py", text)])


def test_what_there_is_not_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no plug-in file"):
        register_plugins([str(tmp_path / "gone.py")])
    with pytest.raises(UsageError, match="is not a Python file"):
        register_plugins([write(tmp_path, "notes.txt", "x")])
    with pytest.raises(SettingError, match="no extractor pixel") as caught:
        make_extractor("pixel")
    assert "pixels" in caught.value.remedy
    with pytest.raises(SettingError, match="no parameter color"):
        make_extractor("hashes", {"color": 1})
