"""What a network that the user names says about faces: expression, age group, gender. Never by itself."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from tidymedia.errors import UnavailableError
from tidymedia.extractors.base import Availability, PictureExtractor, Row
from tidymedia.extractors.network import NamedNetworkExtractor
from tidymedia.extractors.parameters import Parameters, parameter
from tidymedia.media.picture import Picture, SizeClass
from tidymedia.tables import Column, Table

if TYPE_CHECKING:
    from tidymedia.models.choice import ChosenModel
    from tidymedia.models.classifier import Classifier

__all__ = ["FACE_LABELS", "FaceLabels", "FaceLabelsParameters"]

_SIZE: Final = SizeClass("face labels", 2048)

FACE_LABELS = Table(
    "face_labels",
    ("picture", "face", "rank"),
    (
        Column(
            "label",
            "string",
            "The word of the network for how the face looks, as the network or the user writes it. It is a guess from "
            "looks at what the people who labelled its training pictures would have said: not what the person feels, "
            "how old the person is, or what gender the person has. The network always names one of its words, and "
            "another network often names another one for the same face.",
        ),
        Column(
            "score",
            "number",
            "How strongly the network stands for the label. It is no probability of being right, and scores of two "
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
            "Language of the label, as BCP 47: what the parameter lang says, not checked.",
        ),
    ),
    "One label of one face of the table faces.",
)


@dataclass(frozen=True)
class FaceLabelsParameters(Parameters):
    """Which network labels which faces."""

    model: str = parameter(
        "",
        "The network, which you must name, since there is no default: a classifier of pictures from the Hugging Face "
        "hub (owner/name), a folder with one, or a file (name.onnx with name.labels.txt beside it).",
    )
    revision: str = parameter("", "A commit, branch or tag of a model of the hub; none for the one that was fetched.")
    normalization: str = parameter(
        "imagenet",
        "How the network in an ONNX file wants the values of pixels: imagenet (mean and spread of ImageNet, what most "
        "take), half (-1 to 1), unit (0 to 1) or none (0 to 255). A wrong one gives wrong labels without an error.",
        choices=("imagenet", "half", "unit", "none"),
    )
    margin: float = parameter(
        0.15,
        "How much is cut out around the box of a face, as a share of its width to the left and to the right, and of "
        "its height above and below. What lies outside of the picture is left out.",
        minimum=0,
        maximum=2,
    )
    min_size: float = parameter(
        24.0, "Smallest height of a face, in pixels of the picture; smaller ones get no label.", minimum=1
    )
    top: int = parameter(1, "Most labels a face, the best first.", minimum=1)
    lang: str = parameter("en", "Language of the labels of the network, as BCP 47; it is noted in every row.")


class FaceLabels(NamedNetworkExtractor, PictureExtractor):
    """Labels faces with a network that the user names. It never runs unless it is asked for by name, with a network.

    Each face is cut out with a margin, not turned, and goes through the network alone.

    Parameters
    ----------
    parameters : FaceLabelsParameters
        Which network labels which faces.

    Examples
    --------
    >>> FaceLabels(FaceLabelsParameters()).availability().installed
    False
    """

    name = "face_labels"
    title = "What a network that you name says about every face: expression, age or gender as guessed from looks."
    caveat = (
        "These labels say how faces look to a network, not what people feel, how old they are or what gender they "
        "have. A smile can be posed, a frown can be thought: expressions do not tell feelings reliably, in one culture "
        "or between cultures (Barrett et al. 2019). Two such networks often disagree on the same face. Age and gender "
        "guessed from a face are guesses about how strangers look to those who labelled the training pictures, and "
        "they are wrong more often for some groups than for others, such as women with darker skin (Buolamwini & Gebru "
        "2018). Gender is not binary and cannot be seen; a label of two words treats trans and nonbinary people as if "
        "they did not exist (Keyes 2018). Never report such labels as facts about single persons; compare groups only "
        "after coding a sample by hand in each of them, and report how often people and network disagree. Guesses "
        "about people who can be identified are personal data under the GDPR, and can fall under its Art. 9. Ask your "
        "ethics board and your data protection officer first. The network is the user's choice; none was measured here."
    )
    citation = (
        "Barrett, L. F., Adolphs, R., Marsella, S., Martinez, A. M., & Pollak, S. D. (2019). Emotional expressions "
        "reconsidered: Challenges to inferring emotion from human facial movements. Psychological Science in the "
        "Public Interest, 20(1), 1-68. https://doi.org/10.1177/1529100619832930 (why an expression is no feeling).\n"
        "Buolamwini, J., & Gebru, T. (2018). Gender shades: Intersectional accuracy disparities in commercial gender "
        "classification. FAT* 2018, PMLR 81, 77-91 (for whom such labels are wrong).\n"
        "Keyes, O. (2018). The misgendering machines: Trans/HCI implications of automatic gender recognition. "
        "Proceedings of the ACM on Human-Computer Interaction, 2(CSCW), 88. https://doi.org/10.1145/3274357 (whom "
        "such labels leave out)."
    )
    relative_cost = 12.0
    tables: ClassVar[tuple[Table, ...]] = (FACE_LABELS,)
    needs: tuple[str, ...] = ("faces",)
    parameters_type: ClassVar[type[Parameters]] = FaceLabelsParameters
    parameters: FaceLabelsParameters

    def __init__(self, parameters: Parameters) -> None:
        super().__init__(parameters)
        self._classifier: Classifier | None = None

    def choose(self) -> ChosenModel | None:
        """Return the network that the parameters name, which may not be there; None where they name none."""
        from tidymedia.models.choice import choose_model

        given = self.parameters
        if not given.model.strip():
            return None
        return choose_model(given.model, "face labels", default=None, revision=given.revision or None)

    @property
    def size(self) -> SizeClass:
        """A size class of its own, 2048 pixels: faces in groups are small."""
        return _SIZE

    def availability(self) -> Availability:
        """Say whether a network is named, is there, and is none that was made for other things than faces."""
        chosen = self.chosen
        if chosen is None or chosen.origin == "bundled":
            told = "No network is named" if chosen is None else f"{chosen.name} does not label faces"
            return Availability(
                False,
                f"{told}; none for labels of faces comes with tidymedia.",
                "Name one by --set face_labels.model=... (a model of the hub as owner/name, or a file name.onnx with "
                "name.labels.txt beside it), and read first what it was trained on.",
            )
        return Availability(*chosen.availability())

    def load(self) -> None:
        """Load the network.

        Raises
        ------
        UnavailableError
            Where none is named, or it is not there, is another one, or cannot be loaded.
        """
        from tidymedia.models.classification import load_classifier

        self._classifier = load_classifier(self.named(), normalization=self.parameters.normalization)

    def wants_image(self, picture: Picture) -> bool:
        """Have nothing decoded in advance: it asks for the image itself, where there is a face."""
        return False

    def from_picture(self, picture: Picture) -> Iterator[Row]:
        """Give a row a label, for every face that is large enough."""
        if self._classifier is None:
            raise UnavailableError("The extractor face_labels has no network yet.", "Call load() first.")
        given = self.parameters
        for face in picture.upstream.get("faces", ()):
            x, y, width, height = (float(str(face[f"box_{name}"])) for name in ("x", "y", "width", "height"))
            if height < given.min_size:
                continue
            image = picture.image(self.size)
            scale = (image.width / picture.width, image.height / picture.height)
            left, right = _with_margin(x * scale[0], width * scale[0], given.margin, image.width)
            top, bottom = _with_margin(y * scale[1], height * scale[1], given.margin, image.height)
            best = self._classifier.best(image.crop((left, top, right, bottom)), given.top)
            for rank, found in enumerate(best):
                yield Row(
                    "face_labels",
                    {
                        "picture": picture.index,
                        "face": face["face"],
                        "rank": rank,
                        "label": found.label.name,
                        "score": found.score,
                        "likelihood": None,
                        "lang": given.lang,
                    },
                )


def _with_margin(start: float, length: float, margin: float, limit: int) -> tuple[int, int]:
    """Return the first pixel and the one after the last, at least one of them and all inside of the picture."""
    first = min(max(math.floor(start - margin * length), 0), limit - 1)
    return first, max(min(math.ceil(start + (1 + margin) * length), limit), first + 1)
