"""Voices compared with themselves, by hand and in a study."""

import statistics
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import audio_makers
import voice_sounds
from tidymedia.errors import UsageError
from tidymedia.study import Study
from tidymedia.tables.derived import origin_of
from tidymedia.voice_scores.standardizing import standardize
from tidymedia.voice_scores.table import STANDARDIZED

RATE = 16_000


def segments(**columns: list[Any]) -> pd.DataFrame:
    """Rows as they are before they are standardized; other measures are missing."""
    count = len(next(iter(columns.values())))
    told: dict[str, Any] = {name: [None] * count for name in STANDARDIZED}
    told |= {"unit_id": [f"m:g{at}" for at in range(count)], "reason": [None] * count, "voiced_share": [0.5] * count}
    frame = pd.DataFrame({**told, **columns})
    return frame.astype(dict.fromkeys(STANDARDIZED, "float64") | {"reason": object, "speaker": object})


def test_scores_are_standard_deviations_within_speakers() -> None:
    low, high = [100.0, 110.0, 120.0], [200.0, 210.0, 250.0]
    found = standardize(
        segments(speaker=["a", "b"] * 3, pitch_mean=[low[0], high[0], low[1], high[1], low[2], high[2]]), 3
    )
    assert found["speaker_segments"].tolist() == [3] * 6 and found["reason"].isna().all()
    for speaker, values in (("a", low), ("b", high)):
        wanted = [(value - statistics.mean(values)) / statistics.stdev(values) for value in values]
        assert found.loc[found["speaker"] == speaker, "pitch_mean_z"].tolist() == pytest.approx(wanted, abs=1e-6)


def test_few_segments_have_no_scores_and_a_reason() -> None:
    found = standardize(segments(speaker=["a", "a", "b"], pitch_mean=[100.0, 110.0, 200.0]), 2)
    assert found["reason"].fillna("").tolist() == ["", "", "few_segments"]
    assert found["pitch_mean_z"].notna().tolist() == [True, True, False]
    assert found["speaker_segments"].tolist() == [2, 2, 1]


def test_what_does_not_vary_has_no_scores() -> None:
    found = standardize(
        segments(speaker=["a"] * 3, pitch_mean=[0.1 + 0.2, 0.3, 0.3], jitter_local=[0.01, 0.02, 0.03]), 2
    )
    assert found["pitch_mean_z"].isna().all() and found["reason"].isna().all()
    assert found["jitter_local_z"].tolist() == [-1, 0, 1]


def test_a_measure_needs_as_many_segments_as_a_speaker() -> None:
    found = standardize(
        segments(speaker=["a"] * 3, pitch_mean=[100.0, None, 120.0], intensity_mean=[60.0, 61.0, 62.0]), 3
    )
    assert found["pitch_mean_z"].isna().all()
    assert found["intensity_mean_z"].tolist() == [-1, 0, 1]


def test_segments_without_measures_or_speaker_do_not_count() -> None:
    found = standardize(
        segments(
            speaker=["a", "a", "a", None],
            reason=[None, None, None, "no_speaker"],
            voiced_share=[0.5, 0.7, None, 0.5],
            pitch_mean=[100.0, 120.0, None, 300.0],
        ),
        2,
    )
    assert found["reason"].fillna("").tolist() == ["", "", "no_measures", "no_speaker"]
    assert found["speaker_segments"].tolist()[:3] == [2, 2, 2] and pd.isna(found["speaker_segments"].iloc[3])
    assert found["pitch_mean_z"].round(4).fillna(9).tolist() == [-0.7071, 0.7071, 9, 9]


