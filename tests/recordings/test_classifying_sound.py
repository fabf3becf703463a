"""What is heard in one file: the rows of a study, by any kind of network."""

from pathlib import Path

import numpy as np
import pytest

import audio_makers
import sound_models
import tone_films
import video_makers
from sound_models import HIGH, LOW
from tidymedia.errors import SettingError, UnavailableError, UnsupportedError, UsageError
from tidymedia.recordings.classifying_sound import classify_sound
from tidymedia.study import Study


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tone_films.tone_film(tmp_path_factory.mktemp("media") / "film.mp4", [(LOW, 2.0), (HIGH, 2.2)], "5.1")


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(sound_models.save_tone_network(tmp_path_factory.mktemp("network") / "tones.onnx"))


def test_the_rows_are_those_of_a_study(film: Path, network: str, tmp_path: Path) -> None:
    table = classify_sound(film, network, window=1, top=1)
    assert table.columns.tolist() == ["segment", "rank", "start_ms", "end_ms", "label", "score", "model"]
    assert table["label"].tolist() == ["low tone"] * 2 + ["high tone"] * 2
    parameters = {"sounds": {"model": network, "window": 1, "top": 1}}
    rows = Study(tmp_path / "study", [film]).analyze(["sounds"], parameters=parameters, jobs=1).table("sounds")
    assert rows[table.columns].to_dict("records") == table.to_dict("records")


def test_top_and_smallest_score(film: Path, network: str) -> None:
    assert len(classify_sound(film, network, top=3)) == 3
    best = classify_sound(film.read_bytes(), network, window=2, min_score=0.5)
    assert best["rank"].tolist() == [0, 0]
    assert (best["score"] >= 0.5).all()


def test_a_model_of_the_hub(film: Path, tmp_path: Path) -> None:
    model = sound_models.save_hub_model(tmp_path / "wav", "hubert")
    table = classify_sound(film, str(model))
    assert table["rank"].tolist() == [0, 1, 2]
    assert set(table["label"]) == {"rain", "wind", "dog"}
    assert table["score"].sum() == pytest.approx(1)
    assert table["model"].str.fullmatch(r"wav@[0-9a-f]{12}").all()


def test_labels_of_ones_own(film: Path, tmp_path: Path) -> None:
    clap = str(sound_models.save_clap(tmp_path / "clap"))
    labels = ["rain", "wind", "dog", "a sound of wind", "is", "of"]
    table = classify_sound(film, clap, labels=labels, window=2)
    assert table.groupby("segment")["label"].count().tolist() == [6, 6]
    assert table.groupby("segment")["score"].sum().tolist() == pytest.approx([1, 1])
    assert set(table["label"]) == set(labels)
    again = classify_sound(film, clap, labels=labels, window=2)
    assert again["score"].tolist() == table["score"].tolist()
    with pytest.raises(UnavailableError, match="labels that you write"):
        classify_sound(film, clap)


def test_silence_and_less_than_a_window(network: str) -> None:
    silence = audio_makers.wav(np.zeros((4000, 2)), 8000)
    table = classify_sound(silence, network, top=1)
    assert table[["start_ms", "end_ms", "label"]].to_numpy().tolist() == [[0, 500, "silence"]]
    table = classify_sound(audio_makers.wav(np.zeros((80, 1)), 8000), network)
    assert (len(table), table.columns[0]) == (0, "segment")


def test_what_cannot_be_done(film: Path, network: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="none for kinds of sound comes with tidymedia") as raised:
        classify_sound(film, "")
    assert "tidymedia models fetch MIT/ast-finetuned-audioset-10-10-0.4593" in raised.value.remedy
    with pytest.raises(UnavailableError, match="not on this machine"):
        classify_sound(film, "owner/absent")
    with pytest.raises(UsageError, match="is one text"):
        classify_sound(film, network, labels="rain")
    with pytest.raises(SettingError, match="window"):
        classify_sound(film, network, window=0.1)
    with pytest.raises(UnsupportedError, match="has no sound"):
        video_makers.film(tmp_path / "mute.mp4", frames=5)
        classify_sound(tmp_path / "mute.mp4", network)
