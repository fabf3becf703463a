"""Faces of a group photograph, found and false, against the Haar cascades of OpenCV.

The photograph is that of the Solvay conference of 1927, 29 people, as the Debian package ``visp-images-data`` carries
it in several sizes (``ViSP-images/Solvay``); fetch it and unpack it with ``dpkg-deb -x``. Where the faces are is in
``faces_solvay.tsv``: centre and height of each as shares of the picture, placed by our detector at 2126 pixels and
checked one by one by eye. A box is right where its centre lies within half a height of a face that no other box has
taken; the rest are false.

The peer is what OpenCV's users write: ``cv2.imread`` in gray, ``equalizeHist``, ``detectMultiScale`` with the frontal
cascade and a scale factor of 1.1, with 3 and with 5 neighbours. OpenCV 5 has no cascades, so it gets an environment
with OpenCV 4. Both use one thread, from file to boxes, in turns.

    python benchmarks/bench_faces.py ViSP-images/Solvay --rounds 5
"""

from __future__ import annotations

import argparse
import csv
import json
import statistics
import subprocess
import time
from pathlib import Path

import numpy as np
from measuring import machine, peer_python

from tidymedia.images.opening import open_image
from tidymedia.media.color_conversion import to_rgb
from tidymedia.models.face_detection import MODEL, detect_faces
from tidymedia.models.sessions import load_network

TRUTH = Path(__file__).parent / "faces_solvay.tsv"
SIZES = ("640x440", "1024x705", "2126x1463")
NEIGHBOURS = (3, 5)
PEER = """
import json, sys, time
import cv2
cv2.setNumThreads(1)
cascade = cv2.CascadeClassifier(cv2.data.haarcascades + "haarcascade_frontalface_default.xml")
for line in sys.stdin:
    path, neighbours = json.loads(line)
    began = time.perf_counter()
    gray = cv2.equalizeHist(cv2.imread(path, cv2.IMREAD_GRAYSCALE))
    boxes = cascade.detectMultiScale(gray, scaleFactor=1.1, minNeighbors=neighbours)
    seconds = time.perf_counter() - began
    shape = [gray.shape[1], gray.shape[0]]
    print(json.dumps([seconds, [[float(v) / shape[k % 2] for k, v in enumerate(box)] for box in boxes]]), flush=True)
"""


def count(boxes: np.ndarray, truth: np.ndarray, aspect: float) -> tuple[int, int]:
    """Count the faces that were found, and the boxes that hold none."""
    open_faces = np.ones(len(truth), bool)
    for left, top, width, height in boxes:
        apart = np.hypot((truth[:, 0] - left - width / 2) * aspect, truth[:, 1] - top - height / 2)
        near = np.where(open_faces, apart / truth[:, 2], np.inf)
        if near.min() <= 0.5:
            open_faces[near.argmin()] = False
    found = int((~open_faces).sum())
    return found, len(boxes) - found


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", help="ViSP-images/Solvay of visp-images-data")
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    if given.folder is None:
        print("The photograph is not among the examples; see --help for where it is.")
        return
    print(machine())
    with TRUTH.open(encoding="utf-8", newline="") as lines:
        truth = np.array(
            [[float(row[k]) for k in ("x", "y", "height")] for row in csv.DictReader(lines, delimiter="\t")]
        )
    network = load_network(MODEL, threads=1)
    python = peer_python("haar", ["opencv-python-headless<5"])
    peer = subprocess.Popen([python, "-c", PEER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    for size in SIZES:
        path = given.folder / f"Solvay_conference_1927_Version2_{size}.jpg"
        seconds: dict[str, list[float]] = {}
        counts: dict[str, tuple[int, int]] = {}
        for _ in range(given.rounds):
            began = time.perf_counter()
            image = to_rgb(open_image(path, long_side=1024))
            boxes = detect_faces(image, network=network).boxes / np.tile(image.size, 2)
            seconds.setdefault("tidymedia", []).append(time.perf_counter() - began)
            aspect = image.width / image.height
            counts["tidymedia"] = count(boxes, truth, aspect)
            if peer.stdin is None or peer.stdout is None:
                continue
            for neighbours in NEIGHBOURS:
                name = f"Haar cascade, {neighbours} neighbours"
                print(json.dumps([str(path), neighbours]), file=peer.stdin, flush=True)
                took, found = json.loads(peer.stdout.readline())
                seconds.setdefault(name, []).append(took)
                counts[name] = count(np.array(found).reshape(-1, 4), truth, aspect)
        for name, (right, false) in counts.items():
            milliseconds = statistics.median(seconds[name]) * 1000
            print(f"{size}  {name}: {right} of {len(truth)} found, {false} false, {milliseconds:.0f} ms (median)")
    if peer.stdin is not None:
        peer.stdin.close()
        peer.wait()


if __name__ == "__main__":
    main()
