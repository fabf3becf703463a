"""Labels of the user by networks for pictures and texts: the numbers of transformers, for CLIP and SigLIP."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tidymedia.errors import SettingError, UnavailableError
from tidymedia.models.choice import choose_model
from tidymedia.models.classification import MODEL
from tidymedia.models.zero_shot import load_zero_shot

torch = pytest.importorskip("torch", reason="the extra hub is not installed")
transformers = pytest.importorskip("transformers", reason="the extra hub is not installed")

LABELS = ("protest", "police", "flag of police")
LONGEST = 12
TEXT = {
    "vocab_size": 10,
    "hidden_size": 16,
    "intermediate_size": 16,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "max_position_embeddings": LONGEST,
    "bos_token_id": 1,
    "eos_token_id": 2,
    "pad_token_id": 0,
}
VISION = {
    "hidden_size": 16,
    "intermediate_size": 16,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "image_size": 16,
    "patch_size": 8,
}


def tokenizer() -> Any:
    tokenizers = pytest.importorskip("tokenizers")
    signs = ["<pad>", "<s>", "</s>", "<unk>", "a", "photo", "of", "protest", "police", "flag"]
    made = tokenizers.Tokenizer(
        tokenizers.models.WordLevel({sign: number for number, sign in enumerate(signs)}, unk_token="<unk>")
    )
    made.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    made.post_processor = tokenizers.processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 1), ("</s>", 2)]
    )
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=made,
        pad_token="<pad>",
        bos_token="<s>",
        eos_token="</s>",
        unk_token="<unk>",
        model_max_length=LONGEST,
    )


@pytest.fixture(scope="module", params=["clip", "siglip", "siglip2"])
def model(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("models") / request.param
    torch.manual_seed(0)
    if request.param == "clip":
        configuration = transformers.CLIPConfig(text_config=TEXT, vision_config=VISION, projection_dim=8)
        network = transformers.CLIPModel(configuration)
        prepares = transformers.CLIPImageProcessorPil(size={"shortest_edge": 16}, crop_size={"height": 16, "width": 16})
        processor = transformers.CLIPProcessor(image_processor=prepares, tokenizer=tokenizer())
    elif request.param == "siglip2":
        # Its processor fixes patches of 16 x 16 pixels, 256 of them, in the shape of the picture.
        vision = {name: value for name, value in VISION.items() if name != "image_size"}
        vision |= {"patch_size": 16, "num_patches": 16}
        configuration = transformers.Siglip2Config(text_config={**TEXT, "projection_size": 16}, vision_config=vision)
        network = transformers.Siglip2Model(configuration)
        prepares = transformers.Siglip2ImageProcessorPil()
        processor = transformers.Siglip2Processor(image_processor=prepares, tokenizer=tokenizer())
    else:
        configuration = transformers.SiglipConfig(text_config={**TEXT, "projection_size": 16}, vision_config=VISION)
        network = transformers.SiglipModel(configuration)
        prepares = transformers.SiglipImageProcessorPil(size={"height": 16, "width": 16})
        processor = transformers.SiglipProcessor(image_processor=prepares, tokenizer=tokenizer())
    network.save_pretrained(folder)
    processor.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def pictures() -> list[Image.Image]:
    chance = np.random.default_rng(0)
    return [Image.fromarray(chance.integers(0, 256, (40, 60, 3), np.uint8)) for _ in range(3)]


def test_scores_are_those_of_the_whole_network(model: Path, pictures: list[Image.Image]) -> None:
    tagger = load_zero_shot(choose_model(str(model), "tags", default=MODEL), LABELS, "a photo of {}")
    network = transformers.AutoModelForZeroShotImageClassification.from_pretrained(model).eval()
    processor = transformers.AutoProcessor.from_pretrained(model, backend="pil")
    texts = [f"a photo of {label}" for label in LABELS]
    padding: dict[str, Any] = {"padding": True}
    if model.name != "clip":
        padding = {"padding": "max_length", "max_length": LONGEST}
    prepared = processor(text=texts, images=pictures, return_tensors="pt", **padding)
    with torch.inference_mode():
        logits = network(**prepared).logits_per_image
    wanted = logits.softmax(1).numpy() if model.name == "clip" else logits.sigmoid().numpy()
    for picture, row in zip(pictures, wanted, strict=True):
        np.testing.assert_allclose(tagger.scores(picture), row, atol=1e-5)
    assert [label.name for label in tagger.classes] == list(LABELS)
    assert wanted.std(axis=1).min() > 1e-4


def test_template_and_companions_among_the_labels(model: Path, pictures: list[Image.Image]) -> None:
    chosen = choose_model(str(model), "tags", default=MODEL)
    first, other = (
        load_zero_shot(chosen, LABELS, template).scores(pictures[0]) for template in ("a photo of {}", "{}")
    )
    assert not np.allclose(first, other, atol=1e-4)
    two = load_zero_shot(chosen, LABELS[:2]).scores(pictures[0])
    if model.name != "clip":
        np.testing.assert_allclose(two, first[:2], atol=1e-6)
    else:
        np.testing.assert_allclose(two, first[:2] / first[:2].sum(), atol=1e-6)


def test_a_text_that_is_too_long_is_refused(model: Path) -> None:
    chosen = choose_model(str(model), "tags", default=MODEL)
    with pytest.raises(SettingError, match=rf"has \d\d parts of words, and the model {model.name} takes 12"):
        load_zero_shot(chosen, ["flag", "a photo of a flag " * 9])


def test_what_is_not_there_is_named_with_how_to_fetch_it() -> None:
    with pytest.raises(UnavailableError, match="tidymedia models fetch owner/clip"):
        load_zero_shot(choose_model("owner/clip", "tags", default=MODEL), LABELS)


def test_a_network_with_classes_is_no_substitute() -> None:
    with pytest.raises(UnavailableError, match="has classes of its own"):
        load_zero_shot(choose_model("", "tags", default=MODEL), LABELS)
