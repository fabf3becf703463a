"""The parameters of the extractor ``transcripts``."""

from __future__ import annotations

from dataclasses import dataclass

from tidymedia.extractors.parameters import Parameters, parameter
from tidymedia.models.whisper_names import language_tag, whisper_language

__all__ = ["TranscriptsParameters"]


@dataclass(frozen=True)
class TranscriptsParameters(Parameters):
    """How speech is written down."""

    model: str = parameter(
        "base",
        "The Whisper model: a short name (tiny, base, small, medium, large-v3, turbo and others), a model of the hub "
        "in the form of CTranslate2 (owner/name), a folder with one, or package:name. Larger ones make fewer errors.",
    )
    revision: str = parameter("", "A commit, branch or tag of a model of the hub; none for the one that was fetched.")
    language: str = parameter(
        "", "Language that is spoken, as BCP 47 (en, de, pt-BR); none to have it detected. Name it where you know it."
    )
    detect: str = parameter(
        "medium",
        "How the language is detected, where none is named: medium (once, in the first speech) or stretch (anew for "
        "each stretch of up to 30 seconds, for media in several languages; slower, and short stretches are guesses).",
        choices=("medium", "stretch"),
    )
    translate: bool = parameter(False, "Whether the text is the translation to English of what was said.")
    words: bool = parameter(True, "Whether the table words gets a row a word.")
    vad: bool = parameter(
        True,
        "Whether only that is transcribed where the voice detector hears someone speak. Without it more text is made "
        "up; but song, whispering and speech under loud music are not left out.",
    )
    beam_size: int = parameter(
        5, "How many ways to go on are weighed at each word; 1 is fastest.", minimum=1, maximum=20
    )
    batch_size: int = parameter(
        4,
        "How many stretches of up to 30 seconds are transcribed side by side. More take more memory, and are faster on "
        "graphics cards alone.",
        minimum=1,
        maximum=64,
    )
    window: float = parameter(
        10.0, "How many minutes of sound are held in memory; a window ends in silence.", minimum=1, maximum=30
    )
    prompt: str = parameter(
        "",
        "Text as if it had been said before each stretch: it leads spelling and style, and can lead to made-up text.",
    )
    hotwords: str = parameter(
        "", "Names and rare words that are likely to be said; they can also lead to made-up text."
    )

    def __post_init__(self) -> None:
        """Check the language, and name it in one way."""
        object.__setattr__(self, "language", language_tag(whisper_language(self.language)))
