"""More examples from few: variants of pictures, each with the label of its picture."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from PIL import Image

from tidymedia.errors import UsageError
from tidymedia.images.augmentation_policy import AugmentationPolicy, read_policy
from tidymedia.images.levels import as_levels, from_levels
from tidymedia.images.opening import open_image
from tidymedia.images.several import list_images, one_each
from tidymedia.images.variant import make_variant
from tidymedia.media.color_conversion import to_rgb

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tidymedia.images.opening import ImageSource

__all__ = ["AugmentationPolicy", "augment"]

_KEPT_MODES: Final = ("L", "LA", "RGB", "RGBA")
_CHANNELS: Final = (1, 2, 3, 4)


def augment(
    images: ImageSource | Iterable[ImageSource],
    labels: Any = None,
    *,
    times: int = 5,
    seed: int = 0,
    policy: str | AugmentationPolicy = "standard",
    keep_originals: bool = True,
) -> Any:
    """Make a training set larger: turned, shifted, cropped, lighter and darker variants of its pictures.

    Divide your pictures into training and test set first, and augment the training set alone. A variant of
    a test picture in the training set makes a classifier look better than it is.

    Parameters
    ----------
    images : ImageSource, iterable of ImageSource, or ndarray
        Paths, addresses, PIL images, arrays; or one stack of shape (number, height, width, channels) or
        (number, height, width), of type uint8 or uint16, or floating point with levels from 0 to 1.
    labels : sequence, ndarray or pandas.Series, default None
        One label for each image, of any type; an array may have several columns.
    times : int, default 5
        Variants of each image, 1 or more.
    seed : int, default 0
        0 or more. The same seed gives the same variants.
    policy : str or AugmentationPolicy, default "standard"
        How far pictures may be changed: ``"light"``, ``"standard"``, ``"strong"``, or ``"text"`` for letters
        and digits, which are never mirrored; or your own :class:`tidymedia.AugmentationPolicy`.
    keep_originals : bool, default True
        Whether the images themselves are returned as well, each before its variants.

    Returns
    -------
    list or ndarray, or a tuple of it and the labels
        The images in their order: image 0, its variants, image 1, its variants, and so on, so there are
        ``times + 1`` for each (``times`` without the originals). A stack comes back as a stack of the same
        type and size; of several images, arrays come back as arrays and all else as PIL images. With labels,
        a tuple: images and labels, repeated in the same order. Arrays and Series stay such (a Series is
        numbered from 0); other labels become a list.

    Raises
    ------
    UsageError
        Where images and labels differ in number, or an argument is out of its range.
    MediumError
        Where an image cannot be opened; none is left out in silence.

    Notes
    -----
    What becomes of an image depends on its pixels, the seed and the number of the variant, never on the
    other images or its place among them: adding images changes nothing for those that were there. It follows
    that two copies of an image have the same variants. With other versions of NumPy or OpenCV, or on another
    processor, variants may differ slightly.

    Modes L, LA, RGB and RGBA are kept, as are 16 bits of gray and ICC profiles; all else becomes RGB or RGBA.
    Brightness, contrast and colour are changed on the stored levels, as Pillow's ``ImageEnhance`` does, and
    leave opacity alone. All is moved in one step, with linear interpolation by OpenCV.

    Source: Shorten, Khoshgoftaar (2019): A survey on image data augmentation for deep learning. Journal of Big
    Data 6:60; textbook section 14.3.

    Examples
    --------
    >>> digits = np.zeros((3, 28, 28), dtype=np.uint8)
    >>> more, labels = augment(digits, ["five", "zero", "four"], times=2, policy="text")
    >>> more.shape, more.dtype.name
    ((9, 28, 28), 'uint8')
    >>> labels
    ['five', 'five', 'five', 'zero', 'zero', 'zero', 'four', 'four', 'four']
    """
    _check_whole("times", times, 1)
    _check_whole("seed", seed, 0)
    rules = read_policy(policy)
    if isinstance(images, np.ndarray):
        _check_stack(images)
    sources = list_images(images)
    if labels is not None:
        labels = one_each(labels, sources, "labels")
    each = times + keep_originals
    more: Any
    if isinstance(images, np.ndarray):
        more = np.empty((len(images) * each, *images.shape[1:]), dtype=images.dtype)
        for place, image in enumerate(images):
            more[place * each : (place + 1) * each] = _of_array(image, times, seed, rules, keep_originals)
    else:
        more = []
        for source in sources:
            make = _of_array if isinstance(source, np.ndarray) else _of_image
            more.extend(make(source, times, seed, rules, keep_originals))  # type: ignore[arg-type]  # as just told
    return more if labels is None else (more, _repeated(labels, each))


def _of_array(
    image: NDArray[np.generic], times: int, seed: int, policy: AugmentationPolicy, keep: bool
) -> list[NDArray[np.generic]]:
    if not (image.ndim == 2 or (image.ndim == 3 and image.shape[2] in _CHANNELS)) or 0 in image.shape:
        raise UsageError(
            f"An array of shape {image.shape} is no image.",
            "Write (height, width) or (height, width, channels), with 1 to 4 channels and at least one pixel.",
        )
    levels = as_levels(image)
    variants = _variants(levels if levels.ndim == 3 else levels[..., None], times, seed, policy)
    made = [from_levels(variant, image.dtype).reshape(image.shape) for variant in variants]
    return [image.copy(), *made] if keep else made


def _of_image(source: ImageSource, times: int, seed: int, policy: AugmentationPolicy, keep: bool) -> list[Image.Image]:
    image = _in_kept_mode(open_image(source))
    values = np.asarray(image)
    levels = as_levels(values)
    profile = image.info.get("icc_profile")
    made = []
    for variant in _variants(levels if levels.ndim == 3 else levels[..., None], times, seed, policy):
        changed = Image.fromarray(from_levels(variant, values.dtype).reshape(values.shape))
        if profile:
            changed.info["icc_profile"] = profile
        made.append(changed)
    return [image, *made] if keep else made


def _in_kept_mode(image: Image.Image) -> Image.Image:
    if image.mode in _KEPT_MODES or image.mode.startswith("I;16"):
        return image.copy()
    if image.mode == "1" and "transparency" not in image.info:
        return image.convert("L")
    if image.has_transparency_data or image.mode in ("La", "RGBa"):
        return image.convert("LA" if image.mode == "La" else "RGBA")
    return to_rgb(image, profile=image.info.get("icc_profile"))


def _variants(
    levels: NDArray[np.float32], times: int, seed: int, policy: AugmentationPolicy
) -> Iterable[NDArray[np.float32]]:
    # 16 bits, so that a picture is the same whether it came as whole or as floating-point numbers.
    content = hashlib.sha256(str(levels.shape).encode())
    content.update(np.rint(levels * np.float32(65_535)).astype("<u2").tobytes())
    known = int.from_bytes(content.digest()[:16], "big")
    for number in range(times):
        yield make_variant(levels, policy, np.random.default_rng([seed, number, known]))


def _repeated(labels: Any, each: int) -> Any:
    if isinstance(labels, np.ndarray):
        return np.repeat(labels, each, axis=0)
    places = np.repeat(np.arange(len(labels)), each)
    if hasattr(labels, "iloc"):
        return labels.iloc[places].reset_index(drop=True)
    repeated: Sequence[Any] = [labels[place] for place in places]
    return repeated


def _check_stack(images: NDArray[np.generic]) -> None:
    if images.ndim == 3 and images.shape[2] in _CHANNELS:
        raise UsageError(
            f"An array of shape {images.shape} is one image, not a stack.", "Write images[None] for a stack of one."
        )
    if images.ndim not in (3, 4):
        raise UsageError(
            f"An array of shape {images.shape} is no stack of images.",
            "Bring it to (number, height, width) or (number, height, width, channels): flat digits of 784 numbers "
            "with images.reshape(-1, 28, 28).",
        )


def _check_whole(name: str, value: object, least: int) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least:
        raise UsageError(f"{name}={value!r} is out of range.", f"Write a whole number of {least} or more.")
