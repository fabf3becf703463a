"""ONNX files of a user: what they take is read from them, and what does not fit is said."""

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tidymedia.errors import SettingError, UnavailableError
from tidymedia.models.bundled import BUNDLED
from tidymedia.models.choice import ChosenModel, choose_model
from tidymedia.models.files import BUNDLED_FOLDER
from tidymedia.models.inputs import as_input
from tidymedia.models.labels import labels_of
from tidymedia.models.onnx_file import NORMALIZATIONS, load_onnx_file
from tidymedia.models.sessions import load_network

TAGS = BUNDLED["efficientnet_lite2"]
COLORS = Image.new("RGB", (10, 6), (255, 128, 0))


def _chosen(path: Path, task: str = "tags") -> ChosenModel:
    return choose_model(str(path), task, default=TAGS)


def _means(path: Path, shape: list[Any], *, type_name: str = "FLOAT", inputs: int = 1, labels: int = 3) -> Path:
    """Write a network whose three outputs are the means of what it gets as the three channels."""
    onnx = pytest.importorskip("onnx", reason="onnx comes with pip install 'tidymedia[test]'")
    helper, kind = onnx.helper, getattr(onnx.TensorProto, type_name)
    axes = [2, 3] if len(shape) == 4 and shape[1] in (3, "c") else [1, 2]
    nodes = [
        helper.make_node("Cast", ["given"], ["numbers"], to=onnx.TensorProto.FLOAT),
        helper.make_node("ReduceMean", ["numbers", "axes"], ["means"], keepdims=0),
    ]
    given = [helper.make_tensor_value_info("given", kind, shape)]
    given += [helper.make_tensor_value_info(f"more{number}", kind, [1]) for number in range(1, inputs)]
    graph = helper.make_graph(
        nodes,
        "means",
        given,
        [helper.make_tensor_value_info("means", onnx.TensorProto.FLOAT, [1, 3])],
        [helper.make_tensor("axes", onnx.TensorProto.INT64, [2], axes)],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    onnx.save(model, path)
    path.with_suffix(".labels.txt").write_text("\n".join(f"label {number}" for number in range(labels)), "utf-8")
    return path


def test_a_real_network_gives_what_the_same_bundled_one_gives(tmp_path: Path) -> None:
    path = tmp_path / "mine.onnx"
    shutil.copy(BUNDLED_FOLDER / TAGS.file, path)
    path.with_suffix(".labels.txt").write_text("\n".join(label.name for label in labels_of(TAGS)), encoding="utf-8")
    loaded = load_onnx_file(_chosen(path), normalization="half", classes_in=-1)
    assert (loaded.input.layout, loaded.input.size) == ("NCHW", (260, 260))
    assert loaded.labels is not None
    assert len(loaded.labels) == 1000
    photograph = Image.effect_mandelbrot((90, 60), (-2, -1, 1, 1), 50).convert("RGB")
    made = loaded.run(photograph, "logits")["logits"][0]
    expected = load_network(TAGS).run(as_input(photograph, TAGS.input), "logits")["logits"][0]
    # 127.5 is not the 127 and 128 of the network: close, and not the same.
    assert int(made.argmax()) == int(expected.argmax())
    assert np.corrcoef(made, expected)[0, 1] > 0.99


@pytest.mark.parametrize("shape", [[1, 3, 4, 8], [1, 4, 8, 3], ["n", 3, "h", "w"], ["n", "h", "w", 3]])
@pytest.mark.parametrize("channels", ["RGB", "BGR"])
def test_layout_size_and_channels(tmp_path: Path, shape: list[Any], channels: str) -> None:
    loaded = load_onnx_file(_chosen(_means(tmp_path / "means.onnx", shape)), normalization="none", channels=channels)
    assert loaded.input.layout == ("NCHW" if shape[1] == 3 else "NHWC")
    assert loaded.input.size == ((224, 224) if "h" in shape else (8, 4))
    expected = [255, 128, 0] if channels == "RGB" else [0, 128, 255]
    np.testing.assert_allclose(loaded.run(COLORS)["means"], [expected], atol=0.5)


@pytest.mark.parametrize(
    ("normalization", "expected"),
    [
        ("imagenet", [(1 - 0.485) / 0.229, (128 / 255 - 0.456) / 0.224, -0.406 / 0.225]),
        ("half", [1, 128 / 127.5 - 1, -1]),
        ("unit", [1, 128 / 255, 0]),
    ],
)
def test_normalizations_follow_the_order_of_channels(tmp_path: Path, normalization: str, expected: list[float]) -> None:
    chosen = _chosen(_means(tmp_path / "means.onnx", [1, 3, 4, 8]))
    for channels, wanted in (("RGB", expected), ("BGR", expected[::-1])):
        loaded = load_onnx_file(chosen, normalization=normalization, channels=channels)
        np.testing.assert_allclose(loaded.run(COLORS)["means"][0], wanted, atol=1e-4)
    assert set(NORMALIZATIONS) == {"imagenet", "half", "unit", "none"}


@pytest.mark.parametrize("type_name", ["UINT8", "FLOAT16"])
def test_other_numbers(tmp_path: Path, type_name: str) -> None:
    loaded = load_onnx_file(
        _chosen(_means(tmp_path / "means.onnx", [1, 4, 8, 3], type_name=type_name)), normalization="none"
    )
    np.testing.assert_allclose(loaded.run(COLORS)["means"], [[255, 128, 0]], atol=0.5)


@pytest.mark.parametrize("shape", [[1, 1, 4, 8], ["n", 4, 8, 1]])
@pytest.mark.parametrize(("normalization", "scale"), [("none", (0, 1)), ("half", (127.5, 127.5)), ("unit", (0, 255))])
def test_a_network_for_gray_pictures(
    tmp_path: Path, shape: list[Any], normalization: str, scale: tuple[float, float]
) -> None:
    loaded = load_onnx_file(_chosen(_means(tmp_path / "gray.onnx", shape)), normalization=normalization)
    given = loaded.prepare(COLORS)
    assert given.shape == ((1, 1, 4, 8) if shape[1] == 1 else (1, 4, 8, 1))
    luma = 0.299 * 255 + 0.587 * 128
    np.testing.assert_allclose(given, (luma - scale[0]) / scale[1], atol=0.51 / scale[1])


def test_a_size_for_a_network_that_takes_any(tmp_path: Path) -> None:
    free = _chosen(_means(tmp_path / "free.onnx", [1, 3, "h", "w"]))
    assert load_onnx_file(free, size=(64, 32)).prepare(COLORS).shape == (1, 3, 32, 64)
    fixed = _chosen(_means(tmp_path / "fixed.onnx", [1, 3, 4, 8]))
    assert load_onnx_file(fixed, size=(8, 4)).input.size == (8, 4)
    with pytest.raises(SettingError, match="takes 8 x 4 pixels, not 64 x 32"):
        load_onnx_file(fixed, size=(64, 32))
    with pytest.raises(SettingError, match="no normalization 'caffe'"):
        load_onnx_file(fixed, normalization="caffe")
    with pytest.raises(SettingError, match="'GBR'"):
        load_onnx_file(fixed, channels="GBR")


def test_another_number_of_labels_is_refused(tmp_path: Path) -> None:
    chosen = _chosen(_means(tmp_path / "means.onnx", [1, 3, 4, 8], labels=4))
    with pytest.raises(UnavailableError, match="gives 3 scores, and 4 labels are known") as raised:
        load_onnx_file(chosen, classes_in=1)
    assert "means.labels.txt" in raised.value.remedy
    assert load_onnx_file(chosen).labels is not None


@pytest.mark.parametrize(
    ("shape", "more", "told"),
    [
        ([1, 2, 4, 8], {}, "not one picture of three channels or of a gray one"),
        ([8, 3, 4, 8], {}, "8 x 3 x 4 x 8"),
        ([4, 8, 3], {}, "4 x 8 x 3"),
        ([1, 3, 4, 8], {"inputs": 2}, r"2 inputs \(given, more1\)"),
        ([1, 3, 4, 8], {"type_name": "INT32"}, "int32"),
    ],
)
def test_a_network_that_takes_no_picture(tmp_path: Path, shape: list[Any], more: dict[str, Any], told: str) -> None:
    path = _means(tmp_path / "means.onnx", shape, **more)
    with pytest.raises(UnavailableError, match=told) as raised:
        load_onnx_file(_chosen(path))
    assert raised.value.remedy


def test_a_file_that_is_no_network_or_changed_meanwhile(tmp_path: Path) -> None:
    path = tmp_path / "text.onnx"
    path.write_text("no network", encoding="utf-8")
    with pytest.raises(UnavailableError, match="cannot be loaded") as raised:
        load_onnx_file(_chosen(path, "embeddings"))
    assert "whole ONNX file" in raised.value.remedy
    with pytest.raises(UnavailableError, match="names of the classes"):
        load_onnx_file(_chosen(path))
    chosen = _chosen(path, "embeddings")
    path.write_text("another one", encoding="utf-8")
    with pytest.raises(UnavailableError, match="changed meanwhile"):
        load_onnx_file(chosen)
    with pytest.raises(UnavailableError, match="no file"):
        load_onnx_file(_chosen(tmp_path / "absent.onnx"))
    with pytest.raises(UnavailableError, match="no ONNX file"):
        load_onnx_file(choose_model("", "tags", default=TAGS))
