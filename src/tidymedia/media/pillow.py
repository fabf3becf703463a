"""Every call into Pillow goes through here: its limits are ours, its errors become ours."""

from __future__ import annotations

import logging
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from PIL import Image

from tidymedia.errors import BrokenFileError, OverLimitError, UnsupportedError
from tidymedia.media.file_errors import file_error
from tidymedia.media.settings import Limits

__all__ = ["check_pixels", "open_image", "pillow_errors"]

# What Pillow's plug-ins raise on damaged files: they parse headers with plain Python.
_DAMAGE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    RecursionError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)

# EPS would start Ghostscript; the others can be recognised by Pillow but not decoded by it.
_LEFT_OUT = frozenset({"BUFR", "EPS", "GRIB", "HDF5", "MPEG", "WMF"})


# What Pillow logs about damaged files is in our errors; without a handler Python writes it to the terminal.
logging.getLogger("PIL").addHandler(logging.NullHandler())


@contextmanager
def pillow_errors(name: str, limits: Limits, *, check: bool = True) -> Iterator[None]:
    """Turn what Pillow raises and warns about into our errors.

    Pillow keeps its limit against decompression bombs in a global variable; it is set to ours inside the
    block and put back after it. Not to be used by several threads at once, which no process of ours does.

    Parameters
    ----------
    name : str
        Name of the file, for messages.
    limits : Limits
        Limits of the study.
    check : bool, default True
        Whether Pillow checks sizes by itself; False where :func:`check_pixels` does it.

    Raises
    ------
    BrokenFileError
        Where the file is damaged.
    OverLimitError
        Where a picture in it has too many pixels, or needs more memory than there is.
    UnreadableError
        Where the system cannot read the file.
    """
    before = Image.MAX_IMAGE_PIXELS
    Image.MAX_IMAGE_PIXELS = limits.pixels if check else None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            yield
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels(name, "a picture in it has", limits) from error
    except MemoryError as error:
        raise OverLimitError(
            f"{name} needs more memory to decode than there is.",
            "Make the picture smaller, or run it on a machine with more memory.",
        ) from error
    except OSError as error:
        if error.errno is not None:
            raise file_error(name, error) from error
        raise _broken(name, error) from error
    except _DAMAGE as error:
        raise _broken(name, error) from error
    finally:
        Image.MAX_IMAGE_PIXELS = before


def open_image(stream: BinaryIO, name: str, limits: Limits) -> Image.Image:
    """Read the header of an image file, whatever its suffix says.

    Parameters
    ----------
    stream : BinaryIO
        The bytes, seekable; it stays open and belongs to the image from now on.
    name : str
        Name of the file, for messages.
    limits : Limits
        Limits of the study. Pixels are not checked here but by :func:`check_pixels`.

    Returns
    -------
    PIL.Image.Image
        The image, not decoded yet.

    Raises
    ------
    BrokenFileError
        Where the header is damaged, or is none of an image.
    UnsupportedError
        Where the format is known but cannot be decoded here.
    """
    stream.seek(0)
    head = stream.read(16)
    stream.seek(0)
    if head[4:8] == b"ftyp":
        _register_heif()
    Image.init()
    formats = [known for known in Image.ID if known not in _LEFT_OUT]
    try:
        with pillow_errors(name, limits, check=False):
            return Image.open(stream, formats=formats)
    except BrokenFileError as error:
        if isinstance(error.__cause__, NotImplementedError):
            raise UnsupportedError(
                f"{name} uses a part of its format that cannot be decoded ({error.__cause__}).",
                "Save it again as PNG or JPEG.",
            ) from error
        raise


def check_pixels(width: int, height: int, name: str, limits: Limits) -> None:
    """Refuse a picture that is too large, before anything of it is decoded.

    Parameters
    ----------
    width, height : int
        Its size by the header, in pixels.
    name : str
        Name of the file, for messages.
    limits : Limits
        Limits of the study.

    Raises
    ------
    OverLimitError
        Where it has more pixels than ``limits.pixels``.
    BrokenFileError
        Where it has none.
    """
    if width < 1 or height < 1:
        raise BrokenFileError(f"{name} says that it is {width} x {height} pixels large.", "Get the file again.")
    if width * height > limits.pixels:
        raise _too_many_pixels(name, f"it has {width:,} x {height:,} =", limits, width * height)


def _too_many_pixels(name: str, what: str, limits: Limits, pixels: int | None = None) -> OverLimitError:
    count = "more" if pixels is None else f"{pixels:,}"
    allowed = (
        f"pixels than the limit of {limits.pixels:,}" if pixels is None else f"pixels; the limit is {limits.pixels:,}"
    )
    wanted = f"--set limits.pixels={pixels}" if pixels is not None else f"--set limits.pixels={limits.pixels * 4}"
    return OverLimitError(
        f"{name} is too large: {what} {count} {allowed}.", f"Allow it with {wanted}, or make it smaller."
    )


def _broken(name: str, error: BaseException) -> BrokenFileError:
    reason = str(error) or type(error).__name__
    if isinstance(error, OSError) and "cannot identify image file" in reason:
        # Pillow's own words hold an address in memory, which would make two runs differ.
        return BrokenFileError(f"{name} has no header of any known image format.", "Get the file again.")
    return BrokenFileError(
        f"{name} is damaged or cut off ({reason[:200]}).",
        "Get the file again; a viewer may still show the part of it that is left.",
    )


def _register_heif() -> None:
    import pi_heif

    if "HEIF" not in Image.OPEN:
        pi_heif.register_heif_opener()
