"""Objects in a picture, by whatever network finds them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from PIL import Image

from tidymedia.errors import ExtractionError, UnavailableError
from tidymedia.models.boxes import Boxes
from tidymedia.models.labels import labels_of
from tidymedia.models.nanodet import MODEL, nanodet_boxes
from tidymedia.models.sessions import load_network
from tidymedia.models.tiles import boxes_by_tiles

if TYPE_CHECKING:
    from tidymedia.models.choice import ChosenModel

__all__ = ["DEFAULT_SCORES", "MODEL", "Detector", "FoundObject", "load_detector"]

DEFAULT_SCORES = {"bundled": 0.4, "file": 0.25, "hub": 0.5}
"""Smallest score that is kept where the user says nothing, by the origin of the network.

For NanoDet it is the one with the best balance of recall and precision (F1) among 0.25 to 0.55 in steps of 0.05, on 200
parts of five photographs with 19 objects (``benchmarks/objects_score.py``). For the others it is what their makers use.
"""


class FoundObject(NamedTuple):
    """An object in a picture.

    Parameters
    ----------
    label : str
        What the network takes it for.
    score : float
        How strongly, 0 to 1.
    box : tuple of float
        Left, top, width and height in pixels.
    """

    label: str
    score: float
    box: tuple[float, float, float, float]


@dataclass(frozen=True)
class Detector:
    """A network that is loaded and finds objects.

    Parameters
    ----------
    identifier : str
        Name and revision of the network.
    labels : tuple of str
        Its classes.
    find : callable
        Turns a picture (mode RGB, upright) and the smallest score into boxes in its pixels.
    """

    identifier: str
    labels: tuple[str, ...]
    find: Callable[[Image.Image, float], Boxes]

    def objects(self, image: Image.Image, min_score: float, *, tiles: int = 0, most: int = 300) -> list[FoundObject]:
        """Find the objects of a picture.

        Parameters
        ----------
        image : PIL.Image.Image
            The picture, mode RGB, upright.
        min_score : float
            Smallest score that is kept.
        tiles : int, default 0
            Side in pixels of the tiles that are looked at besides the whole picture; 0 for none.
        most : int, default 300
            How many objects at most; those with the highest scores are kept.

        Returns
        -------
        list of FoundObject
            The objects, by falling score.

        Raises
        ------
        ExtractionError
            Where the network fails, or knows other classes than its labels say.
        OverLimitError
            Where there are too many tiles.
        """
        boxes = boxes_by_tiles(image, tiles, lambda part: self.find(part, min_score)).ordered()
        found = []
        for corners, score, number in zip(boxes.corners[:most], boxes.scores, boxes.classes, strict=False):
            if not 0 <= number < len(self.labels):
                raise ExtractionError(
                    f"The network {self.identifier} gives the class {number}, but has {len(self.labels)} labels.",
                    "Check that the labels are those of this network.",
                )
            left, top, right, bottom = (float(side) for side in corners)
            found.append(FoundObject(self.labels[number], float(score), (left, top, right - left, bottom - top)))
        return found


def load_detector(chosen: ChosenModel) -> Detector:
    """Load a network that finds objects.

    Parameters
    ----------
    chosen : ChosenModel
        The network: NanoDet, an ONNX export of a YOLO network, or a detector of the hub.

    Returns
    -------
    Detector
        The network, loaded.

    Raises
    ------
    UnavailableError
        Where it is not there, cannot be loaded, or finds no objects.

    Examples
    --------
    >>> from tidymedia.models.choice import choose_model
    >>> detector = load_detector(choose_model("", "objects", default=MODEL))
    >>> len(detector.labels), detector.objects(Image.new("RGB", (80, 60), "white"), 0.4)
    (80, [])
    """
    found = chosen.availability()
    if not found.installed:
        raise UnavailableError(found.missing, found.remedy)
    if chosen.origin == "bundled":
        network = load_network(MODEL)
        names = tuple(label.name for label in labels_of(MODEL))
        return Detector(chosen.identifier, names, lambda image, least: nanodet_boxes(image, least, network=network))
    if chosen.origin == "hub":
        from tidymedia.models.hub_detection import hub_boxes_finder

        return Detector(chosen.identifier, *hub_boxes_finder(chosen))
    from tidymedia.models.yolo_file import yolo_boxes_finder

    return Detector(chosen.identifier, *yolo_boxes_finder(chosen))
