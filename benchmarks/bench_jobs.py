"""Two jobs against one on photographs: how much of a second core reaches the user.

The whole command is measured, start and end included, over distinct photographs that are made from the examples:
most of 500 x 400 pixels, every fifth of 1600 x 1200.

    python benchmarks/bench_jobs.py --files 2000 --pairs 5
"""

from __future__ import annotations

import argparse
import shutil
import statistics

from measuring import WORK, analyze, machine, make_photographs, spread, take_turns

SIDES = [(500, 400), (480, 400), (400, 500), (520, 390), (1600, 1200)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=2000, help="number of photographs")
    parser.add_argument("--pairs", type=int, default=5, help="number of pairs of runs")
    parser.add_argument("--with", dest="extractors", default="metadata,pixels,hashes", help="extractors to run")
    arguments = parser.parse_args()
    media = make_photographs(WORK / f"photographs-{arguments.files}", arguments.files, SIDES)
    study = WORK / "study-jobs"

    def seconds(jobs: int) -> float:
        shutil.rmtree(study, ignore_errors=True)
        return analyze(media, study, "--with", arguments.extractors, "--jobs", str(jobs)).seconds

    print(f"{arguments.files} photographs, {arguments.extractors}; {machine()}", flush=True)
    one, two, ratios = take_turns(arguments.pairs, lambda: seconds(1), lambda: seconds(2))
    print(f"one job {statistics.median(one):.1f} s, two jobs {statistics.median(two):.1f} s")
    print(f"two jobs are {spread(ratios)} times as fast as one")


if __name__ == "__main__":
    main()
