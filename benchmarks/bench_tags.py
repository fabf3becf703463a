"""Tags: how often they are right on pictures with known labels, and how long they take beside a plain loop.

The first part names cut-out pictures of the Debian package tuxpaint-stamps-default (GPL-2; fetched, never kept here).
``bench_tags.tsv`` lists those whose English description has the name of a class of ImageNet, in the sense of ImageNet
(so no mouse, which is one for computers there); they were chosen before any network saw them. Photographs and drawings
are counted apart; intervals are Wilson's at 95 percent. Cut-outs on white are neither ImageNet nor what a study sees.

The second part is ``tidymedia analyze --with tags`` from start to end with its tables, against scripts that write the
same labels to a CSV file: ``onnxruntime``, a loop with the same network over fully decoded JPEG files, on all cores;
``keras``, the way of the textbook, ResNet50 with one picture at a time (weights at random, which take as long; an
environment of its own with keras and jax is made under ``benchmarks/.work``). Start-up is part of all.

    python benchmarks/bench_tags.py --files 40 --pairs 5 --peer onnxruntime keras
"""

from __future__ import annotations

import argparse
import csv
import math
import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

from measuring import WORK, analyze, machine, make_photographs, peer_python, spread, take_turns

from tidymedia.models.classification import MODEL
from tidymedia.models.files import verified_file
from tidymedia.study import Study

LIST = Path(__file__).with_suffix(".tsv")
STAMPS = "tuxpaint-stamps-default"
INSIDE = Path("usr/share/tuxpaint/stamps")
SIZES = {"12 megapixels": [(4000, 3000), (3000, 4000)], "500 pixels": [(500, 375), (375, 500)]}
PACKAGES = {"onnxruntime": None, "keras": ["keras", "jax", "pillow"]}
PEERS = {
    "onnxruntime": """
import csv, sys
from pathlib import Path
import numpy as np
import onnxruntime
from PIL import Image

session = onnxruntime.InferenceSession(sys.argv[2], providers=["CPUExecutionProvider"])
name = session.get_inputs()[0].name
with open(sys.argv[3], "w", newline="") as file:
    writer = csv.writer(file)
    for path in sorted(Path(sys.argv[1]).glob("*.jpg")):
        image = Image.open(path).convert("RGB").resize((260, 260), Image.Resampling.BICUBIC)
        values = (np.asarray(image, np.float32) - 127) / 128
        logits = session.run(["logits"], {name: values.transpose(2, 0, 1)[None]})[0][0]
        scores = np.exp(logits - logits.max())
        scores /= scores.sum()
        for rank, number in enumerate(np.argsort(-scores)[:5]):
            writer.writerow([path.name, rank, number, scores[number]])
""",
    "keras": """
import os
os.environ["KERAS_BACKEND"] = "jax"
import csv, sys
from pathlib import Path
import keras
import numpy as np

model = keras.applications.ResNet50(weights=None)
with open(sys.argv[3], "w", newline="") as file:
    writer = csv.writer(file)
    for path in sorted(Path(sys.argv[1]).glob("*.jpg")):
        image = keras.utils.load_img(path, target_size=(224, 224), interpolation="bilinear")
        values = keras.applications.resnet50.preprocess_input(keras.utils.img_to_array(image)[None])
        scores = model.predict(values, verbose=0)[0]
        for rank, number in enumerate(np.argsort(-scores)[:5]):
            writer.writerow([path.name, rank, number, scores[number]])
""",
}


def stamps_folder(given: Path | None) -> Path | None:
    """Return the folder of the unpacked package: the one given, else fetched once; None where it is not to be had."""
    folder = given or WORK / STAMPS
    if not (folder / INSIDE).is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        try:
            subprocess.run(["apt-get", "download", STAMPS], cwd=folder, check=True, capture_output=True, timeout=600)
            (archive,) = folder.glob("*.deb")
            subprocess.run(["dpkg-deb", "-x", str(archive), str(folder)], check=True)
        except (OSError, subprocess.SubprocessError, ValueError):
            return None
    return folder / INSIDE


def wilson(right: int, number: int) -> tuple[float, float]:
    """Return Wilson's interval of a share, at 95 percent."""
    z = 1.959964
    share = right / number
    middle = (share + z * z / (2 * number)) / (1 + z * z / number)
    half = z * math.sqrt(share * (1 - share) / number + z * z / (4 * number * number)) / (1 + z * z / number)
    return middle - half, middle + half


