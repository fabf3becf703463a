"""What may be made up is flagged, and plain speech is not."""

import zlib

import pytest

from tidymedia.extractors.transcript_flags import FLAGS, flag
from tidymedia.extractors.transcript_phantoms import is_phantom
from tidymedia.extractors.transcript_segments import Segment, TimedWord
from tidymedia.models.whisper_network import HeardText


def segment(
    text: str,
    seconds: float = 3.0,
    *,
    language: str = "en",
    language_score: float | None = None,
    no_speech: float = 0.1,
    log_score: float = -0.2,
    ratio: float | None = None,
    share: float = 1.0,
    score: float = 0.9,
) -> Segment:
    size = len(text.encode())
    heard = HeardText(text, (), no_speech, log_score, ratio or size / len(zlib.compress(text.encode())))
    words = [TimedWord(word, 0, 1, score) for word in text.split()]
    return Segment(0, round(seconds * 1000), text, words, language, language_score, heard, share)


def flags_of(*segments: Segment, translated: bool = False) -> list[list[str]]:
    flag(segments, translated=translated)
    return [one.flags for one in segments]


PLAIN = "The committee met in the town hall this morning."


@pytest.mark.parametrize(
    "made",
    [
        segment(PLAIN),
        segment("Yes.", 0.4),
        segment("No, no, no, no.", 2),
        segment("Thank you.", 0.5),
        segment("你好 我们今天开会。", 2, language="zh"),
        segment("Well... I do not know.", 6),
        segment(PLAIN, language_score=0.93),
    ],
)
def test_plain_speech_has_no_flags(made: Segment) -> None:
    assert flags_of(made) == [[]]


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (segment(PLAIN, ratio=2.5), ["repetition"]),
        (segment("I know. " + "on and on and " * 4, 8), ["repetition"]),
        (segment("no " * 9, 4), ["repetition"]),
        (segment("哈" * 18, 5, language="zh", ratio=1.0), ["repetition"]),
        (segment(PLAIN, no_speech=0.61), ["silence"]),
        (segment(PLAIN, share=0.19), ["silence"]),
        (segment("Thanks for watching!", 2), ["phantom"]),
        (segment("Untertitel im Auftrag des ZDF für funk, 2017", 3, language="de"), ["phantom"]),
        (segment(PLAIN, 1.2), ["fast"]),
        (segment("我们今天在这里开会讨论新的法律问题", 1, language="zh"), ["fast"]),
        (segment("So.", 9), ["slow"]),
        (segment(PLAIN, score=0.36), ["unsure"]),
        (segment(PLAIN, log_score=-1.1), ["unsure"]),
        (segment(PLAIN, language_score=0.49), ["language"]),
        (segment("you", 5, no_speech=0.8, score=0.1, language_score=0.3), ["silence", "slow", "unsure", "language"]),
    ],
)
def test_what_points_to_made_up_text(made: Segment, expected: list[str]) -> None:
    assert flags_of(made) == [expected]


def test_the_same_sentence_over_and_over() -> None:
    one, other = "I will see you then.", "And this is another one."
    assert flags_of(*(segment(text) for text in (one, one, other, one))) == [[]] * 4
    assert flags_of(*(segment(text) for text in (other, one, "I will see you then!", one, other))) == [
        [], ["repetition"], ["repetition"], ["repetition"], [],
    ]  # fmt: skip
    assert flags_of(*(segment("Yes.") for _ in range(3))) == [[]] * 3
    assert flags_of(*(segment("Yes.") for _ in range(9))) == [["repetition"]] * 9


def test_a_translation_is_counted_in_english_words() -> None:
    text = "我们今天在这里开会讨论新的法律问题"
    assert flags_of(segment(text, 1, language="zh"), translated=True) == [[]]
    assert flags_of(segment(PLAIN, 1.2, language="zh"), translated=True) == [["fast"]]


def test_the_flags_are_those_that_the_column_lists() -> None:
    from tidymedia.extractors.transcript_tables import TRANSCRIPTS

    (column,) = [column for column in TRANSCRIPTS.columns if column.name == "flags"]
    assert tuple(column.range.split(" | ")) == FLAGS


@pytest.mark.parametrize(
    "text",
    [
        "Thank you for watching.",
        "Subtitles by the Amara.org community",
        "Sous-titres réalisés par la communauté d'Amara.org",
        "Untertitelung des ZDF, 2020",
        "Субтитры сделал DimaTorzok",
        "ご視聴ありがとうございました。",
        "请不吝点赞 订阅 转发 打赏支持明镜与点点栏目",
        "字幕由Amara.org社区提供",
        "시청해주셔서 감사합니다!",
        "Vielen Dank f\u00fcr\u2019s Zuschauen!",
    ],
)
def test_known_phantoms(text: str) -> None:
    assert is_phantom(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Thank you for watching the children while I was away.",
        "He asked them to subscribe to the newspaper.",
        "Das ZDF zeigt heute einen Film.",
        "we thanks for watching us",
        "电影的字幕很好",
    ],
)
def test_what_is_no_phantom(text: str) -> None:
    assert not is_phantom(text)
