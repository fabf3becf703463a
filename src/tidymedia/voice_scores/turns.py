"""Which speaker's turns cover most of a segment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["longest_turns"]


def longest_turns(segments: pd.DataFrame, turns: pd.DataFrame) -> Iterator[tuple[str | None, float]]:
    """Find the speaker who speaks longest in each segment of one file.

    Parameters
    ----------
    segments : pandas.DataFrame
        ``start_ms`` and ``end_ms``, a row a segment.
    turns : pandas.DataFrame
        ``speaker``, ``start_ms`` and ``end_ms``; turns may overlap.

    Yields
    ------
    tuple of str or None, and float
        The speaker, and the share of the segment that the turns cover; None and 0 where nobody speaks. Of speakers who
        speak as long, the first in the alphabet.

    Examples
    --------
    >>> import pandas as pd
    >>> segments = pd.DataFrame({"start_ms": [0, 1000], "end_ms": [1000, 2000]})
    >>> turns = pd.DataFrame({"speaker": ["Ann", "Ben"], "start_ms": [0, 400], "end_ms": [400, 1500]})
    >>> list(longest_turns(segments, turns))
    [('Ben', 0.6), ('Ben', 0.5)]
    """
    import numpy as np

    ordered = turns.sort_values(["start_ms", "end_ms"], kind="stable")
    names = ordered["speaker"].to_list()
    starts = ordered["start_ms"].to_numpy(float)
    ends = ordered["end_ms"].to_numpy(float)
    latest = np.maximum.accumulate(ends) if len(ends) else ends
    for begin, end in zip(segments["start_ms"].to_numpy(float), segments["end_ms"].to_numpy(float), strict=True):
        first, after = np.searchsorted(latest, begin, side="right"), np.searchsorted(starts, end, side="left")
        heard: dict[str, float] = defaultdict(float)
        reached: dict[str, float] = {}
        for at in range(int(first), int(after)):
            name = names[at]
            # What two turns of one speaker share counts once.
            since = max(starts[at], begin, reached.get(name, begin))
            until = min(ends[at], end)
            if until > since:
                heard[name] += until - since
                reached[name] = until
        if not heard:
            yield None, 0.0
            continue
        best = min(heard, key=lambda name: (-heard[name], name))
        yield best, float(heard[best] / (end - begin))
