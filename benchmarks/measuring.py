"""What the benchmarks share: media made from the examples, runs of the program, and pairs that take turns."""

from __future__ import annotations

import os
import random
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil
from PIL import Image, ImageEnhance

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "benchmarks" / ".work"
PHOTOGRAPHS = ROOT / "examples" / "media" / "photographs"


@dataclass(frozen=True)
class Watched:
    """A run of the program: how long it took, and what its driver used (children apart)."""

    seconds: float
    peak_mb: float
    most_children: int


def analyze(media: Path, study: Path, *arguments: str, watch: bool = False) -> Watched:
    """Run ``tidymedia analyze`` as a user does, from start to end, and watch the driver's resident memory."""
    command = [sys.executable, "-m", "tidymedia", "analyze", str(media), "-o", str(study), "--quiet", *arguments]
    began = time.perf_counter()
    peak = children = 0
    with subprocess.Popen(command, stdin=subprocess.DEVNULL) as process:
        driver = psutil.Process(process.pid)
        while watch and process.poll() is None:
            try:
                peak = max(peak, _peak(driver))
                children = max(children, len(driver.children()))
            except psutil.Error:
                break
            time.sleep(0.02 if time.perf_counter() - began < 20 else 0.2)
        code = process.wait()
    seconds = time.perf_counter() - began
    if code:
        raise SystemExit(f"tidymedia analyze ended with exit code {code}.")
    return Watched(seconds, peak / 1e6, children)


def _peak(process: psutil.Process) -> int:
    """Return the most resident memory that a process had so far; where the system keeps no mark, what it has now."""
    try:
        with Path(f"/proc/{process.pid}/status").open() as lines:
            return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        return int(process.memory_info().rss)


def make_photographs(
    folder: Path, number: int, sides: Sequence[tuple[int, int]], *, sources: Sequence[Path] = (), seed: int = 0
) -> Path:
    """Make distinct photographs of the given sizes: crops of real ones, some mirrored, in other light and colours."""
    if folder.is_dir() and sum(1 for _ in folder.glob("*.jpg")) == number:
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    chance = random.Random(seed)
    opened = [Image.open(path).convert("RGB") for path in sources or sorted(PHOTOGRAPHS.glob("*.jp*g"))]
    for index in range(number):
        photograph, (width, height) = opened[index % len(opened)], sides[index % len(sides)]
        part = chance.uniform(0.55, 0.98) * min(photograph.width / width, photograph.height / height)
        left = chance.uniform(0, photograph.width - part * width)
        top = chance.uniform(0, photograph.height - part * height)
        box = (left, top, left + part * width, top + part * height)
        made = photograph.resize((width, height), Image.Resampling.BICUBIC, box=box)
        if chance.random() < 0.5:
            made = made.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        for change in (ImageEnhance.Brightness, ImageEnhance.Contrast, ImageEnhance.Color):
            made = change(made).enhance(chance.uniform(0.75, 1.25))
        made.save(folder / f"photograph-{index:05d}.jpg", quality=chance.randint(80, 94))
    return folder


def peer_python(name: str, packages: Sequence[str]) -> Path:
    """Return the Python of an environment of its own for peers, made at the first call."""
    environment = WORK / f"environment-{name}"
    python = environment / ("Scripts" if os.name == "nt" else "bin") / "python"
    if not (environment / "complete").exists():
        shutil.rmtree(environment, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *packages], check=True)
        (environment / "complete").touch()
    return python


def take_turns(
    pairs: int, first: Callable[[], float], second: Callable[[], float]
) -> tuple[list[float], list[float], list[float]]:
    """Measure two things in turns, each as often first as the other; return seconds of both and their ratios."""
    ours: list[float] = []
    others: list[float] = []
    for pair in range(pairs):
        if pair % 2:
            others.append(second())
            ours.append(first())
        else:
            ours.append(first())
            others.append(second())
        print(f"  pair {pair + 1}: {ours[-1]:.2f} s and {others[-1]:.2f} s", flush=True)
    return ours, others, [one / other for one, other in zip(ours, others, strict=True)]


def spread(values: Sequence[float]) -> str:
    """Write a median and the range around it."""
    return f"{statistics.median(values):.2f} ({min(values):.2f} to {max(values):.2f})"


def machine() -> str:
    """Say how many cores there are and how busy they are, which decides how far a figure can be trusted."""
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"{os.cpu_count()} cores{load}"
