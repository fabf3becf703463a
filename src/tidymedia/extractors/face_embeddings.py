"""A face as a vector, so that faces of one person can be brought together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from tidymedia.extractors.base import PictureExtractor, Row
from tidymedia.extractors.faces import POINTS
from tidymedia.extractors.network import BundledNetworkExtractor
from tidymedia.extractors.parameters import Parameters, parameter
from tidymedia.media.picture import Picture, SizeClass
from tidymedia.models.bundled import BUNDLED
from tidymedia.tables import Column, Table

if TYPE_CHECKING:
    from tidymedia.models.sessions import Network

__all__ = ["FACE_EMBEDDINGS", "FaceEmbeddingParameters", "FaceEmbeddings"]

_MODEL = BUNDLED["faceres"]
_SIZE: Final = SizeClass("face embeddings", 2048)

FACE_EMBEDDINGS = Table(
    "face_embeddings",
    ("picture", "face"),
    (
        Column(
            "vector",
            "vector",
            "1,024 numbers that stand for the face: what the network sees in it, cut out upright, divided by their "
            "length. A single number means nothing. 1 minus the sum of the products of two vectors is their distance: "
            "low for pictures of one person, and at times for people who look alike. This is biometric data. Stored "
            "in half precision.",
            range="0 to 1 each; length 1",
        ),
    ),
    "One face of the table faces, as a vector.",
)


@dataclass(frozen=True)
class FaceEmbeddingParameters(Parameters):
    """Parameters of ``face_embeddings``.

    Parameters
    ----------
    min_size : float, default 24
        Smallest height of a face, in pixels of the picture.
    """

    min_size: float = parameter(
        24.0, "Smallest height of a face, in pixels of the picture; in smaller ones nobody is told apart.", minimum=1
    )


class FaceEmbeddings(BundledNetworkExtractor, PictureExtractor):
    """Turns faces into vectors, for ``study.identities()``. It never runs unless it is asked for by name.

    Parameters
    ----------
    parameters : FaceEmbeddingParameters
        Which faces get a vector.
    """

    name = "face_embeddings"
    title = "Every face as a vector of 1,024 numbers, to bring faces of one person together (biometric data)."
    caveat = (
        "These vectors are biometric data: they are made to recognise people. In the European Union, Art. 9 of the "
        "GDPR forbids processing them to identify a person unless the person consents or another exception of that "
        "article holds, also for pictures that are public; laws elsewhere can be as strict. Ask your ethics board and "
        "your data protection officer first, keep the study where only the project can read it, and delete the table "
        "when it is no longer needed. "
        f"{_MODEL.caveat}"
    )
    citation = _MODEL.citation
    relative_cost = 12.0
    networks = (_MODEL,)
    tables: ClassVar[tuple[Table, ...]] = (FACE_EMBEDDINGS,)
    needs: tuple[str, ...] = ("faces",)
    parameters_type: ClassVar[type[Parameters]] = FaceEmbeddingParameters
    parameters: FaceEmbeddingParameters

    def __init__(self, parameters: Parameters) -> None:
        super().__init__(parameters)
        self._network: Network | None = None

    @property
    def size(self) -> SizeClass:
        """A size class of its own, 2048 pixels: faces in groups are small."""
        return _SIZE

    def load(self) -> None:
        """Load the network.

        Raises
        ------
        UnavailableError
            Where its file is missing or another one.
        """
        from tidymedia.models.sessions import load_network

        self._network = load_network(_MODEL)

    def wants_image(self, picture: Picture) -> bool:
        """Have nothing decoded in advance: it asks for the image itself, where there is a face."""
        return False

    def from_picture(self, picture: Picture) -> Iterator[Row]:
        """Give a row for every face that is large enough."""
        import numpy as np

        from tidymedia.models.face_embedding import face_features

        faces = self._faces(picture)
        if not faces:
            return
        image = picture.image(self.size)
        points = np.array([[[row[f"{name}_x"], row[f"{name}_y"]] for name in POINTS] for row in faces], np.float64)
        points *= (image.width / picture.width, image.height / picture.height)
        vectors = face_features(image, points, network=self._network).astype(np.float16).astype(float)
        for row, vector in zip(faces, vectors.tolist(), strict=True):
            yield Row("face_embeddings", {"picture": picture.index, "face": row["face"], "vector": vector})

    def _faces(self, picture: Picture) -> list[dict[str, object]]:
        rows = [dict(row) for row in picture.upstream.get("faces", ())]
        return [row for row in rows if float(str(row["box_height"])) >= self.parameters.min_size]
