"""Kinds of sound: the right labels at the right times, by networks whose answers are known."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import audio_makers
import sound_models
import tone_films
import video_makers
from sound_models import HIGH, LOW
from tidymedia.errors import SettingError, UnavailableError
from tidymedia.extractors.registry import DEFAULT, make_extractor
from tidymedia.media.kinds import Kind
from tidymedia.media.settings import PictureSettings
from tidymedia.run.fingerprint import fingerprints
from tidymedia.study import Study

PARTS = [(LOW, 3.0), (HIGH, 2.0), (0, 1.4)]


def given(model: Path | str, **more: Any) -> dict[str, dict[str, Any]]:
    return {"sounds": {"model": str(model), **more}}


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sound_models.save_tone_network(tmp_path_factory.mktemp("network") / "tones.onnx")


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("media")
    tone_films.tone_film(folder / "film.mp4", PARTS)
    (folder / "music.wav").write_bytes(audio_makers.wav(tone_films.tones([(HIGH, 2.2)], 44_100)[:, None], 44_100))
    (folder / "short.wav").write_bytes(audio_makers.wav(tone_films.tones([(LOW, 0.01)], 16_000)[:, None], 16_000))
    (folder / "silence.wav").write_bytes(audio_makers.wav(np.zeros((16_000, 1)), 16_000))
    video_makers.film(folder / "mute.mp4")
    return folder


@pytest.fixture(scope="module")
def study(media: Path, network: Path, tmp_path_factory: pytest.TempPathFactory) -> Study:
    folder = tmp_path_factory.mktemp("study") / "study"
    return Study(folder, media).analyze(["sounds"], parameters=given(network, window=1, top=2), jobs=1)


def firsts(study: Study, path: str) -> list[tuple[int, int, str]]:
    rows = study.table("sounds").query("path == @path and rank == 0")
    return [tuple(row) for row in rows[["start_ms", "end_ms", "label"]].to_numpy().tolist()]


def test_the_right_label_at_the_right_time(study: Study) -> None:
    found = firsts(study, "film.mp4")
    wanted = ["low tone"] * 3 + ["high tone"] * 2 + ["silence"]
    assert [label for _, _, label in found[:6]] == wanted
    assert [(start, end) for start, end, _ in found[:6]] == [(at * 1000, at * 1000 + 1000) for at in range(6)]
    assert found[6][0] == 6000
    assert found[6][1] == pytest.approx(6400, abs=30)  # AAC ends with a whole frame
    assert len(found) == 7
    rows = study.table("sounds").query("path == 'film.mp4'")
    assert rows["segment"].tolist() == [at for at in range(7) for _ in range(2)]
    assert rows["rank"].tolist() == [0, 1] * 7
    assert rows["score"].between(0, 1).all()
    assert rows["model"].str.fullmatch(r"tones@[0-9a-f]{12}").all()


def test_the_rest_that_is_too_short_has_no_row(study: Study) -> None:
    assert firsts(study, "music.wav") == [(0, 1000, "high tone"), (1000, 2000, "high tone")]
    assert firsts(study, "silence.wav") == [(0, 1000, "silence")]


def test_almost_no_sound_and_none_are_empty(study: Study) -> None:
    status = study.status().query("extractor == 'sounds'").set_index("path")["status"]
    assert status.to_dict() == {
        "film.mp4": "ok",
        "music.wav": "ok",
        "silence.wav": "ok",
        "short.wav": "empty",
        "mute.mp4": "empty",
    }


def test_the_summary_names_the_strongest(study: Study) -> None:
    rows = study.summary().set_index("path")
    assert rows.loc["music.wav", "sound"] == "high tone"
    assert rows.loc["music.wav", "sound_score"] == pytest.approx(1, abs=1e-3)
    assert set(rows.loc["film.mp4", "sounds"].split("; ")) == {"low tone", "high tone", "silence"}
    assert rows.loc["mute.mp4", ["sound", "sound_score", "sounds"]].isna().all()


def test_what_is_heard_in_ten_milliseconds_where_that_is_wanted(media: Path, network: Path, tmp_path: Path) -> None:
    study = Study(tmp_path / "study", [media / "short.wav"])
    study.analyze(["sounds"], parameters=given(network, min_ms=5), jobs=1)
    assert firsts(study, "short.wav")[0][:2] == (0, 10)


def test_a_window_longer_than_the_network_hears_is_the_mean_of_its_pieces(media: Path, tmp_path: Path) -> None:
    fixed = sound_models.save_tone_network(tmp_path / "second.onnx", (1, 16_000))
    parameters = given(fixed, window=3, top=3, scores="softmax")
    rows = Study(tmp_path / "study", [media / "film.mp4"]).analyze(["sounds"], parameters=parameters, jobs=1)
    table = rows.table("sounds").set_index(["segment", "label"])["score"]
    assert table[0, "low tone"] == pytest.approx(1, abs=1e-3)
    assert table[1, "high tone"] == pytest.approx(2 / 3, abs=1e-2)
    assert table[1, "silence"] == pytest.approx(1 / 3, abs=1e-2)


def test_the_command_and_its_table(media: Path, network: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tidymedia", "analyze", str(media / "film.mp4"), "-o", str(tmp_path / "study")]
    command += ["--with", "sounds", "--set", f"sounds.model={network}", "--set", "sounds.window=1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    labels = Study(tmp_path / "study").table("sounds").query("rank == 0")["label"].tolist()
    assert labels[:5] == ["low tone"] * 3 + ["high tone"] * 2


def test_without_a_network_it_says_how_to_get_one(media: Path, tmp_path: Path) -> None:
    extractor = make_extractor("sounds")
    assert "sounds" not in DEFAULT
    assert (extractor.model, extractor.model_hash, extractor.needs) == (None, "", ())
    for parameters in ({}, {"model": "efficientnet_lite2"}):
        found = make_extractor("sounds", parameters).availability()
        assert not found.installed
        assert "tidymedia models fetch MIT/ast-finetuned-audioset-10-10-0.4593" in found.remedy
        assert "--set sounds.model=" in found.remedy
    with pytest.raises(UnavailableError, match="No network is named"):
        Study(tmp_path / "study", media).analyze(["sounds"], jobs=1)
    absent = make_extractor("sounds", {"model": "owner/absent"}).availability()
    assert absent.remedy == "Fetch it with: tidymedia models fetch owner/absent"


def test_labels_need_a_network() -> None:
    with pytest.raises(SettingError, match="CLAP") as raised:
        make_extractor("sounds", {"labels": "rain,wind"})
    assert "laion/clap-htsat-unfused" in raised.value.remedy
    with pytest.raises(SettingError, match="twice"):
        make_extractor("sounds", {"model": "a/b", "labels": "rain,Rain"})


def test_a_model_of_the_hub_says_how_it_hears(tmp_path: Path) -> None:
    extractor: Any = make_extractor("sounds", {"model": str(sound_models.save_hub_model(tmp_path / "wav", "hubert"))})
    assert (extractor.sound_format.rate, extractor.sound_format.channels) == (8000, 1)


def test_rows_do_not_depend_on_companions(study: Study, media: Path, network: Path, tmp_path: Path) -> None:
    alone = Study(tmp_path / "study", [media / "music.wav"])
    alone.analyze(["sounds", "metadata"], parameters=given(network, window=1, top=2), jobs=1)
    one, other = (each.table("sounds").query("path == 'music.wav'")["score"].tolist() for each in (alone, study))
    assert one == other


def test_network_and_parameters_decide_the_fingerprint(network: Path, tmp_path: Path) -> None:
    other = sound_models.save_tone_network(tmp_path / "tones.onnx")
    other.with_suffix(".labels.txt").write_text("one\ntwo\nthree\n", encoding="utf-8")
    prints = [
        fingerprints([make_extractor("sounds", parameters)], PictureSettings(), Kind.AUDIO)["sounds"]
        for parameters in (
            {},
            {"model": str(network)},
            {"model": str(other)},
            {"model": str(network), "window": 5},
            {"model": str(network), "rate": 8000},
        )
    ]
    assert len(set(prints)) == len(prints)
