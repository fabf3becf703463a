"""Signs of life while a network computes for minutes, so that slow work is not taken for work that stands still."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator

__all__ = ["ticking"]


@contextlib.contextmanager
def ticking(tick: Callable[[], None], *, every_s: float = 15.0, at_most_s: float = 1_800.0) -> Iterator[None]:
    """Call something again and again while the work inside goes on, but not for ever.

    It is called from another thread, and no more once the work has ended: the two never run at the same time.

    Parameters
    ----------
    tick : callable
        What is called.
    every_s : float, default 15.0
        Seconds between two calls.
    at_most_s : float, default 1800.0
        After so many seconds it stops, and what then still goes on counts as standing still.

    Yields
    ------
    None
        The work.

    Examples
    --------
    >>> import time
    >>> calls = []
    >>> with ticking(lambda: calls.append(1), every_s=0.01, at_most_s=0.03):
    ...     time.sleep(0.5)
    >>> len(calls)
    3
    """
    ended = threading.Event()

    def call() -> None:
        for _ in range(round(at_most_s / every_s)):
            if ended.wait(every_s):
                return
            tick()

    thread = threading.Thread(target=call, name="ticking", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
