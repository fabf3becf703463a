"""The text that a document carries beside its pictures: whether it can be used instead of recognition."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tidymedia.errors import MediumError
from tidymedia.extractors.ocr_blocks import Block

if TYPE_CHECKING:
    from tidymedia.media.picture import Picture, TextBlock

__all__ = ["is_real_text", "usable_text_layer"]

_FEWEST_LETTERS = 20
_MOST_GARBAGE = 0.05
_MARGIN = 0.1
_UNMAPPED = re.compile(r"\(cid:\d+\)")


def usable_text_layer(picture: Picture) -> list[Block]:
    """Return the text layer of a picture where it is real text, else nothing.

    Parameters
    ----------
    picture : Picture
        A page of a document.

    Returns
    -------
    list of Block
        Its blocks in the order of the document; empty where the page is to be recognised.
    """
    if picture.read_text_layer is None:
        return []
    try:
        blocks = [block for block in picture.text_layer() if block.text.strip()]
    except MediumError:
        # The page may still be seen, and read.
        return []
    if not is_real_text(blocks, picture.height):
        return []
    return [Block(_clean(block.text), block.box, None, None) for block in blocks]


def is_real_text(blocks: Sequence[TextBlock], height: int) -> bool:
    """Say whether a text layer tells what stands on its page.

    It does with at least 20 letters and digits between the top and the bottom tenth of the page, and at most one
    character in twenty that is no character. So a scan that carries only a running head, a page number or the
    stamp of an archive is recognised, not taken for a page with little text.

    Parameters
    ----------
    blocks : sequence of TextBlock
        The text layer.
    height : int
        Height of the page in the pixels of the boxes.

    Returns
    -------
    bool
        Whether it can be used.

    Examples
    --------
    >>> from tidymedia.media.picture import TextBlock
    >>> body = TextBlock("The council met on Tuesday evening.", (100, 400, 600, 20))
    >>> is_real_text([body], 1000)
    True
    >>> is_real_text([TextBlock(body.text, (100, 20, 600, 20))], 1000)
    False
    >>> is_real_text([TextBlock("(cid:12)" * 40, body.box)], 1000)
    False
    """
    characters = garbage = body = 0
    for block in blocks:
        text = "".join(block.text.split())
        unmapped = len(_UNMAPPED.findall(text))
        text = _UNMAPPED.sub("", text)
        broken = sum(_is_garbage(character) for character in text)
        characters += len(text) + unmapped
        garbage += broken + unmapped
        middle = block.box[1] + block.box[3] / 2
        if _MARGIN * height <= middle <= (1 - _MARGIN) * height:
            body += sum(character.isalnum() for character in text)
    return body >= _FEWEST_LETTERS and garbage <= _MOST_GARBAGE * characters


def _is_garbage(character: str) -> bool:
    """Say whether a character stands for nothing that can be read."""
    return character == "\ufffd" or unicodedata.category(character) in {"Cc", "Cn", "Co", "Cs"}


def _clean(text: str) -> str:
    """Take away what is no text: control characters except line ends and tabs."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    return "".join(sign for sign in lines if sign in "\n\t" or unicodedata.category(sign) not in {"Cc", "Cs"})
