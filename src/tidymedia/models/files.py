"""Where the file of a network lies, and whether it is the one that is meant."""

from __future__ import annotations

import functools
import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from tidymedia.errors import UnavailableError
from tidymedia.models.model import Model

__all__ = [
    "BUNDLED_FOLDER",
    "ENVIRONMENT",
    "digest_of_digests",
    "find_file",
    "own_folder",
    "sha256_of",
    "verified_file",
]

ENVIRONMENT = "TIDYMEDIA_MODELS"
"""Environment variable with a folder of networks that is searched before those that come with the package."""

BUNDLED_FOLDER = Path(__file__).parent / "networks"
"""Folder of the networks that come with the package."""


def find_file(model: Model, path: Path | str | None = None) -> Path:
    """Return the file of a network: the one given, else that in ``TIDYMEDIA_MODELS``, else the bundled one.

    Parameters
    ----------
    model : Model
        The network.
    path : pathlib.Path, str or None, default None
        A file to take instead.

    Returns
    -------
    pathlib.Path
        The file; its content is not looked at yet.

    Raises
    ------
    UnavailableError
        Where there is none.
    """
    if path is not None:
        given = Path(path).expanduser()
        if not given.is_file():
            raise UnavailableError(f"There is no file {given} for the network {model.name}.", "Check its path.")
        return given
    for folder in _folders():
        if (folder / model.file).is_file():
            return folder / model.file
    raise UnavailableError(
        f"The file {model.file} of the network {model.name} is not there.",
        f"Install tidymedia again, or put the file into a folder and name that in {ENVIRONMENT}.",
    )


def verified_file(model: Model, path: Path | str | None = None) -> Path:
    """Return the file of a network after its SHA-256 was compared; each version of a file is read once.

    Parameters
    ----------
    model : Model
        The network.
    path : pathlib.Path, str or None, default None
        A file to take instead of searching for it.

    Returns
    -------
    pathlib.Path
        The file, searched as :func:`find_file` does.

    Raises
    ------
    UnavailableError
        Where there is none, it cannot be read, or it is another one than the registry describes.
    """
    found = find_file(model, path)
    try:
        digest = sha256_of(found)
    except OSError as error:
        raise UnavailableError(
            f"The file {found} of the network {model.name} cannot be read: {error.strerror}.", "Check who may read it."
        ) from error
    if digest != model.sha256:
        raise UnavailableError(
            f"{found} is not the network {model.identifier}: its SHA-256 begins with {digest[:12]}, not with "
            f"{model.sha256[:12]}.",
            _remedy(found),
        )
    return found


def own_folder() -> Path | None:
    """Return the folder of networks that ``TIDYMEDIA_MODELS`` names; None where it names none."""
    given = os.environ.get(ENVIRONMENT)
    return Path(given).expanduser() if given else None


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file as 64 hexadecimal digits; each version of a file is read once a process.

    Parameters
    ----------
    path : pathlib.Path
        The file.

    Returns
    -------
    str
        The digest.

    Raises
    ------
    OSError
        Where the file cannot be read.
    """
    facts = path.stat()
    return _sha256(path, facts.st_size, facts.st_mtime_ns)


def _folders() -> list[Path]:
    own = own_folder()
    return [*([own] if own else []), BUNDLED_FOLDER]


def _remedy(path: Path) -> str:
    if path.parent == BUNDLED_FOLDER:
        return "The file is damaged: install tidymedia again with pip install --force-reinstall --no-deps tidymedia."
    return f"Take the file away, then the next place is searched; {ENVIRONMENT} names the folder that comes first."


@functools.lru_cache(maxsize=256)
def _sha256(path: Path, size: int, modified: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_of_digests(digests: Mapping[str, str]) -> str:
    """Return one SHA-256 over the digests of files and over their names.

    Parameters
    ----------
    digests : mapping of str to str
        SHA-256 of each file by its name.

    Returns
    -------
    str
        64 hexadecimal digits.

    Examples
    --------
    >>> digest_of_digests({"b": "1", "a": "2"}) == digest_of_digests({"a": "2", "b": "1"})
    True
    """
    lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items()))
    return hashlib.sha256(lines.encode()).hexdigest()
