"""What the list of networks says of models that were fetched: task and licence."""

import json
from pathlib import Path

import pytest

from tidymedia.models.bundled import BUNDLED
from tidymedia.models.catalogue import catalogue, check_models
from tidymedia.models.files import ENVIRONMENT
from tidymedia.models.whisper_packages import WHISPER_PACKAGES


@pytest.fixture(autouse=True)
def _folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(ENVIRONMENT, raising=False)
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))


def _hold(cache: Path, name: str, architecture: str, *, prepared: bool = True, card: str | None = None) -> None:
    folder = cache / f"models--{name.replace('/', '--')}" / "snapshots" / ("1" * 40)
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps({"architectures": [architecture]}), encoding="utf-8")
    if prepared:
        (folder / "preprocessor_config.json").write_text("{}", encoding="utf-8")
    if card is not None:
        (folder / "README.md").write_text(card, encoding="utf-8")


@pytest.mark.parametrize(
    ("architecture", "prepared", "task"),
    [
        ("ResNetForImageClassification", True, "tags"),
        ("RTDetrForObjectDetection", True, "objects"),
        ("SegformerForSemanticSegmentation", True, "masks"),
        ("Mask2FormerForUniversalSegmentation", True, "masks"),
        ("CLIPModel", True, "tags by your labels, embeddings"),
        ("Dinov2Model", True, "embeddings"),
        ("BertModel", False, ""),
        ("WhisperForConditionalGeneration", True, ""),
        ("BertForSequenceClassification", False, ""),
    ],
)
def test_the_task_is_that_of_the_class_that_was_saved(
    tmp_path: Path, architecture: str, prepared: bool, task: str
) -> None:
    _hold(tmp_path, "owner/a--b", architecture, prepared=prepared)
    entry = catalogue()[-1]
    assert (entry.name, entry.task, entry.revision) == ("owner/a--b", task, "1" * 40)


@pytest.mark.parametrize(
    ("architecture", "task"),
    [
        ("ASTForAudioClassification", "sounds, voice_labels"),
        ("WhisperForAudioClassification", "sounds, voice_labels"),
        ("HubertForSequenceClassification", "sounds, voice_labels"),
        ("ClapModel", "sounds by your labels"),
        ("Wav2Vec2Model", ""),
        ("Wav2Vec2ForCTC", ""),
    ],
)
def test_models_that_hear_are_for_sound(tmp_path: Path, architecture: str, task: str) -> None:
    _hold(tmp_path, "owner/hears", architecture)
    folder = tmp_path / "models--owner--hears" / "snapshots" / ("1" * 40)
    (folder / "preprocessor_config.json").write_text('{"sampling_rate": 16000}', encoding="utf-8")
    assert catalogue()[-1].task == task


@pytest.mark.parametrize(
    ("card", "licence"),
    [
        ("---\ntags: [x]\nlicense: apache-2.0\n---\nlicense: none of this\n", "apache-2.0"),
        ("---\r\nlicense: other\r\nlicense_name: sam-licence\r\n---\r\n", "sam-licence"),
        ("---\nlicense: other\n---\n", "other"),
        ("# A model\nlicense: mit\n", ""),
        (None, ""),
    ],
)
def test_the_licence_is_that_of_the_head_of_the_card(tmp_path: Path, card: str | None, licence: str) -> None:
    _hold(tmp_path, "owner/name", "ViTModel", card=card)
    assert catalogue()[-1].licence == licence


def test_bundled_networks_come_first_and_incomplete_models_are_wrong(tmp_path: Path) -> None:
    names = [entry.name for entry in catalogue()]
    installed = [one.name for one in WHISPER_PACKAGES.values() if one.located() is not None]
    assert names == [*BUNDLED, *installed]
    _hold(tmp_path, "owner/name", "ViTModel")
    *others, fetched = check_models()
    assert [check.fault for check in others] == [""] * len(names)
    assert "no weights as model.safetensors" in fetched.fault
    assert fetched.remedy.endswith(f"tidymedia models fetch owner/name --revision {'1' * 40}")
