"""How shots are told apart, and the version of the method."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["SHOTS_VERSION", "ShotSettings"]

SHOTS_VERSION = 1
"""Raised whenever other shots or other pictures of them are found in the same film."""


@dataclass(frozen=True, slots=True)
class ShotSettings:
    """How shots are told apart.

    Parameters
    ----------
    detector : {"adaptive", "content"}, default "adaptive"
        Detector of PySceneDetect that finds hard cuts: ``adaptive`` compares the change from frame to frame with
        that of its neighbours, which pans and shaking cameras disturb less; ``content`` takes the change alone.
    threshold : float or None, default None
        What counts as a cut; higher finds fewer. None for 3.0 times the change around it (``adaptive``) or a change
        of 27.0 of 255 (``content``), the defaults of PySceneDetect.
    min_shot_ms : int, default 600
        Shortest shot; a border that follows the one before in less time is dropped.
    gradual : bool, default True
        Whether fades and dissolves are found, too.

    Examples
    --------
    >>> ShotSettings(min_shot_ms=200).detector
    'adaptive'
    """

    detector: Literal["adaptive", "content"] = "adaptive"
    threshold: float | None = None
    min_shot_ms: int = 600
    gradual: bool = True
