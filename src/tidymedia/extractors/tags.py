"""What a picture shows, as labels with scores."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from tidymedia.errors import SettingError, UnavailableError
from tidymedia.extractors.base import Availability, Row
from tidymedia.extractors.network import ChosenNetworkExtractor
from tidymedia.extractors.parameters import Parameters, parameter
from tidymedia.media.picture import ANALYSIS, THUMB, Picture, SizeClass
from tidymedia.tables import Column, Summary, Table

if TYPE_CHECKING:
    from tidymedia.models.choice import ChosenModel
    from tidymedia.models.classifier import Classifier

__all__ = ["TAGS", "Tags", "TagsParameters"]

_TOP = 5
"""How many labels of a network a picture gets where the user says nothing."""

_BEST_FIRST = "ORDER BY score DESC NULLS LAST, picture, rank"
_LABELS = f"list(label {_BEST_FIRST})"

TAGS = Table(
    "tags",
    ("picture", "rank"),
    (
        Column(
            "label",
            "string",
            "What the network says the picture shows, as the network or the user writes it. It is the nearest of the "
            "labels that it knows, whether or not one of them is right.",
        ),
        Column(
            "wordnet_id",
            "string",
            "The synset of the label in WordNet 3.0, such as n03662601 (lifeboat): the same thing has the same synset "
            "whatever network named it.",
            range="n and eight digits",
            missing="the labels are not those of ImageNet",
        ),
        Column(
            "score",
            "number",
            "How strongly the network stands for the label. Scores of classes that exclude each other sum to 1 over "
            "all classes, also those that have no row. It is no probability of being right, and scores of two "
            "networks cannot be compared.",
            range="0 to 1",
            missing="a service gave a word instead, see likelihood",
        ),
        Column(
            "likelihood",
            "string",
            "How likely the label is, in the words of a service.",
            missing="there is a score",
        ),
        Column(
            "lang",
            "string",
            "Language of the label, as BCP 47.",
            missing="unknown: the labels are not those of ImageNet",
        ),
    ),
    "One label of a picture.",
    (
        Summary(
            Column("tag", "string", "The label with the highest score in any picture.", missing="no label"),
            f"first(label {_BEST_FIRST})",
        ),
        Summary(Column("tag_score", "number", "The score of tag.", range="0 to 1", missing="no score"), "max(score)"),
        Summary(
            Column(
                "tags",
                "string",
                "The five labels with the highest scores in any picture, the best first, divided by semicolons.",
                missing="no label",
            ),
            f"array_to_string(list_filter({_LABELS}, lambda one, place: list_position({_LABELS}, one) = place)[1:5], "
            "'; ')",
        ),
    ),
)


@dataclass(frozen=True)
class TagsParameters(Parameters):
    """Which labels a picture gets."""

    top: int | None = parameter(
        None,
        f"Most labels a picture, the best first. Left out, it is {_TOP} for the classes of a network, and all for "
        "labels of your own.",
        minimum=1,
    )
    min_score: float = parameter(0.0, "Labels with a smaller score are left out.", minimum=0, maximum=1)
    model: str = parameter(
        "",
        "The network: none for EfficientNet-Lite2 with the 1,000 classes of ImageNet; or a model of the Hugging Face "
        "hub (owner/name), a folder with one, or a file (name.onnx with name.labels.txt beside it).",
    )
    labels: tuple[str, ...] = parameter(
        (),
        "Labels of your own, such as protest,police,flag. The model then has to be one that compares pictures with "
        "texts: CLIP or SigLIP.",
    )
    template: str = parameter("a photo of {}", "The text in which each label of your own is put, for {}.")
    normalization: str = parameter(
        "imagenet",
        "How the network in an ONNX file wants the values of pixels: imagenet (mean and spread of ImageNet, what most "
        "take), half (-1 to 1), unit (0 to 1) or none (0 to 255). A wrong one gives wrong labels without an error.",
        choices=("imagenet", "half", "unit", "none"),
    )

    def __post_init__(self) -> None:
        """Check the labels, which no single field can."""
        from tidymedia.models.own_labels import EXAMPLES, check_labels

        object.__setattr__(self, "labels", check_labels(self.labels, self.template, of="tags."))
        if self.labels and not self.model:
            raise SettingError(
                "tags.labels needs a network that compares pictures with texts, such as CLIP; none comes with "
                "tidymedia.",
                f"Fetch one with: tidymedia models fetch {EXAMPLES[0]}; then set tags.model={EXAMPLES[0]}.",
            )


class Tags(ChosenNetworkExtractor):
    """Names what a picture shows: classes of ImageNet, of another network, or labels of your own.

    EfficientNet-Lite2 sees the whole picture, stretched to 260 x 260 pixels; a model of the hub sees what its own
    preparation leaves of it, which can be the middle square alone. Each picture goes through the network alone: its
    rows do not depend on its companions.

    Parameters
    ----------
    parameters : TagsParameters
        Which labels a picture gets.

    Examples
    --------
    >>> Tags(TagsParameters(top=3)).model
    'efficientnet_lite2@0.1.0'
    """

    name = "tags"
    title = (
        "What a picture shows, as labels with scores: 1,000 classes of ImageNet, another network, or your own words."
    )
    caveat = (
        "A network knows its own labels alone and always names some of them, right or wrong. The 1,000 classes of "
        "ImageNet are animals, plants, household things, vehicles and some scenes; there are no protests, no police "
        "and no people. Scores are no probabilities. What pictures on the web showed when the network was trained, and "
        "who was shown how, shapes its answers. Check a sample by hand before you count labels."
    )
    citation = (
        "Tan, M., & Le, Q. V. (2019). EfficientNet: Rethinking model scaling for convolutional neural networks. "
        "ICML 2019, PMLR 97, 6105-6114 (the default network).\n"
        "Russakovsky, O., et al. (2015). ImageNet large scale visual recognition challenge. IJCV, 115, 211-252 "
        "(its classes).\n"
        "Radford, A., et al. (2021). Learning transferable visual models from natural language supervision. ICML 2021, "
        "PMLR 139, 8748-8763 (labels of your own, CLIP).\n"
        "Zhai, X., Mustafa, B., Kolesnikov, A., & Beyer, L. (2023). Sigmoid loss for language image pre-training. "
        "ICCV 2023, 11975-11986 (labels of your own, SigLIP)."
    )
    relative_cost = 5.0
    tables: ClassVar[tuple[Table, ...]] = (TAGS,)
    parameters_type = TagsParameters
    parameters: TagsParameters

    def __init__(self, parameters: TagsParameters) -> None:
        super().__init__(parameters)
        self._classifier: Classifier | None = None

    def choose(self) -> ChosenModel:
        """Return the network that the parameters name, or the bundled one."""
        from tidymedia.models.bundled import BUNDLED
        from tidymedia.models.choice import choose_model

        return choose_model(self.parameters.model, "tags", default=BUNDLED["efficientnet_lite2"])

    @property
    def size(self) -> SizeClass:
        """The small size class for EfficientNet-Lite2, which looks at 260 x 260; the middle one for others."""
        return THUMB if self.chosen.origin == "bundled" else ANALYSIS

    def availability(self) -> Availability:
        """Say whether the network is there, and whether it can do what the parameters ask for."""
        from tidymedia.models.own_labels import fault_of_labels

        found = self.chosen.availability()
        if not found.installed:
            return Availability(*found)
        fault = fault_of_labels(self.chosen, self.parameters.labels)
        return Availability(True) if fault is None else Availability(False, *fault)

    def load(self) -> None:
        """Load the network.

        Raises
        ------
        UnavailableError
            Where it is not there, is another one, or cannot be loaded.
        """
        from tidymedia.models.tagging import load_tagger

        parameters = self.parameters
        self._classifier = load_tagger(self.chosen, parameters.labels, parameters.template, parameters.normalization)

    def from_picture(self, picture: Picture) -> Iterator[Row]:
        """Give a row a label."""
        if self._classifier is None:
            raise UnavailableError("The extractor tags has no network yet.", "Call load() first.")
        top = self.parameters.top or (len(self.parameters.labels) or _TOP)
        best = self._classifier.best(picture.image(self.size), top, self.parameters.min_score)
        for rank, found in enumerate(best):
            yield Row(
                "tags",
                {
                    "picture": picture.index,
                    "rank": rank,
                    "label": found.label.name,
                    "wordnet_id": found.label.wordnet_id,
                    "score": found.score,
                    "likelihood": None,
                    "lang": "en" if found.label.wordnet_id else None,
                },
            )
