"""The faces of a picture: where, how large, how sharp, how tilted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from tidymedia.extractors.base import PictureExtractor, Row
from tidymedia.extractors.network import BundledNetworkExtractor
from tidymedia.extractors.parameters import Parameters, parameter
from tidymedia.media.picture import ANALYSIS, Picture, SizeClass
from tidymedia.models.bundled import BUNDLED
from tidymedia.tables import Column, Summary, Table

if TYPE_CHECKING:
    from tidymedia.models.sessions import Network

__all__ = ["FACES", "POINTS", "FaceBoxes", "FaceParameters"]

_MODEL = BUNDLED["retinaface_mobilenet025"]
_PLACES: Final = (
    ("left_eye", "the eye on the left side"),
    ("right_eye", "the eye on the right side"),
    ("nose", "the tip of the nose"),
    ("mouth_left", "the corner of the mouth on the left side"),
    ("mouth_right", "the corner of the mouth on the right side"),
)
POINTS: Final = tuple(name for name, _ in _PLACES)
"""Names of the five points of a face, in the order of the network."""

_AREA_SHARE = Column(
    "area_share",
    "number",
    "Share of the picture that the box of the face covers; the box goes from brow to chin and leaves out most hair.",
    range="0 to 1",
)

FACES = Table(
    "faces",
    ("picture", "face"),
    (
        Column("box_x", "number", "Left edge of the face.", unit="px", range="0 and more"),
        Column("box_y", "number", "Upper edge of the face.", unit="px", range="0 and more"),
        Column("box_width", "number", "Width of the face.", unit="px", range="above 0"),
        Column("box_height", "number", "Height of the face.", unit="px", range="above 0"),
        Column("score", "number", "How sure the network is that this is a face; no probability.", range="0 to 1"),
        _AREA_SHARE,
        *(
            Column(
                f"{name}_{axis}",
                "number",
                f"{side} edge of the picture to {place}, as the viewer sees it (the left eye is the right eye of the "
                "person shown). A point that is hidden is guessed; it can lie outside of a picture that cuts the face.",
                unit="px",
            )
            for name, place in _PLACES
            for axis, side in (("x", "From the left"), ("y", "From the upper"))
        ),
        Column(
            "sharpness",
            "number",
            "Variance of the Laplacian (Pech-Pacheco et al. 2000) of the luma of the box, brought to 112 x 112 pixels: "
            "low where the face is out of focus, moved, or was small and had to be enlarged.",
            unit="gray levels squared",
            range="0 and more",
            missing="a service found the face",
        ),
        Column(
            "roll",
            "number",
            "By how many degrees the line of the eyes is tilted: positive where the head is turned counter-clockwise, "
            "as the viewer sees it. Turning the picture by minus roll makes the eyes level. Off by about 4 degrees for "
            "heads that are tilted by 30 degrees, by more beyond.",
            unit="degree",
            range="-180 to 180",
        ),
    ),
    "One face of a picture. Faces are numbered by the area of their boxes, the largest first.",
    summary=(
        Summary(
            Column(
                "faces",
                "integer",
                "Number of faces in all pictures of the file; one person counts again in every page or frame.",
                range="0 and more",
            ),
            "count(*)",
        ),
        Summary(
            Column(
                "most_faces", "integer", "Number of faces in the picture that shows most of them.", range="1 and more"
            ),
            "max(face) + 1",
        ),
        Summary(
            Column("largest_face_share", "number", f"Of the largest face: {_AREA_SHARE.meaning}", range="0 to 1"),
            "max(area_share)",
        ),
    ),
)


@dataclass(frozen=True)
class FaceParameters(Parameters):
    """Parameters of ``faces``.

    Parameters
    ----------
    min_score : float, default 0.8
        Smallest score of a face.
    min_size : float, default 0
        Smallest height of a face, in pixels of the picture.
    long_side : int, default 1024
        Longer side of the picture where the network looks for the smallest faces.
    """

    min_score: float = parameter(
        0.8, "Smallest score of a face; lower finds more faces, and more that are none.", minimum=0.05, maximum=1
    )
    min_size: float = parameter(0.0, "Smallest height of a face, in pixels of the picture.", minimum=0)
    long_side: int = parameter(
        1024,
        "Longer side, in pixels, to which pictures are brought to find small faces. 2048 finds faces half as large in "
        "large pictures, in five times the time.",
        minimum=320,
        maximum=4096,
    )


class FaceBoxes(BundledNetworkExtractor, PictureExtractor):
    """Finds faces with RetinaFace, at two sizes of the picture.

    Parameters
    ----------
    parameters : FaceParameters
        Which faces count.
    """

    name = "faces"
    title = "Faces with their boxes, eyes, nose and mouth, size, sharpness and tilt."
    caveat = (
        "A face is found, not who it is. Faces below about 16 pixels, from the side, covered (masks, hands, veils), "
        "turned by more than about 45 degrees, painted or drawn can be missed, and faces of statues, dolls and posters "
        "count. How often faces are missed can differ by skin colour, age, gender and headgear; that was not measured."
    )
    citation = f"{_MODEL.citation}\n" + (
        "Pech-Pacheco, J. L., Cristobal, G., Chamorro-Martinez, J., & Fernandez-Valdivia, J. (2000). Diatom "
        "autofocusing in brightfield microscopy: A comparative study. Proceedings of ICPR 2000, 3, 314-317. "
        "https://doi.org/10.1109/ICPR.2000.903548"
    )
    relative_cost = 16.0
    networks = (_MODEL,)
    tables: ClassVar[tuple[Table, ...]] = (FACES,)
    parameters_type: ClassVar[type[Parameters]] = FaceParameters
    parameters: FaceParameters

    def __init__(self, parameters: Parameters) -> None:
        super().__init__(parameters)
        self._network: Network | None = None

    @property
    def size(self) -> SizeClass:
        """The middle size class, or one of its own where the parameters want larger pictures."""
        long_side = self.parameters.long_side
        return ANALYSIS if long_side == ANALYSIS.long_side else SizeClass(f"faces {long_side}", long_side)

    def load(self) -> None:
        """Load the network, and keep OpenCV to one thread.

        Raises
        ------
        UnavailableError
            Where the file of the network is missing or another one.
        """
        import cv2

        from tidymedia.models.sessions import load_network

        cv2.setNumThreads(1)
        self._network = load_network(_MODEL)

    def from_picture(self, picture: Picture) -> Iterator[Row]:
        """Give a row for every face."""
        from tidymedia.images.face_measures import face_values
        from tidymedia.models.face_detection import detect_faces

        image, given = picture.image(self.size), self.parameters
        found = detect_faces(image, min_score=given.min_score, long_side=given.long_side, network=self._network)
        for values in face_values(found, image, (picture.width, picture.height), given.min_size):
            yield Row("faces", {"picture": picture.index, **values})
