"""Segments cover a sound without gaps and overlaps, and follow the rules."""

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tidymedia.extractors.speech import SpeechParameters
from tidymedia.extractors.speech_segments import SegmentRules, SoundSegment, segments_of
from tidymedia.models.speech_detection import SoundScores

RULES = SpeechParameters().rules


def scores_of(parts: list[tuple[float, dict[str, float]]]) -> SoundScores:
    """Make scores from stretches of seconds; what a stretch does not name is nothing."""
    columns: dict[str, Any] = {}
    for name, nothing in (("speech", 0.0), ("singing", 0.0), ("music", 0.0), ("level", -90.0)):
        stretches = [np.full(round(seconds * 100), values.get(name, nothing), np.float32) for seconds, values in parts]
        columns[name] = np.concatenate(stretches)
    return SoundScores(**columns, samples=len(columns["speech"]) * 160)


SPOKEN = {"speech": 0.95, "level": -25.0}
PLAYED = {"music": 0.95, "level": -25.0}
SUNG = {"singing": 0.95, "level": -25.0}
NOISY = {"level": -25.0}
QUIET: dict[str, float] = {}


def found(parts: list[tuple[float, dict[str, float]]], **changed: float) -> list[tuple[str, int, int]]:
    rules = SpeechParameters.parse(changed, "speech").rules
    return [(one.kind, one.start_ms, one.end_ms) for one in segments_of(scores_of(parts), rules)]


def test_kinds_and_their_borders() -> None:
    made = found([(2, QUIET), (3, SPOKEN), (2, NOISY), (4, PLAYED), (2, QUIET), (3, SUNG)])
    assert [kind for kind, _, _ in made] == ["silence", "speech", "other", "music", "silence", "music"]
    expected = [0, 2000, 5000, 7000, 11_000, 13_000, 16_000]
    for (_, start, end), first, last in zip(made, expected[:-1], expected[1:], strict=True):
        assert abs(start - first) <= 520  # music is averaged over a second
        assert abs(end - last) <= 520
    assert made[1][1:] == pytest.approx((2000, 5000), abs=60)


def test_speech_over_music_is_speech_and_keeps_the_score_of_the_music() -> None:
    over = {"speech": 0.9, "music": 0.8, "level": -20.0}
    (segment,) = segments_of(scores_of([(5, over)]), RULES)
    assert (segment.kind, segment.start_ms, segment.end_ms) == ("speech", 0, 5000)
    assert (segment.speech_score, segment.music_score) == pytest.approx((0.9, 0.8))
    assert segment.level == pytest.approx(-20)


def test_short_pauses_and_short_bursts() -> None:
    assert found([(1, QUIET), (2, SPOKEN), (0.2, QUIET), (2, SPOKEN), (1, QUIET)])[1][0] == "speech"
    assert len(found([(1, QUIET), (2, SPOKEN), (0.2, QUIET), (2, SPOKEN), (1, QUIET)])) == 3
    assert len(found([(1, QUIET), (2, SPOKEN), (0.6, QUIET), (2, SPOKEN), (1, QUIET)])) == 5
    assert found([(2, QUIET), (0.1, SPOKEN), (2, QUIET)]) == [("silence", 0, 4100)]
    assert len(found([(2, QUIET), (0.2, SPOKEN), (2, QUIET)], min_speech_ms=100)) == 3


def test_padding_makes_speech_longer() -> None:
    bare = found([(2, QUIET), (2, SPOKEN), (2, QUIET)])[1]
    padded = found([(2, QUIET), (2, SPOKEN), (2, QUIET)], padding_ms=200)[1]
    assert padded == ("speech", bare[1] - 200, bare[2] + 200)
    assert found([(2, SPOKEN)], padding_ms=200) == [("speech", 0, 2000)]


def test_silence_is_a_matter_of_level_and_soft_music_is_music() -> None:
    soft = {"music": 0.9, "level": -55.0}
    assert found([(3, soft)]) == [("music", 0, 3000)]
    assert found([(3, {"music": 0.9, "level": -66.0})]) == [("silence", 0, 3000)]
    assert found([(3, {"level": -44.0})]) == [("other", 0, 3000)]
    assert found([(3, {"level": -44.0})], silence_level=-40) == [("silence", 0, 3000)]


def test_the_last_segment_ends_where_the_sound_ends() -> None:
    whole = scores_of([(1, SPOKEN)])
    for samples, end in ((15_999, 1000), (15_900, 994), (15_841, 990), (15_850, 991)):
        cut = SoundScores(whole.speech, whole.singing, whole.music, whole.level, samples)
        assert list(segments_of(cut, RULES))[-1].end_ms == end
    nothing = np.zeros(1, np.float32)
    one = SoundScores(nothing, nothing, nothing, nothing, 1)
    assert [(segment.start_ms, segment.end_ms) for segment in segments_of(one, RULES)] == [(0, 1)]
    none = SoundScores(nothing[:0], nothing[:0], nothing[:0], nothing[:0], 0)
    assert list(segments_of(none, RULES)) == []


def runs(values: st.SearchStrategy[float]) -> st.SearchStrategy[np.ndarray]:
    """Make scores of up to 20 seconds that stay the same for a while, as real ones do."""
    lengths = st.lists(st.tuples(st.integers(1, 120), values), min_size=20, max_size=20)
    return lengths.map(lambda parts: np.concatenate([np.full(n, value, np.float32) for n, value in parts]))


probability = st.floats(0, 1, width=32)
rules = st.builds(
    SegmentRules,
    min_speech_score=probability,
    min_music_score=probability,
    silence_level=st.floats(-120, 0),
    min_speech_ms=st.integers(0, 2000),
    min_pause_ms=st.integers(0, 2000),
    padding_ms=st.integers(0, 2000),
    min_other_ms=st.integers(0, 2000),
)


def check_partition(segments: list[SoundSegment], samples: int) -> None:
    end = max(1, round(samples / 16))
    assert segments[0].start_ms == 0
    assert segments[-1].end_ms == end
    for one, other in itertools.pairwise(segments):
        assert one.end_ms == other.start_ms
        assert one.kind != other.kind
    assert all(one.start_ms < one.end_ms for one in segments)


@given(runs(probability), runs(probability), runs(probability), runs(st.floats(-120, 0, width=32)), rules, st.data())
@settings(max_examples=80, deadline=None)
def test_segments_cover_the_sound_without_gaps_and_overlaps(
    speech: np.ndarray,
    singing: np.ndarray,
    music: np.ndarray,
    level: np.ndarray,
    given_rules: SegmentRules,
    data: st.DataObject,
) -> None:
    frames = min(len(one) for one in (speech, singing, music, level))
    samples = (frames - 1) * 160 + data.draw(st.integers(1, 160))
    scores = SoundScores(speech[:frames], singing[:frames], music[:frames], level[:frames], samples)
    check_partition(list(segments_of(scores, given_rules)), samples)


@given(hnp.arrays(np.float32, st.integers(1, 400), elements=probability), rules, st.integers(1, 160))
@settings(max_examples=80, deadline=None)
def test_also_where_scores_jump_about(speech: np.ndarray, given_rules: SegmentRules, last: int) -> None:
    samples = (len(speech) - 1) * 160 + last
    scores = SoundScores(speech, speech[::-1], 1 - speech, -120 * speech, samples)
    segments = list(segments_of(scores, given_rules))
    check_partition(segments, samples)
    shortest = min(given_rules.min_speech_ms, 10)
    assert all(one.end_ms - one.start_ms >= shortest for one in segments[:-1] if one.kind == "speech")
