"""What differs between operating systems: the only module that may know which one runs."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO

from tidymedia.errors import StudyError

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


def lock_file(path: Path) -> IO[str]:
    """Take a lock that the system releases when this process ends, however it ends.

    Parameters
    ----------
    path : pathlib.Path
        The lock file; it is made where it is missing, and stays.

    Returns
    -------
    file
        Keep it open to keep the lock.

    Raises
    ------
    StudyError
        Where another process holds the lock.
    """
    handle = path.open("a+", encoding="utf-8")
    try:
        if sys.platform == "win32":
            import msvcrt

            handle.seek(0)
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        handle.close()
        raise StudyError(
            f"The study {path.parent} is in use by another run.", "Wait for its end, or use another folder with -o."
        ) from error
    return handle


def sync_file(path: Path) -> None:
    """Make the bytes of a file survive a power cut."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make the names of new files in a folder survive a power cut, where the system offers it."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
