"""Write what WordNet 3.0 says about the classes of ImageNet: their synonyms and their wider terms.

The label search uses it: a picture tagged with "golden retriever" is found by "dog" and by "animal".

WordNet 3.0 is in the Debian and Ubuntu package ``wordnet-base``; its nouns are the file ``data.noun``::

    apt-get download wordnet-base
    dpkg -x wordnet-base_*.deb wordnet
    python tools/wordnet_terms.py wordnet/usr/share/wordnet/data.noun
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "tidymedia"
LABELS = PACKAGE / "models" / "networks" / "imagenet_labels.txt"
TERMS = PACKAGE / "search" / "wordnet_terms.txt"

_HYPERNYMS = ("@", "@i")


def read_nouns(path: Path) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return the words and the wider synsets of every noun, by its id; the format is that of the manual page wndb."""
    nouns = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith(" "):  # the licence
            continue
        parts = line.partition(" | ")[0].split()
        count = int(parts[3], 16)
        words = tuple(parts[4 + 2 * place].replace("_", " ") for place in range(count))
        place = 4 + 2 * count
        pointers = [parts[place + 1 + 4 * number : place + 5 + 4 * number] for number in range(int(parts[place]))]
        wider = tuple(f"n{target}" for symbol, target, part, _ in pointers if symbol in _HYPERNYMS and part == "n")
        nouns[f"n{parts[0]}"] = (words, wider)
    return nouns


def needed(nouns: dict[str, tuple[tuple[str, ...], tuple[str, ...]]], classes: list[str]) -> list[str]:
    """Return the ids of some synsets and of all that are wider than they are."""
    found: dict[str, None] = {}
    waiting = list(classes)
    while waiting:
        one = waiting.pop()
        if one not in found:
            found[one] = None
            waiting.extend(nouns[one][1])
    return sorted(found)


def main() -> int:
    """Write the file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("nouns", type=Path, help="data.noun of WordNet 3.0")
    nouns = read_nouns(parser.parse_args().nouns)
    classes = [line.split("\t")[1] for line in LABELS.read_text(encoding="utf-8").splitlines()]
    lines = [f"{one}\t{' '.join(nouns[one][1])}\t{', '.join(nouns[one][0])}" for one in needed(nouns, classes)]
    TERMS.write_text("\n".join(lines) + "\n", encoding="utf-8")
    sys.stderr.write(f"{TERMS}: {len(lines)} terms\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
