"""How well speech, music and silence are found: scenes with known truth, frame by frame.

    python benchmarks/bench_speech.py packages --scenes 30

``packages`` is the folder that ``speech_scenes.py`` describes. For every condition it prints in how many frames of
10 ms speech and no speech are told apart as the truth says, and as what its frames count. A collar of 0.25 seconds
around each beginning and end of speech is left out in a second figure, as is usual, since nobody knows to a hundredth
of a second where a word ends. Both networks are also asked alone, by the same rules.

With ``--recording sample.wav --rttm sample.rttm``, a recording with hand-made truth is judged too; the wheel of
pyannote.audio 4.0.7 holds one of 30 seconds (``pyannote/audio/sample``).
"""

from __future__ import annotations

import argparse
import dataclasses
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from speech_scenes import CONDITIONS, FRAME, RATE, load, scenes

from tidymedia.extractors.speech import SpeechParameters
from tidymedia.extractors.speech_segments import KINDS, segments_of
from tidymedia.models.sound_events import SoundEvents
from tidymedia.models.speech_detection import SoundScores, SpeechDetector
from tidymedia.models.voice_activity import WINDOW, VoiceActivity

COLLAR = 25
WAYS = ("both networks", "firered_aed alone", "silero_vad alone")


def heard(samples: np.ndarray) -> dict[str, SoundScores]:
    """Score a scene by both networks and by each of them alone."""
    detector, voice = SpeechDetector(), VoiceActivity()
    detector.hear(samples)
    both = detector.finish()
    windows = np.concatenate([voice.hear(samples), voice.finish()])
    middles = np.arange(len(both.speech)) * FRAME + FRAME // 2
    silero = windows[np.minimum(middles // WINDOW, len(windows) - 1)]
    events = SoundEvents()
    firered = np.concatenate([events.hear(samples), events.finish()])[:, 0]
    alone = (dataclasses.replace(both, speech=one) for one in (firered, silero))
    return dict(zip(WAYS, (both, *alone), strict=True))


def kinds(scores: SoundScores, frames: int) -> np.ndarray:
    """Return the kind of each frame, as its number in KINDS."""
    made = np.zeros(frames, int)
    for segment in segments_of(scores, SpeechParameters().rules):
        made[segment.start_ms // 10 : -(-segment.end_ms // 10)] = KINDS.index(segment.kind)
    return made


def near_edges(truth: np.ndarray) -> np.ndarray:
    """Mark the frames within the collar of a beginning or end of speech."""
    near = np.zeros(len(truth), bool)
    for place in np.flatnonzero(np.diff(truth.astype(int))):
        near[max(0, place + 1 - COLLAR) : place + 1 + COLLAR] = True
    return near


def judged(found: np.ndarray, truth: np.ndarray) -> str:
    """Say how often speech is right, missed and falsely found, without and with the collar."""
    far, spoken = ~near_edges(truth), found == 0
    parts = []
    for used in (np.ones(len(truth), bool), far):
        right = (spoken == truth)[used].mean()
        missed, false = (~spoken)[truth & used].mean(), spoken[~truth & used].mean()
        parts.append(f"right {right:.3f}, missed {missed:.3f}, false {false:.3f}")
    return " | with a collar: ".join(parts)


def rttm(path: Path, frames: int) -> np.ndarray:
    """Read the truth of a recording."""
    truth = np.zeros(frames, bool)
    for line in path.read_text(encoding="utf-8").splitlines():
        words = line.split()
        start, length = float(words[3]), float(words[4])
        truth[round(start * 100) : round((start + length) * 100)] = True
    return truth


def measured(found: dict[str, list[np.ndarray]], truths: list[np.ndarray], conditions: np.ndarray) -> Iterator[str]:
    """Write the lines of the result."""
    truth = np.concatenate(truths)
    together = {way: np.concatenate(parts) for way, parts in found.items()}
    for way, made in together.items():
        yield f"{way:18s} {judged(made, truth)}"
    made = together[WAYS[0]]
    yield f"\n{'frames of':28s} speech told right   " + "  ".join(f"{'as ' + kind:10s}" for kind in KINDS)
    for number, name in enumerate(CONDITIONS):
        here = conditions == number
        shares = "  ".join(f"{np.mean(made[here] == kind):10.3f}" for kind in range(len(KINDS)))
        yield f"{name:28s} {np.mean((made == 0)[here] == truth[here]):17.3f}   {shares}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("packages", type=Path)
    parser.add_argument("--scenes", type=int, default=30)
    parser.add_argument("--split", choices=("chosen", "published"), default="published")
    parser.add_argument("--recording", type=Path)
    parser.add_argument("--rttm", type=Path)
    given = parser.parse_args()
    found: dict[str, list[np.ndarray]] = {way: [] for way in WAYS}
    truths, conditions, seconds, taken = [], [], 0.0, 0.0
    for one in scenes(given.packages, given.split, given.scenes):
        for way, scores in heard(one.samples).items():
            found[way].append(kinds(scores, len(one.speech)))
        began = time.perf_counter()
        detector = SpeechDetector()
        detector.hear(one.samples)
        detector.finish()
        taken += time.perf_counter() - began
        seconds += len(one.samples) / RATE
        truths.append(one.speech)
        conditions.append(one.condition)
    print(f"{given.scenes} scenes of the split {given.split}, {seconds / 60:.1f} minutes; {seconds / taken:.0f} times")
    print("as fast as they last, samples to scores\n")
    print("\n".join(measured(found, truths, np.concatenate(conditions))))
    if given.recording and given.rttm:
        samples = load(given.recording)
        truth = rttm(given.rttm, len(samples) // FRAME)
        print(f"\n{given.recording.name}, by hand: {len(truth) / 100:.0f} seconds")
        for way, scores in heard(samples).items():
            print(f"{way:18s} {judged(kinds(scores, len(truth)), truth)}")


if __name__ == "__main__":
    main()
