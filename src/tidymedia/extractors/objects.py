"""Objects in pictures, each with its box."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from tidymedia.errors import SettingError, UnavailableError
from tidymedia.extractors.base import Row
from tidymedia.extractors.network import ChosenNetworkExtractor
from tidymedia.extractors.parameters import Parameters, parameter
from tidymedia.media.picture import FULL, THUMB, Picture, SizeClass
from tidymedia.models.bundled import BUNDLED
from tidymedia.tables import Column, Summary, Table

if TYPE_CHECKING:
    from tidymedia.models.choice import ChosenModel
    from tidymedia.models.detection import Detector

__all__ = ["OBJECTS", "Objects", "ObjectsParameters"]

_MODEL = BUNDLED["nanodet"]
_LARGE = SizeClass("detection", 1333)
"""What detectors of the hub look at; ONNX exports look at less."""

_SMALLEST_TILE = 64
_PERSONS = "histogram(picture) FILTER (WHERE lower(label) = 'person')"

OBJECTS = Table(
    "objects",
    ("picture", "object"),
    (
        Column(
            "label",
            "string",
            "What the network takes the object for: the nearest of the classes that it knows. NanoDet knows the 80 of "
            "COCO, among them person, car, bus, boat and dog.",
        ),
        Column(
            "score",
            "number",
            "How strongly the network stands for the object. It is no probability of being right, and scores of two "
            "networks cannot be compared.",
            range="0 to 1",
        ),
        Column("lang", "string", "Language of the label, as BCP 47.", missing="the network is one that the user named"),
        Column("box_x", "number", "Left edge of the object in its picture.", unit="px", range="0 and more"),
        Column("box_y", "number", "Top edge of the object in its picture.", unit="px", range="0 and more"),
        Column("box_width", "number", "Width of the object.", unit="px", range="above 0"),
        Column("box_height", "number", "Height of the object.", unit="px", range="above 0"),
        Column(
            "area_share",
            "number",
            "Share of the area of the picture that the box covers; the object itself covers less.",
            range="0 to 1",
        ),
    ),
    "One object in a picture, the one with the highest score first.",
    (
        Summary(
            Column(
                "objects",
                "integer",
                "Number of objects in all pictures; what is seen in several frames of a film is counted in each.",
            ),
            "count(label)",
        ),
        Summary(
            Column("persons", "integer", "Largest number of persons in one picture."),
            f"coalesce(list_max(map_values({_PERSONS})), 0)",
        ),
        Summary(
            Column("object_labels", "string", "What was found, in alphabetical order, divided by semicolons."),
            "string_agg(DISTINCT label, '; ' ORDER BY label)",
        ),
    ),
)


@dataclass(frozen=True)
class ObjectsParameters(Parameters):
    """How objects are found."""

    model: str = parameter(
        "",
        "The network: nothing for NanoDet, an ONNX export of a YOLO network (a path that ends in .onnx), or a detector "
        "of the Hugging Face hub (owner/name).",
    )
    revision: str | None = parameter(None, "Commit, branch or tag of a model of the hub.")
    min_score: float | None = parameter(
        None,
        "Objects with a smaller score are left out. Left out, it is 0.4 for NanoDet, 0.25 for ONNX files and 0.5 for "
        "models of the hub.",
        minimum=0.01,
        maximum=1,
    )
    max_objects: int = parameter(100, "Largest number of objects of a picture.", minimum=1, maximum=1000)
    tiles: int = parameter(
        0,
        "Side in pixels of overlapping tiles of the full picture that are looked at besides the whole, so that small "
        "things are found; 0 for none. 640 suits most networks, 416 NanoDet. It takes as many times longer as there "
        "are tiles.",
        minimum=0,
        maximum=10_000,
    )

    def __post_init__(self) -> None:
        """Check what a single field cannot."""
        if 0 < self.tiles < _SMALLEST_TILE:
            raise SettingError(f"objects.tiles cannot be {self.tiles}.", f"Write {_SMALLEST_TILE} or more, or 0.")


class Objects(ChosenNetworkExtractor):
    """Finds objects and says what they are and where.

    Parameters
    ----------
    parameters : ObjectsParameters
        Which network, and what is kept.
    """

    name = "objects"
    title = "Objects in every picture, such as persons, cars and animals, with their boxes."
    caveat = (
        "A network names the nearest of the classes that it knows. Small, covered, cut off and crowded things are "
        "missed: a count is a lower bound that grows with the quality of the picture. NanoDet is small and fast, not "
        "exact; it takes animals for other animals, and drawings for anything. How errors differ between groups of "
        "people was not measured. Check a sample by hand."
    )
    citation = _MODEL.citation
    relative_cost = 8.0
    tables: ClassVar[tuple[Table, ...]] = (OBJECTS,)
    parameters_type: ClassVar[type[Parameters]] = ObjectsParameters
    parameters: ObjectsParameters

    def __init__(self, parameters: ObjectsParameters) -> None:
        super().__init__(parameters)
        self._detector: Detector | None = None

    def choose(self) -> ChosenModel:
        """Return the network that the parameters name, or the bundled one."""
        from tidymedia.models.choice import choose_model

        return choose_model(self.parameters.model, "objects", default=_MODEL, revision=self.parameters.revision)

    @property
    def size(self) -> SizeClass:
        """The full picture for tiles; else a size from which the input of the network is made without loss."""
        if self.parameters.tiles:
            return FULL
        return THUMB if self.chosen.origin == "bundled" else _LARGE

    def load(self) -> None:
        """Load the network.

        Raises
        ------
        UnavailableError
            Where it is missing or cannot be loaded.
        """
        from tidymedia.models.detection import load_detector

        self._detector = load_detector(self.chosen)

    def from_picture(self, picture: Picture) -> Iterator[Row]:
        """Give a row an object."""
        from tidymedia.models.detection import DEFAULT_SCORES

        if self._detector is None:
            raise UnavailableError("The extractor objects has no network yet.", "Call load() first.")
        image = picture.image(self.size)
        parameters = self.parameters
        origin = self.chosen.origin
        least = DEFAULT_SCORES[origin] if parameters.min_score is None else parameters.min_score
        found = self._detector.objects(image, least, tiles=parameters.tiles, most=parameters.max_objects)
        area = picture.width * picture.height
        for number, one in enumerate(found):
            left, top, width, height = picture.box_from(one.box, image)
            yield Row(
                "objects",
                {
                    "picture": picture.index,
                    "object": number,
                    "label": one.label,
                    "score": round(one.score, 4),
                    "lang": "en" if origin == "bundled" else None,
                    "box_x": round(left, 1),
                    "box_y": round(top, 1),
                    "box_width": round(width, 1),
                    "box_height": round(height, 1),
                    "area_share": min(1.0, width * height / area),
                },
            )
