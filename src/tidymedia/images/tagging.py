"""What one image shows, as labels with scores."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from tidymedia.errors import UsageError
from tidymedia.images.small_picture import small_picture
from tidymedia.media.picture import ANALYSIS, THUMB
from tidymedia.models.bundled import BUNDLED
from tidymedia.models.choice import choose_model
from tidymedia.models.onnx_file import NORMALIZATIONS
from tidymedia.models.own_labels import EXAMPLES, TEMPLATE, check_labels

if TYPE_CHECKING:
    import pandas as pd

    from tidymedia.images.opening import ImageSource

__all__ = ["tag"]

_TOP: Final = 5


def tag(
    image: ImageSource,
    top: int | None = None,
    *,
    min_score: float = 0.0,
    model: str = "",
    labels: Sequence[str] = (),
    template: str = TEMPLATE,
    normalization: str = "imagenet",
) -> pd.DataFrame:
    """Say what an image shows: the labels of a network that fit it best.

    For a folder of images use the extractor ``tags`` (``tidymedia analyze --with tags``); it gives the same labels.

    Parameters
    ----------
    image : ImageSource
        A path, an address, bytes, an open file, a PIL image or an array.
    top : int or None, default None
        How many labels at most; None for 5, or for all where you give labels of your own.
    min_score : float, default 0.0
        Labels with a smaller score are left out, 0 to 1.
    model : str, default ""
        The network. Empty for EfficientNet-Lite2 with the 1,000 classes of ImageNet, which comes with the package. Else
        a model of the Hugging Face hub as ``owner/name``, a folder with one, or an ONNX file (``name.onnx`` with
        ``name.labels.txt`` beside it). Models of the hub are fetched beforehand with ``tidymedia models fetch``.
    labels : sequence of str, default ()
        Labels of your own, such as ``["protest", "police"]``; needs a model that compares pictures with texts: CLIP or
        SigLIP.
    template : str, default "a photo of {}"
        The text in which a label of your own is put, for ``{}``.

    normalization : {"imagenet", "half", "unit", "none"}, default "imagenet"
        How the network in an ONNX file wants the values of pixels: with mean and spread of ImageNet, from -1 to 1,
        from 0 to 1, or from 0 to 255. A wrong one gives wrong labels without an error.

    Returns
    -------
    pandas.DataFrame
        One row a label, the best first: ``rank`` (from 0), ``label``, ``wordnet_id`` (the synset in WordNet 3.0;
        missing where the labels are not those of ImageNet) and ``score`` (0 to 1).

    Raises
    ------
    UsageError
        Where an argument is out of its range, or the model is not there or cannot do what is asked for.
    MediumError
        Where the image cannot be opened.

    Notes
    -----
    The network names the nearest of the labels that it knows, whether or not one of them is right, and a score is no
    probability of being right. Classes that exclude each other share a score of 1 (softmax); so do your own labels
    with CLIP. With SigLIP, and with models trained for several labels a picture, each label has its own (sigmoid).

    EfficientNet-Lite2 sees the whole picture, stretched to 260 x 260 pixels: small things are not seen. A model of the
    hub sees what its own preparation leaves of the picture, which can be the middle square alone.

    Source: examples 14.15 to 14.19 of the textbook, section 14.4.3, with another network.

    Examples
    --------
    >>> import numpy as np
    >>> table = tag(np.zeros((60, 80, 3), dtype=np.uint8), top=3)
    >>> table.columns.tolist(), len(table)
    (['rank', 'label', 'wordnet_id', 'score'], 3)
    """
    from tidymedia.models.tagging import load_tagger

    if top is not None and (isinstance(top, bool) or not isinstance(top, (int, np.integer)) or top < 1):
        raise UsageError(f"top={top!r} is out of range.", "Write a whole number of 1 or more.")
    if isinstance(min_score, bool) or not isinstance(min_score, (int, float, np.number)) or not 0 <= min_score <= 1:
        raise UsageError(f"min_score={min_score!r} is out of range.", "Write a number from 0 to 1.")
    if isinstance(labels, str):
        raise UsageError(f"labels={labels!r} is one text.", f'Give a list, such as ["{labels}", "something else"].')
    if normalization not in NORMALIZATIONS:
        raise UsageError(f"There is no normalization {normalization!r}.", f"Write one of: {', '.join(NORMALIZATIONS)}.")
    own = check_labels(labels, template)
    if own and not model:
        raise UsageError(
            "Labels of your own need a model that compares pictures with texts, such as CLIP; none comes with "
            "tidymedia.",
            f'Fetch one with: tidymedia models fetch {EXAMPLES[0]}; then give model="{EXAMPLES[0]}".',
        )
    chosen = choose_model(model, "tags", default=BUNDLED["efficientnet_lite2"])
    tagger = load_tagger(chosen, own, template, normalization)
    size = THUMB if chosen.origin == "bundled" else ANALYSIS
    best = tagger.best(small_picture(image, size), top or len(own) or _TOP, min_score)

    import pandas as pd

    return pd.DataFrame(
        {
            "rank": pd.Series(range(len(best)), dtype="int64"),
            "label": pd.Series([found.label.name for found in best], dtype="str"),
            "wordnet_id": pd.Series([found.label.wordnet_id for found in best], dtype="str"),
            "score": pd.Series([found.score for found in best], dtype="float64"),
        }
    )
