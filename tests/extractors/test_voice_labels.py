"""Labels of voices: only when asked for, only by a network that the user names, for the right stretches."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest

import audio_makers
import sound_models
import tone_films
from sound_models import HIGH, LOW
from tidymedia.errors import SettingError, UnavailableError
from tidymedia.extractors.registry import DEFAULT, make_extractor
from tidymedia.images.held import Held
from tidymedia.media.kinds import Kind
from tidymedia.media.opening import open_medium
from tidymedia.media.settings import PictureSettings
from tidymedia.run.fingerprint import fingerprints
from tidymedia.study import Study

RATE = 16_000
PARTS = [(0, 1.0), (LOW, 2.0), (0, 0.5), (HIGH, 2.5), (LOW, 4.0)]


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(sound_models.save_tone_network(tmp_path_factory.mktemp("network") / "tones.onnx"))


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("media") / "talk.wav"
    path.write_bytes(audio_makers.wav(tone_films.tones(PARTS, RATE)[:, None], RATE))
    return path


@pytest.fixture(scope="module")
def study(recording: Path, network: str, tmp_path_factory: pytest.TempPathFactory) -> Study:
    parameters = {"voice_labels": {"model": network, "segments": "2s", "top": 2, "lang": "nl"}}
    folder = tmp_path_factory.mktemp("study") / "study"
    return Study(folder, [recording]).analyze(["voice_labels"], parameters=parameters, jobs=1)


def labelled(recording: Path, network: str, upstream: dict[str, list[dict[str, Any]]], **more: Any) -> list[Any]:
    """Label a recording with rows of other extractors."""
    extractor: Any = make_extractor("voice_labels", {"model": network, **more})
    extractor.load()
    with open_medium(Held("talk.wav", io.BytesIO(recording.read_bytes())), Kind.AUDIO) as medium:
        sound = medium.sound(extractor.sound_format)
        assert sound is not None
        sound.upstream = upstream
        return [dict(row.values) for row in extractor.from_sound(sound)]


def test_windows(study: Study) -> None:
    rows = study.table("voice_labels").query("rank == 0")
    assert rows["label"].tolist() == ["low tone", "low tone", "high tone", "low tone", "low tone"]
    assert rows["start_ms"].tolist() == [0, 2000, 4000, 6000, 8000]
    assert rows["end_ms"].tolist() == [2000, 4000, 6000, 8000, 10_000]
    assert set(rows["source"]) == {"window"}
    assert rows["source_segment"].isna().all()
    assert set(rows["lang"]) == {"nl"}
    assert rows["unit_id"].str.endswith(":t0").all()


def test_stretches_of_speech_alone(recording: Path, network: str) -> None:
    times = [(0, 1000, "silence"), (1000, 3000, "speech"), (3000, 3500, "other"), (3500, 6000, "speech")]
    times += [(6000, 6400, "speech"), (6400, 9000, "music"), (9000, 10_000, "speech")]
    speech = [
        {"segment": number, "start_ms": start, "end_ms": end, "kind": kind}
        for number, (start, end, kind) in enumerate(times)
    ]
    rows = labelled(recording, network, {"speech": speech})
    # The third stretch of speech is shorter than half a second.
    assert [(row["segment"], row["source_segment"], row["label"]) for row in rows] == [
        (0, 1, "low tone"),
        (1, 3, "high tone"),
        (3, 6, "low tone"),
    ]
    assert [(row["start_ms"], row["end_ms"]) for row in rows] == [(1000, 3000), (3500, 6000), (9000, 10_000)]
    assert {(row["source"], row["rank"]) for row in rows} == {("speech", 0)}
    assert len(labelled(recording, network, {"speech": speech}, min_ms=400)) == 4
    assert labelled(recording, network, {"speech": []}) == []


def test_segments_of_a_transcript_longer_than_a_piece(recording: Path, network: str) -> None:
    transcripts = [{"segment": 5, "start_ms": 3500, "end_ms": 8500, "text": "So it was."}]
    more = {"segments": "transcripts", "scores": "softmax", "top": 3}
    rows = labelled(recording, network, {"transcripts": transcripts}, piece=2.5, **more)
    assert [(row["start_ms"], row["end_ms"], row["source"], row["source_segment"]) for row in rows] == [
        (3500, 8500, "transcripts", 5)
    ] * 3
    scores = {row["label"]: row["score"] for row in rows}
    assert scores["high tone"] == pytest.approx(0.5, abs=1e-3)
    assert scores["low tone"] == pytest.approx(0.5, abs=1e-3)


def test_all_of_it_as_one(recording: Path, network: str) -> None:
    rows = labelled(recording, network, {}, segments="medium", piece=1, scores="softmax", top=3)
    scores = {row["label"]: row["score"] for row in rows}
    # Of ten pieces one is silent, one is half of each tone and one half silent.
    assert scores["low tone"] == pytest.approx(0.6, abs=0.06)
    assert scores["high tone"] == pytest.approx(0.25, abs=0.06)
    assert {(row["start_ms"], row["end_ms"], row["source_segment"]) for row in rows} == {(0, 10_000, None)}


def test_what_it_builds_on_follows_from_the_segments() -> None:
    needs = {text: make_extractor("voice_labels", {"segments": text}).needs for text in ("speech", "transcripts", "5s")}
    assert needs == {"speech": ("speech",), "transcripts": ("transcripts",), "5s": ()}
    assert make_extractor("voice_labels").needs == ("speech",)
    with pytest.raises(SettingError, match=r"voice_labels\.segments cannot be 'words'"):
        make_extractor("voice_labels", {"segments": "words"})


def test_without_a_network_it_does_not_run_and_says_what_names_one(recording: Path, tmp_path: Path) -> None:
    extractor = make_extractor("voice_labels")
    assert "voice_labels" not in DEFAULT
    assert (extractor.model, extractor.model_hash) == (None, "")
    for parameters in ({}, {"model": "efficientnet_lite2"}):
        found = make_extractor("voice_labels", parameters).availability()
        assert not found.installed
        assert "--set voice_labels.model=" in found.remedy
    with pytest.raises(UnavailableError, match="No network is named"):
        extractor.load()
    study = Study(tmp_path / "study", [recording])
    with pytest.raises(UnavailableError, match="No network is named"):
        study.analyze(["voice_labels"], parameters={"voice_labels": {"segments": "2s"}}, jobs=1)


def test_a_model_of_the_hub(recording: Path, tmp_path: Path) -> None:
    model = sound_models.save_hub_model(tmp_path / "emotion", "wav2vec2", ("angry", "happy", "neutral"))
    rows = labelled(recording, str(model), {}, segments="5s", top=9)
    assert [row["rank"] for row in rows] == [0, 1, 2] * 2
    assert {row["label"] for row in rows} == {"angry", "happy", "neutral"}
    assert sum(row["score"] for row in rows) == pytest.approx(2)


def test_what_compares_sounds_with_labels_is_not_for_voices(tmp_path: Path) -> None:
    clap = str(sound_models.save_clap(tmp_path / "clap"))
    found = make_extractor("voice_labels", {"model": clap}).availability()
    assert not found.installed
    assert found.remedy == "Choose a model for audio classification."


def test_network_and_parameters_decide_the_fingerprint(network: str) -> None:
    prints = [
        fingerprints([make_extractor("voice_labels", parameters)], PictureSettings(), Kind.AUDIO)["voice_labels"]
        for parameters in (
            {"segments": "2s"},
            {"model": network, "segments": "2s"},
            {"model": network, "segments": "3s"},
            {"model": network, "segments": "2s", "piece": 5},
        )
    ]
    assert len(set(prints)) == len(prints)


def test_the_caveat_stands_in_codebook_and_report(study: Study) -> None:
    report = study.report().read_text(encoding="utf-8")
    codebook = (study.folder / "codebook.md").read_text(encoding="utf-8")
    with (study.folder / "codebook.csv").open(encoding="utf-8", newline="") as file:
        label = next(row for row in csv.DictReader(file) if (row["table"], row["column"]) == ("voice_labels", "label"))
    assert "not what the person feels" in label["meaning"]
    for text in (report, codebook):
        for words in ("not what people feel", "often disagree", "wrong far more often", "not binary", "GDPR", "actors"):
            assert words in " ".join(text.split())


def test_stretches_of_real_speech_have_the_numbers_of_the_extractor_speech(network: str, tmp_path: Path) -> None:
    speech = Path(__file__).resolve().parents[2] / "examples" / "media" / "recordings" / "sense_and_sensibility.flac"
    study = Study(tmp_path / "study", [speech])
    study.analyze(["voice_labels"], parameters={"voice_labels": {"model": network}}, jobs=1)
    columns = ["segment", "start_ms", "end_ms"]
    stretches = study.table("speech").query("kind == 'speech' and end_ms - start_ms >= 500")[columns]
    rows = study.table("voice_labels")
    assert len(rows) >= 3
    assert rows[["source_segment", "start_ms", "end_ms"]].to_numpy().tolist() == stretches.to_numpy().tolist()
    assert set(rows["source"]) == {"speech"}
