"""From the words of a stretch of speech to segments: sentences, and parts of them up to a pause."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tidymedia.extractors.transcript_times import moved_to_speech
from tidymedia.models.speech_stretches import RATE
from tidymedia.models.whisper_names import WORDS_WITHOUT_SPACES
from tidymedia.models.whisper_network import HeardWord

if TYPE_CHECKING:
    from tidymedia.models.speech_stretches import Stretch
    from tidymedia.models.whisper_network import HeardText

__all__ = ["Segment", "TimedWord", "segments_of"]

_PAUSE_MS = 1_000
"""A pause that ends a segment. Within running speech pauses are mostly shorter (Campione & Véronis 2002)."""

_OPENING = "\"'\u2018\u201c\u201e«([{¿¡"
_CLOSING = "\"'\u2019\u201d»)]}」』"
# After the full stops of Latin script: those of Chinese and Japanese, Arabic, Urdu, Indian scripts, Armenian,
# Ethiopian, Khmer.
_ENDS = (".", "?", "!", "…", *"\u3002\uff0e\uff1f\uff01\u061f\u06d4\u0964\u0965\u0589\u1362\u17d4")
_LISTED = (
    "mr mrs ms dr prof st jr sr vs vol fig approx dept gen col lt sgt rev hon gov sen rep capt messrs "
    "hr fr nr bzw ca usw vgl evtl ggf bd str sog inkl "
    "mme mlle mm av env sra srta dra ud uds sig dott avv pag tzv tzn "
    "\u0434\u0440 \u0433\u0433 \u0443\u043b \u0438\u043c"
)
_ABBREVIATIONS = frozenset(_LISTED.split())
_NUMBER = re.compile(r"\d{1,2}")


@dataclass(frozen=True, slots=True)
class TimedWord:
    """A word and when it was said, in milliseconds from the start of the medium."""

    text: str
    start_ms: int
    end_ms: int
    score: float


@dataclass(slots=True)
class Segment:
    """A sentence, or a part of one up to a pause.

    Parameters
    ----------
    start_ms, end_ms : int
        When it was said, in milliseconds from the start of the medium.
    text : str
        What the network wrote.
    words : list of TimedWord
        Its words; empty where they could not be found in the sound.
    language : str
        Whisper's code of the language that is spoken.
    language_score : float or None
        How strongly the network stands for it; None where it was named.
    heard : HeardText
        What was heard in the whole stretch.
    speech_share : float
        Share of its time in which the voice detector heard someone speak.
    flags : list of str
        Why it may be made up.
    """

    start_ms: int
    end_ms: int
    text: str
    words: list[TimedWord]
    language: str
    language_score: float | None
    heard: HeardText
    speech_share: float
    flags: list[str] = field(default_factory=list)

    @property
    def word_count(self) -> int:
        """Number of words."""
        return len(self.words) or len(self.text.split())

    @property
    def score(self) -> float | None:
        """Mean score of its words; None where they could not be found in the sound."""
        return sum(word.score for word in self.words) / len(self.words) if self.words else None


def segments_of(
    stretch: Stretch,
    heard: HeardText,
    language: str,
    language_score: float | None,
    *,
    translated: bool = False,
) -> Iterator[Segment]:
    """Cut what was heard in a stretch into segments.

    A segment ends behind a sentence and before a pause of a second. Their texts together are what the network wrote.

    Parameters
    ----------
    stretch : Stretch
        The stretch.
    heard : HeardText
        What was heard in it.
    language : str
        Whisper's code of the language.
    language_score : float or None
        How strongly the network stands for it; None where the user named it.
    translated : bool, default False
        Whether the text is a translation to English.

    Yields
    ------
    Segment
        The next segment; none where no text was written.
    """
    if not heard.text.strip():
        return
    words_end_with_spaces = translated or language not in WORDS_WITHOUT_SPACES
    timed = _timed(stretch, _whole_words(heard.words) if words_end_with_spaces else heard.words)
    for words in _sentences(timed) if timed else [[]]:
        if words:
            text = "".join(word.text for word in words).strip()
            start, end = words[0].start_ms, max(word.end_ms for word in words)
        else:
            text = heard.text.strip()
            start, end = stretch.in_medium(0, 0)[0], stretch.in_medium(31, 31)[1]
        kept = [
            TimedWord(word.text.strip(), word.start_ms, word.end_ms, word.score) for word in words if word.text.strip()
        ]
        if not text:
            continue
        end = max(end, start + 1)
        share = stretch.speech_share(start, end)
        yield Segment(start, end, text, kept, language, language_score, heard, share)


def _whole_words(parts: Sequence[HeardWord]) -> list[HeardWord]:
    """Put words together that come in parts, such as those with a hyphen: a word begins with a space."""
    begun: list[list[HeardWord]] = []
    for part in parts:
        if begun and not part.text[:1].isspace():
            begun[-1].append(part)
        else:
            begun.append([part])
    return [
        HeardWord(
            "".join(part.text for part in word),
            word[0].start,
            max(part.end for part in word),
            sum(part.score for part in word) / len(word),
        )
        for word in begun
    ]


def _timed(stretch: Stretch, heard: Sequence[HeardWord]) -> list[TimedWord]:
    """Place words in the medium; none begins before the one in front of it."""
    words: list[TimedWord] = []
    speech = [(first * 1000 / RATE, last * 1000 / RATE) for first, last in stretch.speech]
    for word in heard:
        start, end = moved_to_speech(*stretch.in_medium(word.start, word.end), speech)
        start = max(start, words[-1].start_ms) if words else start
        words.append(TimedWord(word.text, start, max(start, end), word.score))
    return words


def _sentences(words: Sequence[TimedWord]) -> Iterator[list[TimedWord]]:
    begun: list[TimedWord] = []
    for number, word in enumerate(words):
        begun.append(word)
        following = words[number + 1] if number + 1 < len(words) else None
        if following is None or following.start_ms - word.end_ms >= _PAUSE_MS or ends_sentence(word.text):
            yield begun
            begun = []


def ends_sentence(word: str) -> bool:
    """Say whether a sentence ends with a word; an abbreviation, an initial or an ordinal number does not end one."""
    bare = word.strip().rstrip(_CLOSING)
    if not bare.endswith(_ENDS):
        return False
    stem = bare.rstrip("".join(_ENDS)).lstrip(_OPENING).lower()
    if not bare.endswith("."):
        return True
    return not ((len(stem) == 1 and stem.isalpha()) or stem in _ABBREVIATIONS or "." in stem or _NUMBER.fullmatch(stem))
