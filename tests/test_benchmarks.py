"""The benchmarks run: each tells how to use it, and those that need no peer work on a few files."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).resolve().parent.parent / "benchmarks"
SCRIPTS = sorted(path.name for path in BENCHMARKS.glob("bench_*.py"))


def run(script: str, *arguments: str) -> str:
    command = [sys.executable, str(BENCHMARKS / script), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_all_are_there() -> None:
    assert {
        f"bench_{name}.py" for name in ("duplicates", "duplicates_scale", "images", "jobs", "memory", "ocr", "overhead")
    } <= set(SCRIPTS)


@pytest.mark.parametrize("script", SCRIPTS)
def test_each_tells_how_to_use_it(script: str) -> None:
    assert "usage:" in run(script, "--help")


def test_memory_of_a_few_files() -> None:
    said = run("bench_memory.py", "--files", "3", "6", "--with", "metadata")
    assert "second run" in said
    assert said.count("nothing was decoded") == 2
    assert "a further file costs" in said


def test_overhead_of_a_few_files() -> None:
    said = run("bench_overhead.py", "--files", "4", "--pairs", "1", "--with", "hashes")
    assert "times the kernels' CPU time" in said


def test_draft_and_full_decoding_give_close_hashes() -> None:
    said = run("bench_images.py", "--pairs", "0")
    distances = [float(line.split(" at the 95th percentile")[0].split()[-1]) for line in said.splitlines()]
    assert len(distances) == 3
    assert max(distances) <= 2


def test_copies_of_a_few_photographs_are_found(tmp_path: Path) -> None:
    photographs = BENCHMARKS.parent / "examples" / "media" / "photographs"
    said = run(
        "bench_duplicates.py", "--cache", str(tmp_path), "--photographs", str(photographs), "--peer", "imagehash",
        "--measures", "hash",
    )  # fmt: skip
    peer, ours = (
        next([float(cell) for cell in line.split("|")[3:15]] for line in said.splitlines() if line.startswith(method))
        for method in ("| imagehash phash |", "| hash, turned |")
    )
    assert all(mine >= theirs for mine, theirs in zip(ours, peer, strict=True))
    assert min(ours) > 50
    assert "hash, turned: below the best peer on no edit" in said


def test_planted_clusters_are_found() -> None:
    said = run("bench_duplicates_scale.py", "--sizes", "300", "3000", "--peers")
    rows = [line.split("|") for line in said.splitlines() if line.count("|") == 6]
    measured = [row for row in rows if "tidymedia" in row[2]]
    assert len(measured) == 2
    assert all(float(row[5]) == 1 for row in measured)
