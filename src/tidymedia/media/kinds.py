"""What a file is, told by its content and never by its suffix."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Kind"]


class Kind(StrEnum):
    """The kinds of media.

    Examples
    --------
    >>> Kind("image") is Kind.IMAGE
    True
    """

    IMAGE = "image"
    DOCUMENT = "document"
    VECTOR = "vector"
    VIDEO = "video"
    AUDIO = "audio"
    OTHER = "other"
