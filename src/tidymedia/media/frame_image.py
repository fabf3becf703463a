"""One frame of a film as an upright RGB image, at no more than the size that is needed."""

from __future__ import annotations

import struct
from fractions import Fraction
from typing import cast

import av
from av.sidedata.sidedata import SideDataContainer
from av.sidedata.sidedata import Type as SideDataType
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter
from PIL import Image

from tidymedia.errors import BrokenFileError
from tidymedia.media.picture import SizeClass

__all__ = ["FramePainter", "turn_of"]

# Exact rounding and full chroma resolution cost little and give the same image on every processor.
_SCALING = Interpolation.BICUBIC | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INT | Interpolation.BITEXACT

# Pixels that are more than four times as wide as high (or the reverse) are a broken header, not a film.
_WIDEST_PIXEL = 4

_RGB = 0
_MATRICES = {
    1: Colorspace.ITU709,
    4: Colorspace.FCC,
    5: Colorspace.ITU601,
    6: Colorspace.SMPTE170M,
    7: Colorspace.SMPTE240M,
    9: Colorspace.BT2020,
    10: Colorspace.BT2020,
}


def turn_of(frame: VideoFrame) -> Image.Transpose | None:
    """Return how a frame must be turned to stand upright; None where it does.

    Read from its display matrix: phones write one instead of turning the pixels. Turns by other angles
    than quarters are rounded to quarters.
    """
    matrix = cast("SideDataContainer", frame.side_data).get(SideDataType.DISPLAYMATRIX)
    if matrix is None or matrix.buffer_size < 36:
        return None
    across_x, across_y, _, down_x, down_y = struct.unpack("=5i", bytes(matrix)[:20])
    if abs(across_x) + abs(down_y) >= abs(across_y) + abs(down_x):
        match across_x < 0, down_y < 0:
            case True, True:
                return Image.Transpose.ROTATE_180
            case True, False:
                return Image.Transpose.FLIP_LEFT_RIGHT
            case False, True:
                return Image.Transpose.FLIP_TOP_BOTTOM
        return None
    match down_x < 0, across_y < 0:
        case True, True:
            return Image.Transpose.TRANSVERSE
        case True, False:
            return Image.Transpose.ROTATE_270
        case False, True:
            return Image.Transpose.ROTATE_90
    return Image.Transpose.TRANSPOSE


_QUARTER_TURNS = frozenset(
    {Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_270, Image.Transpose.TRANSPOSE, Image.Transpose.TRANSVERSE}
)


class FramePainter:
    """Makes images of the frames of one film.

    Pixels that are not square (DVDs, camcorders) are made square by changing the width; the height stays.
    The colours follow the matrix and the range that the film states. Where it states no matrix, BT.709 is
    taken from 720 lines or 1,280 columns on, BT.601 below, as players do. HDR films are converted without
    tone mapping: their pictures look flatter and darker than on a screen, which measures of colour and
    brightness show.

    Parameters
    ----------
    name : str
        Name of the file, for messages.
    pixel_aspect : Fraction or None
        Width of a pixel over its height; None or zero for square.
    background : str
        Colour behind transparent pixels.
    """

    def __init__(self, name: str, pixel_aspect: Fraction | None, background: str) -> None:
        aspect = pixel_aspect or Fraction(1)
        self._aspect = aspect if Fraction(1, _WIDEST_PIXEL) <= aspect <= _WIDEST_PIXEL else Fraction(1)
        self._name = name
        self._background = background
        self._reformatter = VideoReformatter()

    def size(self, frame: VideoFrame) -> tuple[int, int]:
        """Return width and height of the upright picture in square pixels."""
        width, height = self._stored_size(frame)
        return (height, width) if turn_of(frame) in _QUARTER_TURNS else (width, height)

    def _stored_size(self, frame: VideoFrame) -> tuple[int, int]:
        return max(1, round(frame.width * self._aspect)), frame.height

    def image(self, frame: VideoFrame, size: SizeClass) -> Image.Image:
        """Return the frame as an upright RGB image of a size class; smaller ones keep their size.

        Raises
        ------
        BrokenFileError
            Where the frame cannot be converted.
        """
        width, height = self._stored_size(frame)
        if size.long_side is not None and max(width, height) > size.long_side:
            shrunk = Fraction(size.long_side, max(width, height))
            width, height = max(1, round(width * shrunk)), max(1, round(height * shrunk))
        transparent = any(component.is_alpha for component in frame.format.components)
        try:
            converted = self._reformatter.reformat(
                frame,
                width=width,
                height=height,
                format="rgba" if transparent else "rgb24",
                src_colorspace=_matrix(frame),
                dst_colorspace=Colorspace.DEFAULT,
                interpolation=_SCALING,
                src_color_range=_range(frame),
                dst_color_range=ColorRange.JPEG,
                threads=1,
            )
            image = Image.fromarray(converted.to_ndarray())
        except (av.error.FFmpegError, ValueError) as error:
            raise BrokenFileError(
                f"A frame of {self._name} cannot be converted to RGB ({error}).", "Convert the film to MP4 first."
            ) from error
        if transparent:
            image = Image.alpha_composite(Image.new("RGBA", image.size, self._background), image).convert("RGB")
        turn = turn_of(frame)
        return image if turn is None else image.transpose(turn)


def _matrix(frame: VideoFrame) -> int:
    """Return the colour matrix of a frame, or the one that players take where it states none."""
    stated = int(frame.colorspace)
    if stated in _MATRICES:
        return int(_MATRICES[stated])
    if stated == _RGB:
        return int(Colorspace.DEFAULT)
    large = frame.height >= 720 or frame.width >= 1280
    return int(Colorspace.ITU709 if large else Colorspace.ITU601)


def _range(frame: VideoFrame) -> int:
    """Return the range of the values of a frame; limited where it states none, unless its format is full."""
    stated = int(frame.color_range)
    if stated in (ColorRange.MPEG, ColorRange.JPEG):
        return stated
    full = frame.format.name.startswith(("yuvj", "rgb", "bgr", "gbr", "argb", "abgr", "0rgb", "0bgr", "pal", "mono"))
    return int(ColorRange.JPEG if full else ColorRange.MPEG)
