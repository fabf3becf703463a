"""Labels that mean the same."""

from tidymedia.comparison.harmonizing import harmonize


def one(*labels: tuple[str, str | None]) -> bool:
    concept = harmonize(labels).concept
    return len({concept[label] for label in labels}) == 1


def test_ways_of_writing() -> None:
    assert one(("Golden_Retriever", None), ("golden retrievers", None), ("golden-retriever", None))
    assert not one(("dog", None), ("golden retriever", None))


def test_synonyms_in_one_label() -> None:
    assert one(("sandbar, sand bar", None), ("sand bar", None))
    assert one(("sandbar, sand bar", None), ("sandbar", None), ("bar of sand, sand bar", None))
    concept = harmonize([("a, b", None), ("c, d", None), ("b, c", None), ("e", None)]).concept
    assert len({concept[label, None] for label in ("a, b", "c, d", "b, c")}) == 1
    assert concept["e", None] != concept["a, b", None]


def test_synonyms_in_wordnet() -> None:
    assert one(("sandbar", "n09421951"), ("sand bars", None))
    assert one(("sandbar", "n09421951"), ("sandbar, sand bar", "n09421951"))


def test_a_word_with_two_meanings_joins_neither() -> None:
    bird, machine, word = ("crane", "n02012849"), ("crane", "n03126707"), ("crane", None)
    concept = harmonize([bird, machine, word]).concept
    assert len({concept[bird], concept[machine], concept[word]}) == 3
    assert one(bird, word)  # where the machine is not among the labels, nothing is uncertain


def test_labels_without_words_keep_their_signs() -> None:
    concept = harmonize([("!!!", None), ("???", None)]).concept
    assert concept["!!!", None] != concept["???", None]
