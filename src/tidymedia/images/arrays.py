"""Images as arrays of numbers, in the colour model that is asked for, and back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
from PIL import Image

from tidymedia.errors import UsageError
from tidymedia.images.array_values import read_values, shaped
from tidymedia.images.color_levels import Levels, deep_levels, shallow_levels
from tidymedia.images.color_models import channel_count, levels_from_model, model_from_levels, whole
from tidymedia.images.fitting import check_fit, fitted
from tidymedia.images.opening import ImageSource, open_image
from tidymedia.images.result_size import check_result, read_pair
from tidymedia.images.several import list_images
from tidymedia.media.color_conversion import background_color

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["Mode", "from_array", "stack", "to_array"]

Mode: TypeAlias = Literal["L", "RGB", "RGBA", "CMYK", "HSV", "LAB", "RYB"]
"""A colour model of arrays."""

_LUMA = (299, 587, 114)


def to_array(
    image: ImageSource,
    mode: Mode = "RGB",
    *,
    scale: bool = False,
    flat: bool = False,
    background: str = "#ffffff",
    deep: bool = False,
) -> NDArray[Any]:
    """Turn an image into an array of numbers.

    | mode | channels | ``uint8`` | ``scale=True`` |
    | --- | --- | --- | --- |
    | L | gray | 0 black to 255 white | 0 to 1 |
    | RGB | red, green, blue | 0 to 255 | 0 to 1 |
    | RGBA | and opacity | 0 clear to 255 opaque | 0 to 1 |
    | CMYK | cyan, magenta, yellow, key | 0 no ink to 255 full | 0 to 1 |
    | HSV | hue, saturation, value | 255 is once around the circle of hues | 0 to 1; hue times 360: degrees |
    | LAB | ``L*``, ``a*``, ``b*`` (CIE, D65) | ``L*`` x 2.55, ``a*`` + 128, ``b*`` + 128 | 0 to 100, -128 to 127 |
    | RYB | red, yellow, blue paint | 0 none to 255 full | 0 to 1 |

    Parameters
    ----------
    image : str, Path, bytes, file object, PIL.Image.Image or numpy.ndarray
        The image, or where it is (see ``tm.open_image``); an array is gray, RGB or RGBA.
    mode : {"RGB", "L", "RGBA", "CMYK", "HSV", "LAB", "RYB"}, default "RGB"
        The colour model of the result, whatever that of the image is.
    scale : bool, default False
        Whether to return ``float32`` instead of whole numbers: levels divided by the highest level, so from 0
        to 1, as networks want them; for ``"LAB"`` the numbers of the CIE.
    flat : bool, default False
        Whether to return one long row of numbers: pixel by pixel, row by row from the top left.
    background : str, default "#ffffff"
        Colour that transparent pixels are laid on, in all modes but ``"RGBA"``.
    deep : bool, default False
        Whether an image of more than 8 bits keeps them: ``uint16``, 0 to 65,535. These are gray of 16 bits, PNG
        and TIFF files with 16 bits a colour, and arrays of ``uint16``; HEIC and AVIF with 10 or 12 bits come in
        8. Levels are then those that are stored, without regard to an ICC profile. By default the upper 8 bits
        are kept.

    Returns
    -------
    numpy.ndarray
        Shape (height, width) for ``"L"``, else (height, width, channels): rows first, while sizes of images
        are (width, height). ``uint8``; ``float32`` where ``scale`` is set; ``uint16`` where ``deep`` finds
        more bits. A new array that may be changed.

    Raises
    ------
    UsageError
        Where there is no such mode or colour, or an array is no image.
    MediumError
        Where the image cannot be read.

    Notes
    -----
    All modes begin with sRGB: an ICC profile of the image is applied (relative colorimetric with black point
    compensation). Only ``"CMYK"`` of an image that is CMYK already gives its inks as stored. Gray is luma,
    0.299 R + 0.587 G + 0.114 B (ITU-R BT.601), the numbers of ``image.convert("L")``.

    - HSV: Smith (1978). Hue is a circle: its mean is no number to report, and grays have hue 0, as red has.
      In 8 bits it equals ``image.convert("HSV")`` but for rounding, where Pillow cuts off.
    - LAB: CIE 1976 ``L*a*b*`` under D65, the white of sRGB, as in scikit-image and unlike Pillow's mode LAB and ICC
      profiles, which have D50. Distances in it are close to what people see.
    - CMYK: an idealised press with as much black as possible; no profile of a printer.
    - RYB: the painter's colour wheel after Sugita and Takahashi (2017); see
      ``tidymedia.images.ryb``.

    Over all 16.7 million colours, scaled arrays come back exactly by ``tm.from_array`` (gray has no colours to
    bring back), and so does CMYK in 8 bits; HSV comes back within 3 levels, RYB within 2, and LAB within 26 in
    single dark saturated colours (0.65 on average).

    Source: van Atteveldt, Trilling and Arcila Calderón (2022), Computational Analysis of
    Communication, section 14.3, examples 14.2 and 14.3.

    Examples
    --------
    >>> import tidymedia as tm
    >>> from PIL import Image
    >>> orange = Image.new("RGB", (4, 3), (255, 128, 0))
    >>> tm.to_array(orange).shape, tm.to_array(orange, "L").shape
    ((3, 4, 3), (3, 4))
    >>> tm.to_array(orange, "LAB", scale=True)[0, 0].round(1)
    array([67.1, 42.8, 74. ], dtype=float32)
    >>> tm.to_array(orange, "RYB")[0, 0].tolist()
    [253, 255, 0]
    """
    channel_count(mode)
    background_color(background)
    opened = deep_levels(image) if deep else open_image(image)
    if isinstance(opened, Image.Image):
        if mode == "CMYK" and opened.mode == "CMYK":
            return _finished(np.array(opened), scale, flat)
        if mode == "L" and opened.mode == "L" and not opened.info.keys() & {"icc_profile", "transparency"}:
            return _finished(np.array(opened), scale, flat)
        levels = shallow_levels(opened)
    else:
        levels = opened
    if mode == "L":
        return _finished(_luma(levels.over(background)), scale, flat)
    if mode == "RGBA":
        return _finished(_with_alpha(levels), scale, flat)
    rgb = _three(levels.over(background))
    if mode == "RGB":
        return _finished(rgb, scale, flat)
    converted = model_from_levels(rgb, mode, scale=scale)
    return converted.ravel() if flat else converted


def from_array(
    array: ArrayLike,
    mode: Mode = "RGB",
    *,
    scaled: bool | None = None,
    size: tuple[int, int] | None = None,
) -> Image.Image:
    """Turn an array of numbers into an image: the way back from ``tm.to_array``.

    Parameters
    ----------
    array : array_like
        Shape (height, width) or (height, width, 1) for ``"L"``, else (height, width, channels); or flat, with
        ``size``.
    mode : {"RGB", "L", "RGBA", "CMYK", "HSV", "LAB", "RYB"}, default "RGB"
        The colour model of the array.
    scaled : bool or None, default None
        Whether the numbers are those of ``to_array(..., scale=True)``: from 0 to 1, for ``"LAB"`` those of the
        CIE. None for yes where they are floating-point numbers, and no where they are whole. With False,
        floating-point numbers are levels from 0 to 255 and are rounded.
    size : tuple of int or None, default None
        Width and height of a flat array.

    Returns
    -------
    PIL.Image.Image
        Mode L, RGB, RGBA or CMYK as the array is; I;16 for ``"L"`` of ``uint16``. HSV, LAB and RYB become
        RGB, which every program can show; colours of LAB that sRGB does not have are cut to the nearest level.
        ``uint16`` in colour becomes 8 bits, since Pillow has no more.

    Raises
    ------
    UsageError
        Where the shape does not fit the mode, or a number is out of range, infinite or not a number.

    Examples
    --------
    >>> import numpy as np
    >>> import tidymedia as tm
    >>> from PIL import Image
    >>> teal = Image.new("RGB", (2, 2), (0, 128, 128))
    >>> tm.from_array(tm.to_array(teal, "LAB", scale=True), "LAB").getpixel((0, 0))
    (0, 128, 128)
    >>> tm.from_array(np.zeros(784, dtype=np.uint8), "L", size=(28, 28)).size
    (28, 28)
    """
    values = read_values(shaped(np.asarray(array), mode, None if size is None else _sides(size)), mode, scaled)
    if mode in ("HSV", "LAB", "RYB"):
        return Image.fromarray(levels_from_model(values, mode))
    if np.issubdtype(values.dtype, np.floating):
        values = np.rint(values * 255).astype(np.uint8)
    if mode == "L":
        return Image.fromarray(np.ascontiguousarray(values[:, :, 0]))
    if values.dtype == np.uint16:
        values = (values >> 8).astype(np.uint8)
    height, width = values.shape[:2]
    return Image.frombytes(mode, (width, height), np.ascontiguousarray(values).tobytes())


def stack(
    images: ImageSource | Iterable[ImageSource],
    size: int | tuple[int, int],
    *,
    mode: Mode = "RGB",
    scale: bool = True,
    fit: Literal["square", "stretch", "pad"] = "square",
    channels: Literal["last", "first"] = "last",
    background: str = "#ffffff",
) -> NDArray[Any]:
    """Bring images to one size and stack them into one array, the input of a model.

    Parameters
    ----------
    images : list of images, or one image
        The images, or where they are (see ``tm.open_image``).
    size : int or tuple of int
        Side of the square, or width and height, in pixels. ImageNet networks mostly take 224.
    mode : {"RGB", "L", "RGBA", "CMYK", "HSV", "LAB", "RYB"}, default "RGB"
        The colour model, as in ``tm.to_array``.
    scale : bool, default True
        Whether to return ``float32`` (0 to 1, for ``"LAB"`` the numbers of the CIE) instead of ``uint8``.
        Networks that want other numbers say so; most subtract a mean and divide by a deviation besides.
    fit : {"square", "stretch", "pad"}, default "square"
        How an image of another shape fits. ``"square"`` cuts the largest part out of its middle that has the
        shape of ``size``, then resizes: nothing is distorted, the margins are lost (example 14.6 of the chapter).
        ``"stretch"`` presses the whole image into the size: all is there, and distorted (example 14.5).
        ``"pad"`` shrinks or enlarges the whole image until it fits, with a border of the background colour at
        two sides: all is there and undistorted, smaller, and a model may learn the border.
    channels : {"last", "first"}, default "last"
        Where the channels stand: last as in TensorFlow and Keras, first as in PyTorch and most ONNX networks.
    background : str, default "#ffffff"
        Colour behind transparent pixels, and of the border.

    Returns
    -------
    numpy.ndarray
        Shape (number, height, width, channels) or (number, channels, height, width); gray has one channel.
        Resampled bicubic, in the order of the images.

    Raises
    ------
    UsageError
        Where there are no images, or an argument makes no sense.
    MediumError
        Where an image cannot be read; the message names it. None is left out in silence.

    Examples
    --------
    >>> import tidymedia as tm
    >>> from PIL import Image
    >>> batch = tm.stack([Image.new("RGB", (40, 30)), Image.new("L", (20, 50))], 224)
    >>> batch.shape, str(batch.dtype)
    ((2, 224, 224, 3), 'float32')
    """
    count = channel_count(mode)
    check_fit(fit)
    width, height = _sides(size)
    if channels not in ("last", "first"):
        raise UsageError(f"channels={channels!r} is not known.", 'Choose "last" or "first".')
    base: Mode = mode if mode in ("L", "RGBA", "CMYK") else "RGB"
    border = _border(base, background)
    listed = list_images(images)
    stacked = np.empty((len(listed), height, width, count), dtype=np.float32 if scale else np.uint8)
    for place, source in enumerate(listed):
        image = from_array(to_array(source, base, background=background), base)
        array = to_array(fitted(image, (width, height), fit, border), mode, scale=scale)
        stacked[place] = array.reshape(height, width, count)
    return stacked if channels == "last" else np.ascontiguousarray(np.moveaxis(stacked, -1, 1))


def _finished(levels: NDArray[Any], scale: bool, flat: bool) -> NDArray[Any]:
    if scale:
        levels = (levels / whole(levels)).astype(np.float32)
    return levels.ravel() if flat else levels


def _three(color: NDArray[Any]) -> NDArray[Any]:
    return np.repeat(color[:, :, None], 3, axis=2) if color.ndim == 2 else color


def _with_alpha(levels: Levels) -> NDArray[Any]:
    color = _three(levels.color)
    alpha = np.full(color.shape[:2], whole(color), dtype=color.dtype) if levels.alpha is None else levels.alpha
    return np.dstack([color, alpha])


def _luma(color: NDArray[Any]) -> NDArray[Any]:
    if color.ndim == 2:
        return color
    if color.dtype == np.uint8:
        return np.array(Image.fromarray(color).convert("L"))
    weighted = sum(color[:, :, channel].astype(np.uint32) * weight for channel, weight in enumerate(_LUMA))
    gray: NDArray[Any] = ((weighted + np.uint32(500)) // np.uint32(1000)).astype(color.dtype)
    return gray


def _sides(size: int | tuple[int, int]) -> tuple[int, int]:
    width, height = read_pair((size, size) if isinstance(size, int | np.integer) else size)
    if width is None or height is None:
        raise UsageError(f"{size!r} is no size.", "Give (width, height) in pixels, such as (224, 224).")
    check_result(width, height)
    return width, height


def _border(base: Mode, background: str) -> int | tuple[int, ...]:
    spot = Image.new("RGBA" if base == "RGBA" else "RGB", (1, 1), background_color(background))
    color = to_array(spot, base)[0, 0]
    return int(color) if color.ndim == 0 else tuple(int(level) for level in color)
