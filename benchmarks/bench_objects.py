"""Objects from JPEG file to rows against OpenCV, and the reading of boxes against a plain loop.

Ours is ``picture.image()`` and the detector, as the extractor ``objects`` does it. The peer is what OpenCV's users
write: ``cv2.imread``, ``cv2.resize``, ``cv2.dnn.readNetFromONNX`` with the same file, a loop over the cells that
reach the score, and ``cv2.dnn.NMSBoxesBatched``. Both use one thread, take the pictures in turns, and load their
network before the clock starts. Ours keeps the proportions of a picture, the peer stretches it.

The second part gives the same outputs of the network for the same pictures to our decoding and to that loop, and counts
boxes that differ by more than half a pixel. ``--photographs`` names further folders of real photographs for it.

    python benchmarks/bench_objects.py --files 20 --pairs 3 --photographs /usr/share/backgrounds
"""

from __future__ import annotations

import argparse
import shutil
import time
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from measuring import PHOTOGRAPHS, WORK, machine, make_photographs, spread, take_turns
from PIL import Image, ImageOps

from tidymedia.extractors.registry import make_extractor
from tidymedia.media.kinds import Kind
from tidymedia.media.locations import LocalFile
from tidymedia.media.opening import open_medium
from tidymedia.models.boxes import suppress
from tidymedia.models.files import verified_file
from tidymedia.models.inputs import as_input
from tidymedia.models.nanodet import MODEL, STRIDES, decode_nanodet
from tidymedia.models.sessions import load_network

SIDE, SCORE, OVERLAP, BINS = 416, 0.35, 0.5, 11
SIZES = {"12 megapixels": [(4000, 3000), (3000, 4000)], "500 pixels": [(500, 375), (375, 500)]}
NAMES = [f"{part}_{stride}" for stride in STRIDES for part in ("scores", "distances")]


