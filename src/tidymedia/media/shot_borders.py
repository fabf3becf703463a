"""The borders between shots: what the ways of finding them say, made one list."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

__all__ = ["Border", "Transition", "join_borders"]

Transition: TypeAlias = Literal["start", "cut", "fade", "dissolve"]
"""How a shot begins."""


@dataclass(frozen=True, slots=True)
class Border:
    """Where one shot ends and the next begins.

    Parameters
    ----------
    transition : {"cut", "fade", "dissolve"}
        How one becomes the other.
    frame : int
        First frame of the new shot; of a dissolve or fade the one in its middle.
    first, last : int
        First and last frame in which both or neither are seen. For a cut, ``last`` is before ``first``.
    score : float or None, default None
        How different the pictures on both sides are, 0 to 1.
    """

    transition: Transition
    frame: int
    first: int
    last: int
    score: float | None = None


def join_borders(
    cuts: Iterable[Border],
    fades: Iterable[Border],
    dissolves: Iterable[Border],
    times: Sequence[float],
    shortest: float,
) -> list[Border]:
    """Make one list of borders: what lies in a fade or a dissolve is part of it, and shots are not too short.

    Parameters
    ----------
    cuts, fades, dissolves : iterable of Border
        What was found. One with the frame 0 is no border, and there are no others in it.
    times : sequence of float
        When each frame is shown, in seconds.
    shortest : float
        Shortest shot in seconds.

    Returns
    -------
    list of Border
        In the order of showing.

    Examples
    --------
    >>> times = [number / 10 for number in range(100)]
    >>> cuts = [Border("cut", 20, 20, 19), Border("cut", 52, 52, 51)]
    >>> fade = Border("fade", 50, 45, 55)
    >>> [border.frame for border in join_borders(cuts, [fade], [], times, 0.6)]
    [20, 50]
    """
    fades = _apart(fades)
    gradual = _apart([*fades, *_outside(dissolves, fades)])
    found = sorted([*gradual, *_outside(cuts, gradual)], key=lambda border: border.frame)
    kept: list[Border] = []
    begun = times[0] if times else 0.0
    for border in found:
        # Times are fractions of a second as floating-point numbers: a shot of exactly the shortest length stays.
        if 0 < border.frame < len(times) and times[border.frame] - begun >= shortest - 1e-6:
            kept.append(border)
            begun = times[border.frame]
    return kept


def _apart(borders: Iterable[Border]) -> list[Border]:
    """Put in order, and leave out what overlaps the one before."""
    kept: list[Border] = []
    for border in sorted(borders, key=lambda one: one.first):
        if not kept or border.first > kept[-1].last:
            kept.append(border)
    return kept


def _outside(borders: Iterable[Border], gradual: Sequence[Border]) -> list[Border]:
    """Leave out what overlaps one of several that do not overlap one another, or touches it."""
    firsts = [one.first for one in gradual]
    lasts = [one.last for one in gradual]
    # ``last + 1`` is the first frame that shows the new shot alone: a cut there is the end of the same change.
    return [
        border
        for border in borders
        if bisect_left(lasts, border.first - 1) >= bisect_right(firsts, max(border.first, border.last))
    ]
