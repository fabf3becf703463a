"""Open any medium by its kind."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import cast

from tidymedia.errors import UnsupportedError
from tidymedia.media.kinds import Kind
from tidymedia.media.location import Location
from tidymedia.media.medium import Medium, Tick, no_tick
from tidymedia.media.settings import Limits, PictureSettings

__all__ = ["open_medium"]

_OPENERS: Mapping[Kind, tuple[str, str]] = {
    Kind.IMAGE: ("tidymedia.media.image_file", "ImageFile"),
    Kind.DOCUMENT: ("tidymedia.media.pdf", "Document"),
    Kind.VECTOR: ("tidymedia.media.vector", "Drawing"),
    Kind.VIDEO: ("tidymedia.media.video", "Film"),
    Kind.AUDIO: ("tidymedia.media.audio_file", "Recording"),
}


def open_medium(
    location: Location,
    kind: Kind,
    settings: PictureSettings | None = None,
    limits: Limits | None = None,
    tick: Tick = no_tick,
) -> Medium:
    """Open a medium as a series of pictures and at most one sound.

    Parameters
    ----------
    location : Location
        Where its bytes are.
    kind : Kind
        What it is, as :func:`tidymedia.media.kinds.sniff_kind` says.
    settings : PictureSettings or None, default None
        Which pictures it gives; None for the defaults.
    limits : Limits or None, default None
        How large it may be; None for the defaults.
    tick : callable, default no_tick
        Called by long loops to say that they are alive.

    Returns
    -------
    Medium
        The open medium; close it after use.

    Raises
    ------
    MediumError
        Where it cannot be opened.
    """
    if kind not in _OPENERS:
        raise UnsupportedError(
            f"{location.name} is no image, document, drawing, film or recording.",
            "Leave it out with --exclude, or convert it first.",
        )
    module, name = _OPENERS[kind]
    medium = getattr(importlib.import_module(module), name)(
        location, settings or PictureSettings(), limits or Limits(), tick
    )
    return cast("Medium", medium)
