"""Open films and recordings safely: no other file is touched, no noise, no more than the limits."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import BinaryIO, NoReturn, TypeVar, cast

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Disposition, Stream
from av.video.stream import VideoStream

from tidymedia.errors import (
    BrokenFileError,
    EmptyFileError,
    EncryptedError,
    MediumError,
    OverLimitError,
    UnsupportedError,
)
from tidymedia.media.file_errors import file_error
from tidymedia.media.location import Location
from tidymedia.media.medium import Tick
from tidymedia.media.settings import Limits

__all__ = [
    "CODEC_THREADS",
    "FORMATS",
    "OpenFile",
    "check_duration",
    "declared_seconds",
    "duration_seconds",
    "ffmpeg_error",
    "origin_seconds",
    "packets_of",
    "prepare_decoder",
    "reading",
    "sound_stream",
    "video_stream",
]

# Several child processes decode side by side; more threads in each would only make them wait for one
# another. What is decoded does not depend on it.
CODEC_THREADS = 1

# Larger than the 32 kB of PyAV, so that a slow disk or network drive is asked less often.
_BUFFER_BYTES = 262_144

# How the names of formats begin whose headers state a length that can be relied on.
_STATES_LENGTH = ("mov,", "flac")

FORMATS = (
    *("mov", "matroska", "avi", "asf", "flv", "mpeg", "mpegts", "mpegvideo", "m4v", "ogg", "mxf", "rm", "ivf"),
    *("h264", "hevc", "obu", "yuv4mpegpipe", "dv", "nut"),
    *("mp3", "wav", "w64", "flac", "aac", "aiff", "amr", "amrnb", "amrwb", "au", "caf", "wv", "ape", "tta"),
    *("mpc", "mpc8", "dsf", "ac3", "eac3"),
)
"""The only formats that are opened. Playlists and scripts (hls, concat, dash, image2 ...) name other files
and addresses, which FFmpeg would open for whoever wrote them; none of them is here."""

_S = TypeVar("_S", bound=Stream)

_ENCRYPTED_TAGS = frozenset({"encv", "enca", "drmi", "drms", "drmt"})

av.logging.set_level(None)
av.logging.set_libav_level(av.logging.PANIC)


class _View:
    """A reader of a file that others read too: it has a position of its own."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._position = 0

    def read(self, size: int) -> bytes:
        self._file.seek(self._position)
        data = self._file.read(size)
        self._position += len(data)
        return data

    def seek(self, offset: int, whence: int = 0) -> int:
        base = (0, self._position)[whence] if whence < 2 else self._file.seek(0, 2)
        if base + offset < 0:
            raise ValueError("There is nothing before the start of a file.")
        self._position = base + offset
        return self._position

    def tell(self) -> int:
        return self._position


def _refuse(url: str, flags: int, options: dict[str, str]) -> NoReturn:
    raise PermissionError("a film or recording may not open other files")


class OpenFile:
    """The bytes of a film or recording, from which containers are opened as often as needed.

    Every container has its own position, so pictures and sound can be read in turns, and the location is
    opened once (a member of an archive is unpacked once).

    Parameters
    ----------
    location : Location
        Where the bytes are.

    Raises
    ------
    MediumError
        Where the file cannot be opened.
    """

    def __init__(self, location: Location) -> None:
        self.name = location.name
        self._file = location.open()
        try:
            if self._file.seek(0, 2) == 0:
                raise EmptyFileError(f"{self.name} is empty (0 bytes).", "Get the file again from its source.")
        except MediumError:
            self._file.close()
            raise

    def head(self, size: int) -> bytes:
        """Return the first bytes of the file."""
        return _View(self._file).read(size)

    def container(self) -> InputContainer:
        """Open the file as a container of streams; close it after use.

        Raises
        ------
        UnsupportedError
            Where it is of a format that is not opened.
        BrokenFileError
            Where it is damaged.
        """
        with reading(self.name):
            return av.open(
                _View(self._file),
                "r",
                container_options={"format_whitelist": ",".join(FORMATS), "protocol_whitelist": "none"},
                metadata_errors="replace",
                buffer_size=_BUFFER_BYTES,
                io_open=_refuse,
            )

    def close(self) -> None:
        """Close the file."""
        self._file.close()


@contextmanager
def reading(name: str) -> Iterator[None]:
    """Turn the errors of FFmpeg and of the operating system into ours.

    Parameters
    ----------
    name : str
        Name of the file, for the messages.

    Raises
    ------
    MediumError
        In the place of theirs.
    """
    try:
        yield
    except FFmpegError as error:
        raise ffmpeg_error(name, error) from error
    except OSError as error:
        raise file_error(name, error) from error


