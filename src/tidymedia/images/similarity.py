"""How alike a few images are, each with each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Final, Literal, get_args

import numpy as np

from tidymedia.errors import UsageError
from tidymedia.images.miniature import miniature
from tidymedia.images.opening import open_image
from tidymedia.images.perceptual_hash import average_hash, difference_hash, is_flat, perceptual_hash
from tidymedia.images.several import image_names, list_images, one_each
from tidymedia.media.color_conversion import to_rgb

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray
    from PIL import Image

    from tidymedia.images.opening import ImageSource

__all__ = ["Measure", "similarity"]

Measure = Literal["cosine", "average_hash", "difference_hash", "perceptual_hash", "embedding"]
"""What is compared."""

_HASHES: Final[dict[str, Callable[[Image.Image], str]]] = {
    "average_hash": average_hash,
    "difference_hash": difference_hash,
    "perceptual_hash": perceptual_hash,
}
_BITS: Final = 64
_MOST_IMAGES: Final = 2_000
_LARGEST_SIZE: Final = 224


def similarity(
    images: Iterable[ImageSource],
    measure: Measure = "cosine",
    *,
    size: int = 15,
    centered: bool = False,
    names: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Compare each of a few images with each other.

    For many images, or to find copies in a folder, use :meth:`tidymedia.Study.duplicates`: it does not compare
    all with all.

    Parameters
    ----------
    images : iterable of ImageSource, or ndarray
        Paths, addresses, PIL images or arrays, or one stack of arrays; 2,000 at most.
    measure : {"cosine", "average_hash", "difference_hash", "perceptual_hash", "embedding"}, default "cosine"
        What is compared. ``"cosine"``: colours and their places. The middle square of each image is brought to
        224 x 224 and then to ``size`` x ``size`` pixels; the measure is the cosine of the angle between the rows
        of numbers (red, green, blue of each pixel). The hashes: light and dark in the whole image; the measure
        is 1 minus the share of 64 bits that differ, so ``(1 - similarity) * 64`` is the Hamming distance.
        ``"embedding"``: things and scenes; the cosine of what the bundled network EfficientNet-Lite2 sees.
    size : int, default 15
        Pixels of a side for ``"cosine"``, 1 to 224.
    centered : bool, default False
        Whether to subtract from each image's numbers their mean before the cosine, which makes it Pearson's
        correlation. Without, unrelated pictures look alike; see the notes.
    names : sequence of str, default None
        A name for each image. Without, file names, with the folders that tell them apart; ``"image 0"`` for
        images that have none.

    Returns
    -------
    pandas.DataFrame
        Square and symmetric, with the names as its rows and columns. All go from 0 to 1, but ``"cosine"`` from
        -1 to 1 if centered; hashes of unrelated images have about half of their bits in common. Missing
        where an image has nothing to compare: a black one (centered: one of a single level) has no angle, and a
        plain one (``is_flat`` of the table ``hashes``) no meaningful hash.

    Raises
    ------
    UsageError
        Where there are too many images, or an argument is unknown or out of its range.
    MediumError
        Where an image cannot be opened; none is left out in silence.

    Notes
    -----
    Levels are never negative, so all angles are small and the cosine of unrelated pictures is high. Among the 36
    pairs of the 9 photographs of the sample media, all of different things, the median is 0.80 (0.66 to 0.91);
    centered, it is 0.21 (-0.11 to 0.61); of ``"embedding"``, 0.27 (0.10 to 0.37). Read the cosine as a rank, or
    use ``centered=True``. A threshold for "the same picture" has to come from pictures that you have looked at.
    All but ``"embedding"`` know nothing of what is in a picture.

    The cosine is that of example 14.8 in section 14.3 of the textbook, and takes the levels as the file has them;
    transparent parts are laid on white. Hashes and the network see colours as a viewer would show them; in a
    study they are made of a reduced picture, and can differ slightly from these.

    Examples
    --------
    >>> from PIL import Image
    >>> evening, morning = Image.new("RGB", (40, 30), (200, 80, 0)), Image.new("RGB", (30, 40), (0, 80, 200))
    >>> similarity([evening, morning], names=["evening", "morning"]).round(3)
             evening  morning
    evening    1.000    0.138
    morning    0.138    1.000
    """
    if measure not in get_args(Measure):
        raise UsageError(f"There is no measure {measure!r}.", f"Write one of {', '.join(get_args(Measure))}.")
    if isinstance(size, bool) or not isinstance(size, int) or not 1 <= size <= _LARGEST_SIZE:
        raise UsageError(f"size={size!r} is out of range.", f"Write a whole number from 1 to {_LARGEST_SIZE}.")
    if centered and measure != "cosine":
        raise UsageError(f"centered=True has no meaning for {measure!r}.", 'Leave it out, or choose "cosine".')
    sources = list_images(images)
    if len(sources) > _MOST_IMAGES:
        raise UsageError(
            f"{len(sources):,} images are too many to compare each with each; {_MOST_IMAGES:,} is the limit.",
            "Make a study of them and use its duplicates method.",
        )
    labels = _labels(names, sources)
    if measure == "embedding":
        values = _cosines_of_features(sources)
    elif measure == "cosine":
        values = _cosines(sources, size, centered)
    else:
        values = _shared_bits(sources, _HASHES[measure])

    import pandas as pd

    return pd.DataFrame(values, index=labels, columns=labels)


def _labels(names: Sequence[str] | None, sources: Sequence[ImageSource]) -> list[str]:
    if names is None:
        return image_names(sources)
    labels = [str(name) for name in one_each(names, sources, "names")]
    if len(set(labels)) < len(labels):
        raise UsageError("Two images have the same name.", "Give each image a name of its own.")
    return labels


def _cosines(sources: Sequence[ImageSource], size: int, centered: bool) -> NDArray[np.float64]:
    vectors = np.empty((len(sources), size * size * 3))
    for row, source in enumerate(sources):
        vectors[row] = miniature(to_rgb(open_image(source)), size)
    if centered:
        vectors -= vectors.mean(axis=1, keepdims=True)
    return _angles(vectors)


def _cosines_of_features(sources: Sequence[ImageSource]) -> NDArray[np.float64]:
    from tidymedia.models.image_features import image_features

    return _angles(image_features((_as_seen(source) for source in sources), normalize=False).astype(np.float64))


def _angles(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    lengths = np.sqrt((vectors**2).sum(axis=1))
    # What is left of a single level after centering is rounding, not a direction.
    vectors = vectors / np.where(lengths > 1e-6, lengths, np.nan)[:, None]
    values = np.clip(vectors @ vectors.T, -1, 1)
    # An image is equal to itself, whatever rounding says.
    np.fill_diagonal(values, np.where(np.isnan(vectors[:, 0]), np.nan, 1.0))
    return values


def _shared_bits(sources: Sequence[ImageSource], make_hash: Callable[[Image.Image], str]) -> NDArray[np.float64]:
    hashes = np.zeros(len(sources), dtype=np.uint64)
    plain = np.zeros(len(sources), dtype=bool)
    for row, source in enumerate(sources):
        rgb = _as_seen(source)
        hashes[row], plain[row] = int(make_hash(rgb), 16), is_flat(rgb)
    values: NDArray[np.float64] = 1 - np.bitwise_count(hashes[:, None] ^ hashes[None, :]) / _BITS
    values[plain] = values[:, plain] = np.nan
    return values


def _as_seen(source: ImageSource) -> Image.Image:
    image = open_image(source)
    return to_rgb(image, profile=image.info.get("icc_profile"))
