"""Words and pictures in one space, by networks of the hub that the tests make: tiny ones, with weights by chance."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tidymedia.errors import UsageError
from tidymedia.study import Study

torch = pytest.importorskip("torch", reason="the extra hub is not installed")
transformers = pytest.importorskip("transformers", reason="the extra hub is not installed")

LONGEST = 8
WORDS = ("<pad>", "<s>", "</s>", "<unk>", "people", "boat", "red", "forest")
SMALL = {"hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
TEXT = {
    **SMALL,
    "vocab_size": len(WORDS),
    "max_position_embeddings": LONGEST,
    "bos_token_id": 1,
    "eos_token_id": 2,
    "pad_token_id": 0,
}
VISION = {**SMALL, "image_size": 16, "patch_size": 8}


def tokenizer() -> Any:
    from tokenizers import Tokenizer, models, pre_tokenizers, processors

    made = Tokenizer(models.WordLevel({word: place for place, word in enumerate(WORDS)}, unk_token="<unk>"))
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    made.post_processor = processors.TemplateProcessing(single="<s> $A </s>", special_tokens=[("<s>", 1), ("</s>", 2)])
    special = {"pad_token": "<pad>", "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"}
    return transformers.PreTrainedTokenizerFast(tokenizer_object=made, model_max_length=LONGEST, **special)


def save(folder: Path, kind: str) -> Path:
    """Save a network with weights by chance."""
    torch.manual_seed(1)
    if kind == "clip":
        network = transformers.CLIPModel(
            transformers.CLIPConfig(text_config=TEXT, vision_config=VISION, projection_dim=12)
        )
        prepares = transformers.CLIPImageProcessorPil(size={"shortest_edge": 16}, crop_size={"height": 16, "width": 16})
        processor = transformers.CLIPProcessor(image_processor=prepares, tokenizer=tokenizer())
    elif kind == "siglip":
        text = {**TEXT, "projection_size": 16}
        network = transformers.SiglipModel(transformers.SiglipConfig(text_config=text, vision_config=VISION))
        prepares = transformers.SiglipImageProcessorPil(size={"height": 16, "width": 16})
        processor = transformers.SiglipProcessor(image_processor=prepares, tokenizer=tokenizer())
    else:
        network = transformers.Dinov2Model(transformers.Dinov2Config(**SMALL, image_size=16, patch_size=8))
        processor = transformers.BitImageProcessorPil(size={"shortest_edge": 16}, crop_size={"height": 16, "width": 16})
    network.save_pretrained(folder)
    processor.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("media")
    chance = np.random.default_rng(2)
    for number in range(6):
        Image.fromarray(chance.integers(0, 256, (24, 24, 3), np.uint8)).save(folder / f"{number}.png")
    return folder


@pytest.fixture(scope="module", params=["clip", "siglip"])
def study(request: pytest.FixtureRequest, media: Path, tmp_path_factory: pytest.TempPathFactory) -> Study:
    folder = tmp_path_factory.mktemp(request.param)
    model = save(folder / request.param, request.param)
    return Study(folder / "study", media).analyze(
        ["embeddings", "tags"], parameters={"embeddings.model": str(model)}, jobs=1
    )


def test_scores_are_the_cosines_of_the_network(study: Study, media: Path) -> None:
    found = study.search("people boat")
    assert found.attrs["notice"] == ""
    assert set(found["how"]) == {"embedding"} and found["matched"].isna().all()
    assert len(found) == 6 and found["score"].is_monotonic_decreasing
    (folder,) = (path for path in study.folder.parent.iterdir() if (path / "config.json").is_file())
    network = transformers.AutoModel.from_pretrained(folder).eval()
    processor = transformers.AutoProcessor.from_pretrained(folder, backend="pil")
    padding = "max_length" if folder.name == "siglip" else True
    paths = sorted(media.iterdir())
    images = [Image.open(path).convert("RGB") for path in paths]
    given = processor(
        text=["people boat"], images=images, padding=padding, max_length=LONGEST, truncation=True, return_tensors="pt"
    )
    with torch.inference_mode():
        made = network(**given)
    cosines = torch.nn.functional.normalize(made.image_embeds) @ torch.nn.functional.normalize(made.text_embeds)[0]
    wanted = dict(zip((path.name for path in paths), cosines.tolist(), strict=True))
    for path, score in found[["path", "score"]].values:
        assert score == pytest.approx(wanted[path], abs=2e-3)  # vectors are stored in half precision
    assert found["score"].max() - found["score"].min() > 0.01
    assert study.search("red forest", n=2)["score"].tolist() != found["score"].head(2).tolist()


def test_a_long_text_is_cut_and_tags_can_be_chosen(study: Study) -> None:
    assert len(study.search("people " * 50, n=3)) == 3
    found = study.search("artifact", by="tags")
    assert set(found["how"]) == {"tags"} and found.attrs["notice"] == ""


def test_a_network_that_reads_no_text_leaves_the_labels(media: Path, tmp_path: Path) -> None:
    model = save(tmp_path / "dino", "dino")
    study = Study(tmp_path / "study", media).analyze(
        ["embeddings"], parameters={"embeddings.model": str(model)}, jobs=1
    )
    with pytest.raises(UsageError, match=r"does not take pictures together with texts.*--with tags"):
        study.search("boat")


def test_a_network_that_is_gone_is_named(study: Study, tmp_path: Path) -> None:
    (folder,) = (path for path in study.folder.parent.iterdir() if (path / "config.json").is_file())
    away = folder.rename(tmp_path / "away")
    try:
        found = Study(study.folder).search("artifact")
        assert set(found["how"]) == {"tags"}
        assert folder.name in found.attrs["notice"]
        with pytest.raises(UsageError, match=folder.name):
            Study(study.folder).search("artifact", by="embedding")
    finally:
        away.rename(folder)
