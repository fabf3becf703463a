"""Several images in hand, and their names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set, Sized
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import numpy as np
from PIL import Image

from tidymedia.errors import UsageError

if TYPE_CHECKING:
    from tidymedia.images.opening import ImageSource

__all__ = ["image_names", "is_one_image", "list_images", "one_each"]

_CHANNELS = (1, 2, 3, 4)


def is_one_image(images: object) -> bool:
    """Say whether something is a single image rather than several.

    Parameters
    ----------
    images : object
        What a user handed over.

    Returns
    -------
    bool
        True for a path, an address, bytes, a file object, a PIL image, and an array of one image: with two
        dimensions, or with three of which the last has 1 to 4 channels.

    Examples
    --------
    >>> is_one_image("photo.jpg"), is_one_image(["photo.jpg"]), is_one_image(np.zeros((10, 28, 28)))
    (True, False, False)
    """
    if isinstance(images, np.ndarray):
        return images.ndim == 2 or (images.ndim == 3 and images.shape[2] in _CHANNELS)
    return isinstance(images, (str, Path, bytes, bytearray, memoryview, Image.Image)) or hasattr(images, "read")


def list_images(images: ImageSource | Iterable[ImageSource]) -> list[ImageSource]:
    """Make a list of what may be one image or several.

    Parameters
    ----------
    images : ImageSource or iterable of ImageSource
        One image, several, or a stacked array of shape (number, height, width) or
        (number, height, width, channels).

    Returns
    -------
    list of ImageSource
        The images, at least one.

    Raises
    ------
    UsageError
        Where there is no image, they have no order, or an array has another shape.

    Examples
    --------
    >>> len(list_images("photo.jpg")), len(list_images(np.zeros((10, 28, 28), dtype=np.uint8)))
    (1, 10)
    """
    if isinstance(images, np.ndarray) and images.ndim not in (2, 3, 4):
        raise UsageError(
            f"An array of shape {images.shape} holds no images.",
            "Write (height, width), (height, width, channels), or a stack of these with their number first.",
        )
    if is_one_image(images):
        return [images]  # type: ignore[list-item]  # is_one_image has just told that it is one
    if hasattr(images, "columns"):
        raise UsageError("A table is no list of images.", 'Give the column with the paths, such as table["path"].')
    if isinstance(images, Set):
        raise UsageError("A set of images has no order.", "Give a list, such as sorted(images).")
    if not isinstance(images, Iterable):
        raise UsageError(f"{images!r} is no image.", "Give paths, images or arrays, one or several.")
    listed: list[ImageSource] = list(images)  # type: ignore[arg-type]  # a file object was told above
    if not listed:
        raise UsageError("There are no images.", "Give at least one; was the folder or pattern right?")
    return listed


def image_names(images: Sequence[ImageSource]) -> list[str]:
    """Name images so that no two names are the same.

    Parameters
    ----------
    images : sequence of ImageSource
        The images.

    Returns
    -------
    list of str
        File names where images have one, with as many folders before them as are needed to tell them apart;
        ``"image 0"``, ``"image 1"`` by their place for those without. The same file twice: `` (2)`` is added.

    Examples
    --------
    >>> image_names(["anna/image.jpg", "ben/image.jpg", "ben/other.jpg"])
    ['anna/image.jpg', 'ben/image.jpg', 'other.jpg']
    """
    parts = [_parts(image) or (f"image {place}",) for place, image in enumerate(images)]
    lengths = [1] * len(parts)
    while True:
        names = ["/".join(path[-length:]) for path, length in zip(parts, lengths, strict=True)]
        counts = Counter(names)
        longer = [
            place
            for place, name in enumerate(names)
            if counts[name] > 1 and lengths[place] < len(parts[place]) and _differ(parts, names, name)
        ]
        if not longer:
            return _numbered(names)
        for place in longer:
            lengths[place] += 1


def _differ(parts: list[tuple[str, ...]], names: list[str], name: str) -> bool:
    return len({path for path, other in zip(parts, names, strict=True) if other == name}) > 1


def _numbered(names: list[str]) -> list[str]:
    taken: set[str] = set()
    unique = []
    for name in names:
        candidate, number = name, 1
        while candidate in taken or (number > 1 and candidate in names):
            number += 1
            candidate = f"{name} ({number})"
        taken.add(candidate)
        unique.append(candidate)
    return unique


def _parts(image: ImageSource) -> tuple[str, ...]:
    """Return the parts of the path of an image; nothing where it has no path."""
    source: object = image
    if not isinstance(image, (str, Path, bytes, np.ndarray)):
        source = getattr(image, "filename", None) or getattr(image, "name", None)
    if isinstance(source, Path):
        return tuple(part for part in source.parts if part != source.anchor)
    if not isinstance(source, str) or not source:
        return ()
    if "://" in source:
        address = urlsplit(source)
        path = PurePosixPath(unquote(address.path))
        return tuple(part for part in (address.netloc, *path.parts) if part and part != "/") or (source,)
    path_on_disk = Path(source)
    return tuple(part for part in path_on_disk.parts if part != path_on_disk.anchor)


def one_each(values: object, images: Sequence[object], what: str) -> Any:
    """Refuse names, titles or labels that are not one for each image, in their order.

    Parameters
    ----------
    values : sequence, iterable, array or pandas.Series
        What there should be one of for each image.
    images : sequence
        The images.
    what : str
        What they are called, such as ``"labels"``.

    Returns
    -------
    sequence, array or pandas.Series
        The values; a list where they had no length.

    Raises
    ------
    UsageError
        Where their number differs, or they have no order.

    Examples
    --------
    >>> one_each(("a", "b"), ["1.jpg", "2.jpg"], "labels")
    ('a', 'b')
    """
    if isinstance(values, (str, bytes, Set, Mapping)) or not isinstance(values, Iterable):
        raise UsageError(
            f"{what}={values!r} are no list of {what}.", f"Give a list with one of the {what} for each image, in order."
        )
    given = values if isinstance(values, Sized) else list(values)
    if len(given) != len(images):
        raise UsageError(
            f"There are {len(images)} images but {len(given)} {what}.", f"Give one of the {what} for each image."
        )
    return given
