"""Files that survive a power cut, and locks between processes: what differs between operating systems for files."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from tidymedia.errors import StudyError

__all__ = ["hold_lock", "keep_file", "lock_file", "make_folder", "sync_file", "sync_folder", "try_lock"]


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
    handle = try_lock(path)
    if handle is None:
        raise StudyError(
            f"The study {path.parent} is in use by another run.", "Wait for its end, or use another folder with -o."
        )
    return handle


def try_lock(path: Path) -> IO[str] | None:
    """Take a lock where no other process holds it.

    Parameters
    ----------
    path : pathlib.Path
        The lock file; it is made where it is missing, and stays.

    Returns
    -------
    file or None
        Keep it open to keep the lock; None where another process holds it.
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
    except OSError:
        handle.close()
        return None
    return handle


@contextmanager
def hold_lock(path: Path) -> Iterator[None]:
    """Wait for a lock and hold it: for what takes a moment, between processes that are all ours.

    Parameters
    ----------
    path : pathlib.Path
        The lock file; it is made where it is missing, and stays.
    """
    import time

    while (handle := try_lock(path)) is None:
        time.sleep(0.005)
    try:
        yield
    finally:
        handle.close()


def keep_file(path: Path, content: bytes) -> None:
    """Write a file that is there whole or not at all, and that survives a power cut once this returns.

    Parameters
    ----------
    path : pathlib.Path
        The file; its folder is made where it is missing.
    content : bytes
        What it holds.
    """
    make_folder(path.parent)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.unfinished")
    with unfinished.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    sync_folder(path.parent)


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it, whose names survive a power cut.

    Parameters
    ----------
    folder : pathlib.Path
        The folder, which may be there.
    """
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync_folder(folder.parent)


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
