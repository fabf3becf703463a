"""Whisper in memory: it detects languages and turns stretches of speech into words with times."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tidymedia.errors import ExtractionError, UnavailableError
from tidymedia.models.sessions import default_threads
from tidymedia.models.speech_stretches import RATE, STRETCH_S
from tidymedia.models.whisper import ChosenWhisper, check_whisper_device

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Decoding", "HeardText", "HeardWord", "Whisper", "load_whisper"]

_ERRORS = (RuntimeError, ValueError)
"""What CTranslate2 raises."""


@dataclass(frozen=True, slots=True)
class Decoding:
    """How Whisper writes down what it hears.

    Parameters
    ----------
    language : str
        Whisper's code of the language that is spoken.
    translate : bool, default False
        Whether to write its translation to English instead.
    beam_size : int, default 5
        How many ways to go on it weighs at each word.
    batch_size : int, default 4
        How many stretches it hears side by side.
    prompt : str, default ""
        Text as if it had been said before.
    hotwords : str, default ""
        Words that are likely to be said.
    """

    language: str
    translate: bool = False
    beam_size: int = 5
    batch_size: int = 4
    prompt: str = ""
    hotwords: str = ""


@dataclass(frozen=True, slots=True)
class HeardWord:
    """A word.

    Parameters
    ----------
    text : str
        The word as it was written, with the space before it, if there is one.
    start, end : float
        When it begins and has ended, in seconds from the beginning of its stretch.
    score : float
        Mean of what the network gave for its parts, 0 to 1.
    """

    text: str
    start: float
    end: float
    score: float


@dataclass(frozen=True, slots=True)
class HeardText:
    """What was heard in a stretch.

    Parameters
    ----------
    text : str
        The text.
    words : tuple of HeardWord
        Its words; together they are the text. Empty where they could not be found in the sound.
    no_speech_score : float
        How strongly the network holds that nobody speaks, 0 to 1.
    mean_log_score : float
        Mean of the logarithms of the scores of its tokens.
    compression_ratio : float
        Size of the text by its size after compression.
    """

    text: str
    words: tuple[HeardWord, ...]
    no_speech_score: float
    mean_log_score: float
    compression_ratio: float


class Whisper:
    """A Whisper model that is loaded; :func:`load_whisper` gives one.

    Parameters
    ----------
    folder : pathlib.Path
        Its files.
    identifier : str
        Its name and revision, for messages.
    device : str
        What it runs on.
    compute_type : str
        With what numbers it computes.
    threads : int
        How many threads it uses.

    Raises
    ------
    UnavailableError
        Where it cannot be loaded.
    """

    def __init__(self, folder: Path, identifier: str, device: str, compute_type: str, threads: int) -> None:
        from faster_whisper import BatchedInferencePipeline, WhisperModel

        self.identifier = identifier
        self.device = device
        try:
            self._model = WhisperModel(
                str(folder), device=device, compute_type=compute_type, cpu_threads=threads, local_files_only=True
            )
        except _ERRORS as error:
            raise UnavailableError(
                f"The Whisper model {identifier} cannot be loaded: {error}",
                "Check that it is whole, and in the form of CTranslate2.",
            ) from error
        self._pipeline = BatchedInferencePipeline(self._model)

    @property
    def languages(self) -> tuple[str, ...]:
        """Whisper's codes of the languages that it knows; English alone for models such as ``base.en``."""
        known = self._model.supported_languages
        # faster-whisper names all that any Whisper model knows, also Cantonese, which came with large-v3.
        if len(known) > 1:
            known = [code for code in known if self._model.hf_tokenizer.token_to_id(f"<|{code}|>") is not None]
        return tuple(known)

    def language_scores(self, samples: NDArray[np.float32]) -> dict[str, float]:
        """Say which language is spoken in the first 30 seconds of a sound.

        Parameters
        ----------
        samples : numpy.ndarray
            The sound, 16,000 samples a second, one channel.

        Returns
        -------
        dict of str to float
            A score for each language that it knows, by Whisper's code; they sum to 1.

        Raises
        ------
        ExtractionError
            Where the network fails.
        """
        try:
            _, _, scores = self._model.detect_language(audio=samples, language_detection_segments=1)
        except _ERRORS as error:
            raise ExtractionError(f"The Whisper model {self.identifier} failed: {error}") from error
        return {str(language): float(score) for language, score in scores}

    def write_down(self, sounds: Sequence[NDArray[np.float32]], how: Decoding) -> list[HeardText]:
        """Write down what is said in some stretches of sound.

        No sampling takes part, so that the same sound gives the same text.

        Parameters
        ----------
        sounds : sequence of numpy.ndarray
            The stretches, each of up to 30 seconds, 16,000 samples a second, one channel.
        how : Decoding
            How to write.

        Returns
        -------
        list of HeardText
            What was heard in each of them.

        Raises
        ------
        ExtractionError
            Where the network fails.
        """
        import numpy as np

        if not sounds:
            return []
        # Each stretch lies at the beginning of a slot of its own, so that its times count from there.
        audio = np.zeros(len(sounds) * STRETCH_S * RATE, np.float32)
        for number, samples in enumerate(sounds):
            start = number * STRETCH_S * RATE
            audio[start : start + len(samples)] = samples
        clips = [
            {"start": number * STRETCH_S, "end": number * STRETCH_S + len(samples) / RATE}
            for number, samples in enumerate(sounds)
        ]
        try:
            found, _ = self._pipeline.transcribe(
                audio,
                language=how.language,
                task="translate" if how.translate else "transcribe",
                beam_size=how.beam_size,
                batch_size=how.batch_size,
                temperature=0.0,
                initial_prompt=how.prompt or None,
                hotwords=how.hotwords or None,
                word_timestamps=True,
                clip_timestamps=clips,
            )
            segments = list(found)
        except _ERRORS as error:
            raise ExtractionError(f"The Whisper model {self.identifier} failed: {error}") from error
        if len(segments) != len(sounds):
            raise ExtractionError(
                f"The Whisper model {self.identifier} gave {len(segments)} texts for {len(sounds)} stretches of sound.",
                "Update faster-whisper with: pip install --upgrade 'tidymedia[speech]'",
            )
        return [_heard(segment, number * STRETCH_S) for number, segment in enumerate(segments)]


