"""Recordings: files of sound alone."""

from __future__ import annotations

from tidymedia.media.container import OpenFile
from tidymedia.media.container_properties import describe
from tidymedia.media.kinds import Kind
from tidymedia.media.location import Location
from tidymedia.media.medium import Medium, Tick
from tidymedia.media.properties import Properties
from tidymedia.media.settings import Limits, PictureSettings
from tidymedia.media.sound import SoundFormat
from tidymedia.media.sound_stream import StreamedSound

__all__ = ["Recording"]


class Recording(Medium):
    """A recording: MP3, WAV, FLAC, Ogg, Opus, M4A, WMA, AAC, AIFF, AMR and others that FFmpeg reads.

    It gives no pictures. The cover of an album that some recordings carry says something about the
    publisher, not about what is heard, so it is no picture of the study.

    Parameters
    ----------
    location : Location
        Where the file is.
    settings : PictureSettings
        Not used; recordings have no pictures.
    limits : Limits
        How long it may be.
    tick : callable
        Called while decoding.

    Raises
    ------
    MediumError
        Where the file cannot be opened.
    """

    kind = Kind.AUDIO

    def __init__(self, location: Location, settings: PictureSettings, limits: Limits, tick: Tick) -> None:
        self._limits = limits
        self._tick = tick
        self._file = OpenFile(location)
        try:
            self._container = self._file.container()
        except BaseException:
            self._file.close()
            raise

    def properties(self, *, gps: bool = False) -> Properties:
        """Describe the recording as its header does; see :meth:`Medium.properties`."""
        return describe(self._file, self._container, gps=gps)

    def sound(self, wanted: SoundFormat) -> StreamedSound | None:
        """Return the sound in the form asked for; None where the file has none."""
        return StreamedSound.of(self._file, wanted, self._limits, self._tick)

    def close(self) -> None:
        """Close the file."""
        self._container.close()
        self._file.close()
