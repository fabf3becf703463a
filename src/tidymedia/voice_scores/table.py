"""The table ``voice_standardized``: how far a segment is from what its speaker usually sounds like."""

from __future__ import annotations

from typing import Final

from tidymedia.extractors.voice_table import MEASURES
from tidymedia.tables import Column, Summary, Table
from tidymedia.tables.derived import Derivation

__all__ = ["REASONS", "STANDARDIZED", "VOICE_STANDARDIZED"]

STANDARDIZED: Final = tuple(column.name for column in MEASURES if column.type == "number")
"""The columns of ``voice`` that are standardized; each becomes ``<name>_z``."""

REASONS: Final = {
    "no_speaker": "nobody is named for it",
    "several_speakers": "its file has items with several speakers",
    "few_segments": "the speaker has too few segments that were measured",
    "no_measures": "the segment is too short to be measured",
}
"""Why a segment has no standardized measures."""

_MISSING: Final = (
    "there is a reason; or the measure is missing; or the speaker has too few segments with it, or all are the same"
)


def _summary(name: str, what: str) -> Summary:
    column = Column(
        f"{name}_z",
        "number",
        f"{what} of its segments, in standard deviations from the mean of their speakers: mean over the segments.",
        missing="no segment of it has one",
    )
    return Summary(column, f"avg({name}_z)")


_TABLE = Table(
    "voice_standardized",
    ("segment",),
    (
        Column("start_ms", "integer", "When the segment begins.", unit="ms", range="0 and more"),
        Column("end_ms", "integer", "When it has ended; not part of it.", unit="ms", range="1 and more"),
        Column("speaker", "string", "Who speaks, by what was asked for.", missing="nobody is named, see reason"),
        Column(
            "speaker_share",
            "number",
            "Share of the segment that the named turns of this speaker cover.",
            range="0 to 1",
            missing="the speaker is that of the file",
        ),
        Column(
            "speaker_segments",
            "integer",
            "Number of measured segments of the speaker in the study; the same bytes count once.",
            range="0 and more",
            missing="nobody is named",
        ),
        Column(
            "reason",
            "string",
            "Why nothing is standardized: " + "; ".join(f"{key}, {told}" for key, told in REASONS.items()) + ".",
            range=" | ".join(REASONS),
            missing="the segment is standardized",
        ),
        *(
            Column(
                f"{name}_z",
                "number",
                f"The measure {name} of the table voice, less its mean over the segments of the speaker, by their "
                "standard deviation (n - 1).",
                unit="standard deviations",
                missing=_MISSING,
            )
            for name in STANDARDIZED
        ),
    ),
    "One segment of the table voice, in standard deviations from what its speaker usually sounds like.",
    (_summary("pitch_mean", "Mean pitch"), _summary("intensity_mean", "Mean intensity")),
)

VOICE_STANDARDIZED: Final = Derivation(
    "voice_standardized",
    "Measures of voices, standardized within speakers, as Dietrich, Hayes and O'Brien (2019) do with pitch.",
    _TABLE,
    caveat=(
        "A score says how far a segment is from the mean of its speaker in this study: another selection of recordings "
        "gives other scores, and speakers with few segments get rough ones. It is no emotion. Microphone, room and "
        "compression change with the recording: where one speaker was recorded in several ways, part of the score is "
        "the recording, above all for intensity, jitter, shimmer and harmonics-to-noise ratio. It is as right as the "
        "speakers that were named."
    ),
    citation=(
        "Dietrich, B. J., Hayes, M., & O'Brien, D. Z. (2019). Pitch perfect: Vocal pitch and the emotional intensity "
        "of congressional speech. American Political Science Review, 113(4), 941-962. "
        "https://doi.org/10.1017/S0003055419000467"
    ),
    command="voices",
)
