"""What WordNet says about the classes of ImageNet: synonyms, and the wider terms above them."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from importlib.resources import files
from typing import NamedTuple

__all__ = ["Term", "synonyms_of", "wider_terms"]


class Term(NamedTuple):
    """A concept of WordNet 3.0.

    Parameters
    ----------
    words : tuple of str
        Words that mean it, the most frequent first.
    wider : tuple of str
        Ids of the concepts directly above it.
    """

    words: tuple[str, ...]
    wider: tuple[str, ...]


def synonyms_of(wordnet_id: str | None) -> tuple[str, ...]:
    """Return the words that mean the same as a class of ImageNet.

    Parameters
    ----------
    wordnet_id : str or None
        Such as ``n02123045``.

    Returns
    -------
    tuple of str
        Empty where the id is none of the 1,000 classes, nor above one.

    Examples
    --------
    >>> synonyms_of("n02123045")
    ('tabby', 'tabby cat')
    """
    term = _terms().get(wordnet_id or "")
    return term.words if term else ()


@functools.lru_cache(maxsize=4096)
def wider_terms(wordnet_id: str | None) -> tuple[str, ...]:
    """Return the words of all that a class of ImageNet is a kind of.

    Parameters
    ----------
    wordnet_id : str or None
        Such as ``n02123045``.

    Returns
    -------
    tuple of str
        Words of the concepts above it, the nearest first, without its own.

    Examples
    --------
    >>> [word for word in wider_terms("n02123045") if word in ("cat", "dog", "animal")]
    ['cat', 'animal']
    """
    terms = _terms()
    found: dict[str, None] = {}
    start = terms.get(wordnet_id or "")
    layer = list(start.wider) if start else []
    seen: set[str] = set()
    while layer:
        here = [one for one in dict.fromkeys(layer) if one not in seen]
        seen.update(here)
        for one in here:
            found.update(dict.fromkeys(terms[one].words))
        layer = [above for one in here for above in terms[one].wider]
    return tuple(found)


@functools.cache
def _terms() -> Mapping[str, Term]:
    text = files("tidymedia.search").joinpath("wordnet_terms.txt").read_text(encoding="utf-8")
    parts = (line.split("\t") for line in text.splitlines())
    return {one: Term(tuple(words.split(", ")), tuple(wider.split())) for one, wider, words in parts}
