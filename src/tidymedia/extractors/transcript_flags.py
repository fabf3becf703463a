"""Why a text may be made up: signs that point to what Whisper writes where it hears nothing or gets lost.

The limits come from where they are known: those of compression, of no speech and of low scores are the ones at which
Whisper's own decoder tries again (Radford et al. 2023, section 4.5); the rates are those that speakers of 17 languages
do not reach (Coupé et al. 2019: 9 syllables a second at most). The others were chosen here, see each of them.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Final

from tidymedia.extractors.transcript_phantoms import is_phantom, normalized
from tidymedia.extractors.transcript_segments import Segment

__all__ = ["FLAGS", "flag"]

FLAGS: Final = ("repetition", "silence", "phantom", "fast", "slow", "unsure", "language")
"""The flags, in the order in which they are given."""

COMPRESSION_RATIO: Final = 2.4
"""Above it a text goes round in circles (Radford et al. 2023)."""

NO_SPEECH_SCORE: Final = 0.6
"""Above it the network holds that nobody speaks (Radford et al. 2023)."""

LOG_SCORE: Final = -1.0
"""Below this mean logarithm of its scores the network is lost (Radford et al. 2023)."""

WORD_SCORE: Final = 0.37
"""The same for the mean score of the words of a segment: about exp(-1)."""

LANGUAGE_SCORE: Final = 0.5
"""Below it a language that was detected is a guess: faster-whisper listens on up to this score."""

SPEECH_SHARE: Final = 0.2
"""Below this share of its time with speech, as the voice detector hears it, a text stands in silence. Chosen here."""

FAST: Final = 7.0
"""Words a second: nine syllables a second are about seven short words."""

FAST_SIGNS: Final = {"zh": 11.0, "yue": 11.0, "ja": 11.0, "bo": 30.0, "km": 30.0, "lo": 30.0, "my": 30.0, "th": 30.0}
"""Signs a second in languages that are written without spaces: a syllable has one sign, or about three."""

FAST_FROM: Final = 4
"""Fewest words for a rate that says something. Chosen here."""

SLOW: Final = 0.5
"""Words a second. Segments end at pauses of a second, so that nobody speaks as slowly in one. Chosen here."""

SLOW_FROM_MS: Final = 4_000
"""Shortest time for a slow rate that says something. Chosen here."""

COPIES, COPIED_WORDS, COPIED_SIGNS = 3, 9, 18
"""From so many copies, and so many words or signs in all of them together, text is a repetition. Chosen here."""

_LONGEST_COPY = 20


def flag(segments: Sequence[Segment], *, translated: bool = False) -> None:
    """Write into the segments of a medium why their text may be made up.

    Parameters
    ----------
    segments : sequence of Segment
        All segments of the medium, in order.
    translated : bool, default False
        Whether their text is a translation to English.
    """
    tokens = [_tokens(segment, translated) for segment in segments]
    repeated = _same_in_a_row(tokens, [_is_written_without_spaces(one, translated) for one in segments])
    for segment, parts, again in zip(segments, tokens, repeated, strict=True):
        dense = _is_written_without_spaces(segment, translated)
        seconds = (segment.end_ms - segment.start_ms) / 1000
        rate = len(parts) / seconds
        limit = FAST_SIGNS[segment.language] if dense else FAST
        score, language_score = segment.score, segment.language_score
        found = {
            "repetition": again or segment.heard.compression_ratio > COMPRESSION_RATIO or _goes_round(parts, dense),
            "silence": segment.heard.no_speech_score > NO_SPEECH_SCORE or segment.speech_share < SPEECH_SHARE,
            "phantom": is_phantom(segment.text),
            "fast": len(parts) >= FAST_FROM and rate > limit,
            "slow": segment.end_ms - segment.start_ms >= SLOW_FROM_MS and rate < SLOW,
            "unsure": segment.heard.mean_log_score < LOG_SCORE or (score is not None and score < WORD_SCORE),
            "language": language_score is not None and language_score < LANGUAGE_SCORE,
        }
        segment.flags = [name for name in FLAGS if found[name]]


def _is_written_without_spaces(segment: Segment, translated: bool) -> bool:
    return not translated and segment.language in FAST_SIGNS


def _tokens(segment: Segment, translated: bool) -> list[str]:
    """Return the words of a text, or its signs where it is written without spaces."""
    plain = normalized(segment.text)
    return list(plain.replace(" ", "")) if _is_written_without_spaces(segment, translated) else plain.split()


def _same_in_a_row(tokens: Sequence[list[str]], dense: Sequence[bool]) -> list[bool]:
    """Say of each text whether it is one of several in a row that are the same."""
    said: list[bool] = []
    for (words, without_spaces), run in itertools.groupby(zip(tokens, dense, strict=True)):
        copies = len(list(run))
        said += [_is_repetition(copies, len(words), without_spaces)] * copies
    return said


def _goes_round(tokens: Sequence[str], dense: bool) -> bool:
    """Say whether some words are repeated in a row."""
    for length in range(1, min(_LONGEST_COPY, len(tokens) // COPIES) + 1):
        same = 0  # how many tokens in a row are the one that stands a copy before them
        for place in range(length, len(tokens)):
            same = same + 1 if tokens[place] == tokens[place - length] else 0
            if same % length == 0 and _is_repetition(same // length + 1, length, dense):
                return True
    return False


def _is_repetition(copies: int, length: int, dense: bool) -> bool:
    return copies >= COPIES and copies * length >= (COPIED_SIGNS if dense else COPIED_WORDS)
