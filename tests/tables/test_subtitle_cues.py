"""How long segments become cues that can be read."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidymedia.tables.export_subtitles import clock_time
from tidymedia.tables.spoken import Segment, Word
from tidymedia.tables.subtitle_cues import LINE_LENGTH, make_cues

TEXTS = st.text(st.characters(codec="utf-8"), max_size=400)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 50_000), st.integers(0, 20_000), TEXTS), max_size=6))
def test_any_text_becomes_short_lines_in_order(given: list[tuple[int, int, str]]) -> None:
    segments = [Segment(start, start + length, " ".join(text.split())) for start, length, text in sorted(given)]
    cues = make_cues(segments)
    assert all(1 <= len(cue.lines) <= 2 for cue in cues)
    assert all(cue.start < cue.end for cue in cues)
    assert all(left.end <= right.start for left, right in pairwise(cues))
    assert all("\n" not in line and line.strip() == line and line for cue in cues for line in cue.lines)
    if len(segments) == 1:
        kept = [letter for cue in cues for line in cue.lines for letter in line if not letter.isspace()]
        controls = {letter for letter in segments[0].text if not letter.isprintable() or letter.isspace()}
        assert [letter for letter in segments[0].text if letter not in controls] == [
            letter for letter in kept if letter not in controls
        ]


def test_wide_characters_count_twice_and_need_no_spaces() -> None:
    text = "凡是有钱的单身汉,总想娶位太太,这已经成了一条举世公认的真理。这样的单身汉,每逢新搬到一个地方。".replace(
        ",", "\uff0c"
    )
    cues = make_cues([Segment(0, 9000, text)])
    assert "".join(line for cue in cues for line in cue.lines) == text
    assert max(len(line) for cue in cues for line in cue.lines) <= LINE_LENGTH // 2
    assert cues[0].lines[0].endswith("\uff0c")


def test_a_slow_speaker_gets_cues_of_at_most_seven_seconds() -> None:
    words = tuple(Word(3_000 * n, 3_000 * n + 400, f"word{n}") for n in range(6))
    cues = make_cues([Segment(0, 15_400, " ".join(word.text for word in words), words=words)])
    assert [(cue.start, cue.end) for cue in cues] == [(0, 6_400), (9_000, 15_400)]


def test_words_that_are_not_in_the_text_are_passed_over() -> None:
    words = (Word(0, 400, "Ten"), Word(500, 900, "thousand"), Word(1000, 1400, "people"))
    text = "10,000 people " + "and more of them " * 6
    cues = make_cues([Segment(0, 9_000, text.strip(), words=words)])
    assert cues[0].start == 0
    assert cues[-1].end == 9_000


def test_sentences_stay_together_where_they_can() -> None:
    text = "That is a short sentence. And this one is rather long, but not so long that it could not be read at once."
    cues = make_cues([Segment(0, 6_000, text)])
    assert cues[0].lines[-1].endswith("sentence.") or any(line.endswith("sentence.") for line in cues[0].lines)


@pytest.mark.parametrize(
    ("time", "written"), [(0, "00:00:00.000"), (3_599_999, "00:59:59.999"), (360_000_000, "100:00:00.000")]
)
def test_hours_are_written(time: int, written: str) -> None:
    assert clock_time(time, ".") == written
