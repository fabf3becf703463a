"""Recordings with known speech, music, noise and silence, and files that are hard to hear."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import av
import numpy as np

RATE = 16_000
EXAMPLES = Path(__file__).parents[2] / "examples" / "media"
READING = EXAMPLES / "recordings" / "sense_and_sensibility.flac"
MONTAGE = EXAMPLES / "films" / "montage.mp4"


def samples_of(path: Path, start: float = 0.0, end: float | None = None, rate: int = RATE) -> Any:
    """Return samples of a recording as one channel, float32."""
    parts = []
    resampler = av.AudioResampler("flt", "mono", rate)
    with av.open(str(path)) as container:
        for frame in container.decode(audio=0):
            parts += [made.to_ndarray()[0] for made in resampler.resample(frame)]
    samples = np.concatenate(parts)
    return samples[round(start * rate) : None if end is None else round(end * rate)]


def sentence() -> Any:
    """Return the first sentence of the reading: speech from 0.2 to 6.9 seconds of 7.5."""
    return samples_of(READING, 0.0, 7.5)


def silence(seconds: float) -> Any:
    """Return digital silence."""
    return np.zeros(round(seconds * RATE), np.float32)


def noise(seconds: float, level: float, seed: int = 0) -> Any:
    """Return white noise of a level in dBFS; at 6 dBFS and above most of it is clipped."""
    made = np.random.default_rng(seed).normal(0, 10 ** (level / 20), round(seconds * RATE))
    return np.clip(made, -1, 1).astype(np.float32)


def write_wav(
    path: Path, samples: Any, rate: int = RATE, *, law: bool = False, stated_bytes: int | None = None
) -> Path:
    """Write a WAV file of 16 bits, or of the 8 bits of a telephone (mu-law); samples are (n) or (n, channels)."""
    shaped = samples if samples.ndim == 2 else samples[:, None]
    if law:
        steps = np.log1p(255 * np.abs(shaped)) / np.log1p(255) * 127
        data = np.where(shaped < 0, 127 - steps, 255 - steps).round().astype(np.uint8).tobytes()
    else:
        data = np.round(np.clip(shaped, -1, 1) * 32_767).astype("<i2").tobytes()
    channels, bits = shaped.shape[1], 8 if law else 16
    block = channels * bits // 8
    stated = len(data) if stated_bytes is None else stated_bytes
    head = struct.pack("<4sIHHIIHH", b"fmt ", 16, 7 if law else 1, channels, rate, rate * block, block, bits)
    path.write_bytes(
        b"RIFF"
        + struct.pack("<I", 4 + len(head) + 8 + stated)
        + b"WAVE"
        + head
        + b"data"
        + struct.pack("<I", stated)
        + data
    )
    return path


def write_streams(path: Path, streams: list[tuple[Any, str]], default: int = 0, codec: str = "flac") -> Path:
    """Write a Matroska file with several sound streams; one of them is marked as its default."""
    with av.open(str(path), "w") as out:
        made = []
        for number, (_, layout) in enumerate(streams):
            stream = out.add_stream(codec, rate=RATE)
            stream.layout = layout
            stream.disposition = 1 if number == default else 0
            made.append(stream)
        for stream, (samples, layout) in zip(made, streams, strict=True):
            shaped = samples if samples.ndim == 2 else samples[:, None]
            pcm = np.round(np.clip(shaped, -1, 1) * 32_767).astype(np.int16)
            for start in range(0, len(pcm), 4096):
                part = np.ascontiguousarray(pcm[start : start + 4096]).reshape(1, -1)
                frame = av.AudioFrame.from_ndarray(part, format="s16", layout=layout)
                frame.sample_rate, frame.pts = RATE, start
                out.mux(stream.encode(frame))
            out.mux(stream.encode(None))
    return path


def silent_film(path: Path) -> Path:
    """Write a film of a second without a sound stream."""
    with av.open(str(path), "w") as out:
        stream = out.add_stream("mpeg4", rate=5)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for number in range(5):
            image = np.full((48, 64, 3), number * 40, np.uint8)
            out.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        out.mux(stream.encode(None))
    return path
