"""A medium that is open: a series of pictures and at most one sound."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType, TracebackType
from typing import Self

from tidymedia.media.kinds import Kind
from tidymedia.media.picture import BrokenPicture, Picture
from tidymedia.media.properties import Properties
from tidymedia.media.sound import Sound, SoundFormat

__all__ = ["Medium", "Tick", "no_tick"]

Tick = Callable[[], None]
"""Called by long loops to say that they are alive."""


def no_tick() -> None:
    """Do nothing: the tick of a medium that nobody watches."""


class Medium(ABC):
    """One file, open. Use it as a context manager.

    Attributes
    ----------
    kind : Kind
        What the file is.
    """

    kind: Kind
    upstream: Mapping[str, Sequence[Mapping[str, object]]] = MappingProxyType({})
    """Rows of the extractors that the present one needs, by table."""

    @abstractmethod
    def properties(self, *, gps: bool = False) -> Properties:
        """Describe the file as its header does, for the ``metadata`` table.

        Parameters
        ----------
        gps : bool, default False
            Whether to read where a photograph was taken.

        Returns
        -------
        Properties
            Values by the names of the columns of ``metadata``; what the kind does not have is left out.
        """

    def pictures(self, start: int = 0) -> Iterator[Picture | BrokenPicture]:
        """Give the pictures in order, one at a time.

        A picture that cannot be shown is a :class:`BrokenPicture`, and the next ones follow. An error
        raised by the iteration itself ends it: nothing can be shown after that point.

        Parameters
        ----------
        start : int, default 0
            First picture to give; the ones before it are passed over as cheaply as the format allows.

        Yields
        ------
        Picture or BrokenPicture
            The next picture. Its images must be used before the next one is asked for.
        """
        yield from ()

    def sound(self, wanted: SoundFormat) -> Sound | None:
        """Return the sound in the form asked for; None where the medium has none.

        Parameters
        ----------
        wanted : SoundFormat
            Rate and channels.

        Returns
        -------
        Sound or None
            The sound, to be streamed.
        """
        return None

    def close(self) -> None:
        """Close the file."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
