"""What the preparation of a model of the hub says of how it sees or hears, without loading it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

__all__ = ["is_prepared", "sampling_rate"]

_PREPARATIONS = ("preprocessor_config.json", "processor_config.json")


def is_prepared(folder: Path) -> bool:
    """Tell whether a model says how pictures or sound are prepared for it; models for texts alone do not.

    Parameters
    ----------
    folder : pathlib.Path
        Its folder.

    Returns
    -------
    bool
        Whether it does.
    """
    return any((folder / name).is_file() for name in _PREPARATIONS)


def sampling_rate(folder: Path) -> int | None:
    """Return how many samples a second a model of the hub wants, as its preparation says.

    Parameters
    ----------
    folder : pathlib.Path
        Its folder.

    Returns
    -------
    int or None
        None where it says nothing, as models for pictures.
    """
    for name in _PREPARATIONS:
        try:
            said: Any = json.loads((folder / name).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if isinstance(said, Mapping):
            part = said.get("feature_extractor", said)
            rate = part.get("sampling_rate") if isinstance(part, Mapping) else None
            if isinstance(rate, int) and rate > 0:
                return rate
    return None
