"""The sound of a damaged file, up to where it is damaged: what is heard before gives rows all the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tidymedia.errors import BrokenFileError

if TYPE_CHECKING:
    from tidymedia.media.sound import Sound, SoundBlock

__all__ = ["UntilDamage"]


class UntilDamage:
    """The blocks of a sound up to where its file is damaged.

    An extractor that gives its rows at the end streams these blocks, gives its rows, and calls
    :meth:`raise_damage` last: the rows stay, and the medium is ``partial``.

    Parameters
    ----------
    sound : Sound
        The sound.
    """

    def __init__(self, sound: Sound) -> None:
        self._sound = sound
        self._damage: BrokenFileError | None = None

    def blocks(self, seconds: float = 30.0) -> Iterator[SoundBlock]:
        """Stream the sound; see ``Sound.blocks``. Damage ends it without an error.

        Parameters
        ----------
        seconds : float, default 30.0
            Length of a block.

        Yields
        ------
        SoundBlock
            The next stretch of sound.
        """
        try:
            yield from self._sound.blocks(seconds)
        except BrokenFileError as error:
            self._damage = error

    def raise_damage(self) -> None:
        """Raise what ended the stream before its time.

        Raises
        ------
        BrokenFileError
            Where the file is damaged.
        """
        if self._damage is not None:
            raise self._damage
