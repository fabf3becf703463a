"""What remedies tell users to type exists."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import tidymedia
from tidymedia.media.settings import Limits, PictureSettings

SOURCES = sorted(Path(tidymedia.__file__).parent.rglob("*.py"))


def _found(pattern: str) -> set[tuple[str, str]]:
    return {(path.name, match) for path in SOURCES for match in re.findall(pattern, path.read_text(encoding="utf-8"))}


def test_limits_and_settings_in_remedies_exist() -> None:
    known = {
        *(f"limits.{field.name}" for field in dataclasses.fields(Limits)),
        *(f"pictures.{field.name}" for field in dataclasses.fields(PictureSettings)),
    }
    told = _found(r"--set ((?:limits|pictures)\.\w+)")
    assert told
    assert {(name, setting) for name, setting in told if setting not in known} == set()


def test_limits_are_changed_with_set() -> None:
    """``--limit`` is a number of files."""
    assert _found(r"--limit (\w+)=") == set()
