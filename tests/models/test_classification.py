"""Classes and their scores: the bundled network, ONNX files, and models of the hub."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from tidymedia.errors import UnavailableError
from tidymedia.images.small_picture import small_picture
from tidymedia.models.choice import choose_model
from tidymedia.models.classification import MODEL, load_classifier, with_synsets
from tidymedia.models.classifier import Classifier
from tidymedia.models.labels import Label, labels_of

MEDIA = Path(__file__).resolve().parents[2] / "examples" / "media" / "photographs"
NAMES = ("dogs.jpg", "mountains.jpg", "brushes.jpg", "pagoda.jpg")
RED, BLUE = (Image.new("RGB", (30, 20), color) for color in ("red", "blue"))


@pytest.fixture(scope="module")
def photographs() -> list[Image.Image]:
    return [small_picture(MEDIA / name) for name in NAMES]


@pytest.fixture(scope="module")
def bundled() -> Classifier:
    return load_classifier(choose_model("", "tags", default=MODEL))


def save_onnx(path: Path, *, last: str = "", labels: int = 3) -> str:
    """Save a network whose numbers for its classes are the mean red, green and blue, then perhaps a last function."""
    onnx = pytest.importorskip("onnx", reason="the package onnx makes the file")
    helper = onnx.helper
    nodes = [
        helper.make_node("GlobalAveragePool", ["picture"], ["means"]),
        helper.make_node("Flatten", ["means"], ["logits"]),
    ]
    if last:
        nodes.append(helper.make_node(last, ["logits"], ["scores"]))
    shape: Any = helper.make_tensor_value_info
    graph = helper.make_graph(
        nodes,
        "colors",
        [shape("picture", onnx.TensorProto.FLOAT, [1, 3, 8, 8])],
        [shape("scores" if last else "logits", onnx.TensorProto.FLOAT, [1, 3])],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8), path)
    names = ["red", "green", "blue", "black"][:labels]
    path.with_suffix(".labels.txt").write_text("\n".join(names), encoding="utf-8")
    return str(path)


def scores_of(path: str, image: Image.Image, normalization: str) -> NDArray[np.float64]:
    return load_classifier(choose_model(path, "tags", default=MODEL), normalization=normalization).scores(image)


def save_hub_model(folder: Path, labels: list[str], **configuration: Any) -> str:
    transformers = pytest.importorskip("transformers", reason="the extra hub is not installed")
    torch = pytest.importorskip("torch", reason="the extra hub is not installed")
    torch.manual_seed(0)
    made = transformers.ViTConfig(
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=8,
        image_size=16,
        patch_size=8,
        initializer_range=1.0,
        id2label=dict(enumerate(labels)),
        label2id={label: number for number, label in enumerate(labels)},
        **configuration,
    )
    transformers.ViTForImageClassification(made).save_pretrained(folder)
    facts = {"image_processor_type": "ViTImageProcessor", "size": {"height": 16, "width": 16}}
    (folder / "preprocessor_config.json").write_text(json.dumps(facts), encoding="utf-8")
    return str(folder)


@pytest.mark.parametrize(
    ("number", "wanted"), [(0, "spaniel"), (1, "alp|valley|cliff"), (2, "paintbrush"), (3, "palace|bell cote|church")]
)
def test_the_bundled_network_names_what_it_sees(
    bundled: Classifier, photographs: list[Image.Image], number: int, wanted: str
) -> None:
    names = [found.label.name for found in bundled.best(photographs[number], top=3)]
    assert all(any(word in name for word in wanted.split("|")) for name in names[:1]), names


def test_scores_sum_to_one_and_do_not_depend_on_companions(bundled: Classifier, photographs: list[Image.Image]) -> None:
    together = [bundled.scores(image) for image in photographs]
    for image, scores in zip(reversed(photographs), reversed(together), strict=True):
        np.testing.assert_array_equal(bundled.scores(image), scores)
        assert scores.sum() == pytest.approx(1)
        assert scores.min() >= 0


def test_an_onnx_file_with_logits_gets_a_softmax(tmp_path: Path) -> None:
    path = save_onnx(tmp_path / "colors.onnx")
    scores = scores_of(path, RED, "half")
    np.testing.assert_allclose(scores, np.exp([1, -1, -1]) / np.exp([1, -1, -1]).sum(), rtol=1e-5)
    assert scores_of(path, BLUE, "half").argmax() == 2
    assert scores_of(path, RED, "imagenet")[0] != pytest.approx(scores[0], abs=1e-3)


@pytest.mark.parametrize("last", ["Softmax", "Sigmoid"])
def test_an_onnx_file_with_scores_is_taken_at_its_word(tmp_path: Path, last: str) -> None:
    scores = scores_of(save_onnx(tmp_path / "colors.onnx", last=last), RED, "half")
    values = np.array([1.0, -1.0, -1.0])
    wanted = np.exp(values) / np.exp(values).sum() if last == "Softmax" else 1 / (1 + np.exp(-values))
    np.testing.assert_allclose(scores, wanted, rtol=1e-5)


def test_an_onnx_file_needs_as_many_labels_as_scores(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="gives 3 scores, and 2 labels"):
        scores_of(save_onnx(tmp_path / "colors.onnx", labels=2), RED, "half")
    (tmp_path / "colors.labels.txt").unlink()
    with pytest.raises(UnavailableError, match=r"colors\.labels\.txt"):
        scores_of(str(tmp_path / "colors.onnx"), RED, "half")


def save_resnet(folder: Path, labels: list[str]) -> str:
    """Save a ResNet as that of the textbook is saved in the hub, with its own preparation of pictures."""
    transformers = pytest.importorskip("transformers", reason="the extra hub is not installed")
    torch = pytest.importorskip("torch", reason="the extra hub is not installed")
    torch.manual_seed(0)
    configuration = transformers.ResNetConfig(
        embedding_size=8,
        hidden_sizes=[8, 8],
        depths=[1, 1],
        layer_type="basic",
        id2label=dict(enumerate(labels)),
        label2id={label: number for number, label in enumerate(labels)},
    )
    transformers.ResNetForImageClassification(configuration).save_pretrained(folder)
    facts = {"image_processor_type": "ConvNextImageProcessor", "size": {"shortest_edge": 32}, "crop_pct": 0.875}
    (folder / "preprocessor_config.json").write_text(json.dumps(facts), encoding="utf-8")
    return str(folder)


@pytest.mark.parametrize("save", [save_hub_model, save_resnet])
def test_a_model_of_the_hub_gives_what_transformers_gives(
    save: Callable[[Path, list[str]], str], tmp_path: Path, photographs: list[Image.Image]
) -> None:
    path = save(tmp_path / "model", ["protest", "police", "flag"])
    import torch
    from transformers import AutoImageProcessor, AutoModelForImageClassification

    classifier = load_classifier(choose_model(path, "tags", default=MODEL))
    network = AutoModelForImageClassification.from_pretrained(path).eval()
    prepared = AutoImageProcessor.from_pretrained(path, backend="pil")(images=photographs[0], return_tensors="pt")
    with torch.inference_mode():
        wanted = network(**prepared).logits[0].softmax(0).numpy()
    np.testing.assert_allclose(classifier.scores(photographs[0]), wanted, atol=1e-6)
    assert [label.name for label in classifier.classes] == ["protest", "police", "flag"]
    assert not np.allclose(classifier.scores(photographs[0]), classifier.scores(photographs[1]), atol=1e-4)


def test_a_model_trained_for_several_labels_gives_each_its_own_score(tmp_path: Path) -> None:
    labels = ["protest", "police", "flag"]
    one = load_classifier(choose_model(save_hub_model(tmp_path / "a", labels), "tags", default=MODEL)).scores(RED)
    path = save_hub_model(tmp_path / "b", labels, problem_type="multi_label_classification")
    several = load_classifier(choose_model(path, "tags", default=MODEL)).scores(RED)
    odds = several / (1 - several)
    np.testing.assert_allclose(odds / odds.sum(), one, rtol=1e-4)
    assert several.sum() != pytest.approx(1, abs=1e-3)


def test_a_model_for_another_task_is_refused(tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers", reason="the extra hub is not installed")
    path = save_hub_model(tmp_path / "vit", ["protest", "police"])
    network = transformers.ViTForImageClassification.from_pretrained(path)
    network.vit.save_pretrained(path)
    with pytest.raises(UnavailableError, match="weights that its task needs"):
        load_classifier(choose_model(path, "tags", default=MODEL))


def test_classes_of_imagenet_get_their_synsets_whoever_names_them() -> None:
    known = labels_of(MODEL)
    written = tuple(Label(f"{label.name}, another word") for label in known)
    assert [label.wordnet_id for label in with_synsets(written)] == [label.wordnet_id for label in known]
    assert with_synsets(written)[281].name == "tabby, another word"
    for others in (written[:999], tuple(Label(f"class {number}") for number in range(1000)), written[::-1]):
        assert with_synsets(others) == others
