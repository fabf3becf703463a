"""Where a medium of a study lies on this machine, without a search through its folders."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from tidymedia.media.roots import Root

__all__ = ["local_file"]


def local_file(roots: Sequence[Root], path: str) -> Path | None:
    """Find a medium on this machine.

    Parameters
    ----------
    roots : sequence of Root
        Where the media of the study come from.
    path : str
        Path of the medium in the study.

    Returns
    -------
    pathlib.Path or None
        The file; None where it is a member of an archive, on a server, or gone.

    Examples
    --------
    >>> local_file([Root("/no/such/folder")], "a.mp3") is None
    True
    """
    for root in roots:
        inside = path.removeprefix(f"{root.prefix}/") if root.prefix else path
        if (root.prefix and inside == path) or root.kind not in ("folder", "files", "table"):
            continue
        parts = PurePosixPath(inside).parts
        if not parts or ".." in parts or PurePosixPath(inside).is_absolute() or "\\" in inside:
            continue
        base = Path(root.location)
        found = (base.parent if root.kind == "table" else base).joinpath(*parts)
        if found.is_file():
            return found
    return None
