"""What an extractor is: it turns pictures, sound or the file itself into rows."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from tidymedia.extractors.parameters import Parameters
from tidymedia.media.kinds import Kind
from tidymedia.media.medium import Medium
from tidymedia.media.picture import ANALYSIS, Picture, SizeClass
from tidymedia.media.sound import Sound, SoundFormat
from tidymedia.tables import Table

__all__ = ["Availability", "Extractor", "MediumExtractor", "PictureExtractor", "Row", "SoundExtractor"]


class Row(NamedTuple):
    """One row of one table, without its identity and provenance, which are added to it.

    A key that the values leave out is counted from 0 within its picture or medium.

    Parameters
    ----------
    table : str
        Name of the table.
    values : mapping of str to object
        Values by column.

    Examples
    --------
    >>> Row("faces", {"score": 0.9}).table
    'faces'
    """

    table: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether an extractor can run here.

    Parameters
    ----------
    installed : bool
        Whether all that it needs is there.
    missing : str, default ""
        What is not there, as a sentence.
    remedy : str, default ""
        The command that gets it, as a sentence.
    """

    installed: bool
    missing: str = ""
    remedy: str = ""


class Extractor(ABC):
    """Base of all extractors. Derive from one of its three kinds, not from it.

    An extractor is one file and one line in the registry. Its class says what it makes, its instance
    holds parameters and, after :meth:`load`, its model.

    Parameters
    ----------
    parameters : Parameters
        How to extract; an instance of ``parameters_type``.
    """

    name: ClassVar[str]
    """Its name on the command line."""
    version: ClassVar[int] = 1
    """Raised whenever its rows change: rows of another version are made anew."""
    title: ClassVar[str]
    """What it measures, in one sentence."""
    caveat: ClassVar[str] = ""
    """Where the method is weak, for codebook and report; empty where nothing needs saying."""
    citation: ClassVar[str] = ""
    """What to cite for the method, one source a line."""
    relative_cost: ClassVar[float] = 1.0
    """About how long it takes a picture, as a multiple of what ``pixels`` takes; for estimates."""
    tables: ClassVar[tuple[Table, ...]]
    """The tables that it fills."""
    kinds: ClassVar[frozenset[Kind]]
    """The kinds of media that it can say something about; others are skipped as not applicable."""
    needs: tuple[str, ...] = ()
    """Names of the extractors whose rows it builds on; an instance may change them after its parameters."""
    parameters_type: ClassVar[type[Parameters]] = Parameters

    def __init__(self, parameters: Parameters) -> None:
        self.parameters = parameters

    @property
    def model(self) -> str | None:
        """Name and revision of its model, as ``name@revision``; None for a formula."""
        return None

    @property
    def model_hash(self) -> str:
        """What of the model belongs into the fingerprint, such as its sha256."""
        return self.model or ""

    def availability(self) -> Availability:
        """Say whether it can run here with its parameters, without loading its model."""
        return Availability(installed=True)

    def load(self) -> None:
        """Load what it needs, once in each worker process, before the first medium."""


class MediumExtractor(Extractor):
    """An extractor that looks at the file as a whole."""

    @abstractmethod
    def from_medium(self, medium: Medium) -> Iterator[Row]:
        """Turn a medium into rows.

        Parameters
        ----------
        medium : Medium
            The open file.

        Yields
        ------
        Row
            A row of one of its tables.
        """


class PictureExtractor(Extractor):
    """An extractor that looks at one picture at a time."""

    kinds: ClassVar[frozenset[Kind]] = frozenset({Kind.IMAGE, Kind.DOCUMENT, Kind.VECTOR, Kind.VIDEO})

    @property
    def size(self) -> SizeClass:
        """The size class at which it looks."""
        return ANALYSIS

    def wants_image(self, picture: Picture) -> bool:
        """Say whether it will look at the image of this picture; if not, none is decoded for it.

        Parameters
        ----------
        picture : Picture
            The picture.

        Returns
        -------
        bool
            Whether it will.
        """
        return True

    def wants_more(self, index: int) -> bool:
        """Say whether it wants to see the pictures of a medium from a number on.

        Parameters
        ----------
        index : int
            Number of the next picture.

        Returns
        -------
        bool
            Whether it does; when no extractor does, the rest of the medium is not decoded.
        """
        return True

    @abstractmethod
    def from_picture(self, picture: Picture) -> Iterator[Row]:
        """Turn a picture into rows.

        Parameters
        ----------
        picture : Picture
            The picture; ask it for ``picture.image(self.size)``.

        Yields
        ------
        Row
            A row of one of its tables; boxes in pixels of the picture (see ``picture.box_from``).
        """


class SoundExtractor(Extractor):
    """An extractor that listens to the sound of a medium."""

    kinds: ClassVar[frozenset[Kind]] = frozenset({Kind.VIDEO, Kind.AUDIO})

    @property
    def sound_format(self) -> SoundFormat:
        """The rate and the channels that it wants."""
        return SoundFormat(rate=16_000, channels=1)

    @abstractmethod
    def from_sound(self, sound: Sound) -> Iterator[Row]:
        """Turn a sound into rows.

        Parameters
        ----------
        sound : Sound
            The sound, streamed by ``sound.blocks()``.

        Yields
        ------
        Row
            A row of one of its tables.
        """
