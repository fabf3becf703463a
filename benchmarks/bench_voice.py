"""How far measures of a voice are those of the recording: one voice as it is, and as other recordings would have it.

    python benchmarks/bench_voice.py

It takes the speech of the sample media (another recording by ``--recording``), makes it as MP3, Opus or a telephone
have it, adds noise or an echo, makes it quieter, or moves it by a few milliseconds, and measures each with ``tm.voice``
as one segment. Printed are the measures of the recording as it is, then how much the others differ from them.
"""

from __future__ import annotations

import argparse
import io
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np

import tidymedia as tm

SAMPLE = Path(__file__).resolve().parents[1] / "examples" / "media" / "recordings" / "sense_and_sensibility.flac"
MEASURES = {
    "pitch_median": "pitch, median",
    "pitch_sd": "pitch, sd",
    "intensity_mean": "intensity",
    "jitter_local": "jitter",
    "shimmer_local": "shimmer",
    "harmonics_to_noise": "HNR",
    "formant_1": "F1",
}
DECIBELS = ("intensity_mean", "harmonics_to_noise")


def decode(path: Path | io.BytesIO) -> tuple[np.ndarray, int]:
    """Return the first channel of a recording, and its rate."""
    with av.open(path if isinstance(path, io.BytesIO) else str(path)) as container:
        stream = container.streams.audio[0]
        plain = av.AudioResampler("flt", "mono", stream.codec_context.sample_rate)
        frames = [made for frame in container.decode(stream) for made in plain.resample(frame)]
        frames += [made for made in plain.resample(None) if made is not None]
        return np.concatenate([frame.to_ndarray()[0] for frame in frames]), stream.codec_context.sample_rate


def encode(samples: np.ndarray, rate: int, form: str, codec: str, wanted: int = 0, bits: int = 0) -> io.BytesIO:
    """Write samples in a format and at a rate."""
    made = io.BytesIO()
    with av.open(made, "w", format=form) as out:
        stream = out.add_stream(codec, rate=wanted or rate)
        stream.layout = "mono"
        if bits:
            stream.bit_rate = bits
        fitted = av.AudioResampler(stream.format, "mono", wanted or rate)
        for start in range(0, len(samples), rate):
            part = np.ascontiguousarray(samples[start : start + rate], np.float32)
            frame = av.AudioFrame.from_ndarray(part[None, :], format="flt", layout="mono")
            frame.sample_rate = rate
            for piece in fitted.resample(frame):
                piece.pts = None
                out.mux(stream.encode(piece))
        for piece in fitted.resample(None):
            piece.pts = None
            out.mux(stream.encode(piece))
        out.mux(stream.encode(None))
    made.seek(0)
    return made


def plain(samples: np.ndarray, rate: int) -> io.BytesIO:
    """Write samples as they are."""
    return encode(samples, rate, "wav", "pcm_f32le")


def noisy(samples: np.ndarray, rate: int, decibels: float) -> io.BytesIO:
    """Add white noise that lies so far below the voice."""
    power = (samples.astype(float) ** 2).mean() / 10 ** (decibels / 10)
    return plain(samples + np.random.default_rng(0).normal(0, np.sqrt(power), len(samples)), rate)


def echoing(samples: np.ndarray, rate: int, seconds: float = 0.5) -> io.BytesIO:
    """Put the voice into a room whose echo takes so long to fall by 60 dB, half as strong as the voice."""
    times = np.arange(round(seconds * rate)) / rate
    room = np.random.default_rng(0).normal(size=len(times)) * 10 ** (-3 * times / seconds)
    size = 1 << (len(samples) + len(room)).bit_length()
    echo = np.fft.irfft(np.fft.rfft(samples, size) * np.fft.rfft(room, size), size)[: len(samples)]
    echo *= 0.5 * np.sqrt((samples.astype(float) ** 2).mean() / (echo**2).mean())
    return plain(samples + echo, rate)


WAYS: dict[str, Callable[[np.ndarray, int], io.BytesIO]] = {
    "moved by 4 ms": lambda samples, rate: plain(samples[round(0.004 * rate) :], rate),
    "quieter by 12 dB": lambda samples, rate: plain(samples / 4, rate),
    "MP3, 128 kbit/s": lambda samples, rate: encode(samples, rate, "mp3", "libmp3lame", 44_100, 128_000),
    "MP3, 32 kbit/s": lambda samples, rate: encode(samples, rate, "mp3", "libmp3lame", 16_000, 32_000),
    "MP3, 16 kbit/s": lambda samples, rate: encode(samples, rate, "mp3", "libmp3lame", 16_000, 16_000),
    "Opus, 24 kbit/s": lambda samples, rate: encode(samples, rate, "ogg", "libopus", 48_000, 24_000),
    "telephone, 8 kHz": lambda samples, rate: encode(samples, rate, "wav", "pcm_mulaw", 8_000),
    "noise, 20 dB below": lambda samples, rate: noisy(samples, rate, 20),
    "noise, 10 dB below": lambda samples, rate: noisy(samples, rate, 10),
    "echo of 0.5 s": echoing,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recording", type=Path, default=SAMPLE, help="a recording of a voice")
    chosen = parser.parse_args()
    samples, rate = decode(chosen.recording)
    whole = tm.voice(plain(samples, rate), "medium").iloc[0]
    print("| | " + " | ".join(MEASURES.values()) + " |")
    print("| --- |" + " --- |" * len(MEASURES))
    print("| as it is | " + " | ".join(f"{whole[name]:.4g}" for name in MEASURES) + " |")
    for way, made in WAYS.items():
        row = tm.voice(made(samples, rate), "medium").iloc[0]
        cells = [
            f"{row[name] - whole[name]:+.1f} dB" if name in DECIBELS else f"{row[name] / whole[name] - 1:+.1%}"
            for name in MEASURES
        ]
        print(f"| {way} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
