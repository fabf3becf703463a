"""Which frames of a film or an animation become pictures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from tidymedia.errors import SettingError

__all__ = ["Sampling", "parse_sampling"]


@dataclass(frozen=True, slots=True)
class Sampling:
    """A rule that picks frames.

    Parameters
    ----------
    every : {"seconds", "frames", "codec", "first"}
        What is counted: seconds, frames, the key frames of the codec, or nothing beyond the first frame.
    step : float
        How many seconds or frames lie between two pictures.
    """

    every: Literal["seconds", "frames", "codec", "first"]
    step: float = 1.0


def parse_sampling(text: str) -> Sampling:
    """Read the setting ``[pictures] video`` or ``animation``.

    Parameters
    ----------
    text : str
        ``"5s"``, ``"0.5s"``, ``"1000f"``, ``"codec"`` or ``"first"``.

    Returns
    -------
    Sampling
        The rule.

    Raises
    ------
    SettingError
        Where the text is none of these.

    Examples
    --------
    >>> parse_sampling("5s")
    Sampling(every='seconds', step=5.0)
    >>> parse_sampling("codec").every
    'codec'
    """
    cleaned = text.strip().lower()
    if cleaned == "codec":
        return Sampling("codec")
    if cleaned == "first":
        return Sampling("first")
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*s|(\d+)\s*f", cleaned)
    step = float(match[1] or match[2]) if match else 0.0
    if match is None or step <= 0:
        raise SettingError(
            f"Frames cannot be picked by {text!r}.",
            "Write 5s for one picture every five seconds, 1000f for one every thousand frames, codec or first.",
        )
    return Sampling("seconds" if match[1] else "frames", step)
