"""Untouched answers of services: what was paid for is never paid for again."""

from __future__ import annotations

import datetime
import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tidymedia.errors import StudyError
from tidymedia.tables.durable_files import keep_file, make_folder, try_lock

__all__ = ["RawAnswers", "purge", "request_key"]


def request_key(request: Mapping[str, Any]) -> str:
    """Name a request by all that is in it.

    Parameters
    ----------
    request : mapping
        Plain values: the service, where it is, and all that is sent.

    Returns
    -------
    str
        A SHA-256, in hexadecimal digits.

    Examples
    --------
    >>> request_key({"model": "a", "seed": 1}) == request_key({"seed": 1, "model": "a"})
    True
    """
    text = json.dumps(request, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


class RawAnswers:
    """The answers of one service, a file each: ``<2 digits>/<key>.json``.

    A file holds the text of the answer as it came, when it came, and what was asked apart from the picture.

    Parameters
    ----------
    folder : pathlib.Path
        Their folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, key: str) -> Path:
        """Return where the answer to a request is kept."""
        return self.folder / key[:2] / f"{key}.json"

    def find(self, key: str) -> str | None:
        """Return the answer to a request, where there is one.

        Parameters
        ----------
        key : str
            What :func:`request_key` says.

        Returns
        -------
        str or None
            The text of the answer, untouched; None where the service has not answered yet.

        Raises
        ------
        StudyError
            Where the file was changed, so that it cannot be read.
        """
        path = self.path(key)
        try:
            return str(json.loads(path.read_text(encoding="utf-8"))["answer"])
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError) as error:
            raise StudyError(
                f"The raw answer {path.name} cannot be read.",
                f"Delete {path} to ask the service again, which may cost.",
            ) from error

    def keep(self, key: str, answer: str, about: Mapping[str, Any]) -> None:
        """Keep an answer; once this returns it survives a power cut.

        Parameters
        ----------
        key : str
            What :func:`request_key` says.
        answer : str
            The text of the answer.
        about : mapping
            Plain values that say what was asked; never a credential.
        """
        now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        plain = {**about, "answered": now, "answer": answer}
        text = json.dumps(plain, ensure_ascii=False, indent=1)
        keep_file(self.path(key), text.encode("utf-8", "replace"))

    @contextmanager
    def hold(self, key: str, tick: Callable[[], None]) -> Iterator[None]:
        """Let no other process ask the same: pictures of several files can be equal.

        Parameters
        ----------
        key : str
            What :func:`request_key` says.
        tick : callable
            Called while another process asks.
        """
        folder = self.path(key).parent
        make_folder(folder)
        while (lock := try_lock(folder / ".lock")) is None:
            time.sleep(0.02)
            tick()
        try:
            yield
        finally:
            lock.close()

    def remove_unfinished(self) -> None:
        """Remove what killed processes left half written."""
        for leftover in self.folder.glob("*/.*.unfinished"):
            leftover.unlink(missing_ok=True)


def purge(raw: Path) -> tuple[int, int]:
    """Delete all raw answers of a study.

    Parameters
    ----------
    raw : pathlib.Path
        The folder of raw answers of all services.

    Returns
    -------
    tuple of (int, int)
        How many answers were deleted, and the size of all files in bytes.
    """
    answers = size = 0
    files = sorted(path for path in raw.rglob("*") if path.is_file() or path.is_symlink())
    for path in files:
        size += path.lstat().st_size
        answers += path.suffix == ".json" and len(path.stem) == 64
        path.unlink()
    for folder in sorted((path for path in raw.rglob("*") if path.is_dir()), reverse=True):
        folder.rmdir()
    if raw.is_dir():
        raw.rmdir()
    return answers, size
