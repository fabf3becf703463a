"""Who speaks longest in a segment."""

import pandas as pd
import pytest

from tidymedia.voice_scores.turns import longest_turns


def longest(start: int, end: int, *turns: tuple[str, int, int]) -> tuple[str | None, float]:
    segments = pd.DataFrame({"start_ms": [start], "end_ms": [end]})
    ((name, share),) = longest_turns(segments, pd.DataFrame(turns, columns=["speaker", "start_ms", "end_ms"]))
    return name, round(share, 6)


def test_the_longest_turn_names_the_segment() -> None:
    assert longest(0, 1000, ("a", 0, 400), ("b", 400, 1000)) == ("b", 0.6)
    assert longest(0, 1000, ("a", 0, 300), ("b", 300, 700), ("a", 700, 1000)) == ("a", 0.6)


def test_turns_outside_do_not_count() -> None:
    assert longest(1000, 2000, ("a", 0, 1000), ("b", 2000, 3000)) == (None, 0)
    assert longest(1000, 2000, ("a", 0, 1001), ("b", 1900, 9000)) == ("b", 0.1)
    assert longest(1000, 2000) == (None, 0)


def test_overlapping_turns_of_one_speaker_count_once() -> None:
    assert longest(0, 1000, ("a", 0, 600), ("a", 300, 700)) == ("a", 0.7)
    assert longest(0, 1000, ("a", 0, 600), ("a", 100, 200), ("b", 0, 650)) == ("b", 0.65)


def test_a_long_turn_that_began_before_others_is_found() -> None:
    assert longest(5000, 6000, ("a", 0, 9000), ("b", 100, 200), ("c", 5500, 5600)) == ("a", 1)


def test_of_two_that_speak_as_long_the_first_in_the_alphabet() -> None:
    assert longest(0, 1000, ("b", 0, 500), ("a", 500, 1000)) == ("a", 0.5)


@pytest.mark.parametrize("seed", range(3))
def test_against_counting_milliseconds(seed: int) -> None:
    import numpy as np

    random = np.random.default_rng(seed)
    starts = random.integers(0, 500, 30)
    turns = pd.DataFrame(
        {
            "speaker": random.choice(list("abc"), 30),
            "start_ms": starts,
            "end_ms": starts + random.integers(1, 80, 30),
        }
    )
    segments = pd.DataFrame({"start_ms": range(0, 500, 50), "end_ms": range(50, 550, 50)})
    for (name, share), at in zip(longest_turns(segments, turns), range(0, 500, 50), strict=True):
        heard = {
            speaker: len(
                {ms for row in rows.itertuples() for ms in range(row.start_ms, row.end_ms)} & {*range(at, at + 50)}
            )
            for speaker, rows in turns.groupby("speaker")
        }
        assert share == pytest.approx(max(heard.values()) / 50)
        assert name is None or heard[name] == max(heard.values())
