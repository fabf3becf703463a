"""What Pillow does not tell of a TIFF file: its pages, counted along their chain, and white that is zero."""

from __future__ import annotations

from typing import BinaryIO, Literal

from PIL import Image

from tidymedia.media.medium import Tick

__all__ = ["count_pages", "white_is_zero_unseen"]

_PHOTOMETRIC = 262


def count_pages(stream: BinaryIO, most: int, tick: Tick) -> tuple[int, bool]:
    """Count the pages without reading a pixel.

    Parameters
    ----------
    stream : BinaryIO
        The bytes of a TIFF or BigTIFF file, seekable.
    most : int
        How many pages to look at before giving up.
    tick : callable
        Called every few hundred pages.

    Returns
    -------
    tuple of int and bool
        The number of pages that can be reached, and whether the chain ends as it should: False where it
        leads out of the file. A chain that leads back into itself ends there, as Pillow does.
    """
    size = stream.seek(0, 2)
    stream.seek(0)
    head = stream.read(16)
    order: Literal["little", "big"] = "little" if head[:2] == b"II" else "big"
    big = int.from_bytes(head[2:4], order) == 43
    width, entry, counter = (8, 20, 8) if big else (4, 12, 2)
    position = int.from_bytes(head[8:16] if big else head[4:8], order)
    seen: set[int] = set()
    while position and position not in seen:
        if len(seen) >= most:
            return most, True
        if position + counter > size:
            return len(seen), False
        stream.seek(position)
        end = position + counter + entry * int.from_bytes(stream.read(counter), order)
        if end + width > size:
            return len(seen), False
        stream.seek(end)
        following = stream.read(width)
        seen.add(position)
        position = int.from_bytes(following, order)
        if len(seen) % 256 == 0:
            tick()
    return len(seen), True


def white_is_zero_unseen(image: Image.Image) -> bool:
    """Say whether zero is white in a page, and Pillow does not turn it round.

    Pillow does for up to 8 bits; for 16 and 32 bits, as scanners of X-ray films write them, the picture
    would come out as a negative.

    Parameters
    ----------
    image : PIL.Image.Image
        The TIFF, at the page.

    Returns
    -------
    bool
        Whether its levels must be inverted.
    """
    deep = image.mode in ("I", "F") or image.mode.startswith("I;16")
    return deep and getattr(image, "tag_v2", {}).get(_PHOTOMETRIC) == 0