def ffmpeg_error(name: str, error: FFmpegError) -> MediumError:
    """Say what FFmpeg said about a file.

    Parameters
    ----------
    name : str
        Name of the file.
    error : FFmpegError
        What it raised.

    Returns
    -------
    MediumError
        The error to raise or to store.
    """
    reason = (error.strerror or type(error).__name__).lower()
    if isinstance(error, av.error.ArgumentError):
        return UnsupportedError(
            f"{name} is of a format that is not opened as a film or recording (such as a playlist or script).",
            "Analyse the files that it names, or convert it to MP4 or WAV.",
        )
    if isinstance(error, av.error.DecoderNotFoundError | av.error.PatchWelcomeError | NotImplementedError):
        return UnsupportedError(
            f"{name} cannot be decoded ({reason}).", "Convert it to MP4 (H.264 and AAC) or WAV first."
        )
    return BrokenFileError(
        f"{name} is damaged or not what its name says ({reason}).",
        "Get the file again from its source; if it plays elsewhere, convert it to MP4 or WAV.",
    )


def video_stream(container: InputContainer) -> VideoStream | None:
    """Return the stream of moving pictures; None where there is none. A cover picture is none."""
    moving = [stream for stream in container.streams.video if not stream.disposition & Disposition.attached_pic]
    return _preferred(moving)


def sound_stream(container: InputContainer) -> AudioStream | None:
    """Return the stream of sound: the first that is marked as default, else the first; None for none."""
    return _preferred(list(container.streams.audio))


def _preferred(streams: list[_S]) -> _S | None:
    flagged = [stream for stream in streams if stream.disposition & Disposition.default]
    return next(iter(flagged or streams), None)


def packets_of(container: InputContainer, stream: Stream, tick: Tick) -> Iterator[Packet[Stream]]:
    """Read the packets of one stream; decode None after the last one to get what the decoder holds back.

    Parameters
    ----------
    container : InputContainer
        The file, at its start.
    stream : Stream
        The stream.
    tick : callable
        Called for every packet.

    Yields
    ------
    Packet
        The next packet; empty ones are left out.

    Raises
    ------
    FFmpegError
        Where the file cannot be read any further.
    """
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets, None)
        except IndexError:  # damage made up a new stream on the way, which PyAV cannot name at the end
            return
        if packet is None:
            return
        tick()
        if packet.size > 0 and packet.stream_index == stream.index:
            yield packet


def prepare_decoder(name: str, stream: VideoStream | AudioStream, what: str) -> None:
    """Make the decoder of a stream ready.

    Parameters
    ----------
    name : str
        Name of the file.
    stream : VideoStream or AudioStream
        The stream.
    what : str
        What it holds, for the message.

    Raises
    ------
    EncryptedError
        Where it is protected.
    UnsupportedError
        Where there is no decoder.
    """
    context = cast("object | None", stream.codec_context)
    if context is None:
        raise UnsupportedError(
            f"The {what} of {name} is in a codec that this installation cannot decode.",
            "Convert it to MP4 (H.264 and AAC) or WAV first.",
        )
    if _tag(stream) in _ENCRYPTED_TAGS:
        raise EncryptedError(f"The {what} of {name} is protected (DRM).", "Get a copy without protection.")
    stream.codec_context.thread_type = "NONE" if CODEC_THREADS == 1 else "AUTO"
    stream.codec_context.thread_count = CODEC_THREADS


def _tag(stream: Stream) -> str:
    try:
        return stream.codec_context.codec_tag
    except UnicodeDecodeError:  # a damaged header
        return ""


def origin_seconds(container: InputContainer) -> Fraction:
    """Return the time stamp that is the start of the medium, in seconds.

    It is where the first of its streams starts, as in a player; what a codec needs before zero is no part.
    """
    return Fraction(max(container.start_time or 0, 0), av.time_base)


def duration_seconds(container: InputContainer) -> float | None:
    """Return how long the medium says it is, in seconds; None where it does not say."""
    if container.duration is not None and container.duration > 0:
        return container.duration / av.time_base
    lengths = [
        float(stream.duration * stream.time_base)
        for stream in (*container.streams.video, *container.streams.audio)
        if stream.duration is not None and stream.time_base is not None and stream.duration > 0
    ]
    return max(lengths, default=None)


def check_duration(name: str, seconds: float | None, limits: Limits) -> None:
    """Refuse a medium that is longer than the limit.

    Raises
    ------
    OverLimitError
        Where it is.
    """
    if seconds is not None and seconds > limits.duration_s:
        raise OverLimitError(
            f"{name} is {seconds:,.0f} seconds long; the limit is {limits.duration_s:,}.",
            f"Allow it with --set limits.duration_s={math.ceil(seconds)}.",
        )


def declared_seconds(stream: VideoStream | AudioStream) -> float | None:
    """Return how long the header says that one stream goes on, in seconds; None where it does not say."""
    if (
        stream.duration is not None
        and stream.time_base is not None
        and stream.container.format.name.startswith(_STATES_LENGTH)
    ):
        return float(stream.duration * stream.time_base)
    match = re.fullmatch(r"(\d+):(\d\d):(\d\d(?:\.\d+)?)", stream.metadata.get("DURATION", ""))
    return int(match[1]) * 3600 + int(match[2]) * 60 + float(match[3]) if match else None
