"""A sound: the audio of a medium, streamed in blocks and never held whole."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Sound", "SoundBlock", "SoundFormat"]


@dataclass(frozen=True, slots=True)
class SoundFormat:
    """The form in which an extractor wants to hear.

    Parameters
    ----------
    rate : int or None, default None
        Samples a second; None keeps the recording's own.
    channels : int or None, default None
        1 mixes all channels into one; None keeps them.

    Examples
    --------
    >>> SoundFormat(rate=16_000, channels=1).rate
    16000
    """

    rate: int | None = None
    channels: int | None = None


@dataclass(frozen=True, slots=True)
class SoundBlock:
    """A stretch of sound.

    Parameters
    ----------
    start_ms : int
        Where it begins, in milliseconds from the start of the medium.
    samples : numpy.ndarray
        Array of shape (samples, channels), float32, -1 to 1.
    """

    start_ms: int
    samples: NDArray[np.float32]


class Sound(ABC):
    """The audio of a medium in the form that was asked for."""

    rate: int
    """Samples a second."""
    channels: int
    """Number of channels."""
    duration_ms: int | None
    """Length in milliseconds; None where the file does not say."""
    upstream: Mapping[str, Sequence[Mapping[str, object]]] = MappingProxyType({})
    """Rows of the extractors that the present one needs, by table."""

    def tick(self) -> None:
        """Say that work goes on; long computations call it, since what stands still for minutes is given up."""

    @abstractmethod
    def blocks(self, seconds: float = 30.0) -> Iterator[SoundBlock]:
        """Stream the sound from its start.

        Parameters
        ----------
        seconds : float, default 30.0
            Length of a block; the last one may be shorter.

        Yields
        ------
        SoundBlock
            The next stretch of sound, without gaps.
        """
