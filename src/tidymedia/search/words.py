"""Words of a query and of labels, in a form in which they can be compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

__all__ = ["contains", "content_words", "singular", "words_of"]

_WORD: Final = re.compile(r"[^\W_]+")

_POSSESSIVE: Final = re.compile("['\u2019]s\\b")

_IRREGULAR: Final = {
    "people": "person",
    "persons": "person",
    "men": "man",
    "women": "woman",
    "children": "child",
    "policemen": "policeman",
    "firemen": "fireman",
    "feet": "foot",
    "teeth": "tooth",
    "geese": "goose",
    "mice": "mouse",
    "oxen": "ox",
    "wolves": "wolf",
    "calves": "calf",
    "knives": "knife",
    "wives": "wife",
    "leaves": "leaf",
    "shelves": "shelf",
    "scarves": "scarf",
    "halves": "half",
    "lives": "life",
    "thieves": "thief",
    "cacti": "cactus",
    "fungi": "fungus",
    "buses": "bus",
    "movies": "movie",
    "cookies": "cookie",
    "zombies": "zombie",
    "selfies": "selfie",
    "potatoes": "potato",
    "tomatoes": "tomato",
    "heroes": "hero",
    "volcanoes": "volcano",
    "mosquitoes": "mosquito",
    "mangoes": "mango",
    "axes": "axe",
    "shoes": "shoe",
    "canoes": "canoe",
    "horseshoes": "horseshoe",
    "lenses": "lens",
}

_SINGULAR: Final = frozenset({"lens", "series", "species", "news", "gas", "atlas", "canvas", "christmas"})

_SMALL: Final = frozenset(
    word
    for line in (
        "a an the this that these those some any all no not and or of in on at by with without for from to into onto",
        "over under near behind before beside between is are was were be being been has have having it its his her",
        "their there who which what where as up down out photo photograph picture image showing",
    )
    for word in line.split(" ")
)
"""Words of a query that name nothing to be seen."""


def words_of(text: str) -> list[str]:
    """Split a text into its words: lower case, one way of writing a letter, in the singular.

    Parameters
    ----------
    text : str
        A query or a label.

    Returns
    -------
    list of str
        Its words in their order.

    Examples
    --------
    >>> words_of("Fire_engines, fire trucks")
    ['fire', 'engine', 'fire', 'truck']
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = _POSSESSIVE.sub("", plain)
    return [singular(word) for word in _WORD.findall(plain)]


def content_words(query: str) -> list[str]:
    """Return the words of a query that name something to be seen, each once.

    Parameters
    ----------
    query : str
        What the user typed.

    Returns
    -------
    list of str
        Words as :func:`words_of` gives them, without articles, prepositions and the like.

    Examples
    --------
    >>> content_words("people in a boat, and more people")
    ['person', 'boat', 'more']
    """
    return list(dict.fromkeys(word for word in words_of(query) if word not in _SMALL))


def singular(word: str) -> str:
    """Return an English noun in the singular, by rules that leave other words as they are wherever possible.

    Parameters
    ----------
    word : str
        A word in lower case.

    Returns
    -------
    str
        Its singular; irregular nouns are known where they are frequent.

    Examples
    --------
    >>> [singular(word) for word in ("boats", "churches", "berries", "wolves", "glass", "bus", "cheese")]
    ['boat', 'church', 'berry', 'wolf', 'glass', 'bus', 'cheese']
    """
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")) or word in _SINGULAR:
        return word
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith(("sses", "shes", "ches", "xes", "zzes")):
        return word[:-2]
    return word[:-1]


def contains(words: Sequence[str], phrase: Sequence[str]) -> bool:
    """Say whether a phrase stands in a row of words, its words one after the other.

    Parameters
    ----------
    words, phrase : sequence of str
        Words as :func:`words_of` gives them.

    Returns
    -------
    bool
        False for an empty phrase.

    Examples
    --------
    >>> contains(["old", "fire", "engine"], ["fire", "engine"]), contains(["engine", "fire"], ["fire", "engine"])
    (True, False)
    """
    length = len(phrase)
    wanted = list(phrase)
    return bool(wanted) and any(list(words[start : start + length]) == wanted for start in range(len(words)))
