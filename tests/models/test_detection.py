"""Detectors by whatever network: the bundled one, ONNX exports of YOLO made here, tiny detectors of the hub."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from tidymedia.errors import ExtractionError, UnavailableError
from tidymedia.models.boxes import Boxes
from tidymedia.models.choice import choose_model
from tidymedia.models.detection import MODEL, Detector, load_detector
from tidymedia.models.yolo_file import boxes_from

MEDIA = Path(__file__).resolve().parents[2] / "examples" / "media"
CELL, SIDE = 32, 320
CELLS = (SIDE // CELL) ** 2


def load(text: str | Path) -> Detector:
    return load_detector(choose_model(str(text), "objects", default=MODEL))


def red_square(size: tuple[int, int], box: tuple[int, int, int, int]) -> Image.Image:
    image = Image.new("RGB", size, "black")
    ImageDraw.Draw(image).rectangle((box[0], box[1], box[2] - 1, box[3] - 1), fill=(255, 0, 0))
    return image


def save_network(path: Path, form: str, *, labels: str = "blue thing\nred thing\n", type_name: str = "FLOAT") -> Path:
    """Make a network that finds cells of 32 x 32 pixels that are red or blue: a convolution and constant boxes."""
    onnx = pytest.importorskip("onnx", reason="ONNX files are made with the package onnx")
    helper, kind = onnx.helper, getattr(onnx.TensorProto, type_name)
    number = np.float32 if type_name == "FLOAT" else np.float16
    weights = np.zeros((2, 3, CELL, CELL), number)
    for place, channel in ((0, 2), (1, 0)):
        weights[place] = -1 / CELL**2
        weights[place, channel] = 1 / CELL**2
    down, across = np.divmod(np.arange(CELLS), SIDE // CELL)
    centers = np.stack((across * CELL + 16, down * CELL + 16, np.full(CELLS, CELL), np.full(CELLS, CELL)))
    corners = np.stack((down, across, down + 1, across + 1)) / (SIDE // CELL)  # as shares, as Keras has them
    constants = {
        "weights": weights,
        "centers": centers[None].astype(number),
        "sure": np.ones((1, 1, CELLS), number),
        "shares": corners.T[None].astype(number),
        "classes_then_cells": np.array([1, 2, CELLS]),
        "list": np.zeros((1, 3), np.int32),
    }
    nodes = [
        helper.make_node("Conv", ["images", "weights"], ["colors"], strides=[CELL, CELL]),
        helper.make_node("Relu", ["colors"], ["positive"]),
        helper.make_node("Reshape", ["positive", "classes_then_cells"], ["scores"]),
    ]
    inputs = [helper.make_tensor_value_info("images", kind, [1, 3, SIDE, SIDE])]
    shapes: dict[str, list[int]]
    if form == "v8":
        nodes.append(helper.make_node("Concat", ["centers", "scores"], ["output0"], axis=1))
        shapes = {"output0": [1, 6, CELLS]}
    elif form == "v5":
        nodes.append(helper.make_node("Concat", ["centers", "sure", "scores"], ["rows"], axis=1))
        nodes.append(helper.make_node("Transpose", ["rows"], ["output0"], perm=[0, 2, 1]))
        shapes = {"output0": [1, CELLS, 7]}
    elif form == "keras":
        inputs.append(helper.make_tensor_value_info("image_shape", kind, [1, 2]))
        nodes.append(helper.make_node("Concat", ["image_shape", "image_shape"], ["sides"], axis=1))
        nodes.append(helper.make_node("Mul", ["shares", "sides"], ["boxes"]))
        nodes.append(helper.make_node("Identity", ["list"], ["indices"]))
        nodes.append(helper.make_node("Identity", ["scores"], ["all_scores"]))
        shapes = {"boxes": [1, CELLS, 4], "all_scores": [1, 2, CELLS]}
    else:
        shapes = {"colors": [1, 2, SIDE // CELL, SIDE // CELL]}
    outputs = [helper.make_tensor_value_info(name, kind, shape) for name, shape in shapes.items()]
    if form == "keras":
        outputs.append(helper.make_tensor_value_info("indices", onnx.TensorProto.INT32, [1, 3]))
    held = [onnx.numpy_helper.from_array(array, name) for name, array in constants.items()]
    graph = helper.make_graph(nodes, form, inputs, outputs, held)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    path.write_bytes(made.SerializeToString())
    path.with_suffix(".labels.txt").write_text(labels, encoding="utf-8")
    return path


@pytest.mark.parametrize("form", ["v8", "v5"])
@pytest.mark.parametrize("type_name", ["FLOAT", "FLOAT16"])
def test_an_export_of_yolo_finds_a_thing_where_it_is(tmp_path: Path, form: str, type_name: str) -> None:
    detector = load(save_network(tmp_path / f"{form}.onnx", form, type_name=type_name))
    assert detector.labels == ("blue thing", "red thing")
    # 640 x 320 on 320 x 320: halved, with 80 pixels of gray above; the cell of row 5 and column 7 is this square.
    (found,) = detector.objects(red_square((640, 320), (448, 160, 512, 224)), 0.5)
    assert found.label == "red thing"
    assert found.score > 0.95
    assert found.box == pytest.approx((448, 160, 64, 64), abs=1)


def test_a_tall_picture(tmp_path: Path) -> None:
    detector = load(save_network(tmp_path / "v8.onnx", "v8"))
    (found,) = detector.objects(red_square((160, 320), (16, 64, 48, 96)), 0.5)
    assert found.box == pytest.approx((16, 64, 32, 32), abs=1)


def test_yolo_3_from_keras_maps_its_boxes_itself(tmp_path: Path) -> None:
    detector = load(save_network(tmp_path / "keras.onnx", "keras"))
    (found,) = detector.objects(red_square((640, 640), (128, 64, 192, 128)), 0.5)
    assert found.label == "red thing"
    assert found.box == pytest.approx((128, 64, 64, 64), abs=1)


def test_width_and_height_that_a_file_leaves_free_are_640(tmp_path: Path) -> None:
    onnx = pytest.importorskip("onnx", reason="ONNX files are made with the package onnx")
    path = save_network(tmp_path / "v8.onnx", "v8")
    model = onnx.load(str(path))
    model.graph.input[0].type.tensor_type.shape.dim[2].dim_param = "height"
    model.graph.input[0].type.tensor_type.shape.dim[3].dim_param = "width"
    path.write_bytes(model.SerializeToString())
    with pytest.raises(ExtractionError, match="v8"):  # its 100 cells are those of 320 x 320 pixels
        load(path)


@pytest.mark.parametrize(
    ("shape", "classes", "row", "place"),
    [
        ((1, 6, 50), 2, [10, 20, 4, 4, 0, 0.9], (0, slice(None), 7)),
        ((1, 50, 6), 2, [8, 18, 12, 22, 0.9, 1], (0, 7)),
        ((1, 50, 7), 2, [10, 20, 4, 4, 0.9, 0, 1], (0, 7)),
        ((1, 50, 84), 80, [10, 20, 4, 4, 0, 0.9] + [0] * 78, (0, 7)),
        ((1, 25200, 6), 1, [10, 20, 4, 4, 0.9, 1], (0, 7)),
        ((1, 300, 6), 1, [8, 18, 12, 22, 0.9, 0], (0, 7)),
    ],
    ids=["v8", "end to end", "v5", "v8 turned", "v5 of one class", "end to end of one class"],
)
def test_forms_are_told_apart(shape: tuple[int, ...], classes: int, row: list[float], place: Any) -> None:
    output = np.zeros(shape, np.float32)
    output[place] = row
    found = boxes_from([output], (320, 320), classes, 0.5, "some@1")
    assert found.corners.tolist() == [[8, 18, 12, 22]]
    assert found.scores.tolist() == pytest.approx([0.9])
    assert found.classes.tolist() == [min(1, classes - 1)]


def test_another_network_is_refused_when_it_is_loaded(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match=r"1 x 2 x 10 x 10.*not those of a YOLO network of 2 classes"):
        load(save_network(tmp_path / "other.onnx", "other"))


def test_a_wrong_number_of_labels_is_told(tmp_path: Path) -> None:
    path = save_network(tmp_path / "v8.onnx", "v8", labels="one\ntwo\nthree\n")
    with pytest.raises(UnavailableError, match="of 3 classes"):
        load(path)


def test_labels_that_are_missing_are_named(tmp_path: Path) -> None:
    path = save_network(tmp_path / "v8.onnx", "v8")
    path.with_suffix(".labels.txt").unlink()
    with pytest.raises(UnavailableError, match=r"v8\.labels\.txt"):
        load(path)


def test_a_class_without_label_is_an_error() -> None:
    boxes = Boxes(np.float32([[0, 0, 5, 5]]), np.float32([0.9]), np.array([3]))
    detector = Detector("some@1", ("one", "two"), lambda image, least: boxes)
    with pytest.raises(ExtractionError, match="gives the class 3, but has 2 labels"):
        detector.objects(Image.new("RGB", (10, 10)), 0.5)


def test_only_the_best_are_kept() -> None:
    boxes = Boxes(
        np.float32([[i, 0, i + 1, 5] for i in range(9)]), np.float32(np.arange(9) / 10), np.zeros(9, np.int64)
    )
    found = Detector("some@1", ("one",), lambda image, least: boxes).objects(Image.new("RGB", (10, 10)), 0, most=2)
    assert [one.score for one in found] == pytest.approx([0.8, 0.7])


def save_detector(folder: Path, kind: str) -> None:
    transformers = pytest.importorskip("transformers", reason="models of the hub need the extra hub")
    torch = pytest.importorskip("torch", reason="models of the hub need the extra hub")
    torch.manual_seed(3)
    names = {"id2label": {0: "boat", 1: "person"}, "label2id": {"boat": 0, "person": 1}}
    size = {"height": 64, "width": 64}
    config: Any
    if kind == "yolos":
        config = transformers.YolosConfig(
            hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32, image_size=[64, 64],
            patch_size=16, num_detection_tokens=7, **names,
        )  # fmt: skip
        network, processor = transformers.YolosForObjectDetection(config), transformers.YolosImageProcessor(size=size)
    elif kind == "rt_detr":
        backbone = transformers.RTDetrResNetConfig(
            embedding_size=8, hidden_sizes=[8, 8, 16, 16], depths=[1, 1, 1, 1], layer_type="basic",
            out_features=["stage2", "stage3", "stage4"],
        )  # fmt: skip
        config = transformers.RTDetrConfig(
            backbone_config=backbone, encoder_hidden_dim=16, encoder_in_channels=[8, 16, 16], encoder_layers=1,
            encoder_ffn_dim=16, encoder_attention_heads=2, d_model=16, num_queries=7, decoder_in_channels=[16, 16, 16],
            decoder_ffn_dim=16, decoder_layers=1, decoder_attention_heads=2, num_denoising=0, hidden_expansion=0.5,
            **names,
        )  # fmt: skip
        network = transformers.RTDetrForObjectDetection(config)
        processor = transformers.RTDetrImageProcessor(size=size)
    else:
        backbone = transformers.ResNetConfig(
            embedding_size=8, hidden_sizes=[8, 8, 16, 16], depths=[1, 1, 1, 1], out_features=["stage4"]
        )
        config = transformers.DetrConfig(
            use_timm_backbone=False, use_pretrained_backbone=False, backbone=None, backbone_config=backbone, d_model=16,
            encoder_layers=1, decoder_layers=1, encoder_attention_heads=2, decoder_attention_heads=2,
            encoder_ffn_dim=32, decoder_ffn_dim=32, num_queries=7, **names,
        )  # fmt: skip
        network, processor = transformers.DetrForObjectDetection(config), transformers.DetrImageProcessor(size=size)
    network.eval().save_pretrained(folder)
    processor.save_pretrained(folder)


@pytest.mark.parametrize("kind", ["yolos", "detr", "rt_detr"])
def test_a_detector_of_the_hub(tmp_path: Path, kind: str) -> None:
    save_detector(tmp_path / kind, kind)
    detector = load(tmp_path / kind)
    assert detector.labels == ("boat", "person")
    with Image.open(MEDIA / "photographs" / "dandelions.jpg") as photograph:
        image = photograph.convert("RGB").resize((200, 100))
    found = detector.objects(image, 0.01)
    assert 0 < len(found) <= 7
    assert {one.label for one in found} <= {"boat", "person"}
    for one in found:
        left, top, width, height = one.box
        assert 0 <= left < left + width <= 200.01
        assert 0 <= top < top + height <= 100.01
    assert detector.objects(image, 0.999) == []
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    from transformers import AutoImageProcessor, AutoModelForObjectDetection

    processor, network = (
        part.from_pretrained(tmp_path / kind) for part in (AutoImageProcessor, AutoModelForObjectDetection)
    )
    outputs = network.eval()(**processor(images=[image], return_tensors="pt"))
    (direct,) = processor.post_process_object_detection(outputs, threshold=0.01, target_sizes=[(100, 200)])
    assert found[0].score == pytest.approx(float(direct["scores"].detach().max()), abs=1e-4)
