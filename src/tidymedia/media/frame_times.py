"""When the frames of an animation are shown, read from its container without decoding a pixel."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from tidymedia.errors import BrokenFileError
from tidymedia.media.medium import Tick
from tidymedia.media.sampling import Sampling

__all__ = ["FrameTimes", "pick_frames", "scan_frames"]

_STEP = 256
_PLAIN_MS = 100


@dataclass(slots=True)
class FrameTimes:
    """The frames of an animation.

    Parameters
    ----------
    starts : list of int
        When each whole frame begins, in milliseconds.
    duration_ms : int, default 0
        When the last one ends.
    complete : bool, default True
        Whether the file ends where its format says; False where it is cut off within a frame.
    stopped : bool, default False
        Whether the scan was given up because there are more frames than allowed.
    """

    starts: list[int] = field(default_factory=list)
    duration_ms: int = 0
    complete: bool = True
    stopped: bool = False

    def add(self, duration_ms: float | None) -> None:
        """Add a frame; one that says zero is shown for 100 ms, as browsers do.

        Parameters
        ----------
        duration_ms : float or None
            How long it is shown; None for a picture that is no part of the animation.
        """
        self.starts.append(self.duration_ms)
        if duration_ms is not None:
            self.duration_ms += round(duration_ms) or _PLAIN_MS


def scan_frames(stream: BinaryIO, image_format: str, most: int, tick: Tick) -> FrameTimes | None:
    """Read the times of the frames of a GIF, PNG or WebP file.

    Parameters
    ----------
    stream : BinaryIO
        The bytes, seekable.
    image_format : str
        Pillow's name of the format.
    most : int
        How many frames to look at before giving up.
    tick : callable
        Called every few hundred frames.

    Returns
    -------
    FrameTimes or None
        The frames; None where the format is none of the three.
    """
    scan = _SCANS.get(image_format)
    if scan is None:
        return None
    stream.seek(0, 2)
    size = stream.tell()
    stream.seek(0)
    times = FrameTimes()
    blocks = scan(stream, size)
    while True:
        try:
            duration = next(blocks)
        except StopIteration:
            return times
        except _CutOffError:
            times.complete = False
            return times
        if len(times.starts) >= most:
            times.stopped = True
            return times
        times.add(duration)
        if len(times.starts) % _STEP == 0:
            tick()


def pick_frames(times: FrameTimes, sampling: Sampling) -> list[int]:
    """Choose the frames that become pictures.

    Parameters
    ----------
    times : FrameTimes
        The frames.
    sampling : Sampling
        The rule. Every n seconds gives the frame that is shown at that moment, once only where it
        stays for longer; the key frames of the codec of an animation are its first frame.

    Returns
    -------
    list of int
        Numbers of frames, rising, always with frame 0 where there is one.

    Examples
    --------
    >>> from tidymedia.media.sampling import parse_sampling
    >>> pick_frames(FrameTimes([0, 400, 1200, 1900], 2500), parse_sampling("1s"))
    [0, 1, 3]
    """
    count = len(times.starts)
    if sampling.every in ("codec", "first") or count == 0:
        return [0] if count else []
    if sampling.every == "frames":
        return list(range(0, count, max(1, int(sampling.step))))
    picked = [0]
    step_ms = sampling.step * 1000
    for frame, start in enumerate(times.starts):
        end = times.starts[frame + 1] if frame + 1 < count else times.duration_ms
        # The first moment of the grid that is not before this frame: is it before the next one?
        moment = -(-start // step_ms) * step_ms
        if moment < end and frame > 0:
            picked.append(frame)
    return picked


class _CutOffError(BrokenFileError):
    """The file ends within a frame."""


def _take(stream: BinaryIO, count: int) -> bytes:
    data = stream.read(count)
    if len(data) < count:
        raise _CutOffError("cut off")
    return data


def _skip(stream: BinaryIO, count: int, size: int) -> None:
    if stream.tell() + count > size:
        raise _CutOffError("cut off")
    stream.seek(count, 1)


def _gif(stream: BinaryIO, size: int) -> Iterator[float]:
    flags = _take(stream, 13)[10]
    if flags & 0x80:
        _skip(stream, 3 << ((flags & 7) + 1), size)
    delay = 0
    while True:
        mark = stream.read(1)
        # Many GIF files lack their end mark; that alone loses nothing. Other bytes are passed over, as Pillow does.
        if not mark or mark == b";":
            return
        if mark == b"!":
            label = _take(stream, 1)
            length = _take(stream, 1)[0]
            if label == b"\xf9" and length >= 4:
                block = _take(stream, length)
                delay = int.from_bytes(block[1:3], "little") * 10
                _skip_blocks(stream, size)
            elif length:
                _skip(stream, length, size)
                _skip_blocks(stream, size)
        elif mark == b",":
            flags = _take(stream, 9)[8]
            if flags & 0x80:
                _skip(stream, 3 << ((flags & 7) + 1), size)
            _skip(stream, 1, size)
            _skip_blocks(stream, size)
            yield delay
            delay = 0


def _skip_blocks(stream: BinaryIO, size: int) -> None:
    while length := _take(stream, 1)[0]:
        _skip(stream, length, size)


def _png(stream: BinaryIO, size: int) -> Iterator[float | None]:
    _skip(stream, 8, size)
    animated, waiting, shown = False, -1.0, False
    while True:
        head = _take(stream, 8)
        length, name = int.from_bytes(head[:4], "big"), head[4:]
        if name == b"fcTL" and length == 26:
            if waiting >= 0:
                yield waiting
            numerator, denominator = struct.unpack(">HH", _take(stream, 26)[20:24])
            waiting = 1000.0 * numerator / (denominator or 100)
            _skip(stream, 4, size)
            animated = True
            continue
        if name == b"IDAT" and not animated and not shown:
            # A still picture for viewers without animation: Pillow gives it as frame 0.
            shown = True
            yield None
        if name == b"IEND":
            if waiting >= 0:
                yield waiting
            return
        _skip(stream, length + 4, size)


def _webp(stream: BinaryIO, size: int) -> Iterator[float]:
    _skip(stream, 12, size)
    while stream.tell() + 8 <= size:
        head = _take(stream, 8)
        length = int.from_bytes(head[4:], "little")
        padded = length + (length & 1)
        if head[:4] == b"ANMF" and length >= 16:
            duration = int.from_bytes(_take(stream, 16)[12:15], "little")
            padded -= 16
            _skip(stream, min(padded, length - 16), size)
            stream.seek(padded - (length - 16), 1)
            yield duration
        else:
            stream.seek(padded, 1)


_SCANS: dict[str, Callable[[BinaryIO, int], Iterator[float | None]]] = {"GIF": _gif, "PNG": _png, "WEBP": _webp}
