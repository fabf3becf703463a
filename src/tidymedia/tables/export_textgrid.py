"""Transcripts as TextGrid files, which Praat opens beside the sound."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tidymedia.tables.spoken import Spoken
from tidymedia.tables.time_spans import apart

__all__ = ["write_textgrid"]

_Interval = tuple[int, int, str]


def write_textgrid(spoken: Spoken, file: Path) -> None:
    """Write a TextGrid in Praat's long text format, UTF-8.

    Its interval tiers are ``transcript``, ``words`` and one for each speaker, as far as there are rows. Each covers
    the whole medium; where nothing is said its intervals have no text. Praat knows no overlaps within a tier: an
    interval ends where the next one begins.

    Parameters
    ----------
    spoken : Spoken
        What was said.
    file : pathlib.Path
        Where to write.
    """
    segments = [(one.start, one.end, one.text) for one in spoken.segments]
    words = [(word.start, word.end, word.text) for one in spoken.segments for word in one.words]
    tiers = {"transcript": _apart(segments)}
    if words:
        tiers["words"] = _apart(words)
    for speaker in sorted({turn.speaker for turn in spoken.turns}, key=lambda name: (len(name), name)):
        turns = ((turn.start, turn.end, speaker) for turn in spoken.turns if turn.speaker == speaker)
        tiers[speaker] = _apart(turns)
    end = max([spoken.duration, *(intervals[-1][1] for intervals in tiers.values() if intervals), 1])
    lines = [
        'File type = "ooTextFile"',
        'Object class = "TextGrid"',
        "",
        "xmin = 0",
        f"xmax = {_seconds(end)}",
        "tiers? <exists>",
        f"size = {len(tiers)}",
        "item []:",
    ]
    for number, (name, intervals) in enumerate(tiers.items(), 1):
        filled = _filled(intervals, end)
        lines += [
            f"    item [{number}]:",
            '        class = "IntervalTier"',
            f"        name = {_quoted(name)}",
            "        xmin = 0",
            f"        xmax = {_seconds(end)}",
            f"        intervals: size = {len(filled)}",
        ]
        for place, (start, finish, text) in enumerate(filled, 1):
            lines += [
                f"        intervals [{place}]:",
                f"            xmin = {_seconds(start)}",
                f"            xmax = {_seconds(finish)}",
                f"            text = {_quoted(text)}",
            ]
    file.write_text("\n".join([*lines, ""]), "utf-8", newline="\n")


def _apart(intervals: Iterable[_Interval]) -> list[_Interval]:
    given = sorted(intervals, key=lambda one: one[:2])
    times = apart(one[:2] for one in given)
    return [(start, end, text) for (start, end), (_, _, text) in zip(times, given, strict=True)]


def _filled(intervals: Iterable[_Interval], end: int) -> list[_Interval]:
    """Put empty intervals between the others, so that all together cover the medium."""
    filled: list[_Interval] = []
    reached = 0
    for start, finish, text in intervals:
        if start > reached:
            filled.append((reached, start, ""))
        filled.append((start, finish, text))
        reached = finish
    if reached < end:
        filled.append((reached, end, ""))
    return filled


def _quoted(text: str) -> str:
    """Quote a text as Praat does: a quotation mark in it is doubled."""
    printable = "".join(one for one in " ".join(text.split()) if one.isprintable() or one.isspace() or ord(one) > 0x9F)
    return '"' + printable.encode("utf-8", "replace").decode("utf-8").replace('"', '""') + '"'


def _seconds(milliseconds: int) -> str:
    return f"{milliseconds / 1000:.3f}".rstrip("0").rstrip(".")
