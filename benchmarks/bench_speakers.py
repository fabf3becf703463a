"""Who speaks when: the diarization error rate on conversations put together from recordings of single people.

    python benchmarks/bench_speakers.py packages --recording sample.wav --rttm sample.rttm

``packages`` is the folder that ``speech_scenes.py`` describes. Turns of 1.5 to 8 seconds follow one another, with
pauses of 0.05 to 0.8 seconds, room noise at -60 dBFS and nobody speaking at once. A speaker is the folder of a language
of Tux Paint's descriptions, the reader of LibriVox, or one of the two actors of a dubbing of Fish Fillets. Some
languages were spoken by more than one person, who count as one here. The recording with hand-made truth is a telephone
call.

The error rate is that of NIST: missed, falsely found and confused speech over all speech, with a collar of 0.25
seconds around the borders of turns; where people speak at once, each counts. The defaults were chosen on ``chosen``.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np
from scipy.io import wavfile
from scipy.optimize import linear_sum_assignment
from speech_scenes import FRAME, RATE, SPEECH_LEVEL, at_level, load, speaking

import tidymedia as tm

COLLAR = 25
CONVERSATIONS = {
    "chosen": [
        *[("cs m", "cs v")] * 4,
        *[("fr", "ru"), ("fr", "ca"), ("el", "be"), ("fr", "ru", "ca"), ("el", "be", "cs m"), ("fr", "ru", "ca", "el")],
        *[("fr", "cs v", "be", "ca", "ru"), ("fr",), ("cs m",), ("ru",)],
    ],
    "published": [
        *[("nl m", "nl v")] * 4,
        *[("nl", "nl m", "nl v")] * 2,
        *[("ro", "bg"), ("es", "da"), ("lt", "en"), ("ro", "bg", "es"), ("da", "lt", "en"), ("ro", "es", "nl", "en")],
        *[("bg", "da", "lt", "nl m", "en"), ("ro",), ("nl m",), ("en",)],
    ],
}


def recordings(packages: Path, name: str) -> list[Path]:
    """Find the recordings of a speaker."""
    language, _, actor = name.partition(" ")
    if actor:
        pattern = f"fillets-ng-data-{language}/**/{language}/*-{actor}-*.ogg"
    elif name == "en":
        pattern = "pocketsphinx-testdata/**/librivox/*.wav"
    else:
        pattern = f"tuxpaint-stamps-default/**/*_desc_{name}.ogg"
    found = sorted(packages.glob(pattern))
    if not found:
        raise SystemExit(f"Packages are missing in {packages}: see the head of benchmarks/speech_scenes.py.")
    return found


def conversation(seed: int, speakers: list[list[Path]]) -> tuple[np.ndarray, np.ndarray]:
    """Put turns after one another; return samples, and who speaks in each frame (frames, speakers)."""
    chance = np.random.default_rng(seed)
    parts, who, before = [], [], -1
    for _ in range(12 + 4 * len(speakers)):
        speaker = int(chance.integers(len(speakers)))
        while speaker == before and len(speakers) > 1:
            speaker = int(chance.integers(len(speakers)))
        before, needed, have = speaker, float(chance.uniform(1.5, 8)), 0.0
        while have < needed:
            samples = load(speakers[speaker][chance.integers(len(speakers[speaker]))])
            if len(samples) < 0.8 * RATE:
                continue
            if len(samples) > 10 * RATE:
                start = int(chance.integers(0, len(samples) - 8 * RATE))
                samples = samples[start : start + int(chance.uniform(2, 8) * RATE)]
            samples = samples[: len(samples) // FRAME * FRAME]
            spoken = speaking(samples)
            if not spoken.any():
                continue
            first, last = np.flatnonzero(spoken)[[0, -1]]
            samples, spoken = samples[first * FRAME : (last + 1) * FRAME], spoken[first : last + 1]
            pause = int(chance.integers(5, 80))
            parts += [at_level(samples, SPEECH_LEVEL), np.zeros(pause * FRAME, np.float32)]
            who += [np.where(spoken, speaker + 1, 0), np.zeros(pause, int)]
            have += len(samples) / RATE
    samples = np.concatenate(parts)
    samples = np.clip(samples + chance.normal(0, 10 ** (-60 / 20), len(samples)), -1, 1).astype(np.float32)
    speaking_now = np.concatenate(who)
    return samples, np.stack([speaking_now == one + 1 for one in range(len(speakers))], 1)


def error_rate(found: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Return the error rate and its parts: missed, false, confused. Both are (frames, speakers)."""
    far = np.ones(len(truth), bool)
    for one in truth.T:
        for place in np.flatnonzero(np.diff(one.astype(int))):
            far[max(0, place + 1 - COLLAR) : place + 1 + COLLAR] = False
    found, truth = found[far], truth[far]
    both = truth.T.astype(int) @ found.astype(int)
    right = both[linear_sum_assignment(-both)].sum()
    spoken, heard = truth.sum(1), found.sum(1)
    missed, false = np.maximum(0, spoken - heard).sum(), np.maximum(0, heard - spoken).sum()
    confused = np.minimum(spoken, heard).sum() - right
    return np.array([missed + false + confused, missed, false, confused]) / spoken.sum()


def answer(samples: np.ndarray, told: int | None) -> np.ndarray:
    """Ask for the speakers of a recording, as a user does; return (frames, speakers)."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "talk.wav"
        wavfile.write(path, RATE, np.round(samples * 32_767).astype(np.int16))
        table = tm.find_speakers(path, told)
    made = np.zeros((len(samples) // FRAME, table["speaker"].nunique()), bool)
    for row in table.itertuples():
        made[row.start_ms // 10 : row.end_ms // 10, int(row.speaker.removeprefix("speaker_")) - 1] = True
    return made


def by_hand(path: Path, frames: int) -> np.ndarray:
    """Read the truth of a recording."""
    lines = [line.split() for line in path.read_text(encoding="utf-8").splitlines()]
    names = sorted({words[7] for words in lines})
    truth = np.zeros((frames, len(names)), bool)
    for words in lines:
        start, length = float(words[3]), float(words[4])
        truth[round(start * 100) : round((start + length) * 100), names.index(words[7])] = True
    return truth


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("packages", type=Path)
    parser.add_argument("--split", choices=tuple(CONVERSATIONS), default="published")
    parser.add_argument("--recording", type=Path)
    parser.add_argument("--rttm", type=Path)
    given = parser.parse_args()
    talks = []
    for number, names in enumerate(CONVERSATIONS[given.split]):
        seed = 100 + number + (1000 if given.split == "published" else 0)
        talks.append((", ".join(names), *conversation(seed, [recordings(given.packages, name) for name in names])))
    if given.recording and given.rttm:
        samples = load(given.recording)
        talks.append((given.recording.name, samples, by_hand(given.rttm, len(samples) // FRAME)))
    rates: dict[str, list[np.ndarray]] = {"told": [], "found": []}
    for name, samples, truth in talks:
        line = f"{name:28s} {len(samples) / RATE:5.0f} s"
        for way in rates:
            found = answer(samples, truth.shape[1] if way == "told" else None)
            rates[way].append(error_rate(found, truth))
            line += f"   number {way}: {rates[way][-1][0]:.3f} ({found.shape[1]} of {truth.shape[1]})"
        print(line, flush=True)
    for way, made in rates.items():
        parts = ", ".join(
            f"{name} {value:.3f}"
            for name, value in zip(("error", "missed", "false", "confused"), np.mean(made, 0), strict=True)
        )
        print(f"mean, number of speakers {way}: {parts}")


if __name__ == "__main__":
    main()
