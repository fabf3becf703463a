"""Words of queries and labels."""

import pytest

from tidymedia.models.bundled import BUNDLED
from tidymedia.models.labels import labels_of
from tidymedia.search.wordnet import synonyms_of, wider_terms
from tidymedia.search.words import content_words, singular, words_of


@pytest.mark.parametrize(
    ("many", "one"),
    [
        ("dogs", "dog"),
        ("glasses", "glass"),
        ("brushes", "brush"),
        ("boxes", "box"),
        ("cities", "city"),
        ("ties", "tie"),
        ("horses", "horse"),
        ("houses", "house"),
        ("cameras", "camera"),
        ("people", "person"),
        ("women", "woman"),
        ("leaves", "leaf"),
        ("canoes", "canoe"),
        ("tomatoes", "tomato"),
    ],
)
def test_plurals_become_singulars(many: str, one: str) -> None:
    assert singular(many) == one


@pytest.mark.parametrize("word", ["bus", "grass", "gas", "lens", "tennis", "octopus", "is", "christmas", "canvas"])
def test_what_is_no_plural_stays(word: str) -> None:
    assert singular(word) == word


def test_ways_of_writing_make_no_difference() -> None:
    assert words_of("Police_Officers") == words_of("police-officer") == ["police", "officer"]
    assert words_of("the President\u2019s car") == ["the", "president", "car"]
    assert words_of("\uff24\uff4f\uff47") == ["dog"]  # letters of full width
    assert words_of("Hund, Stra\u00dfe") == ["hund", "strasse"]


def test_a_query_is_its_words_for_things() -> None:
    assert content_words("photos of two people in a boat") == ["two", "person", "boat"]
    assert content_words("in the picture") == []


def test_every_class_of_imagenet_has_its_terms() -> None:
    labels = labels_of(BUNDLED["efficientnet_lite2"])
    assert len(labels) == 1000
    for label in labels:
        assert synonyms_of(label.wordnet_id), label
        assert wider_terms(label.wordnet_id).count("entity") == 1, label


def test_wider_terms_are_those_of_wordnet() -> None:
    canoe = wider_terms("n02951358")
    assert canoe[:2] == ("small boat", "boat")
    assert "vehicle" in canoe and "animal" not in canoe
    assert wider_terms("n99999999") == wider_terms(None) == synonyms_of(None) == ()
