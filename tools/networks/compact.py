"""Make an ONNX file small and plain: constants folded, names that say what they are, weights of 16 bits."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import helper, numpy_helper

LARGEST = float(np.iinfo(np.int16).max)
MANY = 20_000
"""Kernels with fewer weights keep 32 bits."""


def simplified(model: onnx.ModelProto) -> onnx.ModelProto:
    """Fold constants and drop what does nothing; the operators stay those of standard ONNX."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.log_severity_level = 3
    with tempfile.TemporaryDirectory() as folder:
        options.optimized_model_filepath = str(Path(folder) / "simplified.onnx")
        onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
        simple = onnx.load(options.optimized_model_filepath)
    domains = {node.domain for node in simple.graph.node}
    if domains != {""}:
        raise ValueError(f"operators of {domains}, which are not standard ONNX")
    kept = [opset for opset in simple.opset_import if opset.domain == ""]
    del simple.opset_import[:]
    simple.opset_import.extend(kept)
    return simple


def renamed(model: onnx.ModelProto, names: Mapping[str, str]) -> onnx.ModelProto:
    """Give inputs and outputs other names; an output that is none yet is added."""
    new = onnx.ModelProto()
    new.CopyFrom(model)
    graph = new.graph
    for node in graph.node:
        for values in (node.input, node.output):
            for position, name in enumerate(values):
                values[position] = names.get(name, name)
    for value in (*graph.input, *graph.output):
        value.name = names.get(value.name, value.name)
    known = {value.name for value in (*graph.input, *graph.output)}
    for name in names.values():
        if name not in known:
            graph.output.append(helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None))
    del graph.value_info[:]
    return new


def numbered(model: onnx.ModelProto) -> onnx.ModelProto:
    """Put the operators in an order that the network alone decides, and number them and their values.

    Converters give names and orders that change from run to run; after this the same network is the same file.
    """
    new = onnx.ModelProto()
    new.CopyFrom(model)
    graph = new.graph
    makers = {value: node for node in graph.node for value in node.output}
    ends = {value.name for value in (*graph.input, *graph.output)}
    order: list[onnx.NodeProto] = []
    names = {name: name for name in ends}
    weights = {tensor.name: tensor for tensor in graph.initializer}
    used: list[onnx.TensorProto] = []
    waiting = [(output.name, False) for output in sorted(graph.output, key=lambda one: one.name, reverse=True)]
    done: set[str] = set()
    while waiting:
        value, inputs_done = waiting.pop()
        if value in weights and value not in names:
            names[value] = f"weight_{len(used)}"
            used.append(weights[value])
        if value not in makers or makers[value].output[0] in done:
            continue
        node = makers[value]
        if not inputs_done:
            waiting.append((value, True))
            waiting.extend((given, False) for given in reversed(node.input) if given)
            continue
        done.add(node.output[0])
        for output in node.output:
            names.setdefault(output, f"value_{len(names)}")
        order.append(node)
    for number, node in enumerate(order):
        node.name = f"{node.op_type}_{number}"
        for values in (node.input, node.output):
            for position, name in enumerate(values):
                values[position] = names[name] if name else ""
        attributes = sorted(
            (onnx.AttributeProto.FromString(one.SerializeToString()) for one in node.attribute), key=str
        )
        del node.attribute[:]
        node.attribute.extend(attributes)
    for tensor in used:
        tensor.name = names[tensor.name]
    kept_nodes = [onnx.NodeProto.FromString(node.SerializeToString()) for node in order]
    kept_weights = [onnx.TensorProto.FromString(tensor.SerializeToString()) for tensor in used]
    outputs = sorted(
        (onnx.ValueInfoProto.FromString(one.SerializeToString()) for one in graph.output), key=lambda one: one.name
    )
    for field, values in ((graph.node, kept_nodes), (graph.initializer, kept_weights), (graph.output, outputs)):
        del field[:]
        field.extend(values)
    return new


