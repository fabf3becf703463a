"""Key frames of the codec beside a full decode of the same film, which has a key frame every 250 frames.

The film is made once, under ``benchmarks/.work``, from the animation of the sample media. Both ways take turns in this
process: ``tm.key_frames(film, "codec")`` with every picture as an image, and PyAV decoding all frames on one thread, as
the library does, without turning any into an image. ``every 10s`` stands beside them: what lies between is decoded
from the key frame before.

    python benchmarks/bench_key_frames.py --frames 3000 --pairs 5
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import av
import numpy as np
from measuring import ROOT, WORK, machine, spread, take_turns

import tidymedia as tm

sys.path.insert(0, str(ROOT / "tests" / "makers"))

import film_composing as compose

EVERY = 250


def film_of(frames: int, size: tuple[int, int]) -> Path:
    """Make a film, or return what was made."""
    path = WORK / "key_frames" / f"{frames}-{size[0]}x{size[1]}.mp4"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        (clip,) = compose.RABBIT
        there = compose.piece(clip.path, clip.frames, size)

        def forth_and_back() -> Iterator[np.ndarray]:
            for number in range(frames):
                turn, place = divmod(number, len(there))
                yield there[-1 - place if turn % 2 else place]

        print(f"making {path.name} ...", flush=True)
        unfinished = path.with_suffix(".unfinished.mp4")
        compose.write(unfinished, forth_and_back(), g=str(EVERY), keyint_min=str(EVERY), sc_threshold="0")
        unfinished.rename(path)
    return path


def key_frames(path: Path, every: str = "codec") -> int:
    """Take key frames as images; return how many."""
    return sum(frame.image.width > 0 for frame in tm.key_frames(path, every))


def full_decode(path: Path) -> int:
    """Decode all frames; return how many."""
    with av.open(str(path)) as film:
        stream = film.streams.video[0]
        stream.codec_context.thread_type, stream.codec_context.thread_count = "NONE", 1
        return sum(1 for _ in film.decode(stream))


def timed(work: Callable[[], int]) -> float:
    """Return the seconds that something takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def main() -> None:
    """Take turns, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frames", type=int, default=3000, help="frames of the film (default: 3000)")
    parser.add_argument("--size", type=int, nargs=2, default=(1280, 720), help="width and height")
    parser.add_argument("--pairs", type=int, default=5, help="how often both take turns (default: 5)")
    chosen = parser.parse_args()
    path = film_of(chosen.frames, tuple(chosen.size))
    print(f"{machine()}; {chosen.frames} frames of {chosen.size[0]} x {chosen.size[1]}, a key frame every {EVERY}")
    print(f"key frames of the codec ({key_frames(path)}) and a full decode ({full_decode(path)}):")
    first, second, _ = take_turns(
        chosen.pairs, lambda: timed(lambda: key_frames(path)), lambda: timed(lambda: full_decode(path))
    )
    print(f"  codec {spread(first)} s, all frames {spread(second)} s")
    print(f"  times as fast: {statistics.median(second) / statistics.median(first):.1f}")
    print(f"  every 10s: {timed(lambda: key_frames(path, '10s')):.2f} s for {key_frames(path, '10s')} pictures")


if __name__ == "__main__":
    main()
