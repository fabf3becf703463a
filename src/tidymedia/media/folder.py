"""List the files of a folder."""

from __future__ import annotations

import os
from pathlib import Path

from tidymedia.errors import MediumError, OutsideRootError, UnreadableError, UnsupportedError
from tidymedia.media.archive import list_archive
from tidymedia.media.archive_signatures import foreign_archive
from tidymedia.media.file_errors import file_error, readable
from tidymedia.media.found import Found
from tidymedia.media.hidden import is_hidden
from tidymedia.media.kinds import HEAD_BYTES, is_archive
from tidymedia.media.locations import LocalFile
from tidymedia.media.settings import Limits
from tidymedia.media.suffixes import names_archive

__all__ = ["expand", "is_study", "list_file", "list_folder"]

_Chain = tuple[tuple[int, int], ...]


def list_folder(root: Path, limits: Limits, *, follow_outside: bool = False) -> list[Found]:
    """List the files in a folder and its folders; the members of its archives stand in their place.

    The order is that of the paths by code point, the same on every system (members of an archive keep the
    order of the archive). Hidden files and folders and study folders are left out. Links to files and
    folders are followed within the folder, and loops of links end where they close. A link that leads out
    of the folder, a dead link, a folder that may not be read, a broken archive: each is listed with its
    reason.

    Parameters
    ----------
    root : pathlib.Path
        The folder.
    limits : Limits
        How large archives may be.
    follow_outside : bool, default False
        Whether links may lead out of the folder.

    Returns
    -------
    list of Found
        Its files.
    """
    real_root = os.path.realpath(root)
    found: list[Found] = []
    status = root.stat()
    waiting: list[tuple[str, _Chain]] = [("", ((status.st_dev, status.st_ino),))]
    while waiting:
        folder, chain = waiting.pop()
        place = os.path.join(root, folder) if folder else str(root)  # noqa: PTH118 - a Path a folder is slow
        try:
            with os.scandir(place) as entries:
                for entry in entries:
                    if is_hidden(entry.name):
                        continue
                    path = f"{folder}/{entry.name}" if folder else entry.name
                    listed = _look(entry, path, root, real_root, chain, follow_outside)
                    if isinstance(listed, Found):
                        found.append(listed)
                    elif listed is not None:
                        waiting.append((path, listed))
        except OSError as error:
            found.append(_failed(root, folder or ".", file_error(f"the folder {folder or root}", error)))
    found.sort(key=lambda one: one.path)
    return [member for one in found for member in expand(one, limits)]


def _look(
    entry: os.DirEntry[str], path: str, root: Path, real_root: str, chain: _Chain, follow_outside: bool
) -> Found | _Chain | None:
    """Turn an entry into a file, the chain of a folder to go into, or None where it is left out."""
    try:
        if entry.is_symlink():
            refusal = None if follow_outside else _leads_outside(entry, path, real_root)
            if refusal is not None:
                return _failed(root, path, refusal)
        if entry.is_file():
            status = entry.stat()
            shown = readable(path)
            return Found(shown, LocalFile(str(root), path), status.st_size, status.st_mtime_ns)
        status = entry.stat()
        if not entry.is_dir():
            return _failed(root, path, _no_file(path))
        inode = (status.st_dev, status.st_ino) if os.name == "posix" else _windows_inode(entry.path)
        if inode in chain or is_study(Path(entry.path)):
            return None
        return (*chain, inode)
    except OSError as error:
        dead = entry.is_symlink() and isinstance(error, FileNotFoundError)
        return _failed(root, path, _dead_link(path) if dead else file_error(path, error))


def _windows_inode(path: str) -> tuple[int, int]:
    status = Path(path).stat()  # scandir leaves the inode out on Windows
    return status.st_dev, status.st_ino


def is_study(folder: Path) -> bool:
    """Say whether a folder is a study, whose pictures are results and no media.

    Parameters
    ----------
    folder : pathlib.Path
        The folder.

    Returns
    -------
    bool
        Whether it holds a ``study.toml`` and a ``media.parquet``, a ``.parts`` or a ``.lock``.
    """
    if not (folder / "study.toml").is_file():
        return False
    return any((folder / name).exists() for name in ("media.parquet", ".parts", ".lock"))


def _leads_outside(entry: os.DirEntry[str], path: str, real_root: str) -> MediumError | None:
    target = os.path.realpath(entry.path)
    if target == real_root or target.startswith(real_root.rstrip(os.sep) + os.sep):
        return None
    if not Path(target).exists():
        return _dead_link(path)
    return OutsideRootError(
        f"{readable(path)} is a link that leads out of its folder.",
        "Copy the file into the folder, or give its own folder as a second input.",
    )


def _dead_link(path: str) -> UnreadableError:
    return UnreadableError(f"{readable(path)} is a link to a file that does not exist.", "Repair or remove the link.")


def _no_file(path: str) -> UnsupportedError:
    return UnsupportedError(
        f"{readable(path)} is a pipe, socket or device and no file.", "Leave it out with --exclude."
    )


def _failed(root: Path, path: str, error: MediumError) -> Found:
    return Found(readable(path), LocalFile(str(root), path), error=error)


def list_file(root: Path, path: str, limits: Limits) -> list[Found]:
    """List one file, or the members of one archive.

    Parameters
    ----------
    root : pathlib.Path
        Its root.
    path : str
        Its path relative to the root, with ``/``.
    limits : Limits
        How large an archive may be.

    Returns
    -------
    list of Found
        The file, also where it is gone: then with the reason.
    """
    place = LocalFile(str(root), path)
    try:
        status = place.local_path.stat()
    except (OSError, ValueError) as error:
        return [_failed(root, path, file_error(path, error))]
    if place.local_path.is_dir():
        return [_failed(root, path, UnreadableError(f"{readable(path)} is a folder, not a file.", "Name the file."))]
    if not place.local_path.is_file():
        return [_failed(root, path, _no_file(path))]
    return expand(Found(readable(path), place, status.st_size, status.st_mtime_ns), limits)


def expand(found: Found, limits: Limits) -> list[Found]:
    """Put the members of an archive in its place.

    Media and plain data by name are not opened for it, and of the files at an address only those named as
    archives. What is an archive under another name is told when the file is identified.

    Parameters
    ----------
    found : Found
        A file.
    limits : Limits
        How large an archive may be.

    Returns
    -------
    list of Found
        The members of an archive; the file itself where it is none.
    """
    claimed = names_archive(found.path)
    if found.error is not None or claimed is False or found.bytes == 0:
        return [found]
    if claimed is None and found.location.local_path is None:
        return [found]
    try:
        with found.location.open() as stream:
            head = stream.read(HEAD_BYTES)
            if is_archive(head, found.path):
                stream.seek(0)
                return list_archive(found.location, found.path, limits, stream) or [found]
    except (OSError, MediumError) as error:
        problem = file_error(found.path, error) if isinstance(error, OSError) else error
        return [Found(found.path, found.location, found.bytes, found.modified_ns, error=problem)]
    if foreign := foreign_archive(head):
        refusal = UnsupportedError(
            f"{found.path} is a {foreign} archive, which is not opened here.", "Unpack it first."
        )
        return [Found(found.path, found.location, found.bytes, found.modified_ns, error=refusal)]
    return [found]
