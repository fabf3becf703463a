"""From scores to labels: the best first, ties in order, nothing that is no number."""

import numpy as np
import pytest
from PIL import Image

from tidymedia.errors import ExtractionError
from tidymedia.models.classifier import Classifier, scores_from
from tidymedia.models.labels import Label

IMAGE = Image.new("RGB", (4, 4))


def classifier(*scores: float, labels: str = "abcd") -> Classifier:
    return Classifier("one@1", tuple(Label(label) for label in labels), lambda _: np.array(scores))


def test_the_best_first_and_ties_in_the_order_of_the_classes() -> None:
    found = classifier(0.2, 0.3, 0.2, 0.3).best(IMAGE, top=3)
    assert [(one.label.name, one.score) for one in found] == [("b", 0.3), ("d", 0.3), ("a", 0.2)]
    assert len(classifier(0.2, 0.3, 0.2, 0.3).best(IMAGE, top=99)) == 4


def test_the_smallest_score_is_kept_when_it_is_reached() -> None:
    found = classifier(0.2, 0.5, 0.25, 0.05).best(IMAGE, top=4, min_score=0.25)
    assert [one.label.name for one in found] == ["b", "c"]
    assert classifier(0.1, 0.1, 0.1, 0.1).best(IMAGE, top=4, min_score=0.2) == []


def test_another_number_of_labels_or_no_numbers_is_an_error() -> None:
    with pytest.raises(ExtractionError, match="gives 4 scores for 3 labels"):
        classifier(0.2, 0.5, 0.25, 0.05, labels="abc").scores(IMAGE)
    with pytest.raises(ExtractionError, match="no numbers"):
        classifier(0.2, float("nan"), 0.25, 0.05).best(IMAGE, top=1)


@pytest.mark.parametrize("shift", [-1000.0, 0.0, 1000.0])
def test_softmax_and_sigmoid_do_not_overflow(shift: float) -> None:
    logits = np.array([1.0, 2.0, 3.0], np.float32) + np.float32(shift)
    shared = scores_from(logits, exclusive=True)
    np.testing.assert_allclose(shared, np.exp([1, 2, 3]) / np.exp([1, 2, 3]).sum(), rtol=1e-5)
    alone = scores_from(np.array([shift, 0.0]), exclusive=False)
    assert alone.tolist() == [{-1000.0: 0.0, 0.0: 0.5, 1000.0: 1.0}[shift], 0.5]
