"""The objects of one picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidymedia.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

    from tidymedia.images.opening import ImageSource

__all__ = ["find_objects"]

_COLUMNS = ("object", "label", "score", "box_x", "box_y", "box_width", "box_height", "area_share", "model")
_SMALLEST_TILE = 64


def find_objects(
    image: ImageSource, *, min_score: float | None = None, tiles: int = 0, model: str = "", revision: str | None = None
) -> pd.DataFrame:
    """Find objects in a picture, such as persons, cars and animals.

    The network that comes with the package, NanoDet, knows the 80 classes of COCO. It is small and fast, not exact:
    small, covered and crowded things are missed, and what it does not know gets the name of something that it knows.

    Parameters
    ----------
    image : ImageSource
        Path, address, bytes, file object, PIL image or array.
    min_score : float or None, default None
        Objects with a smaller score are left out. None is 0.4 for NanoDet, 0.25 for ONNX files and 0.5 for models of
        the hub.
    tiles : int, default 0
        Side in pixels of overlapping tiles that are looked at besides the whole picture, so that small things are
        found; 0 for none. 416 suits NanoDet.
    model : str, default ""
        The network: nothing for NanoDet; a path that ends in ``.onnx``, an export of a YOLO network, with the names of
        its classes in ``<name>.labels.txt`` beside it; ``owner/name`` for a detector of the Hugging Face hub that was
        fetched by ``tidymedia models fetch``; or a folder with such a model.
    revision : str or None, default None
        Commit, branch or tag of a model of the hub.

    Returns
    -------
    pandas.DataFrame
        One object a row, by falling score, at most 300: ``object`` (its number), ``label``, ``score`` (0 to 1),
        ``box_x``, ``box_y``, ``box_width``, ``box_height`` in pixels of the picture, ``area_share`` (0 to 1),
        ``model``.

    Raises
    ------
    UsageError
        Where an argument is out of its range, or the network is not there; the message says how one gets it.
    MediumError
        Where the image cannot be opened, or has too many tiles.

    See Also
    --------
    tidymedia.draw : Draws the boxes.

    Notes
    -----
    Lyu, R. (2020). NanoDet. After section 14.2 of the textbook.

    Examples
    --------
    >>> from PIL import Image
    >>> len(find_objects(Image.new("RGB", (80, 60), "white")))
    0
    """
    import pandas as pd

    from tidymedia.images.opening import open_image
    from tidymedia.media.color_conversion import to_rgb
    from tidymedia.models.choice import choose_model
    from tidymedia.models.detection import DEFAULT_SCORES, MODEL, load_detector

    if min_score is not None and not 0.01 <= min_score <= 1:
        raise UsageError(f"min_score={min_score!r} is out of range.", "Write a number from 0.01 to 1.")
    if isinstance(tiles, bool) or not isinstance(tiles, int) or (tiles != 0 and tiles < _SMALLEST_TILE):
        raise UsageError(f"tiles={tiles!r} is out of range.", f"Write pixels, {_SMALLEST_TILE} or more, or 0 for none.")
    chosen = choose_model(model, "objects", default=MODEL, revision=revision)
    detector = load_detector(chosen)
    opened = open_image(image)
    picture = to_rgb(opened, profile=opened.info.get("icc_profile"))
    least = DEFAULT_SCORES[chosen.origin] if min_score is None else min_score
    rows = [
        (number, one.label, one.score, *one.box, one.box[2] * one.box[3] / (picture.width * picture.height))
        for number, one in enumerate(detector.objects(picture, least, tiles=tiles))
    ]
    types = {"object": "int64", "label": "str", "model": "str"}
    table = pd.DataFrame([(*row, detector.identifier) for row in rows], columns=list(_COLUMNS))
    return table.astype({column: types.get(column, "float64") for column in _COLUMNS})
