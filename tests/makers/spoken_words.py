"""Speech whose words are known: clips, sentences that espeak-ng says; and how many words were heard wrongly."""

from __future__ import annotations

import functools
import re
import shutil
import subprocess
import unicodedata
import wave
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import av
import numpy as np
import pytest
from numpy.typing import NDArray

RATE = 16_000
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SENSE = EXAMPLES / "media" / "recordings" / "sense_and_sensibility.flac"
SENSE_WORDS = EXAMPLES / "transcripts" / "sense_and_sensibility.txt"
LIBRIVOX = Path("/usr/share/pocketsphinx/test/data/librivox")
STAMPS = Path("/usr/share/tuxpaint/stamps")

Samples = NDArray[np.float32]


class Clip(NamedTuple):
    """Sound whose words are known."""

    name: str
    language: str
    text: str
    samples: Samples


class WordErrors(NamedTuple):
    """Words that were put in, left out or taken for others, and words that were said."""

    errors: int
    words: int

    @property
    def rate(self) -> float:
        return self.errors / self.words


def plain_words(text: str) -> list[str]:
    """Return the words of a text in small letters; a hyphen divides words, an apostrophe does not."""
    small = unicodedata.normalize("NFKC", text).casefold().replace("\u0451", "\u0435")
    small = re.sub("['\u2019\u02bc]", "", small)
    words = re.sub(r"[\W_]+", " ", small).split()
    return ["mister" if word == "mr" else word for word in words]


def word_errors(said: str, heard: str) -> WordErrors:
    """Count the fewest changes that turn what was heard into what was said (Levenshtein distance over words)."""
    reference, other = plain_words(said), plain_words(heard)
    row = list(range(len(other) + 1))
    for count, word in enumerate(reference, 1):
        above, row = row, [count]
        for place, heard_word in enumerate(other, 1):
            row.append(min(above[place] + 1, row[-1] + 1, above[place - 1] + (word != heard_word)))
    return WordErrors(row[-1], len(reference))


def decoded(path: Path) -> Samples:
    """Return the sound of a file: 16,000 samples a second, one channel."""
    resampler = av.AudioResampler("flt", "mono", RATE)
    parts = []
    with av.open(str(path)) as container:
        for frame in [*container.decode(audio=0), None]:
            parts += [made.to_ndarray().reshape(-1) for made in resampler.resample(frame)]
    return np.concatenate(parts).astype(np.float32)


def write_wav(path: Path, samples: NDArray[np.floating], rate: int = RATE) -> Path:
    """Write samples of shape (samples,) or (samples, channels) as a WAV file of 16 bits."""
    channels = 1 if samples.ndim == 1 else samples.shape[1]
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return path


def silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE), np.float32)


def without_articles(text: str) -> str:
    """Leave out the articles, which those who speak the names of animals often leave out."""
    return " ".join(word for word in plain_words(text) if word not in {"a", "an", "the", "een", "en", "et"})


def joined(clips: Iterable[Samples], pauses: Sequence[float]) -> tuple[Samples, list[float]]:
    """Put clips behind each other, each after its pause, and a second of silence behind; return their starts too."""
    parts, starts, length = [], [], 0
    for clip, pause in zip(clips, pauses, strict=True):
        parts += [silence(pause), clip]
        starts.append((length + len(parts[-2])) / RATE)
        length += len(parts[-2]) + len(clip)
    return np.concatenate([*parts, silence(1)]), starts


def without_silence(samples: Samples, level: float = 0.02) -> Samples:
    """Cut the silence before and behind a clip away: what is softer than a share of its loudest sample."""
    loud = np.flatnonzero(np.abs(samples) > level * np.abs(samples).max())
    return samples[loud[0] : loud[-1] + 1]


@functools.cache
def sense_clip() -> Clip:
    """27 seconds of an audiobook that come with tidymedia."""
    return Clip("sense_and_sensibility", "en", SENSE_WORDS.read_text(encoding="utf-8"), decoded(SENSE))


@functools.cache
def librivox_clips() -> list[Clip]:
    """Five sentences of the same audiobook, each for itself, from Debian's pocketsphinx-testdata."""
    if not LIBRIVOX.is_dir():
        pytest.skip("The clips come with: apt install pocketsphinx-testdata")
    clips = []
    for line in (LIBRIVOX / "transcription").read_text(encoding="utf-8").splitlines():
        match = re.fullmatch(r"<s> (.*) </s> \((.*)\)", line.strip())
        if match:
            path = LIBRIVOX / f"{match[2]}.wav"
            clips.append(Clip(match[2][-4:], "en", match[1], decoded(path)))
    return clips


def stamp_clips(language: str, count: int = 12, folder: str = "animals") -> list[Clip]:
    """Spoken names of animals by volunteers, from Debian's tuxpaint-stamps-default: the first by name."""
    if not STAMPS.is_dir():
        pytest.skip("The clips come with: apt install tuxpaint-stamps-default")
    ending = "_desc.ogg" if language == "en" else f"_desc_{language}.ogg"
    clips = []
    for path in sorted((STAMPS / folder).rglob(f"*{ending}")):
        text = _stamp_text(path.with_name(path.name.removesuffix(ending) + ".txt"), language)
        if text and len(clips) < count:
            clips.append(Clip(path.name.removesuffix(ending), language, text, decoded(path)))
    return clips


def _stamp_text(path: Path, language: str) -> str:
    if not path.is_file():
        return ""
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    if language == "en":
        return lines[0].strip()
    return next((line.split("=", 1)[1].strip() for line in lines if line.startswith(f"{language}.utf8=")), "")


def by_espeak(text: str, voice: str, folder: Path, *, speed: int = 140) -> Samples:
    """Have espeak-ng say a text."""
    program = shutil.which("espeak-ng")
    if program is None:
        pytest.skip("espeak-ng comes with: apt install espeak-ng")
    path = folder / "said.wav"
    subprocess.run([program, "-v", voice, "-s", str(speed), "-w", str(path), text], check=True)
    return decoded(path)
