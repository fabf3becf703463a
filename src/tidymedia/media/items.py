"""The rows of a user's own table, and the media that their cells name."""

from __future__ import annotations

import dataclasses
import json
import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tidymedia.errors import OutsideRootError, UnreadableError, UsageError
from tidymedia.media.file_errors import readable
from tidymedia.media.folder import list_file
from tidymedia.media.found import Found, Notify, numbered
from tidymedia.media.locations import LocalFile, RemoteFile
from tidymedia.media.posts import read_posts
from tidymedia.media.remote import SCHEMES_IN_TABLES, require_driver
from tidymedia.media.settings import Limits
from tidymedia.media.web import scheme_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Items", "read_items"]

_LIKELY_PATHS = ("path", "file", "filename", "file_name", "image", "image_path", "media", "photo", "picture", "video")
_BETWEEN_PATHS = re.compile(r"[\n|;]")
_BETWEEN_URLS = re.compile(r"\n|[\s,;|]+(?=[A-Za-z][A-Za-z0-9+.-]*://)")
_LIKELY_URLS = ("url", "image_url", "media_url", "link", "photo_url", "video_url")


@dataclass(slots=True)
class Items:
    """A table of posts and its media.

    Parameters
    ----------
    frame : pandas.DataFrame
        A row for each medium of each item: ``item_id`` (the row of the table, from 0), ``position`` (of the
        medium in its item, from 0; null for an item without media), ``path`` (joins the files found; null
        likewise), then the columns of the table. Columns of these names are called ``user_path`` and so on.
    found : list of Found
        Each medium once, in the order in which the table names it first.
    """

    frame: pd.DataFrame
    found: list[Found]


def read_items(
    table_path: str | Path,
    path_column: str | None = None,
    url_column: str | None = None,
    root: str | Path | None = None,
    limits: Limits | None = None,
    notify: Notify = lambda message: None,
) -> Items:
    """Read a table of posts and find the media that it names.

    A cell may name several media: a JSON list, a list in Parquet, or names divided by a line break, ``|``
    or ``;``. A cell that is the path of one file is never divided. Paths are relative to the folder of the
    table. Addresses may be of the web or of a bucket. A name that leads nowhere, or out of the folder, is
    found with the reason.

    Parameters
    ----------
    table_path : str or pathlib.Path
        A CSV, XLSX or Parquet file.
    path_column, url_column : str or None, default None
        The columns that name files and addresses; at least one of them.
    root : str, pathlib.Path or None, default None
        The folder that paths are relative to; None for the folder of the table.
    limits : Limits or None, default None
        How large media may be.
    notify : callable, default does nothing
        Called with a sentence where something was guessed.

    Returns
    -------
    Items
        Rows and media.

    Raises
    ------
    UsageError
        Where the table cannot be read, or has no such column, or none was named.
    UnavailableError
        Where it holds addresses for which a package is not installed.
    """
    import pandas as pd

    table = Path(table_path)
    frame, names = read_posts(table, notify)
    columns = [_column(names, name, table) for name in (path_column, url_column) if name is not None]
    if not columns:
        raise _which_column(names, table)
    reader = _Reader(Path(root) if root is not None else table.absolute().parent, limits or Limits())
    rows: list[tuple[int, int | None, str | None]] = []
    cells = zip(*(frame[name] for name in columns), strict=True)
    for item, row in enumerate(cells):
        media: list[str] = []
        for number, cell in enumerate(row):
            media += reader.paths(cell) if path_column is not None and number == 0 else reader.urls(cell)
        rows += [(item, position, path) for position, path in enumerate(media)] or [(item, None, None)]
    joined = pd.DataFrame(
        {
            "item_id": pd.array([row[0] for row in rows], dtype="int64"),
            "position": pd.array([row[1] for row in rows], dtype="Int64"),
            "path": pd.array([row[2] for row in rows], dtype="str"),
        }
    )
    own = frame.iloc[[row[0] for row in rows]].reset_index(drop=True)
    return Items(pd.concat([joined, own], axis="columns"), list(reader.found))


