"""A film written frame by frame, with the sound of another one."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.error import FFmpegError
from av.video.reformatter import ColorRange, Colorspace
from PIL import Image

from tidymedia.errors import UnavailableError, UsageError
from tidymedia.media.container import OpenFile, origin_seconds, packets_of, sound_stream
from tidymedia.media.medium import no_tick

__all__ = ["SUFFIXES", "FilmWriter"]

SUFFIXES = (".mp4", ".m4v", ".mov", ".mkv")
"""What the name of a film may end in."""

_FORMATS = {".mkv": "matroska", ".mov": "mov"}
_ENCODERS = (("libx264", {"crf": "18", "preset": "veryfast"}), ("mpeg4", {"qscale": "3"}))
"""What H.264 is made with, and what steps in where PyAV was built without it."""
_FINEST = {"mpeg4": 65_535}
"""Most steps that a second may have."""
_LARGE_WIDTH, _LARGE_HEIGHT = 1280, 720
_BT709, _BT601 = 1, 6
_LIMITED = 1


class FilmWriter:
    """Writes the frames of a film to a new file, and copies the sound of the film that they come from.

    Parameters
    ----------
    path : pathlib.Path
        The new file.
    suffix : str
        Which container: one of ``SUFFIXES``.
    size : tuple of int
        Width and height of the frames.
    rate : fractions.Fraction
        Mean number of frames a second.
    time_base : fractions.Fraction
        Seconds of one step of their time stamps.
    source : OpenFile or None
        The film whose sound is copied; None for no sound.

    Raises
    ------
    UsageError
        Where the container cannot hold this sound, or the file cannot be written.
    """

    def __init__(
        self,
        path: Path,
        suffix: str,
        size: tuple[int, int],
        rate: Fraction,
        time_base: Fraction,
        source: OpenFile | None,
    ) -> None:
        self.size = size
        self._closing = contextlib.ExitStack()
        with contextlib.ExitStack() as opened:
            try:
                self._out: Any = opened.enter_context(av.open(str(path), "w", format=_FORMATS.get(suffix, "mp4")))
            except (FFmpegError, OSError) as error:
                raise UsageError(f"{path.parent} cannot be written to: {error}.", "Choose another place.") from error
            name, options = _encoder()
            self._time_base = max(time_base, Fraction(1, _FINEST.get(name, 1_000_000)))
            self._stream: Any = self._out.add_stream(name, rate=rate, options=dict(options))
            self._large = size[0] >= _LARGE_WIDTH or size[1] >= _LARGE_HEIGHT
            self._pixels = "yuv420p" if size[0] % 2 == size[1] % 2 == 0 or name != "libx264" else "yuv444p"
            context: Any = self._stream.codec_context
            context.width, context.height = size
            context.pix_fmt = self._pixels
            context.time_base = self._time_base
            context.colorspace = _BT709 if self._large else _BT601
            context.color_range = _LIMITED
            self._sound = self._copied(opened, source, suffix) if source is not None else iter(())
            self._next_sound = next(self._sound, None)
            self._last = -1
            self._closing = opened.pop_all()

    def _copied(self, opened: contextlib.ExitStack, source: OpenFile, suffix: str) -> Iterator[tuple[Fraction, Any]]:
        """Give the packets of the sound, each with its time, ready for the new file."""
        container = opened.enter_context(source.container())
        stream = sound_stream(container)
        if stream is None:
            return iter(())
        try:
            copy = self._out.add_stream_from_template(stream)
            self._out.start_encoding()
        except (FFmpegError, ValueError) as error:
            raise UsageError(
                f"A file that ends in {suffix} cannot hold the sound of {source.name} ({stream.codec.name}) as it is.",
                "Leave the sound out with sound=False."
                if suffix == ".mkv"
                else "Name an output that ends in .mkv, or leave the sound out with sound=False.",
            ) from error
        origin = origin_seconds(container)

        def packets() -> Iterator[tuple[Fraction, Any]]:
            time_base = stream.time_base or Fraction(1, 1000)
            shift = round(origin / time_base)
            for packet in packets_of(container, stream, no_tick):
                if packet.dts is None:
                    continue
                packet.dts -= shift
                packet.pts = packet.dts if packet.pts is None else packet.pts - shift
                packet.stream = copy
                yield packet.dts * time_base, packet

        return packets()

    def write(self, image: Image.Image, seconds: Fraction) -> None:
        """Write a frame.

        Parameters
        ----------
        image : PIL.Image.Image
            The frame, mode RGB, of the size of the film.
        seconds : fractions.Fraction
            When it is shown, from the start of the film.
        """
        frame = av.VideoFrame.from_ndarray(np.asarray(image), format="rgb24").reformat(
            format=self._pixels,
            dst_colorspace=Colorspace.ITU709 if self._large else Colorspace.ITU601,
            src_color_range=ColorRange.JPEG,
            dst_color_range=ColorRange.MPEG,
        )
        self._last = max(round(seconds / self._time_base), self._last + 1)
        frame.pts, frame.time_base = self._last, self._time_base
        self._sound_until(seconds)
        self._out.mux(self._stream.encode(frame))

    def _sound_until(self, seconds: Fraction | None) -> None:
        while self._next_sound is not None and (seconds is None or self._next_sound[0] <= seconds):
            self._out.mux(self._next_sound[1])
            self._next_sound = next(self._sound, None)

    def finish(self) -> None:
        """Write what is left."""
        self._out.mux(self._stream.encode(None))
        self._sound_until(None)

    def close(self) -> None:
        """Close the file."""
        self._closing.close()


def _encoder() -> tuple[str, dict[str, str]]:
    for name, options in _ENCODERS:
        if name in av.codecs_available:
            return name, options
    raise UnavailableError("PyAV can write no film here.", "Install it anew with: pip install --force-reinstall av")
