"""Films and recordings in which tones sound at known times."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import av
import numpy as np

RATE = 48_000


def tones(parts: Sequence[tuple[float, float]], rate: int = RATE) -> Any:
    """Make samples of tones, one after the other; parts are (Hz, seconds), 0 Hz is silence."""
    made = [0.5 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate) for hertz, seconds in parts]
    return np.concatenate(made).astype(np.float32)


def tone_film(path: Path, parts: Sequence[tuple[float, float]], layout: str = "stereo") -> Path:
    """Write a film of gray frames, four a second, with tones as AAC."""
    samples = tones(parts)
    with av.open(str(path), "w") as out:
        show = out.add_stream("mpeg4", rate=4)
        show.width, show.height, show.pix_fmt = 64, 48, "yuv420p"
        hear = out.add_stream("aac", rate=RATE)
        hear.layout = layout
        for number in range(round(len(samples) / RATE * 4)):
            image = np.full((48, 64, 3), number % 4 * 60, np.uint8)
            for packet in show.encode(av.VideoFrame.from_ndarray(image, format="rgb24")):
                out.mux(packet)
        out.mux(show.encode(None))
        channels = hear.layout.nb_channels
        for start in range(0, len(samples), 1024):
            block = np.repeat(samples[start : start + 1024], channels)[None]
            frame = av.AudioFrame.from_ndarray(block, format="flt", layout=layout)
            frame.sample_rate, frame.pts = RATE, start
            for piece in av.AudioResampler(hear.format, layout, RATE).resample(frame):
                out.mux(hear.encode(piece))
        out.mux(hear.encode(None))
    return path
