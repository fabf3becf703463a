"""Makers of recordings for tests: small, made here, each nasty in one way."""

from __future__ import annotations

import struct

import av
import numpy as np

CODECS = {
    "a.mp3": ("libmp3lame", None),
    "a.wav": ("pcm_s16le", None),
    "a.flac": ("flac", None),
    "a.ogg": ("libopus", None),
    "a.m4a": ("aac", None),
    "a.wma": ("wmav2", None),
    "a.aac": ("aac", "adts"),
    "a.aiff": ("pcm_s16be", None),
}


def recording(path, seconds=2.0, rate=44_100, layout="mono", codec=None, tags=None):
    """Write a tone of 200 Hz at half the full level, in the format of the name."""
    usual, container = CODECS.get(path.name, (None, None))
    with av.open(str(path), "w", format=container) as out:
        for key, value in (tags or {}).items():
            out.metadata[key] = value
        stream = out.add_stream(codec or usual, rate=48_000 if (codec or usual) == "libopus" else rate)
        stream.layout, stream.bit_rate = layout, 96_000
        fitted = av.AudioResampler(stream.format, layout, stream.rate)
        for samples in np.array_split(tone(seconds, rate), max(1, int(seconds * 10))):
            channels = stream.layout.nb_channels
            frame = av.AudioFrame.from_ndarray(np.repeat(samples, channels)[None, :], format="flt", layout=layout)
            frame.sample_rate = rate
            for piece in fitted.resample(frame):
                piece.pts = None
                out.mux(stream.encode(piece))
        for piece in fitted.resample(None):
            if piece is not None:
                piece.pts = None
                out.mux(stream.encode(piece))
        out.mux(stream.encode(None))


def tone(seconds, rate, level=0.5):
    """Return a tone of 200 Hz."""
    moments = np.arange(round(seconds * rate)) / rate
    return (level * np.sin(2 * np.pi * 200 * moments)).astype(np.float32)


def wav(samples, rate=8_000, bits=16, stated_bytes=None):
    """Return the bytes of a WAV file; its header may state another length. Samples are (n, channels)."""
    if bits == 8:
        data = np.round(samples * 127 + 128).astype(np.uint8).tobytes()
    elif bits == 32:
        data = samples.astype("<f4").tobytes()
    else:
        data = np.round(samples * 32_767).astype("<i2").tobytes()
    channels = samples.shape[1]
    block = channels * bits // 8
    form = struct.pack("<HHIIHH", 3 if bits == 32 else 1, channels, rate, rate * block, block, bits)
    length = len(data) if stated_bytes is None else stated_bytes
    head = b"WAVEfmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", length)
    return b"RIFF" + struct.pack("<I", min(len(head) + length, 2**32 - 1)) + head + data


def split_recording(path, pieces, rate=16_000):
    """Write a Matroska recording of tones with pauses: ``pieces`` are (start, seconds), no samples between."""
    with av.open(str(path), "w") as out:
        stream = out.add_stream("pcm_s16le", rate=rate)
        stream.layout = "mono"
        for start, seconds in pieces:
            samples = (tone(seconds, rate) * 32_767).astype(np.int16)
            for at in range(0, len(samples), 1600):
                frame = av.AudioFrame.from_ndarray(samples[None, at : at + 1600], format="s16", layout="mono")
                frame.sample_rate, frame.pts = rate, round(start * rate) + at
                out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
