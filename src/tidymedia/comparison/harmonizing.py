"""Labels of different networks that mean the same."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from tidymedia.search.wordnet import synonyms_of
from tidymedia.search.words import words_of

__all__ = ["Harmonized", "harmonize", "synonyms_in"]

Named = tuple[str, str | None]
"""A label, and its synset in WordNet 3.0 where it is known."""


class Harmonized(NamedTuple):
    """Which labels are one.

    Parameters
    ----------
    concept : dict of (str, str or None) to str
        The concept of each label: labels that mean the same have the same one.
    """

    concept: dict[Named, str]


def synonyms_in(label: str) -> tuple[str, ...]:
    """Return the words that a label has for its class, in one way of writing.

    Parameters
    ----------
    label : str
        Such as ``"sandbar, sand bar"``; synonyms are joined by commas.

    Returns
    -------
    tuple of str
        In lower case and in the singular, with spaces for underscores and hyphens.

    Examples
    --------
    >>> synonyms_in("Fire_engines, fire truck")
    ('fire engine', 'fire truck')
    """
    found = (" ".join(words_of(part)) for part in label.split(","))
    return tuple(dict.fromkeys(part for part in found if part))


def harmonize(labels: Iterable[Named]) -> Harmonized:
    """Find the labels that mean the same, as far as their words say.

    Labels with the same synset of WordNet are one. A label without a synset joins the synset that has one of its
    synonyms as a word, unless several have it ("crane" is a bird and a machine). Labels without synsets are one where
    they share a synonym. Case, underscores, hyphens and the plural make no difference.

    Parameters
    ----------
    labels : iterable of (str, str or None)
        Labels with their synsets.

    Returns
    -------
    Harmonized
        The concept of each.

    Examples
    --------
    >>> concept = harmonize([("tabby", "n02123045"), ("Tabby_cats", None), ("dog", None)]).concept
    >>> concept["tabby", "n02123045"] == concept["Tabby_cats", None]
    True
    >>> concept["dog", None]
    'dog'
    """
    named = list(dict.fromkeys(labels))
    concept: dict[Named, str] = {}
    synsets: dict[str, set[str]] = {}
    for label, wordnet_id in named:
        if wordnet_id is not None:
            concept[label, wordnet_id] = wordnet_id
            for word in (
                *synonyms_in(label),
                *(word for other in synonyms_of(wordnet_id) for word in synonyms_in(other)),
            ):
                synsets.setdefault(word, set()).add(wordnet_id)
    groups: dict[str, str] = {}
    for label, wordnet_id in named:
        if wordnet_id is not None:
            continue
        words = synonyms_in(label) or (label,)
        known = {one for word in words for one in synsets.get(word, ())}
        if len(known) == 1:
            concept[label, None] = known.pop()
            continue
        # One that joins two groups makes them one; the word that came first names it.
        met = list(dict.fromkeys(groups[word] for word in words if word in groups))
        name = met[0] if met else words[0]
        for word, group in groups.items():
            if group in met:
                groups[word] = name
        groups.update(dict.fromkeys(words, name))
        concept[label, None] = name
    for label, wordnet_id in named:
        if wordnet_id is None and concept[label, None] in groups:
            concept[label, None] = groups[concept[label, None]]
    return Harmonized(concept)
