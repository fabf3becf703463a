"""The command that compares voices with themselves: voices."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tidymedia.cli.examples import examples
from tidymedia.cli.output import OutputFormat, note, print_frame, print_line
from tidymedia.cli.wording import quoted

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["add_to"]

_SHOWN_SPEAKERS = 20
_SPEAKERS = """
SELECT speaker, count(DISTINCT unit_id) AS segments, avg(pitch_mean) AS pitch, stddev_samp(pitch_mean) AS spread
FROM (SELECT DISTINCT scores.speaker, scores.unit_id, voice.pitch_mean FROM voice_standardized AS scores
  JOIN voice ON voice.unit_id = scores.unit_id WHERE scores.reason IS NULL)
GROUP BY speaker ORDER BY segments DESC, speaker
"""


def voices(
    study: Annotated[Path, typer.Argument(metavar="STUDY", help="The folder that tidymedia analyze wrote.")],
    by: Annotated[
        str,
        typer.Option(
            metavar="COLUMN", help="What tells speakers apart: path, a column of the posts, or speaker for turns."
        ),
    ] = "speaker",
    speakers: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="A CSV file: path, speaker, and start_ms, end_ms for turns.", show_default=False
        ),
    ] = None,
    min_segments: Annotated[
        int, typer.Option("--min-segments", metavar="N", help="Speakers with fewer segments get no scores.")
    ] = 10,
    form: Annotated[OutputFormat, typer.Option("--format", help="csv and json print the whole table.")] = "table",
) -> None:
    """Compare voices with themselves: measures in standard deviations of their speaker.

    The study needs --with voice. The scores are written into the study as the table voice_standardized.
    """
    from tidymedia.study import Study

    opened = Study(study)
    found = opened.standardize_voice(by, speakers=speakers, min_segments=min_segments)
    if form in ("csv", "json"):
        print_frame(found, form)
        return
    for line in _lines(found, opened.query(_SPEAKERS)):
        print_line(line)
    note(f"All of them: tidymedia export {quoted(study)} scores --tables voice_standardized")


def _lines(found: pd.DataFrame, speakers: pd.DataFrame) -> list[str]:
    """Say whose segments were standardized, and why others were not."""
    import pandas as pd

    from tidymedia.report.wording import counted
    from tidymedia.voice_scores.table import REASONS

    once = found.drop_duplicates(["unit_id", "speaker"])
    lines = [f"{counted(int(once['reason'].isna().sum()), 'segment')} of {counted(len(speakers), 'speaker')}."]
    told = once["reason"].value_counts()
    lines += [f"{counted(int(told[key]), 'segment')} without scores: {REASONS[key]}." for key in REASONS if key in told]
    if len(speakers):
        lines.append("")
    for name, segments, pitch, spread in speakers.head(_SHOWN_SPEAKERS).itertuples(index=False, name=None):
        said = "no pitch" if pd.isna(pitch) else f"mean pitch {pitch:.0f} Hz (standard deviation {spread:.0f})"
        lines.append(f"{name}: {counted(segments, 'segment')}, {said}")
    if len(speakers) > _SHOWN_SPEAKERS:
        lines.append(f"And {counted(len(speakers) - _SHOWN_SPEAKERS, 'speaker')} more.")
    return lines


def add_to(application: typer.Typer) -> None:
    """Add the command to the application."""
    application.command(
        "voices",
        epilog=examples(
            ("tidymedia analyze interviews -o talk --with voice", "every stretch of speech"),
            ("tidymedia voices talk --by path", "one speaker a file"),
            "tidymedia voices talk --speakers turns.csv",
            "tidymedia voices talk --by path --format csv > scores.csv",
        ),
    )(voices)
