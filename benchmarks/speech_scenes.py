"""Sound scenes with known speech, music, noise and silence, composed of recordings from Debian packages.

The packages are fetched and unpacked, not installed, into one folder (here ``packages``)::

    mkdir packages && cd packages
    for name in pocketsphinx-testdata tuxpaint-stamps-default fillets-ng-data fillets-ng-data-cs fillets-ng-data-nl \\
        lugaru-data asc-music colobot-common-sounds hyperrogue-music drascula-music fretsonfire-songs-sectoid; do
      apt-get download $name && dpkg-deb -x ${name}_*.deb $name
    done

The defaults of the extractor were chosen on the scenes of the split ``chosen``; the figures that we publish come from
the split ``published``. No recording is in both: they differ in languages, speakers, pieces of music and noises.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from scipy import signal

RATE = 16_000
FRAME = 160
"""Samples of a frame of 10 ms, the unit of the truth."""

SPEECH_LEVEL = -25.0
ROOM_LEVEL = -65.0
SENTENCES = {
    "chosen": (("fr", "ru", "ca"), ("0870", "0880"), "fillets-ng-data-cs", "cs"),
    "published": (
        ("ro", "bg", "es", "be", "el", "da", "lt", "nl"),
        ("0890", "0920", "0930"),
        "fillets-ng-data-nl",
        "nl",
    ),
}
MUSIC = {
    "chosen": ("lugaru-data/**/Music*.ogg", "asc-music/**/*.mp3", "colobot-common-sounds/**/music/*.ogg"),
    "published": (
        "hyperrogue-music/**/music/*.ogg",
        "drascula-music/**/*.ogg",
        "fretsonfire-songs-sectoid/**/*.ogg",
        "fillets-ng-data/**/music/*.ogg",
    ),
}
NOISE = {"chosen": ("lugaru-data/**/*.ogg",), "published": ("colobot-common-sounds/**/sounds/*.wav",)}
NO_NOISE = ("Music", "Rabbit", "Alarm")
CONDITIONS = (
    "silence",
    "speech",
    "music",
    "noise",
    "speech, music 10 dB softer",
    "speech, music 5 dB softer",
    "speech, music as loud",
    "speech, noise 15 dB softer",
    "speech, noise 5 dB softer",
    "speech by telephone",
)


@dataclass(frozen=True)
class Scene:
    """A scene: its samples, and for each frame whether someone speaks, whether music plays, and its condition."""

    samples: np.ndarray
    speech: np.ndarray
    music: np.ndarray
    condition: np.ndarray


@dataclass(frozen=True)
class Material:
    """What the scenes of a split are made of."""

    speech: dict[str, list[Path]]
    music: list[Path]
    noise: list[Path]


def material(packages: Path, split: str) -> Material:
    """Find the recordings of a split."""
    languages, chapters, dialogues, code = SENTENCES[split]
    speech = {name: found(packages, f"tuxpaint-stamps-default/**/*_desc_{name}.ogg") for name in languages}
    speech["en"] = [
        path for chapter in chapters for path in found(packages, f"pocketsphinx-testdata/**/*-{chapter}.wav")
    ]
    speech[f"{code}, dialogues"] = found(packages, f"{dialogues}/**/{code}/*-[mv]-*.ogg")
    music = [path for pattern in MUSIC[split] for path in found(packages, pattern)]
    noise = [path for pattern in NOISE[split] for path in found(packages, pattern)]
    made = Material(speech, music, [path for path in noise if not any(word in path.name for word in NO_NOISE)])
    if not all((*made.speech.values(), made.music, made.noise)):
        raise SystemExit(f"Packages are missing in {packages}: see the head of benchmarks/speech_scenes.py.")
    return made


def found(packages: Path, pattern: str) -> list[Path]:
    """Return the files of a pattern that can be decoded, sorted."""
    return [path for path in sorted(packages.glob(pattern)) if len(load(path))]


@functools.lru_cache(5000)
def load(path: Path, seconds: float = 90.0) -> np.ndarray:
    """Read the first seconds of a recording, mixed to one channel of 16 kHz."""
    parts, count = [np.empty(0, np.float32)], 0
    resampler = av.AudioResampler("flt", "mono", RATE)
    try:
        with av.open(str(path)) as container:
            for frame in container.decode(audio=0):
                for made in resampler.resample(frame):
                    parts.append(made.to_ndarray()[0])
                    count += len(parts[-1])
                if count > seconds * RATE:
                    break
    except av.error.FFmpegError:
        return np.empty(0, np.float32)
    return np.concatenate(parts)


def speaking(samples: np.ndarray) -> np.ndarray:
    """Say in which frames of a clean recording someone speaks, by its level alone.

    These are the frames within 35 dB of the loud ones. Gaps of up to 0.3 seconds count too, bursts of less than 0.06
    do not.
    """
    frames = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
    level = 10 * np.log10((frames**2).mean(1) + 1e-12)
    loud = level > np.percentile(level, 95) - 35
    places = np.flatnonzero(loud)
    for one, other in itertools.pairwise(places):
        if other - one <= 30:
            loud[one:other] = True
    for start, stop in np.flatnonzero(np.diff(np.r_[0, loud.astype(int), 0])).reshape(-1, 2):
        if stop - start < 6:
            loud[start:stop] = False
    return loud


def at_level(samples: np.ndarray, decibels: float) -> np.ndarray:
    """Bring samples to a level."""
    return samples * (10 ** (decibels / 20) / np.sqrt(np.mean(samples**2) + 1e-12))


def talk(chance: np.random.Generator, paths: list[Path], seconds: float) -> tuple[np.ndarray, np.ndarray]:
    """Put sentences and pauses after one another."""
    parts, spoken, count = [], [], 0
    while count < seconds * RATE:
        samples = load(paths[chance.integers(len(paths))])
        if len(samples) < 0.4 * RATE:
            continue
        if len(samples) > seconds * 1.5 * RATE:
            start = chance.integers(0, len(samples) - int(seconds * RATE))
            samples = samples[start : start + int(seconds * RATE)]
        samples = samples[: len(samples) // FRAME * FRAME]
        pause = int(chance.integers(20, 90))
        parts += [at_level(samples, SPEECH_LEVEL), np.zeros(pause * FRAME, np.float32)]
        spoken += [speaking(samples), np.zeros(pause, bool)]
        count += len(samples) + pause * FRAME
    return np.concatenate(parts), np.concatenate(spoken)


def filled(chance: np.random.Generator, paths: list[Path], count: int, shortest: float) -> np.ndarray:
    """Cut so many samples out of recordings, one after another where one is too short."""
    parts, have = [], 0
    while have < count:
        samples = load(paths[chance.integers(len(paths))])
        if len(samples) < shortest * RATE or np.sqrt(np.mean(samples**2)) < 1e-4:
            continue
        start = int(chance.integers(0, max(1, len(samples) - count)))
        parts.append(samples[start : start + count])
        have += len(parts[-1])
    return np.concatenate(parts)[:count]


def scene(seed: int, given: Material) -> Scene:
    """Compose one scene: each condition once, 4 to 9 seconds and more, in an order by chance."""
    chance = np.random.default_rng(seed)
    parts, spoken, played, conditions = [], [], [], []
    for number in chance.permutation(len(CONDITIONS)):
        name, seconds = CONDITIONS[number], float(chance.uniform(4, 9))
        frames = int(seconds * 100)
        language = list(given.speech)[chance.integers(len(given.speech))]
        speech, music = np.zeros(frames, bool), np.zeros(frames, bool)
        samples = np.zeros(frames * FRAME, np.float32)
        if name == "music":
            samples, music = at_level(filled(chance, given.music, len(samples), 5), -23), ~music
        elif name == "noise":
            samples = at_level(filled(chance, given.noise, len(samples), 0.05), -25)
        elif name != "silence":
            samples, speech = talk(chance, given.speech[language], seconds)
            music = np.full(len(speech), "music" in name)
            softer = SPEECH_LEVEL - (0 if "as loud" in name else int(name.split()[2]) if " dB " in name else 0)
            if "music" in name:
                samples = samples + at_level(filled(chance, given.music, len(samples), 5), softer)
            if "noise" in name:
                samples = samples + at_level(filled(chance, given.noise, len(samples), 0.05), softer)
            if "telephone" in name:
                band = signal.butter(4, [300, 3400], "band", fs=RATE, output="sos")
                samples = signal.sosfilt(band, samples)
        room = chance.normal(0, 10 ** (ROOM_LEVEL / 20), len(samples))
        parts.append(np.clip(samples + room, -1, 1).astype(np.float32))
        spoken.append(speech)
        played.append(music)
        conditions.append(np.full(len(speech), number))
    return Scene(*(np.concatenate(one) for one in (parts, spoken, played, conditions)))


def scenes(packages: Path, split: str, count: int) -> Iterator[Scene]:
    """Compose the scenes of a split."""
    given = material(packages, split)
    for number in range(count):
        yield scene(number + (0 if split == "chosen" else 1000), given)
