"""Models of the hub as files on this machine: where they lie, and which of their files decide the answers."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
from pathlib import Path
from typing import NamedTuple

from tidymedia.models.files import digest_of_digests, own_folder, sha256_of
from tidymedia.models.whisper_files import WEIGHTS, holds_whisper, whisper_fault

__all__ = [
    "INSTALL",
    "Fetched",
    "architectures",
    "damaged_files",
    "deciding_files",
    "fault_of",
    "fetched_models",
    "find_snapshot",
    "folder_fault",
    "folder_sha256",
    "hub_folders",
    "missing_packages",
]

INSTALL = "Get them with: pip install 'tidymedia[hub]'"
"""How one gets what runs models of the hub."""

_DECIDING = (".safetensors", ".json", ".txt", ".model")
"""Endings of the files that decide the answers: weights, configuration, preparation, words."""

_COMMIT_LENGTH = 40
_SHA256_LENGTH = 64
_HEXADECIMAL = re.compile("[0-9a-f]{40}|[0-9a-f]{64}")


class Fetched(NamedTuple):
    """A model of the hub on this machine.

    Parameters
    ----------
    name : str
        Its name, ``owner/name``.
    revision : str
        Its commit.
    folder : pathlib.Path
        Its files.
    """

    name: str
    revision: str
    folder: Path


def hub_folders() -> list[Path]:
    """Return the folders in which models of the hub are looked for, in this order.

    The folder of ``TIDYMEDIA_MODELS`` comes first, then the hub's own cache, which ``HF_HUB_CACHE`` and ``HF_HOME``
    move.
    """
    own = own_folder()
    cache = os.environ.get("HF_HUB_CACHE") or os.environ.get("HUGGINGFACE_HUB_CACHE")
    if not cache:
        home = os.environ.get("HF_HOME") or Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache") / "huggingface"
        cache = str(Path(home) / "hub")
    return [*([own] if own else []), Path(os.path.expandvars(cache)).expanduser()]


def find_snapshot(name: str, revision: str | None = None) -> Fetched | None:
    """Find a model of the hub on this machine; nothing is downloaded.

    Parameters
    ----------
    name : str
        Its name, ``owner/name``.
    revision : str or None, default None
        A commit or its beginning, a branch or a tag; None for ``main``, or for the one commit that is there.

    Returns
    -------
    Fetched or None
        Where it is; None where it is not there.
    """
    for folder in hub_folders():
        held = folder / f"models--{name.replace('/', '--')}"
        commits = _commits(held)
        commit = _commit(held, revision or "main")
        if commit is None and revision is None and len(commits) == 1:
            (commit,) = commits
        if commit is None and revision is not None:
            alike = [one for one in commits if len(revision) >= 7 and one.startswith(revision)]
            commit = alike[0] if len(alike) == 1 else None
        if commit in commits:
            return Fetched(name, commit, held / "snapshots" / commit)
    return None


def fetched_models() -> list[Fetched]:
    """Return the models of the hub that lie on this machine, by name; those of programs beside this one too."""
    found: dict[tuple[str, str], Fetched] = {}
    for folder in hub_folders():
        for held in sorted(folder.glob("models--*--*")):
            name = held.name.removeprefix("models--").replace("--", "/", 1)
            for commit in _commits(held):
                found.setdefault((name, commit), Fetched(name, commit, held / "snapshots" / commit))
    return [found[key] for key in sorted(found)]


def _commits(held: Path) -> list[str]:
    return sorted(path.name for path in (held / "snapshots").glob("*") if (path / "config.json").is_file())


def _commit(held: Path, revision: str) -> str | None:
    if len(revision) == _COMMIT_LENGTH:
        return revision
    path = held / "refs" / revision
    if ".." in Path(revision).parts or not path.is_file():
        return None
    return path.read_text(encoding="utf-8").strip()


def fault_of(folder: Path) -> str:
    """Say what a folder lacks to be a model that can be loaded.

    Parameters
    ----------
    folder : pathlib.Path
        The folder.

    Returns
    -------
    str
        A sentence; empty where nothing lacks.
    """
    if not (folder / "config.json").is_file():
        return f"{folder} has no config.json."
    index = folder / "model.safetensors.index.json"
    if index.is_file():
        try:
            wanted = set(json.loads(index.read_text(encoding="utf-8"))["weight_map"].values())
        except (OSError, ValueError, KeyError, AttributeError):
            return f"{index} is damaged."
        missing = sorted(str(name) for name in wanted if not (folder / str(name)).is_file())
        return f"{folder} lacks {', '.join(missing)}." if missing else ""
    if (folder / "model.safetensors").is_file():
        return ""
    return f"{folder} has no weights as model.safetensors; other forms can carry programs and are not opened."


def folder_fault(folder: Path) -> str:
    """Say what a folder lacks to be a model of any kind that is run here: by transformers, or Whisper by CTranslate2.

    Parameters
    ----------
    folder : pathlib.Path
        The folder.

    Returns
    -------
    str
        A sentence; empty where nothing lacks.
    """
    return whisper_fault(folder) if holds_whisper(folder) else fault_of(folder)


def architectures(folder: Path) -> list[str]:
    """Return the classes of transformers for which a model says that it was saved; empty where it says none.

    Parameters
    ----------
    folder : pathlib.Path
        Its folder.

    Returns
    -------
    list of str
        Such as ``["ViTForImageClassification"]``.
    """
    try:
        named = json.loads((folder / "config.json").read_text(encoding="utf-8")).get("architectures")
    except (OSError, ValueError, AttributeError):
        return []
    return [str(name) for name in named] if isinstance(named, list) else []


def damaged_files(folder: Path) -> list[str]:
    """Compare the files of a model that was fetched with the digests that the hub gives.

    Parameters
    ----------
    folder : pathlib.Path
        Its folder in a cache of the hub; of another folder nothing is known.

    Returns
    -------
    list of str
        Names of the files whose content is another one; missing ones are not named.

    Raises
    ------
    OSError
        Where a file cannot be read.
    """
    expected = _expected(folder)
    return [
        path.name
        for path in deciding_files(folder)
        if (digest := expected.get(path.name)) is not None and _digest_like(digest, path) != digest
    ]


def _expected(folder: Path) -> dict[str, str]:
    """Return what the hub says of the files: a SHA-256 of those in large storage, the name in Git of the others."""
    listing = folder.parent.parent / "trees" / f"{folder.name}.json"
    # Where the cache may link, a file is a link to one that is named by its digest.
    linked = {path.name: path.resolve().name for path in deciding_files(folder) if path.is_symlink()}
    known = {name: digest for name, digest in linked.items() if _HEXADECIMAL.fullmatch(digest)}
    try:
        entries = json.loads(listing.read_text(encoding="utf-8"))["files"]
        return known | {name: str(entry.get("lfs_sha256") or entry["blob_id"]) for name, entry in entries.items()}
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return known


def _digest_like(digest: str, path: Path) -> str:
    if len(digest) == _SHA256_LENGTH:
        return sha256_of(path)
    content = path.read_bytes()
    named = hashlib.sha1(b"blob %d\0" % len(content), usedforsecurity=False)  # as Git names what it stores
    named.update(content)
    return named.hexdigest()


def deciding_files(folder: Path) -> list[Path]:
    """Return the files of a model that decide its answers, by name.

    Parameters
    ----------
    folder : pathlib.Path
        Its folder.

    Returns
    -------
    list of pathlib.Path
        Weights, configuration, preparation and words.
    """
    return sorted(
        path for path in folder.iterdir() if (path.suffix in _DECIDING or path.name == WEIGHTS) and path.is_file()
    )


def folder_sha256(folder: Path) -> str:
    """Return one SHA-256 over the files of a model that decide its answers, and over their names.

    Parameters
    ----------
    folder : pathlib.Path
        Its folder.

    Returns
    -------
    str
        64 hexadecimal digits.

    Raises
    ------
    OSError
        Where a file cannot be read.
    """
    return digest_of_digests({path.name: sha256_of(path) for path in deciding_files(folder)})


def missing_packages() -> list[str]:
    """Return which of the packages that run models of the hub are not installed."""
    return [name for name in ("transformers", "torch", "safetensors") if importlib.util.find_spec(name) is None]
