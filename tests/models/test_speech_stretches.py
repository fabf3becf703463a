"""Sound is cut into stretches at silences, whatever the length of the window that is held."""

import itertools
from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from tidymedia.media.sound import SoundBlock
from tidymedia.models.speech_stretches import RATE, STRETCH_S, Span, Stretch, find_speech, stretches_of, with_padding


def loud(samples: NDArray[np.float32]) -> list[Span]:
    """A voice detector for tests: what is not zero is speech."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], (samples != 0).astype(np.int8), [0]])))
    return [(int(start), int(end)) for start, end in edges.reshape(-1, 2)]


def blocks_of(samples: NDArray[np.float32], size: int = 7 * RATE) -> Iterator[SoundBlock]:
    for start in range(0, len(samples), size):
        yield SoundBlock(round(start * 1000 / RATE), samples[start : start + size].reshape(-1, 1))


def speech_at(spans: list[tuple[float, float]], seconds: float) -> NDArray[np.float32]:
    """Give each place a value of its own, so that samples can be found again."""
    samples = np.zeros(round(seconds * RATE), np.float32)
    for number, (start, end) in enumerate(spans, 1):
        samples[round(start * RATE) : round(end * RATE)] = number / 100
    return samples


SPANS = [(start, start + 3.0 + start % 4) for start in range(2, 290, 9)]
SOUND = speech_at(SPANS, 300)


@pytest.mark.parametrize("window_s", [60, 75, 90, 1800])
@pytest.mark.parametrize("only_speech", [True, False])
def test_nothing_is_lost_and_nothing_is_twice(window_s: float, only_speech: bool) -> None:
    made = list(stretches_of(blocks_of(SOUND), window_s=window_s, only_speech=only_speech, detect=loud))
    assert all(0 < one.length <= STRETCH_S * RATE for one in made)
    heard = np.zeros(len(SOUND), np.int64)
    for one in made:
        for first, last in one.parts:
            heard[first:last] += 1
        assert np.array_equal(one.samples(), np.concatenate([SOUND[first:last] for first, last in one.parts]))
    assert heard.max() == 1
    assert (heard[SOUND != 0] == 1).all()
    assert only_speech != bool((heard == 1).all())
    spans = [span for one in made for span in one.speech]
    assert spans == [(round(start * RATE), round(end * RATE)) for start, end in SPANS]


def test_a_longer_window_gives_the_same_stretches_of_speech() -> None:
    short, long = (
        [one.parts for one in stretches_of(blocks_of(SOUND), window_s=window_s, detect=loud)] for window_s in (60, 1800)
    )
    assert short == long


def test_speech_that_a_window_would_cut_is_left_to_the_next_one() -> None:
    samples = speech_at([(10, 20), (50, 70), (75, 80)], 120)
    made = list(stretches_of(blocks_of(samples), window_s=60, detect=loud))
    pieces = [part for one in made for part in one.parts]
    assert any(first < 50 * RATE and last > 70 * RATE for first, last in pieces)


def test_sound_without_speech_is_left_out_or_tiled() -> None:
    samples = np.zeros(100 * RATE, np.float32)
    assert list(stretches_of(blocks_of(samples), window_s=60, detect=loud)) == []
    every = [one.parts for one in stretches_of(blocks_of(samples), window_s=60, only_speech=False, detect=loud)]
    spans = list(itertools.chain(*every))
    assert spans[0][0] == 0
    assert spans[-1][1] == len(samples)
    assert all(before[1] == after[0] for before, after in itertools.pairwise(spans))


@pytest.mark.parametrize("count", [0, 1, 160])
def test_next_to_no_sound(count: int) -> None:
    samples = np.full(count, 0.1, np.float32)
    assert sum(one.length for one in stretches_of(blocks_of(samples), window_s=60, detect=loud)) == count


def test_it_says_that_it_goes_on() -> None:
    ticks: list[int] = []
    list(stretches_of(blocks_of(SOUND), window_s=60, detect=loud, tick=lambda: ticks.append(1)))
    assert len(ticks) >= 5


def test_padding_is_shared_and_stays_inside() -> None:
    second = RATE
    padded = with_padding([(0, second), (second + 3200, 2 * second), (4 * second, 5 * second)], 5 * second + 100)
    assert padded == [
        (0, second + 1600),
        (second + 1600, 2 * second + 6400),
        (4 * second - 6400, 5 * second + 100),
    ]
    assert with_padding([], 100) == []


def test_times_lie_in_the_part_in_which_their_middle_is() -> None:
    stretch = Stretch()
    for start, end in ((1, 3), (10, 12)):
        stretch.add((start * RATE, end * RATE), np.zeros(2 * RATE, np.float32), [])
    assert stretch.in_medium(0.5, 1.5) == (1500, 2500)
    assert stretch.in_medium(1.5, 3.5) == (10_000, 11_500)
    assert stretch.in_medium(1.5, 2.1) == (2500, 3000)
    assert stretch.in_medium(3.9, 9.0) == (11_900, 12_000)


def test_the_share_of_speech() -> None:
    stretch = Stretch(speech=[(RATE, 2 * RATE)])
    assert stretch.speech_share(1000, 2000) == 1
    assert stretch.speech_share(500, 1500) == 0.5
    assert stretch.speech_share(3000, 4000) == 0


def test_the_real_detector_finds_a_voice_and_no_noise() -> None:
    pytest.importorskip("faster_whisper", reason="faster-whisper comes with the extra speech")
    from spoken_words import SENSE, decoded

    voice = decoded(SENSE)[: 6 * RATE]
    quiet = np.zeros(3 * RATE, np.float32)
    ((first, last),) = [(spans[0][0], spans[-1][1]) for spans in [find_speech(np.concatenate([quiet, voice, quiet]))]]
    assert 2.9 * RATE < first < 3.8 * RATE
    assert 8.5 * RATE < last <= 9.3 * RATE
    noise = np.random.default_rng(1).normal(0, 0.1, 10 * RATE).astype(np.float32)
    assert find_speech(noise) == []
    assert find_speech(noise[:160]) == []
