"""Stretches of time that must not overlap: cues, annotations, intervals."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["apart"]


def apart(spans: Iterable[tuple[int, int]], *, shortest: int = 1) -> list[tuple[int, int]]:
    """Move the edges of stretches so that none overlaps another and none has no length.

    A stretch ends where the next one begins. Where both begin together, the next one waits until the first has had
    its shortest length.

    Parameters
    ----------
    spans : iterable of (int, int)
        Start and end of each in milliseconds, sorted by start.
    shortest : int, default 1
        Shortest length, in milliseconds. A shorter stretch is made longer as far as the next one lets it.

    Returns
    -------
    list of (int, int)
        As many, in the same order.

    Examples
    --------
    >>> apart([(0, 5000), (4000, 6000), (6000, 6000)])
    [(0, 4000), (4000, 6000), (6000, 6001)]
    >>> apart([(0, 900), (0, 900)])
    [(0, 1), (1, 900)]
    >>> apart([(0, 0), (5000, 6000)], shortest=800)
    [(0, 800), (5000, 6000)]
    """
    given = list(spans)
    result: list[tuple[int, int]] = []
    free = 0
    for position, (start, end) in enumerate(given):
        begin = max(start, free)
        finish = max(end, begin + max(1, shortest))
        if position + 1 < len(given):
            finish = min(finish, max(given[position + 1][0], begin + 1))
        result.append((begin, finish))
        free = finish
    return result
