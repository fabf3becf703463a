"""All frames of a film, scaled small while they are decoded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import av
import cv2
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation, VideoReformatter
from numpy.typing import NDArray

from tidymedia.media.film_frames import DecodedFilm, decode_all, usual_rate
from tidymedia.media.film_timeline import WITHOUT_TIMES
from tidymedia.media.sampling import Sampling

__all__ = ["SmallFrame", "edges_of", "small_frames", "tiny_of"]

_WIDTH = 256
"""Width at which PySceneDetect looks at a film, too."""

_TINY = (32, 18)


class SmallFrame(NamedTuple):
    """A frame that was scaled down.

    Parameters
    ----------
    number : int
        Its number in the order of showing.
    seconds : float
        When it is shown, from the start of the medium.
    length : float or None
        How long it is shown, in seconds, where the file says so.
    small : numpy.ndarray or None
        Shape (height, width, 3), uint8, BGR, at most 256 pixels wide; None for a damaged frame.
    """

    number: int
    seconds: float
    length: float | None
    small: NDArray[np.uint8] | None


def tiny_of(small: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Scale a small frame to 32 x 18 pixels, at which small movements do not show.

    Parameters
    ----------
    small : numpy.ndarray
        Shape (height, width, 3), uint8.

    Returns
    -------
    numpy.ndarray
        Shape (18, 32, 3), float32.
    """
    return cv2.resize(small, _TINY, interpolation=cv2.INTER_AREA).astype(np.float32)


def edges_of(small: NDArray[np.uint8]) -> float:
    """Say how sharp a small frame is: the variance of the Laplacian of its gray, whose mean is next to nothing.

    Parameters
    ----------
    small : numpy.ndarray
        Shape (height, width, 3), uint8, BGR.

    Returns
    -------
    float
        0 for one colour; more with sharper and more edges.
    """
    gray = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
    return cv2.norm(cv2.Laplacian(gray, cv2.CV_16S), cv2.NORM_L2SQR) / gray.size


def small_frames(film: DecodedFilm) -> Iterator[SmallFrame]:
    """Decode a film, frame by frame.

    Parameters
    ----------
    film : DecodedFilm
        The film, at its start.

    Yields
    ------
    SmallFrame
        The next frame; times never fall.
    """
    reformatter = VideoReformatter()
    size: tuple[int, int] | None = None
    seconds = 0.0
    for number, (frame, time) in enumerate(_timed(film)):
        if size is None:
            width = min(_WIDTH, frame.width)
            size = (width, max(1, round(frame.height * width / frame.width)))
        seconds = max(seconds, time)
        length = float(frame.duration * film.time_base) if frame.duration else None
        small: NDArray[np.uint8] | None = None
        if not frame.is_corrupt:
            try:
                scaled = reformatter.reformat(
                    frame, *size, format="bgr24", interpolation=Interpolation.FAST_BILINEAR, threads=1
                )
                small = scaled.to_ndarray().astype(np.uint8, copy=False)
            except (av.error.FFmpegError, ValueError):  # the picture in hand will say so; a shot goes on without it
                small = None
        yield SmallFrame(number, seconds, length, small)


def _timed(film: DecodedFilm) -> Iterator[tuple[VideoFrame, float]]:
    """Decode all frames with their times, which are those of ``decode_all`` but for rounding."""
    if film.container.format.name in WITHOUT_TIMES:
        for shown in decode_all(film, Sampling("frames", 1), 0):
            if shown.frame is not None:
                yield shown.frame, float(shown.time or 0)
        return
    above, below = film.time_base.numerator, film.time_base.denominator
    origin = float(film.origin)
    step = float(1 / usual_rate(film.stream))
    time = -step
    while (frames := film.frames()) is not None:
        for frame in frames:
            time = time + step if frame.pts is None else frame.pts * above / below - origin
            yield frame, time
