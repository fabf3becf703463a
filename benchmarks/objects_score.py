"""How many objects NanoDet finds, and how many of its boxes are right, at several smallest scores and in two fits.

Random parts of photographs whose objects are known, every second one mirrored, are looked at with the picture fitted on
gray with its proportions (as ours does it) and stretched. An object counts where at least 0.6 of it is in the part; a
box is right where its class is and where it shares half with that of the object (intersection over union). Boxes within
the regions marked ``*`` and ties are not counted, since these were not coded.

``objects_boxes.tsv`` has the boxes. The photographs are not part of the project: ``bus.jpg`` and ``zidane.jpg`` are
assets of the package ultralytics, the others belong to PASCAL VOC 2011 and come with Debian's ``labelme-examples``,
whose annotations most of the boxes follow.

    python benchmarks/objects_score.py FOLDER --parts 40
"""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from tidymedia.models import nanodet
from tidymedia.models.boxes import Boxes, intersection_over_union, overlap_of
from tidymedia.models.fitting_square import Fitted, letterboxed, stretched
from tidymedia.models.labels import labels_of

BOXES = Path(__file__).with_name("objects_boxes.tsv")
SCORES = (0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55)
FITS: dict[str, Callable[[Image.Image, tuple[int, int]], Fitted]] = {"on gray": letterboxed, "stretched": stretched}
NAMES = [label.name for label in labels_of(nanodet.MODEL)]
NOT_CODED = "tie"
Known = list[tuple[str, np.ndarray, bool]]


def parts_of(image: Image.Image, boxes: list[tuple[str, np.ndarray]], number: int, chance: np.random.Generator):
    """Give random parts of a photograph: their image, and label, box and whether it has to be found."""
    for turn in range(number):
        wide, high = chance.uniform(0.55, 1) * image.width, chance.uniform(0.55, 1) * image.height
        left, top = chance.uniform(0, image.width - wide), chance.uniform(0, image.height - high)
        at = np.array([int(left), int(top)] * 2)
        part = image.crop((int(left), int(top), int(left + wide), int(top + high)))
        known: Known = []
        for label, box in boxes:
            cut = np.clip(box - at, 0, np.array(part.size * 2))
            if (cut[2:] <= cut[:2]).any():
                continue
            share = np.prod(cut[2:] - cut[:2]) / np.prod(box[2:] - box[:2])
            if turn % 2:
                cut = np.array([part.width - cut[2], cut[1], part.width - cut[0], cut[3]])
            known.append((label, cut.astype(np.float32), bool(share >= 0.6)))
        yield (ImageOps.mirror(part) if turn % 2 else part), known


def count(found: Boxes, known: Known, counts: dict[float, np.ndarray]) -> None:
    """Add to counts: objects found, objects, boxes that are right, boxes."""
    matched: dict[int, bool] = {}
    ignored = [box for label, box, _ in known if label == "*"]
    for label, box, needed in known:
        rivals = [place for place in range(len(found)) if NAMES[found.classes[place]] == label and place not in matched]
        best = 0.0
        if rivals:
            shares = intersection_over_union(box, found.corners[rivals])
            if shares.max() >= 0.5:
                place = rivals[int(shares.argmax())]
                matched[place], best = needed, float(found.scores[place])
        if needed and label != "*":
            for score in SCORES:
                counts[score] += (best >= score, 1, 0, 0)
    for place in range(len(found)):
        box = found.corners[place]
        area = np.prod(box[2:] - box[:2])
        hidden = any(overlap_of(one, box[None])[0] >= 0.5 * area for one in ignored)
        if place not in matched and (hidden or NAMES[found.classes[place]] == NOT_CODED):
            continue
        for score in SCORES:
            if found.scores[place] >= score and matched.get(place, True):
                counts[score] += (0, 0, place in matched, 1)


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="where the photographs are")
    parser.add_argument("--parts", type=int, default=40, help="random parts of each photograph")
    given = parser.parse_args()
    boxes: dict[str, list[tuple[str, np.ndarray]]] = defaultdict(list)
    with BOXES.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            sides = [float(row[side]) for side in ("left", "top", "right", "bottom")]
            boxes[row["file"]].append((row["label"], np.array(sides)))
    chance = np.random.default_rng(0)
    cases = []
    for name, known in boxes.items():
        with Image.open(given.folder / name) as opened:
            cases += list(parts_of(opened.convert("RGB"), known, given.parts, chance))
    print(f"{len(cases)} parts of {len(boxes)} photographs")
    for name, fit in FITS.items():
        nanodet.letterboxed = fit  # type: ignore[assignment]  # the other fit in its place, for comparison
        counts: dict[float, np.ndarray] = {score: np.zeros(4, np.int64) for score in SCORES}
        for part, objects in cases:
            count(nanodet.nanodet_boxes(part, min(SCORES)), objects, counts)
        for score, (hits, objects_there, right, made) in counts.items():
            recall, precision = hits / objects_there, right / max(1, made)
            balance = 2 * recall * precision / max(1e-9, recall + precision)
            print(f"{name:9} {score:.2f}  recall {recall:.2f}  precision {precision:.2f}  F1 {balance:.2f}")


if __name__ == "__main__":
    main()
