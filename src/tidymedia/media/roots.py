"""Where the media of a study come from."""

from __future__ import annotations

import os
import urllib.parse
import urllib.request
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from tidymedia.errors import UsageError
from tidymedia.media.kinds import HEAD_BYTES, is_archive
from tidymedia.media.posts import TABLE_SUFFIXES
from tidymedia.media.suffixes import names_archive
from tidymedia.media.web import scheme_of

__all__ = ["Root", "make_roots"]

RootKind = Literal["folder", "files", "archive", "url", "table"]


@dataclass(frozen=True, slots=True)
class Root:
    """Where media of a study come from.

    Parameters
    ----------
    location : str
        An absolute path or an address: the folder (of loose files: the one that holds them all), the
        archive, the table.
    prefix : str, default ""
        What stands before the paths of its media, so that same names in two roots never collide.
    kind : {"folder", "files", "archive", "url", "table"}, default "folder"
        What it is.
    files : tuple of str, default ()
        The loose files, relative to the location.
    path_column, url_column : str or None, default None
        The columns of a table that name media.
    follow_outside : bool, default False
        Whether links may lead out of the folder.

    Examples
    --------
    >>> Root("/data/photos").to_dict()
    {'location': '/data/photos', 'prefix': '', 'kind': 'folder'}
    >>> Root.from_dict({"location": "/data/photos"})
    Root(location='/data/photos', prefix='', kind='folder', files=(), path_column=None, ...)
    """

    location: str
    prefix: str = ""
    kind: RootKind = "folder"
    files: tuple[str, ...] = ()
    path_column: str | None = None
    url_column: str | None = None
    follow_outside: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return the root as plain values for ``study.toml``; what is at its default is left out."""
        written: dict[str, Any] = {"location": self.location, "prefix": self.prefix, "kind": self.kind}
        optional: dict[str, Any] = {"files": list(self.files), "follow_outside": self.follow_outside}
        optional |= {"path_column": self.path_column, "url_column": self.url_column}
        return written | {name: value for name, value in optional.items() if value}

    @classmethod
    def from_dict(cls, written: Mapping[str, Any]) -> Root:
        """Read a root that :meth:`to_dict` wrote.

        Parameters
        ----------
        written : mapping
            Plain values.

        Returns
        -------
        Root
            The root.

        Raises
        ------
        UsageError
            Where a value has no such name, or the location is missing.
        """
        try:
            return cls(**{**written, "files": tuple(written.get("files", ()))})
        except TypeError as error:
            raise UsageError(f"A root of the study cannot be read ({error}).", "Correct it in study.toml.") from error


def make_roots(
    media: Sequence[str | Path],
    path_column: str | None = None,
    url_column: str | None = None,
    existing: Sequence[Root] = (),
) -> list[Root]:
    """Turn what a user gave into roots.

    Loose files that are given together form one root: the folder that holds them all. The first root of a
    study has no prefix, each further one the name of its folder, archive or table, made unique.

    Parameters
    ----------
    media : sequence of str or pathlib.Path
        Folders, files, archives, addresses or tables of posts.
    path_column, url_column : str or None, default None
        The columns that name media; then each CSV, XLSX or Parquet file is a table of posts.
    existing : sequence of Root, default ()
        The roots that the study has; they come first, and none is added twice.

    Returns
    -------
    list of Root
        All roots, those that exist first.

    Raises
    ------
    UsageError
        Where an input does not exist, or a column was named and no table was given.
    """
    made: list[Root] = []
    loose: list[Path] = []
    for one in media:
        given = os.fspath(one)
        scheme = scheme_of(given)
        if scheme == "file":
            given = urllib.request.url2pathname(urllib.parse.urlsplit(given).path)
        elif scheme:
            made.append(Root(given, kind="url"))
            continue
        path = Path(os.path.abspath(Path(given).expanduser()))  # noqa: PTH100 - resolve() would follow links
        if not path.exists():
            raise UsageError(f"There is no file or folder {given}.", "Check the path, also its capitals.")
        if path.is_dir():
            made.append(Root(str(path)))
        elif (path_column or url_column) and path.suffix.lower() in TABLE_SUFFIXES:
            made.append(Root(str(path), kind="table", path_column=path_column, url_column=url_column))
        elif _is_archive(path):
            made.append(Root(str(path), kind="archive"))
        else:
            loose.append(path)
    if (path_column or url_column) and not any(root.kind == "table" for root in (*made, *existing)):
        raise UsageError(
            "A column was named, but no table of posts was given.", "Give a CSV, XLSX or Parquet file among the media."
        )
    if loose:
        made.append(_loose_files(loose))
    roots = list(existing)
    for root in made:
        if not any(replace(root, prefix=other.prefix) == other for other in roots):
            roots.append(replace(root, prefix=_prefix(root, roots)))
    return roots


def _is_archive(path: Path) -> bool:
    if names_archive(path.name) is False:
        return False
    try:
        with path.open("rb") as stream:
            return is_archive(stream.read(HEAD_BYTES), path.name)
    except OSError:
        return False


def _loose_files(paths: Iterable[Path]) -> Root:
    unique = list(dict.fromkeys(paths))
    try:
        common = os.path.commonpath([path.parent for path in unique])
    except ValueError as error:
        raise UsageError("Files on two drives cannot be given together.", "Give their folders instead.") from error
    files = tuple(sorted(path.relative_to(common).as_posix() for path in unique))
    return Root(common, kind="files", files=files)


def _prefix(root: Root, others: Sequence[Root]) -> str:
    """Return a prefix that no other root has."""
    if not others:
        return ""
    if root.kind == "url":
        parts = urllib.parse.urlsplit(root.location)
        name = parts.path.strip("/").rpartition("/")[2] or parts.netloc
    else:
        name = Path(root.location).name
    taken = {other.prefix for other in others}
    name = prefix = name or "root"
    number = 1
    while prefix in taken:
        number += 1
        prefix = f"{name}_{number}"
    return prefix
