"""The parent's hold on a child process: start, talk, watch its memory and its silence, end."""

from __future__ import annotations

import atexit
import os
import queue
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any, cast

import psutil

from tidymedia.errors import CrashError, GuardError, MemoryLimitError, NoProgressError, UnavailableError
from tidymedia.run.messages import read_message, write_message
from tidymedia.run.process_control import exit_reason, start_flags
from tidymedia.run.task import Setup

__all__ = ["ChildProcess", "child_for", "keep_for_later", "shut_down"]

_LOADING_SECONDS = 900
"""How long models may take to load."""

_ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OMP_THREAD_LIMIT", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1"
)
"""Children run side by side: one thread each is faster than many that fight, and gives the same sums."""

# Linux ends a child with the thread that started it, so all are started by one thread that lives as long as we do.
_starter = ThreadPoolExecutor(1, thread_name_prefix="tidymedia-starter")
_idle: dict[str, list[ChildProcess]] = {}
_idle_lock = threading.Lock()


def _forget() -> None:
    """Start afresh in a forked process, which has neither our threads nor a right to our children."""
    global _starter, _idle_lock
    _starter = ThreadPoolExecutor(1, thread_name_prefix="tidymedia-starter")
    _idle_lock = threading.Lock()
    _idle.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)


class ChildProcess:
    """A child process that has loaded a set-up.

    Parameters
    ----------
    setup : Setup
        What it loads before its first file.

    Raises
    ------
    UnavailableError
        Where an extractor cannot be loaded.
    GuardError
        Where it crashes while it loads.
    """

    def __init__(self, setup: Setup) -> None:
        self.setup_key = setup.key()
        self._limits = setup.limits
        self._stderr: IO[bytes] = cast("IO[bytes]", tempfile.TemporaryFile())  # noqa: SIM115  # closed in end()
        environment = {**os.environ, **_ONE_THREAD, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        self._process: subprocess.Popen[bytes] = _starter.submit(
            subprocess.Popen,
            [sys.executable, "-m", "tidymedia.run.child", str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._stderr,
            env=environment,
            creationflags=start_flags(),
        ).result()
        self._watched = psutil.Process(self._process.pid)
        self._inbox: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()
        try:
            self.send({"type": "setup", "setup": setup.to_dict()})
            answer = self.receive(_LOADING_SECONDS)
        except GuardError:
            self.end()
            raise
        if answer["type"] == "unavailable":
            self.end()
            raise UnavailableError(answer["message"], answer["remedy"])

    def send(self, message: Mapping[str, Any]) -> None:
        """Send a message to the child.

        Parameters
        ----------
        message : mapping
            Plain values.

        Raises
        ------
        CrashError
            Where the child is gone.
        """
        try:
            write_message(cast("IO[bytes]", self._process.stdin), message)
        except OSError as error:
            raise self._crash() from error

    def receive(self, seconds: float, cancelled: threading.Event | None = None) -> dict[str, Any]:
        """Wait for the next message, and watch the child meanwhile.

        Parameters
        ----------
        seconds : float
            How long the child may be silent.
        cancelled : threading.Event or None, default None
            When set, the wait ends with a message of the type ``cancelled``.

        Returns
        -------
        dict
            The message.

        Raises
        ------
        CrashError
            Where native code ended the child.
        NoProgressError
            Where it was silent for too long.
        MemoryLimitError
            Where it used more memory than it may.
        """
        deadline = time.monotonic() + seconds
        while True:
            try:
                message = self._inbox.get(timeout=min(0.25, max(0.0, deadline - time.monotonic())))
            except queue.Empty:
                if cancelled is not None and cancelled.is_set():
                    return {"type": "cancelled"}
                self._check_memory()
                if time.monotonic() >= deadline:
                    raise NoProgressError(
                        f"There was no progress for {seconds:g} seconds.",
                        "If the file is only slow, allow more with --set limits.seconds_without_progress=1800.",
                    ) from None
                continue
            if message is None:
                raise self._crash()
            return message

    def memory(self) -> int:
        """Return the memory that the child uses, in bytes; 0 when it is gone."""
        try:
            return int(self._watched.memory_info().rss)
        except psutil.Error:
            return 0

    def is_fit(self) -> bool:
        """Say whether the child can take another file: alive and not swollen by the ones before."""
        return self._process.poll() is None and self.memory() < self._limits.child_memory_mb * 1_000_000 / 2

    def end(self) -> None:
        """End the child at once."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._stderr):
            if stream is not None:
                try:
                    stream.close()
                except OSError:
                    continue  # what was buffered for a dead child is lost, as it must be

    def _listen(self) -> None:
        stream = cast("IO[bytes]", self._process.stdout)
        try:
            while (message := read_message(stream)) is not None:
                self._inbox.put(message)
        except (OSError, ValueError):
            pass  # closed by end(), or garbled by a dying child: either way it is gone
        self._inbox.put(None)

    def _check_memory(self) -> None:
        limit = self._limits.child_memory_mb * 1_000_000
        used = self.memory()
        if used > limit:
            raise MemoryLimitError(
                f"It used {used / 1_000_000:,.0f} MB of memory; the limit is {self._limits.child_memory_mb:,} MB.",
                "If this machine has more, allow it with "
                f"--set limits.child_memory_mb={self._limits.child_memory_mb * 2}.",
            )

    def _crash(self) -> CrashError:
        try:
            code = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        self._stderr.seek(0, os.SEEK_END)
        self._stderr.seek(max(0, self._stderr.tell() - 20_000))
        trace = self._stderr.read().decode("utf-8", "replace")
        trace = trace[max(0, trace.rfind("Current thread")) :]
        place = re.search(r'File ".*?([^/\\"]+)", line (\d+) in (\w+)', trace)
        where = f" in {place[3]} ({place[1]}, line {place[2]})" if place else ""
        return CrashError(
            f"The library that worked on it crashed ({exit_reason(code)}{where}).",
            "The file is probably damaged or made to do harm: open it with care, or convert it with another program.",
        )


def child_for(setup: Setup) -> ChildProcess:
    """Return an idle child with this set-up, or start one.

    Parameters
    ----------
    setup : Setup
        What it must have loaded.

    Returns
    -------
    ChildProcess
        A child that is alive; give it back with :func:`keep_for_later`.
    """
    key = setup.key()
    while True:
        with _idle_lock:
            child = _idle[key].pop() if _idle.get(key) else None
        if child is None:
            return ChildProcess(setup)
        if child.is_fit():
            return child
        child.end()


def keep_for_later(child: ChildProcess) -> None:
    """Keep a child for the next file.

    Parameters
    ----------
    child : ChildProcess
        A child that has finished its file.
    """
    if child.is_fit():
        with _idle_lock:
            _idle.setdefault(child.setup_key, []).append(child)
    else:
        child.end()


@atexit.register
def shut_down() -> None:
    """End all idle children."""
    with _idle_lock:
        children = [child for kept in _idle.values() for child in kept]
        _idle.clear()
    for child in children:
        child.end()
