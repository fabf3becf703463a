"""Objects by a detector of the Hugging Face hub: RT-DETR, D-FINE, YOLOS, DETR and others."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from tidymedia.errors import UnavailableError
from tidymedia.models.boxes import Boxes

if TYPE_CHECKING:
    from tidymedia.models.choice import ChosenModel

__all__ = ["hub_boxes_finder"]


def hub_boxes_finder(chosen: ChosenModel) -> tuple[tuple[str, ...], Callable[[Image.Image, float], Boxes]]:
    """Load a detector that transformers runs.

    Parameters
    ----------
    chosen : ChosenModel
        The model.

    Returns
    -------
    tuple of tuple of str and callable
        Its classes, and what turns a picture and the smallest score into boxes in its pixels. These networks choose
        their boxes themselves: nothing is suppressed.

    Raises
    ------
    UnavailableError
        Where it is not there, or is no detector.
    """
    from tidymedia.models.hub import load_hub_model

    loaded = load_hub_model(chosen, "AutoModelForObjectDetection")
    read = getattr(loaded.processor, "post_process_object_detection", None)
    labels = loaded.labels
    if read is None or not labels:
        raise UnavailableError(
            f"The model {chosen.name} does not say how boxes are read from its answers.",
            "Choose a model of the hub for object detection, such as RT-DETR, D-FINE, YOLOS or DETR.",
        )

    def find(image: Image.Image, min_score: float) -> Boxes:
        outputs = loaded.run([image])
        (made,) = read(outputs, threshold=min_score, target_sizes=[(image.height, image.width)])
        boxes = Boxes(
            made["boxes"].cpu().float().numpy().reshape(-1, 4).astype(np.float32),
            made["scores"].cpu().float().numpy().astype(np.float32),
            made["labels"].cpu().numpy().astype(np.int64),
        )
        return boxes.clipped(image.width, image.height).ordered()

    return tuple(str(label) for label in labels), find
