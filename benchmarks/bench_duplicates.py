"""Which copies are found after twelve edits of real photographs, by us and by imagededup or imagehash.

The photographs come from public packages (``duplicates_photographs.py``), the edits from ``duplicates_edits.py``;
both are kept in a cache folder. Every edited copy is a query, every original a candidate. A pair within the threshold
is right if both come from the same photograph. For every method the largest threshold is taken at which 99 % of all
pairs within it are right, over all edits together; so the methods have equal precision, and the table gives the recall
of each by edit. Ours come from a study made by ``tidymedia analyze``, with the distances that ``study.duplicates``
uses; the last table is of ``study.duplicates`` itself at its default thresholds. All pairs are compared here, which no
study does.

Drawn and cut-out stamps are told apart with ``--stamps``. ``--photographs`` takes a folder of your own instead: all
pictures in it have to show something different. imagededup's network is not measured: its weights are a download.

    python benchmarks/bench_duplicates.py --peer imagededup
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from duplicates_edits import EDITS, TURNED, edited
from duplicates_photographs import cache_folder, collect, collect_stamps
from measuring import WORK, analyze, machine, peer_python
from numpy.typing import NDArray
from PIL import Image

from tidymedia import Study
from tidymedia.duplicates.finding import THRESHOLDS
from tidymedia.duplicates.hash_neighbours import HashNeighbours
from tidymedia.duplicates.pairs import Neighbours
from tidymedia.duplicates.reading import EXTRACTORS, Measured, read_measured
from tidymedia.duplicates.table import Measure
from tidymedia.duplicates.vector_neighbours import VectorNeighbours

PRECISION = 0.99
Distances = Mapping[str, NDArray[np.floating]]
"""For every edit, the distances of all edited copies (rows) to all originals (columns)."""

PEERS = {
    "imagededup": """
import json, sys
from pathlib import Path
from imagededup.methods import AHash, DHash, PHash, WHash
methods = {"PHash": PHash, "DHash": DHash, "AHash": AHash, "WHash": WHash}
made = {name: make(verbose=False) for name, make in methods.items()}
paths = sorted(Path(sys.argv[1]).glob("*.jpg"))
print(json.dumps({name: {p.name: one.encode_image(image_file=str(p)) for p in paths} for name, one in made.items()}))
""",
    "imagehash": """
import json, sys
from pathlib import Path
import imagehash
from PIL import Image
methods = {"phash": imagehash.phash, "dhash": imagehash.dhash, "average_hash": imagehash.average_hash,
           "whash": imagehash.whash}
