"""The page about the command line says what the program says."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tidymedia.cli.command_names import COMMANDS
from tidymedia.cli.exit_codes import ExitCode
from tidymedia.media.settings import Limits, PictureSettings

Run = Callable[..., Any]
PAGE = Path(__file__).parents[2] / "docs" / "command_line.md"


@pytest.fixture(scope="module")
def page() -> str:
    if not PAGE.is_file():
        pytest.skip("The documentation is not beside the tests.")
    return PAGE.read_text(encoding="utf-8")


def test_every_setting_and_limit_is_there_with_its_default(page: str) -> None:
    for owner, settings in (("pictures", PictureSettings()), ("limits", Limits())):
        written = dict(re.findall(rf"\| `{owner}\.(\w+)` \| `?([^|`]+?)`? \|", page))
        expected = {field.name: getattr(settings, field.name) for field in dataclasses.fields(settings)}
        assert {name: value.replace(",", "") for name, value in written.items()} == {
            name: str(value) for name, value in expected.items()
        }


def test_every_command_and_exit_code_is_there(page: str) -> None:
    assert re.findall(r"\n## (\w+)\n", page) == list(COMMANDS)
    codes = [int(code) for code in re.findall(r"\n\| (\d+) \| [A-Z]", page)]
    assert codes == list(ExitCode)


def _options(run: Run, *words: str) -> set[str]:
    help_text, _, _ = run(*words, "--help").out.partition("\n  Examples:")
    options = set(re.findall(r"(?:^|[ ,])(--[a-z-]+)", help_text, re.MULTILINE)) - {"--help"}
    below = re.findall(r"^  (\w+) ", help_text.partition("\nCommands:\n")[2], re.MULTILINE)
    return options.union(*(_options(run, *words, name) for name in below))


def test_options_of_the_page_exist_and_none_lacks(run: Run, page: str) -> None:
    options = {name: _options(run, name) for name in COMMANDS}
    for name, known in options.items():
        (section,) = re.findall(rf"\n## {name}\n(.*?)(?=\n## |\Z)", page, flags=re.DOTALL)
        told = set(re.findall(r"`(?:-\w`, `)?(--[a-z-]+)", section))
        assert told <= set().union(*options.values())
        if name in ("analyze", "export"):
            assert told >= known
        for line in re.findall(rf"\n\$ (tidymedia {name} .*)", section):
            assert {word for word in line.split("#")[0].split() if word.startswith("--")} <= known
