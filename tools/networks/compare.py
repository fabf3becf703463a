"""Compare the answers of networks on photographs, in the environment of the project.

    python tools/networks/compare.py made/32_bit made PHOTOGRAPHS...

compares the networks of two folders; ``src/tidymedia/models/networks`` is the folder of those that are bundled. For
every output it prints how far the numbers differ at most, beside how large they get, and for what users see:

- tags: the largest difference of a score after softmax, in how many photographs the first five classes are the same;
- features and embeddings: the smallest cosine of the two vectors of a photograph;
- faces and objects: in how many photographs the same cells pass a score of 0.5;
- the mask: the share of pixels that change sides at 0.5, at most.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image

from tidymedia.images.opening import open_image
from tidymedia.media.color_conversion import to_rgb
from tidymedia.models.bundled import BUNDLED
from tidymedia.models.inputs import as_input
from tidymedia.models.model import Model

LONG_SIDE = 640
Outputs = dict[str, np.ndarray]


def answers(path: Path, model: Model, photographs: list[Image.Image]) -> Iterator[Outputs]:
    """Run a network on photographs, one by one."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level, options.intra_op_num_threads = 4, 1
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    for photograph in photographs:
        given = {session.get_inputs()[0].name: as_input(photograph, model.input)}
        yield dict(zip(names, session.run(names, given), strict=True))


def softmax(values: np.ndarray) -> np.ndarray:
    """Turn logits into scores that sum to 1."""
    powers = np.exp(values - values.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


def findings(name: str, pairs: list[tuple[np.ndarray, np.ndarray]]) -> str:
    """Say in what the two answers of an output differ, over all photographs."""
    count = len(pairs)
    if name == "logits":
        scores = max(float(np.abs(softmax(one) - softmax(other)).max()) for one, other in pairs)
        same = sum(list(np.argsort(-one[0])[:5]) == list(np.argsort(-other[0])[:5]) for one, other in pairs)
        first = sum(one.argmax() == other.argmax() for one, other in pairs)
        return f"scores within {scores:.2g}, first class {first}/{count}, first five in order {same}/{count}"
    if name in ("features", "embeddings"):
        cosines = [float((a * b).sum() / np.linalg.norm(a) / np.linalg.norm(b)) for a, b in pairs]
        return f"cosine at least {min(cosines):.7f}"
    if name.startswith("scores"):
        same = sum(np.array_equal(one > 0.5, other > 0.5) for one, other in pairs)
        found = sum(int((one[..., -1] > 0.5).sum() if name == "scores" else (one > 0.5).sum()) for one, _ in pairs)
        return f"the same cells in {same}/{count}, {found} cells above 0.5"
    if name == "mask":
        return f"pixels that change sides {max(float(((a > 0.5) != (b > 0.5)).mean()) for a, b in pairs):.2g}"
    return ""


def main() -> None:
    """Compare all networks that both folders hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reference", type=Path)
    parser.add_argument("other", type=Path)
    parser.add_argument("photographs", type=Path, nargs="+")
    given = parser.parse_args()
    photographs = []
    for path in given.photographs:
        image = open_image(path)
        rgb = to_rgb(image, profile=image.info.get("icc_profile"))
        rgb.thumbnail((LONG_SIDE, LONG_SIDE))
        photographs.append(rgb)
    print(f"{len(photographs)} photographs")
    for name, model in BUNDLED.items():
        files = [folder / model.file for folder in (given.reference, given.other)]
        if not all(file.is_file() for file in files):
            continue
        print(f"{name}: {files[0].stat().st_size:,} and {files[1].stat().st_size:,} bytes")
        pairs: dict[str, list[tuple[np.ndarray, np.ndarray]]] = {}
        for one, other in zip(*(answers(file, model, photographs) for file in files), strict=True):
            for output in one.keys() & other.keys():
                pairs.setdefault(output, []).append((one[output], other[output]))
        for output, both in sorted(pairs.items()):
            furthest = max(float(np.abs(a - b).max()) for a, b in both)
            largest = max(float(np.abs(a).max()) for a, _ in both)
            print(
                f"  {output}: differs by {furthest:.2g} at most, values up to {largest:.3g}; {findings(output, both)}"
            )


if __name__ == "__main__":
    main()
