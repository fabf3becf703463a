"""Models of the hub, tiny ones with random weights: loaded for real, offline, without their programs, in silence."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tidymedia.errors import ExtractionError, UnavailableError
from tidymedia.models.bundled import BUNDLED
from tidymedia.models.choice import ChosenModel, choose_model
from tidymedia.models.hub import load_hub_model

transformers = pytest.importorskip("transformers", reason="transformers comes with pip install 'tidymedia[hub]'")
torch = pytest.importorskip("torch", reason="torch comes with pip install 'tidymedia[hub]'")

CLASSIFICATION = "AutoModelForImageClassification"
RED = Image.new("RGB", (50, 40), "red")


def _chosen(folder: Path, task: str = "tags") -> ChosenModel:
    return choose_model(str(folder), task, default=BUNDLED["efficientnet_lite2"])


@pytest.fixture
def copy(tiny_classifier: Path, tmp_path: Path) -> Path:
    """A model whose files may be changed."""
    return shutil.copytree(tiny_classifier, tmp_path / "copy")


def test_the_answers_are_those_of_transformers(tiny_classifier: Path) -> None:
    loaded = load_hub_model(_chosen(tiny_classifier), CLASSIFICATION)
    assert loaded.labels == ("cat", "dog", "bird")
    assert (loaded.device, loaded.untrained, loaded.network.training) == ("cpu", frozenset(), False)
    made = loaded.run([RED])
    assert not made.logits.requires_grad
    network = transformers.ViTForImageClassification.from_pretrained(tiny_classifier).eval()
    values = np.asarray(RED.resize((32, 32), Image.Resampling.BILINEAR), np.float32).transpose(2, 0, 1)[None]
    with torch.no_grad():
        expected = network(torch.from_numpy(values / 127.5 - 1)).logits
    torch.testing.assert_close(made.logits.clone(), expected, atol=1e-5, rtol=1e-5)


def test_companions_do_not_change_an_answer(tiny_classifier: Path) -> None:
    loaded = load_hub_model(_chosen(tiny_classifier), CLASSIFICATION)
    pictures = [RED, Image.new("RGB", (30, 90), "blue"), Image.effect_noise((64, 64), 90).convert("RGB")]
    together = loaded.run(pictures).logits.numpy()
    alone = np.concatenate([loaded.run([picture]).logits.numpy() for picture in pictures])
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_it_is_loaded_once_and_again_when_its_files_change(copy: Path) -> None:
    first = load_hub_model(_chosen(copy), CLASSIFICATION)
    assert load_hub_model(_chosen(copy), CLASSIFICATION) is first
    configuration = json.loads((copy / "config.json").read_text(encoding="utf-8"))
    configuration["id2label"]["0"] = "lion"
    (copy / "config.json").write_text(json.dumps(configuration), encoding="utf-8")
    again = load_hub_model(_chosen(copy), CLASSIFICATION)
    assert again is not first
    assert again.labels == ("lion", "dog", "bird")
    assert again.chosen.identifier != first.chosen.identifier


def test_pictures_and_texts(tiny_clip: Path) -> None:
    chosen = _chosen(tiny_clip)
    loaded = load_hub_model(chosen, "AutoModelForZeroShotImageClassification", prepares="images and text")
    made = loaded.run([RED], text=["a dog", "cat"], padding=True)
    assert made.logits_per_image.shape == (1, 2)
    tower = load_hub_model(chosen, "AutoModel")
    assert tower.run([RED, RED], method="get_image_features").pooler_output.shape == (2, 8)
    both = load_hub_model(chosen, "AutoModel", prepares="images and text")
    assert both.run(method="get_text_features", text=["dog"], padding=True).pooler_output.shape == (1, 8)


def test_a_head_that_was_never_trained_is_refused(tiny_classifier: Path, tmp_path: Path) -> None:
    body = tmp_path / "body"
    transformers.ViTModel(transformers.ViTConfig.from_pretrained(tiny_classifier)).save_pretrained(body)
    shutil.copy(tiny_classifier / "preprocessor_config.json", body)
    with pytest.raises(UnavailableError, match=r"lack 2 weights .* such as classifier\.bias") as raised:
        load_hub_model(_chosen(body), CLASSIFICATION)
    assert "saved as ViTModel" in raised.value.remedy
    with pytest.raises(UnavailableError, match=r"pooler\.dense\.bias"):
        load_hub_model(_chosen(tiny_classifier), "AutoModel")
    loaded = load_hub_model(_chosen(tiny_classifier), "AutoModel", may_lack=("pooler.",))
    assert loaded.untrained == {"pooler.dense.bias", "pooler.dense.weight"}


def test_a_number_of_classes_that_does_not_fit_the_weights_is_refused(copy: Path) -> None:
    configuration = json.loads((copy / "config.json").read_text(encoding="utf-8"))
    configuration["id2label"] = {str(number): f"class {number}" for number in range(5)}
    configuration["label2id"] = {f"class {number}": number for number in range(5)}
    (copy / "config.json").write_text(json.dumps(configuration), encoding="utf-8")
    with pytest.raises(UnavailableError) as raised:
        load_hub_model(_chosen(copy), CLASSIFICATION)
    assert raised.value.remedy


@pytest.mark.parametrize(
    ("auto_class", "prepares"),
    [
        ("AutoModelForObjectDetection", "images"),
        ("AutoModelForZeroShotImageClassification", "images and text"),
    ],
)
def test_a_model_for_another_task_is_refused(tiny_classifier: Path, auto_class: str, prepares: Any) -> None:
    with pytest.raises(UnavailableError, match="not made for this task") as raised:
        load_hub_model(_chosen(tiny_classifier), auto_class, prepares=prepares)
    assert "saved as ViTForImageClassification" in raised.value.remedy


def test_programs_of_a_model_are_not_run(copy: Path) -> None:
    mark = copy / "ran"
    program = f"open({str(mark)!r}, 'w').close()\nfrom transformers import ViTConfig as Mine, ViTModel as Model\n"
    (copy / "mine.py").write_text(program, encoding="utf-8")
    configuration = json.loads((copy / "config.json").read_text(encoding="utf-8"))
    configuration |= {
        "model_type": "mine",
        "auto_map": {"AutoConfig": "mine.Mine", "AutoModelForImageClassification": "mine.Model"},
    }
    (copy / "config.json").write_text(json.dumps(configuration), encoding="utf-8")
    with pytest.raises(UnavailableError) as raised:
        load_hub_model(_chosen(copy), CLASSIFICATION)
    assert "program of its own" in raised.value.message
    assert not mark.exists()


def test_pickles_are_not_read(copy: Path) -> None:
    torch.save({"weights": torch.zeros(2)}, copy / "pytorch_model.bin")
    (copy / "model.safetensors").unlink()
    with pytest.raises(UnavailableError, match=r"no weights as model\.safetensors"):
        load_hub_model(_chosen(copy), CLASSIFICATION)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("model.safetensors", b"no numbers"),
        ("config.json", b"{"),
        ("config.json", b'{"model_type": "no such form"}'),
        ("preprocessor_config.json", b"{"),
        ("preprocessor_config.json", None),
    ],
)
def test_damaged_files_are_said(copy: Path, name: str, content: bytes | None) -> None:
    if content is None:
        (copy / name).unlink()
    else:
        (copy / name).write_bytes(content)
    with pytest.raises(UnavailableError, match="copy") as raised:
        load_hub_model(_chosen(copy), CLASSIFICATION)
    assert raised.value.remedy


def test_what_it_cannot_take_is_an_error_of_the_picture(tiny_classifier: Path) -> None:
    loaded = load_hub_model(_chosen(tiny_classifier), CLASSIFICATION)
    with pytest.raises(ExtractionError, match="cannot take its input"):
        loaded.run(["no picture"])  # type: ignore[list-item]  # that is what is tested
    with pytest.raises(ExtractionError, match="failed"):
        loaded.run([RED], method="get_input_embeddings")


def test_what_is_no_model_of_the_hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(UnavailableError, match="no model of the hub"):
        load_hub_model(choose_model("", "tags", default=BUNDLED["efficientnet_lite2"]), CLASSIFICATION)
    with pytest.raises(UnavailableError, match="not on this machine") as raised:
        load_hub_model(choose_model("owner/absent", "tags", default=None), CLASSIFICATION)
    assert raised.value.remedy == "Fetch it with: tidymedia models fetch owner/absent"


def test_a_process_is_silent_offline_and_takes_one_thread(tiny_classifier: Path, tmp_path: Path) -> None:
    program = (
        "import socket, sys\n"
        "def refuse(*_): raise SystemExit('a connection was tried')\n"
        "socket.socket.connect = refuse; socket.getaddrinfo = refuse\n"
        "from PIL import Image\n"
        "from tidymedia.models.choice import choose_model\n"
        "from tidymedia.models.hub import load_hub_model\n"
        f"chosen = choose_model({str(tiny_classifier)!r}, 'tags', default=None)\n"
        "made = load_hub_model(chosen, 'AutoModelForImageClassification').run([Image.new('RGB', (9, 9))])\n"
        "import torch\n"
        "print(tuple(made.logits.shape), torch.get_num_threads())\n"
    )
    alone = {"OMP_NUM_THREADS": "1", "OMP_THREAD_LIMIT": "1", "HF_HUB_CACHE": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env={**os.environ, **alone}, check=False
    )
    assert (done.stdout, done.stderr, done.returncode) == ("(1, 3) 1\n", "", 0)


def test_settings_of_transformers_stay_as_they_were(tiny_classifier: Path) -> None:
    from transformers.utils import logging

    level, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    load_hub_model(_chosen(tiny_classifier), CLASSIFICATION).run([RED])
    assert (logging.get_verbosity(), logging.is_progress_bar_enabled()) == (level, bars)
