"""Vectors by networks of all kinds, tiny ones made here: the right output is taken, and none that was never trained."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tidymedia.errors import ExtractionError, UnavailableError
from tidymedia.models.bundled import BUNDLED
from tidymedia.models.choice import choose_model
from tidymedia.models.files import BUNDLED_FOLDER
from tidymedia.models.image_embedding import Embedder, load_embedder
from tidymedia.models.image_features import image_features

MODEL = BUNDLED["efficientnet_lite2"]
PICTURE = Image.effect_mandelbrot((90, 60), (-2, -1, 1, 1), 50).convert("RGB")
TOWER = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32}


def _load(place: Path | str, **more: Any) -> Embedder:
    return load_embedder(choose_model(str(place), "embeddings", default=MODEL), **more)


@pytest.fixture
def save(tmp_path: Path) -> Callable[..., Any]:
    """Save a network with random weights and its preparation, and return it."""
    transformers = pytest.importorskip("transformers", reason="transformers comes with pip install 'tidymedia[hub]'")

    def save(form: str, **settings: Any) -> Any:
        transformers.set_seed(7)
        network = getattr(transformers, f"{form}Model")(getattr(transformers, f"{form}Config")(**settings)).eval()
        network.save_pretrained(tmp_path / "model")
        transformers.ViTImageProcessorPil(size={"height": 32, "width": 32}).save_pretrained(tmp_path / "model")
        return network

    return save


def _expected(network: Any, output: str, method: str = "forward") -> Any:
    torch = pytest.importorskip("torch", reason="torch comes with pip install 'tidymedia[hub]'")
    values = np.asarray(PICTURE.resize((32, 32), Image.Resampling.BILINEAR), np.float32).transpose(2, 0, 1)[None]
    with torch.no_grad():
        return getattr(getattr(network, method)(pixel_values=torch.from_numpy(values / 127.5 - 1)), output)


def test_the_bundled_network_gives_the_features_of_the_package() -> None:
    loaded = _load("")
    assert (loaded.identifier, loaded.dimensions) == ("efficientnet_lite2@0.1.0", 1280)
    np.testing.assert_allclose(loaded.vector(PICTURE), image_features([PICTURE])[0], atol=1e-6)


@pytest.mark.parametrize(
    ("form", "settings", "dimensions"),
    [
        ("Dinov2", {**TOWER, "image_size": 32, "patch_size": 8}, 16),
        ("ViT", {**TOWER, "image_size": 32, "patch_size": 8}, 16),
        ("Swin", {"image_size": 32, "patch_size": 2, "embed_dim": 8, "depths": [1, 1], "num_heads": [2, 2]}, 16),
        ("ResNet", {"embedding_size": 8, "hidden_sizes": [8, 12], "depths": [1, 1], "layer_type": "basic"}, 12),
    ],
)
def test_networks_for_pictures_give_their_pooled_features(
    save: Callable[..., Any], tmp_path: Path, form: str, settings: dict[str, Any], dimensions: int
) -> None:
    expected = _expected(save(form, **settings), "pooler_output").numpy().reshape(-1)
    loaded = _load(tmp_path / "model")
    assert loaded.dimensions == dimensions
    np.testing.assert_allclose(loaded.vector(PICTURE), expected / np.linalg.norm(expected), atol=1e-4)


def test_pooling_that_was_never_trained_is_not_taken(tiny_classifier: Path) -> None:
    transformers = pytest.importorskip("transformers", reason="transformers comes with pip install 'tidymedia[hub]'")
    network = transformers.ViTForImageClassification.from_pretrained(tiny_classifier).eval().vit
    expected = _expected(network, "last_hidden_state")[0, 0].numpy()
    vectors = [_load(tiny_classifier).vector(PICTURE) for _ in range(2)]
    np.testing.assert_allclose(vectors[0], expected / np.linalg.norm(expected), atol=1e-4)
    np.testing.assert_array_equal(*vectors)


def test_networks_for_pictures_and_texts_give_the_vector_in_the_space_of_both(
    save: Callable[..., Any], tmp_path: Path, tiny_clip: Path
) -> None:
    assert _load(tiny_clip).dimensions == 8  # that of the projection, not the 16 of the tower
    vision = {**TOWER, "image_size": 32, "patch_size": 8}
    network = save("Siglip", text_config={**TOWER, "vocab_size": 60, "projection_size": 16}, vision_config=vision)
    expected = _expected(network, "pooler_output", "get_image_features").numpy().reshape(-1)
    np.testing.assert_allclose(
        _load(tmp_path / "model").vector(PICTURE), expected / np.linalg.norm(expected), atol=1e-4
    )


def test_a_network_that_reads_texts_alone_is_refused(save: Callable[..., Any], tmp_path: Path) -> None:
    save("Bert", **TOWER, vocab_size=60)
    with pytest.raises(UnavailableError, match="cannot turn pictures into vectors") as raised:
        _load(tmp_path / "model")
    assert "DINOv2" in raised.value.remedy


def test_an_onnx_file_gives_the_output_that_is_named_so(tmp_path: Path) -> None:
    path = tmp_path / "mine.onnx"
    shutil.copy(BUNDLED_FOLDER / MODEL.file, path)
    loaded = _load(path, normalization="half")
    assert loaded.dimensions == 1280
    assert float(loaded.vector(PICTURE) @ image_features([PICTURE])[0]) > 0.99


def test_an_onnx_file_whose_vector_is_not_clear(tmp_path: Path) -> None:
    path = tmp_path / "other.onnx"
    for name, told in (
        ("nanodet", "not clear which is the vector"),
        ("person_mask", "cannot turn pictures into vectors"),
    ):
        shutil.copy(BUNDLED_FOLDER / BUNDLED[name].file, path)
        with pytest.raises(UnavailableError, match=told) as raised:
            _load(path)
        assert raised.value.remedy


def test_what_is_no_vector_is_an_error_of_the_picture() -> None:
    broken = Embedder("broken@1", 3, lambda _: np.array([1, np.nan, 0], np.float32))
    with pytest.raises(ExtractionError, match="broken@1 gives no vector"):
        broken.vector(PICTURE)
    nothing = Embedder("nothing@1", 3, lambda _: np.zeros(3, np.float32))
    np.testing.assert_array_equal(nothing.vector(PICTURE), np.zeros(3, np.float32))
