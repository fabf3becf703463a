"""Where the bytes of a medium are: a place that a worker process can open."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import BinaryIO, ClassVar

__all__ = ["Location"]


class Location(ABC):
    """A place that holds the bytes of one medium.

    A location is written as a dictionary of strings and numbers, so that it can be sent to a worker
    process without pickle; :func:`tidymedia.media.locations.location_from_dict` reads it.
    """

    __slots__ = ()

    scheme: ClassVar[str]
    """Name of the kind of place: ``"file"``, ``"member"`` or ``"remote"``."""

    @property
    @abstractmethod
    def name(self) -> str:
        """Name of the file for messages and for its suffix."""

    @property
    def local_path(self) -> Path | None:
        """Path on this machine for libraries that want one; None where the bytes are elsewhere."""
        return None

    @abstractmethod
    def open(self) -> BinaryIO:
        """Open the bytes for reading, seekable.

        Raises
        ------
        UnreadableError
            Where the file is missing, has vanished, or may not be read.
        OverLimitError
            Where the file is larger than the limits that it was found with.
        """

    @abstractmethod
    def to_dict(self) -> dict[str, object]:
        """Return the location as a dictionary with its ``scheme``."""