def test_copies_count_once() -> None:
    once = segments(speaker=["a"] * 3, pitch_mean=[100.0, 110.0, 150.0])
    twice = pd.concat([once, once[:1]], ignore_index=True)
    found = standardize(twice, 2)
    assert found["speaker_segments"].tolist() == [3] * 4
    assert found["pitch_mean_z"].tolist()[:3] == standardize(once, 2)["pitch_mean_z"].tolist()
    assert found["pitch_mean_z"].iloc[3] == found["pitch_mean_z"].iloc[0]


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Two posts with a recording each, and a third whose recording is that of the first."""
    pytest.importorskip("parselmouth", reason="Praat (praat-parselmouth) is not installed")
    folder = tmp_path_factory.mktemp("voices")
    for name, pitches in (("low", (100, 105, 120)), ("high", (200, 230, 205))):
        samples = np.concatenate([voice_sounds.voice(1, pitch, rate=RATE) for pitch in pitches])
        (folder / f"{name}.wav").write_bytes(audio_makers.wav(samples[:, None], RATE))
    (folder / "posts.csv").write_text(
        "file,speaker,party,unsure\nlow.wav,Ann,A,x\nhigh.wav,Ben,,x\nlow.wav,Ann,A,y\n", encoding="utf-8"
    )
    made = Study(folder / "study", folder / "posts.csv", path_column="file")
    return made.analyze(["voice"], parameters={"voice.segments": "1s"}, jobs=1)


def scores(table: pd.DataFrame, speaker: str) -> list[float]:
    return [float(value) for value in table.loc[table["speaker"] == speaker, "pitch_mean_z"]]


def test_speakers_of_the_table_of_posts(study: Study) -> None:
    table = study.standardize_voice(min_segments=3)
    assert table["speaker"].tolist() == ["Ben"] * 3 + ["Ann"] * 3
    voice = study.table("voice")
    for path, name in (("low.wav", "Ann"), ("high.wav", "Ben")):
        pitch = voice.loc[voice["path"] == path, "pitch_mean"]
        assert scores(table, name) == pytest.approx(((pitch - pitch.mean()) / pitch.std()).tolist(), abs=1e-5)
    assert (table["extractor"] == "voice_standardized").all()
    assert (table["model"] == voice["model"].iloc[0]).all()


def test_how_it_came_about_is_kept(study: Study) -> None:
    marks = [study.standardize_voice(min_segments=number)["fingerprint"].iloc[0] for number in (3, 2)]
    assert marks[0] != marks[1]
    origin = origin_of(study.folder, "voice_standardized")
    assert origin is not None and origin.is_current
    assert origin.parameters["source"] == "items" and origin.parameters["min_segments"] == 2
    summary = study.summary("medium").set_index("path")
    assert summary["pitch_mean_z"].tolist() == pytest.approx([0, 0], abs=1e-5)
    assert "pitch_mean_z" in (study.folder / "codebook.csv").read_text(encoding="utf-8")


def test_other_columns_and_files_as_speakers(study: Study) -> None:
    by_party = study.standardize_voice("party", min_segments=3)
    assert by_party["reason"].fillna("").tolist() == ["no_speaker"] * 3 + [""] * 3
    unsure = study.standardize_voice("unsure", min_segments=2)
    assert unsure["reason"].fillna("").tolist() == [""] * 3 + ["several_speakers"] * 3
    by_path = study.standardize_voice("path", min_segments=3)
    assert by_path["speaker"].tolist() == ["high.wav"] * 3 + ["low.wav"] * 3
    by_id = study.standardize_voice("media_id", min_segments=3)
    assert by_id["speaker"].tolist() == by_id["media_id"].tolist()


def test_turns_that_were_coded_by_hand(study: Study, tmp_path: Path) -> None:
    turns = pd.DataFrame(
        {
            "path": ["low.wav", "low.wav", "high.wav", "high.wav"],
            "speaker": ["Ann", "Ben", "Ann", "Ben"],
            "start_ms": [0, 2400, 0, 1000],
            "end_ms": [2400, 3000, 900, 2400],
        }
    )
    table = study.standardize_voice(speakers=turns, min_segments=2)
    by_row = table.set_index(["path", "segment"])
    assert by_row["speaker"].fillna("").tolist() == ["Ann", "Ben", "", "Ann", "Ann", "Ben"]
    assert by_row["speaker_share"].fillna(0).tolist() == pytest.approx([0.9, 1, 0, 1, 1, 0.6])
    assert by_row["speaker_segments"].fillna(0).tolist() == [3, 2, 0, 3, 3, 2]
    path = tmp_path / "turns.csv"
    turns.to_csv(path, index=False)
    again = study.standardize_voice(speakers=path, min_segments=2)
    pd.testing.assert_frame_equal(again, table)
    wider = study.standardize_voice(speakers=turns, min_segments=2, min_overlap=0.3)
    assert wider["speaker"].fillna("").tolist() == ["Ann", "Ben", "Ben", "Ann", "Ann", "Ben"]


def test_a_speaker_for_a_whole_file(study: Study) -> None:
    turns = pd.DataFrame({"path": ["low.wav", "elsewhere.wav"], "voice_of": ["Ann", "Cleo"]})
    table = study.standardize_voice("voice_of", speakers=turns, min_segments=3)
    assert table["reason"].fillna("").tolist() == ["no_speaker"] * 3 + [""] * 3


@pytest.mark.parametrize(
    ("turns", "told"),
    [
        ({"name": ["Ann"]}, "needed are path or media_id, and speaker"),
        ({"path": ["low.wav"], "speaker": ["Ann"], "start_ms": [0]}, "has start_ms alone"),
        ({"path": ["low.wav"], "speaker": ["Ann"], "start_ms": [5], "end_ms": [5]}, "ends before it begins"),
        ({"path": ["low.wav"], "speaker": ["Ann"], "start_ms": ["x"], "end_ms": [5]}, "no numbers"),
        ({"path": ["other.wav"], "speaker": ["Ann"]}, "No path of the speakers is one of"),
        ({"path": ["low.wav"] * 2, "speaker": ["Ann", "Ben"]}, "has several speakers: Ann, Ben"),
    ],
)
def test_tables_of_speakers_that_cannot_be_used(study: Study, turns: dict[str, list[Any]], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        study.standardize_voice(speakers=pd.DataFrame(turns))


def test_what_makes_no_sense(study: Study, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no column 'age' of a table of posts\. The table of posts has: .*party"):
        study.standardize_voice("age")
    with pytest.raises(UsageError, match="There is no table of speakers"):
        study.standardize_voice(speakers=tmp_path / "none.csv")
    (tmp_path / "empty.csv").touch()
    with pytest.raises(UsageError, match="cannot be read"):
        study.standardize_voice(speakers=tmp_path / "empty.csv")
    with pytest.raises(UsageError, match="min_segments=1"):
        study.standardize_voice(min_segments=1)
    with pytest.raises(UsageError, match="min_overlap=0"):
        study.standardize_voice(min_overlap=0)


def test_a_study_without_voices(tmp_path: Path) -> None:
    audio_makers.recording(tmp_path / "a.wav")
    with pytest.raises(UsageError, match="has no table voice") as told:
        Study(tmp_path / "study", tmp_path / "a.wav").analyze(["metadata"], jobs=1).standardize_voice("path")
    assert "--with voice" in told.value.remedy
