"""Voices are told apart: in conversations put together from readers, and as clusters of vectors that are known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

import heard_sounds as sounds
import tidymedia as tm
from tidymedia.errors import SettingError
from tidymedia.extractors.registry import make_extractor
from tidymedia.extractors.speaker_clusters import SpeakerRules, speakers_of
from tidymedia.models.speaker_vectors import speaker_vector

STAMPS = Path("/usr/share/tuxpaint/stamps")
FOUND = SpeakerRules(0, 10, 0.52, 3.0)


def voices(count: int, turns: int, seed: int, spread: float = 0.02) -> tuple[np.ndarray, np.ndarray]:
    """Make vectors around one direction a speaker, and who each is of; every speaker has one at least."""
    chance = np.random.default_rng(seed)
    common = chance.normal(0, 0.6, 192)
    means = common + chance.normal(0, 1, (count, 192))
    who = np.concatenate([np.arange(count), chance.integers(0, count, turns)])
    made = means[who] + chance.normal(0, spread * 10, (len(who), 192))
    return (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32), who


def same_groups(one: np.ndarray, other: np.ndarray) -> bool:
    pairs = set(zip(one.tolist(), other.tolist(), strict=True))
    return len(pairs) == len({first for first, _ in pairs}) == len({second for _, second in pairs})


@pytest.mark.parametrize("count", [1, 2, 3, 6])
@pytest.mark.parametrize("told", [True, False])
def test_known_clusters_are_found(count: int, told: bool) -> None:
    vectors, who = voices(count, 30 * count, seed=count)
    rules = SpeakerRules(count if told else 0, 10, 0.52, 3.0)
    assert same_groups(speakers_of(vectors, np.full(len(who), 0.75), rules), who)


def test_many_vectors_join_the_nearest_of_those_that_were_looked_at() -> None:
    vectors, who = voices(3, 4_000, seed=9)
    assert same_groups(speakers_of(vectors, np.full(len(who), 0.75), FOUND), who)


def test_one_who_says_a_word_is_no_speaker_of_their_own() -> None:
    vectors, who = voices(3, 60, seed=4)
    keep = (who != 2) | (np.arange(len(who)) == 2)
    made = speakers_of(vectors[keep], np.full(int(keep.sum()), 0.75), FOUND)
    assert made.max() == 1
    assert same_groups(made[who[keep] != 2], who[keep][who[keep] != 2])


@given(st.integers(0, 40), st.integers(0, 12), st.integers(0, 10_000))
@settings(max_examples=60, deadline=None)
def test_speakers_are_numbered_by_their_first_words(turns: int, told: int, seed: int) -> None:
    vectors, _ = voices(1 + seed % 4, turns, seed, spread=0.2)
    vectors = vectors[: max(1, turns)]
    made = speakers_of(vectors, np.full(len(vectors), 0.75), SpeakerRules(told, 5, 0.52, 3.0))
    assert len(made) == len(vectors)
    first = [made.tolist().index(number) for number in range(made.max() + 1)]
    assert first == sorted(first)
    assert made.max() + 1 <= (told or 5)


def heard(table: Any, frames: int) -> np.ndarray:
    """Return the number of the speaker in every hundredth of a second; 0 for none."""
    found = np.zeros(frames, int)
    for row in table.itertuples():
        found[row.start_ms // 10 : row.end_ms // 10] = int(row.speaker.removeprefix("speaker_"))
    return found


def shared(found: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Count the hundredths of a second that each person (row) and each number (column) have in common."""
    people, numbers = (range(1, int(who.max()) + 1) for who in (truth, found))
    return np.array([[((truth == one) & (found == other)).sum() for other in numbers] for one in people])


def error_rate(found: np.ndarray, truth: np.ndarray, collar: int = 25) -> float:
    """Return the diarization error rate: missed, false and confused speech, as a share of all speech."""
    near = np.zeros(len(truth), bool)
    for place in np.flatnonzero(np.diff(truth)):
        near[max(0, place + 1 - collar) : place + 1 + collar] = True
    found, truth = found[~near], truth[~near]
    both = shared(found, truth)
    right = both[linear_sum_assignment(-both)].sum()
    return float((np.maximum(found > 0, truth > 0).sum() - right) / (truth > 0).sum())


