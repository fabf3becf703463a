"""Segments of recordings and films, measured one by one."""

import importlib.util
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import audio_makers
import voice_sounds
from tidymedia.errors import ExtractionError, SettingError, UnavailableError
from tidymedia.extractors import make_extractor, voice_stretches
from tidymedia.extractors.voice import Voice
from tidymedia.extractors.voice_contours import VoiceSettings, contours_of
from tidymedia.extractors.voice_statistics import measures_of
from tidymedia.extractors.voice_table import MEASURES, VOICE
from tidymedia.images.held import Held
from tidymedia.media.kinds import Kind
from tidymedia.media.opening import open_medium
from tidymedia.study import Study

MEDIA = Path(__file__).resolve().parents[2] / "examples" / "media"
SPEECH = MEDIA / "recordings" / "sense_and_sensibility.flac"
RATE = 16_000

needs_praat = pytest.mark.skipif(
    importlib.util.find_spec("parselmouth") is None, reason="Praat (praat-parselmouth) is not installed"
)


def rows_of(source: bytes, upstream: dict[str, list[dict[str, Any]]] | None = None, **given: object) -> list[Any]:
    """Run the extractor on the bytes of a recording."""
    extractor = make_extractor("voice", given)
    assert isinstance(extractor, Voice)
    extractor.load()
    with open_medium(Held("some.wav", io.BytesIO(source)), Kind.AUDIO) as medium:
        sound = medium.sound(extractor.sound_format)
        assert sound is not None
        sound.upstream = upstream or {}
        ticks = []
        sound.tick = lambda: ticks.append(1)  # type: ignore[method-assign]
        rows = [dict(row.values) for row in extractor.from_sound(sound)]
        assert ticks or not rows
    return rows


def wav(*channels: Any, rate: int = RATE) -> bytes:
    return audio_makers.wav(np.stack([np.asarray(one) for one in channels], axis=1), rate, bits=32)


SPOKEN = wav(voice_sounds.voice(3.5, 130, rate=RATE))


@needs_praat
def test_every_column_has_its_value_and_no_other() -> None:
    (row,) = rows_of(SPOKEN, segments="medium")
    assert set(row) == {"segment", *(column.name for column in VOICE.columns)}
    missing = {name for name, value in row.items() if value is None}
    assert missing == {"source_segment", "words_per_second"}


@needs_praat
def test_windows() -> None:
    rows = rows_of(SPOKEN, segments="1s")
    assert [(row["start_ms"], row["end_ms"]) for row in rows] == [(0, 1000), (1000, 2000), (2000, 3000), (3000, 3500)]
    assert [row["segment"] for row in rows] == [0, 1, 2, 3]
    assert {row["source"] for row in rows} == {"window"}
    for row in rows:
        assert row["pitch_mean"] == pytest.approx(130, rel=1e-3)


@needs_praat
def test_a_segment_is_measured_as_if_cut_out() -> None:
    with open_medium(Held("speech.flac", io.BytesIO(SPEECH.read_bytes())), Kind.AUDIO) as medium:
        sound = medium.sound(make_extractor("voice", {"segments": "2s"}).sound_format)  # type: ignore[attr-defined]
        assert sound is not None
        whole = np.concatenate([block.samples for block in sound.blocks()])[:, 0].astype(float)
    rows = rows_of(SPEECH.read_bytes(), segments="2s")
    alone = measures_of([contours_of(whole[64_000:96_000], 16_000, VoiceSettings())], 16_000)
    assert {name: rows[2][name] for name in alone} == alone


@needs_praat
def test_stretches_of_speech_and_no_other_kind() -> None:
    speech = [
        {"segment": 0, "start_ms": 0, "end_ms": 500, "kind": "silence"},
        {"segment": 1, "start_ms": 500, "end_ms": 1700, "kind": "speech"},
        {"segment": 2, "start_ms": 1700, "end_ms": 2000, "kind": "music"},
        {"segment": 3, "start_ms": 2000, "end_ms": 3000, "kind": "speech"},
    ]
    rows = rows_of(SPOKEN, {"speech": speech})
    assert [(row["start_ms"], row["end_ms"], row["source"], row["source_segment"]) for row in rows] == [
        (500, 1700, "speech", 1),
        (2000, 3000, "speech", 3),
    ]
    assert rows_of(SPOKEN, {"speech": speech[:1]}) == []


@needs_praat
def test_segments_of_a_transcript_have_words_a_second() -> None:
    transcripts = [
        {"segment": 0, "start_ms": 0, "end_ms": 2000, "words": 5},
        {"segment": 1, "start_ms": 2000, "end_ms": 3000, "words": float("nan")},
    ]
    first, second = rows_of(SPOKEN, {"transcripts": transcripts}, segments="transcripts")
    assert (first["words_per_second"], second["words_per_second"]) == (2.5, None)
    assert (first["source"], first["source_segment"]) == ("transcripts", 0)


