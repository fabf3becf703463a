"""Taggers of several studies side by side."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from tidymedia.comparison.taggers import compare_taggers
from tidymedia.errors import UsageError
from tidymedia.study import Study


def test_two_studies_are_compared(write) -> None:
    first = {"a": "dog:0.9|cat:0.1", "b": "Fire_engines:0.8|car:0.1", "c": "tree:0.7"}
    second = {"a": "cat:0.6|dog:0.4", "b": "fire engine, fire truck:0.5|cars:0.2|road:0.1", "c": "sea:0.9"}
    found = compare_taggers([write("one", {"tags": ("one@1", first)}), write("two", {"tags": ("two@1", second)})])
    assert found.taggers["tagger"].tolist() == ["one@1", "two@1"]
    assert found.taggers["pictures"].tolist() == [3, 3]
    assert found.taggers["labels"].tolist() == [5, 6]
    assert found.taggers["seconds_a_picture"].tolist() == [0.5, 0.5]
    (pair,) = found.pairs.to_dict("records")
    assert (pair["tagger_a"], pair["tagger_b"], pair["pictures"]) == ("one@1", "two@1", 3)
    assert pair["same_first"] == pytest.approx(1 / 3)
    assert pair["jaccard"] == pytest.approx((1 + 2 / 3 + 0) / 3)
    assert pair["label_pairs"] == 2
    assert pair["kendall_tau"] == 0  # dog and cat in the other order, engine and car in the same
    pictures = found.pictures.set_index("path")
    assert pictures.loc["a.png", "rank_biased_overlap"] == pytest.approx(0.8)
    assert pictures.loc["c.png", ["jaccard", "rank_biased_overlap"]].tolist() == [0, 0]
    assert pictures.loc["b.png", "labels_b"] == "fire engine, fire truck; cars; road"
    assert bool(pictures.loc["b.png", "same_first"])
    assert found.differences(2)["path"].tolist() == ["c.png", "a.png"]
    assert "one@1" in repr(found) and "<table" in found._repr_html_()
    for frame in (found.taggers, found.pairs, found.pictures, found.differences()):
        assert isinstance(frame, pd.DataFrame)
        assert frame.index.tolist() == list(range(len(frame)))


def test_of_pictures_that_differ_as_much_the_sure_ones_come_first(write) -> None:
    one = write("one", {"tags": ("one@1", {"a": "dog:0.2", "b": "dog:0.9", "c": "dog:0.9"})})
    two = write("two", {"tags": ("two@1", {"a": "cat:0.9", "b": "cat:0.8", "c": "dog:0.9"})})
    assert compare_taggers([one, two]).differences()["path"].tolist() == ["b.png", "a.png", "c.png"]


def test_only_the_best_labels_count(write) -> None:
    one = write("one", {"tags": ("one@1", {"a": "dog:0.9|cat:0.1|cow:0.1"})})
    two = write("two", {"tags": ("two@1", {"a": "dog:0.6|cow:0.3|cat:0.2"})})
    assert compare_taggers([one, two], top=1).pairs["jaccard"].tolist() == [1]
    assert compare_taggers([one, two], top=2).pairs["jaccard"].tolist() == pytest.approx([1 / 3])
    near, far = (compare_taggers([one, two], persistence=p).pairs["rank_biased_overlap"].item() for p in (0.5, 0.95))
    assert near < far  # the lists have all in common, though not at the top


def test_no_label_is_an_answer_too(write) -> None:
    one = write("one", {"tags": ("one@1", {"a": "dog:0.9"})})
    two = write("two", {"tags": ("two@1", {"a": "dog:0.9", "b": "sea:0.4"})})
    found = compare_taggers([one, two])
    assert found.pairs["pictures"].tolist() == [2]
    row = found.pictures.set_index("path").loc["b.png"]
    assert (row["labels_a"], row["labels_b"], row["jaccard"]) == ("", "sea", 0)
    assert np.isnan(row["score_a"])


def test_pictures_that_one_has_not_looked_at_are_left_out(write) -> None:
    one = write("one", {"tags": ("one@1", {"a": "dog:0.9"})}, ("a",))
    two = write("two", {"tags": ("two@1", {"a": "dog:0.9", "b": "sea:0.4"})})
    assert compare_taggers([one, two]).pictures["path"].tolist() == ["a.png"]
    elsewhere = write("elsewhere", {"tags": ("two@1", {"z": "dog:0.9"})}, ("z",))
    with pytest.raises(UsageError, match="no picture in common"):
        compare_taggers([one, elsewhere])


def test_every_pair_and_names_that_tell_apart(write) -> None:
    said = {"a": "dog:0.9"}
    first = write("first", {"tags": ("net@1", said), "service": ("other@1", {"a": "cat:0.9"})})
    found = compare_taggers([first, write("second", {"tags": ("net@1", said)})])
    assert sorted(found.taggers["tagger"]) == ["net@1 first", "net@1 second", "other@1"]
    assert len(found.pairs) == 3
    jaccard = {frozenset(pair): value for *pair, value in found.pairs[["tagger_a", "tagger_b", "jaccard"]].values}
    assert jaccard[frozenset({"net@1 first", "net@1 second"})] == 1
    assert jaccard[frozenset({"net@1 first", "other@1"})] == 0
    assert np.isnan(float(found.pairs["kendall_tau"].iloc[0]))


def test_what_cannot_be_compared_is_said(write) -> None:
    one = write("one", {"tags": ("one@1", {"a": "dog:0.9"})})
    for folders in ([one], [one, one], [one, one.parent / "." / "one"]):
        with pytest.raises(UsageError, match="one tagger here"):
            compare_taggers(folders)
    with pytest.raises(UsageError, match="0 labels"):
        compare_taggers([one], top=0)
    with pytest.raises(UsageError, match="persistence of 1"):
        compare_taggers([one], persistence=1)
    untagged = write("untagged", {})
    (untagged / "tables" / "tags.parquet").unlink()
    with pytest.raises(UsageError, match=r"untagged has no table tags.*--with tags"):
        compare_taggers([one, untagged])


def test_studies_of_the_network_that_comes_with_the_package(tmp_path: Path) -> None:
    media = tmp_path / "media"
    media.mkdir()
    for name, image in (("linear", Image.linear_gradient("L")), ("radial", Image.radial_gradient("L"))):
        image.convert("RGB").save(media / f"{name}.png")
    one = Study(tmp_path / "one", media).analyze(["tags"], jobs=1)
    three = Study(tmp_path / "three", media).analyze(["tags"], parameters={"tags.top": 3}, jobs=1)
    assert one.compare_tags(three, top=3).pairs[["pictures", "jaccard", "kendall_tau"]].values.tolist() == [[2, 1, 1]]
    found = one.compare_tags([three.folder])
    assert found.pairs["jaccard"].tolist() == pytest.approx([3 / 5])
    assert found.pairs["rank_biased_overlap"].tolist() == pytest.approx([1])  # as far as both go
    assert (found.taggers["seconds_a_picture"] > 0).all()
    with pytest.raises(UsageError):
        one.compare_tags(str(tmp_path / "nowhere"))
