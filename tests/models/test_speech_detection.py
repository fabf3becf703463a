"""Scores of a sound do not depend on the pieces in which it comes, and are those of the networks."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import heard_sounds as sounds
from tidymedia.models.filter_bank import STEP, filter_bank
from tidymedia.models.sessions import load_network
from tidymedia.models.sound_events import MODEL as EVENTS
from tidymedia.models.sound_events import SoundEvents
from tidymedia.models.speech_detection import SoundScores, SpeechDetector
from tidymedia.models.voice_activity import MODEL as VOICE
from tidymedia.models.voice_activity import WINDOW, VoiceActivity

READING = sounds.samples_of(sounds.READING)
LONG = np.concatenate([READING, READING[::-1], READING])
"""80 seconds: more than two stretches of both networks."""


def pieces(samples: np.ndarray, size: int) -> list[np.ndarray]:
    return [samples[start : start + size] for start in range(0, len(samples), size)]


def scores_of(samples: np.ndarray, size: int | None = None) -> SoundScores:
    detector = SpeechDetector()
    for part in pieces(samples, size or max(1, len(samples))):
        detector.hear(part)
    return detector.finish()


@pytest.mark.parametrize("size", [160, 1_000, 16_001, 480_000, 5_000_000])
def test_pieces_make_no_difference(size: int) -> None:
    whole, cut = scores_of(LONG), scores_of(LONG, size)
    for name in ("speech", "singing", "music", "level"):
        np.testing.assert_array_equal(getattr(cut, name), getattr(whole, name))
        assert len(getattr(whole, name)) == -(-len(LONG) // STEP)
    assert cut.samples == whole.samples == len(LONG)


def test_stretches_of_the_first_network_are_the_whole_heard_at_once() -> None:
    events = SoundEvents()
    made = np.concatenate([*(events.hear(part) for part in pieces(LONG, 40_000)), events.finish()])
    bands = filter_bank(LONG)
    at_once = load_network(EVENTS).run(bands[None], "scores")["scores"][0]
    np.testing.assert_allclose(made[: len(at_once)], at_once, atol=2e-5)


def test_stretches_of_the_second_network_are_windows_heard_one_by_one() -> None:
    voice, network = VoiceActivity(), load_network(VOICE)
    made = np.concatenate([*(voice.hear(part) for part in pieces(LONG, 70_000)), voice.finish()])
    state = {"hidden": np.zeros((1, 1, 128), np.float32), "cell": np.zeros((1, 1, 128), np.float32)}
    held, one_by_one = np.zeros(64, np.float32), []
    for start in range(0, 600 * WINDOW, WINDOW):
        window = LONG[start : start + WINDOW]
        answer = network.run(np.concatenate([held, window])[None], others=state)
        state = {"hidden": answer["next_hidden"], "cell": answer["next_cell"]}
        one_by_one.append(float(answer["scores"][0]))
        held = window[-64:]
    np.testing.assert_allclose(made[:600], one_by_one, atol=2e-5)


@pytest.mark.parametrize("count", [0, 1, 159, 160, 161, 399, 400, 401, 511, 512, 513, 3_000])
def test_sounds_of_any_length_have_a_score_for_each_hundredth_that_has_begun(count: int) -> None:
    made = scores_of(READING[40_000 : 40_000 + count])
    for scores in (made.speech, made.singing, made.music, made.level):
        assert scores.shape == (-(-count // STEP),)
        assert np.isfinite(scores).all()


@given(st.lists(st.integers(1, 60_000), min_size=1, max_size=6))
@settings(max_examples=8, deadline=None)
def test_pieces_of_any_length_make_no_difference(lengths: list[int]) -> None:
    samples = LONG[: sum(lengths)]
    detector, start = SpeechDetector(), 0
    for length in lengths:
        detector.hear(samples[start : start + length])
        start += length
    cut, whole = detector.finish(), scores_of(samples)
    np.testing.assert_array_equal(cut.speech, whole.speech)
    np.testing.assert_array_equal(cut.level, whole.level)


@pytest.mark.parametrize(
    ("made", "level"),
    [
        (lambda: np.sin(2 * np.pi * 200 * np.arange(16_000) / 16_000) / 2, 20 * np.log10(0.5 / np.sqrt(2))),
        (lambda: np.ones(16_000), 0.0),
        (lambda: np.zeros(16_000), -120.0),
    ],
)
def test_level_is_the_root_mean_square(made: Callable[[], np.ndarray], level: float) -> None:
    np.testing.assert_allclose(scores_of(made().astype(np.float32)).level, level, atol=0.01)


def test_a_sure_network_can_be_overruled_by_the_other() -> None:
    noise = sounds.noise(10, -20)
    assert scores_of(noise).speech.mean() < 0.05
    assert scores_of(READING[16_000:96_000]).speech.mean() > 0.9
