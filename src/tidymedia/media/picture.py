"""A picture: one upright RGB image of a medium, decoded no more than is needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tidymedia.errors import TidymediaError

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["ANALYSIS", "FULL", "THUMB", "Box", "BrokenPicture", "Picture", "SizeClass", "TextBlock"]

Box = tuple[float, float, float, float]
"""Left, top, width and height, in pixels."""


@dataclass(frozen=True, slots=True)
class SizeClass:
    """A size at which extractors look at pictures.

    Pictures of one class are decoded once and shared by the extractors that ask for it. A picture of one
    class is never made from a picture of another, so the rows of an extractor do not depend on which
    other extractors run beside it.

    Parameters
    ----------
    name : str
        Name of the class.
    long_side : int or None
        Longest side in pixels; smaller pictures keep their size. None is the picture's own size.
    dpi : int or None, default None
        Resolution at which the pages of documents are rendered, in dots an inch, where it differs from
        that of the study.

    Examples
    --------
    >>> THUMB.long_side
    512
    """

    name: str
    long_side: int | None
    dpi: int | None = None


THUMB = SizeClass("thumb", 512)
ANALYSIS = SizeClass("analysis", 1024)
FULL = SizeClass("full", None)


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A block of text that a document carries beside its picture (the text layer of a PDF).

    Parameters
    ----------
    text : str
        The text, lines joined by newlines.
    box : Box
        Where it stands, in pixels of the picture.
    """

    text: str
    box: Box


@dataclass(slots=True)
class Picture:
    """One upright RGB image of a medium.

    Parameters
    ----------
    index : int
        Number of the picture in its medium, from 0.
    width, height : int
        Size in pixels, upright. Boxes refer to it.
    decode : callable
        Makes the image of a size class; called once a class.
    page, frame, time_ms : int or None, default None
        Which page (from 0), which frame (from 0), at what time.
    read_text_layer : callable or None, default None
        Reads the text that the document carries, where it can carry any.
    upstream : mapping of str to sequence of mapping
        Rows of the extractors that the present one needs, by table.
    """

    index: int
    width: int
    height: int
    decode: Callable[[SizeClass], Image.Image]
    page: int | None = None
    frame: int | None = None
    time_ms: int | None = None
    read_text_layer: Callable[[], Sequence[TextBlock]] | None = None
    upstream: Mapping[str, Sequence[Mapping[str, object]]] = field(default_factory=dict)
    _images: dict[SizeClass, Image.Image] = field(default_factory=dict, repr=False)

    def image(self, size: SizeClass = FULL) -> Image.Image:
        """Return the image of a size class: upright, mode RGB. Do not change it in place.

        Parameters
        ----------
        size : SizeClass, default FULL
            How large.

        Returns
        -------
        PIL.Image.Image
            The image, shared by all that ask for the same class.

        Raises
        ------
        MediumError
            Where the picture is broken or over a limit.
        """
        if size not in self._images:
            self._images[size] = self.decode(size)
        return self._images[size]

    def text_layer(self) -> Sequence[TextBlock]:
        """Return the blocks of text that the document carries for this picture; empty for none."""
        return self.read_text_layer() if self.read_text_layer is not None else ()

    def box_from(self, box: Box, image: Image.Image) -> Box:
        """Map a box in one of the picture's images back to the pixels of the picture.

        Parameters
        ----------
        box : Box
            Left, top, width, height in pixels of ``image``.
        image : PIL.Image.Image
            The image in which the box was found.

        Returns
        -------
        Box
            The box in pixels of the picture.
        """
        across, down = self.width / image.width, self.height / image.height
        left, top, width, height = box
        return (left * across, top * down, width * across, height * down)


@dataclass(frozen=True, slots=True)
class BrokenPicture:
    """A picture that the medium announces but cannot show; the others are not touched by it.

    Parameters
    ----------
    index : int
        Number of the picture in its medium, from 0.
    error : TidymediaError
        What is wrong, and what to do.
    page, frame, time_ms : int or None, default None
        Which page, frame and time, where known.
    """

    index: int
    error: TidymediaError
    page: int | None = None
    frame: int | None = None
    time_ms: int | None = None
