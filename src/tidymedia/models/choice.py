"""Which network a user means: one that comes with the package, an ONNX file, or a model of the hub."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

from tidymedia.errors import SettingError
from tidymedia.models.bundled import BUNDLED
from tidymedia.models.chosen_model import ChosenModel, ModelAvailability
from tidymedia.models.files import own_folder, sha256_of
from tidymedia.models.hub_files import find_snapshot, folder_sha256
from tidymedia.models.model import Model

__all__ = ["ChosenModel", "ModelAvailability", "choose_model"]

_HUB_NAME = re.compile(r"([A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*)(?:@([\w./-]+))?")
_SHORT = 12


def choose_model(
    text: str, task: str, *, default: Model | None, revision: str | None = None, labels: str | None = None
) -> ChosenModel:
    """Find out which network a user means.

    Parameters
    ----------
    text : str
        What the user gave: nothing for the default; the name of a network that comes with the package; a path that ends
        in ``.onnx``; a folder with a ``config.json``; or a model of the hub as ``owner/name`` or
        ``owner/name@revision``. A file or folder is also looked for in the folder of ``TIDYMEDIA_MODELS``.
    task : str
        What it is for: ``"tags"``, ``"objects"``, ``"masks"``, ``"embeddings"``, ...
    default : Model or None
        The network where the user gave none; None where there is no default.
    revision : str or None, default None
        A commit, branch or tag of a model of the hub; None for the one that was fetched.
    labels : str or None, default None
        A text file with the names of the classes of an ONNX file, one a line; None for ``<name>.labels.txt`` beside it.

    Returns
    -------
    ChosenModel
        The network, which may not be there: ask its ``availability()``.

    Raises
    ------
    SettingError
        Where the text cannot name a network for this task.

    Examples
    --------
    >>> from tidymedia.models.bundled import BUNDLED
    >>> choose_model("", "tags", default=BUNDLED["efficientnet_lite2"]).identifier
    'efficientnet_lite2@0.1.0'
    >>> absent = choose_model("owner/never-fetched", "tags", default=BUNDLED["efficientnet_lite2"])
    >>> absent.origin, absent.availability().installed
    ('hub', False)
    """
    text = text.strip()
    if not text and default is None:
        raise SettingError(
            f"No network for {task} comes with tidymedia.", f"Name one. {_what_can_be_named(task, None)}"
        )
    known = default if not text else BUNDLED.get(text)
    if known is not None:
        return _bundled(known, task, default, revision)
    if text.lower().endswith(".onnx"):
        return _file(text, task, revision, labels)
    folder = _existing(text)
    if folder is not None and folder.is_dir():
        return _folder(folder, task, revision)
    named = _HUB_NAME.fullmatch(text)
    if named is None:
        raise SettingError(f"There is no network {text} for {task}.", _what_can_be_named(task, default, text))
    name, wanted = named[1], named[2]
    if wanted and revision and wanted != revision:
        raise SettingError(f"{text} names another revision than {revision}.", "Give one of them.")
    wanted = revision or wanted
    found = find_snapshot(name, wanted)
    if found is None:
        return ChosenModel("hub", name, task, wanted or "", None)
    return ChosenModel("hub", name, task, found.revision, found.folder)


def _bundled(model: Model, task: str, default: Model | None, revision: str | None) -> ChosenModel:
    if default is not None and model.name != default.name and model.task not in (task, default.task):
        raise SettingError(
            f"The network {model.name} is for {model.task}, not for {task}.", _what_can_be_named(task, default)
        )
    if revision and revision != model.revision:
        raise SettingError(
            f"The network {model.name} comes in the revision {model.revision} alone, not in {revision}.",
            "Leave the revision out.",
        )
    return ChosenModel("bundled", model.name, task, model.revision, None, model)


def _file(text: str, task: str, revision: str | None, labels: str | None) -> ChosenModel:
    if revision:
        raise SettingError("A file has no revisions.", "Leave the revision out.")
    path = _existing(text)
    beside = path.with_suffix(".labels.txt") if path is not None else None
    if labels:
        beside = _existing(labels) or Path(labels).expanduser()
    elif beside is not None and not beside.is_file():
        beside = None
    if path is None or not path.is_file():
        return ChosenModel("file", text, task, "", None, None, beside)
    try:
        digits = sha256_of(path)[:_SHORT]
    except OSError as error:
        raise SettingError(f"{path} cannot be read: {error.strerror}.", "Check who may read it.") from error
    return ChosenModel("file", path.stem, task, digits, path, None, beside)


def _folder(folder: Path, task: str, revision: str | None) -> ChosenModel:
    if revision:
        raise SettingError("A folder has no revisions.", "Leave the revision out.")
    try:
        digits = folder_sha256(folder)[:_SHORT]
    except OSError as error:
        raise SettingError(f"{folder} cannot be read: {error.strerror}.", "Check who may read it.") from error
    return ChosenModel("hub", folder.name, task, digits, folder)


def _existing(text: str) -> Path | None:
    """Find a file or folder: where the text says, else in the folder of networks of the user."""
    own = own_folder()
    for path in (Path(text).expanduser(), *([own / text] if own else [])):
        if path.exists():
            return path.resolve()
    return None


def _what_can_be_named(task: str, default: Model | None, text: str = "") -> str:
    tasks = {task, *([default.task] if default else [])}
    bundled = [model.name for model in BUNDLED.values() if model.task in tasks]
    near = difflib.get_close_matches(text, bundled, 1)
    meant = f"Did you mean {near[0]}? " if near else ""
    listed = f"{', '.join(bundled)}, " if bundled else ""
    own = "a path that ends in .onnx, a folder with config.json, or a model of the hub as owner/name"
    return f"{meant}It can be {listed}{own}."
