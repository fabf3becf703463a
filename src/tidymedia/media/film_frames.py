"""Decode the frames of a film that become pictures, and as few others as possible."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import cast

from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.video.frame import PictureType, VideoFrame
from av.video.stream import VideoStream

from tidymedia.errors import BrokenFileError
from tidymedia.media.container import origin_seconds, packets_of, prepare_decoder, video_stream
from tidymedia.media.film_timeline import WITHOUT_TIMES, Pick, Timeline
from tidymedia.media.medium import Tick
from tidymedia.media.sampling import Sampling

__all__ = ["DecodedFilm", "Shown", "decode_all", "decode_numbers", "decode_picks", "usual_rate"]

_USUAL_RATE = Fraction(25)

# One that decodes while another looks at the frames.
_ROUGH_THREADS = 2


@dataclass(slots=True)
class Shown:
    """A frame that becomes a picture.

    Parameters
    ----------
    index : int
        Number of the picture, from 0.
    frame : VideoFrame or None
        The frame; None where it cannot be decoded.
    number : int or None
        Number of the frame in the order of showing, where known.
    time : Fraction or None
        When it is shown, in seconds from the start of the medium, where known.
    """

    index: int
    frame: VideoFrame | None
    number: int | None
    time: Fraction | None


class DecodedFilm:
    """A film that is being decoded from its start.

    Parameters
    ----------
    name : str
        Name of the file, for messages.
    container : InputContainer
        The film, at its start; closed by :meth:`close`.
    tick : callable
        Called for every packet.
    keys_only : bool
        Whether only key frames are decoded.
    roughly : bool, default False
        Whether speed counts more than the look of the frames: blocks are not smoothed (the loop filter is passed
        over), and a second thread decodes ahead.
    """

    def __init__(
        self, name: str, container: InputContainer, tick: Tick, *, keys_only: bool, roughly: bool = False
    ) -> None:
        stream = video_stream(container)
        if stream is None:
            raise BrokenFileError(f"{name} has no pictures any more.", "Leave files alone while they are analysed.")
        prepare_decoder(name, stream, "picture")
        if roughly:
            context = stream.codec_context
            context.thread_type, context.thread_count = "AUTO", _ROUGH_THREADS
            context.options = {"skip_loop_filter": "all"}
        self._keys_only = keys_only
        self.stream = stream
        self.container = container
        self.time_base = stream.time_base or Fraction(1, 1000)
        self.origin = origin_seconds(container)
        self.error: FFmpegError | None = None
        """What could not be read or decoded last."""
        self.stopped = False
        """Whether the reading ended before the end of the file."""
        self.number = 0
        """Number of the next packet."""
        self._packets = cast("Iterator[Packet[VideoStream]]", packets_of(container, stream, tick))
        self._ended = False

    def frames(self) -> list[VideoFrame] | None:
        """Read one packet and decode it; None at the end. A damaged packet gives no frames."""
        if self._ended:
            return None
        packet = self._next()
        try:
            if self._keys_only:
                return [] if packet is None else self._key_frame(packet)
            return self.stream.codec_context.decode(packet)
        except EOFError:
            return []
        except FFmpegError as error:
            self.error = error
            return []

    def _next(self) -> Packet[VideoStream] | None:
        try:
            packet = next(self._packets, None)
        except FFmpegError as error:
            self.error, self.stopped = error, True
            packet = None
        self._ended = packet is None
        self.number += packet is not None
        return packet

    def _key_frame(self, packet: Packet[VideoStream]) -> list[VideoFrame]:
        """Decode a key frame alone: decoders hold back or drop what they see between missing neighbours."""
        if not packet.is_keyframe or packet.is_discard:
            return []
        context = self.stream.codec_context
        try:
            return [frame for frame in (*context.decode(packet), *context.decode(None)) if _stands_alone(frame)]
        finally:
            context.flush_buffers()

    def jump(self, number: int) -> None:
        """Pass over packets up to one of that number, without decoding them."""
        while self.number < number and not self._ended:
            self._next()
        self.stream.codec_context.flush_buffers()

    def seconds(self, shown_at: int) -> Fraction:
        """Return a time stamp as seconds from the start of the medium."""
        return shown_at * self.time_base - self.origin

    def close(self) -> None:
        """Close the film."""
        self.container.close()


class _BadLandingError(Exception):
    """Decoding from a key frame did not begin with this key frame."""


def decode_picks(
    open_film: Callable[[], DecodedFilm], timeline: Timeline, picks: Sequence[Pick], sampling: Sampling
) -> Iterator[Shown]:
    """Decode the picked frames; between them only what they build on.

    Decoding from a key frame gives the same frames as decoding from the start of the film. Where the first
    frame is not the key frame that was announced (some films spread their key frames over many frames), the
    film is opened again and decoded without jumps from then on.

    Parameters
    ----------
    open_film : callable
        Opens the film at its start.
    timeline : Timeline
        All its packets.
    picks : sequence of Pick
        The frames to give.
    sampling : Sampling
        The rule that picked them.

    Yields
    ------
    Shown
        One for each pick, as long as there are frames. Where a frame is lost, one every n seconds is replaced
        by the next frame before the next pick; else ``frame`` is None.
    """
    place, jumps = 0, sampling.every != "codec"
    while place < len(picks):
        film = open_film()
        try:
            for shown in _decode_picks(film, timeline, picks[place:], sampling, jumps=jumps):
                place += 1
                if shown is not None:
                    yield shown
            return
        except _BadLandingError:
            jumps = False
        finally:
            film.close()


def _decode_picks(
    film: DecodedFilm, timeline: Timeline, picks: Sequence[Pick], sampling: Sampling, *, jumps: bool
) -> Iterator[Shown | None]:
    ready: deque[VideoFrame] = deque()
    landed: int | None = None
    ends = [*(pick.shown_at for pick in picks[1:]), None]
    for pick, end in zip(picks, ends, strict=True):
        while True:
            while ready and (landed is not None or _time_stamp(ready[0]) < pick.shown_at):
                at = _time_stamp(ready[0])
                if landed is not None and at >= landed:
                    if at != landed or not _stands_alone(ready[0]):
                        raise _BadLandingError
                    landed = None
                else:
                    ready.popleft()
            if ready:
                break
            if jumps and pick.start > film.number:
                film.jump(pick.start)
                landed = int(timeline.shown_at[pick.start])
            frames = film.frames()
            if frames is None:
                return
            ready.extend(frame for frame in frames if frame.pts is not None)
        at = _time_stamp(ready[0])
        if at == pick.shown_at:
            yield Shown(pick.index, ready.popleft(), pick.frame, film.seconds(at))
        elif sampling.every == "seconds" and (end is None or at < end):
            yield Shown(pick.index, ready.popleft(), None, film.seconds(at))
        elif sampling.every == "codec" and film.error is None:
            yield None  # the container called it a key frame, the decoder does not
        else:
            yield Shown(pick.index, None, pick.frame, film.seconds(pick.shown_at))


def _stands_alone(frame: VideoFrame) -> bool:
    """Say whether a frame builds on no other; films with intra refresh call some key frames that do."""
    return frame.key_frame and frame.pict_type not in (PictureType.P, PictureType.B)


def _time_stamp(frame: VideoFrame) -> int:
    return frame.pts if frame.pts is not None else 0


def decode_all(film: DecodedFilm, sampling: Sampling, start: int) -> Iterator[Shown]:
    """Decode a film whose time stamps say too little, and pick frames as they come.

    Parameters
    ----------
    film : DecodedFilm
        The film; closed by the caller.
    sampling : Sampling
        The rule.
    start : int
        The first picture to give.

    Yields
    ------
    Shown
        The picked frames. Times are counted from the frame rate where the container has none (AVI).
    """
    rate = usual_rate(film.stream)
    no_times = film.container.format.name in WITHOUT_TIMES
    counted = no_times and sampling.every != "codec"
    delay: Fraction | None = None if no_times else Fraction(0)  # reordering makes the guessed times late
    index, number = 0, 0
    time = Fraction(-1) / rate
    wanted = Fraction(0)
    step = Fraction(str(sampling.step))
    while (frames := film.frames()) is not None:
        while frames:
            frame = frames.pop(0)
            stamped = not counted and frame.pts is not None
            time = film.seconds(_time_stamp(frame)) if stamped else time + Fraction(1) / rate
            if stamped:
                delay = time if delay is None else delay
                time -= delay
            position = Fraction(number) if sampling.every == "frames" else time
            number += 1
            if index > 0 and sampling.every in ("seconds", "frames") and position < wanted:
                continue
            wanted = max(position // step + 1, 1) * step
            if index >= start:
                exact = number - 1 if sampling.every != "codec" else None
                yield Shown(index, frame, exact, time if stamped or sampling.every != "codec" else None)
            index += 1
            if sampling.every == "first":
                return


def usual_rate(stream: VideoStream) -> Fraction:
    """Return how many frames a second a film has, for the times of frames that have none.

    Parameters
    ----------
    stream : VideoStream
        Its pictures.
    """
    return Fraction(stream.average_rate or stream.guessed_rate or _USUAL_RATE)


def decode_numbers(film: DecodedFilm, numbers: Sequence[int], start: int) -> Iterator[Shown]:
    """Decode a film whose time stamps say too little, and give the frames of these numbers.

    Parameters
    ----------
    film : DecodedFilm
        The film; closed by the caller.
    numbers : sequence of int
        Numbers of frames in the order of showing, rising.
    start : int
        The first picture to give.

    Yields
    ------
    Shown
        The frames, counted from 0.
    """
    index = 0
    for shown in decode_all(film, Sampling("frames", 1), 0):
        if index == len(numbers):
            return
        if shown.index == numbers[index]:
            if index >= start:
                yield Shown(index, shown.frame, shown.number, shown.time)
            index += 1
