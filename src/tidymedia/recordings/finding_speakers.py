"""Who speaks when in one recording."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidymedia.recordings.extracting import RecordingSource, extracted

if TYPE_CHECKING:
    import pandas as pd

    from tidymedia.media.settings import Limits

__all__ = ["find_speakers"]


def find_speakers(
    source: RecordingSource,
    speakers: int | None = None,
    *,
    max_speakers: int = 10,
    min_distance: float = 0.52,
    min_speaker_ms: int = 3000,
    limits: Limits | None = None,
) -> pd.DataFrame:
    """Say who speaks when in a recording or film.

    For a folder of recordings use the extractor ``speakers`` (``tidymedia analyze --with speakers``); it gives the same
    rows.

    Parameters
    ----------
    source : str, Path, bytes or file object
        A path or an address, the bytes of a file, or an open binary file.
    speakers : int or None, default None
        How many people speak; None finds it. Give it where you know it: errors become fewer.
    max_speakers : int, default 10
        How many speakers are found at most.
    min_distance : float, default 0.52
        How far two voices lie apart at least: 1 minus the cosine of their mean vectors.
    min_speaker_ms : int, default 3000
        How long someone speaks at least to be told apart, in milliseconds.
    limits : Limits or None, default None
        How long and large the file may be.

    Returns
    -------
    pandas.DataFrame
        A row a stretch in which one person speaks, as in the table ``speakers``: ``segment``, ``start_ms``, ``end_ms``,
        ``speaker`` (``speaker_1``, ``speaker_2`` and so on, by their first words), ``score`` and ``model``.

    Raises
    ------
    UsageError
        Where an argument is out of its range.
    MediumError
        Where the file cannot be opened or has no sound.

    Notes
    -----
    People who speak at once get one name. Names hold within one recording.

    Source: Wang, H., Zheng, S., Chen, Y., Cheng, L., & Chen, Q. (2023). CAM++: A fast and efficient network for speaker
    verification using context-aware masking. Interspeech 2023.

    Examples
    --------
    >>> import tidymedia as tm
    >>> table = tm.find_speakers("interview.wav", speakers=2)  # doctest: +SKIP
    >>> table.groupby("speaker")["end_ms"].max()  # doctest: +SKIP
    """
    given = {
        "speakers": speakers or 0,
        "max_speakers": max_speakers,
        "min_distance": min_distance,
        "min_speaker_ms": min_speaker_ms,
    }
    return extracted(source, "speakers", given, function="tm.find_speakers", limits=limits)["speakers"]
