"""Networks that give sound labels: the numbers of transformers, the files that fit, and those that do not."""

import importlib.util
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sound_models
from sound_models import noise, tone
from tidymedia.errors import ExtractionError, SettingError, UnavailableError
from tidymedia.models.audio_classification import load_sound_classifier
from tidymedia.models.choice import ChosenModel, choose_model
from tidymedia.models.fetching import fetch_model
from tidymedia.models.sound_classifier import rate_of

torch = pytest.importorskip("torch", reason="torch comes with pip install 'tidymedia[hub]'")
transformers = pytest.importorskip("transformers", reason="transformers comes with pip install 'tidymedia[hub]'")

FAMILIES = ("ast", "wav2vec2", "hubert", "wavlm", "whisper")


def chosen(place: Path) -> ChosenModel:
    return choose_model(str(place), "sounds", default=None)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("models")
    return {family: sound_models.save_hub_model(folder / family, family) for family in FAMILIES}


@pytest.mark.parametrize("family", FAMILIES)
def test_scores_are_those_of_transformers(models: dict[str, Path], family: str) -> None:
    loaded = load_sound_classifier(chosen(models[family]))
    assert [label.name for label in loaded.classes] == ["rain", "wind", "dog"]
    assert loaded.rate == (8000 if family == "hubert" else 16_000)
    assert loaded.longest_seconds == {"ast": 2.0, "whisper": 2.0}.get(family)
    network = transformers.AutoModelForAudioClassification.from_pretrained(models[family]).eval()
    prepares = transformers.AutoFeatureExtractor.from_pretrained(models[family])
    sounds = [tone(300, 1.5, loaded.rate), noise(0.8, loaded.rate)]
    for samples in sounds:
        prepared = prepares(samples, sampling_rate=loaded.rate, return_tensors="pt")
        with torch.inference_mode():
            wanted = network(**prepared).logits.softmax(1)[0].numpy()
        np.testing.assert_allclose(loaded.scores(samples), wanted, atol=1e-5)
    assert not np.allclose(loaded.scores(sounds[0]), loaded.scores(sounds[1]), atol=1e-4)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("samples", [np.zeros(1, np.float32), np.zeros(16_000, np.float32), noise(0.01)])
def test_silence_and_nearly_nothing_have_scores(models: dict[str, Path], family: str, samples: Any) -> None:
    made = load_sound_classifier(chosen(models[family])).scores(samples)
    assert made.sum() == pytest.approx(1)


def test_labels_that_do_not_exclude_each_other(tmp_path: Path) -> None:
    several = sound_models.save_hub_model(tmp_path / "several", "ast", problem_type="multi_label_classification")
    single = load_sound_classifier(chosen(sound_models.save_hub_model(tmp_path / "single", "ast")))
    loaded = load_sound_classifier(chosen(several))
    samples = noise(1)
    softmax, sigmoid = single.scores(samples), loaded.scores(samples)
    assert softmax.sum() == pytest.approx(1)
    odds = np.log(sigmoid / (1 - sigmoid))
    np.testing.assert_allclose(np.exp(odds) / np.exp(odds).sum(), softmax, atol=1e-6)
    told = load_sound_classifier(chosen(several), scores="softmax")
    np.testing.assert_allclose(told.scores(samples), softmax, atol=1e-6)


def test_the_classes_of_audioset_have_scores_of_their_own_also_where_the_configuration_says_nothing(
    tmp_path: Path,
) -> None:
    names = ("Speech", *(f"sound {number}" for number in range(1, 527)))
    loaded = load_sound_classifier(chosen(sound_models.save_hub_model(tmp_path / "audioset", "ast", names)))
    assert loaded.scores(noise(1)).sum() > 20


@pytest.mark.parametrize("family", ["clap"])
def test_labels_of_ones_own(tmp_path: Path, family: str) -> None:
    folder = sound_models.save_clap(tmp_path / family)
    labels = ("dog", "rain", "wind of rain")
    loaded = load_sound_classifier(chosen(folder), labels)
    assert (loaded.rate, loaded.longest_seconds) == (16_000, 1.0)
    network = transformers.ClapModel.from_pretrained(folder).eval()
    processor = transformers.AutoProcessor.from_pretrained(folder)
    for samples in (noise(1), tone(300, 0.4)):
        prepared = processor(
            text=[f"This is a sound of {label}." for label in labels],
            audio=samples,
            sampling_rate=16_000,
            padding=True,
            return_tensors="pt",
        )
        with torch.inference_mode():
            wanted = network(**prepared).logits_per_audio.softmax(1)[0].numpy()
        made = loaded.scores(samples)
        np.testing.assert_allclose(made, wanted, atol=1e-5)
        np.testing.assert_array_equal(loaded.scores(samples), made)
    other = load_sound_classifier(chosen(folder), labels, "{}").scores(noise(1))
    assert not np.allclose(other, loaded.scores(noise(1)), atol=1e-4)
    with pytest.raises(SettingError, match=r"has \d\d parts of words, and the model clap takes 20"):
        load_sound_classifier(chosen(folder), ("rain", "wind " * 30))
    with pytest.raises(SettingError, match="template") as raised:
        load_sound_classifier(chosen(folder), labels, "a sound")
    assert "This is a sound of {}." in raised.value.remedy
    with pytest.raises(UnavailableError, match="compares sounds with labels that you write"):
        load_sound_classifier(chosen(folder))
    with pytest.raises(UnavailableError, match="only the label 'rain'"):
        load_sound_classifier(chosen(folder), ("rain",))