paths = sorted(Path(sys.argv[1]).glob("*.jpg"))
print(json.dumps({name: {p.name: str(hash_of(Image.open(p))) for p in paths} for name, hash_of in methods.items()}))
""",
}


@dataclass(frozen=True)
class Result:
    """A method at the threshold where its precision is the one that is asked for."""

    threshold: float
    recall: dict[str, float]
    wrong_in_a_million: float

    @property
    def mean(self) -> float:
        """The recall over all edits."""
        return float(np.mean(list(self.recall.values())))


def make_copies(photographs: Sequence[tuple[str, Path]], folder: Path) -> Path:
    """Write every photograph and its edited copies into a folder, as ``<number>-<edit>.jpg``."""
    listed = "\n".join(name for name, _ in photographs)
    complete = folder / "complete.txt"
    if complete.is_file() and complete.read_text(encoding="utf-8") == listed:
        return folder / "media"
    (folder / "media").mkdir(parents=True, exist_ok=True)
    for number, (name, path) in enumerate(photographs):
        original = folder / "media" / file_name(number, "original")
        with Image.open(path) as opened:
            image = opened.convert("RGB")
        image.save(original, quality=95)
        for edit in EDITS:
            original.with_name(file_name(number, edit)).write_bytes(edited(image, name, edit))
    complete.write_text(listed, encoding="utf-8")
    return folder / "media"


def file_name(number: int, edit: str) -> str:
    return f"{number:04d}-{edit.replace(' %', '').replace(' ', '-').lower()}.jpg"


def evaluate(distances: Distances) -> Result | None:
    """Find the largest threshold with the precision that is asked for; None where there is none."""
    same = np.eye(len(next(iter(distances.values()))), dtype=bool)
    right = np.sort(np.concatenate([one[same] for one in distances.values()]))
    wrong = np.sort(np.concatenate([one[~same] for one in distances.values()]))
    levels = np.unique(right[np.isfinite(right)])
    rights = np.searchsorted(right, levels, side="right")
    wrongs = np.searchsorted(wrong, levels, side="right")
    fitting = np.flatnonzero(rights >= PRECISION * (rights + wrongs))
    if not len(fitting):
        return None
    threshold = float(levels[fitting[-1]])
    recall = {edit: float((one[same] <= threshold).mean()) for edit, one in distances.items()}
    return Result(threshold, recall, float(wrongs[fitting[-1]]) / len(wrong) * 1e6)


def peer_distances(peer: str, python: Path | None, media: Path, count: int) -> dict[str, Distances]:
    """Let the peer make its hashes, and count the bits in which they differ."""
    if python is None:
        python = Path(sys.executable) if peer == "imagehash" else peer_python(peer, [peer])
    WORK.mkdir(parents=True, exist_ok=True)
    script = WORK / f"peer_duplicates_{peer}.py"
    script.write_text(PEERS[peer], encoding="utf-8")
    said = subprocess.run([str(python), str(script), str(media)], check=True, capture_output=True, text=True).stdout
    found: dict[str, Distances] = {}
    for method, hashes in json.loads(said.splitlines()[-1]).items():

        def numbers(edit: str, hashes: Mapping[str, str] = hashes) -> NDArray[np.uint64]:
            return np.array([int(hashes[file_name(number, edit)], 16) for number in range(count)], np.uint64)

        originals = numbers("original")
        found[f"{peer} {method}"] = {
            edit: np.bitwise_count(numbers(edit)[:, None] ^ originals[None, :]).astype(np.float64) for edit in EDITS
        }
    return found


def our_distances(study: Path, count: int, measures: Sequence[Measure]) -> dict[str, Distances]:
    """Take the distances that a study of these files gives."""
    media = Study(study).table("media")
    ids = dict(zip(media["path"], media["media_id"], strict=True))
    found: dict[str, Distances] = {}
    for measure in measures:
        measured = read_measured(study, measure)
        for name, neighbours in _ways(measure, measured).items():
            found[name] = _all_to_all(neighbours, measured, ids, count)
    if {"hash", "embedding"} <= set(measures):
        scale = THRESHOLDS["hash"] / THRESHOLDS["embedding"]
        hashes, vectors = found["hash, turned"], found["embedding"]
        found["hash, turned, or embedding"] = {edit: np.minimum(hashes[edit], scale * vectors[edit]) for edit in EDITS}
    return found


def _ways(measure: Measure, measured: Measured) -> dict[str, Neighbours]:
    if measure == "hash":
        return {
            name: HashNeighbours(measured.hashes, 64, owners=measured.owners, plain=measured.plain, turned=turned)
            for name, turned in (("hash", False), ("hash, turned", True))
        }
    return {measure: VectorNeighbours(measured.vectors, 0.2 if measure == "embedding" else 0.4)}


def _all_to_all(neighbours: Neighbours, measured: Measured, ids: Mapping[str, str], count: int) -> Distances:
    """Fill a matrix for each edit; what is not near, or was left out as too plain, is infinitely far."""
    position = {media_id: place for place, media_id in enumerate(measured.media_id)}
    places = {
        edit: np.array([position.get(ids[file_name(number, edit)], -1) for number in range(count)])
        for edit in ("original", *EDITS)
    }
    column = np.full(len(measured.media_id), -1)
    there = np.flatnonzero(places["original"] >= 0)
    column[places["original"][there]] = there
    found: dict[str, NDArray[np.floating]] = {}
    for edit in EDITS:
        distances = np.full((count, count), np.inf)
        rows = np.flatnonzero(places[edit] >= 0)
        pairs = neighbours.near(places[edit][rows])
        kept = column[pairs.found] >= 0
        distances[rows[pairs.query[kept]], column[pairs.found[kept]]] = pairs.distance[kept]
        found[edit] = distances
    return found


def default_row(study: Path, count: int, measure: Measure, turned: bool) -> str:
    """Describe what ``study.duplicates`` finds at its default threshold."""
    rows = Study(study).duplicates(by=measure, turned=turned)
    cluster = dict(zip(rows["path"], rows["cluster"], strict=True))
    standing = rows[rows["is_representative"]]
    stands = dict(zip(standing["cluster"], standing["path"], strict=True))
    number = rows["path"].str[:4]
    others = ~rows["is_representative"]
    right = number[others] == rows["cluster"].map(stands)[others].str[:4]
    originals = [cluster.get(file_name(number, "original")) for number in range(count)]
    recall = [
        np.mean([cluster.get(file_name(number, edit), "") == one for number, one in enumerate(originals)])
        for edit in EDITS
    ]
    name = f"{measure}{', turned' if turned else ''}"
    cells = " | ".join(f"{100 * one:.0f}" for one in [*recall, np.mean(recall)])
    return f"| {name} | {THRESHOLDS[measure]:g} | {cells} | {right.mean():.4f} ({len(right):,} copies) |"


def report(results: Mapping[str, Result | None], ours: Callable[[str], bool]) -> None:
    print(f"\nRecall in % at precision {PRECISION:.2f}:\n")
    print(f"| Method | Threshold | {' | '.join(EDITS)} | mean | wrong pairs in a million |")
    print("|---" * (len(EDITS) + 4) + "|")
    for name, result in results.items():
        if result is None:
            print(f"| {name} | never that precise |")
            continue
        cells = " | ".join(f"{100 * one:.0f}" for one in [*result.recall.values(), result.mean])
        print(f"| {name} | {result.threshold:.4g} | {cells} | {result.wrong_in_a_million:.1f} |", flush=True)
    best = {
        edit: max((one.recall[edit] for name, one in results.items() if one and not ours(name)), default=0.0)
        for edit in EDITS
    }
    for name, result in results.items():
        if result and ours(name) and any(not ours(other) for other in results):
            below = [edit for edit in EDITS if result.recall[edit] < best[edit]]
            print(f"{name}: below the best peer on {', '.join(below) or 'no edit'}")


def compare(
    title: str, photographs: Sequence[tuple[str, Path]], folder: Path, arguments: argparse.Namespace
) -> dict[str, Result | None]:
    count = len(photographs)
    print(f"\n## {title}: {count} pictures x {len(EDITS)} edits; {machine()}", flush=True)
    media = make_copies(photographs, folder)
    measures: list[Measure] = arguments.measures
    study = folder / "study"
    analyze(media, study, "--with", ",".join(EXTRACTORS[measure] for measure in measures))
    peers = {} if arguments.peer == "none" else peer_distances(arguments.peer, arguments.peer_python, media, count)
    ours = our_distances(study, count, measures)
    results = {name: evaluate(distances) for name, distances in {**peers, **ours}.items()}
    report(results, ours=lambda name: name in ours)
    print("\nAt the default thresholds of study.duplicates, recall in % and precision:\n")
    print(f"| By | Threshold | {' | '.join(EDITS)} | mean | precision |\n{'|---' * (len(EDITS) + 4)}|")
    for measure in measures:
        for turned in (False, True) if measure == "hash" else (False,):
            print(default_row(study, count, measure, turned), flush=True)
    return results


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, default=cache_folder(), help="where packages and copies are kept")
    parser.add_argument("--photographs", type=Path, help="a folder of photographs of your own, each another one")
    parser.add_argument("--peer", choices=[*PEERS, "none"], default="imagededup")
    parser.add_argument("--peer-python", type=Path, help="a Python that has the peer; else an environment is made")
    parser.add_argument("--measures", nargs="+", choices=list(EXTRACTORS), default=list(EXTRACTORS))
    parser.add_argument("--stamps", action="store_true", help="measure the stamps of a drawing program too")
    return parser.parse_args(arguments)


def main() -> None:
    arguments = parse()
    if arguments.photographs:
        found = [
            (path.stem, path) for path in sorted(arguments.photographs.iterdir()) if path.suffix in (".jpg", ".png")
        ]
    else:
        found = [(one.name, one.path) for one in collect(arguments.cache)]
    if len(found) < 2:
        raise SystemExit("There are too few photographs.")
    kept = arguments.cache / "copies"
    name = arguments.photographs.name if arguments.photographs else "packages"
    results = compare("Photographs", found, kept / name, arguments)
    hashes = results.get("hash, turned")
    if hashes:
        print(f"Turned copies found by hash: {', '.join(f'{edit} {hashes.recall[edit]:.0%}' for edit in TURNED)}")
    if arguments.stamps:
        stamps = [(one.name, one.path) for one in collect_stamps(arguments.cache)]
        compare("Stamps, drawn or cut out on white", stamps, kept / "stamps", arguments)


if __name__ == "__main__":
    main()
