"""What is said in recordings and films, written down by Whisper on this machine."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar

from tidymedia.errors import SettingError, UnavailableError
from tidymedia.extractors.base import Availability, Row, SoundExtractor
from tidymedia.extractors.parameters import Parameters
from tidymedia.extractors.sound_damage import UntilDamage
from tidymedia.extractors.transcript_parameters import TranscriptsParameters
from tidymedia.extractors.transcript_tables import TRANSCRIPTS, WORDS
from tidymedia.models.whisper_names import language_tag, whisper_language
from tidymedia.tables import Table

if TYPE_CHECKING:
    from tidymedia.extractors.transcript_segments import Segment
    from tidymedia.media.sound import Sound
    from tidymedia.models.speech_stretches import Stretch
    from tidymedia.models.whisper import ChosenWhisper
    from tidymedia.models.whisper_network import HeardText, Whisper

__all__ = ["Transcripts", "TranscriptsParameters"]

_DETECTED_IN = 4
_CERTAIN = 0.5
"""faster-whisper's own limit: a language that scores higher is taken without listening on."""

Language = tuple[str, float | None]


class Transcripts(SoundExtractor):
    """Writes down what is said, with the time of every sentence and word, and flags what may be made up.

    Sound is streamed. A voice detector finds where someone speaks, and Whisper writes it down in stretches of up to 30
    seconds, several side by side, without sampling: the same sound gives the same text.

    Parameters
    ----------
    parameters : TranscriptsParameters
        How speech is written down.

    Examples
    --------
    >>> Transcripts(TranscriptsParameters(language="pt-BR")).parameters.language
    'pt'
    """

    name = "transcripts"
    version = 1
    title = "What is said: sentences and words with their times, written down by Whisper on this machine."
    caveat = (
        "A transcript is what a network takes the sound for. It errs most on names, rare words, dialects, speech of "
        "several people at once, children, noise and music, and in languages with little of its training data. It "
        "writes fluent text, leaves out hesitations, and sometimes makes up whole sentences that nobody said (Koenecke "
        "et al. 2024 found them in about one in a hundred recordings, more often of people with long pauses). "
        "Recognisers of speech also err more for some groups of people than for others, such as Black speakers in the "
        "United States (Koenecke et al. 2020); how unequal this model is for your speakers is not known. The flags "
        "point to some of the made-up text, not to all of it, and to some that is right. What the voice detector does "
        "not hear as speech is not transcribed: set vad=false for song and whispering. Check a sample by hand, in each "
        "group of speakers that you compare, and quote from the sound."
    )
    citation = (
        "Radford, A., Kim, J. W., Xu, T., Brockman, G., McLeavey, C., & Sutskever, I. (2023). Robust speech "
        "recognition via large-scale weak supervision. ICML 2023, PMLR 202, 28492-28518.\n"
        "Koenecke, A., Nam, A., Lake, E., Nudell, J., Quartey, M., Mengesha, Z., Toups, C., Rickford, J. R., Jurafsky, "
        "D., & Goel, S. (2020). Racial disparities in automated speech recognition. PNAS, 117(14), 7684-7689 (for whom "
        "transcripts are wrong).\n"
        "Koenecke, A., Choi, A. S. G., Mei, K. X., Schellmann, H., & Sloane, M. (2024). Careless Whisper: Speech-to-"
        "text hallucination harms. FAccT 2024, 1672-1681 (text that nobody said).\n"
        "Silero Team (2021). Silero VAD. https://github.com/snakers4/silero-vad (the voice detector)."
    )
    relative_cost = 300.0
    tables: ClassVar[tuple[Table, ...]] = (TRANSCRIPTS, WORDS)
    parameters_type: ClassVar[type[Parameters]] = TranscriptsParameters
    parameters: TranscriptsParameters

    def __init__(self, parameters: Parameters) -> None:
        super().__init__(parameters)
        self._whisper: Whisper | None = None

    @functools.cached_property
    def chosen(self) -> ChosenWhisper:
        """The model that the parameters name; it may not be there.

        Raises
        ------
        SettingError
            Where they cannot name one.
        """
        from tidymedia.models.whisper import choose_whisper

        return choose_whisper(self.parameters.model, self.parameters.revision or None)

    @property
    def model(self) -> str:
        """The Whisper model and its revision."""
        return self.chosen.identifier

    @property
    def model_hash(self) -> str:
        """The SHA-256 of the files of the model and of the voice detector, which comes with faster-whisper."""
        from tidymedia.models.whisper import voice_detector_sha256

        return f"{self.model} {self.chosen.sha256} {voice_detector_sha256()}"

    def availability(self) -> Availability:
        """Say whether faster-whisper, the model and the device are there; nothing is downloaded."""
        return Availability(*self.chosen.availability())

    def load(self) -> None:
        """Load the model.

        Raises
        ------
        UnavailableError
            Where something is not there, or the model cannot be loaded.
        SettingError
            Where the model does not know the language.
        """
        from tidymedia.models.whisper_network import load_whisper

        whisper = load_whisper(self.chosen)
        wanted = whisper_language(self.parameters.language)
        if wanted and wanted not in whisper.languages:
            alone = whisper.languages == ("en",)
            raise SettingError(
                f"The model {self.model} knows {'English alone' if alone else 'other languages'}, not {wanted}.",
                f"Choose another model, such as {'base' if alone else 'large-v3'}.",
            )
        if self.parameters.translate and whisper.languages == ("en",):
            raise SettingError(
                f"The model {self.model} knows English alone and cannot translate.",
                "Choose a model for many languages, such as base.",
            )
        self._whisper = whisper

    def from_sound(self, sound: Sound) -> Iterator[Row]:
        """Give a row a sentence, and one a word, up to where the file is damaged."""
        from tidymedia.extractors.transcript_flags import flag

        heard = UntilDamage(sound)
        segments = list(self._segments(sound, heard))
        flag(segments, translated=self.parameters.translate)
        for number, segment in enumerate(segments):
            yield Row("transcripts", {"segment": number, **self._values(segment)})
            for place, word in enumerate(segment.words if self.parameters.words else ()):
                yield Row(
                    "words",
                    {
                        "segment": number,
                        "word": place,
                        "start_ms": word.start_ms,
                        "end_ms": word.end_ms,
                        "text": word.text,
                        "score": word.score,
                    },
                )
        heard.raise_damage()

    def _values(self, segment: Segment) -> dict[str, object]:
        spoken = language_tag(segment.language)
        return {
            "start_ms": segment.start_ms,
            "end_ms": segment.end_ms,
            "text": segment.text,
            "lang": "en" if self.parameters.translate else spoken,
            "spoken_lang": spoken,
            "lang_score": segment.language_score,
            "score": segment.score,
            "no_speech_score": segment.heard.no_speech_score,
            "compression_ratio": segment.heard.compression_ratio,
            "words": segment.word_count,
            "flags": ",".join(segment.flags) or None,
            "task": "translate" if self.parameters.translate else "transcribe",
        }

    def _segments(self, sound: Sound, until_damage: UntilDamage) -> Iterator[Segment]:
        from tidymedia.models.speech_stretches import stretches_of

        given = self.parameters
        language: Language | None = None
        waiting: list[Stretch] = []
        stretches = stretches_of(
            until_damage.blocks(), window_s=given.window * 60, only_speech=given.vad, tick=sound.tick
        )
        for stretch in stretches:
            waiting.append(stretch)
            if len(waiting) >= (given.batch_size if language else max(given.batch_size, _DETECTED_IN)):
                language = language or self._language(waiting, sound)
                yield from self._heard(waiting, language, sound)
                waiting = []
        if waiting:
            yield from self._heard(waiting, language or self._language(waiting, sound), sound)

    def _heard(self, stretches: Sequence[Stretch], language: Language, sound: Sound) -> Iterator[Segment]:
        """Write down some stretches, those in one language side by side."""
        from tidymedia.extractors.transcript_segments import segments_of
        from tidymedia.extractors.transcript_ticking import ticking
        from tidymedia.models.whisper_network import Decoding

        given = self.parameters
        languages = [language] * len(stretches)
        if given.detect == "stretch" and self._detects:
            languages = [self._language([stretch], sound) for stretch in stretches]
        texts: dict[int, HeardText] = {}
        for code in dict.fromkeys(code for code, _ in languages):
            numbers = [number for number, (other, _) in enumerate(languages) if other == code]
            how = Decoding(code, given.translate, given.beam_size, given.batch_size, given.prompt, given.hotwords)
            sound.tick()
            with ticking(sound.tick):
                heard = self._loaded.write_down([stretches[number].samples() for number in numbers], how)
            texts.update(zip(numbers, heard, strict=True))
        for number, stretch in enumerate(stretches):
            yield from segments_of(stretch, texts[number], *languages[number], translated=given.translate)

    def _language(self, stretches: Sequence[Stretch], sound: Sound) -> Language:
        """Return the language that is spoken, and its score where it was detected.

        The first stretch in which one language scores higher than 0.5 decides, among the first four; else the mean of
        these.
        """
        if not self._detects:
            return whisper_language(self.parameters.language) or self._loaded.languages[0], None
        from tidymedia.extractors.transcript_ticking import ticking

        totals: dict[str, float] = {}
        listened = stretches[:_DETECTED_IN]
        for stretch in listened:
            sound.tick()
            with ticking(sound.tick):
                scores = self._loaded.language_scores(stretch.samples())
            best = max(scores, key=lambda code: scores[code])
            if scores[best] > _CERTAIN:
                return best, scores[best]
            for code, score in scores.items():
                totals[code] = totals.get(code, 0.0) + score / len(listened)
        best = max(totals, key=lambda code: totals[code])
        return best, totals[best]

    @property
    def _detects(self) -> bool:
        """Whether the language is to be detected."""
        return not self.parameters.language and len(self._loaded.languages) > 1

    @property
    def _loaded(self) -> Whisper:
        if self._whisper is None:
            raise UnavailableError("The extractor transcripts has no model yet.", "Call load() first.")
        return self._whisper
