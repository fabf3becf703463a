"""Pictures made easier to read: cropped, turned, enlarged, straightened, cleaned; boxes find their way back."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from PIL import Image

    from tidymedia.media.picture import Box

__all__ = ["Affine", "Preparation", "Prepared"]

_MOST_PIXELS = 40_000_000
"""An enlarged picture never has more."""


class Affine(NamedTuple):
    """Where a pixel of the prepared image comes from: x = a·x' + b·y' + c and y = d·x' + e·y' + f.

    Examples
    --------
    >>> half = Affine(0.5, 0, 0, 0, 0.5, 0)
    >>> half.box((20, 20, 100, 50), (640, 480))
    (10.0, 10.0, 50.0, 25.0)
    """

    a: float = 1
    b: float = 0
    c: float = 0
    d: float = 0
    e: float = 1
    f: float = 0

    def after(self, later: Affine) -> Affine:
        """Return the way back of a step that came ``later``, followed by this one's."""
        return Affine(
            self.a * later.a + self.b * later.d,
            self.a * later.b + self.b * later.e,
            self.a * later.c + self.b * later.f + self.c,
            self.d * later.a + self.e * later.d,
            self.d * later.b + self.e * later.e,
            self.d * later.c + self.e * later.f + self.f,
        )

    def box(self, box: Box, bounds: tuple[int, int]) -> Box:
        """Map a box back; of a turned box, the upright box around it, kept within ``bounds`` (width, height)."""
        left, top, width, height = box
        corners = [(x, y) for x in (left, left + width) for y in (top, top + height)]
        xs = [min(max(self.a * x + self.b * y + self.c, 0.0), bounds[0]) for x, y in corners]
        ys = [min(max(self.d * x + self.e * y + self.f, 0.0), bounds[1]) for x, y in corners]
        return (min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


class Prepared(NamedTuple):
    """A prepared image and the way back to the one it was made from."""

    image: Image.Image
    back: Affine


@dataclass(frozen=True, slots=True)
class Preparation:
    """Steps that make a picture easier to read, in this order; each can be left out.

    Parameters
    ----------
    crop : tuple of float, default ()
        Left, top, right, bottom of the part that is read, as fractions of width and height; empty for all.
    turn : int, default 0
        By how many degrees the picture is turned counter-clockwise first: 0, 90, 180 or 270.
    upscale : int, default 0
        Pictures whose longer side is shorter are enlarged to it, four times at most; 0 for none.
    gray : bool, default False
        Whether colours are taken away. Text that differs from its ground in colour alone is then lost.
    deskew : bool, default False
        Whether a picture that stands up to ten degrees askew is straightened.
    median : int, default 0
        Side of a median filter that takes away specks, odd; 0 for none.
    threshold : {"none", "otsu", "adaptive"}, default "none"
        How gray becomes black and white: one threshold for the picture after Otsu (1979, IEEE Transactions on
        Systems, Man, and Cybernetics 9), or one a neighbourhood after Sauvola and Pietikäinen (2000, Pattern
        Recognition 33), which copes with shadows.

    Examples
    --------
    >>> from PIL import Image
    >>> prepared = Preparation(crop=(0.5, 0, 1, 1), upscale=200).apply(Image.new("RGB", (100, 50)))
    >>> prepared.image.size, prepared.image.mode
    ((200, 200), 'RGB')
    >>> prepared.back.box((0, 0, 200, 200), (100, 50))
    (50.0, 0.0, 50.0, 50.0)
    """

    crop: tuple[float, ...] = ()
    turn: int = 0
    upscale: int = 0
    gray: bool = False
    deskew: bool = False
    median: int = 0
    threshold: str = "none"

    def apply(self, image: Image.Image) -> Prepared:
        """Prepare an image.

        Parameters
        ----------
        image : PIL.Image.Image
            Mode RGB or L; it is not changed.

        Returns
        -------
        Prepared
            The prepared image, mode L where colours were taken away, and the way back.
        """
        back = Affine()
        if self.crop:
            image, step = _crop(image, self.crop)
            back = back.after(step)
        if self.turn:
            image, step = _turn(image, self.turn)
            back = back.after(step)
        if self.gray or self.threshold != "none":
            image = image.convert("L")
        if self.upscale > max(image.size):
            image, step = _enlarge(image, self.upscale)
            back = back.after(step)
        if self.deskew:
            from tidymedia.images.skew import angle_of_lines, straighten

            angle = angle_of_lines(image)
            if angle:
                image, way = straighten(image, angle)
                back = back.after(Affine(*way))
        if self.median:
            image = _median(image, self.median)
        if self.threshold != "none":
            image = _threshold(image, self.threshold)
        return Prepared(image, back)


def _crop(image: Image.Image, part: tuple[float, ...]) -> Prepared:
    """Cut out a part; at least one pixel stays."""
    left = min(int(part[0] * image.width), image.width - 1)
    top = min(int(part[1] * image.height), image.height - 1)
    right = max(math.ceil(part[2] * image.width), left + 1)
    bottom = max(math.ceil(part[3] * image.height), top + 1)
    return Prepared(image.crop((left, top, right, bottom)), Affine(c=left, f=top))


def _turn(image: Image.Image, degrees: int) -> Prepared:
    """Turn by quarters, counter-clockwise."""
    from PIL import Image as Images

    width, height = image.size
    how, back = {
        90: (Images.Transpose.ROTATE_90, Affine(0, -1, width, 1, 0, 0)),
        180: (Images.Transpose.ROTATE_180, Affine(-1, 0, width, 0, -1, height)),
        270: (Images.Transpose.ROTATE_270, Affine(0, 1, 0, -1, 0, height)),
    }[degrees]
    return Prepared(image.transpose(how), back)


def _enlarge(image: Image.Image, long_side: int) -> Prepared:
    """Enlarge to a longer side, four times and to 40 megapixels at most."""
    from PIL import Image as Images

    room = math.sqrt(_MOST_PIXELS / (image.width * image.height))
    factor = min(4.0, room, long_side / max(image.size))
    if factor <= 1:
        return Prepared(image, Affine())
    size = (max(1, round(image.width * factor)), max(1, round(image.height * factor)))
    back = Affine(a=image.width / size[0], e=image.height / size[1])
    return Prepared(image.resize(size, Images.Resampling.BICUBIC), back)


def _median(image: Image.Image, side: int) -> Image.Image:
    """Take away specks smaller than half of a square."""
    import cv2
    import numpy as np
    from PIL import Image as Images

    return Images.fromarray(cv2.medianBlur(np.ascontiguousarray(image), side))


def _threshold(image: Image.Image, how: str) -> Image.Image:
    """Make a gray picture black and white."""
    import cv2
    import numpy as np
    from PIL import Image as Images

    gray = np.asarray(image)
    if how == "otsu":
        _, binary = cv2.threshold(gray, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
        return Images.fromarray(binary)
    values = gray.astype(np.float32)
    window = (max(15, min(max(gray.shape) // 60, 75)) | 1,) * 2
    mean = cv2.boxFilter(values, cv2.CV_32F, window)
    square = cv2.sqrBoxFilter(values, cv2.CV_32F, window)
    deviation = np.sqrt(np.maximum(square - mean * mean, 0))
    limit = mean * (1 + 0.34 * (deviation / 128 - 1))
    return Images.fromarray(np.where(values > limit, 255, 0).astype(np.uint8))
