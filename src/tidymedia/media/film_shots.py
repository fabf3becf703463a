"""The shots of a film: where they begin, how, and which of their frames stand for them."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2

from tidymedia.errors import BrokenFileError, MediumError
from tidymedia.media.container import check_duration, declared_seconds, ffmpeg_error
from tidymedia.media.film_frames import DecodedFilm
from tidymedia.media.sampling import Sampling
from tidymedia.media.settings import Limits
from tidymedia.media.shot_borders import Border, Transition, join_borders
from tidymedia.media.shot_cuts import Cuts
from tidymedia.media.shot_dissolves import Dissolves
from tidymedia.media.shot_fades import Fades
from tidymedia.media.shot_settings import ShotSettings
from tidymedia.media.small_frames import SmallFrame, edges_of, small_frames, tiny_of

__all__ = ["FoundShots", "Shot", "ShotFrame", "find_shots", "read_shots"]

_USUAL_LENGTH = 0.04
_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class ShotFrame:
    """A frame that stands for a shot.

    Parameters
    ----------
    number : int
        Its number in the order of showing.
    seconds : float
        When it is shown, from the start of the medium.
    """

    number: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Shot:
    """One shot.

    Parameters
    ----------
    start_ms, end_ms : int
        When its first frame appears and its last one goes, in milliseconds from the start of the medium.
    first_frame, frames : int
        Number of its first frame, and how many it has.
    transition : {"start", "cut", "fade", "dissolve"}
        How it begins.
    transition_ms : int
        How long that takes: 0 for a cut and for the first shot.
    score : float or None
        How different the pictures before and after are, 0 to 1; None for the first shot and for fades.
    middle, sharpest : ShotFrame
        The frame shown halfway, and the one with the sharpest edges; neither is one of a dissolve or fade, unless
        the shot has no others.
    """

    start_ms: int
    end_ms: int
    first_frame: int
    frames: int
    transition: Transition
    transition_ms: int
    score: float | None
    middle: ShotFrame
    sharpest: ShotFrame

    def picture(self, sampling: Sampling) -> ShotFrame:
        """Return the frame that becomes a picture by a rule that gives one picture a shot."""
        return self.sharpest if sampling.every == "shot:sharpest" else self.middle


@dataclass(frozen=True, slots=True)
class FoundShots:
    """The shots of a film.

    Parameters
    ----------
    shots : tuple of Shot
        In the order of showing.
    error : MediumError or None, default None
        What ended the reading before the end of the film; the shots are those before it.
    """

    shots: tuple[Shot, ...]
    error: MediumError | None = None


def read_shots(film: DecodedFilm, name: str, settings: ShotSettings, limits: Limits) -> FoundShots:
    """Decode a film and tell its shots apart.

    Parameters
    ----------
    film : DecodedFilm
        The film, at its start; closed by the caller.
    name : str
        Name of the file, for messages.
    settings : ShotSettings
        How shots are told apart.
    limits : Limits
        How long it may be.

    Returns
    -------
    FoundShots
        Its shots, and what ended the reading early.

    Raises
    ------
    OverLimitError
        Where it turns out to be too long.
    """
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)  # frames are too small to be shared out among threads: waiting for them takes longer
    try:
        shots = tuple(find_shots(small_frames(film), settings, lambda seconds: check_duration(name, seconds, limits)))
    finally:
        cv2.setNumThreads(threads)
    if film.error is not None and (film.stopped or not shots):
        return FoundShots(shots, ffmpeg_error(name, film.error))
    declared = declared_seconds(film.stream)
    end = shots[-1].end_ms / 1000 if shots else 0.0
    if declared is not None and end < declared - max(1.0, declared / 50):
        return FoundShots(shots, _cut_off(name, end, declared))
    return FoundShots(shots)


def _cut_off(name: str, end: float, declared: float) -> BrokenFileError:
    return BrokenFileError(
        f"{name} is cut off: its pictures end after {end:.1f} of {declared:.1f} seconds.",
        "Get the file again from its source; a player that repairs files (such as VLC) may rescue more of it.",
    )


def find_shots(
    frames: Iterable[SmallFrame], settings: ShotSettings, check: Callable[[float], None] | None = None
) -> list[Shot]:
    """Tell the shots of a film apart.

    Hard cuts and fades are found by detectors of PySceneDetect, dissolves by a method of ours. Of every frame
    no more than its time and its sharpness are kept, 12 bytes in all.

    Parameters
    ----------
    frames : iterable of SmallFrame
        All frames, in the order of showing.
    settings : ShotSettings
        How shots are told apart.
    check : callable or None, default None
        Called with the time of every frame; it may raise.

    Returns
    -------
    list of Shot
        The shots, without gaps; empty where there are no frames.
    """
    watch = _Watch(settings)
    times, edges = array("d"), array("f")
    length: float | None = None
    for frame in frames:
        if check is not None:
            check(frame.seconds)
        times.append(frame.seconds)
        edges.append(watch.look(frame))
        length = frame.length
    if not times:
        return []
    if not length:
        length = times[-1] - times[-2] if len(times) > 1 else _USUAL_LENGTH
    borders = watch.borders(times)
    return _shots(borders, times, edges, times[-1] + length)


class _Watch:
    """Shows every frame to all that look for borders."""

    def __init__(self, settings: ShotSettings) -> None:
        self._settings = settings
        self._cuts = Cuts(settings)
        self._fades = (Fades(), Fades(white=True)) if settings.gradual else ()
        self._dissolves = Dissolves() if settings.gradual else None

    def look(self, frame: SmallFrame) -> float:
        """Look at the next frame and say how sharp it is."""
        if frame.small is None:
            return 0.0
        tiny, edges = tiny_of(frame.small), edges_of(frame.small)
        self._cuts.add(frame.number, frame.seconds, frame.small, tiny)
        light = float(tiny.mean())
        for fades in self._fades:
            fades.add(frame.number, frame.seconds, light)
        if self._dissolves is not None:
            self._dissolves.add(frame.number, frame.seconds, tiny, edges)
        return edges

    def borders(self, times: Sequence[float]) -> list[Border]:
        """End, and join what was found."""
        self._cuts.end()
        for fades in self._fades:
            fades.end()
        dissolves: list[Border] = []
        if self._dissolves is not None:
            self._dissolves.end()
            dissolves = self._dissolves.found
        faded = [border for fades in self._fades for border in fades.found]
        return join_borders(self._cuts.found, faded, dissolves, times, self._settings.min_shot_ms / 1000)


def _shots(borders: Sequence[Border], times: Sequence[float], edges: Sequence[float], end: float) -> list[Shot]:
    count = len(times)
    start = Border("cut", 0, 0, -1)
    closing = Border("cut", count, count, count - 1)
    shots: list[Shot] = []
    for border, following in pairwise([start, *borders, closing]):
        first, after = border.frame, following.frame
        stop = times[after] if after < count else end
        steady = range(max(first, border.last + 1), min(after, following.first))
        if not steady:
            steady = range(first, after)
        halfway = bisect_right(times, (times[first] + stop) / 2 + _ROUNDING, first, after) - 1
        middle = min(max(halfway, steady[0]), steady[-1])
        sharpest = max(steady, key=lambda number: edges[number])
        takes = times[min(border.last + 1, count - 1)] - times[border.first] if border.last >= border.first else 0.0
        shots.append(
            Shot(
                _milliseconds(times[first]),
                _milliseconds(stop),
                first,
                after - first,
                "start" if border is start else border.transition,
                _milliseconds(takes),
                border.score,
                ShotFrame(middle, times[middle]),
                ShotFrame(sharpest, times[sharpest]),
            )
        )
    return shots


def _milliseconds(seconds: float) -> int:
    return max(0, round(seconds * 1000))
