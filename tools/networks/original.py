"""A network in the framework that it comes from, beside its ONNX form, so that their answers can be compared."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import onnx


class Converted(NamedTuple):
    """An ONNX model, and what the original answers to an input: arrays, by the names of the outputs of the model."""

    model: onnx.ModelProto
    answer: Callable[[np.ndarray], dict[str, np.ndarray]]


def torch_answer(network: Any, names: tuple[str, ...]) -> Callable[[np.ndarray], dict[str, np.ndarray]]:
    """Return a function that runs a network of PyTorch."""
    import torch

    def answer(values: np.ndarray) -> dict[str, np.ndarray]:
        with torch.no_grad():
            made = network(torch.from_numpy(values))
        return {name: one.numpy() for name, one in zip(names, made, strict=True)}

    return answer
