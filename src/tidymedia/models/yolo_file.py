"""A YOLO network of the user in an ONNX file: which form it has is read from its inputs and outputs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tidymedia.errors import UnavailableError
from tidymedia.models.boxes import Boxes, suppress
from tidymedia.models.fitting_square import letterboxed
from tidymedia.models.inputs import as_input
from tidymedia.models.model import Model, ModelInput, Source
from tidymedia.models.sessions import Network, load_network
from tidymedia.models.yolo import (
    ANCHORS,
    decode_end_to_end,
    decode_grids,
    decode_v3_corners,
    decode_v5,
    decode_v8,
)

if TYPE_CHECKING:
    from tidymedia.models.choice import ChosenModel

__all__ = ["boxes_from", "yolo_boxes_finder"]

_OVERLAP = 0.5
_SIDE = 640
"""Width and height for a network that takes any; the Keras form was trained at 416."""
_KERAS_SIDE = 416
_LIST_OF_BOXES = 1_000
"""A network of one class that gives more rows of six than this gives cells, not boxes that it chose."""
_TYPES = {"tensor(float)": "float32", "tensor(float16)": "float16"}


def yolo_boxes_finder(chosen: ChosenModel) -> tuple[tuple[str, ...], Callable[[Image.Image, float], Boxes]]:
    """Load a YOLO network from an ONNX file.

    Pictures are fitted into its input with their proportions on gray (114), RGB, divided by 255.

    Parameters
    ----------
    chosen : ChosenModel
        The file, with the names of its classes.

    Returns
    -------
    tuple of tuple of str and callable
        Its classes, and what turns a picture and the smallest score into boxes in its pixels.

    Raises
    ------
    UnavailableError
        Where it does not take one picture, or its outputs have no form of a YOLO network.
    """
    labels = chosen.labels or ()
    network = load_network(_described(chosen), path=chosen.path)
    keras = len(network.inputs) == 2
    taken, kind = _input_of(network, _KERAS_SIDE if keras else _SIDE)
    size = taken.size or (_SIDE, _SIDE)

    def find(image: Image.Image, min_score: float) -> Boxes:
        fitted = letterboxed(image, size)
        values = as_input(fitted.image, taken).astype(kind)
        shape = np.array([[image.height, image.width]], np.float32)
        made = network.run(values, others={network.inputs[1].name: shape} if keras else None)
        outputs = [np.asarray(made[port.name]) for port in network.outputs]
        found = boxes_from(outputs, size, len(labels), min_score, chosen.identifier)
        if not keras:  # that form maps its boxes back itself
            found = Boxes(fitted.back(found.corners), found.scores, found.classes)
        return suppress(found.clipped(image.width, image.height), _OVERLAP)

    find(Image.new("RGB", size, (114, 114, 114)), 0.99)  # another form is told now, not at every picture
    return labels, find


def boxes_from(
    outputs: Sequence[NDArray[Any]], size: tuple[int, int], classes: int, min_score: float, name: str
) -> Boxes:
    """Find out the form of the outputs, and read the boxes.

    Parameters
    ----------
    outputs : sequence of numpy.ndarray
        All outputs, in the order of the file.
    size : tuple of int
        Width and height of the input in pixels.
    classes : int
        Number of classes.
    min_score : float
        Smallest score that is kept.
    name : str
        Name of the network, for messages.

    Returns
    -------
    Boxes
        Boxes in pixels of the input, or of the picture for the Keras form of YOLOv3.

    Raises
    ------
    UnavailableError
        Where the outputs have none of the forms.
    """
    numbers = [output.astype(np.float32) for output in outputs if output.dtype.kind == "f"]
    shapes = [output.shape for output in numbers]
    if len(numbers) == 1 and len(shapes[0]) == 3 and shapes[0][0] == 1:
        (_, rows, columns), (output,) = shapes[0], numbers
        if rows == 4 + classes and columns != 4 + classes:
            return decode_v8(output, min_score)
        if columns == 5 + classes and not (classes == 1 and rows <= _LIST_OF_BOXES):
            return decode_v5(output, min_score)
        if columns == 6:
            return decode_end_to_end(output, min_score)
        if columns == 4 + classes:
            return decode_v8(output.transpose(0, 2, 1), min_score)
    if len(numbers) in ANCHORS and all(len(shape) == 4 and shape[:2] == (1, 3 * (5 + classes)) for shape in shapes):
        return decode_grids(numbers, size, min_score)
    if len(numbers) == 2 and all(len(shape) == 3 for shape in shapes):
        boxes, scores = sorted(numbers, key=lambda output: output.shape[2] != 4)
        if boxes.shape[2] == 4 and scores.shape[1:] == (classes, boxes.shape[1]):
            return decode_v3_corners(boxes, scores, min_score)
    given = ", ".join(" x ".join(map(str, output.shape)) for output in outputs)
    raise UnavailableError(
        f"The outputs of the network {name} ({given}) are not those of a YOLO network of {classes} classes.",
        f"Check that its labels are {classes}; export it in the form of YOLOv8 (1 x {4 + classes} x cells), YOLOv5 "
        f"(1 x cells x {5 + classes}) or YOLOv3.",
    )


def _described(chosen: ChosenModel) -> Model:
    path = chosen.path
    if path is None:
        raise UnavailableError(f"There is no file {chosen.name} with a network.", "Check its path.")
    return Model(
        name=chosen.name,
        task=chosen.task,
        revision=chosen.revision,
        file=path.name,
        sha256=chosen.sha256,
        licence="",
        source=Source("file", str(path.parent), chosen.revision, path.name),
        citation="",
        input=ModelInput("NCHW", "RGB", (0.0,) * 3, (255.0,) * 3, None),
        outputs=(),
        caveat="",
    )


def _input_of(network: Network, side: int) -> tuple[ModelInput, str]:
    """Read what the first input takes."""
    port = network.inputs[0]
    if len(network.inputs) <= 2 and port.type in _TYPES and len(port.shape) == 4 and port.shape[0] in (None, 1):
        for layout, axis, (height, width) in (("NCHW", 1, port.shape[2:]), ("NHWC", 3, port.shape[1:3])):
            if port.shape[axis] == 3:
                size = (width or height or side, height or width or side)
                return ModelInput(layout, "RGB", (0.0,) * 3, (255.0,) * 3, size), _TYPES[port.type]
    shape = " x ".join("any" if length is None else str(length) for length in port.shape)
    raise UnavailableError(
        f"The network {network.model.identifier} does not take one picture of three channels ({shape}, {port.type}).",
        "Export it for one picture at a time: 1 x 3 x height x width, 32-bit numbers.",
    )
