"""How the clustering of hashes grows with their number, beside libraries that find near hashes.

Synthetic hashes with planted clusters: hubs, each with members that differ from it in 1 bit up to the threshold; all
other hashes are random. The hubs come first, as the largest picture does in a study. Every measurement is a process
of its own: seconds without imports and the making of hashes, and the most memory that it had. ``recall`` is the part
of the planted members that were found with their hub: ours as members of one cluster, the peers as pairs. All of them
use all cores that they can.

Ours is ``star_clusters`` over ``HashNeighbours``. The peers are imagededup (``find_duplicates`` with its BK tree and
with brute force), faiss (``IndexBinaryFlat``, and ``IndexBinaryMultiHash``, which is exact too as set up here) and
usearch (approximate), in an environment of their own; a peer that is too slow for a size gets no larger one.

    python benchmarks/bench_duplicates_scale.py --sizes 10000 100000 1000000 --plot docs/images/duplicates_growth.png
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

OURS = "tidymedia"
PEERS = (
    "imagededup BK tree",
    "imagededup brute force",
    "faiss flat",
    "faiss multi-hash",
    "usearch",
)
PACKAGES = ("imagededup", "faiss-cpu", "usearch")
MODULES = {"imagededup": "imagededup.methods", "faiss": "faiss", "usearch": "usearch.index"}
_PLANTED = 0.2
"""Part of the hashes that lie in planted clusters."""
_MOST_MEMBERS = 20


def make_hashes(count: int, words: int, threshold: int, seed: int) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Return hashes of shape (count, words), and for each the position of its hub (its own, if it has none)."""
    chance = np.random.default_rng(seed)
    hashes = chance.integers(0, 2**64, (count, words), np.uint64)
    hub = np.arange(count)
    planted = int(count * _PLANTED)
    clusters = max(1, round(planted / (1 + (_MOST_MEMBERS + 1) / 2)))
    members = np.repeat(np.arange(clusters), chance.integers(1, _MOST_MEMBERS + 1, clusters))[: count - clusters]
    places = clusters + chance.permutation(count - clusters)[: len(members)]
    hub[places] = members
    order = chance.permuted(np.tile(np.arange(64 * words, dtype=np.uint8), (len(members), 1)), axis=1)
    changed = np.arange(64 * words) < chance.integers(1, threshold + 1, len(members))[:, None]
    bits = np.zeros((len(members), 64 * words), bool)
    np.put_along_axis(bits, order.astype(np.int64), changed, axis=1)
    hashes[places] = hashes[members] ^ np.packbits(bits, axis=1).view(np.uint64)
    return hashes, hub


def ours(hashes: NDArray[np.uint64], hub: NDArray[np.int64], threshold: int, turned: bool) -> dict[str, Any]:
    from tidymedia.duplicates.clusters import star_clusters
    from tidymedia.duplicates.hash_neighbours import HashNeighbours

    began = time.perf_counter()
    clusters = star_clusters(HashNeighbours(hashes, threshold, turned=turned))
    seconds = time.perf_counter() - began
    members = np.flatnonzero(hub != np.arange(len(hub)))
    found = clusters.representative[members] == clusters.representative[hub[members]]
    return {"seconds": seconds, "recall": float(found.mean())}


def _imagededup(method: str) -> Callable[[NDArray[np.uint64], int], Callable[[int, int], bool]]:
    def find(hashes: NDArray[np.uint64], threshold: int) -> Callable[[int, int], bool]:
        from imagededup.methods import PHash

        names = {f"{number}": f"{int(value):016x}" for number, value in enumerate(hashes[:, 0])}
        found = PHash(verbose=False).find_duplicates(
            encoding_map=names, max_distance_threshold=threshold, search_method=method
        )
        return lambda one, other: f"{other}" in found[f"{one}"]

    return find


