"""A picture as a vector, so that pictures of alike content are close to each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from tidymedia.extractors.base import Row
from tidymedia.extractors.network import ChosenNetworkExtractor
from tidymedia.extractors.parameters import Parameters, parameter
from tidymedia.media.picture import ANALYSIS, THUMB, Picture, SizeClass
from tidymedia.models.bundled import BUNDLED
from tidymedia.tables import Column, Table

if TYPE_CHECKING:
    from tidymedia.models.choice import ChosenModel
    from tidymedia.models.image_embedding import Embedder

__all__ = ["EMBEDDINGS", "Embeddings", "EmbeddingsParameters"]

_MODEL = BUNDLED["efficientnet_lite2"]

EMBEDDINGS = Table(
    "embeddings",
    ("picture",),
    (
        Column(
            "vector",
            "vector",
            "Numbers that stand for what the picture shows, divided by their length. With the network that comes with "
            "tidymedia they are 1,280, none negative: the means over the picture of what the network finds in it "
            "before it names a class. A single number means nothing. The sum of the products of two vectors is their "
            "cosine: 1 for copies, lower the less two pictures have in common. Vectors of two networks cannot be "
            "compared. Stored in half precision.",
            range="-1 to 1 each; length 1",
        ),
    ),
    "What one picture shows, as a vector.",
)


@dataclass(frozen=True)
class EmbeddingsParameters(Parameters):
    """Which network makes the vectors."""

    model: str = parameter(
        "",
        "The network: none for EfficientNet-Lite2, which comes with tidymedia; or a model of the Hugging Face hub "
        "(owner/name), such as CLIP, SigLIP or DINOv2, a folder with one, or a file (name.onnx).",
    )
    normalization: str = parameter(
        "imagenet",
        "How the network in an ONNX file wants the values of pixels: imagenet (mean and spread of ImageNet, what most "
        "take), half (-1 to 1), unit (0 to 1) or none (0 to 255). A wrong one gives bad vectors without an error.",
        choices=("imagenet", "half", "unit", "none"),
    )


class Embeddings(ChosenNetworkExtractor):
    """Turns pictures into vectors of length 1: the pooled features of EfficientNet-Lite2, or of a network of the user.

    EfficientNet-Lite2 sees the whole picture, stretched to 260 x 260 pixels; a model of the hub sees what its own
    preparation leaves of it, which can be the middle square alone. Each picture goes through the network alone: its
    vector does not depend on its companions.
    """

    name = "embeddings"
    title = "Every picture as a vector, to find pictures of alike content."
    caveat = (
        "EfficientNet-Lite2 was trained to tell the 1,000 classes of ImageNet apart. It sees things, materials and "
        "textures better than people, their actions, text or style. Two pictures can be close since both are gray or "
        "both show a sky. Of another model, read what it was trained on, and whether it sees the whole picture. How "
        "close is close depends on the material and the model: look at pairs before you choose a threshold."
    )
    citation = _MODEL.citation
    relative_cost = 5.0
    tables: ClassVar[tuple[Table, ...]] = (EMBEDDINGS,)
    parameters_type: ClassVar[type[Parameters]] = EmbeddingsParameters
    parameters: EmbeddingsParameters

    def __init__(self, parameters: Parameters) -> None:
        super().__init__(parameters)
        self._embedder: Embedder | None = None

    def choose(self) -> ChosenModel:
        """Return the network that the parameters name, or the bundled one."""
        from tidymedia.models.choice import choose_model

        return choose_model(self.parameters.model, "embeddings", default=_MODEL)

    @property
    def size(self) -> SizeClass:
        """The small size class for EfficientNet-Lite2, which looks at 260 x 260; the middle one for others."""
        return THUMB if self.chosen.origin == "bundled" else ANALYSIS

    def load(self) -> None:
        """Load the network.

        Raises
        ------
        UnavailableError
            Where its file is missing or another one, or where it gives no vector for a picture.
        """
        self._loaded()

    def _loaded(self) -> Embedder:
        from tidymedia.models.image_embedding import load_embedder

        if self._embedder is None:
            self._embedder = load_embedder(self.chosen, normalization=self.parameters.normalization)
        return self._embedder

    def from_picture(self, picture: Picture) -> Iterator[Row]:
        """Give the one row of a picture."""
        import numpy as np

        vector = self._loaded().vector(picture.image(self.size))
        yield Row("embeddings", {"picture": picture.index, "vector": vector.astype(np.float16).astype(float).tolist()})
