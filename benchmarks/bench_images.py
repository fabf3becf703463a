"""Measures and hashes of 12-megapixel photographs against the perceptual hash of a peer alone.

Ours is ``tidymedia analyze --with pixels,hashes``, from start to end with its tables. The peer is imagededup's
``PHash().encode_images`` over the folder, or, with ``--peer imagehash``, ``imagehash.phash`` in a pool of as many
processes; both write nothing. Each peer gets an environment of its own under ``benchmarks/.work``; imagededup brings
torch and takes about 6 GB. Start-up is part of both, as a user waits for both.

The second part decodes real photographs twice, as we do (the JPEG decoder makes a smaller picture) and in full, and
counts the bits in which the hashes differ. ``--photographs`` names further folders of real photographs.

    python benchmarks/bench_images.py --files 40 --pairs 5 --photographs /usr/share/backgrounds
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import time
from pathlib import Path

import numpy as np
from measuring import PHOTOGRAPHS, WORK, analyze, machine, make_photographs, peer_python, spread, take_turns
from PIL import Image, ImageOps

from tidymedia.images.perceptual_hash import average_hash, difference_hash, hamming_distance, perceptual_hash
from tidymedia.media.kinds import Kind
from tidymedia.media.locations import LocalFile
from tidymedia.media.opening import open_medium
from tidymedia.media.picture import THUMB, Picture

SIDES = [(4000, 3000), (3000, 4000)]
PACKAGES = {"imagededup": ["imagededup"], "imagehash": ["imagehash"]}
PEERS = {
    "imagededup": """
import sys
from imagededup.methods import PHash
if __name__ == "__main__":
    hashes = PHash(verbose=False).encode_images(image_dir=sys.argv[1], num_enc_workers=int(sys.argv[2]))
    print(len(hashes))
""",
    "imagehash": """
import sys
from multiprocessing import Pool
from pathlib import Path
import imagehash
from PIL import Image

def hash_of(path):
    with Image.open(path) as image:
        return str(imagehash.phash(image))

if __name__ == "__main__":
    with Pool(int(sys.argv[2])) as pool:
        print(len(pool.map(hash_of, sorted(Path(sys.argv[1]).glob("*.jpg")), chunksize=1)))
""",
}


def compare_speed(peer: str, files: int, pairs: int, sources: list[Path]) -> None:
    media = make_photographs(WORK / f"large-{files}", files, SIDES, sources=sources)
    study, cores = WORK / "study-images", os.cpu_count() or 1
    python, script = peer_python(peer, PACKAGES[peer]), WORK / f"peer_{peer}.py"
    script.write_text(PEERS[peer], encoding="utf-8")

    def ours() -> float:
        shutil.rmtree(study, ignore_errors=True)
        return analyze(media, study, "--with", "pixels,hashes", "--jobs", str(cores)).seconds

    def theirs() -> float:
        began = time.perf_counter()
        command = [str(python), str(script), str(media), str(cores)]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        if int(said.split()[-1]) != files:
            raise SystemExit(f"{peer} hashed {said} of {files} files.")
        return time.perf_counter() - began

    print(f"{files} JPEG files of 12 megapixels, {peer} with {cores} processes; {machine()}", flush=True)
    theirs()  # compiles and caches what a first start would
    mine, other, ratios = take_turns(pairs, ours, theirs)
    print(f"pixels and hashes {statistics.median(mine):.1f} s, {peer} {statistics.median(other):.1f} s")
    print(f"ours is {spread([1 / ratio for ratio in ratios])} times as fast")


def compare_hashes(folders: list[Path]) -> None:
    """Count the bits that change because less is decoded."""
    paths = sorted(path for folder in folders for path in folder.rglob("*.jp*g") if path.is_file())
    distances: dict[str, list[int]] = {}
    for path in paths:
        with open_medium(LocalFile(str(path.parent), path.name), Kind.IMAGE) as medium:
            picture = next(iter(medium.pictures(0)))
            if not isinstance(picture, Picture) or max(picture.width, picture.height) <= 512:
                continue
            draft = picture.image(THUMB).convert("L")
        with Image.open(path) as image:
            full = ImageOps.exif_transpose(image).convert("RGB").convert("L")
        for hash_of in (average_hash, difference_hash, perceptual_hash):
            distances.setdefault(hash_of.__name__, []).append(hamming_distance(hash_of(draft), hash_of(full)))
    for name, bits in distances.items():
        print(
            f"{name}: draft and full decoding of {len(bits)} real photographs differ in {np.median(bits):.0f} of 64 "
            f"bits at the median, {np.percentile(bits, 95):.1f} at the 95th percentile, {max(bits)} at most"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=40, help="number of photographs")
    parser.add_argument("--pairs", type=int, default=5, help="number of pairs of runs; 0 for the hashes alone")
    parser.add_argument("--peer", choices=sorted(PEERS), default="imagededup")
    parser.add_argument("--photographs", type=Path, nargs="*", default=[], help="folders of further real photographs")
    arguments = parser.parse_args()
    folders = [PHOTOGRAPHS, *arguments.photographs]
    if arguments.pairs:
        large = [path for folder in folders for path in sorted(folder.rglob("*.jp*g")) if _is_large(path)]
        compare_speed(arguments.peer, arguments.files, arguments.pairs, large)
    compare_hashes(folders)


def _is_large(path: Path) -> bool:
    with Image.open(path) as image:
        return image.mode == "RGB" and image.width * image.height > 1_000_000


if __name__ == "__main__":
    main()
