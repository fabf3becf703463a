"""The faces of one image."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image

from tidymedia.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

    from tidymedia.images.opening import ImageSource

__all__ = ["find_faces"]

_POINTS = tuple(
    f"{name}_{axis}" for name in ("left_eye", "right_eye", "nose", "mouth_left", "mouth_right") for axis in "xy"
)
_COLUMNS = (
    "face",
    "box_x",
    "box_y",
    "box_width",
    "box_height",
    "score",
    "area_share",
    *_POINTS,
    "sharpness",
    "roll",
)


def find_faces(
    image: ImageSource, *, min_score: float = 0.8, min_size: float = 0.0, long_side: int = 1024
) -> pd.DataFrame:
    """Find the faces of an image: boxes, eyes, nose and mouth, size, sharpness and tilt.

    What is found is that there is a face, not who it is. RetinaFace looks at two sizes of the image, so that the
    small faces of a group and one that fills the picture are both found. Faces in profile, covered, drawn, or turned
    by more than about 45 degrees can be missed.

    Parameters
    ----------
    image : str, Path, bytes, file object, PIL.Image.Image or numpy.ndarray
        The image, or where it is.
    min_score : float, default 0.8
        Smallest score of a face, 0 to 1. Lower finds more faces, and more that are none.
    min_size : float, default 0
        Smallest height of a face in pixels of the image.
    long_side : int, default 1024
        Longer side, in pixels, of the larger of the two sizes. 2048 finds faces half as large in large images, in
        five times the time.

    Returns
    -------
    pandas.DataFrame
        A row a face, the largest first: ``face`` (its number), ``box_x``, ``box_y``, ``box_width``, ``box_height``
        in pixels of the image, ``score`` (0 to 1), ``area_share`` (0 to 1), ``left_eye_x``, ``left_eye_y`` and so on
        for ``right_eye``, ``nose``, ``mouth_left`` and ``mouth_right`` (left is the left of the viewer),
        ``sharpness``, ``roll`` (degrees; positive where the head is turned counter-clockwise), ``model``.

    Raises
    ------
    UsageError
        Where a number makes no sense.
    MediumError
        Where the image cannot be opened.

    See Also
    --------
    tidymedia.draw : Draws the boxes and points.

    Notes
    -----
    Deng, J., Guo, J., Ververas, E., Kotsia, I., & Zafeiriou, S. (2020). RetinaFace. After section 14.4 of the textbook.

    Examples
    --------
    >>> from PIL import Image
    >>> len(find_faces(Image.new("RGB", (80, 60), "white")))
    0
    """
    import pandas as pd

    from tidymedia.images.face_measures import face_values
    from tidymedia.images.opening import open_image
    from tidymedia.media.color_conversion import to_rgb
    from tidymedia.media.image_file import scaled_size
    from tidymedia.models.face_detection import MODEL, detect_faces

    for name, value, least, most in (
        ("min_score", min_score, 0.05, 1),
        ("min_size", min_size, 0, float("inf")),
        ("long_side", long_side, 320, 4096),
    ):
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not least <= value <= most:
            upper = f" to {most}" if most < float("inf") else " or more"
            raise UsageError(f"{name}={value!r} is out of range.", f"Write a number: {least}{upper}.")
    opened = open_image(image)
    picture = to_rgb(opened, profile=opened.info.get("icc_profile"))
    size = scaled_size(*picture.size, int(long_side))
    seen = picture if size == picture.size else picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3)
    found = detect_faces(seen, min_score=min_score, long_side=int(long_side))
    rows = list(face_values(found, seen, picture.size, min_size))
    table = pd.DataFrame(rows, columns=list(_COLUMNS)).astype(dict.fromkeys(_COLUMNS[1:], "float64"))
    return table.astype({"face": "int64"}).assign(model=pd.Series(MODEL.identifier, table.index, "str"))