def plain_boxes(outputs: dict[str, np.ndarray], width: float, height: float) -> list[tuple[int, float, list[float]]]:
    """Read boxes cell by cell, in pixels of a picture that was stretched to the input."""
    boxes, scores, classes = [], [], []
    for stride in STRIDES:
        columns = SIDE // stride
        cells, distances = outputs[f"scores_{stride}"][0], outputs[f"distances_{stride}"][0]
        for cell, number in zip(*np.where(cells >= SCORE), strict=True):
            sides = []
            for side in range(4):
                values = np.exp(distances[cell, side * BINS : (side + 1) * BINS].astype(float))
                sides.append(float((values / values.sum() * np.arange(BINS)).sum()) * stride)
            x, y = (cell % columns + 0.5) * stride, (cell // columns + 0.5) * stride
            left, top = max(x - sides[0], 0), max(y - sides[1], 0)
            right, bottom = min(x + sides[2], SIDE), min(y + sides[3], SIDE)
            boxes.append([left, top, right - left, bottom - top])
            scores.append(float(cells[cell, number]))
            classes.append(int(number))
    kept = cv2.dnn.NMSBoxesBatched(boxes, scores, classes, SCORE, OVERLAP) if boxes else []
    scale = [width / SIDE, height / SIDE] * 2
    return [(classes[k], scores[k], [v * s for v, s in zip(boxes[k], scale, strict=True)]) for k in kept]


def opencv_objects(net: Any, path: Path) -> int:
    """Find objects as users of OpenCV do."""
    image = cv2.imread(str(path))
    mean, scale = MODEL.input.mean, MODEL.input.scale
    values = ((cv2.resize(image, (SIDE, SIDE)).astype(np.float32) - mean) / scale).transpose(2, 0, 1)[None]
    net.setInput(np.ascontiguousarray(values, np.float32))
    outputs = dict(zip(NAMES, net.forward(NAMES), strict=True))
    return len(plain_boxes(outputs, image.shape[1], image.shape[0]))


def our_objects(extractor: Any, path: Path) -> int:
    """Find objects as a study does."""
    with open_medium(LocalFile(str(path.parent), path.name), Kind.IMAGE) as medium:
        return sum(len(list(extractor.from_picture(picture))) for picture in medium.pictures())


def seconds_for(find: Any, network: Any, files: list[Path]) -> float:
    """Measure how long the files take."""
    began = time.perf_counter()
    for path in files:
        find(network, path)
    return time.perf_counter() - began


def compare_speed(number: int, pairs: int) -> None:
    """Let both take turns on photographs of each size."""
    extractor = make_extractor("objects", {"min_score": SCORE})
    extractor.load()
    net = cv2.dnn.readNetFromONNX(str(verified_file(MODEL)))
    for name, sides in SIZES.items():
        folder = make_photographs(WORK / f"objects-{name.split()[0]}-{number}", number, sides)
        files = sorted(folder.glob("*.jpg"))
        for find, network in ((our_objects, extractor), (opencv_objects, net)):
            find(network, files[0])
        ours, peers, ratios = take_turns(
            pairs,
            lambda: seconds_for(our_objects, extractor, files),  # noqa: B023  # called within this turn
            lambda: seconds_for(opencv_objects, net, files),  # noqa: B023  # called within this turn
        )
        per = 1000 / number
        print(
            f"{name}, {number} files: ours {spread([one * per for one in ours])} ms a picture, OpenCV "
            f"{spread([one * per for one in peers])} ms; ours takes {spread(ratios)} times as long"
        )


def compare_boxes(paths: list[Path]) -> None:
    """Read the same outputs twice and count what differs."""
    network = load_network(MODEL)
    total = differing = pictures = 0
    farthest = 0.0
    for path in paths:
        try:
            with Image.open(path) as opened:
                image = ImageOps.exif_transpose(opened).convert("RGB")
        except OSError:
            continue
        pictures += 1
        outputs = network.run(as_input(image, MODEL.input))
        found = suppress(decode_nanodet(outputs, (SIDE, SIDE), SCORE).clipped(SIDE, SIDE), OVERLAP)
        scale = np.array([image.width, image.height] * 2) / SIDE
        corners = found.corners * scale
        ours = [(int(c), float(s), box) for c, s, box in zip(found.classes, found.scores, corners, strict=True)]
        plain = [(c, s, np.array([b[0], b[1], b[0] + b[2], b[1] + b[3]])) for c, s, b in
                 plain_boxes(outputs, image.width, image.height)]  # fmt: skip
        total += len(plain)
        for number, score, box in plain:
            gaps = [float(np.abs(box - other).max()) for c, s, other in ours if c == number and abs(s - score) < 1e-4]
            nearest = min(gaps, default=float("inf"))
            differing += nearest > 0.5
            farthest = max(farthest, nearest if nearest < float("inf") else 0)
        differing += max(0, len(ours) - len(plain))
    print(
        f"Decoding of {pictures} photographs against a plain loop: {total} boxes, {differing} differ by more than half "
        f"a pixel; the farthest of the others by {farthest:.4f} pixels"
    )


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--files", type=int, default=20, help="photographs of each size")
    parser.add_argument("--pairs", type=int, default=3, help="how often both take turns; 0 leaves the speed out")
    parser.add_argument("--photographs", type=Path, nargs="*", default=[], help="further folders of photographs")
    parser.add_argument("--again", action="store_true", help="make the photographs anew")
    given = parser.parse_args()
    cv2.setNumThreads(1)
    print(machine())
    if given.again:
        for folder in WORK.glob("objects-*"):
            shutil.rmtree(folder)
    if given.pairs:
        compare_speed(given.files, given.pairs)
    found = [path for folder in (PHOTOGRAPHS, *given.photographs) for path in sorted(folder.rglob("*"))]
    compare_boxes([path for path in found if path.suffix.lower() in (".jpg", ".jpeg", ".png")])


if __name__ == "__main__":
    main()
