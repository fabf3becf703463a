"""The sound of a film or recording, decoded in blocks and never held whole."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import cast

import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from numpy.typing import NDArray

from tidymedia.errors import BrokenFileError
from tidymedia.media.container import (
    OpenFile,
    check_duration,
    declared_seconds,
    duration_seconds,
    ffmpeg_error,
    origin_seconds,
    packets_of,
    prepare_decoder,
    sound_stream,
)
from tidymedia.media.medium import Tick
from tidymedia.media.settings import Limits
from tidymedia.media.sound import Sound, SoundBlock, SoundFormat

__all__ = ["StreamedSound"]

Samples = NDArray[np.float32]

# Time stamps are rounded (to a millisecond in Matroska), so smaller steps are no gaps.
_GAP = 0.1

# A time stamp that lies further beyond the stated end than this is damage, not a pause.
_BEYOND_END = 60

# FFmpeg would add the channels up in floating point, so that loud places are cut; this makes it their mean.
_MIXING = {"rematrix_maxval": "1.0"}

_LAYOUTS = {1: "mono", 2: "stereo"}
_SILENCE_BLOCK = 65_536


class StreamedSound(Sound):
    """The sound of a film or recording in the form that was asked for.

    Of several streams the first is taken that the file marks as its default, else the first. Times count from
    the start of the medium: where the sound starts later than the pictures, it begins with silence; what lies
    before the start is left out. Gaps of more than 0.1 seconds in the time stamps are filled with silence, so
    that later times stay right; jumps back are not followed. Samples beyond -1 and 1 are cut, and what is no number
    is silence.

    Get one by :meth:`of`.

    Parameters
    ----------
    file : OpenFile
        The file.
    rate, channels : int
        The form.
    duration : float or None
        Its length as the header says, in seconds.
    limits : Limits
        How long it may be.
    tick : callable
        Called while decoding.
    """

    def __init__(
        self, file: OpenFile, rate: int, channels: int, duration: float | None, limits: Limits, tick: Tick
    ) -> None:
        self.rate = rate
        self.channels = channels
        self.duration_ms = None if duration is None else round(duration * 1000)
        self._file = file
        self._duration = duration
        self._limits = limits
        self._tick = tick

    @classmethod
    def of(cls, file: OpenFile, wanted: SoundFormat, limits: Limits, tick: Tick) -> StreamedSound | None:
        """Return the sound of a file; None where it has none.

        Parameters
        ----------
        file : OpenFile
            The file.
        wanted : SoundFormat
            Rate and channels.
        limits : Limits
            How long it may be.
        tick : callable
            Called while decoding.

        Raises
        ------
        OverLimitError
            Where it is longer than the limit.
        UnsupportedError, EncryptedError
            Where it cannot be decoded.
        BrokenFileError
            Where its header does not say how it is sampled.
        """
        with file.container() as container:
            stream = sound_stream(container)
            if stream is None:
                return None
            prepare_decoder(file.name, stream, "sound")
            duration = duration_seconds(container)
            check_duration(file.name, duration, limits)
            rate = wanted.rate or stream.codec_context.sample_rate
            channels = wanted.channels or stream.codec_context.channels
        if rate <= 0 or channels <= 0:
            raise BrokenFileError(
                f"The sound of {file.name} has no rate or no channels.", "Get the file again from its source."
            )
        return cls(file, rate, channels, duration, limits, tick)

    def blocks(self, seconds: float = 30.0) -> Iterator[SoundBlock]:
        """Stream the sound from its start; see :meth:`Sound.blocks`.

        Each call decodes anew. All blocks but the last have exactly ``round(seconds * rate)`` samples.

        Raises
        ------
        BrokenFileError
            Where decoding cannot go on; what was decoded before has been given.
        OverLimitError
            Where it turns out longer than the limit.
        """
        size = max(1, round(seconds * self.rate))
        parts: list[Samples] = []
        held, given = 0, 0
        broken: FFmpegError | None = None
        decoding = _Decoding(self._file, self.rate, self.channels, self._latest(), self._tick)
        try:
            for samples in decoding.samples():
                while len(samples):
                    taken, samples = samples[: size - held], samples[size - held :]
                    parts.append(taken)
                    held += len(taken)
                    if held == size:
                        yield self._block(given, parts)
                        given, held, parts = given + size, 0, []
                        check_duration(self._file.name, given / self.rate, self._limits)
        except FFmpegError as error:
            broken = error
        finally:
            decoding.close()
        if held:
            yield self._block(given, parts)
        broken = broken or decoding.fatal()
        if broken is not None:
            raise ffmpeg_error(self._file.name, broken) from broken
        end, declared = (given + held) / self.rate, decoding.declared
        if declared is not None and end < declared - max(1.0, declared / 50):
            raise BrokenFileError(
                f"{self._file.name} is cut off: its sound ends after {end:.1f} of {declared:.1f} seconds.",
                "Get the file again from its source.",
            )

    def tick(self) -> None:
        """Say that work goes on; see :meth:`Sound.tick`."""
        self._tick()

    def _latest(self) -> float:
        known = self._duration if self._duration is not None else self._limits.duration_s
        return known + _BEYOND_END

    def _block(self, start: int, parts: list[Samples]) -> SoundBlock:
        samples = np.concatenate(parts)
        np.nan_to_num(samples, copy=False, nan=0.0, posinf=1.0, neginf=-1.0)
        np.clip(samples, -1, 1, out=samples)
        return SoundBlock(round(start * 1000 / self.rate), samples)


class _Decoding:
    """One pass through the sound of a file."""

    def __init__(self, file: OpenFile, rate: int, channels: int, latest: float, tick: Tick) -> None:
        self._rate, self._channels, self._latest, self._tick = rate, channels, latest, tick
        self._container: InputContainer = file.container()
        try:
            stream = sound_stream(self._container)
            if stream is None:
                raise BrokenFileError(f"{file.name} has no sound any more.", "Leave files alone while they are read.")
            prepare_decoder(file.name, stream, "sound")
        except BaseException:
            self._container.close()
            raise
        self._stream: AudioStream = stream
        self.declared = declared_seconds(stream)
        self._resampler: AudioResampler | None = None
        self._form: tuple[str, str, int] | None = None
        self._position = 0  # samples given so far
        self._skip = 0  # samples to leave out, before the start of the medium
        self._origin = float(origin_seconds(self._container))
        self._time_base = float(stream.time_base or 0)
        self._expected: float | None = None  # when the next frame should start, in seconds
        self._damaged: FFmpegError | None = None
        self._decoded = 0

    def close(self) -> None:
        self._container.close()

    def fatal(self) -> FFmpegError | None:
        """Return what was wrong, where nothing at all could be decoded."""
        return self._damaged if self._decoded == 0 else None

    def samples(self) -> Iterator[Samples]:
        packets = packets_of(self._container, self._stream, self._tick)
        for packet in itertools.chain(packets, [None]):
            try:
                frames = self._stream.codec_context.decode(cast("Packet[AudioStream] | None", packet))
            except EOFError:
                continue
            except FFmpegError as error:  # a damaged packet; the time stamp of the next one shows the gap
                self._damaged = error
                continue
            for frame in frames:
                if frame.samples and frame.sample_rate > 0:
                    self._decoded += 1
                    yield from self._place(frame)
        yield from self._flush()

    def _place(self, frame: AudioFrame) -> Iterator[Samples]:
        start = self._start(frame)
        if self._expected is None:
            start = start if start is not None and start <= self._latest else 0.0
            yield from self._silence(round(start * self._rate))
            self._skip = max(0, round(-start * self._rate))
            self._expected = start
        elif start is not None and self._expected + _GAP < start <= self._latest:
            yield from self._flush()
            yield from self._silence(round(start * self._rate) - self._position)
            self._expected = start
        self._expected += frame.samples / frame.sample_rate
        yield from self._resample(frame)

    def _start(self, frame: AudioFrame) -> float | None:
        if frame.pts is None or not self._time_base:
            return None
        return frame.pts * self._time_base - self._origin

    def _silence(self, count: int) -> Iterator[Samples]:
        for start in range(0, count, _SILENCE_BLOCK):
            self._tick()
            size = min(_SILENCE_BLOCK, count - start)
            self._position += size
            yield np.zeros((size, self._channels), np.float32)

    def _resample(self, frame: AudioFrame) -> Iterator[Samples]:
        form = (frame.format.name, frame.layout.name, frame.sample_rate)
        if form != self._form:
            yield from self._flush()
            self._form = form
        if self._resampler is None:
            layout = _LAYOUTS.get(self._channels, f"{self._channels}c")
            if frame.layout.nb_channels == self._channels:
                layout = frame.layout.name
            self._resampler = AudioResampler("flt", layout, self._rate, options=_MIXING)
        yield from self._arrays(self._resampler.resample(frame))

    def _flush(self) -> Iterator[Samples]:
        resampler, self._resampler, self._form = self._resampler, None, None
        if resampler is not None:
            yield from self._arrays(resampler.resample(None))

    def _arrays(self, frames: Sequence[AudioFrame | None]) -> Iterator[Samples]:
        for frame in frames:
            if frame is None or not frame.samples:
                continue
            samples = frame.to_ndarray().reshape(-1, self._channels).astype(np.float32, copy=False)
            skipped = min(self._skip, len(samples))
            self._skip -= skipped
            self._position += len(samples) - skipped
            yield samples[skipped:]
