"""In which ways pictures are found by words."""

from __future__ import annotations

from typing import Literal

__all__ = ["Way"]

Way = Literal["embedding", "tags"]
"""By embeddings of a network that reads text too, or by the labels of the table ``tags``."""
