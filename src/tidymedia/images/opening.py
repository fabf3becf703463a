"""One image, from wherever it is."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile

from tidymedia.errors import MediumError, UnsupportedError, UsageError
from tidymedia.images.array_pixels import image_from_pixels
from tidymedia.images.held import Held, hold, known_kind
from tidymedia.images.upright import upright_copy
from tidymedia.media.image_file import scaled_size
from tidymedia.media.kinds import Kind
from tidymedia.media.medium import Medium
from tidymedia.media.opening import open_medium
from tidymedia.media.picture import FULL, Picture, SizeClass
from tidymedia.media.pillow import check_pixels, pillow_errors
from tidymedia.media.pillow import open_image as read_header
from tidymedia.media.settings import Limits, PictureSettings

__all__ = ["ImageSource", "in_words_of_python", "kind_of", "open_held", "open_image"]

ImageSource: TypeAlias = str | Path | bytes | BinaryIO | Image.Image | NDArray[Any]
"""What ``tm.open_image`` takes: a path, an address, bytes, an open binary file, a PIL image or an array."""


def open_image(
    source: ImageSource,
    *,
    picture: int = 0,
    long_side: int | None = None,
    settings: PictureSettings | None = None,
    limits: Limits | None = None,
) -> Image.Image:
    """Open one image, from wherever it is, upright.

    What is opened need not be an image file: a page of a PDF, a drawing (SVG; EPS where Ghostscript is
    installed) or a frame of a film will do, so a drawing becomes pixels at a stated size. The other way, from
    pixels to a drawing, would need a tracer and is not offered. The content decides what a file is, never its
    suffix. Not to be called by several threads at once: Pillow's limit of pixels is set while a file is open.

    Parameters
    ----------
    source : str, Path, bytes, file object, PIL.Image.Image or numpy.ndarray
        The image: a path; an address (``https://``, or another that fsspec knows), fetched once; the bytes of a
        file; an open binary file, read from its beginning; an image of Pillow; or an array of shape (height,
        width) or (height, width, 1, 3 or 4), which holds gray, RGB or RGBA. Arrays are of ``uint8``; of
        ``uint16``, which stays in gray and keeps its upper 8 bits in colour (as Pillow does for files); of
        floating-point numbers from 0 (black) to 1 (white), which are rounded to 8 bits; or of ``bool``.
    picture : int, default 0
        Which picture of a file with several: a page, or one of the frames that a study takes of a film or an
        animation (with the default settings one every five seconds). It is the number in the column ``picture``
        of every table.
    long_side : int or None, default None
        Length of the longer side in pixels. Drawings and pages are drawn exactly as long; images and frames are
        reduced where they are longer and never enlarged. None draws drawings 1024 pixels long and pages at 200
        dots an inch, and leaves the others as they are.
    settings : PictureSettings or None, default None
        Which frames are pictures, and the colour behind a drawing; None for the defaults.
    limits : Limits or None, default None
        How large a file may be: what has more than 250 million pixels is refused by default, before it is
        decoded. A decoded image in hand is refused only by limits that are given.

    Returns
    -------
    PIL.Image.Image
        A new image, decoded, turned as EXIF says, without the mark that would have it turned again. The mode is
        that of the file (RGB, RGBA, L, P, CMYK, I;16 and others), RGB for pages, drawings and frames of films.
        The ICC profile and the density of the file stay in ``info``; ``format`` is that of the file.

    Raises
    ------
    MediumError
        Where the file is missing, broken, cut off, no medium with pictures, or over a limit; the message names
        it.
    UsageError
        Where an array has a wrong shape or wrong numbers, or the file has no picture of this number.

    Examples
    --------
    >>> import numpy as np
    >>> import tidymedia as tm
    >>> tm.open_image(np.zeros((3, 5, 3), dtype=np.uint8)).size
    (5, 3)
    >>> drawing = b'<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"><rect width="9" height="9"/></svg>'
    >>> tm.open_image(drawing, long_side=600).size
    (600, 400)
    """
    _check_numbers(picture, long_side)
    if isinstance(source, np.ndarray | Image.Image):
        if picture:
            raise UsageError(
                f"An image in hand is one picture; there is no picture={picture}.",
                "Give the path of its file, or choose a frame with its seek method.",
            )
        image = image_from_pixels(source) if isinstance(source, np.ndarray) else _from_pillow(source, limits)
        return _reduced(image, long_side)
    limits = limits or Limits()
    held = hold(source, limits)
    with held.stream:
        return open_held(held, picture, long_side, settings, limits)


def open_held(
    held: Held,
    picture: int = 0,
    long_side: int | None = None,
    settings: PictureSettings | None = None,
    limits: Limits | None = None,
) -> Image.Image:
    """Open an image whose bytes are in hand; they are closed after it.

    Parameters
    ----------
    held : Held
        The bytes and their name.
    picture : int, default 0
        Which picture.
    long_side : int or None, default None
        Length of the longer side in pixels.
    settings : PictureSettings or None, default None
        Which frames are pictures.
    limits : Limits or None, default None
        How large the file may be.

    Returns
    -------
    PIL.Image.Image
        What ``tm.open_image`` returns.

    Examples
    --------
    >>> import io
    >>> stream = io.BytesIO()
    >>> Image.new("L", (5, 3)).save(stream, "PNG")
    >>> open_held(Held("a.png", stream)).size
    (5, 3)
    """
    limits = limits or Limits()
    with in_words_of_python():
        kind = kind_of(held)
        chosen = settings or PictureSettings(animation="5s" if picture else "first")
        if kind is Kind.VECTOR and long_side is not None:
            chosen = replace(chosen, vector_side=long_side)
        with open_medium(held, kind, chosen, limits) as medium:
            return _nth(medium, kind, held, picture, chosen, long_side, limits)


def kind_of(held: Held) -> Kind:
    """Tell by the content what a file with pictures is.

    Parameters
    ----------
    held : Held
        Its bytes and name.

    Returns
    -------
    Kind
        Image, document, vector or video.

    Raises
    ------
    EmptyFileError
        Where it has no bytes.
    UnsupportedError
        Where it is a recording.
    BrokenFileError
        Where it is no medium; the message says what it is instead.

    Examples
    --------
    >>> kind_of(hold(b"GIF89a" + bytes(20), Limits()))
    <Kind.IMAGE: 'image'>
    """
    kind = known_kind(held, "image", "Look at it in a viewer, or get it again.")
    if kind is Kind.AUDIO:
        raise UnsupportedError(
            f"{held.name} is a recording and has no picture.", "Give an image, a page, a drawing or a film."
        )
    return kind


@contextmanager
def in_words_of_python(function: str = "tm.open_image") -> Iterator[None]:
    """Let remedies name arguments of functions where they name options of the command line.

    Parameters
    ----------
    function : str, default "tm.open_image"
        The function that takes them.

    Examples
    --------
    >>> from tidymedia.errors import OverLimitError
    >>> with in_words_of_python():
    ...     raise OverLimitError("a.png is too large.", "Allow it with --set limits.pixels=900.")
    Traceback (most recent call last):
    tidymedia.errors.OverLimitError: a.png is too large. Allow it with limits=tm.Limits(pixels=900) in tm.open_image.
    """
    try:
        yield
    except MediumError as error:
        remedy = re.sub(r"--set limits\.(\w+)=(\d+)", rf"limits=tm.Limits(\1=\2) in {function}", error.remedy)
        remedy = re.sub(r"--set pictures\.(\w+)=(\w+)", rf'settings=tm.PictureSettings(\1="\2") in {function}', remedy)
        if remedy == error.remedy:
            raise
        raise type(error)(error.message, remedy) from error


def _check_numbers(picture: int, long_side: int | None) -> None:
    for name, value, least in (("picture", picture, 0), ("long_side", long_side, 1)):
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
            raise UsageError(f"{name}={value!r} is no whole number from {least}.", f"Give {name} as a number.")


def _from_pillow(image: Image.Image, given: Limits | None) -> Image.Image:
    name = str(getattr(image, "filename", "") or "The image")
    if 0 in image.size:
        raise UsageError(f"{name} has no pixels: {image.width} x {image.height}.", "Was it cropped to nothing?")
    limits = given or Limits()
    with in_words_of_python():
        if given is not None or isinstance(image, ImageFile.ImageFile):  # others are decoded already
            check_pixels(*image.size, name, limits)
        with pillow_errors(name, limits):
            return upright_copy(image)


def _nth(
    medium: Medium,
    kind: Kind,
    held: Held,
    picture: int,
    settings: PictureSettings,
    long_side: int | None,
    limits: Limits,
) -> Image.Image:
    # A picture is good until the next one is asked for, so what gives them must live until it is decoded.
    pictures = iter(medium.pictures(picture))
    found = next(pictures, None)
    if found is None:
        raise _no_picture(kind, medium, held.name, picture)
    if not isinstance(found, Picture):
        raise found.error
    if kind is Kind.IMAGE:
        return _reduced(_from_file(held, found, limits), long_side)
    return found.image(_size_class(kind, found, settings, long_side)).copy()


def _from_file(held: Held, found: Picture, limits: Limits) -> Image.Image:
    """Decode a picture of an image file in the file's own mode."""
    image = read_header(held.stream, held.name, limits)
    with pillow_errors(held.name, limits):
        place = found.page if found.page is not None else found.frame
        if place:
            image.seek(place)
        return upright_copy(image)


def _reduced(image: Image.Image, long_side: int | None) -> Image.Image:
    size = scaled_size(*image.size, long_side)
    if size == image.size:
        return image
    from tidymedia.images.resizing import resize

    reduced = resize(image, size, resample="lanczos")
    reduced.format = image.format
    return reduced


def _size_class(kind: Kind, found: Picture, settings: PictureSettings, long_side: int | None) -> SizeClass:
    if long_side is None:
        return FULL
    if kind is Kind.DOCUMENT:
        # Its size is rounded: the page may be half a pixel shorter, and must not be drawn too small.
        dpi = math.ceil(settings.pdf_dpi * long_side / (max(found.width, found.height) - 0.5))
        return SizeClass("asked", long_side, dpi)
    return SizeClass("asked", long_side)


def _no_picture(kind: Kind, medium: Medium, name: str, picture: int) -> UsageError:
    pages = medium.properties().get("pages")
    if pages:
        remedy = f"Its pages are 0 to {pages - 1}."
    elif kind is Kind.VIDEO or "frames" in medium.properties():
        which = "video" if kind is Kind.VIDEO else "animation"
        remedy = f'To count every frame as a picture, add settings=tm.PictureSettings({which}="1f").'
    else:
        remedy = "It has one, picture 0."
    return UsageError(f"{name} has no picture {picture}.", remedy)