def accuracy(stamps: Path) -> None:
    """Print how often the label of a known picture comes first, and among the first five."""
    with LIST.open(encoding="utf-8", newline="") as lines:
        known = list(csv.DictReader(lines, delimiter="\t"))
    study = Study(WORK / "study-stamps", [stamps / f"{row['stamp']}.png" for row in known])
    rows = study.analyze(["tags"]).table("tags")
    found = {str(path): [str(one) for one in group["wordnet_id"]] for path, group in rows.groupby("path")}
    names = {str(path): str(group["label"].iloc[0]) for path, group in rows.groupby("path")}
    print(f"\n{len(found)} of {len(known)} pictures have tags")
    print("| pictures | number | first label right | 95 % interval | among the first five |")
    print("| --- | --- | --- | --- | --- |")
    mistakes = []
    for kind in ("photograph", "drawing"):
        chosen = [row for row in known if row["kind"] == kind]
        answers = [(row, next(path for path in found if path.endswith(f"{row['stamp']}.png"))) for row in chosen]
        first = sum(found[path][0] == row["wordnet_id"] for row, path in answers)
        five = sum(row["wordnet_id"] in found[path] for row, path in answers)
        low, high = wilson(first, len(chosen))
        print(
            f"| {kind}s | {len(chosen)} | {first}, {first / len(chosen):.2f} | {low:.2f} to {high:.2f} "
            f"| {five}, {five / len(chosen):.2f} |"
        )
        wrong = [f"{row['label']}: {names[path]}" for row, path in answers if found[path][0] != row["wordnet_id"]]
        mistakes.append(f"{kind}s that got another label, with it: {'; '.join(wrong)}")
    print("\n" + "\n".join(mistakes))


def speed(peer: str, size: str, files: int, pairs: int) -> None:
    """Print how long both take, in turns."""
    media = make_photographs(WORK / f"tags-{size.replace(' ', '-')}-{files}", files, SIZES[size])
    study, cores, packages = WORK / "study-tags", os.cpu_count() or 1, PACKAGES[peer]
    python = peer_python(f"tags-{peer}", packages) if packages else Path(sys.executable)
    script, table = WORK / f"peer_tags_{peer}.py", WORK / "peer_tags.csv"
    script.write_text(PEERS[peer], encoding="utf-8")
    network = str(verified_file(MODEL))

    def ours() -> float:
        shutil.rmtree(study, ignore_errors=True)
        return analyze(media, study, "--with", "tags", "--jobs", str(cores)).seconds

    def theirs() -> float:
        began = time.perf_counter()
        subprocess.run([str(python), str(script), str(media), network, str(table)], check=True, capture_output=True)
        seconds = time.perf_counter() - began
        if len(table.read_text(encoding="utf-8").splitlines()) != 5 * files:
            raise SystemExit(f"{peer} did not tag all of the {files} files.")
        return seconds

    print(f"\n{files} JPEG files of {size}, {peer}; {machine()}", flush=True)
    theirs()  # compiles and caches what a first start would
    mine, other, ratios = take_turns(pairs, ours, theirs)
    mine_each, other_each = (1000 * statistics.median(values) / files for values in (mine, other))
    print(f"tags {mine_each:.0f} ms a picture, {peer} {other_each:.0f} ms; start-up included")
    print(f"ours is {spread([1 / ratio for ratio in ratios])} times as fast", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=40, help="photographs of 12 megapixels; ten times as many of 500")
    parser.add_argument("--pairs", type=int, default=5, help="number of pairs of runs; 0 for the labels alone")
    parser.add_argument("--peer", choices=sorted(PEERS), nargs="*", default=["onnxruntime"])
    parser.add_argument("--sizes", choices=sorted(SIZES), nargs="*", default=list(SIZES))
    parser.add_argument("--stamps", type=Path, help=f"folder in which {STAMPS} is unpacked; fetched where left out")
    arguments = parser.parse_args()
    stamps = stamps_folder(arguments.stamps)
    if stamps is None:
        print(f"The package {STAMPS} is not to be had: unpack it and name its folder with --stamps.")
    else:
        accuracy(stamps)
    for size in arguments.sizes if arguments.pairs else ():
        for peer in arguments.peer:
            speed(peer, size, arguments.files * (1 if size == "12 megapixels" else 10), arguments.pairs)


if __name__ == "__main__":
    main()
