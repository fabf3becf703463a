"""Masks: the bundled person mask, models of the hub made here with random weights, and an ONNX file."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tidymedia.errors import ExtractionError, UnavailableError
from tidymedia.images.opening import open_image
from tidymedia.models.choice import choose_model
from tidymedia.models.person_mask import MODEL, person_mask
from tidymedia.models.segmentation import Mask, Segmenter, load_segmenter

PORTRAIT = Path(__file__).resolve().parents[2] / "examples" / "media" / "photographs" / "astronaut.jpg"
CLASSES = ("wall", "person", "sky")


def portrait() -> Image.Image:
    return open_image(PORTRAIT).convert("RGB")


def segmenter_of(place: Path, normalization: str = "imagenet") -> Segmenter:
    return load_segmenter(choose_model(str(place), "masks", default=MODEL), normalization)


def test_a_mask_knows_its_box_and_its_share() -> None:
    pixels = np.zeros((10, 20), np.float32)
    pixels[2:5, 4:11] = 0.8
    pixels[0, 0] = 0.5
    mask = Mask("person", 1, pixels, 0.8)
    assert mask.box == (4, 2, 7, 3)
    assert mask.area_share == pytest.approx(21 / 200)
    assert Mask("sky", 2, pixels > 0.1, None).box == (0, 0, 11, 5)
    assert Mask("sky", 2, pixels > 0.9, None).box is None


def test_the_bundled_network_gives_its_mask() -> None:
    segmenter = load_segmenter(choose_model("", "masks", default=MODEL))
    image = portrait()
    (mask,) = segmenter.segment(image)
    assert segmenter.identifier == "person_mask@3.0.4"
    assert segmenter.labels == ("person",)
    np.testing.assert_array_equal(mask.pixels, person_mask(image))
    assert mask.area_share == pytest.approx(0.5457, abs=0.002)
    assert mask.score == pytest.approx(float(mask.pixels[mask.pixels > 0.5].mean()))
    assert mask.box is not None
    left, top, width, height = mask.box
    assert left < 10
    assert 5 < top < 25
    assert left + width > 490
    assert top + height == image.height


def save_segformer(folder: Path, classes: tuple[str, ...] = CLASSES) -> None:
    torch = pytest.importorskip("torch", reason="the extra hub is not installed")
    transformers = pytest.importorskip("transformers", reason="the extra hub is not installed")
    torch.manual_seed(3)
    config = transformers.SegformerConfig(
        num_encoder_blocks=2,
        depths=[1, 1],
        sr_ratios=[2, 1],
        hidden_sizes=[8, 16],
        patch_sizes=[7, 3],
        strides=[4, 2],
        num_attention_heads=[1, 2],
        mlp_ratios=[2, 2],
        decoder_hidden_size=16,
        id2label=dict(enumerate(classes)),
        label2id={name: number for number, name in enumerate(classes)},
    )
    network = transformers.SegformerForSemanticSegmentation(config).eval()
    with torch.no_grad():  # So that the classes depend on the picture, and none wins everywhere.
        network.decode_head.classifier.weight.mul_(40)
    network.save_pretrained(folder)
    processor = transformers.SegformerImageProcessorPil(size={"height": 64, "width": 64})
    processor.save_pretrained(folder)


@pytest.fixture(scope="module")
def segformer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hub") / "tiny_segformer"
    save_segformer(folder)
    return folder


def test_segformer_gives_every_pixel_to_one_class(segformer: Path) -> None:
    segmenter = segmenter_of(segformer)
    assert segmenter.labels == CLASSES
    image = portrait().resize((300, 200))
    masks = segmenter.segment(image)
    assert len(masks) > 1
    assert all(mask.pixels.shape == (200, 300) and mask.pixels.dtype == np.bool_ for mask in masks)
    np.testing.assert_array_equal(sum(mask.pixels.astype(int) for mask in masks), 1)
    shares = [mask.area_share for mask in masks if mask.area_share]
    assert shares == sorted(shares, reverse=True)
    assert all(1 / len(CLASSES) <= mask.score <= 1 for mask in masks if mask.score is not None)
    assert {mask.label: mask.value for mask in masks}.items() <= {"wall": 1, "person": 2, "sky": 3}.items()


def test_segformer_agrees_with_what_transformers_makes_of_it(segformer: Path) -> None:
    import torch
    import transformers

    image = portrait().resize((300, 200))
    processor = transformers.AutoImageProcessor.from_pretrained(segformer, backend="pil")
    network = transformers.AutoModelForSemanticSegmentation.from_pretrained(segformer).eval()
    with torch.inference_mode():
        outputs = network(**processor(images=[image], return_tensors="pt"))
    (expected,) = processor.post_process_semantic_segmentation(outputs, target_sizes=[(200, 300)])
    made = sum(mask.pixels * mask.value for mask in segmenter_of(segformer).segment(image)) - 1
    assert (made == expected.numpy()).mean() > 0.99


def test_large_pictures_get_masks_of_their_size(segformer: Path) -> None:
    small, large = (segmenter_of(segformer).segment(portrait().resize(size)) for size in ((500, 400), (1500, 1200)))
    assert large[0].pixels.shape == (1200, 1500)
    by_label = {mask.label: mask.area_share for mask in small}
    assert all(abs(by_label.get(mask.label, 0) - mask.area_share) < 0.03 for mask in large)


def test_nobody_is_an_empty_mask_where_persons_are_known(segformer: Path, tmp_path: Path) -> None:
    import torch
    import transformers

    network = transformers.SegformerForSemanticSegmentation.from_pretrained(segformer)
    with torch.no_grad():
        network.decode_head.classifier.bias[2] += 1e4
    network.save_pretrained(tmp_path / "sky")
    transformers.SegformerImageProcessorPil(size={"height": 64, "width": 64}).save_pretrained(tmp_path / "sky")
    sky, nobody = segmenter_of(tmp_path / "sky").segment(portrait())
    assert (sky.label, sky.area_share, sky.box) == ("sky", 1, (0, 0, 512, 512))
    assert sky.score == pytest.approx(1)
    assert (nobody.label, nobody.area_share, nobody.box, nobody.score) == ("person", 0, None, None)


def test_mask2former_has_shares_and_no_scores(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch", reason="the extra hub is not installed")
    transformers = pytest.importorskip("transformers", reason="the extra hub is not installed")
    torch.manual_seed(1)
    backbone = transformers.SwinConfig(
        embed_dim=8, depths=[1, 1, 1, 1], num_heads=[1, 1, 2, 2], window_size=4, image_size=64,
        out_features=["stage1", "stage2", "stage3", "stage4"],
    )  # fmt: skip
    config = transformers.Mask2FormerConfig(
        backbone_config=backbone, feature_size=32, mask_feature_size=32, hidden_dim=32, encoder_feedforward_dim=16,
        dim_feedforward=16, encoder_layers=1, decoder_layers=2, num_attention_heads=2, num_queries=8,
        id2label=dict(enumerate(CLASSES)), label2id={name: number for number, name in enumerate(CLASSES)},
    )  # fmt: skip
    transformers.Mask2FormerForUniversalSegmentation(config).eval().save_pretrained(tmp_path)
    processor = transformers.Mask2FormerImageProcessorPil(size={"height": 64, "width": 64})
    processor.save_pretrained(tmp_path)
    image = portrait().resize((300, 200))
    masks = segmenter_of(tmp_path).segment(image)
    assert {mask.label for mask in masks} <= set(CLASSES)
    assert sum(mask.area_share for mask in masks) == pytest.approx(1)
    assert all(mask.score is None and mask.pixels.shape == (200, 300) for mask in masks)
    network = transformers.AutoModelForUniversalSegmentation.from_pretrained(tmp_path).eval()
    with torch.inference_mode():
        outputs = network(**processor(images=[image], return_tensors="pt"))
    (expected,) = processor.post_process_semantic_segmentation(outputs, target_sizes=[(200, 300)])
    made = sum(mask.pixels * mask.value for mask in masks) - 1
    np.testing.assert_array_equal(made, expected.numpy())


def test_a_model_for_another_task_is_refused(tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers", reason="the extra hub is not installed")
    config = transformers.ViTConfig(
        hidden_size=8, num_hidden_layers=1, num_attention_heads=1, intermediate_size=8, image_size=32, patch_size=16,
        id2label={0: "cat", 1: "dog"}, label2id={"cat": 0, "dog": 1},
    )  # fmt: skip
    transformers.ViTForImageClassification(config).save_pretrained(tmp_path)
    transformers.ViTImageProcessorPil(size={"height": 32, "width": 32}).save_pretrained(tmp_path)
    with pytest.raises(UnavailableError, match="not made for this task"):
        segmenter_of(tmp_path)


def test_one_class_alone_is_refused(tmp_path: Path) -> None:
    save_segformer(tmp_path, ("person",))
    with pytest.raises(UnavailableError, match="knows one class alone"):
        segmenter_of(tmp_path)


def test_a_folder_that_is_not_there_names_the_command() -> None:
    with pytest.raises(UnavailableError) as raised:
        load_segmenter(choose_model("owner/never-fetched", "masks", default=MODEL))
    assert "tidymedia models fetch owner/never-fetched" in raised.value.remedy or "hub" in raised.value.remedy


def save_onnx(path: Path, *, flat: bool = False) -> None:
    """Write a network whose three classes are how red, green and blue a pixel is."""
    onnx = pytest.importorskip("onnx", reason="onnx is not installed")
    helper, float32 = onnx.helper, onnx.TensorProto.FLOAT
    step = helper.make_node("ReduceMean", ["picture"], ["out"], axes=[2, 3], keepdims=0) if flat else (
        helper.make_node("AveragePool", ["picture"], ["out"], kernel_shape=[4, 4], strides=[4, 4])
    )  # fmt: skip
    graph = helper.make_graph(
        [step], "colors",
        [helper.make_tensor_value_info("picture", float32, [1, 3, 32, 32])],
        [helper.make_tensor_value_info("out", float32, [1, 3] if flat else [1, 3, 8, 8])],
    )  # fmt: skip
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    path.write_bytes(model.SerializeToString())
    path.with_suffix(".labels.txt").write_text("red\ngreen\nblue\n", encoding="utf-8")


def test_an_onnx_file_gives_the_highest_class_of_each_pixel(tmp_path: Path) -> None:
    save_onnx(tmp_path / "colors.onnx")
    image = Image.new("RGB", (64, 32), (0, 0, 255))
    image.paste((255, 0, 0), (0, 0, 16, 32))
    blue, red = segmenter_of(tmp_path / "colors.onnx", "none").segment(image)
    assert (blue.label, blue.value, red.label, red.value) == ("blue", 3, "red", 1)
    assert red.area_share == pytest.approx(0.25, abs=0.05)
    assert red.box is not None
    assert red.box[:2] == (0, 0)
    assert red.score == pytest.approx(1, abs=0.05)


def test_an_onnx_file_without_masks_is_refused(tmp_path: Path) -> None:
    save_onnx(tmp_path / "flat.onnx", flat=True)
    with pytest.raises(ExtractionError, match="no masks"):
        segmenter_of(tmp_path / "flat.onnx").segment(Image.new("RGB", (8, 8)))


def test_a_processor_that_cuts_out_the_middle_sees_the_whole(tmp_path: Path) -> None:
    save_segformer(tmp_path)
    plain = segmenter_of(tmp_path).segment(portrait())
    cropping = tmp_path / "cropping"
    save_segformer(cropping)
    settings = json.loads((cropping / "preprocessor_config.json").read_text(encoding="utf-8"))
    settings |= {"do_center_crop": True, "crop_size": {"height": 32, "width": 32}}
    (cropping / "preprocessor_config.json").write_text(json.dumps(settings), encoding="utf-8")
    for one, other in zip(segmenter_of(cropping).segment(portrait()), plain, strict=True):
        np.testing.assert_array_equal(one.pixels, other.pixels)
