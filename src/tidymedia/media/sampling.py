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
    every : {"seconds", "frames", "codec", "first", "shot:middle", "shot:sharpest"}
        What is counted: seconds, frames, the key frames of the codec, nothing beyond the first frame, or shots, of
        which the middle or the sharpest frame is taken.
    step : float
        How many seconds or frames lie between two pictures.
    """

    every: Literal["seconds", "frames", "codec", "first", "shot:middle", "shot:sharpest"]
    step: float = 1.0

    @property
    def of_shots(self) -> bool:
        """Whether there is one picture a shot."""
        return self.every in ("shot:middle", "shot:sharpest")


def parse_sampling(text: str, *, shots: bool = True) -> Sampling:
    """Read the setting ``[pictures] video`` or ``animation``.

    Parameters
    ----------
    text : str
        ``"5s"``, ``"0.5s"``, ``"1000f"``, ``"codec"``, ``"first"``, ``"shot:middle"`` or ``"shot:sharpest"``.
    shots : bool, default True
        Whether there can be one picture a shot; shots are found in films, not in animations.

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
    cleaned = re.sub(r"\s*:\s*", ":", text.strip().lower())
    match cleaned:
        case "codec" | "first":
            return Sampling(cleaned)
        case "shot:middle" | "shot:sharpest":
            if shots:
                return Sampling(cleaned)
            raise SettingError(
                f"Frames of animated images cannot be picked by {text!r}: shots are found in films alone.",
                "Write 5s, 10f or first for pictures.animation.",
            )
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*s|(\d+)\s*f", cleaned)
    step = float(match[1] or match[2]) if match else 0.0
    if match is None or step <= 0:
        raise SettingError(
            f"Frames cannot be picked by {text!r}.",
            "Write 5s for one picture every five seconds, 1000f for one every thousand frames, codec, first, "
            "shot:middle or shot:sharpest.",
        )
    return Sampling("seconds" if match[1] else "frames", step)
