"""The tables of the extractor ``transcripts``: what was said, in sentences and in words."""

from __future__ import annotations

from typing import Final

from tidymedia.tables import Column, Summary, Table

__all__ = ["TRANSCRIPTS", "WORDS"]

_START: Final = "in milliseconds from the start of the medium"

TRANSCRIPTS = Table(
    "transcripts",
    ("segment",),
    (
        Column(
            "start_ms",
            "integer",
            f"When the first word begins, {_START}. Times come from the attention of the network to the sound; "
            "those of a translation are rougher, since its words stand in another order than those that were spoken.",
            unit="ms",
            range="0 and more",
        ),
        Column(
            "end_ms",
            "integer",
            f"When the last word has ended, {_START}; not part of the segment.",
            unit="ms",
            range="1 and more",
        ),
        Column(
            "text",
            "string",
            "What the network wrote, without the white space around it: a sentence, or the part of one up to a pause. "
            "It writes fluent text: hesitations and false starts are often left out, numbers are written in digits.",
        ),
        Column(
            "lang",
            "string",
            "Language of the text, as BCP 47: the one that is spoken; en where it was translated.",
        ),
        Column(
            "spoken_lang",
            "string",
            "Language that is spoken, as BCP 47: detected by the network, or the one that the user named.",
        ),
        Column(
            "lang_score",
            "number",
            "How strongly the network stands for the language that it detected. Below 0.5 it is a guess, and so is the "
            "text.",
            range="0 to 1",
            missing="the user named the language, or the network knows English alone",
        ),
        Column(
            "score",
            "number",
            "Mean of the scores of its words, see words. It is no probability that the text is right.",
            range="0 to 1",
            missing="the network could not find the words in the sound",
        ),
        Column(
            "no_speech_score",
            "number",
            "How strongly the network holds that nobody speaks, for the stretch of up to 30 seconds that was "
            "transcribed at once.",
            range="0 to 1",
        ),
        Column(
            "compression_ratio",
            "number",
            "Size of the text of the stretch of up to 30 seconds that was transcribed at once, in bytes of UTF-8, "
            "divided by its size after compression (zlib). A text that goes round in circles is above 2.4 "
            "(Radford et al. 2023, section 4.5).",
            range="above 0",
        ),
        Column(
            "words",
            "integer",
            "Number of words; in languages that are written without spaces, of the signs or parts of words that the "
            "network writes.",
            range="1 and more",
        ),
        Column(
            "flags",
            "string",
            "Why the text may be made up, joined by commas, in this order. repetition: it goes round in circles; "
            "silence: the voice detector or the network heard nobody; phantom: a phrase that Whisper is known to "
            "write where nothing is said, such as the credits of subtitles; fast, slow: more or fewer words a "
            "second than people say; unsure: low scores of its words; language: the language is a guess. Flagged text "
            "is kept: it can be right, and text without flags can be wrong.",
            range="repetition | silence | phantom | fast | slow | unsure | language",
            missing="nothing points to made-up text",
        ),
        Column(
            "task",
            "string",
            "Whether the text is what was said or its translation to English.",
            range="transcribe | translate",
        ),
    ),
    "One sentence that was said, or a part of one up to a pause.",
    (
        Summary(Column("spoken_words", "integer", "Words that were said."), "coalesce(sum(words), 0)"),
        Summary(
            Column(
                "spoken_lang",
                "string",
                "Language that is spoken in most segments, as BCP 47.",
                missing="nothing was said",
            ),
            "mode(spoken_lang order by spoken_lang)",
        ),
        Summary(
            Column(
                "words_per_minute",
                "number",
                "Words that were said a minute of their segments: pauses between segments do not count, those within "
                "do.",
                unit="1/min",
                range="0 and more",
                missing="nothing was said",
            ),
            "sum(words) * 60000.0 / nullif(sum(end_ms - start_ms), 0)",
        ),
        Summary(
            Column(
                "flagged_share",
                "number",
                "Share of the words that stand in a segment with flags: text that may be made up.",
                range="0 to 1",
                missing="nothing was said",
            ),
            "coalesce(sum(words) filter (flags is not null), 0) / nullif(sum(words), 0)",
        ),
        Summary(
            Column("transcript", "string", "All that was said, one segment a line.", missing="nothing was said"),
            "string_agg(text, chr(10) order by segment)",
        ),
    ),
)

WORDS = Table(
    "words",
    ("segment", "word"),
    (
        Column("start_ms", "integer", f"When the word begins, {_START}.", unit="ms", range="0 and more"),
        Column(
            "end_ms",
            "integer",
            f"When it has ended, {_START}. It can be the same as start_ms: the network found no time for the word, "
            "as happens with made-up words.",
            unit="ms",
            range="0 and more",
        ),
        Column("text", "string", "The word with the punctuation at it, without the white space around it."),
        Column(
            "score",
            "number",
            "How sure the network is of the word: mean of what it gave for its parts. It is no probability of being "
            "right; names that it hears wrongly can score high.",
            range="0 to 1",
        ),
    ),
    "One word of a segment of the table transcripts.",
)
