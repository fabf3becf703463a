"""The network for labels is loaded once a process, and again for other labels."""

import pytest

from tidymedia.errors import UnavailableError
from tidymedia.models.choice import choose_model
from tidymedia.models.classification import MODEL
from tidymedia.models.tagging import load_tagger


def test_once_a_process() -> None:
    chosen = choose_model("", "tags", default=MODEL)
    assert load_tagger(chosen) is load_tagger(choose_model("efficientnet_lite2", "tags", default=MODEL))
    assert load_tagger(chosen) is not load_tagger(chosen, normalization="unit")


def test_what_is_missing_or_does_not_fit_is_named() -> None:
    with pytest.raises(UnavailableError, match="owner/name"):
        load_tagger(choose_model("owner/name", "tags", default=MODEL))
    with pytest.raises(UnavailableError, match="has classes of its own"):
        load_tagger(choose_model("", "tags", default=MODEL), ("protest", "police"))
