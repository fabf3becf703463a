"""The files of a study under made-up names, for reading only.

DuckDB has one permission for a path: a query that may read a file may also replace it. So the files are
shown to it through this file system, which opens them for reading and knows no other file.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

import fsspec

__all__ = ["PROTOCOL", "ReadOnlyFiles"]

PROTOCOL = "study"
"""Files are named ``study://texts``."""


class ReadOnlyFiles(fsspec.AbstractFileSystem):  # type: ignore[misc]  # fsspec carries no types
    """A file system that holds some files and lets nobody write.

    Parameters
    ----------
    files : mapping of str to pathlib.Path
        The files by the names under which they are shown.
    """

    protocol = PROTOCOL
    cachable = False

    def __init__(self, files: Mapping[str, Path]) -> None:
        super().__init__()
        self.files = dict(files)

    def _file(self, path: str) -> Path:
        name = path.removeprefix(f"{PROTOCOL}://")
        if name not in self.files:
            raise FileNotFoundError(path)
        return self.files[name]

    def exists(self, path: str, **_: Any) -> bool:
        """Say whether there is such a file."""
        return path.removeprefix(f"{PROTOCOL}://") in self.files

    def info(self, path: str, **_: Any) -> dict[str, Any]:
        """Describe a file."""
        return {"name": path, "size": self._file(path).stat().st_size, "type": "file"}

    def modified(self, path: str) -> datetime.datetime:
        """Say when a file was last changed."""
        return datetime.datetime.fromtimestamp(self._file(path).stat().st_mtime, tz=datetime.UTC)

    def glob(self, path: str, **_: Any) -> list[str]:
        """Return the file of that very name; there are no patterns."""
        return [path] if self.exists(path) else []

    def open(self, path: str, mode: str = "rb", **_: Any) -> BinaryIO:
        """Open a file for reading.

        Raises
        ------
        PermissionError
            Where it is to be written.
        """
        if mode != "rb":
            raise PermissionError("A query reads the tables of a study; it cannot change them.")
        return _SelfClosing(io.FileIO(self._file(path)))


class _SelfClosing(io.BufferedReader):
    """A file that closes itself: DuckDB forgets its files and does not close them."""

    def __del__(self) -> None:
        self.close()
