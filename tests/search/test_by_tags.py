"""Pictures found by their tags."""

from pathlib import Path

import pytest

from tidymedia.errors import StudyError, UsageError
from tidymedia.search.by_tags import covered_words, search_tags
from tidymedia.search.finding import search

RETRIEVER, CANOE, PADDLE, GROOM = "n02099601", "n02951358", "n03873416", "n10148035"


def test_labels_count_with_their_synonyms_and_wider_terms() -> None:
    assert covered_words("golden retriever", RETRIEVER, ["dog"]) == {"dog"}
    assert covered_words("golden retriever", RETRIEVER, ["animal"]) == {"animal"}
    assert covered_words("golden retriever", RETRIEVER, ["cat"]) == set()
    assert covered_words("canoe", CANOE, ["small", "boat"]) == {"small", "boat"}
    # A boat paddle is no boat: of WordNet, whole terms count, and "boat paddle" is not asked for.
    assert covered_words("paddle", PADDLE, ["boat"]) == set()
    assert covered_words("paddle", PADDLE, ["boat", "paddle"]) == {"boat", "paddle"}
    assert covered_words("groom", GROOM, ["person"]) == {"person"}


def test_labels_without_synsets_count_by_their_words() -> None:
    assert covered_words("Police_officers, constables", None, ["police"]) == {"police"}
    assert covered_words("Police_officers, constables", None, ["constable"]) == {"constable"}
    assert covered_words("golden retriever", None, ["dog"]) == set()


def test_the_score_is_the_mean_over_words_of_summed_tags(write_tags) -> None:
    folder = write_tags(
        ("two.jpg", "a", 0, "canoe", CANOE, 0.5),
        ("two.jpg", "a", 0, "gondola", "n03447447", 0.25),
        ("two.jpg", "a", 0, "groom", GROOM, 0.2),
        ("dog.jpg", "b", 0, "golden retriever", RETRIEVER, 0.9),
        ("one.jpg", "c", 3, "canoe", CANOE, 0.6),
    )
    found = search(folder, "people in boats", by="tags")
    assert list(found.columns) == ["path", "media_id", "unit_id", "picture", "score", "matched", "how"]
    assert found[["path", "unit_id", "picture"]].values.tolist() == [["two.jpg", "a:p0", 0], ["one.jpg", "c:p3", 3]]
    assert found["score"].tolist() == pytest.approx([(0.75 + 0.2) / 2, 0.3])
    assert found["matched"].tolist() == ["canoe 0.50; gondola 0.25; groom 0.20", "canoe 0.60"]
    assert set(found["how"]) == {"tags"}
    assert found.attrs["notice"] == ""


def test_scores_are_summed_within_a_model_and_the_surest_model_counts(write_tags) -> None:
    folder = write_tags(
        ("a.jpg", "a", 0, "dog", None, 0.6, "one@1"),
        ("a.jpg", "a", 0, "puppy dog", None, 0.7, "one@1"),
        ("b.jpg", "b", 0, "dog", None, 0.6, "one@1"),
        ("b.jpg", "b", 0, "dog", None, 0.7, "other@1"),
        ("c.jpg", "c", 0, "dog", None, None, "service@1"),
    )
    found = search(folder, "dog", by="tags")
    assert found[["path", "score"]].values.tolist() == [["a.jpg", 1.0], ["b.jpg", 0.7], ["c.jpg", 0.0]]


def test_a_file_in_two_places_has_two_rows_and_counts_once(write_tags) -> None:
    folder = write_tags(
        ("z.jpg", "a", 0, "dog", None, 0.6),
        ("again/z.jpg", "a", 0, "dog", None, 0.6),
        ("b.jpg", "b", 0, "dog", None, 0.3),
        ("c.jpg", "c", 0, "dog", None, 0.1),
    )
    found = search(folder, "dog", n=2, by="tags")
    assert found["path"].tolist() == ["again/z.jpg", "z.jpg", "b.jpg"]
    assert found["score"].tolist() == [0.6, 0.6, 0.3]


def test_what_no_label_names_is_said(write_tags) -> None:
    folder = write_tags(("a.jpg", "a", 0, "retriever", None, 0.6), ("b.jpg", "b", 0, "crane", None, 0.6))
    found, notice = search_tags(folder, "retrievr", 5)
    assert found.empty
    assert notice == "No label of the study is called retrievr, or is a kind of it. There are labels with retriever."
    found, notice = search_tags(folder, "crane at sunset", 5)
    assert found["media_id"].tolist() == ["b"]
    assert notice == "No label of the study is called sunset, or is a kind of it."
    _, notice = search_tags(folder, "zeppelin", 5)
    assert "such as retriever, crane" in notice


def test_tags_of_services_have_no_synsets(write_tags) -> None:
    folder = write_tags(("a.jpg", "a", 0, "Dog", None, 0.6), columns=("path", "media_id", "picture", "label", "score"))
    assert search(folder, "dogs", by="tags")["path"].tolist() == ["a.jpg"]


def test_how_it_was_found_is_said_where_embeddings_are_missing(write_tags) -> None:
    found = search(write_tags(("a.jpg", "a", 0, "dog", None, 0.6)), "dog")
    assert found["how"].tolist() == ["tags"]
    assert found.attrs["notice"].startswith(
        "Found by the labels of the study, not by what its pictures show as a whole"
    )


def test_what_cannot_be_asked(write_tags, tmp_path: Path) -> None:
    folder = write_tags(("a.jpg", "a", 0, "dog", None, 0.6))
    with pytest.raises(UsageError, match="needs words or a picture"):
        search(folder)
    with pytest.raises(UsageError, match="not both"):
        search(folder, "dog", image="a.jpg")
    with pytest.raises(UsageError, match="nothing to look for"):
        search(folder, "  ")
    with pytest.raises(UsageError, match="nothing to look for in 'of the'"):
        search(folder, "of the", by="tags")
    with pytest.raises(UsageError, match="0 pictures"):
        search(folder, "dog", 0)
    with pytest.raises(UsageError, match="by 'words'"):
        search(folder, "dog", by="words")
    with pytest.raises(UsageError, match="not by tags"):
        search(folder, image="a.jpg", by="tags")
    with pytest.raises(UsageError, match="--with embeddings"):
        search(folder, image="a.jpg")
    with pytest.raises(UsageError, match=r"no embeddings.*--with embeddings .*--with tags"):
        search(folder, "dog", by="embedding")
    (folder / "tables" / "tags.parquet").unlink()
    with pytest.raises(UsageError, match="--with tags"):
        search(folder, "dog", by="tags")
    with pytest.raises(UsageError, match=r"cannot be found by words.*--with tags"):
        search(folder, "dog")
    with pytest.raises(StudyError):
        search(tmp_path / "nothing", "dog", by="tags")
