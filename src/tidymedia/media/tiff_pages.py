"""How many pages a TIFF file has, counted along its chain of directories."""

from __future__ import annotations

from typing import BinaryIO, Literal

from tidymedia.media.medium import Tick

__all__ = ["count_pages"]


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
