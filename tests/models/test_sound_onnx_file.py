"""Networks for sound in ONNX files: the answers are known."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

import sound_models
from sound_models import HIGH, LOW, TONES, noise, tone
from tidymedia.errors import ExtractionError, SettingError, UnavailableError
from tidymedia.models.audio_classification import load_sound_classifier
from tidymedia.models.choice import choose_model
from tidymedia.models.sound_classifier import SoundClassifier


def load(path: Path, scores: str = "auto", rate: int = 16_000) -> SoundClassifier:
    return load_sound_classifier(choose_model(str(path), "sounds", default=None), rate=rate, scores=scores)


def first(loaded: SoundClassifier, samples: np.ndarray) -> str:
    return loaded.best(loaded.scores(samples), 1)[0].label.name


@pytest.mark.parametrize("moments", [False, True])
@pytest.mark.parametrize("shape", [("samples",), (1, "samples"), (1, 1, "samples"), ("batch", "samples"), (1, 16_000)])
def test_shapes_of_the_input_and_the_output(tmp_path: Path, shape: Sequence[int | str], moments: bool) -> None:
    loaded = load(sound_models.save_tone_network(tmp_path / "tones.onnx", shape, moments=moments))
    assert loaded.longest_seconds == (1.0 if shape[-1] == 16_000 else None)
    assert [label.name for label in loaded.classes] == list(TONES)
    assert first(loaded, tone(LOW, 1)) == "low tone"
    assert first(loaded, tone(HIGH, 0.6)) == "high tone"
    assert first(loaded, np.zeros(8000, np.float32)) == "silence"
    assert first(loaded, np.zeros(1, np.float32)) == "silence"
    assert loaded.scores(noise(1)).sum() == pytest.approx(1)


def test_how_numbers_become_scores(tmp_path: Path) -> None:
    path = sound_models.save_tone_network(tmp_path / "tones.onnx")
    samples = tone(LOW, 1, level=0.1)
    raw = np.array([6.4, 0, 10])  # (0.1 * 160 / 2) ** 2 / 10, as the sine of this level gives
    with pytest.raises(ExtractionError, match=r"numbers from .* to 10, which are no scores yet") as raised:
        load(path, "none").scores(samples)
    assert "softmax" in raised.value.remedy
    np.testing.assert_allclose(load(path).scores(samples), np.exp(raw) / np.exp(raw).sum(), atol=1e-5)
    np.testing.assert_allclose(load(path, "sigmoid").scores(samples), 1 / (1 + np.exp(-raw)), atol=1e-5)
    ready = load(sound_models.save_tone_network(tmp_path / "ready.onnx", scores="Sigmoid"))
    np.testing.assert_allclose(ready.scores(samples), 1 / (1 + np.exp(-raw)), atol=1e-5)
    with pytest.raises(SettingError, match="cannot be made by 'best'"):
        load(path, "best")


def test_numbers_that_looked_like_scores_at_first_are_not_passed_on(tmp_path: Path) -> None:
    loaded = load(sound_models.save_tone_network(tmp_path / "small.onnx", gain=2.5e-3))
    assert loaded.scores(noise(1)).max() < 0.1
    with pytest.raises(ExtractionError, match=r"to 1\.6, which are no scores yet"):
        loaded.scores(tone(LOW, 1, level=1))


def test_another_rate_means_other_tones(tmp_path: Path) -> None:
    path = sound_models.save_tone_network(tmp_path / "tones.onnx")
    loaded = load(path, rate=80_000)
    assert loaded.rate == 80_000
    assert first(loaded, tone(5 * LOW, 1, rate=80_000)) == "low tone"


def test_files_that_do_not_fit(tmp_path: Path) -> None:
    onnx = pytest.importorskip("onnx", reason="the package onnx makes the file")
    helper, types = onnx.helper, onnx.TensorProto
    path = tmp_path / "other.onnx"

    def save(inputs: dict[str, list[int]], outputs: list[int], kind: int = types.FLOAT) -> Path:
        nodes = [helper.make_node("Identity", [next(iter(inputs))], ["made"])]
        graph = helper.make_graph(
            nodes,
            "other",
            [helper.make_tensor_value_info(name, kind, shape) for name, shape in inputs.items()],
            [helper.make_tensor_value_info("made", kind, outputs)],
        )
        onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8), path)
        path.with_suffix(".labels.txt").write_text("a\nb\nc\n", encoding="utf-8")
        return path

    with pytest.raises(UnavailableError, match="1 x 3 x 16 x 16, not the samples of a sound"):
        load(save({"picture": [1, 3, 16, 16]}, [1, 3, 16, 16]))
    with pytest.raises(UnavailableError, match="2 x 100, not the samples"):
        load(save({"pair": [2, 100]}, [2, 100]))
    with pytest.raises(UnavailableError, match=r"takes tensor\(int64\)"):
        load(save({"whole": [1, 3]}, [1, 3], types.INT64))
    with pytest.raises(UnavailableError, match=r"takes 2 inputs \(samples, lengths\)"):
        load(save({"samples": [1, 3], "lengths": [1]}, [1, 3]))
    with pytest.raises(UnavailableError, match="gives 100 scores, and 3 labels are known") as raised:
        load(save({"samples": [1, 100]}, [1, 100]))
    assert "other.labels.txt" in raised.value.remedy
    path.with_suffix(".labels.txt").unlink()
    with pytest.raises(UnavailableError, match=r"names of the classes of other\.onnx are not known"):
        load(path)