def conversation(turns: list[list[Any]]) -> tuple[Any, np.ndarray]:
    """Put turns after one another, each a list of samples; say who speaks, from 1, in every hundredth of a second."""
    parts, truth = [], []
    for number, turn in enumerate(turns):
        for clip in turn:
            samples = clip[: len(clip) // 160 * 160]
            loud = np.abs(samples).reshape(-1, 160).max(1) > 0.03 * np.abs(samples).max()
            start, end = np.flatnonzero(loud)[[0, -1]]
            samples = samples[start * 160 : (end + 1) * 160]
            parts += [0.3 * samples / np.abs(samples).max(), sounds.silence(0.5)]
            truth += [np.full(len(samples) // 160, number % 2 + 1), np.zeros(50, int)]
    return np.concatenate(parts), np.concatenate(truth)


@pytest.mark.skipif(not STAMPS.is_dir(), reason="the Debian package tuxpaint-stamps-default is not installed")
@pytest.mark.parametrize("language", ["da", "bg"])
def test_a_reader_and_one_who_describes_pictures(language: str, tmp_path: Path) -> None:
    reading = sounds.samples_of(sounds.READING)
    paths = sorted(STAMPS.glob(f"**/*_desc_{language}.ogg"))
    clips = iter(clip for clip in map(sounds.samples_of, paths) if len(clip) > 24_000)
    read = [reading[round(start * 16_000) : round((start + 3.5) * 16_000)] for start in (0.3, 3.6, 11.4, 17.2, 19.2)]
    samples, truth = conversation([turn for one in read for turn in ([one], [next(clips), next(clips)])])
    path = sounds.write_wav(tmp_path / "talk.wav", samples)
    table = tm.find_speakers(path, 2)
    found = heard(table, len(truth))
    rate = error_rate(found, truth)
    print(f"{language}: error rate {rate:.3f} where two speakers are told")
    assert rate < 0.1
    assert table["speaker"].iloc[0] == "speaker_1"
    assert table["speaker"].nunique() == 2
    assert (table["start_ms"].iloc[1:].to_numpy() >= table["end_ms"].iloc[:-1].to_numpy()).all()
    assert (table["start_ms"] < table["end_ms"]).all()
    # The number is found too.
    both = shared(heard(tm.find_speakers(path), len(truth)), truth)
    print(
        f"{language}: {both.shape[1]} speakers found, {both.max(0).sum() / both.sum():.3f} with one of their own kind"
    )
    assert both.shape[1] == 2
    assert both.max(0).sum() / both.sum() > 0.9


def test_one_reader_is_one_speaker_within_the_speech(tmp_path: Path) -> None:
    study = tm.Study(tmp_path / "study", [sounds.READING]).analyze(["speakers"])
    speakers, speech = study.table("speakers"), study.table("speech")
    assert set(speakers["speaker"]) == {"speaker_1"}
    spoken = speech[speech["kind"] == "speech"]
    assert speakers[["start_ms", "end_ms"]].to_numpy().tolist() == spoken[["start_ms", "end_ms"]].to_numpy().tolist()
    assert speakers["score"].between(0.4, 1).all()
    assert study.summary()["speakers"].tolist() == [1]
    table = tm.find_speakers(sounds.READING)
    for name in table.columns:
        assert table[name].astype(str).tolist() == speakers[name].astype(str).tolist(), name


def test_where_nobody_speaks_there_are_no_speakers(tmp_path: Path) -> None:
    assert tm.find_speakers(sounds.write_wav(tmp_path / "silence.wav", sounds.silence(2))).empty


def test_vectors_of_one_voice_are_alike() -> None:
    reading = sounds.samples_of(sounds.READING)
    one, other = (speaker_vector(reading[start : start + 24_000]) for start in (16_000, 200_000))
    noise = speaker_vector(sounds.noise(1.5, -30))
    assert one @ other > 0.7
    assert one @ noise < 0.4
    assert np.isfinite(speaker_vector(reading[16_000:16_100])).all()
    assert np.isfinite(speaker_vector(reading[:0])).all()


@pytest.mark.parametrize(("name", "value"), [("speakers", -1), ("speakers", 21), ("min_distance", 3), ("voices", 2)])
def test_parameters_out_of_range(name: str, value: object) -> None:
    with pytest.raises(SettingError):
        make_extractor("speakers", {name: value})
