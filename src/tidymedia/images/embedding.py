"""Images as vectors, so that images of alike content are close to each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from tidymedia.errors import UsageError
from tidymedia.images.several import image_names, list_images, one_each
from tidymedia.images.small_picture import small_picture
from tidymedia.media.picture import ANALYSIS, THUMB

if TYPE_CHECKING:
    import pandas as pd

    from tidymedia.images.opening import ImageSource

__all__ = ["embed"]


def embed(
    images: ImageSource | Iterable[ImageSource],
    *,
    model: str = "",
    names: Sequence[str] | None = None,
    normalization: str = "imagenet",
) -> pd.DataFrame:
    """Turn images into vectors of numbers that are close for images of alike content.

    For a folder of images use the extractor ``embeddings`` (``tidymedia analyze --with embeddings``); it gives the same
    vectors, stored in half precision.

    Parameters
    ----------
    images : ImageSource, iterable of ImageSource, or ndarray
        One image or several: paths, addresses, PIL images or arrays, or one stack of arrays.
    model : str, default ""
        The network. Empty for EfficientNet-Lite2, which comes with the package. Else a model of the Hugging Face hub as
        ``owner/name``, such as CLIP, SigLIP or DINOv2, a folder with one, or an ONNX file. Models of the hub are
        fetched beforehand with ``tidymedia models fetch``.
    names : sequence of str, default None
        A name for each image. Without, file names, with the folders that tell them apart; ``"image 0"`` for images that
        have none.
    normalization : {"imagenet", "half", "unit", "none"}, default "imagenet"
        How the network in an ONNX file wants the values of pixels: with mean and spread of ImageNet, from -1 to 1,
        from 0 to 1, or from 0 to 255. A wrong one gives bad vectors without an error.

    Returns
    -------
    pandas.DataFrame
        One row an image, also for one image, with the names as its index; one column a number, float32. Every row has
        the length 1, so ``table @ table.T`` gives the cosines: 1 for copies, lower the less two images have in common.
        A classifier of scikit-learn takes it as it is; ``.to_numpy()`` gives the array.

    Raises
    ------
    UsageError
        Where there is no image, names and images differ in number, a name comes twice, or the model is not there or
        gives no vectors; the message says how one gets it.
    MediumError
        Where an image cannot be opened; none is left out in silence.

    Notes
    -----
    EfficientNet-Lite2 gives 1,280 numbers, none negative: the means over the picture of what the network finds in it
    before it names a class. It was trained to tell the classes of ImageNet apart and sees things and materials better
    than people, actions, text or style. A single number means nothing, and vectors of two networks cannot be compared.
    Each image goes through the network alone, so its row does not depend on the others.

    Source: Tan, Le (2019): EfficientNet. ICML 2019, PMLR 97.

    Examples
    --------
    >>> from PIL import Image
    >>> table = embed([Image.new("RGB", (40, 30), color) for color in ("red", "maroon", "blue")])
    >>> table.shape
    (3, 1280)
    >>> cosines = table @ table.T
    >>> bool(cosines.loc["image 0", "image 1"] > cosines.loc["image 0", "image 2"])
    True
    """
    from tidymedia.models.bundled import BUNDLED
    from tidymedia.models.choice import choose_model
    from tidymedia.models.image_embedding import load_embedder
    from tidymedia.models.onnx_file import NORMALIZATIONS

    if normalization not in NORMALIZATIONS:
        raise UsageError(f"There is no normalization {normalization!r}.", f"Write one of: {', '.join(NORMALIZATIONS)}.")
    sources = list_images(images)
    labels = image_names(sources) if names is None else [str(name) for name in one_each(names, sources, "names")]
    if len(set(labels)) < len(labels):
        raise UsageError("Two images have the same name.", "Give each image a name of its own.")
    chosen = choose_model(model, "embeddings", default=BUNDLED["efficientnet_lite2"])
    embedder = load_embedder(chosen, normalization=normalization)
    size = THUMB if chosen.origin == "bundled" else ANALYSIS
    vectors = np.empty((len(sources), embedder.dimensions), np.float32)
    for row, source in enumerate(sources):
        vectors[row] = embedder.vector(small_picture(source, size))

    import pandas as pd

    return pd.DataFrame(vectors, index=labels)
