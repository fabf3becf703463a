"""When the frames of a film are shown, and which of them become pictures, told without decoding any."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

import numpy as np
from av.container import InputContainer
from av.error import FFmpegError
from av.video.stream import VideoStream
from numpy.typing import NDArray

from tidymedia.media.container import packets_of
from tidymedia.media.medium import Tick
from tidymedia.media.sampling import Sampling

__all__ = ["WITHOUT_TIMES", "Pick", "Timeline", "pick_frames", "pick_times", "read_timeline"]

# FFmpeg guesses one, which is wrong where frames are reordered.
WITHOUT_TIMES = frozenset({"avi", "h264", "hevc", "mpegvideo", "m4v", "obu", "rm"})
"""Formats whose packets carry no time of showing."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """The packets of a film, in the order in which they are decoded.

    Parameters
    ----------
    shown_at : numpy.ndarray
        Time stamp of each packet's frame, int64, in the time base of the stream.
    keys : numpy.ndarray
        Which packets are key frames, bool.
    hidden : numpy.ndarray
        Which packets are decoded but not shown (cut off by an edit list), bool.
    end : int
        The time stamp at which the last frame ends.
    broken : FFmpegError or None
        What ended the reading before the end of the file.
    """

    shown_at: NDArray[np.int64]
    keys: NDArray[np.bool_]
    hidden: NDArray[np.bool_]
    end: int
    broken: FFmpegError | None = None


@dataclass(frozen=True, slots=True)
class Pick:
    """A frame that becomes a picture.

    Parameters
    ----------
    index : int
        Number of the picture, from 0.
    frame : int
        Number of the frame in the order of showing, from 0.
    shown_at : int
        Its time stamp.
    packet : int
        Number of its packet in the order of decoding.
    start : int
        Number of the key frame's packet from which it can be decoded.
    """

    index: int
    frame: int
    shown_at: int
    packet: int
    start: int


def read_timeline(container: InputContainer, stream: VideoStream, tick: Tick) -> Timeline | None:
    """Read all packets of a film without decoding them.

    Parameters
    ----------
    container : InputContainer
        The film, at its start.
    stream : VideoStream
        Its pictures.
    tick : callable
        Called for every packet.

    Returns
    -------
    Timeline or None
        None where the time stamps are missing or contradict one another, so that only decoding tells which
        frame comes when.
    """
    if container.format.name in WITHOUT_TIMES or stream.time_base is None:
        return None
    shown, keys, hidden = array("q"), bytearray(), bytearray()
    decoded_at, end = None, 0
    broken: FFmpegError | None = None
    trusted = True
    try:
        for packet in packets_of(container, stream, tick):
            if packet.pts is None or (packet.dts is not None and decoded_at is not None and packet.dts < decoded_at):
                trusted = False
                break
            decoded_at = packet.dts if packet.dts is not None else decoded_at
            shown.append(packet.pts)
            keys.append(packet.is_keyframe)
            hidden.append(packet.is_discard)
            end = max(end, packet.pts + (packet.duration or 0))
    except FFmpegError as error:
        broken = error
    times = np.array(shown, dtype=np.int64)
    seen = times[~np.frombuffer(bytes(hidden), dtype=np.bool_)]
    if not trusted or len(np.unique(seen)) < len(seen):
        return None
    return Timeline(
        times, np.frombuffer(bytes(keys), dtype=np.bool_), np.frombuffer(bytes(hidden), dtype=np.bool_), end, broken
    )


def pick_frames(timeline: Timeline, sampling: Sampling, time_base: Fraction, origin: Fraction) -> Sequence[Pick]:
    """Pick the frames that become pictures.

    Parameters
    ----------
    timeline : Timeline
        When the frames are shown.
    sampling : Sampling
        The rule. Every n seconds: the first frame, then for each n-th second the first frame shown at it or
        after it, each frame once (a still of a minute is one picture). Every n frames: frames 0, n, 2n.
    time_base : Fraction
        Seconds of one step of the time stamps.
    origin : Fraction
        The second that is the start of the medium.

    Returns
    -------
    sequence of Pick
        In the order of showing.
    """
    in_order, times = _in_order(timeline)
    match sampling.every:
        case "first":
            chosen: Sequence[int] = range(min(1, len(times)))
        case "frames":
            chosen = range(0, len(times), int(sampling.step))
        case "codec":
            chosen = [int(place) for place in np.flatnonzero(timeline.keys[in_order])]
        case "seconds":
            chosen = _every_seconds(times, Fraction(str(sampling.step)), time_base, origin)
        case _:
            raise ValueError(f"{sampling.every} is not told by the timeline alone")
    return _picks(timeline, in_order, chosen)


def pick_times(timeline: Timeline, seconds: Sequence[float], time_base: Fraction, origin: Fraction) -> Sequence[Pick]:
    """Pick the frames that are shown at the given times.

    Parameters
    ----------
    timeline : Timeline
        When the frames are shown.
    seconds : sequence of float
        Times of frames, rising, from the start of the medium.
    time_base : Fraction
        Seconds of one step of the time stamps.
    origin : Fraction
        The second that is the start of the medium.

    Returns
    -------
    sequence of Pick
        In the order of showing; for each time the frame whose own time is nearest.
    """
    in_order, times = _in_order(timeline)
    if not len(times):
        return []
    chosen: list[int] = []
    for moment in seconds:
        wanted = round((Fraction(moment) + origin) / time_base)
        place = min(int(np.searchsorted(times, wanted)), len(times) - 1)
        if place and wanted - times[place - 1] < times[place] - wanted:
            place -= 1
        if not chosen or place > chosen[-1]:
            chosen.append(place)
    return _picks(timeline, in_order, chosen)


def _in_order(timeline: Timeline) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
    """Return the packets that are shown, in the order of showing, and their time stamps."""
    shown = np.flatnonzero(~timeline.hidden)
    in_order = shown[np.argsort(timeline.shown_at[shown], kind="stable")]
    return in_order, timeline.shown_at[in_order]


def _picks(timeline: Timeline, in_order: NDArray[np.intp], chosen: Sequence[int]) -> list[Pick]:
    keys = np.flatnonzero(timeline.keys)
    return [_pick(timeline, index, place, int(in_order[place]), keys) for index, place in enumerate(chosen)]


def _every_seconds(times: NDArray[np.int64], step: Fraction, time_base: Fraction, origin: Fraction) -> list[int]:
    chosen: list[int] = []
    place = 0
    while place < len(times):
        chosen.append(place)
        passed = floor((int(times[place]) * time_base - origin) / step)
        wanted = (origin + max(passed + 1, 1) * step) / time_base
        place = max(place + 1, int(np.searchsorted(times, ceil(wanted))))
    return chosen


def _pick(timeline: Timeline, index: int, frame: int, packet: int, keys: NDArray[np.intp]) -> Pick:
    """Find the key frame before: it must be decoded earlier and shown no later."""
    shown_at = int(timeline.shown_at[packet])
    place = int(np.searchsorted(keys, packet, side="right")) - 1
    while place >= 0 and timeline.shown_at[keys[place]] > shown_at:
        place -= 1
    return Pick(index, frame, shown_at, packet, int(keys[place]) if place >= 0 else 0)
