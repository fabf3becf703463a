"""What differs between operating systems for processes; for files it is in :mod:`tidymedia.tables.durable_files`."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from pathlib import Path

from tidymedia.tables.durable_files import lock_file, sync_file, sync_folder

__all__ = [
    "exit_reason",
    "ignore_interrupts",
    "leave_with_parent",
    "lock_file",
    "offer_to_out_of_memory_killer",
    "start_flags",
    "sync_file",
    "sync_folder",
]

_PR_SET_PDEATHSIG = 1


def start_flags() -> int:
    """Return the flags with which a child process is started: on Windows, outside our Ctrl-C group."""
    return getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0) if sys.platform == "win32" else 0


def ignore_interrupts() -> None:
    """Leave Ctrl-C to the parent, which finishes and commits what is in work."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def leave_with_parent(parent: int) -> None:
    """Ask the kernel to end this process with its parent, where it can.

    The end of standard input tells a child the same on every system, but not while native code holds the
    interpreter; Linux can do it even then.

    Parameters
    ----------
    parent : int
        Process id of the parent that started us.
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)


def offer_to_out_of_memory_killer() -> None:
    """Let the kernel end this process first when memory runs out, so that the driver lives."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def exit_reason(code: int) -> str:
    """Say in words how a process ended.

    Parameters
    ----------
    code : int
        Its exit code; negative for a signal.

    Returns
    -------
    str
        Such as ``"signal SIGSEGV"`` or ``"exit code 3"``.

    Examples
    --------
    >>> exit_reason(3)
    'exit code 3'
    """
    if code < 0:
        with contextlib.suppress(ValueError):
            return f"signal {signal.Signals(-code).name}"
    if sys.platform == "win32" and code & 0xC0000000 == 0xC0000000:
        return f"exception 0x{code & 0xFFFFFFFF:08X}"
    return f"exit code {code}"
