"""Which pixels of one picture belong to what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidymedia.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

    from tidymedia.images.opening import ImageSource

__all__ = ["mask"]

_COLUMNS = {
    "label": "str",
    "area_share": "float64",
    "box_x": "float64",
    "box_y": "float64",
    "box_width": "float64",
    "box_height": "float64",
    "score": "float64",
    "value": "int64",
    "model": "str",
    "mask": "object",
}


def mask(
    image: ImageSource, *, model: str = "", revision: str | None = None, normalization: str = "imagenet"
) -> pd.DataFrame:
    """Find the pixels of a picture that belong to persons, or to the classes of a network.

    For a folder of images use the extractor ``masks`` (``tidymedia analyze --with masks``). It looks at reduced
    pictures, so shares can differ in the third digit.

    The network that comes with the package was made for one person near the camera. Small, distant or many people are
    missed or found in part, and animals and statues can count as persons: an empty mask does not say that nobody is
    there. Look at the mask before you use it.

    Parameters
    ----------
    image : ImageSource
        Path, address, bytes, file object, PIL image or array.
    model : str, default ""
        The network: empty for the bundled person mask; a model of the Hugging Face hub for semantic or universal
        segmentation (SegFormer, BEiT, UperNet, Mask2Former) as ``owner/name``, fetched by ``tidymedia models fetch``;
        a folder with such a model; or a path that ends in ``.onnx``, with the names of its classes in
        ``<name>.labels.txt`` beside it.
    revision : str or None, default None
        Commit, branch or tag of a model of the hub.
    normalization : {"imagenet", "half", "unit", "none"}, default "imagenet"
        How the network in an ONNX file wants the values of pixels: with mean and spread of ImageNet, from -1 to 1, from
        0 to 1, or from 0 to 255. A wrong one gives wrong masks without an error.

    Returns
    -------
    pandas.DataFrame
        One row a class that is there, the largest first: ``label``; ``area_share``, its share of the pixels (0 to 1);
        ``box_x``, ``box_y``, ``box_width``, ``box_height`` in pixels of the picture; ``score`` (0 to 1, the mean over
        its pixels; missing where the network gives none); ``value``, its value in a label map; ``model``; ``mask``.
        ``mask`` is an array of shape (height, width): of the bundled network float32, 0 to 1, where more than 0.5 is
        inside; of others boolean. Where the network knows the class ``person``, it has a row also when nobody was
        found: ``area_share`` is 0 then, and box and score are missing.

    Raises
    ------
    UsageError
        Where an argument is unknown, or the network is not there; the message says how one gets it.
    MediumError
        Where the image cannot be opened.

    See Also
    --------
    tidymedia.draw : Lays a mask over the picture.
    tidymedia.replace_background : Puts another background behind a person.

    Notes
    -----
    MediaPipe Selfie Segmentation (Google, 2021). After figure 14.4 of the textbook, section 14.4.

    Examples
    --------
    >>> from PIL import Image
    >>> found = mask(Image.new("RGB", (80, 60), "white"))
    >>> found[["label", "area_share"]].to_dict("records"), found["mask"][0].shape
    ([{'label': 'person', 'area_share': 0.0}], (60, 80))
    """
    import pandas as pd

    from tidymedia.images.opening import open_image
    from tidymedia.media.color_conversion import to_rgb
    from tidymedia.models.choice import choose_model
    from tidymedia.models.onnx_file import NORMALIZATIONS
    from tidymedia.models.person_mask import MODEL
    from tidymedia.models.segmentation import load_segmenter

    if normalization not in NORMALIZATIONS:
        raise UsageError(f"normalization={normalization!r} is unknown.", f"Choose one of: {', '.join(NORMALIZATIONS)}.")
    chosen = choose_model(model, "masks", default=MODEL, revision=revision)
    segmenter = load_segmenter(chosen, normalization)
    opened = open_image(image)
    picture = to_rgb(opened, profile=opened.info.get("icc_profile"))
    rows = [
        (one.label, one.area_share, *(one.box or (None,) * 4), one.score, one.value, segmenter.identifier, one.pixels)
        for one in segmenter.segment(picture)
    ]
    return pd.DataFrame(rows, columns=list(_COLUMNS)).astype(_COLUMNS)
