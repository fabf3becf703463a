"""Small pictures that show no more than colours, for reports that people read who should be spared what they show."""

from __future__ import annotations

import io
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from tidymedia.errors import UsageError
from tidymedia.report.wording import counted
from tidymedia.tables.study_files import file_schema, study_files

__all__ = ["BLUR_FROM", "Blur", "Blurring", "blur_jpeg", "blur_pictures", "check_blur", "read_scores"]

Blur = Literal["all", "sensitive"]
"""Which small pictures are blurred."""

BLUR_FROM = 0.2
"""Nudity score from which a picture is blurred; the makers of open_nsfw call what is below likely harmless."""

_LEFT = 8
_QUALITY = 70


@dataclass(frozen=True, slots=True)
class Blurring:
    """Which small pictures of a report are blurred, and why.

    Parameters
    ----------
    which : {"all", "sensitive"}
        What was asked for.
    blur_from : float
        Nudity score from which a picture is blurred.
    pictures : int
        How many small pictures the report has.
    blurred : int
        How many of them are blurred.
    without_score : int
        How many of those have no nudity score.

    Examples
    --------
    >>> Blurring("all", 0.2, 12, 12, 12).sentences()
    'All small pictures are blurred: no more than 8 x 8 colours of each are in this page. Texts are as they are.'
    >>> Blurring("sensitive", 0.2, 12, 3, 0).sentences()
    'Small pictures with a nudity score of 0.2 or more are blurred (3 of 12): no more than 8 x 8 colours of each are in
    this page. Texts are as they are. The network misses some: pictures that are not blurred can still be a shock.'
    """

    which: Blur
    blur_from: float
    pictures: int
    blurred: int
    without_score: int

    def sentences(self) -> str:
        """Say what was done, for the head of the report."""
        left = f"no more than {_LEFT} x {_LEFT} colours of each are in this page. Texts are as they are."
        if self.which == "all":
            return f"All small pictures are blurred: {left}"
        said = (
            f"Small pictures with a nudity score of {self.blur_from:g} or more are blurred "
            f"({self.blurred:,} of {self.pictures:,}): {left}"
        )
        if self.without_score:
            said += (
                f" Among them {'is' if self.without_score == 1 else 'are'} {counted(self.without_score, 'picture')} "
                "without a score, which could not be judged; the extractor sensitive gives scores."
            )
        return f"{said} The network misses some: pictures that are not blurred can still be a shock."


def check_blur(blur: object, blur_from: object) -> None:
    """Check what a user asks for.

    Parameters
    ----------
    blur : object
        Which pictures.
    blur_from : object
        From which score.

    Raises
    ------
    UsageError
        Where there is no such choice, or the score is not between 0 and 1.

    Examples
    --------
    >>> check_blur("all", 0.2)
    """
    if blur is not None and blur not in get_args(Blur):
        raise UsageError(f"blur={blur!r} is unknown.", 'Choose "all" or "sensitive", or leave it out.')
    if isinstance(blur_from, bool) or not isinstance(blur_from, (int, float)) or not 0 <= blur_from <= 1:
        raise UsageError(f"blur_from={blur_from!r} is out of range.", "Write a nudity score from 0 to 1.")


def blur_jpeg(data: bytes) -> bytes:
    """Take all but a few colours out of a small picture.

    It is reduced to 8 pixels on its longer side before it is enlarged again. A filter alone would keep more than one
    sees: what a Gaussian filter smears can in part be computed back.

    Parameters
    ----------
    data : bytes
        A JPEG file.

    Returns
    -------
    bytes
        A JPEG file of the same size in pixels.
    """
    from PIL import Image, ImageFilter

    with Image.open(io.BytesIO(data)) as opened:
        image = opened.convert("RGB")
    by = min(1.0, _LEFT / max(image.size))
    few = image.resize((max(1, round(image.width * by)), max(1, round(image.height * by))), Image.Resampling.BOX)
    soft = few.resize(image.size, Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(max(image.size) / 20))
    stream = io.BytesIO()
    soft.save(stream, "JPEG", quality=_QUALITY)
    return stream.getvalue()


def read_scores(folder: Path, unit_ids: Collection[str]) -> dict[str, float]:
    """Read the nudity scores of some pictures.

    Parameters
    ----------
    folder : pathlib.Path
        The study.
    unit_ids : collection of str
        The pictures.

    Returns
    -------
    dict of str to float
        Scores of those that have one.
    """
    import pyarrow.parquet as pq

    path = study_files(folder).get("sensitive")
    if path is None or not unit_ids or not {"unit_id", "nudity_score"} <= set(file_schema(path).names):
        return {}
    rows = pq.read_table(path, columns=["unit_id", "nudity_score"], filters=[("unit_id", "in", list(unit_ids))])
    scores: dict[str, float] = {}
    for unit_id, score in zip(rows["unit_id"].to_pylist(), rows["nudity_score"].to_pylist(), strict=True):
        if score is not None and not math.isnan(score):
            scores[unit_id] = max(score, scores.get(unit_id, 0.0))
    return scores


def blur_pictures(
    pictures: Mapping[str, bytes], which: Blur, blur_from: float, scores: Mapping[str, float]
) -> tuple[dict[str, bytes], Blurring]:
    """Blur small pictures: all, or those with a high nudity score and those without any.

    Parameters
    ----------
    pictures : mapping of str to bytes
        JPEG files by ``unit_id``.
    which : {"all", "sensitive"}
        Which of them.
    blur_from : float
        Nudity score from which a picture is blurred.
    scores : mapping of str to float
        Nudity scores by ``unit_id``. A picture without one is blurred: it may be anything.

    Returns
    -------
    tuple of dict and Blurring
        All pictures, and what was done.
    """
    chosen = {unit for unit in pictures if which == "all" or scores.get(unit, math.inf) >= blur_from}
    made = {unit: blur_jpeg(data) if unit in chosen else data for unit, data in pictures.items()}
    return made, Blurring(which, blur_from, len(pictures), len(chosen), len(chosen - scores.keys()))
