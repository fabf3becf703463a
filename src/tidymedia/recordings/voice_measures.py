"""How the voices of one recording sound."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidymedia.recordings.extracting import RecordingSource, extracted

if TYPE_CHECKING:
    import pandas as pd

    from tidymedia.media.settings import Limits

__all__ = ["voice"]


def voice(
    source: RecordingSource,
    segments: str = "speech",
    *,
    channel: str | int = "mix",
    pitch_range: str = "fixed",
    pitch_floor: float = 75.0,
    pitch_ceiling: float = 500.0,
    max_formant: float = 5500.0,
    min_ms: int = 200,
    limits: Limits | None = None,
) -> pd.DataFrame:
    """Measure how the voices of a recording or film sound, with Praat: pitch, intensity, voice quality, rate.

    For a folder of recordings use the extractor ``voice`` (``tidymedia analyze --with voice``); it gives the same
    rows. Praat comes with ``pip install 'tidymedia[voice]'``.

    Parameters
    ----------
    source : str, Path, bytes or file object
        A path or an address, the bytes of a file, or an open binary file.
    segments : str, default "speech"
        What a row is about: ``"speech"`` for each stretch of speech, ``"transcripts"`` for each segment of a
        transcript, a length such as ``"2s"`` for windows one after the other, or ``"medium"`` for all of it.
    channel : str or int, default "mix"
        Which channel is heard: ``"mix"`` for all of them as one, ``"left"``, ``"right"``, or a number from 1.
    pitch_range : {"fixed", "auto"}, default "fixed"
        ``"auto"`` finds the range of pitch in a first pass, for recordings of one speaker.
    pitch_floor, pitch_ceiling : float, default 75 and 500
        Lowest and highest pitch that is looked for, in Hz.
    max_formant : float, default 5500
        Up to where five formants are looked for, in Hz.
    min_ms : int, default 200
        Shortest segment that is measured, in milliseconds; shorter ones have a row without measures.
    limits : Limits or None, default None
        How long and large the file may be.

    Returns
    -------
    pandas.DataFrame
        A row a segment, as in the table ``voice``: ``segment``, ``start_ms``, ``end_ms``, ``source``,
        ``source_segment``, the measures and ``model``.

    Raises
    ------
    UsageError
        Where an argument is none that there is.
    UnavailableError
        Where Praat is not installed.
    MediumError
        Where the file cannot be opened or has no sound.

    Notes
    -----
    The measures describe sound, and no emotions. Compare within speakers: see :meth:`Study.standardize_voice`.

    Source: Boersma, P., & Weenink, D., Praat; Dietrich, Hayes & O'Brien (2019), American Political Science Review,
    113(4), 941-962.

    Examples
    --------
    >>> import tidymedia as tm
    >>> table = tm.voice("interview.wav", segments="2s", channel="left")  # doctest: +SKIP
    >>> table[["start_ms", "pitch_mean", "intensity_mean"]]  # doctest: +SKIP
    """
    given = {
        "segments": segments,
        "channel": str(channel),
        "pitch_range": pitch_range,
        "pitch_floor": pitch_floor,
        "pitch_ceiling": pitch_ceiling,
        "max_formant": max_formant,
        "min_ms": min_ms,
    }
    return extracted(source, "voice", given, function="tm.voice", limits=limits)["voice"]
