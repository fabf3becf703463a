"""Memory of the driver on many small files, and a second run that finds nothing new.

Makes tiny distinct pictures, runs ``tidymedia analyze`` over them and watches the process that the user started,
without the children that it starts. Two numbers of files give what a further file costs.

    python benchmarks/bench_memory.py --files 50000 100000
"""

from __future__ import annotations

import argparse
import random
import shutil
from pathlib import Path

from measuring import WORK, analyze, machine
from PIL import Image


def make_small_files(folder: Path, number: int) -> Path:
    """Make distinct pictures of 16 x 16 pixels, a thousand a folder."""
    chance = random.Random(number)
    for index in range(number):
        path = folder / f"{index // 1000:04d}" / f"picture-{index:07d}.png"
        if path.exists():
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.frombytes("L", (16, 16), chance.randbytes(256)).save(path, compress_level=1)
    return folder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, nargs="+", default=[50_000, 100_000], help="numbers of files")
    parser.add_argument("--with", dest="extractors", default="metadata,pixels,hashes", help="extractors to run")
    arguments = parser.parse_args()
    print(machine(), flush=True)
    peaks: list[tuple[int, float]] = []
    for number in sorted(arguments.files):
        media, study = make_small_files(WORK / f"small-{number}", number), WORK / f"study-small-{number}"
        shutil.rmtree(study, ignore_errors=True)
        first = analyze(media, study, "--with", arguments.extractors, watch=True)
        status = (study / "status.parquet").read_bytes()
        again = analyze(media, study, "--with", arguments.extractors, watch=True)
        nothing = again.most_children == 0 and (study / "status.parquet").read_bytes() == status
        print(f"{number:,} files: {first.seconds:.1f} s, {number / first.seconds:.0f} files a second")
        print(f"  driver at most {first.peak_mb:.0f} MB in the first run, {again.peak_mb:.0f} MB in the second")
        print(
            f"  second run: {again.seconds:.1f} s; "
            + ("no child was started, so nothing was decoded" if nothing else "something was done again"),
            flush=True,
        )
        peaks.append((number, max(first.peak_mb, again.peak_mb)))
    if len(peaks) > 1:
        (few, low), (many, high) = peaks[0], peaks[-1]
        print(f"a further file costs {1000 * (high - low) / (many - few):.2f} kB of the driver's memory")


if __name__ == "__main__":
    main()
