"""Hashes that are close for pictures that look alike, and the distance between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tidymedia.errors import UsageError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL import Image

__all__ = [
    "average_hash",
    "difference_hash",
    "hamming_distance",
    "is_flat",
    "perceptual_hash",
    "vertical_difference_hash",
]

_SIDE: Final = 8
_WAVE_SIDE: Final = 32
_FLAT_BELOW: Final = 2.0
_HEX_DIGITS: Final = frozenset("0123456789abcdefABCDEF")


def average_hash(image: Image.Image) -> str:
    """Hash a picture by which parts are brighter than its mean.

    Its luma is reduced to 8 x 8 (Lanczos); each bit says whether one of these is above their mean, row by
    row from the top left.

    Parameters
    ----------
    image : PIL.Image.Image
        The picture, mode RGB or L.

    Returns
    -------
    str
        64 bits as 16 hexadecimal digits, the same as ``imagehash.average_hash`` gives for this image.

    Examples
    --------
    >>> from PIL import Image
    >>> image = Image.new("L", (8, 8))
    >>> image.paste(255, (0, 0, 8, 4))
    >>> average_hash(image)
    'ffffffff00000000'
    """
    levels = _luma(image, _SIDE, _SIDE)
    return _to_hex(levels > levels.mean())


def difference_hash(image: Image.Image) -> str:
    """Hash a picture by where it gets brighter from left to right.

    Its luma is reduced to 9 x 8 (Lanczos); each bit says whether one of these is brighter than the one to
    its left.

    Parameters
    ----------
    image : PIL.Image.Image
        The picture, mode RGB or L.

    Returns
    -------
    str
        64 bits as 16 hexadecimal digits, the same as ``imagehash.dhash`` gives for this image.

    Examples
    --------
    >>> from PIL import Image
    >>> difference_hash(Image.linear_gradient("L").rotate(90))
    'ffffffffffffffff'
    """
    levels = _luma(image, _SIDE + 1, _SIDE)
    return _to_hex(levels[:, 1:] > levels[:, :-1])


def vertical_difference_hash(image: Image.Image) -> str:
    """Hash a picture by where it gets brighter from top to bottom.

    Its luma is reduced to 8 x 9 (Lanczos); each bit says whether one of these is brighter than the one above it.

    Parameters
    ----------
    image : PIL.Image.Image
        The picture, mode RGB or L.

    Returns
    -------
    str
        64 bits as 16 hexadecimal digits, the same as ``imagehash.dhash_vertical`` gives for this image.

    Examples
    --------
    >>> from PIL import Image
    >>> vertical_difference_hash(Image.linear_gradient("L"))
    'ffffffffffffffff'
    """
    levels = _luma(image, _SIDE, _SIDE + 1)
    return _to_hex(levels[1:, :] > levels[:-1, :])


def perceptual_hash(image: Image.Image) -> str:
    """Hash a picture by its coarse waves of light and dark.

    Its luma is reduced to 32 x 32 (Lanczos) and turned into waves by the discrete cosine transform (type
    II); each bit says whether one of the 8 x 8 longest waves is stronger than their median.

    Parameters
    ----------
    image : PIL.Image.Image
        The picture, mode RGB or L.

    Returns
    -------
    str
        64 bits as 16 hexadecimal digits, the same as ``imagehash.phash`` gives for this image, but where a
        wave equals the median up to rounding: there imagehash's bit depends on the last digit of a float
        and ours is 0.

    Examples
    --------
    >>> from PIL import Image
    >>> perceptual_hash(Image.new("L", (40, 30), 128))
    '8000000000000000'
    """
    import numpy as np

    levels = _luma(image, _WAVE_SIDE, _WAVE_SIDE).astype(np.float64)
    order = np.arange(_SIDE)[:, None]
    basis = 2 * np.cos(np.pi * order * (2 * np.arange(_WAVE_SIDE) + 1) / (2 * _WAVE_SIDE))
    # Rounded, so that a wave that is absent is exactly zero on every machine.
    waves = np.round(basis @ levels @ basis.T, 6)
    return _to_hex(waves > np.median(waves))


def is_flat(image: Image.Image) -> bool:
    """Say whether a picture is too uniform for its hashes to mean anything.

    Blank pages, black frames and plain backgrounds give bits that come from noise, or the same hash for
    all: their closeness is no sign of a copy.

    Parameters
    ----------
    image : PIL.Image.Image
        The picture, mode RGB or L.

    Returns
    -------
    bool
        True where the standard deviation of its luma, reduced to 32 x 32, is below 2 of 255 gray levels.

    Examples
    --------
    >>> from PIL import Image
    >>> is_flat(Image.new("RGB", (40, 30), "white")), is_flat(Image.linear_gradient("L"))
    (True, False)
    """
    return bool(_luma(image, _WAVE_SIDE, _WAVE_SIDE).std() < _FLAT_BELOW)


def hamming_distance(first: str, second: str) -> int:
    """Count the bits in which two hashes differ.

    Parameters
    ----------
    first, second : str
        Hashes of the same kind in hexadecimal digits.

    Returns
    -------
    int
        0 for the same hash, 64 at most for hashes of 64 bits; two that have nothing in common differ in
        about 32.

    Raises
    ------
    UsageError
        Where the hashes differ in length or hold anything but hexadecimal digits.

    Examples
    --------
    >>> hamming_distance("ffffffff00000000", "ffffffff00000003")
    2
    """
    for given in (first, second):
        if not given or not set(given) <= _HEX_DIGITS:
            raise UsageError(
                f"{given!r} is no hash.",
                "A hash has 16 hexadecimal digits; a spreadsheet may have turned it into a number.",
            )
    if len(first) != len(second):
        raise UsageError(f"The hashes {first} and {second} differ in length.", "Compare hashes of the same column.")
    return (int(first, 16) ^ int(second, 16)).bit_count()


def _luma(image: Image.Image, width: int, height: int) -> NDArray[np.uint8]:
    """Reduce a picture to a few gray levels."""
    import numpy as np
    from PIL import Image

    gray = image if image.mode == "L" else image.convert("L")
    return np.asarray(gray.resize((width, height), Image.Resampling.LANCZOS))


def _to_hex(bits: NDArray[np.bool_]) -> str:
    """Write bits as hexadecimal digits, the first bit the most significant."""
    import numpy as np

    return np.packbits(bits.ravel()).tobytes().hex()