def with_16_bit_weights(model: onnx.ModelProto) -> onnx.ModelProto:
    """Store kernels and matrices in 16 bits, with operators behind them that restore single precision.

    The network still calculates in single precision. Weights that half precision holds without loss become half
    precision. Others become whole numbers of 16 bits with a scale for each channel that they make, which is about
    ten times as exact as half precision, if they are many; small ones, which cost little room, stay as they are.
    """
    new = onnx.ModelProto()
    new.CopyFrom(model)
    graph = new.graph
    nodes, scales = [], []
    for tensor in graph.initializer:
        weights, name = numpy_helper.to_array(tensor), tensor.name
        if weights.dtype != np.float32 or weights.ndim < 2:
            continue
        with np.errstate(over="ignore"):
            half = weights.astype(np.float16)
        if np.array_equal(half.astype(np.float32), weights):
            tensor.CopyFrom(numpy_helper.from_array(half, f"{name}.stored"))
            nodes.append(helper.make_node("Cast", [f"{name}.stored"], [name], to=onnx.TensorProto.FLOAT))
        elif weights.size > MANY:
            scale = np.abs(weights).max(axis=tuple(range(1, weights.ndim)), keepdims=True) / LARGEST
            scale = np.where(scale == 0, 1, scale).astype(np.float32)
            whole = np.rint(weights / scale).astype(np.int16)
            tensor.CopyFrom(numpy_helper.from_array(whole, f"{name}.stored"))
            scales.append(numpy_helper.from_array(scale, f"{name}.scale"))
            nodes.append(helper.make_node("Cast", [f"{name}.stored"], [f"{name}.whole"], to=onnx.TensorProto.FLOAT))
            nodes.append(helper.make_node("Mul", [f"{name}.whole", f"{name}.scale"], [name]))
    nodes.extend(graph.node)
    graph.initializer.extend(scales)
    del graph.node[:]
    graph.node.extend(nodes)
    return new


def with_8_bit_weights(model: onnx.ModelProto, fine: int, levels: int, many: int = 2_000) -> onnx.ModelProto:
    """Store kernels and matrices in 8 bits, for a network that would be too large otherwise.

    The first ``fine`` kernels, whose errors are carried furthest, get 127 levels on either side of zero; the others
    get ``levels``, since fewer levels compress better. The scale of each channel is that of the smallest squared error.
    Kernels with ``many`` weights or fewer keep 32 bits.
    """
    new = onnx.ModelProto()
    new.CopyFrom(model)
    graph = new.graph
    nodes, scales, seen = [], [], 0
    for tensor in graph.initializer:
        weights, name = numpy_helper.to_array(tensor), tensor.name
        if weights.dtype != np.float32 or weights.ndim < 2 or weights.size <= many:
            continue
        whole, scale = _with_levels(weights, 127 if seen < fine else levels)
        seen += 1
        tensor.CopyFrom(numpy_helper.from_array(whole, f"{name}.stored"))
        scales.append(numpy_helper.from_array(scale, f"{name}.scale"))
        nodes.append(helper.make_node("Cast", [f"{name}.stored"], [f"{name}.whole"], to=onnx.TensorProto.FLOAT))
        nodes.append(helper.make_node("Mul", [f"{name}.whole", f"{name}.scale"], [name]))
    nodes.extend(graph.node)
    graph.initializer.extend(scales)
    del graph.node[:]
    graph.node.extend(nodes)
    return new


def _with_levels(weights: np.ndarray, levels: int) -> tuple[np.ndarray, np.ndarray]:
    """Write weights as whole numbers from -levels to levels and a scale for each channel."""
    axes = tuple(range(1, weights.ndim))
    largest = np.abs(weights).max(axis=axes, keepdims=True)
    scale, least = np.ones_like(largest), np.full(largest.shape, np.inf)
    for share in np.linspace(0.5, 1, 11):
        tried = np.where(largest == 0, 1, largest * share / levels).astype(np.float32)
        error = ((np.clip(np.rint(weights / tried), -levels, levels) * tried - weights) ** 2).sum(axes, keepdims=True)
        scale, least = np.where(error < least, tried, scale), np.minimum(error, least)
    return np.clip(np.rint(weights / scale), -levels, levels).astype(np.int8), scale.astype(np.float32)


def described(model: onnx.ModelProto, name: str, facts: Mapping[str, str]) -> onnx.ModelProto:
    """Write into the file where it comes from."""
    new = onnx.ModelProto()
    new.CopyFrom(model)
    new.producer_name, new.producer_version, new.doc_string = "tidymedia", "", ""
    new.graph.name, new.graph.doc_string = name, ""
    for node in new.graph.node:
        node.doc_string = ""
    for value in (*new.graph.input, *new.graph.output):
        for dimension in value.type.tensor_type.shape.dim:
            if dimension.dim_param.startswith("unk__"):
                dimension.dim_param = "n"
    del new.metadata_props[:]
    helper.set_model_props(new, dict(facts))
    onnx.checker.check_model(new, full_check=True)
    return new
