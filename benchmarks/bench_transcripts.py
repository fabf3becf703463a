"""Speech to text: the extractor, from file to rows, against faster-whisper's own batched pipeline, same settings.

Both transcribe one recording with the same model, the same numbers (int8 on the CPU) and as many threads, in batches of
eight stretches with a beam of five and with the times of words; both detect the language. Both have loaded their model
before. They take turns at who goes first. The recording is made of the sentences of an audiobook that comes with
tidymedia, in an order and with pauses that are the same each time; it is stored as FLAC.

    python benchmarks/bench_transcripts.py --minutes 5 --pairs 5
"""

from __future__ import annotations

import argparse
import itertools
import random
import statistics
import time
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
from faster_whisper import BatchedInferencePipeline, WhisperModel
from measuring import ROOT, WORK, machine, spread, take_turns

from tidymedia.extractors.rows import RowCompleter
from tidymedia.extractors.transcript_parameters import TranscriptsParameters
from tidymedia.extractors.transcripts import Transcripts
from tidymedia.media.kinds import Kind
from tidymedia.media.locations import LocalFile
from tidymedia.media.opening import open_medium
from tidymedia.models.sessions import default_threads
from tidymedia.models.whisper import check_whisper_device
from tidymedia.recordings.transcribing import transcribe

SOURCE = ROOT / "examples" / "media" / "recordings" / "sense_and_sensibility.flac"
RATE = 16_000
BATCH, BEAM = 8, 5


def decoded(path: Path) -> np.ndarray:
    """Return the sound of a file: 16,000 samples a second, one channel."""
    resampler = av.AudioResampler("s16", "mono", RATE)
    with av.open(str(path)) as container:
        frames = [*container.decode(audio=0), None]
        return np.concatenate([made.to_ndarray().reshape(-1) for frame in frames for made in resampler.resample(frame)])


def make_recording(minutes: float) -> Path:
    """Make a recording of sentences with pauses of 0.3 to 3 seconds between them."""
    path = WORK / f"speech-{minutes:g}.flac"
    if path.exists():
        return path
    WORK.mkdir(parents=True, exist_ok=True)
    sound = decoded(SOURCE)
    segments = transcribe(SOURCE, language="en")
    borders = [0, *(round(start * RATE / 1000) - RATE // 5 for start in segments["start_ms"][1:]), len(sound)]
    sentences = [sound[start:end] for start, end in itertools.pairwise(borders)]
    chance = random.Random(5)
    parts: list[np.ndarray] = []
    while sum(map(len, parts)) < minutes * 60 * RATE:
        parts += [chance.choice(sentences), np.zeros(round(chance.uniform(0.3, 3) * RATE), np.int16)]
    plain = path.with_suffix(".wav")
    with wave.open(str(plain), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(np.concatenate(parts).tobytes())
    made = path.with_suffix(".part.flac")
    with av.open(str(plain)) as source, av.open(str(made), "w") as target:
        stream = target.add_stream("flac", rate=RATE)
        for frame in source.decode(audio=0):
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    plain.unlink()
    made.replace(path)
    return path


class Side:
    """One of the two: what it does, and what its runs took and gave."""

    def __init__(self, work: Callable[[], Any], count: Callable[[Any], int]) -> None:
        self._work, self._count = work, count
        self.words = 0
        self.processor_seconds: list[float] = []

    def __call__(self) -> float:
        began, busy = time.perf_counter(), time.process_time()
        made = self._work()
        self.processor_seconds.append(time.process_time() - busy)
        seconds = time.perf_counter() - began
        self.words = self._count(made)
        return seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=5, help="length of the recording")
    parser.add_argument("--pairs", type=int, default=5, help="how often both transcribe it")
    parser.add_argument("--model", default="base", help="the Whisper model")
    parser.add_argument("--language", default="", help="the language; none to have it detected")
    given = parser.parse_args()
    path = make_recording(given.minutes)

    parameters = TranscriptsParameters(model=given.model, language=given.language, beam_size=BEAM, batch_size=BATCH)
    extractor = Transcripts(parameters)
    extractor.load()
    device, compute_type = check_whisper_device()
    peer = BatchedInferencePipeline(
        WhisperModel(
            str(extractor.chosen.files()), device=device, compute_type=compute_type, cpu_threads=default_threads()
        )
    )

    def ours() -> dict[str, list[dict[str, Any]]]:
        with open_medium(LocalFile(str(path.parent), path.name), Kind.AUDIO) as medium:
            sound = medium.sound(extractor.sound_format)
            if sound is None:
                raise SystemExit("The recording has no sound.")
            return RowCompleter(extractor, "", "").complete(extractor.from_sound(sound))

    def theirs() -> list[Any]:
        segments, _ = peer.transcribe(
            str(path),
            language=given.language or None,
            beam_size=BEAM,
            batch_size=BATCH,
            temperature=0.0,
            word_timestamps=True,
        )
        return list(segments)

    print(f"{path.name}, {extractor.model} on {device} with {compute_type}, {default_threads()} threads; {machine()}")
    one = Side(ours, lambda rows: sum(row["words"] for row in rows["transcripts"]))
    other = Side(theirs, lambda found: sum(len(segment.text.split()) for segment in found))
    first, second, ratios = take_turns(given.pairs, one, other)
    busy = [statistics.median(side.processor_seconds) for side in (one, other)]
    print(f"tidymedia, file to rows: {spread(first)} s, {busy[0]:.2f} s of the processor, {one.words} words")
    print(f"faster-whisper's pipeline: {spread(second)} s, {busy[1]:.2f} s of the processor, {other.words} words")
    print(
        f"ratio of medians {statistics.median(first) / statistics.median(second):.3f} "
        f"(of the processor {busy[0] / busy[1]:.3f}); of pairs {spread(ratios)}"
    )


if __name__ == "__main__":
    main()
