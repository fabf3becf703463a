"""A graph model of TensorFlow.js (a .json file and its .bin files) as ONNX."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from original import Converted

FUSED = {
    "_FusedConv2D": "Conv2D",
    "FusedDepthwiseConv2dNative": "DepthwiseConv2dNative",
    "_FusedMatMul": "MatMul",
}
ONLY_OF_FUSED = {"fused_ops", "epsilon", "num_args", "leakyrelu_alpha", "TArgs", "num_host_args"}
INPUTS_OF_BASE = 2


def converter(path: str, wanted: Sequence[str] = ()) -> Callable[[Path], Converted]:
    """Return the function that converts one model, given the folder of the sources."""
    return lambda sources: convert(sources / path, wanted)


def convert(path: Path, wanted: Sequence[str] = ()) -> Converted:
    """Convert a model: TensorFlow.js to a TensorFlow graph, and this with tf2onnx to ONNX.

    Where outputs are wanted by name, what serves others alone is left out.
    """
    # Without this, operators of TensorFlow are only near what they should be: the person mask moves by up to 0.25.
    os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0"}
    import tf2onnx

    description = json.loads(path.read_text(encoding="utf-8"))
    nodes = [part for node in description["modelTopology"]["node"] for part in without_fusion(node)]
    used = {name.split(":")[0].lstrip("^") for node in nodes for name in node["input"]}
    inputs = [f"{node['name']}:0" for node in nodes if node["op"] == "Placeholder"]
    outputs = list(wanted) or [
        f"{node['name']}:0"
        for node in nodes
        if node["name"] not in used and node["op"] not in {"Const", "NoOp", "Placeholder"}
    ]
    graph = tensorflow_graph(nodes, read_weights(path.parent, description))
    model, _ = tf2onnx.convert.from_graph_def(graph, input_names=inputs, output_names=outputs, opset=15)
    return Converted(model, tensorflow_answer(graph, inputs[0], outputs))


def read_weights(folder: Path, description: dict[str, Any]) -> dict[str, np.ndarray]:
    """Read the weights; those that are stored in 16 or 8 bits come back in their own type."""
    weights: dict[str, np.ndarray] = {}
    for group in description["weightsManifest"]:
        content = b"".join((folder / name).read_bytes() for name in group["paths"])
        offset = 0
        for entry in group["weights"]:
            wanted = {"float32": np.float32, "int32": np.int32, "bool": np.bool_}[entry["dtype"]]
            packing = entry.get("quantization")
            stored = np.dtype(packing["dtype"] if packing else wanted)
            count = int(np.prod(entry["shape"], dtype=np.int64))
            values = np.frombuffer(content, stored, count, offset)
            offset += values.nbytes
            if packing and stored != np.float16:
                values = values.astype(np.float32) * packing["scale"] + packing["min"]
            weights[entry["name"]] = values.astype(wanted).reshape(entry["shape"])
        if offset != len(content):
            raise ValueError(f"{len(content) - offset} bytes of {group['paths']} belong to no weight")
    return weights


def without_fusion(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Take apart an operator that TensorFlow.js fused from several, such as a convolution, its bias and its ReLU."""
    node = {"input": [], "attr": {}, **node}
    if node["op"] not in FUSED:
        yield node
        return
    attributes = node["attr"]
    base = FUSED[node["op"]]
    fused = [base64.b64decode(name).decode() for name in attributes["fused_ops"]["list"].get("s", [])]
    left_out = ONLY_OF_FUSED if base == "Conv2D" else ONLY_OF_FUSED | {"explicit_paddings"}
    kept = {name: value for name, value in attributes.items() if name not in left_out}
    of_type = {"T": attributes.get("T", {"type": "DT_FLOAT"})}
    more = iter(node["input"][INPUTS_OF_BASE:])
    steps: list[dict[str, Any]] = [{"op": base, "input": node["input"][:INPUTS_OF_BASE], "attr": kept}]
    for operator in fused:
        if operator == "BiasAdd":
            layout = {"data_format": kept["data_format"]} if "data_format" in kept else {}
            steps.append({"op": operator, "input": [None, next(more)], "attr": of_type | layout})
        elif operator in ("Relu", "Relu6", "Elu"):
            steps.append({"op": operator, "input": [None], "attr": of_type})
        elif operator == "LeakyRelu":
            steps.append({"op": operator, "input": [None], "attr": of_type | {"alpha": attributes["leakyrelu_alpha"]}})
        elif operator == "Prelu":
            yield from _rectifier_with_slope(node["name"], steps, next(more), of_type)
            return
        else:
            raise ValueError(f"the fused operator {operator} is not known")
    yield from _chain(steps, node["name"])


def _chain(steps: list[dict[str, Any]], last_name: str) -> Iterator[dict[str, Any]]:
    """Name the steps, each taking what the one before gives; the last one has the name of the whole."""
    before = ""
    for number, step in enumerate(steps):
        name = last_name if number == len(steps) - 1 else f"{last_name}/step_{number}"
        yield {**step, "name": name, "input": [before if given is None else given for given in step["input"]]}
        before = name


def _rectifier_with_slope(
    name: str, steps: list[dict[str, Any]], slope: str, of_type: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    """PReLU, which TensorFlow does not have: max(x, 0) - slope * max(-x, 0)."""
    yield from _chain(steps, f"{name}/before")
    for part, operator, given in (
        ("positive", "Relu", [f"{name}/before"]),
        ("negated", "Neg", [f"{name}/before"]),
        ("negative", "Relu", [f"{name}/negated"]),
        ("sloped", "Mul", [slope, f"{name}/negative"]),
    ):
        yield {"name": f"{name}/{part}", "op": operator, "input": given, "attr": of_type}
    yield {"name": name, "op": "Sub", "input": [f"{name}/positive", f"{name}/sloped"], "attr": of_type}


def tensorflow_graph(nodes: list[dict[str, Any]], weights: dict[str, np.ndarray]) -> Any:
    """Write the nodes as a graph of TensorFlow, constants with their weights."""
    import tensorflow
    from google.protobuf import json_format
    from tensorflow.core.framework import graph_pb2, node_def_pb2

    graph = graph_pb2.GraphDef()
    graph.versions.producer = 1000
    for node in nodes:
        attributes = {name: value for name, value in node["attr"].items() if name != "value"}
        plain = {"name": node["name"], "op": node["op"], "input": node["input"], "attr": attributes}
        written = json_format.ParseDict(plain, node_def_pb2.NodeDef(), ignore_unknown_fields=True)
        if node["op"] == "Const":
            values = weights[node["name"]]
            if attributes.get("dtype", {}).get("type") in ("DT_INT64", 9):
                values = values.astype(np.int64)
            written.attr["dtype"].type = tensorflow.as_dtype(values.dtype).as_datatype_enum
            written.attr["value"].tensor.CopyFrom(tensorflow.make_tensor_proto(values))
        graph.node.append(written)
    return graph


def tensorflow_answer(graph: Any, given: str, wanted: list[str]) -> Callable[[np.ndarray], dict[str, np.ndarray]]:
    """Return a function that runs a graph of TensorFlow."""
    import tensorflow

    loaded = tensorflow.Graph()
    with loaded.as_default():
        tensorflow.import_graph_def(graph, name="")

    def answer(values: np.ndarray) -> dict[str, np.ndarray]:
        with tensorflow.compat.v1.Session(graph=loaded) as session:
            return dict(zip(wanted, session.run(wanted, {given: values}), strict=True))

    return answer