def load_whisper(chosen: ChosenWhisper, *, threads: int | None = None) -> Whisper:
    """Load a Whisper model, or return the one that this process has loaded.

    Parameters
    ----------
    chosen : ChosenWhisper
        The model.
    threads : int or None, default None
        How many threads it may use; None for as many as ``models.sessions.default_threads`` says.

    Returns
    -------
    Whisper
        The model. It runs on what ``TIDYMEDIA_DEVICE`` names, else on the CPU; never on another device instead.

    Raises
    ------
    UnavailableError
        Where faster-whisper, the model or the device is not there, or the model cannot be loaded.
    """
    found = chosen.availability()
    if not found.installed:
        raise UnavailableError(found.missing, found.remedy)
    device, compute_type = check_whisper_device()
    return _loaded(chosen.files(), chosen.identifier, device, compute_type, threads or default_threads())


@functools.lru_cache(maxsize=1)
def _loaded(folder: Path, identifier: str, device: str, compute_type: str, threads: int) -> Whisper:
    return Whisper(folder, identifier, device, compute_type, threads)


def _heard(segment: Any, offset: float) -> HeardText:
    words = tuple(
        HeardWord(
            str(word.word),
            round(float(word.start) - offset, 3),  # as in the first slot, to the last digit
            round(float(word.end) - offset, 3),
            float(word.probability),
        )
        for word in segment.words or ()
    )
    return HeardText(
        str(segment.text),
        words,
        float(segment.no_speech_prob),
        float(segment.avg_logprob),
        float(segment.compression_ratio),
    )
