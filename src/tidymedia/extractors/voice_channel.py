"""One channel of a sound: in many interviews each speaker has a microphone and a channel of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from tidymedia.errors import ExtractionError, SettingError
from tidymedia.media.sound import Sound, SoundBlock, SoundFormat

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["MIX", "OneChannel", "channel_format", "channel_index", "chosen_channel"]

MIX: Final = "mix"
"""The value of the parameter ``channel`` that takes all channels together."""

_NAMED: Final = {"left": 0, "right": 1}


def channel_index(channel: str) -> int | None:
    """Read a parameter ``channel``.

    Parameters
    ----------
    channel : str
        ``"mix"``, ``"left"``, ``"right"`` or a number from 1.

    Returns
    -------
    int or None
        The number of the channel from 0; None for the mix of all.

    Raises
    ------
    SettingError
        Where the text is none of these.

    Examples
    --------
    >>> channel_index("right"), channel_index("3"), channel_index("mix")
    (1, 2, None)
    """
    cleaned = channel.strip().lower()
    if cleaned == MIX:
        return None
    if cleaned in _NAMED:
        return _NAMED[cleaned]
    if cleaned.isascii() and cleaned.isdigit() and 1 <= int(cleaned) <= 64:
        return int(cleaned) - 1
    raise SettingError(
        f"There is no channel {channel!r}.", "Write mix, left, right, or the number of a channel from 1, such as 2."
    )


def channel_format(index: int | None) -> SoundFormat:
    """Return the form of a sound at its own rate: all channels as one, or each by itself."""
    return SoundFormat(rate=None, channels=1 if index is None else None)


def chosen_channel(sound: Sound, index: int | None) -> Sound:
    """Return one channel of a sound.

    Parameters
    ----------
    sound : Sound
        The sound, in the form that :func:`channel_format` names.
    index : int or None
        Which channel, from 0; None for a sound that is mixed already.

    Raises
    ------
    ExtractionError
        Where it has fewer channels.
    """
    if index is None:
        return sound
    if index >= sound.channels:
        has = "one channel" if sound.channels == 1 else f"{sound.channels} channels"
        raise ExtractionError(
            f"The sound has {has}, so there is no channel {index + 1}.",
            "Choose another one, or --set voice.channel=mix for all of them together.",
        )
    return OneChannel(sound, index)


class OneChannel(Sound):
    """One channel of a sound with several.

    Parameters
    ----------
    sound : Sound
        The sound.
    index : int
        Which channel, from 0.
    """

    def __init__(self, sound: Sound, index: int) -> None:
        self._sound, self._index = sound, index
        self.rate, self.channels, self.duration_ms = sound.rate, 1, sound.duration_ms
        self.upstream: Mapping[str, Sequence[Mapping[str, object]]] = sound.upstream

    def tick(self) -> None:
        """Say that work goes on; see :meth:`Sound.tick`."""
        self._sound.tick()

    def blocks(self, seconds: float = 30.0) -> Iterator[SoundBlock]:
        """Stream the channel from its start; see :meth:`Sound.blocks`."""
        for block in self._sound.blocks(seconds):
            samples: NDArray[np.float32] = block.samples[:, self._index : self._index + 1].copy()
            yield SoundBlock(block.start_ms, samples)
