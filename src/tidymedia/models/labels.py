"""Names of the classes that a network knows."""

from __future__ import annotations

import functools
from importlib.resources import files
from typing import NamedTuple

from tidymedia.models.model import Model

__all__ = ["Label", "labels_of"]


class Label(NamedTuple):
    """Name of a class, with its identifier where the classes have one.

    Parameters
    ----------
    name : str
        The name, in English.
    wordnet_id : str or None, default None
        Its synset in WordNet 3.0, such as ``n02123045``.
    """

    name: str
    wordnet_id: str | None = None


def labels_of(model: Model) -> tuple[Label, ...]:
    """Return the classes of a network, in the order of its scores.

    Parameters
    ----------
    model : Model
        The network.

    Returns
    -------
    tuple of Label
        Empty for a network without classes.

    Examples
    --------
    >>> from tidymedia.models.bundled import BUNDLED
    >>> labels_of(BUNDLED["efficientnet_lite2"])[281]
    Label(name='tabby', wordnet_id='n02123045')
    """
    return _read(model.labels) if model.labels is not None else ()


@functools.lru_cache(maxsize=8)
def _read(name: str) -> tuple[Label, ...]:
    lines = files("tidymedia.models").joinpath("networks", name).read_text(encoding="utf-8").splitlines()
    parts = (line.split("\t") for line in lines)
    return tuple(Label(part[0], part[1] if len(part) > 1 else None) for part in parts)
