"""Tags: labels a picture in a study, of the bundled network, of a file, and of models of the hub."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tidymedia.errors import SettingError, UnavailableError
from tidymedia.extractors.registry import DEFAULT, make_extractor
from tidymedia.extractors.tags import Tags, TagsParameters
from tidymedia.media.kinds import Kind
from tidymedia.media.settings import PictureSettings
from tidymedia.models.bundled import BUNDLED
from tidymedia.models.files import ENVIRONMENT
from tidymedia.models.onnx_file import NORMALIZATIONS
from tidymedia.models.own_labels import TEMPLATE
from tidymedia.run.fingerprint import fingerprints
from tidymedia.study import Study

MEDIA = Path(__file__).resolve().parents[2] / "examples" / "media"
MODEL = BUNDLED["efficientnet_lite2"]


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    media = tmp_path_factory.mktemp("media")
    for name in ("photographs/dogs.jpg", "photographs/mountains.jpg", "posts/ben/cut_off.jpg", "films/rabbit.gif"):
        shutil.copy(MEDIA / name, media)
    (media / "text.txt").write_text("No picture.", encoding="utf-8")
    folder = tmp_path_factory.mktemp("study")
    return Study(folder / "study", media).analyze(["tags"], jobs=1)


def fingerprint(**parameters: Any) -> str:
    made = fingerprints([make_extractor("tags", parameters)], PictureSettings(), Kind.IMAGE)
    return made["tags"]


def save_onnx(path: Path) -> str:
    """Save a network whose numbers for its classes are the mean red, green and blue."""
    onnx = pytest.importorskip("onnx", reason="the package onnx makes the file")
    helper = onnx.helper
    shape: Any = helper.make_tensor_value_info
    graph = helper.make_graph(
        [
            helper.make_node("GlobalAveragePool", ["picture"], ["means"]),
            helper.make_node("Flatten", ["means"], ["logits"]),
        ],
        "colors",
        [shape("picture", onnx.TensorProto.FLOAT, [1, 3, 8, 8])],
        [shape("logits", onnx.TensorProto.FLOAT, [1, 3])],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8), path)
    path.with_suffix(".labels.txt").write_text("red\ngreen\nblue\n", encoding="utf-8")
    return str(path)


def test_five_labels_a_picture(study: Study) -> None:
    rows = study.table("tags")
    assert set(rows["path"]) == {"dogs.jpg", "mountains.jpg", "rabbit.gif"}
    assert (rows.groupby(["path", "picture"]).size() == 5).all()
    for _, picture in rows.groupby(["path", "picture"]):
        assert picture["rank"].tolist() == [0, 1, 2, 3, 4]
        assert picture["score"].is_monotonic_decreasing
    assert rows["wordnet_id"].str.fullmatch(r"n\d{8}").all()
    assert set(rows["lang"]) == {"en"}
    assert rows["likelihood"].isna().all()
    assert set(rows["model"]) == {"efficientnet_lite2@0.1.0"}
    first = rows[rows["rank"] == 0].set_index("path")
    assert first.loc["mountains.jpg", "label"] == "alp"
    assert "spaniel" in str(first.loc["dogs.jpg", "label"])


def test_what_has_no_picture_or_is_broken_costs_only_itself(study: Study) -> None:
    status = study.status().query("extractor == 'tags'").set_index("path")
    assert status.loc["cut_off.jpg", "status"] == "failed"
    assert status.loc["text.txt", "status"] == "skipped"
    assert (status.loc[["dogs.jpg", "mountains.jpg", "rabbit.gif"], "status"] == "ok").all()


def test_the_summary_has_the_best_label_and_five_of_them(study: Study) -> None:
    rows, summary = study.table("tags"), study.summary().set_index("path")
    film = rows[rows["path"] == "rabbit.gif"].sort_values("score", ascending=False, kind="stable")
    assert summary.loc["rabbit.gif", "tag"] == film["label"].iloc[0]
    assert summary.loc["rabbit.gif", "tag_score"] == film["score"].iloc[0]
    assert str(summary.loc["rabbit.gif", "tags"]).split("; ") == film["label"].drop_duplicates().tolist()[:5]
    alone = rows[rows["path"] == "dogs.jpg"]["label"].tolist()
    assert summary.loc["dogs.jpg", "tags"] == "; ".join(alone)
    assert summary.loc["cut_off.jpg", ["tag", "tag_score", "tags"]].isna().all()


def test_no_label_with_so_high_a_score_is_empty_and_not_failed(tmp_path: Path) -> None:
    study = Study(tmp_path / "study", [MEDIA / "photographs" / "dogs.jpg"])
    study = study.analyze(["tags"], parameters={"tags": {"min_score": 1}}, jobs=1)
    assert study.status().query("extractor == 'tags'")["status"].tolist() == ["empty"]
    assert study.summary()["tag"].isna().all()


def test_a_file_with_a_network_by_its_labels(tmp_path: Path) -> None:
    media = tmp_path / "media"
    media.mkdir()
    for color in ("red", "blue"):
        Image.new("RGB", (30, 20), color).save(media / f"{color}.png")
    path = save_onnx(tmp_path / "colors.onnx")
    parameters = {"tags": {"model": path, "normalization": "half", "top": 1}}
    rows = Study(tmp_path / "study", media).analyze(["tags"], parameters=parameters, jobs=1).table("tags")
    assert rows["label"].tolist() == ["blue", "red"]
    assert rows["score"].tolist() == pytest.approx([np.e / (np.e + 2 / np.e)] * 2, rel=1e-5)
    assert rows["wordnet_id"].isna().all()
    assert rows["lang"].isna().all()
    assert rows["model"].str.fullmatch(r"colors@[0-9a-f]{12}").all()
    before = fingerprint(model=path)
    Path(path).with_suffix(".labels.txt").write_text("red\ngreen\ncyan\n", encoding="utf-8")
    assert fingerprint(model=path) != before


def test_labels_template_and_all_else_decide_the_fingerprint(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "clip"}), encoding="utf-8")
    own = {"model": str(tmp_path), "labels": "protest,police"}
    prints = [
        fingerprint(),
        fingerprint(top=3),
        fingerprint(min_score=0.1),
        fingerprint(**own),
        fingerprint(**{**own, "labels": "police,protest"}),
        fingerprint(**own, template="a drawing of {}"),
    ]
    assert len(set(prints)) == len(prints)
    assert fingerprint(**own) == fingerprint(**{**own, "labels": ["protest", "police "]})


def test_labels_without_a_network_for_them_say_what_to_fetch() -> None:
    with pytest.raises(SettingError, match=r"tags\.labels needs .* tidymedia models fetch openai/clip"):
        make_extractor("tags", {"labels": "protest,police"})
    with pytest.raises(SettingError, match=r"tags\.template"):
        make_extractor("tags", {"labels": "protest,police", "model": "owner/clip", "template": "a photo"})


def test_what_is_missing_ends_the_run_before_it_begins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("transformers", reason="the extra hub is not installed")
    study = Study(tmp_path / "study", [MEDIA / "photographs" / "dogs.jpg"])
    with pytest.raises(UnavailableError, match="tidymedia models fetch owner/clip"):
        study.analyze(["tags"], parameters={"tags": {"model": "owner/clip", "labels": "protest,police"}}, jobs=1)
    (tmp_path / MODEL.file).write_bytes(b"another network")
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path))
    with pytest.raises(UnavailableError, match="is not the network efficientnet_lite2@"):
        study.analyze(["tags"], jobs=1)


def test_a_network_with_classes_takes_no_labels_of_the_user(tmp_path: Path) -> None:
    extractor = make_extractor("tags", {"model": "efficientnet_lite2", "labels": "protest,police"})
    found = extractor.availability()
    assert not found.installed
    assert "has classes of its own" in found.missing
    with pytest.raises(UnavailableError, match="has classes of its own"):
        extractor.load()


def test_it_runs_only_when_asked_for_and_is_ready() -> None:
    assert "tags" not in DEFAULT
    assert make_extractor("tags").availability().installed


def test_parameters_are_those_of_the_networks() -> None:
    choices = TagsParameters.__dataclass_fields__["normalization"].metadata["choices"]
    assert tuple(NORMALIZATIONS) == choices
    assert TagsParameters().template == TEMPLATE
    assert Tags(TagsParameters()).model_hash == f"{MODEL.identifier} {MODEL.sha256}"


def test_a_model_of_the_hub_and_labels_of_ones_own(tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers", reason="the extra hub is not installed")
    torch = pytest.importorskip("torch", reason="the extra hub is not installed")
    torch.manual_seed(0)
    labels = ["protest", "police"]
    configuration = transformers.ViTConfig(
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=8,
        image_size=16,
        patch_size=8,
        initializer_range=1.0,
        id2label=dict(enumerate(labels)),
        label2id={label: number for number, label in enumerate(labels)},
    )
    transformers.ViTForImageClassification(configuration).save_pretrained(tmp_path / "vit")
    facts = {"image_processor_type": "ViTImageProcessor", "size": {"height": 16, "width": 16}}
    (tmp_path / "vit" / "preprocessor_config.json").write_text(json.dumps(facts), encoding="utf-8")
    parameters = {"tags": {"model": str(tmp_path / "vit")}}
    study = Study(tmp_path / "study", [MEDIA / "photographs" / name for name in ("dogs.jpg", "sunset.jpg")])
    rows = study.analyze(["tags"], parameters=parameters, jobs=1).table("tags")
    assert set(rows["label"]) == set(labels)
    assert rows.groupby("path")["score"].sum().tolist() == pytest.approx([1, 1])
    assert rows["model"].str.fullmatch(r"vit@[0-9a-f]{12}").all()
