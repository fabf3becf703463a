"""``tm.embed``: images as rows of numbers, the same as in a study."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import tidymedia as tm
from tidymedia.errors import BrokenFileError, UnavailableError, UsageError

MEDIA = Path(__file__).resolve().parents[2] / "examples" / "media"
NAMES = ("dogs.jpg", "mountains.jpg", "sunset.jpg", "photographer.png")
FILES = [MEDIA / "photographs" / name for name in NAMES]


def test_a_row_an_image_with_its_name() -> None:
    table = tm.embed(FILES)
    assert table.index.tolist() == list(NAMES)
    assert table.shape == (4, 1280)
    assert set(table.dtypes) == {np.dtype("float32")}
    np.testing.assert_allclose(np.linalg.norm(table.to_numpy(), axis=1), 1, atol=1e-6)
    assert tm.embed(FILES[0], names=["a"]).shape == (1, 1280)


def test_a_row_does_not_depend_on_the_others() -> None:
    together, turned = tm.embed(FILES), tm.embed(FILES[::-1])
    np.testing.assert_array_equal(together.to_numpy(), turned.to_numpy()[::-1])
    np.testing.assert_array_equal(tm.embed(FILES[2]).to_numpy()[0], together.to_numpy()[2])


def test_the_same_as_in_a_study(tmp_path: Path) -> None:
    rows = tm.Study(tmp_path / "study", FILES[:2]).analyze(["embeddings"], jobs=1).table("embeddings")
    stored = np.stack(rows["vector"].to_list()).astype(np.float16)
    np.testing.assert_array_equal(stored, tm.embed(FILES[:2]).to_numpy().astype(np.float16))


def test_scikit_learn_takes_it_as_it_is() -> None:
    from sklearn.neighbors import KNeighborsClassifier

    chance = np.random.default_rng(0)
    marks = [Image.new("RGB", (60, 40), color) for color in ("red", "maroon", "blue", "navy")]
    noise = [Image.fromarray(chance.integers(0, 256, (40, 60, 3), np.uint8)) for _ in range(4)]
    labels = ["plain"] * 3 + ["noise"] * 3
    learned = KNeighborsClassifier(1).fit(tm.embed(marks[:3] + noise[:3]), labels)
    assert learned.predict(tm.embed([noise[3], marks[3]])).tolist() == ["noise", "plain"]


def test_a_network_of_the_user(tmp_path: Path) -> None:
    onnx = pytest.importorskip("onnx", reason="the package onnx makes the file")
    helper = onnx.helper
    graph = helper.make_graph(
        [
            helper.make_node("GlobalAveragePool", ["picture"], ["means"]),
            helper.make_node("Flatten", ["means"], ["features"]),
        ],
        "colors",
        [helper.make_tensor_value_info("picture", onnx.TensorProto.FLOAT, [1, 3, 8, 8])],
        [helper.make_tensor_value_info("features", onnx.TensorProto.FLOAT, [1, 3])],
    )
    path = tmp_path / "colors.onnx"
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8), path)
    images = [Image.new("RGB", (30, 20), color) for color in ("red", "white")]
    made = tm.embed(images, model=str(path), normalization="unit").to_numpy()
    np.testing.assert_allclose(made, np.array([[1, 0, 0], [3**-0.5, 3**-0.5, 3**-0.5]]), atol=1e-6)


def test_none_is_left_out_in_silence_and_wrong_arguments_are_named() -> None:
    with pytest.raises(BrokenFileError, match=r"cut_off\.jpg"):
        tm.embed([*FILES[:1], MEDIA / "posts" / "ben" / "cut_off.jpg"])
    with pytest.raises(UsageError, match="There are no images"):
        tm.embed([])
    with pytest.raises(UsageError, match="Two images have the same name"):
        tm.embed(FILES[:2], names=["a", "a"])
    with pytest.raises(UsageError, match="There is no normalization"):
        tm.embed(FILES[0], normalization="some")
    with pytest.raises(UnavailableError, match="tidymedia models fetch owner/name"):
        tm.embed(FILES[0], model="owner/name")
