"""A picture as a vector, so that pictures of alike content are close to each other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from tidymedia.errors import UnavailableError
from tidymedia.extractors.base import Availability, PictureExtractor, Row
from tidymedia.extractors.parameters import Parameters
from tidymedia.media.picture import THUMB, Picture, SizeClass
from tidymedia.models.bundled import BUNDLED
from tidymedia.models.files import verified_file
from tidymedia.tables import Column, Table

if TYPE_CHECKING:
    from tidymedia.models.sessions import Network

__all__ = ["EMBEDDINGS", "Embeddings"]

_MODEL = BUNDLED["efficientnet_lite2"]

EMBEDDINGS = Table(
    "embeddings",
    ("picture",),
    (
        Column(
            "vector",
            "vector",
            "1,280 numbers that stand for what the picture shows: the means over the picture of what the network finds "
            "in it before it names a class, divided by their length. A single number means nothing. The sum of the "
            "products of two vectors is their cosine: 1 for copies, lower the less two pictures have in common. Stored "
            "in half precision.",
            range="0 to 1 each; length 1",
        ),
    ),
    "What one picture shows, as a vector.",
)


class Embeddings(PictureExtractor):
    """Turns pictures into vectors: the pooled features of EfficientNet-Lite2, of length 1.

    The whole picture is stretched to 260 x 260 pixels, so nothing of it is left out. Each picture goes through the
    network alone: its vector does not depend on its companions.
    """

    name = "embeddings"
    title = "Every picture as a vector of 1,280 numbers, to find pictures of alike content."
    caveat = (
        "The network was trained to tell the 1,000 classes of ImageNet apart. It sees things, materials and textures "
        "better than people, their actions, text or style. Two pictures can be close since both are gray or both show "
        "a sky. How close is close depends on the material: look at pairs before you choose a threshold."
    )
    citation = _MODEL.citation
    relative_cost = 5.0
    tables: ClassVar[tuple[Table, ...]] = (EMBEDDINGS,)

    def __init__(self, parameters: Parameters) -> None:
        super().__init__(parameters)
        self._network: Network | None = None

    @property
    def size(self) -> SizeClass:
        """The small size class: the network looks at 260 x 260."""
        return THUMB

    @property
    def model(self) -> str:
        """The network and its revision."""
        return _MODEL.identifier

    @property
    def model_hash(self) -> str:
        """The SHA-256 of the network; that of its file is compared with it when it is loaded."""
        return f"{self.model} {_MODEL.sha256}"

    def availability(self) -> Availability:
        """Say whether the file of the network is there and is the one that is meant."""
        try:
            verified_file(_MODEL)
        except UnavailableError as error:
            return Availability(False, error.message, error.remedy)
        return Availability(True)

    def load(self) -> None:
        """Load the network.

        Raises
        ------
        UnavailableError
            Where its file is missing or another one.
        """
        from tidymedia.models.sessions import load_network

        self._network = load_network(_MODEL)

    def from_picture(self, picture: Picture) -> Iterator[Row]:
        """Give the one row of a picture."""
        import numpy as np

        from tidymedia.models.image_features import image_features

        (vector,) = image_features([picture.image(self.size)], network=self._network)
        yield Row("embeddings", {"picture": picture.index, "vector": vector.astype(np.float16).astype(float).tolist()})
