"""Names of files that are made from paths of a study, which come from strangers."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import PurePosixPath

__all__ = ["file_names"]

_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\\ud800-\udfff]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
_LONGEST = 180
"""Bytes of a name: file systems allow 255, and a suffix and the name of an unfinished file come on top."""


def file_names(paths: Iterable[str], suffix: str, neighbours: Iterable[str] = ()) -> dict[str, PurePosixPath]:
    """Name one file for each path: beside which it could lie, with another suffix.

    The suffix of the medium gives way where no other medium in the same folder would get the same name; otherwise it
    stays. Names are safe on Linux, macOS and Windows, differ in more than their case, and none leads out of the
    folder that they are written to.

    Parameters
    ----------
    paths : iterable of str
        Paths of media in the study.
    suffix : str
        What the names end with, such as ``".srt"``.
    neighbours : iterable of str, default ()
        Further media that no file is written for; whether ``a.mp3`` becomes ``a.srt`` shall not depend on which of
        its neighbours have a transcript.

    Returns
    -------
    dict of str to pathlib.PurePosixPath
        Relative paths by the path of the medium.

    Examples
    --------
    >>> names = file_names(["one/a.mp3", "two/a.mp3", "two/a.wav", "../b.mp4"], ".srt")
    >>> [str(name) for name in names.values()]
    ['one/a.srt', 'two/a.mp3.srt', 'two/a.wav.srt', '_/b.srt']
    """
    wanted = list(dict.fromkeys(paths))
    safe = {path: _safe(path) for path in dict.fromkeys([*wanted, *neighbours])}
    short = {path: name.with_suffix("") for path, name in safe.items()}
    shared: dict[str, int] = {}
    for name in short.values():
        shared[_key(name)] = shared.get(_key(name), 0) + 1
    names: dict[str, PurePosixPath] = {}
    taken: set[str] = set()
    for path in sorted(safe):
        base = short[path] if shared[_key(short[path])] == 1 else safe[path]
        name = base.with_name(base.name + suffix)
        if _key(name) in taken:
            mark = hashlib.sha256(path.encode("utf-8", "surrogatepass")).hexdigest()[:8]
            name = base.with_name(f"{base.name}.{mark}{suffix}")
        taken.add(_key(name))
        names[path] = name
    return {path: names[path] for path in wanted}


def _key(name: PurePosixPath) -> str:
    return str(name).casefold()


def _safe(path: str) -> PurePosixPath:
    parts = [_safe_part(part) for part in path.split("/") if part not in ("", ".")]
    return PurePosixPath(*(parts or ["_"]))


def _safe_part(part: str) -> str:
    """Return a name that every system takes, and that is no way up or elsewhere."""
    name = _FORBIDDEN.sub("_", part).rstrip(". ")
    if not name:
        return "_"
    if _RESERVED.fullmatch(name):
        name = f"_{name}"
    encoded = name.encode()
    if len(encoded) > _LONGEST:
        mark = hashlib.sha256(encoded).hexdigest()[:8]
        name = f"{encoded[:_LONGEST].decode('utf-8', 'ignore')}~{mark}"
    return name
