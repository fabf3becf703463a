"""Labels of the user: what is refused before a network is loaded."""

import importlib.util
import json
from pathlib import Path

import pytest

from tidymedia.errors import SettingError
from tidymedia.models.choice import ChosenModel, choose_model
from tidymedia.models.classification import MODEL
from tidymedia.models.own_labels import check_labels, fault_of_labels, texts_of


def folder(path: Path, family: str) -> ChosenModel:
    path.mkdir()
    (path / "config.json").write_text(json.dumps({"model_type": family}), encoding="utf-8")
    return choose_model(str(path), "tags", default=MODEL)


@pytest.mark.parametrize("template", ["a photo", "{} and {}", ""])
def test_a_template_has_one_place_for_a_label(template: str) -> None:
    with pytest.raises(SettingError, match=r"tags\.template is a text with \{\} once"):
        check_labels(["protest"], template, of="tags.")


@pytest.mark.parametrize("labels", [["protest", " "], ["protest", "Protest"], [""]])
def test_empty_and_double_labels_are_refused(labels: list[str]) -> None:
    with pytest.raises(SettingError, match="labels"):
        check_labels(labels, "a photo of {}")


def test_a_label_may_have_any_signs() -> None:
    assert texts_of(check_labels(["{0} %s", "Straße: 5 €"], "{}!")) == [
        "a photo of {0} %s",
        "a photo of Straße: 5 €",
    ]
    assert texts_of(["{}"], "[{}]") == ["[{}]"]


def test_a_network_with_classes_takes_no_labels(tmp_path: Path) -> None:
    for chosen in (choose_model("", "tags", default=MODEL), folder(tmp_path / "vit", "vit")):
        assert fault_of_labels(chosen, ()) is None
        fault = fault_of_labels(chosen, ("protest", "police"))
        assert fault is not None
        assert "has classes of its own" in fault[0]
        assert "tidymedia models fetch" in fault[1]


def test_a_network_for_pictures_and_texts_needs_labels(tmp_path: Path) -> None:
    for family in ("clip", "siglip"):
        chosen = folder(tmp_path / family, family)
        fault = fault_of_labels(chosen, ())
        assert fault is not None
        assert "knows no classes" in fault[0]
        assert fault_of_labels(chosen, ("protest", "police")) is None


def test_one_label_alone_is_no_choice_for_clip(tmp_path: Path) -> None:
    fault = fault_of_labels(folder(tmp_path / "clip", "clip"), ("protest",))
    assert fault is not None
    assert "only the label 'protest'" in fault[0]
    assert fault_of_labels(folder(tmp_path / "siglip", "siglip"), ("protest",)) is None


def test_a_package_that_reads_its_texts_is_asked_for_before_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = folder(tmp_path / "siglip", "siglip")
    named = {"tokenizer_class": "SiglipTokenizer"}
    (tmp_path / "siglip" / "tokenizer_config.json").write_text(json.dumps(named), encoding="utf-8")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    fault = fault_of_labels(chosen, ("protest", "police"))
    assert fault is not None
    assert "pip install sentencepiece" in fault[1]
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object())
    assert fault_of_labels(chosen, ("protest", "police")) is None
