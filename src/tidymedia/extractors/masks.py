"""Which part of a picture persons fill, or the classes of a network that the user names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from tidymedia.errors import UnavailableError
from tidymedia.extractors.base import Row
from tidymedia.extractors.label_maps import LABEL_MAPS, label_map_row
from tidymedia.extractors.network import ChosenNetworkExtractor
from tidymedia.extractors.parameters import Parameters, parameter
from tidymedia.media.picture import ANALYSIS, THUMB, Picture, SizeClass
from tidymedia.tables import Column, Summary, Table

if TYPE_CHECKING:
    from tidymedia.models.choice import ChosenModel
    from tidymedia.models.segmentation import Mask, Segmenter

__all__ = ["MASKS", "Masks", "MasksParameters"]

_EMPTY = "the mask is empty"


def _box_column(name: str, meaning: str, range: str) -> Column:
    return Column(name, "number", meaning, unit="px", range=range, missing=_EMPTY)


MASKS = Table(
    "masks",
    ("picture", "mask"),
    (
        Column("label", "string", "What the mask is of: person, or a class of the network that was named."),
        Column(
            "area_share",
            "number",
            "Share of the pixels of the picture that belong to it. 0 says that it was looked for and not found. Only "
            "the class person has such rows; another class without a row has no pixel in a picture that has rows.",
            range="0 to 1",
        ),
        _box_column("box_x", "Left side of the smallest box around the mask, in pixels of the picture.", "0 and more"),
        _box_column("box_y", "Upper side of the smallest box around the mask.", "0 and more"),
        _box_column("box_width", "Width of the smallest box around the mask.", "above 0"),
        _box_column("box_height", "Height of the smallest box around the mask.", "above 0"),
        Column(
            "score",
            "number",
            "How sure the network is of the pixels in the mask: the mean of what it gives for the class over them.",
            range="0 to 1",
            missing="the mask is empty, or the network gives no score for a pixel (Mask2Former, MaskFormer)",
        ),
        Column(
            "value", "integer", "Value of its pixels in the label map, where one was asked for.", range="1 and more"
        ),
        Column("lang", "string", "Language of the label, as BCP 47.", missing="the network does not say"),
    ),
    "One part of a picture: persons, or a class of a network, with its share of the picture.",
    (
        Summary(
            Column(
                "person_share",
                "number",
                "Largest share of a picture of the file that persons fill.",
                range="0 to 1",
                missing="the network has no class person",
            ),
            "max(area_share) FILTER (label = 'person')",
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class MasksParameters(Parameters):
    """Parameters of :class:`Masks`.

    Parameters
    ----------
    model : str, default ""
        The network.
    revision : str or None, default None
        Which version of it.
    normalization : str, default "imagenet"
        How an ONNX file wants the values of pixels.
    maps : bool, default False
        Whether label maps are stored.
    """

    model: str = parameter(
        "",
        "The network: empty for the bundled person mask, a model of the Hugging Face hub (owner/name), a folder with "
        "one, or a path that ends in .onnx.",
    )
    revision: str | None = parameter(None, "Commit, branch or tag of a model of the hub.")
    normalization: str = parameter(
        "imagenet",
        "How an ONNX file wants the values of pixels: with mean and spread of ImageNet, from -1 to 1, from 0 to 1, or "
        "from 0 to 255. A wrong one gives wrong masks without an error.",
        choices=("imagenet", "half", "unit", "none"),
    )
    maps: bool = parameter(False, "Whether the label map of each picture is stored, as a PNG in the table label_maps.")


class Masks(ChosenNetworkExtractor):
    """Says which share of a picture persons fill, or the classes of a network that the user names.

    A network for semantic segmentation gives every pixel to one class; each class that is there is a row. The class
    ``person`` has a row in every picture where the network knows it, so that 0 can be told from not measured.
    """

    name = "masks"
    title = "Which share of a picture persons fill, or the classes of a network by name."
    caveat = (
        "The bundled network was made for one person near the camera, as in video calls. Small, distant or many people "
        "are missed or found in part, animals and statues can count as persons, and drawings confuse it: a share of 0 "
        "does not say that nobody is there. It sees 256 x 256 pixels. Networks for semantic segmentation give every "
        "pixel to one of the classes that they know, also where none of them fits; how well depends on how much the "
        "pictures are like those of their training. Code a sample by hand before you write a share down."
    )
    citation = (
        "MediaPipe Selfie Segmentation, general model (Google, 2021). https://github.com/google-ai-edge/mediapipe"
    )
    relative_cost = 1.0
    tables: ClassVar[tuple[Table, ...]] = (MASKS, LABEL_MAPS)
    parameters_type = MasksParameters
    parameters: MasksParameters

    def __init__(self, parameters: MasksParameters) -> None:
        super().__init__(parameters)
        self._segmenter: Segmenter | None = None

    def choose(self) -> ChosenModel:
        """Return the network that the parameters name, or the bundled one."""
        from tidymedia.models.bundled import BUNDLED
        from tidymedia.models.choice import choose_model

        given = self.parameters
        return choose_model(given.model, "masks", default=BUNDLED["person_mask"], revision=given.revision or None)

    @property
    def size(self) -> SizeClass:
        """The small size class for the bundled network, which sees 256 x 256 pixels; the middle one for others."""
        return THUMB if self.chosen.origin == "bundled" else ANALYSIS

    def load(self) -> None:
        """Load the network.

        Raises
        ------
        UnavailableError
            Where it is not there, another one than is meant, or makes no masks.
        """
        from tidymedia.models.segmentation import load_segmenter

        self._segmenter = load_segmenter(self.chosen, self.parameters.normalization)

    def from_picture(self, picture: Picture) -> Iterator[Row]:
        """Give a row for each mask, the largest first, and the label map where it is asked for."""
        if self._segmenter is None:
            raise UnavailableError("The extractor masks has no network yet.", "Call load() first.")
        image = picture.image(self.size)
        masks = self._segmenter.segment(image)
        for number, mask in enumerate(masks):
            box = mask.box
            sides = picture.box_from(box, image) if box is not None else (None,) * 4
            yield Row("masks", {"picture": picture.index, "mask": number, **self._values(mask, sides)})
        if self.parameters.maps:
            yield label_map_row(picture.index, masks)

    def _values(self, mask: Mask, sides: tuple[float | None, ...]) -> dict[str, object]:
        return {
            "label": mask.label,
            "area_share": mask.area_share,
            **dict(zip(("box_x", "box_y", "box_width", "box_height"), sides, strict=True)),
            "score": mask.score,
            "value": mask.value,
            "lang": "en" if self.chosen.origin == "bundled" else None,
        }