@needs_praat
def test_a_segment_that_is_too_short_has_a_row_without_measures() -> None:
    transcripts = [
        {"segment": 0, "start_ms": 0, "end_ms": 199, "words": 1},
        {"segment": 1, "start_ms": 1000, "end_ms": 1200, "words": 1},
    ]
    short, enough = rows_of(SPOKEN, {"transcripts": transcripts}, segments="transcripts")
    assert all(short[column.name] is None for column in MEASURES if column.name != "words_per_second")
    assert short["clipped_share"] is None and short["words_per_second"] == pytest.approx(5.025, abs=0.001)
    assert enough["pitch_mean"] == pytest.approx(130, rel=1e-3)


@needs_praat
@pytest.mark.parametrize("segments", ["medium", "2s"])
def test_ten_milliseconds_of_sound(segments: str) -> None:
    (row,) = rows_of(wav(voice_sounds.tone(0.01, 200, rate=RATE)), segments=segments)
    assert (row["start_ms"], row["end_ms"], row["pitch_mean"]) == (0, 10, None)


@needs_praat
def test_a_speaker_on_each_channel() -> None:
    both = wav(voice_sounds.voice(1, 110, rate=RATE), voice_sounds.voice(1, 210, rate=RATE))
    (left,) = rows_of(both, segments="medium", channel="left")
    (right,) = rows_of(both, segments="medium", channel="2")
    assert left["pitch_median"] == pytest.approx(110, rel=1e-3)
    assert right["pitch_median"] == pytest.approx(210, rel=1e-3)
    (mixed,) = rows_of(both, segments="medium")
    assert mixed["harmonics_to_noise"] < min(left["harmonics_to_noise"], right["harmonics_to_noise"])
    with pytest.raises(ExtractionError, match="there is no channel 3"):
        rows_of(both, segments="medium", channel="3")


@needs_praat
def test_eight_channels() -> None:
    """7.1: the middle is the third channel, and the others are silent."""
    middle = voice_sounds.voice(1, 140, rate=48_000)
    silent = np.zeros(len(middle))
    surround = wav(silent, silent, middle, *[silent] * 5, rate=48_000)
    (chosen,) = rows_of(surround, segments="medium", channel="3")
    (mixed,) = rows_of(surround, segments="medium")
    assert chosen["pitch_mean"] == pytest.approx(140, rel=1e-3)
    assert mixed["pitch_mean"] == pytest.approx(140, rel=1e-3)
    assert mixed["intensity_mean"] < chosen["intensity_mean"] - 3
    (empty,) = rows_of(surround, segments="medium", channel="1")
    assert empty["pitch_mean"] is None and empty["intensity_mean"] is None and empty["voiced_share"] == 0


POOLED = {
    "voiced_share": 0.005,
    **{name.name: 0.005 for name in MEASURES if name.name.startswith("pitch_")},
    "pitch_slope": 0.02,
    "pitch_slope_semitones": 0.02,
    "intensity_mean": 0.001,
    **{name.name: 0.02 for name in MEASURES if name.name.startswith(("jitter", "shimmer", "formant", "intensity_"))},
    "harmonics_to_noise": 0.005,
    "syllables": 0.05,
    "syllables_per_second": 0.05,
}
"""How far pooled values may be from those measured at once, as a share."""


@needs_praat
@pytest.mark.parametrize("longest", [20.0, 7.3])
def test_a_long_segment_in_stretches_is_as_if_at_once(longest: float, monkeypatch: pytest.MonkeyPatch) -> None:
    (whole,) = rows_of(SPEECH.read_bytes(), segments="medium")
    monkeypatch.setattr(voice_stretches, "LONGEST_SECONDS", longest)
    (pooled,) = rows_of(SPEECH.read_bytes(), segments="medium")
    for name, share in POOLED.items():
        assert pooled[name] == pytest.approx(whole[name], rel=share, abs=0.01 if "semitones" in name else 1e-6), name
    assert (pooled["start_ms"], pooled["end_ms"], pooled["segment"]) == (0, 26_730, 0)


@needs_praat
def test_stretches_of_a_transcript_that_are_divided_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Frames then lie elsewhere; Praat's own values of the whole change as much when it is moved by less than 10 ms."""
    (whole,) = rows_of(SPEECH.read_bytes(), segments="medium")
    monkeypatch.setattr(voice_stretches, "LONGEST_SECONDS", 20.0)
    transcripts = [{"segment": 4, "start_ms": 0, "end_ms": 26_730, "words": 84}]
    (pooled,) = rows_of(SPEECH.read_bytes(), {"transcripts": transcripts}, segments="transcripts")
    assert pooled["voiced_share"] == pytest.approx(whole["voiced_share"], rel=0.015)
    assert pooled["pitch_mean"] == pytest.approx(whole["pitch_mean"], rel=0.01)
    assert pooled["pitch_median"] == pytest.approx(whole["pitch_median"], rel=0.005)
    assert pooled["pitch_sd"] == pytest.approx(whole["pitch_sd"], rel=0.1)
    for name in ("intensity_mean", "harmonics_to_noise", "formant_1", "formant_2"):
        assert pooled[name] == pytest.approx(whole[name], rel=0.02), name
    for name in ("jitter_local", "shimmer_local", "syllables"):
        assert pooled[name] == pytest.approx(whole[name], rel=0.06), name


