"""Phrases that Whisper is known to write where nothing is said: what subtitles of web video end with.

Whisper learned from subtitles of the web, and writes what stands there where nobody speaks: thanks for watching, calls
to subscribe, credits of those who made the subtitles. Barański et al. (2025, arXiv:2501.11378) show it with sounds of
all sorts; the phrases are those that users of Whisper report again and again
(https://github.com/openai/whisper/discussions/679 and the bug trackers of programs that build on it). The list is
closed, and knows some languages alone.

Such phrases are also said: many films on the web end with them. That is why they are flagged and never left out.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from importlib import resources

__all__ = ["is_phantom", "normalized"]

_NO_LETTER = re.compile(r"[\W_]+")
_EAST_ASIAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")


def normalized(text: str) -> str:
    """Return a text in small letters, with one space in place of everything that is no letter and no digit.

    Examples
    --------
    >>> normalized("Thanks for watching!")
    'thanks for watching'
    """
    return _NO_LETTER.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def is_phantom(text: str) -> bool:
    """Say whether a text is one of the known phrases, or holds one of the known credits.

    Examples
    --------
    >>> is_phantom("Untertitel im Auftrag des ZDF für funk, 2017")
    True
    >>> is_phantom("He thanked them for watching the house.")
    False
    """
    whole, parts = _phrases()
    plain = normalized(text)
    if plain in whole:
        return True
    # Chinese, Japanese and Korean put no spaces around such a part.
    return any(part in plain if _EAST_ASIAN.search(part) else f" {part} " in f" {plain} " for part in parts)


@functools.cache
def _phrases() -> tuple[frozenset[str], tuple[str, ...]]:
    """Return the phrases that are a whole segment, and those that are a part of one."""
    whole, parts = [], []
    text = (resources.files(__package__) / "transcript_phantoms.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        phrase = line.split("#")[0].strip()
        if phrase.startswith("*"):
            parts.append(normalized(phrase))
        elif phrase:
            whole.append(normalized(phrase))
    return frozenset(whole), tuple(parts)
