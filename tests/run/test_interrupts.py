"""The first Ctrl-C asks, the second one ends."""

import os
import signal
import sys
import threading

import pytest

from tidymedia.run.interrupts import interrupts_cancel


@pytest.mark.skipif(sys.platform == "win32", reason="os.kill ends the process there")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_sets_the_event(number: int) -> None:
    before = signal.getsignal(number)
    cancelled = threading.Event()
    with interrupts_cancel(cancelled):
        os.kill(os.getpid(), number)
        assert cancelled.wait(5)
    assert signal.getsignal(number) is before


def test_the_second_raises() -> None:
    cancelled = threading.Event()
    with pytest.raises(KeyboardInterrupt), interrupts_cancel(cancelled):
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
    assert cancelled.is_set()


def test_other_threads_leave_signals_alone() -> None:
    before = signal.getsignal(signal.SIGINT)
    seen = []

    def work() -> None:
        with interrupts_cancel(threading.Event()):
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [before]
