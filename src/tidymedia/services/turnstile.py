"""How often a service is asked: so many requests at a time and a minute, over all processes of this machine."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from tidymedia.tables.durable_files import hold_lock, make_folder, try_lock

__all__ = ["Turnstile", "sleep_in_pieces"]

_PIECE = 0.5


def sleep_in_pieces(seconds: float, tick: Callable[[], None]) -> None:
    """Sleep, and say meanwhile that work goes on.

    Parameters
    ----------
    seconds : float
        How long.
    tick : callable
        Called about twice a second.
    """
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        time.sleep(min(_PIECE, left))
        tick()


class Turnstile:
    """Lets requests to one service through, no more than it allows.

    Processes meet in a folder: a slot is a locked file, which the system frees when a process dies, and the time of
    the next request stands in a file of its own.

    Parameters
    ----------
    folder : pathlib.Path
        Folder of the service.
    at_once : int
        How many requests may be under way.
    a_minute : float
        How many may begin in a minute; 0 for no limit.
    tick : callable
        Called while a request waits.
    """

    def __init__(self, folder: Path, at_once: int, a_minute: float, tick: Callable[[], None]) -> None:
        self._folder, self._at_once, self._tick = folder, at_once, tick
        self._gap = 60.0 / a_minute if a_minute else 0.0

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn, and hold a slot while a request is under way."""
        make_folder(self._folder)
        slot = self._slot()
        try:
            sleep_in_pieces(self._wait(), self._tick)
            yield
        finally:
            slot.close()

    def pause(self, seconds: float) -> None:
        """Let no process begin a request for a while, as the service asked.

        Parameters
        ----------
        seconds : float
            How long.
        """
        with hold_lock(self._folder / ".turn.lock"):
            self._set_next(max(self._next(), time.time() + seconds))

    def _slot(self) -> IO[str]:
        while True:
            for number in range(self._at_once):
                slot = try_lock(self._folder / f".slot-{number}.lock")
                if slot is not None:
                    return slot
            sleep_in_pieces(0.05, self._tick)

    def _wait(self) -> float:
        """Return how long to wait for the turn that is taken now."""
        with hold_lock(self._folder / ".turn.lock"):
            now = time.time()
            mine = max(now, self._next())
            if self._gap:
                self._set_next(mine + self._gap)
        return mine - now

    def _next(self) -> float:
        try:
            # A clock that was set back must not stop a run for hours.
            return min(float((self._folder / ".next").read_text(encoding="ascii")), time.time() + 3600)
        except (FileNotFoundError, ValueError):
            return 0.0

    def _set_next(self, moment: float) -> None:
        (self._folder / ".next").write_text(repr(moment), encoding="ascii")
