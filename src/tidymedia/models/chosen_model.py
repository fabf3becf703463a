"""A network that a user means, before it is loaded: what it is, where it lies, and whether it can run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

from tidymedia.errors import SettingError, UnavailableError
from tidymedia.models.devices import check_device
from tidymedia.models.files import sha256_of, verified_file
from tidymedia.models.hub_files import INSTALL, damaged_files, fault_of, folder_sha256, missing_packages
from tidymedia.models.labels import Label, labels_in_configuration, labels_in_file, labels_of
from tidymedia.models.model import Model

__all__ = ["ChosenModel", "ModelAvailability"]

_WITH_CLASSES = frozenset({"tags", "objects", "masks", "face labels", "sounds", "voice labels"})
"""Tasks whose answers are classes: an ONNX file for them needs their names."""


class ModelAvailability(NamedTuple):
    """Whether a network can run here; ``Availability(*it)`` is what an extractor answers.

    Parameters
    ----------
    installed : bool
        Whether all that it needs is there.
    missing : str, default ""
        What is not there, as a sentence.
    remedy : str, default ""
        How one gets it, as a sentence.
    """

    installed: bool
    missing: str = ""
    remedy: str = ""


@dataclass(frozen=True)
class ChosenModel:
    """The network that a user means; ``models.choice.choose_model`` makes it.

    Whether it is there is not said before :meth:`availability` is asked. Nothing is downloaded.

    Parameters
    ----------
    origin : {"bundled", "file", "hub"}
        What it is: a network that comes with the package, an ONNX file, or a model that transformers runs.
    name : str
        Its name: that of the registry, the name of the file or folder, or ``owner/name``.
    task : str
        What it is for.
    revision : str
        Which version of the weights: that of the registry, the first digits of the SHA-256 of a file, or the commit.
        Empty where it is not there.
    path : pathlib.Path or None
        Its file, or its folder; None where it is not there.
    model : Model or None, default None
        What the registry knows of it; None for a network of a user.
    labels_path : pathlib.Path or None, default None
        A text file with the names of its classes, one a line; for ONNX files.
    """

    origin: Literal["bundled", "file", "hub"]
    name: str
    task: str
    revision: str
    path: Path | None
    model: Model | None = None
    labels_path: Path | None = None

    @property
    def identifier(self) -> str:
        """Name and revision, as the column ``model`` of a table holds them: ``name@revision``."""
        return f"{self.name}@{self.revision}" if self.revision else self.name

    @property
    def sha256(self) -> str:
        """SHA-256 of its file, or one over the files of its folder; empty where it is not there."""
        if self.model is not None:
            return self.model.sha256
        if self.path is None:
            return ""
        try:
            return folder_sha256(self.path) if self.origin == "hub" else sha256_of(self.path)
        except OSError:
            return ""

    @property
    def model_hash(self) -> str:
        """What belongs into a fingerprint: the identifier, the SHA-256, and that of the names of its classes."""
        parts = [self.identifier, self.sha256]
        if self.labels_path is not None and self.labels_path.is_file():
            parts.append(sha256_of(self.labels_path))
        return " ".join(parts)

    @property
    def classes(self) -> tuple[Label, ...] | None:
        """Its classes, with their synsets where these are known; None for a network without classes.

        Raises
        ------
        UnavailableError
            Where the file with their names cannot be read.
        """
        if self.model is not None:
            return labels_of(self.model) or None
        if self.origin == "hub":
            return None if self.path is None else labels_in_configuration(self.path / "config.json")
        return None if self.labels_path is None else labels_in_file(self.labels_path)

    @property
    def labels(self) -> tuple[str, ...] | None:
        """The names of its classes, in the order of its scores; None for a network without classes.

        Raises
        ------
        UnavailableError
            Where the file with their names cannot be read.
        """
        classes = self.classes
        return None if classes is None else tuple(label.name for label in classes)

    def availability(self) -> ModelAvailability:
        """Say whether it can run here. Nothing is loaded and nothing is downloaded."""
        try:
            if self.model is not None:
                verified_file(self.model)
            elif self.origin == "file":
                self._check_file()
            else:
                self._check_hub()
            check_device(by_torch=self.origin == "hub")
        except (SettingError, UnavailableError) as error:
            return ModelAvailability(False, error.message, error.remedy)
        return ModelAvailability(True)

    def _check_file(self) -> None:
        if self.path is None:
            raise UnavailableError(f"There is no file {self.name} with a network.", "Check its path.")
        if self.labels_path is not None:
            labels_in_file(self.labels_path)
        elif self.task in _WITH_CLASSES:
            raise UnavailableError(
                f"The names of the classes of {self.path.name} are not known.",
                f"Write them into {self.path.with_suffix('.labels.txt').name} beside it, one a line, in the order of "
                "its scores.",
            )

    def _check_hub(self) -> None:
        missing = missing_packages()
        if missing:
            raise UnavailableError(f"The model {self.name} needs {' and '.join(missing)}.", INSTALL)
        if self.path is None:
            wanted = f" --revision {self.revision}" if self.revision else ""
            raise UnavailableError(
                f"The model {self.identifier} is not on this machine.",
                f"Fetch it with: tidymedia models fetch {self.name}{wanted}",
            )
        remedy = (
            f"Fetch it again with: tidymedia models fetch {self.name} --revision {self.revision}"
            if "/" in self.name
            else "Save the model anew with save_pretrained."
        )
        if fault := fault_of(self.path):
            raise UnavailableError(fault, remedy)
        try:
            damaged = damaged_files(self.path)
        except OSError as error:
            raise UnavailableError(
                f"{self.path} cannot be read: {error.strerror}.", "Check who may read it."
            ) from error
        if damaged:
            raise UnavailableError(
                f"{self.path / damaged[0]} is not the file of the model {self.identifier}: its digest is another one.",
                remedy,
            )
