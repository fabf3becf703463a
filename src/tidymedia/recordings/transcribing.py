"""What is said in one recording or film, as a data frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from tidymedia.errors import UsageError
from tidymedia.recordings.extracting import RecordingSource, extracted

if TYPE_CHECKING:
    import pandas as pd

    from tidymedia.media.settings import Limits

__all__ = ["transcribe"]

_TABLES = {"segment": "transcripts", "word": "words"}


def transcribe(
    source: RecordingSource,
    unit: Literal["segment", "word"] = "segment",
    *,
    model: str = "base",
    revision: str = "",
    language: str = "",
    detect: Literal["medium", "stretch"] = "medium",
    translate: bool = False,
    vad: bool = True,
    beam_size: int = 5,
    batch_size: int = 4,
    prompt: str = "",
    hotwords: str = "",
    limits: Limits | None = None,
) -> pd.DataFrame:
    """Write down what is said in a recording or film, on this machine.

    For a folder use the extractor ``transcripts`` (``tidymedia analyze --with transcripts``); it gives the same rows.

    Parameters
    ----------
    source : str, Path, bytes or file object
        The recording or film: a path, an address, bytes, or an open binary file.
    unit : {"segment", "word"}, default "segment"
        Whether a row is a segment (a sentence, or the part of one up to a pause) or a word.
    model : str, default "base"
        The Whisper model: a short name (``"tiny"``, ``"base"``, ``"small"``, ``"medium"``, ``"large-v3"``, ``"turbo"``,
        ...), a model of the hub in the form of CTranslate2 as ``owner/name``, a folder with one, or ``package:name``.
        Models of the hub are fetched beforehand with ``tidymedia models fetch``.
    revision : str, default ""
        A commit, branch or tag of a model of the hub; empty for the one that was fetched.
    language : str, default ""
        Language that is spoken, as BCP 47 (``"en"``, ``"pt-BR"``); empty to have it detected.
    detect : {"medium", "stretch"}, default "medium"
        Whether the language is detected once, in the first speech, or anew for each stretch of up to 30 seconds.
    translate : bool, default False
        Whether the text is the translation to English of what was said.
    vad : bool, default True
        Whether only that is transcribed where the voice detector hears someone speak.
    beam_size : int, default 5
        How many ways to go on are weighed at each word; 1 is fastest.
    batch_size : int, default 4
        How many stretches of up to 30 seconds are transcribed side by side; more take more memory.
    prompt : str, default ""
        Text as if it had been said before each stretch: it leads spelling and style.
    hotwords : str, default ""
        Names and rare words that are likely to be said.
    limits : Limits or None, default None
        How long and large it may be.

    Returns
    -------
    pandas.DataFrame
        For segments: ``segment``, ``start_ms``, ``end_ms``, ``text``, ``lang``, ``spoken_lang``, ``lang_score``,
        ``score``, ``no_speech_score``, ``compression_ratio``, ``words``, ``flags``, ``task`` and ``model``; for words:
        ``segment``, ``word``, ``start_ms``, ``end_ms``, ``text``, ``score`` and ``model``. Times are milliseconds from
        the start of the medium. No rows where nothing is said.

    Raises
    ------
    UsageError
        Where an argument is out of its range.
    UnavailableError
        Where faster-whisper (the extra ``speech``) or the model is not there.
    MediumError
        Where the file cannot be opened or has no sound.

    Notes
    -----
    Flagged text may be made up: see the column ``flags`` in the codebook. Names, dialects and several people at once
    are weak points, and errors are more frequent for some groups of speakers than for others.

    Source: Radford et al. 2023; section 14.1 of the textbook.

    Examples
    --------
    >>> import tidymedia as tm
    >>> said = tm.transcribe("interview.mp3", language="en")  # doctest: +SKIP
    >>> said.loc[said["flags"].isna(), ["start_ms", "text"]]  # doctest: +SKIP
    >>> words = tm.transcribe("interview.mp3", "word", language="en")  # doctest: +SKIP
    """
    if unit not in _TABLES:
        raise UsageError(f"A transcript has no unit {unit!r}.", "Choose segment or word.")
    given = {
        "model": model,
        "revision": revision,
        "language": language,
        "detect": detect,
        "translate": translate,
        "words": unit == "word",
        "vad": vad,
        "beam_size": beam_size,
        "batch_size": batch_size,
        "prompt": prompt,
        "hotwords": hotwords,
    }
    return extracted(source, "transcripts", given, function="tm.transcribe", limits=limits)[_TABLES[unit]]
