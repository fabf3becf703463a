"""From the roots of a study to its media."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tidymedia.errors import UsageError
from tidymedia.media.folder import expand, list_file, list_folder
from tidymedia.media.found import Found, Notify, numbered
from tidymedia.media.items import read_items
from tidymedia.media.remote import list_remote
from tidymedia.media.roots import Root, make_roots
from tidymedia.media.settings import Limits

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FoundMedia", "Root", "find_media", "make_roots"]


@dataclass(slots=True)
class FoundMedia:
    """The media of a study.

    Parameters
    ----------
    found : list of Found
        Every file, with unique paths, roots in their order.
    items : pandas.DataFrame or None, default None
        Rows of the tables of posts (``item_id``, ``position``, ``path`` and the user's columns), where there
        is one.
    """

    found: list[Found] = field(default_factory=list)
    items: pd.DataFrame | None = None


def _ignore(message: str) -> None:
    """Do nothing with a notice."""


def find_media(roots: Sequence[Root], limits: Limits | None = None, notice: Notify = _ignore) -> FoundMedia:
    """Find all media of a study.

    Parameters
    ----------
    roots : sequence of Root
        Where they come from.
    limits : Limits or None, default None
        How large archives and downloads may be; None for the defaults.
    notice : callable, default does nothing
        Called with a sentence that the user should read.

    Returns
    -------
    FoundMedia
        Files with unique paths, and the rows of tables of posts.

    Raises
    ------
    UsageError
        Where a root is gone, or a table cannot be read.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> _ = pathlib.Path(folder.name, "a.jpg").write_bytes(b"...")
    >>> [found.path for found in find_media(make_roots([folder.name])).found]
    ['a.jpg']
    >>> folder.cleanup()
    """
    limits = limits or Limits()
    result = FoundMedia()
    taken: set[str] = set()
    frames: list[pd.DataFrame] = []
    for root in roots:
        entries, frame = _find[root.kind](root, limits, notice)
        renamed: dict[str, str] = {}
        for one in entries:
            path = numbered(f"{root.prefix}/{one.path}" if root.prefix else one.path, taken)
            renamed[one.path] = path
            result.found.append(one if path == one.path else replace(one, path=path))
        if frame is not None:
            frame["path"] = frame["path"].map(lambda path, names=renamed: names.get(path), na_action="ignore")
            frames.append(frame)
    if frames:
        result.items = _joined(frames)
    return result


def _joined(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """Put the rows of several tables below one another, item_id counted on."""
    import pandas as pd

    start = 0
    for frame in frames:
        frame["item_id"] += start
        start = int(frame["item_id"].max()) + 1 if len(frame) else start
    joined = frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True)
    return joined.astype({"path": "str", "position": "Int64"})


_Result = tuple[list[Found], "pd.DataFrame | None"]


def _there(root: Root) -> Path:
    path = Path(root.location)
    if not path.exists():
        raise UsageError(
            f"{root.location} is not there any more.",
            "Put it back, or correct its place in study.toml where it was moved.",
        )
    return path


def _in_folder(root: Root, limits: Limits, notice: Notify) -> _Result:
    return list_folder(_there(root), limits, follow_outside=root.follow_outside), None


def _in_files(root: Root, limits: Limits, notice: Notify) -> _Result:
    folder = _there(root)
    return [found for name in root.files for found in list_file(folder, name, limits)], None


def _in_archive(root: Root, limits: Limits, notice: Notify) -> _Result:
    path = _there(root)
    return list_file(path.parent, path.name, limits), None


def _at_url(root: Root, limits: Limits, notice: Notify) -> _Result:
    return [member for one in list_remote(root.location, limits) for member in expand(one, limits)], None


def _in_table(root: Root, limits: Limits, notice: Notify) -> _Result:
    items = read_items(_there(root), root.path_column, root.url_column, limits=limits, notify=notice)
    return items.found, items.frame


_find: Mapping[str, Callable[[Root, Limits, Notify], _Result]] = {
    "folder": _in_folder,
    "files": _in_files,
    "archive": _in_archive,
    "url": _at_url,
    "table": _in_table,
}