@needs_praat
def test_quiet_stretches_of_a_long_segment_are_silent_as_in_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is 40 decibels below the loudest is silence to Praat, also in a stretch that has nothing louder."""
    loud, quiet = voice_sounds.voice(2, 120, rate=RATE), voice_sounds.voice(4, 120, rate=RATE, loudness=0.003)
    (whole,) = rows_of(wav(np.concatenate([loud, quiet])), segments="medium")
    monkeypatch.setattr(voice_stretches, "LONGEST_SECONDS", 1.0)
    (pooled,) = rows_of(wav(np.concatenate([loud, quiet])), segments="medium")
    assert whole["voiced_share"] == pytest.approx(1 / 3, abs=0.02)
    assert pooled["voiced_share"] == pytest.approx(whole["voiced_share"], abs=0.01)
    (window,) = rows_of(wav(np.concatenate([loud, quiet])), segments="6s")
    assert window["voiced_share"] == pytest.approx(whole["voiced_share"], abs=0.01)


@needs_praat
def test_the_range_of_pitch_fits_the_speaker_where_asked_for() -> None:
    fixed, fitted = (
        rows_of(SPEECH.read_bytes(), segments="medium", pitch_range=choice)[0] for choice in ("fixed", "auto")
    )
    assert (fixed["pitch_floor"], fixed["pitch_ceiling"]) == (75, 500)
    assert 50 < fitted["pitch_floor"] < 75 and 120 < fitted["pitch_ceiling"] < 200
    assert fitted["pitch_sd"] < fixed["pitch_sd"] / 2  # no octave errors upwards


@needs_praat
def test_the_same_sound_gives_the_same_rows() -> None:
    assert rows_of(SPEECH.read_bytes(), segments="5s") == rows_of(SPEECH.read_bytes(), segments="5s")


@needs_praat
def test_a_rate_that_holds_no_voice() -> None:
    with pytest.raises(ExtractionError, match="has 800 samples a second, too few for a pitch up to 500 Hz"):
        rows_of(wav(voice_sounds.tone(1, 100, rate=800), rate=800), segments="medium")
    (row,) = rows_of(wav(voice_sounds.tone(1, 100, rate=800), rate=800), segments="medium", pitch_ceiling=300)
    assert row["pitch_mean"] == pytest.approx(100, rel=1e-3)


@needs_praat
def test_a_telephone() -> None:
    (row,) = rows_of(wav(voice_sounds.voice(1, 120, rate=8000), rate=8000), segments="medium")
    assert row["pitch_mean"] == pytest.approx(120, rel=1e-3)
    assert all(row[f"formant_{number}"] < 4000 for number in (1, 2, 3))


@needs_praat
def test_a_study_of_a_recording_and_a_silent_film(tmp_path: Path) -> None:
    media = tmp_path / "media"
    media.mkdir()
    (media / "voice.wav").write_bytes(SPOKEN)
    study = Study(tmp_path / "study", media).analyze(["voice"], parameters={"voice.segments": "2s"})
    table = study.table("voice")
    assert table["start_ms"].tolist() == [0, 2000]
    assert table["model"].str.startswith("praat-parselmouth@").all()
    summary = study.summary()
    assert summary["pitch_mean"].iloc[0] == pytest.approx(130, rel=1e-3)
    assert summary["pitch_sd_semitones"].iloc[0] < 0.1 and summary["harmonics_to_noise"].iloc[0] > 20
    assert summary["syllables_per_second"].iloc[0] == pytest.approx(2 / 3.5, abs=0.01)


def test_what_it_needs_follows_from_its_segments() -> None:
    assert make_extractor("voice").needs == ("speech",)
    assert make_extractor("voice", {"segments": "transcripts"}).needs == ("transcripts",)
    assert make_extractor("voice", {"segments": "medium"}).needs == ()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"segments": "sentences"}, "segments cannot be"),
        ({"channel": "both"}, "There is no channel"),
        ({"pitch_floor": 300, "pitch_ceiling": 200}, "is not below"),
        ({"pitch_range": "wide"}, "cannot be"),
        ({"min_ms": 10}, "at least"),
    ],
)
def test_parameters_that_make_no_sense(given: dict[str, object], told: str) -> None:
    with pytest.raises(SettingError, match=told):
        make_extractor("voice", given)


def test_without_praat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    extractor = make_extractor("voice")
    assert not extractor.availability().installed
    assert "tidymedia[voice]" in extractor.availability().remedy
    with pytest.raises(UnavailableError, match="praat-parselmouth"):
        extractor.load()


def test_the_name_of_the_model_says_which_praat() -> None:
    model = make_extractor("voice").model
    assert (model is None) == (importlib.util.find_spec("parselmouth") is None)