def test_a_network_with_classes_takes_no_labels(models: dict[str, Path]) -> None:
    with pytest.raises(UnavailableError, match="classes of its own") as raised:
        load_sound_classifier(chosen(models["ast"]), ("rain", "wind"))
    assert "tidymedia models fetch laion/clap-htsat-unfused" in raised.value.remedy


def test_models_for_other_tasks_are_refused(tiny_classifier: Path, models: dict[str, Path], tmp_path: Path) -> None:
    with pytest.raises(UnavailableError):
        load_sound_classifier(chosen(tiny_classifier))
    measures = sound_models.save_hub_model(tmp_path / "measures", "wav2vec2", problem_type="regression")
    with pytest.raises(UnavailableError, match="measures something on a scale"):
        load_sound_classifier(chosen(measures))
    body = tmp_path / "body"
    configuration = transformers.AutoConfig.from_pretrained(models["wav2vec2"])
    transformers.Wav2Vec2Model(configuration).save_pretrained(body)
    shutil.copy(models["wav2vec2"] / "preprocessor_config.json", body)
    with pytest.raises(UnavailableError, match="lack 4 weights"):
        load_sound_classifier(chosen(body))


def test_a_preparation_that_needs_another_package_says_which(models: dict[str, Path], tmp_path: Path) -> None:
    if importlib.util.find_spec("essentia") is not None:
        pytest.skip("the package that must be missing is installed")
    folder = Path(shutil.copytree(models["wav2vec2"], tmp_path / "needy"))
    said = {"feature_extractor_type": "Pop2PianoFeatureExtractor", "sampling_rate": 16_000}
    (folder / "preprocessor_config.json").write_text(json.dumps(said), encoding="utf-8")
    with pytest.raises(
        UnavailableError, match=r"needy@\w+ cannot be loaded: .*requires .*(essentia|librosa|pretty_midi)"
    ) as raised:
        load_sound_classifier(chosen(folder))
    assert raised.value.remedy.startswith("Install the package")


def test_where_the_rate_is_said(models: dict[str, Path], tmp_path: Path) -> None:
    assert rate_of(chosen(models["hubert"]), 44_100) == 8000
    assert rate_of(chosen(sound_models.save_clap(tmp_path / "clap")), 44_100) == 16_000
    folder = Path(shutil.copytree(models["hubert"], tmp_path / "damaged"))
    for text in ("{", "[]", '{"sampling_rate": "many"}', '{"feature_extractor": 3}'):
        (folder / "preprocessor_config.json").write_text(text, encoding="utf-8")
        assert rate_of(chosen(folder), 44_100) == 44_100
    assert rate_of(choose_model("owner/absent", "sounds", default=None), 22_050) == 22_050


def test_it_is_loaded_once(models: dict[str, Path]) -> None:
    first = load_sound_classifier(chosen(models["ast"]))
    assert load_sound_classifier(chosen(models["ast"])) is first


def test_scores_that_are_no_numbers_are_an_error_of_the_sound(models: dict[str, Path]) -> None:
    loaded = load_sound_classifier(chosen(models["wav2vec2"]))
    with pytest.raises(ExtractionError, match="no numbers for this stretch of sound"):
        loaded.scores(np.full(16_000, np.nan, np.float32))


def test_a_model_that_was_fetched_from_the_hub(loopback_hub: Callable[..., Any], tmp_path: Path) -> None:
    loopback_hub(sound_models.save_clap(tmp_path / "clap"))
    absent = choose_model("owner/tiny", "sounds", default=None)
    with pytest.raises(UnavailableError, match="not on this machine"):
        load_sound_classifier(absent, ("rain", "wind"))
    fetch_model("owner/tiny")
    loaded = load_sound_classifier(choose_model("owner/tiny", "sounds", default=None), ("rain", "wind"))
    assert loaded.identifier.startswith("owner/tiny@")
    assert loaded.scores(noise(1)).sum() == pytest.approx(1)
