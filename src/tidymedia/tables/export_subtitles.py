"""Transcripts as subtitles (SubRip, WebVTT) and as plain text."""

from __future__ import annotations

from pathlib import Path

from tidymedia.tables.spoken import Spoken
from tidymedia.tables.subtitle_cues import Cue, make_cues

__all__ = ["clock_time", "write_srt", "write_txt", "write_vtt"]


def clock_time(milliseconds: int, mark: str) -> str:
    """Write a time as subtitles do: hours, minutes, seconds and, after a mark, milliseconds.

    Examples
    --------
    >>> clock_time(36_123_456, ",")
    '10:02:03,456'
    """
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{mark}{rest:03}"


def write_srt(spoken: Spoken, file: Path) -> None:
    """Write SubRip subtitles: UTF-8, numbered from 1.

    The format has no way to say that a text is no markup: what looks like an arrow between two times is set apart,
    and everything else is as it is.

    Parameters
    ----------
    spoken : Spoken
        What was said.
    file : pathlib.Path
        Where to write.
    """
    blocks = [
        f"{number}\n{_span(cue, ',')}\n{_text(cue).replace('-->', '-- >')}\n"
        for number, cue in enumerate(make_cues(spoken.segments), 1)
    ]
    file.write_text("\n".join(blocks), "utf-8", newline="\n")


def write_vtt(spoken: Spoken, file: Path) -> None:
    """Write WebVTT subtitles; characters that mean something to WebVTT are escaped.

    Parameters
    ----------
    spoken : Spoken
        What was said.
    file : pathlib.Path
        Where to write.
    """
    blocks = ["WEBVTT\n"]
    for cue in make_cues(spoken.segments):
        text = _text(cue).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        blocks.append(f"{_span(cue, '.')}\n{text}\n")
    file.write_text("\n".join(blocks), "utf-8", newline="\n")


def write_txt(spoken: Spoken, file: Path) -> None:
    """Write what was said as plain text, a line a segment.

    Parameters
    ----------
    spoken : Spoken
        What was said.
    file : pathlib.Path
        Where to write.
    """
    file.write_text("".join(f"{segment.text}\n" for segment in spoken.segments), "utf-8", newline="\n")


def _span(cue: Cue, mark: str) -> str:
    return f"{clock_time(cue.start, mark)} --> {clock_time(cue.end, mark)}"


def _text(cue: Cue) -> str:
    return "\n".join(cue.lines)