class _Reader:
    """Turns cells into media, each medium once."""

    def __init__(self, root: Path, limits: Limits) -> None:
        self._root, self._limits = root, limits
        self._real_root = os.path.realpath(root)
        self._known: dict[str, list[str]] = {}
        self._taken: set[str] = set()
        self._schemes: set[str] = set()
        self.found: list[Found] = []

    def paths(self, cell: object) -> list[str]:
        """Return the paths, in the study, of the files that a cell names."""
        return [path for name in _names(cell, self._is_file, _BETWEEN_PATHS) for path in self._file(name)]

    def urls(self, cell: object) -> list[str]:
        """Return the paths, in the study, of the addresses that a cell names."""
        return [path for name in _names(cell, lambda text: False, _BETWEEN_URLS) for path in self._address(name)]

    def _keep(self, key: str, entries: list[Found]) -> list[str]:
        kept = [dataclasses.replace(one, path=numbered(one.path, self._taken)) for one in entries]
        self.found += kept
        self._known[key] = [one.path for one in kept]
        return self._known[key]

    def _is_file(self, name: str) -> bool:
        try:
            return "\x00" not in name and Path(self._root, name).is_file()
        except OSError:
            return False

    def _file(self, name: str) -> list[str]:
        relative = None if scheme_of(name) else self._relative(name)
        key = f"file {name if relative is None else relative}"
        if key in self._known:
            return self._known[key]
        shown = readable(name)
        if scheme_of(name):
            is_address = UnreadableError(f"{shown} is an address, not a path.", "Name its column with --url-column.")
            return self._keep(key, [Found(shown, RemoteFile(name), error=is_address)])
        if relative is None:
            leaves = OutsideRootError(
                f"{shown} leads out of the folder of its table.", "Keep the files in or below the folder of the table."
            )
            return self._keep(key, [Found(shown, LocalFile(str(self._root), name), error=leaves)])
        if not Path(self._root, relative).exists():
            missing = UnreadableError(
                f"{shown} is named by the table and does not exist.",
                "Check the name (also capitals), and that it is relative to the folder of the table.",
            )
            return self._keep(key, [Found(readable(relative), LocalFile(str(self._root), relative), error=missing)])
        return self._keep(key, list_file(self._root, relative, self._limits))

    def _relative(self, name: str) -> str | None:
        """Return a path relative to the root; None where it leads out of it."""
        if "\x00" in name:
            return None
        if "\\" in name and not self._is_file(name):
            name = name.replace("\\", "/")
        whole = os.path.normpath(os.path.join(self._root, name))  # noqa: PTH118 - ".." must go without the disk
        base = os.path.normpath(self._root)
        for path, above in ((whole, base), (os.path.realpath(whole), self._real_root)):
            if not path.startswith(above.rstrip(os.sep) + os.sep):
                return None
        return Path(whole).relative_to(base).as_posix()

    def _address(self, name: str) -> list[str]:
        url = name.partition("#")[0] if scheme_of(name) in ("http", "https") else name
        key = f"url {url}"
        if key in self._known:
            return self._known[key]
        place = RemoteFile(url, self._limits.member_bytes)
        if scheme_of(url) not in SCHEMES_IN_TABLES:
            refused = OutsideRootError(
                f"{readable(url)} is no address that a table may hold.",
                "Addresses begin with https://, http://, s3://, gs:// or az://; files on disk go into a path column.",
            )
            return self._keep(key, [Found(readable(url), place, error=refused)])
        if scheme_of(url) not in self._schemes:
            require_driver(scheme_of(url))
            self._schemes.add(scheme_of(url))
        return self._keep(key, [Found(readable(url.partition("://")[2]), place)])


def _names(cell: object, is_one: Callable[[str], bool], between: re.Pattern[str]) -> list[str]:
    """Return the names in a cell."""
    if isinstance(cell, str):
        text = cell.strip()
        if not text or is_one(text):
            return [text] if text else []
        if text.startswith("["):
            try:
                return _names(json.loads(text), is_one, between)
            except ValueError:
                pass
        return [name for part in between.split(text) if (name := part.strip())]
    if isinstance(cell, Iterable):
        return [name for one in cell if isinstance(one, str) and (name := one.strip())]
    return [] if cell is None or cell != cell else [str(cell)]


def _column(names: Mapping[str, str], name: str, table: Path) -> str:
    """Return the column of that name, as it is called now."""
    if name not in names:
        raise UsageError(f"{table.name} has no column {name}.", f"It has: {_listed(names)}.")
    return names[name]


def _which_column(names: Mapping[str, str], table: Path) -> UsageError:
    """Ask for the column that names the media, and propose the likely one."""
    by_lower = {name.lower(): name for name in names}
    proposals = [f"--path-column {by_lower[name]}" for name in _LIKELY_PATHS if name in by_lower]
    proposals += [f"--url-column {by_lower[name]}" for name in _LIKELY_URLS if name in by_lower]
    example = proposals[0] if proposals else "--path-column NAME or --url-column NAME"
    return UsageError(
        f"Which column of {table.name} holds the files? It has: {_listed(names)}.", f"Say so, for instance: {example}"
    )


def _listed(names: Mapping[str, str]) -> str:
    return ", ".join(list(names)[:30]) + (" and more" if len(names) > 30 else "")