def _faiss(kind: str) -> Callable[[NDArray[np.uint64], int], Callable[[int, int], bool]]:
    def find(hashes: NDArray[np.uint64], threshold: int) -> Callable[[int, int], bool]:
        import faiss

        octets, bits = hashes.view(np.uint8), 64 * hashes.shape[1]
        if kind == "flat":
            index = faiss.IndexBinaryFlat(bits)
        else:
            # 16 bits a part and 2 changes in each: exact up to three times the number of parts, less one.
            index = faiss.IndexBinaryMultiHash(bits, bits // 16, 16)
            index.nflip = -(-(threshold + 1) // (bits // 16)) - 1
        index.add(octets)
        limits, _, labels = index.range_search(octets, threshold + 1)
        return lambda one, other: bool((labels[limits[one] : limits[one + 1]] == other).any())

    return find


def _usearch(hashes: NDArray[np.uint64], threshold: int) -> Callable[[int, int], bool]:
    from usearch.index import Index

    octets = hashes.view(np.uint8)
    index = Index(ndim=64 * hashes.shape[1], metric="hamming", dtype="b1")
    index.add(np.arange(len(hashes)), octets)
    matches = index.search(octets, _MOST_MEMBERS + 5)
    return lambda one, other: bool(((matches.keys[one] == other) & (matches.distances[one] <= threshold)).any())


FINDERS = {
    "imagededup BK tree": _imagededup("bktree"),
    "imagededup brute force": _imagededup("brute_force_cython"),
    "faiss flat": _faiss("flat"),
    "faiss multi-hash": _faiss("multi-hash"),
    "usearch": _usearch,
}


def measure(method: str, count: int, words: int, threshold: int, turned: bool) -> dict[str, Any]:
    """Measure one method in this process."""
    hashes, hub = make_hashes(count, words, threshold, seed=count)
    if method == OURS:
        result = ours(hashes, hub, threshold, turned)
    else:
        importlib.import_module(MODULES[method.split()[0]])
        began = time.perf_counter()
        is_found = FINDERS[method](hashes, threshold)
        seconds = time.perf_counter() - began
        members = np.flatnonzero(hub != np.arange(count))[:2000]
        result = {"seconds": seconds, "recall": float(np.mean([is_found(int(hub[one]), int(one)) for one in members]))}
    return result | {"peak_mb": _peak_mb()}


def _peak_mb() -> float:
    """Return the most memory that this process had, and the largest of its children on top."""
    import resource

    kept = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(kept) / (1e6 if sys.platform == "darwin" else 1e3)


def measure_apart(python: Path, method: str, count: int, arguments: argparse.Namespace) -> dict[str, Any] | None:
    """Measure in a process of its own; None where it takes too long or fails."""
    command = [str(python), str(Path(__file__).resolve()), "--one", method, "--sizes", str(count)]
    command += ["--words", str(arguments.words), "--threshold", str(arguments.threshold)]
    command += ["--turned"] if arguments.turned else []
    # In a group of its own, so that the workers of a peer end with it.
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        try:
            said, complaint = process.communicate(timeout=arguments.limit)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            print(f"{method}, {count:,} hashes: not done after {arguments.limit:g} s", flush=True)
            return None
    if process.returncode:
        print(f"{method}, {count:,} hashes: {(complaint.strip().splitlines() or ['failed'])[-1]}", flush=True)
        return None
    result: dict[str, Any] = json.loads(said.splitlines()[-1])
    return result


def plot(results: dict[str, dict[int, dict[str, Any]]], path: Path) -> None:
    """Draw seconds and memory against the number of hashes."""
    import matplotlib as mpl

    mpl.use("agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, 2, figsize=(9, 3.6), layout="constrained")
    for axis, key, title in ((axes[0], "seconds", "Seconds"), (axes[1], "peak_mb", "Most memory, MB")):
        for method, sizes in results.items():
            ours_or_not = {"linewidth": 2.5, "zorder": 3} if method == OURS else {"linewidth": 1.2}
            axis.plot(list(sizes), [one[key] for one in sizes.values()], marker="o", label=method, **ours_or_not)
        axis.set(xscale="log", yscale="log", xlabel="Hashes", title=title)
        axis.grid(alpha=0.3)
        axis.spines[["top", "right"]].set_visible(False)
    axes[0].legend(frameon=False, fontsize=8)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110)


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 30_000, 100_000, 300_000, 1_000_000])
    parser.add_argument("--threshold", type=int, default=8, help="bits in which near hashes may differ")
    parser.add_argument("--words", type=int, default=1, help="64 bits each; 3 for the hash that studies use")
    parser.add_argument("--turned", action="store_true", help="find turned copies too (ours alone, with --words 3)")
    parser.add_argument(
        "--peers", nargs="*", choices=PEERS, default=list(PEERS), help="which peers; none for ours alone"
    )
    parser.add_argument("--peer-python", type=Path, help="a Python that has the peers; else an environment is made")
    parser.add_argument("--limit", type=float, default=900, help="seconds until a measurement is given up")
    parser.add_argument("--plot", type=Path, help="where to save a figure of the growth")
    parser.add_argument("--one", choices=[OURS, *PEERS], help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


def main() -> None:
    arguments = parse()
    if arguments.one:
        result = measure(arguments.one, arguments.sizes[0], arguments.words, arguments.threshold, arguments.turned)
        print(json.dumps(result))
        return
    from measuring import machine, peer_python

    peers = [] if arguments.turned else arguments.peers
    pythons = {OURS: Path(sys.executable)}
    if peers:
        python = arguments.peer_python or peer_python("duplicates", PACKAGES)
        pythons |= dict.fromkeys(peers, python)
    print(f"{64 * arguments.words} bits, threshold {arguments.threshold}; {machine()}", flush=True)
    results: dict[str, dict[int, dict[str, Any]]] = {}
    print(
        "\n| Hashes | Method | Seconds | Most memory | Recall of planted members |\n|---|---|---|---|---|", flush=True
    )
    for count in sorted(arguments.sizes):
        for method, python in list(pythons.items()):
            result = measure_apart(python, method, count, arguments)
            if result is None:
                del pythons[method]
                continue
            results.setdefault(method, {})[count] = result
            print(
                f"| {count:,} | {method} | {result['seconds']:.1f} | {result['peak_mb']:,.0f} MB "
                f"| {result['recall']:.4f} |",
                flush=True,
            )
    for method, sizes in results.items():
        if len(sizes) > 1:
            first, last = min(sizes), max(sizes)
            times = sizes[last]["seconds"] / max(sizes[first]["seconds"], 1e-3)
            power = np.log(times) / np.log(last / first)
            print(f"{method}: from {first:,} to {last:,} hashes, time grows with the power {power:.2f} of their number")
    if arguments.plot:
        plot(results, arguments.plot)


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", str(os.cpu_count() or 1))
    main()
