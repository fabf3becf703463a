"""Which pixels of a picture belong to what: a person, or the classes of a network that the user names."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tidymedia.errors import ExtractionError, UnavailableError
from tidymedia.models.person_mask import person_mask
from tidymedia.models.sessions import load_network

if TYPE_CHECKING:
    from tidymedia.models.choice import ChosenModel

__all__ = ["PERSON", "Mask", "Segmenter", "load_segmenter"]

PERSON = "person"
"""The class that always has a mask where a network knows it: an empty one says that nobody was found."""

_INSIDE = 0.5
_LONGEST_SIDE = 512
"""Longer side of a label map as it is made; it is then enlarged to the picture. Networks see no finer detail."""


class Mask(NamedTuple):
    """Where one class is in a picture.

    Parameters
    ----------
    label : str
        Name of the class.
    value : int
        Number of the class in a label map, from 1; 0 is what belongs to no class.
    pixels : numpy.ndarray
        Shape (height, width) of the picture: float32, 0 to 1, of a network that says how sure it is of each pixel;
        boolean of one that gives each pixel to one class.
    score : float or None
        Mean of what the network gives for the class over the pixels of the mask; None where there are none, or where
        the network gives no score for a pixel.
    """

    label: str
    value: int
    pixels: NDArray[Any]
    score: float | None

    @property
    def inside(self) -> NDArray[np.bool_]:
        """Which pixels belong to it: those above 0.5."""
        return self.pixels if self.pixels.dtype == np.bool_ else self.pixels > _INSIDE

    @property
    def area_share(self) -> float:
        """Share of the pixels of the picture that belong to it, 0 to 1."""
        return float(self.inside.mean())

    @property
    def box(self) -> tuple[int, int, int, int] | None:
        """Left, top, width and height of the smallest box around it, in pixels; None for an empty one."""
        columns, rows = np.flatnonzero(self.inside.any(axis=0)), np.flatnonzero(self.inside.any(axis=1))
        if not len(columns):
            return None
        return (
            int(columns[0]),
            int(rows[0]),
            int(columns[-1] - columns[0] + 1),
            int(rows[-1] - rows[0] + 1),
        )


@dataclass(frozen=True)
class Segmenter:
    """A network that makes masks, loaded.

    Parameters
    ----------
    identifier : str
        Name and revision of the network.
    labels : tuple of str
        The classes that it knows.
    segment : callable
        Turns a picture (mode RGB, upright) into masks: those of the classes that are there, the largest first, and that
        of persons in any case where the network knows the class ``person``.
    """

    identifier: str
    labels: tuple[str, ...]
    segment: Callable[[Image.Image], list[Mask]]


class _LabelMap(NamedTuple):
    """The class of each pixel, and what the network gives for it where it gives something that is a score."""

    classes: NDArray[np.int64]
    scores: NDArray[np.float32] | None


def load_segmenter(chosen: ChosenModel, normalization: str = "imagenet") -> Segmenter:
    """Load a network that makes masks.

    Parameters
    ----------
    chosen : ChosenModel
        The network: the bundled person mask; a model of the hub for semantic segmentation (SegFormer, BEiT, DPT,
        UperNet) or universal segmentation (Mask2Former, MaskFormer); or an ONNX file that gives one number for each
        class and pixel, 1 x classes x height x width.
    normalization : {"imagenet", "half", "unit", "none"}, default "imagenet"
        How an ONNX file wants the values 0 to 255 of a pixel, see ``models.onnx_file``.

    Returns
    -------
    Segmenter
        The network.

    Raises
    ------
    UnavailableError
        Where it is not there, cannot be loaded, or makes no masks.

    Examples
    --------
    >>> from tidymedia.models.choice import choose_model
    >>> from tidymedia.models.person_mask import MODEL
    >>> segmenter = load_segmenter(choose_model("", "masks", default=MODEL))
    >>> (nobody,) = segmenter.segment(Image.new("RGB", (60, 40), "white"))
    >>> nobody.label, nobody.area_share, nobody.box, nobody.score
    ('person', 0.0, None, None)
    """
    found = chosen.availability()
    if not found.installed:
        raise UnavailableError(found.missing, found.remedy)
    if chosen.model is not None:
        network = load_network(chosen.model)
        return Segmenter(
            chosen.identifier, (PERSON,), lambda image: [_sure_mask(person_mask(image, network=network), PERSON, 1)]
        )
    labels = chosen.labels
    if not labels:
        raise UnavailableError(
            f"The configuration of the model {chosen.name} names no classes.",
            "Choose a model for segmentation whose config.json has id2label.",
        )
    if len(labels) == 1:
        raise UnavailableError(
            f"The network {chosen.identifier} knows one class alone, {labels[0]}, and would give it every pixel.",
            "Choose a network that tells two classes or more apart, background among them.",
        )
    map_of = _of_hub(chosen) if chosen.origin == "hub" else _of_file(chosen, normalization)

    def segment(image: Image.Image) -> list[Mask]:
        return _masks_of(map_of(image), labels, image.size)

    return Segmenter(chosen.identifier, labels, segment)


def _sure_mask(pixels: NDArray[np.float32], label: str, value: int) -> Mask:
    inside = pixels > _INSIDE
    return Mask(label, value, pixels, float(pixels[inside].mean()) if inside.any() else None)


def _masks_of(found: _LabelMap, labels: tuple[str, ...], size: tuple[int, int]) -> list[Mask]:
    numbers, counts = np.unique(found.classes, return_counts=True)
    present = [int(number) for number in numbers[np.argsort(-counts, kind="stable")] if 0 <= number < len(labels)]
    if PERSON in labels and labels.index(PERSON) not in present:
        present.append(labels.index(PERSON))
    large = np.asarray(Image.fromarray(found.classes.astype(np.int32)).resize(size, Image.Resampling.NEAREST))
    masks = []
    for number in present:
        own = found.classes == number
        score = float(found.scores[own].mean()) if found.scores is not None and own.any() else None
        masks.append(Mask(labels[number], number + 1, large == number, score))
    return masks


def _map_size(image: Image.Image) -> tuple[int, int]:
    """Return height and width of the label map that is made of a picture."""
    by = min(1.0, _LONGEST_SIDE / max(image.size))
    return max(1, round(image.height * by)), max(1, round(image.width * by))


def _of_hub(chosen: ChosenModel) -> Callable[[Image.Image], _LabelMap]:
    from transformers.models.auto import modeling_auto

    from tidymedia.models.hub import load_hub_model

    universal = _family(chosen.path) in modeling_auto.MODEL_FOR_UNIVERSAL_SEGMENTATION_MAPPING_NAMES
    loaded = load_hub_model(
        chosen, "AutoModelForUniversalSegmentation" if universal else "AutoModelForSemanticSegmentation"
    )
    processor = loaded.processor
    if universal and not hasattr(processor, "post_process_semantic_segmentation"):
        raise UnavailableError(
            f"The model {chosen.identifier} makes no masks of classes.", "Choose a model for semantic segmentation."
        )
    if getattr(processor, "do_center_crop", None):
        # Some cut the middle out of a picture; a mask of that would be laid over the whole.
        processor.do_center_crop = False

    def map_of(image: Image.Image) -> _LabelMap:
        outputs = loaded.run([image])
        if universal:
            (classes,) = processor.post_process_semantic_segmentation(outputs, target_sizes=[_map_size(image)])
            return _LabelMap(classes.cpu().numpy().astype(np.int64), None)
        return _from_logits(outputs.logits[0].float().cpu().numpy(), _map_size(image))

    return map_of


def _family(folder: Path | None) -> str:
    try:
        said = json.loads(((folder or Path()) / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    return str(said.get("model_type", "")) if isinstance(said, dict) else ""


def _of_file(chosen: ChosenModel, normalization: str) -> Callable[[Image.Image], _LabelMap]:
    from tidymedia.models.onnx_file import load_onnx_file

    loaded = load_onnx_file(chosen, normalization=normalization, classes_in=1)

    def map_of(image: Image.Image) -> _LabelMap:
        logits = next(iter(loaded.run(image).values()))
        if logits.ndim != 4 or len(logits) != 1:
            raise ExtractionError(
                f"The network {chosen.identifier} gives {' x '.join(map(str, logits.shape))} numbers, no masks.",
                "Export it so that its first output is 1 x classes x height x width.",
            )
        return _from_logits(logits[0].astype(np.float32), _map_size(image))

    return map_of


def _from_logits(logits: NDArray[np.float32], size: tuple[int, int]) -> _LabelMap:
    """Give each pixel the class with the highest number, after the numbers were enlarged to the size of the map."""
    height, width = size
    best = np.full(size, -np.inf, np.float32)
    classes = np.zeros(size, np.int64)
    powers = np.zeros(size, np.float64)
    highest = logits.max()
    for number, plane in enumerate(logits):
        # One class after the other: all of them enlarged at once would take hundreds of megabytes.
        enlarged = np.asarray(Image.fromarray(plane).resize((width, height), Image.Resampling.BILINEAR))
        better = enlarged > best
        classes[better] = number
        best = np.maximum(best, enlarged)
        powers += np.exp((enlarged - highest).astype(np.float64))
    scores = np.exp((best - highest).astype(np.float64)) / np.maximum(powers, np.finfo(np.float64).tiny)
    return _LabelMap(classes, scores.astype(np.float32))
