"""What the guard, the store and the pipes cost: the wall time of a run against the CPU time of its kernels.

The kernels are the same extractors, called one file after the other in one process: open, decode, extract. The run
is ``tidymedia analyze`` on all cores. Start-up is left out of both: the run's is measured on two files.

    python benchmarks/bench_overhead.py --files 2000 --pairs 3
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

from bench_jobs import SIDES
from measuring import WORK, analyze, machine, make_photographs, spread, take_turns

KERNELS = """
import os, sys, time
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
from pathlib import Path
from tidymedia.extractors import MediumExtractor, PictureExtractor, make_extractor
from tidymedia.media.kinds import Kind
from tidymedia.media.locations import LocalFile
from tidymedia.media.opening import open_medium
from tidymedia.media.settings import Limits, PictureSettings

def work_on(path):
    with open_medium(LocalFile(str(path.parent), path.name), Kind.IMAGE, PictureSettings(), Limits()) as medium:
        for extractor in extractors:
            if isinstance(extractor, MediumExtractor):
                list(extractor.from_medium(medium))
        for picture in medium.pictures(0):
            for extractor in extractors:
                if isinstance(extractor, PictureExtractor):
                    list(extractor.from_picture(picture))

extractors = [make_extractor(name) for name in ["pictures", *sys.argv[2].split(",")]]
for extractor in extractors:
    extractor.load()
paths = sorted(Path(sys.argv[1]).glob("*.jpg"))
for path in paths[:5]:
    work_on(path)
began = time.process_time()
for path in paths:
    work_on(path)
print(time.process_time() - began)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=2000, help="number of photographs")
    parser.add_argument("--pairs", type=int, default=3, help="number of pairs of runs")
    parser.add_argument("--with", dest="extractors", default="metadata,pixels,hashes", help="extractors to run")
    arguments = parser.parse_args()
    media = make_photographs(WORK / f"photographs-{arguments.files}", arguments.files, SIDES)
    few = make_photographs(WORK / "photographs-2", 2, SIDES)
    cores = os.cpu_count() or 1

    def run(folder: Path) -> float:
        study = WORK / "study-overhead"
        shutil.rmtree(study, ignore_errors=True)
        return analyze(folder, study, "--with", arguments.extractors).seconds

    def kernels() -> float:
        command = [sys.executable, "-c", KERNELS, str(media), arguments.extractors]
        return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

    print(f"{arguments.files} photographs, {arguments.extractors}; {machine()}", flush=True)
    start_up = statistics.median(run(few) for _ in range(3))
    print(f"start-up {start_up:.2f} s; each pair: wall time of a run, CPU time of its kernels", flush=True)
    walls, kernel_seconds, _ = take_turns(arguments.pairs, lambda: run(media), kernels)
    ratios = [(wall - start_up) / (seconds / cores) for wall, seconds in zip(walls, kernel_seconds, strict=True)]
    print(f"wall time without start-up is {spread(ratios)} times the kernels' CPU time over {cores} cores")


if __name__ == "__main__":
    main()
