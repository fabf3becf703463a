"""Words become sentences, or parts of them up to a pause, and their texts together are what was written."""

import numpy as np
import pytest

from tidymedia.extractors.transcript_segments import Segment, ends_sentence, segments_of
from tidymedia.extractors.transcript_times import moved_to_speech
from tidymedia.models.speech_stretches import RATE, Stretch
from tidymedia.models.whisper_network import HeardText, HeardWord

Words = list[tuple[str, float, float]]


def stretch_of(*parts: tuple[int, int], speech: list[tuple[float, float]] | None = None) -> Stretch:
    stretch = Stretch()
    for start, end in parts:
        stretch.add((start * RATE, end * RATE), np.zeros((end - start) * RATE, np.float32), [])
    stretch.speech = [(round(one * RATE), round(two * RATE)) for one, two in speech] if speech else stretch.parts
    return stretch


def cut(
    words: Words, stretch: Stretch | None = None, language: str = "en", *, translated: bool = False
) -> list[Segment]:
    heard = HeardText(
        "".join(word for word, _, _ in words),
        tuple(HeardWord(word, start, end, 0.5) for word, start, end in words),
        0.1,
        -0.2,
        1.1,
    )
    return list(segments_of(stretch or stretch_of((10, 40)), heard, language, 0.9, translated=translated))


def test_a_sentence_is_a_segment() -> None:
    made = cut([(" Good", 0, 0.4), (" day.", 0.4, 1), (" Who", 1, 1.3), (" is", 1.3, 1.5), (" it?", 1.5, 2)])
    assert [(one.text, one.start_ms, one.end_ms, one.word_count) for one in made] == [
        ("Good day.", 10_000, 11_000, 2),
        ("Who is it?", 11_000, 12_000, 3),
    ]
    assert [[word.text for word in one.words] for one in made] == [["Good", "day."], ["Who", "is", "it?"]]


def test_a_pause_of_a_second_ends_a_segment() -> None:
    made = cut([(" well", 0, 1), (" then", 1.9, 2.5), (" let", 3.5, 4), (" us", 4, 4.5)])
    assert [one.text for one in made] == ["well then", "let us"]


def test_words_keep_the_part_of_the_medium_in_which_they_were_said() -> None:
    made = cut([(" before", 1, 2), (" after", 2, 3)], stretch_of((10, 12), (100, 110)))
    assert [(one.text, one.start_ms, one.end_ms) for one in made] == [
        ("before", 11_000, 12_000),
        ("after", 100_000, 101_000),
    ]


def test_parts_of_a_word_are_put_together() -> None:
    (made,) = cut([(" an", 0, 0.2), (" ill", 0.2, 0.4), ("-disposed", 0.4, 1), (" man", 1, 2)])
    assert [(word.text, word.start_ms, word.end_ms) for word in made.words] == [
        ("an", 10_000, 10_200),
        ("ill-disposed", 10_200, 11_000),
        ("man", 11_000, 12_000),
    ]


def test_signs_stay_apart_where_there_are_no_spaces_but_not_in_a_translation() -> None:
    signs = [("你", 0, 0.2), ("好", 0.2, 0.4)]
    assert cut(signs, language="zh")[0].word_count == 2
    assert cut([(" Hel", 0, 0.2), ("lo", 0.2, 0.4)], language="zh", translated=True)[0].word_count == 1


def test_text_without_times_is_one_segment_of_the_stretch() -> None:
    heard = HeardText(" Something was said. Twice.", (), 0.1, -0.2, 1.0)
    (made,) = segments_of(stretch_of((10, 12), (20, 23)), heard, "en", None)
    assert (made.text, made.start_ms, made.end_ms) == ("Something was said. Twice.", 10_000, 23_000)
    assert (made.score, made.word_count, made.words) == (None, 4, [])


@pytest.mark.parametrize("text", ["", "  ", "\n"])
def test_no_text_is_no_segment(text: str) -> None:
    assert list(segments_of(stretch_of((0, 1)), HeardText(text, (), 0.9, -1.0, 0.5), "en", None)) == []


def test_times_never_go_back_and_a_segment_takes_time() -> None:
    made = cut([(" one.", 3, 4), (" two.", 2, 2.5), (" three.", 4, 4)])
    starts = [one.start_ms for one in made]
    assert starts == sorted(starts)
    assert all(one.end_ms > one.start_ms for one in made)
    assert all(word.end_ms >= word.start_ms for one in made for word in one.words)


@pytest.mark.parametrize("word", [" day.", " what?!", ' said."', " fin…", "。", " मैं।", " لماذا؟", " 2024.", " p.m.x!"])
def test_what_ends_a_sentence(word: str) -> None:
    assert ends_sentence(word)


@pytest.mark.parametrize("word", [" Mr.", " J.", " (Dr.", " e.g.", " 3.", " usw.", " day", " day,", " 3,5", " U.S."])
def test_what_ends_none(word: str) -> None:
    assert not ends_sentence(word)


@pytest.mark.parametrize(
    ("time", "speech", "moved"),
    [
        ((1000, 2000), [(0, 5000)], (1000, 2000)),
        ((1000, 2000), [(1500, 5000)], (1450, 2000)),
        ((1000, 2000), [(500, 1600)], (1000, 1650)),
        ((1000, 2000), [(500, 1300), (1700, 2500)], (1650, 2000)),  # the pause was counted to the word
        ((1000, 2000), [(500, 1300), (1500, 2500)], (1000, 2000)),  # a stop within the word
        ((1000, 2000), [(500, 1600), (1950, 2500)], (1000, 1650)),  # of the next word is too little in it
        ((1000, 2000), [(5000, 6000)], (1000, 2000)),
        ((1000, 1050), [(0, 5000)], (1000, 1050)),
        ((1000, 2000), [], (1000, 2000)),
    ],
)
def test_a_word_is_moved_to_where_someone_speaks(
    time: tuple[int, int], speech: list[tuple[float, float]], moved: tuple[int, int]
) -> None:
    assert moved_to_speech(*time, speech) == moved


def test_the_share_of_speech_is_that_of_the_segment() -> None:
    (made,) = cut([(" Hello.", 0, 1)], stretch_of((10, 20), speech=[(15.0, 16.0)]))
    assert made.speech_share == 0
