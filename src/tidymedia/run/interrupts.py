"""Ctrl-C and a polite request to end finish what is in work; a second Ctrl-C ends at once."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["interrupts_cancel"]


@contextmanager
def interrupts_cancel(cancelled: threading.Event) -> Iterator[None]:
    """Set an event on Ctrl-C or SIGTERM while the block runs; in the main thread only.

    Parameters
    ----------
    cancelled : threading.Event
        What to set.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def cancel(number: int, frame: FrameType | None) -> None:
        if cancelled.is_set() and number == signal.SIGINT:
            raise KeyboardInterrupt
        cancelled.set()

    before = {number: signal.signal(number, cancel) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)  # None: not set from Python
