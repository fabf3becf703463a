"""When a word was said, by the voice detector: the network counts the pause before a word to the word."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["moved_to_speech"]

_MARGIN_MS = 50
"""The voice detector hears in steps of 32 ms, and soft beginnings late."""

_OVERLAP_MS = 100
"""Less speech than this at the edge of a word belongs to its neighbour."""

_PAUSE_MS = 250
"""Nobody rests for so long in the middle of a word."""


def moved_to_speech(start: int, end: int, speech: Sequence[tuple[float, float]]) -> tuple[int, int]:
    """Move the time of a word to where someone speaks.

    Where the time holds a pause, the word is what is said behind it: the network begins words too early, not too late.

    Parameters
    ----------
    start, end : int
        When the word begins and has ended as the network says, in milliseconds.
    speech : sequence of tuple of float
        Where the voice detector hears someone speak, in milliseconds, in order.

    Returns
    -------
    tuple of int
        A time within the one that was given; the same where the voice detector hears next to no speech in it.

    Examples
    --------
    >>> moved_to_speech(1_000, 2_000, [(200, 950), (1_400, 1_800)])
    (1350, 1850)
    """
    inside = [(first, last) for first, last in speech if min(end, last) - max(start, first) >= _OVERLAP_MS]
    if not inside:
        return start, end
    first, last = inside[-1]
    for before, after in reversed(inside[:-1]):
        if first - after > _PAUSE_MS:
            break
        first = before
    moved_start = max(start, round(first) - _MARGIN_MS)
    return moved_start, max(moved_start, min(end, round(last) + _MARGIN_MS))
