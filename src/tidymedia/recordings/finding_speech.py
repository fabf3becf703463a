"""Where someone speaks in one recording."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidymedia.recordings.extracting import RecordingSource, extracted

if TYPE_CHECKING:
    import pandas as pd

    from tidymedia.media.settings import Limits

__all__ = ["find_speech"]


def find_speech(
    source: RecordingSource,
    *,
    min_speech_score: float = 0.3,
    min_music_score: float = 0.5,
    silence_level: float = -45.0,
    min_speech_ms: int = 250,
    min_pause_ms: int = 250,
    max_pause_ms: int = 5000,
    padding_ms: int = 0,
    min_other_ms: int = 500,
    limits: Limits | None = None,
) -> pd.DataFrame:
    """Say where there is speech, music or silence in a recording or film.

    For a folder of recordings use the extractor ``speech`` (``tidymedia analyze --with speech``); it gives the same
    rows.

    Parameters
    ----------
    source : str, Path, bytes or file object
        A path or an address, the bytes of a file, or an open binary file.
    min_speech_score : float, default 0.3
        From which score on it is speech, 0 to 1. Raise it where noise counts as speech.
    min_music_score : float, default 0.5
        From which score on it is music, 0 to 1.
    silence_level : float, default -45
        What is neither speech nor music and below this level is silence, in decibels below full scale; so is music
        that is fainter by another 20 decibels.
    min_speech_ms : int, default 250
        Shorter stretches are no speech, in milliseconds.
    min_pause_ms : int, default 250
        Shorter pauses are part of the speech around them, in milliseconds.
    max_pause_ms : int, default 5000
        Longer stretches between speech are no pauses, in milliseconds.
    padding_ms : int, default 0
        By how much speech is made longer at both ends, in milliseconds.
    min_other_ms : int, default 500
        Shorter stretches of music, silence or other sound go into their neighbour, in milliseconds.
    limits : Limits or None, default None
        How long and large the file may be.

    Returns
    -------
    pandas.DataFrame
        A row a segment, as in the table ``speech``: ``segment``, ``start_ms``, ``end_ms``, ``kind`` (``speech``,
        ``music``, ``silence`` or ``other``), ``score``, ``speech_score``, ``singing_score``, ``music_score``,
        ``level``, ``pause_ms`` and ``model``. The segments cover the recording without gaps and without overlaps.

    Raises
    ------
    UsageError
        Where an argument is out of its range.
    MediumError
        Where the file cannot be opened or has no sound.

    Notes
    -----
    Two networks are heard: Silero VAD and the audio event detection of FireRedVAD. Speech over music is speech.

    Examples
    --------
    >>> import tidymedia as tm
    >>> table = tm.find_speech("examples/media/recordings/sense_and_sensibility.flac")  # doctest: +SKIP
    >>> table.loc[table["kind"] == "speech", "pause_ms"].mean()  # doctest: +SKIP
    """
    given = {
        "min_speech_score": min_speech_score,
        "min_music_score": min_music_score,
        "silence_level": silence_level,
        "min_speech_ms": min_speech_ms,
        "min_pause_ms": min_pause_ms,
        "max_pause_ms": max_pause_ms,
        "padding_ms": padding_ms,
        "min_other_ms": min_other_ms,
    }
    return extracted(source, "speech", given, function="tm.find_speech", limits=limits)["speech"]
