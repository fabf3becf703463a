"""The shots of a film: where they begin and end, and how one becomes the next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal, cast

from tidymedia.extractors.base import MediumExtractor, Row
from tidymedia.extractors.parameters import Parameters, parameter
from tidymedia.media.kinds import Kind
from tidymedia.media.medium import Medium
from tidymedia.media.shot_settings import SHOTS_VERSION, ShotSettings
from tidymedia.tables import Column, Summary, Table

if TYPE_CHECKING:
    from tidymedia.media.video import Film

__all__ = ["SHOTS", "Shots", "ShotsParameters"]

SHOTS = Table(
    "shots",
    ("shot",),
    (
        Column("start_ms", "integer", "When its first frame appears.", unit="ms", range="0 and more"),
        Column("end_ms", "integer", "When its last frame goes; the start of the next shot.", unit="ms"),
        Column("first_frame", "integer", "Number of its first frame, from 0.", range="0 and more"),
        Column("frames", "integer", "Number of its frames.", range="1 and more"),
        Column(
            "transition",
            "string",
            "How it begins: start (of the film), cut, fade (through black or white) or dissolve. A fade or dissolve is "
            "split in its middle. What is none of them to the method (a wipe) is missed or called a cut.",
            range="start, cut, fade, dissolve",
        ),
        Column(
            "transition_ms",
            "integer",
            "How long the fade or dissolve takes by which it begins, about; 0 for others.",
            unit="ms",
            range="0 and more",
        ),
        Column(
            "score",
            "number",
            "How different the pictures before and after its beginning are: mean difference of reduced pictures. No "
            "probability.",
            range="0 to 1",
            missing="the first shot, and fades",
        ),
    ),
    "One shot: what a camera recorded without a break, as far as it is seen.",
    summary=(
        Summary(
            Column("shots", "integer", "Number of shots.", range="0 and more", missing="no shots were looked for"),
            "count(*)",
        ),
        Summary(
            Column(
                "cuts_per_minute",
                "number",
                "Borders between shots, of any kind, a minute of the film; also called cutting rate.",
                unit="1/min",
                range="0 and more",
                missing="no shots, or no duration",
            ),
            "60000.0 * (count(*) - 1) / nullif(max(end_ms) - min(start_ms), 0)",
        ),
        Summary(
            Column(
                "average_shot_ms",
                "number",
                "Average shot length (ASL), titles included.",
                unit="ms",
                range="0 and more",
                missing="no shots",
            ),
            "avg(end_ms - start_ms)",
        ),
        Summary(
            Column(
                "median_shot_ms",
                "number",
                "Median shot length: a few long shots change it less than they change the average.",
                unit="ms",
                range="0 and more",
                missing="no shots",
            ),
            "median(end_ms - start_ms)",
        ),
    ),
)


@dataclass(frozen=True)
class ShotsParameters(Parameters):
    """Parameters of ``shots``.

    Parameters
    ----------
    detector : {"adaptive", "content"}, default "adaptive"
        Detector of PySceneDetect for hard cuts.
    threshold : float or None, default None
        What counts as a cut; None for the default of the detector.
    min_shot_ms : int, default 600
        Shortest shot, in milliseconds.
    gradual : bool, default True
        Whether fades and dissolves are found, too.
    """

    detector: str = parameter(
        "adaptive",
        "Detector of PySceneDetect for hard cuts: adaptive measures a change by those around it, content takes it as "
        "it is.",
        choices=("adaptive", "content"),
    )
    threshold: float | None = parameter(
        None,
        "What counts as a cut; higher finds fewer. By default 3.0 times the change around (adaptive) or 27.0 of 255 "
        "(content).",
        minimum=0.1,
        maximum=255,
    )
    min_shot_ms: int = parameter(
        600,
        "Shortest shot, in milliseconds; of two borders that are nearer, the first counts. Lower it for trailers and "
        "music videos.",
        minimum=0,
        maximum=3_600_000,
    )
    gradual: bool = parameter(True, "Whether fades through black or white and dissolves are found, too.")

    def settings(self) -> ShotSettings:
        """Return them as the film takes them."""
        detector = cast("Literal['adaptive', 'content']", self.detector)
        return ShotSettings(detector, self.threshold, self.min_shot_ms, self.gradual)


class Shots(MediumExtractor):
    """Finds the shots of a film.

    Parameters
    ----------
    parameters : ShotsParameters
        How shots are told apart.
    """

    name = "shots"
    version = SHOTS_VERSION
    title = "Shots of a film: when they begin and end, and whether by a cut, a fade or a dissolve."
    caveat = (
        "Cuts are found reliably; of dissolves some are missed, above all short ones and those between moving "
        "pictures, and wipes and morphs are not told apart from cuts. Strong movement close to the camera can be "
        "taken for a cut. Shots shorter than min_shot_ms are joined to others. A shot is what the eye sees: a zoom "
        "or pan does not end it, and hidden cuts are not found."
    )
    citation = (
        "Castellano, B. (2026). PySceneDetect (0.7) [Computer software]. https://www.scenedetect.com\n"
        "Zhang, H., Kankanhalli, A., & Smoliar, S. W. (1993). Automatic partitioning of full-motion video. Multimedia "
        "Systems, 1(1), 10-28."
    )
    relative_cost = 2.0
    tables: ClassVar[tuple[Table, ...]] = (SHOTS,)
    kinds: ClassVar[frozenset[Kind]] = frozenset({Kind.VIDEO})
    parameters_type: ClassVar[type[Parameters]] = ShotsParameters
    parameters: ShotsParameters

    def from_medium(self, medium: Medium) -> Iterator[Row]:
        """Give a row a shot, up to where the film is damaged; none where the file has only sound."""
        found = cast("Film", medium).shots(self.parameters.settings())
        for shot in found.shots:
            yield Row(
                "shots",
                {
                    "start_ms": shot.start_ms,
                    "end_ms": shot.end_ms,
                    "first_frame": shot.first_frame,
                    "frames": shot.frames,
                    "transition": shot.transition,
                    "transition_ms": shot.transition_ms,
                    "score": shot.score,
                },
            )
        if found.error is not None:
            raise found.error
