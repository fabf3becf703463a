"""Which files are left out because nobody means them when they say "the folder"."""

from __future__ import annotations

__all__ = ["is_hidden"]

_SYSTEM = frozenset(("thumbs.db", "desktop.ini", "__macosx", "@eadir", "$recycle.bin", "system volume information"))


def is_hidden(name: str) -> bool:
    """Say whether a file or folder is hidden, or put there by an operating system.

    Parameters
    ----------
    name : str
        Its name, without its folder.

    Returns
    -------
    bool
        True for names that begin with a dot, ``Thumbs.db``, ``desktop.ini``, ``__MACOSX``, ``@eaDir`` and
        the like.

    Examples
    --------
    >>> is_hidden(".git"), is_hidden("Thumbs.db"), is_hidden("1.jpg")
    (True, True, False)
    """
    return name.startswith(".") or name.lower() in _SYSTEM
