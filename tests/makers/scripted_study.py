"""Studies of recordings in which a plug-in says what was said: what reads the tables is tested without a network."""

from __future__ import annotations

import json
import wave
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tidymedia.study import Study

PLUGIN = """
import json
from pathlib import Path

import tidymedia as tm
from tidymedia.extractors.transcript_tables import TRANSCRIPTS, WORDS
from tidymedia.media.kinds import Kind

TIMES = (tm.Column("start_ms", "integer", "Start."), tm.Column("end_ms", "integer", "End."))
TEXT = tm.Column("text", "string", "Text.")


def table(name, keys, *columns):
    return tm.Table(name, keys, columns, "One row.")


class Scripted(tm.MediumExtractor):
    name = "scripted"
    title = "What the script beside this file says, by the length of the recording."
    kinds = frozenset({Kind.AUDIO, Kind.VIDEO})
    tables = (
        TRANSCRIPTS,
        WORDS,
        table("speakers", ("segment",), *TIMES, tm.Column("speaker", "string", "Who.")),
        table("speech", ("segment",), *TIMES, tm.Column("kind", "string", "What is heard.")),
        table("shots", ("shot",), *TIMES, tm.Column("transition", "string", "How it begins.")),
        table("voice", ("segment",), *TIMES, tm.Column("pitch_mean", "number", "Pitch.", unit="Hz")),
        table("texts", ("picture", "block"), TEXT, tm.Column("score", "number", "Score.")),
        table("tags", ("picture", "rank"), tm.Column("label", "string", "L."), tm.Column("score", "number", "S.")),
        table("faces", ("picture", "face"), tm.Column("score", "number", "Score.")),
    )

    def from_medium(self, medium):
        script = json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))
        for name, rows in script[str(medium.properties()["duration_ms"])].items():
            for row in rows:
                yield tm.Row(name, row)
"""

Script = Mapping[str, Sequence[Mapping[str, Any]]]


def silence(path: Path, milliseconds: int) -> None:
    """Write a WAV file in which nothing is heard."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(1)
        out.setframerate(1000)
        out.writeframes(b"\x80" * milliseconds)


def scripted_study(
    folder: Path,
    scripts: Mapping[str, Script],
    lengths: Mapping[str, int] | None = None,
    extractors: Sequence[str] = ("metadata",),
    **settings: Any,
) -> Study:
    """Make a study of recordings.

    Each path is a WAV file, whatever its suffix, that lasts a minute and, so that no two are the same bytes, a
    millisecond more than the one before; files that are there already stay, and ``lengths`` says how long they are.
    """
    media = folder / "media"
    by_length = {}
    for number, (path, script) in enumerate(scripts.items()):
        length = (lengths or {}).get(path, 60_000 + number)
        if not (media / path).exists():
            silence(media / path, length)
        by_length[str(length)] = script
    plugin = folder / "scripted.py"
    plugin.write_text(PLUGIN, "utf-8")
    plugin.with_suffix(".json").write_text(json.dumps(by_length), "utf-8")
    study = Study(folder / "study", media=media, plugins=[plugin], **settings)
    return study.analyze([*extractors, "scripted"], jobs=1)


def segments(*spans: tuple[int, int, str], **values: Any) -> list[dict[str, Any]]:
    """Write rows of ``transcripts``."""
    common = {"lang": "en", "words": 1, "task": "transcribe", **values}
    return [{"start_ms": start, "end_ms": end, "text": text, **common} for start, end, text in spans]


def words(segment: int, *spans: tuple[int, int, str]) -> list[dict[str, Any]]:
    """Write rows of ``words``."""
    return [{"segment": segment, "start_ms": start, "end_ms": end, "text": text} for start, end, text in spans]
