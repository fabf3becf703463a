"""What parameters ``segments`` mean, and which rows of other extractors are segments."""

import math

import pytest

from tidymedia.errors import SettingError
from tidymedia.extractors.sound_segments import SegmentRule, TimeSpan, parse_segments, spans_of


@pytest.mark.parametrize(
    ("text", "rule", "needs"),
    [
        ("speech", SegmentRule("speech"), ("speech",)),
        (" Transcripts ", SegmentRule("transcripts"), ("transcripts",)),
        ("medium", SegmentRule("medium"), ()),
        ("5s", SegmentRule("window", 5000), ()),
        ("0.25 s", SegmentRule("window", 250), ()),
    ],
)
def test_what_can_be_written(text: str, rule: SegmentRule, needs: tuple[str, ...]) -> None:
    assert parse_segments(text) == rule
    assert rule.needs == needs


@pytest.mark.parametrize("text", ["", "5", "words", "-2s", "0s", "0.05s", "3601s", "1e3s", "5ss"])
def test_what_cannot(text: str) -> None:
    with pytest.raises(SettingError, match=r"voice\.segments") as raised:
        parse_segments(text, of="voice.")
    assert raised.value.remedy


def test_rows_become_spans_in_the_order_of_their_starts() -> None:
    upstream = {
        "speech": [
            {"segment": 2, "start_ms": 3000, "end_ms": 4000, "kind": "speech"},
            {"segment": 0, "start_ms": 0, "end_ms": 1000, "kind": "speech"},
            {"segment": 1, "start_ms": 1000, "end_ms": 3000, "kind": "music"},
        ],
        "transcripts": [
            {"segment": 0, "start_ms": 500.0, "end_ms": 900.0},
            {"segment": 1, "start_ms": 900, "end_ms": 900},
            {"segment": 2, "start_ms": None, "end_ms": 2000},
            {"segment": 3, "start_ms": math.nan, "end_ms": 2000},
            {"segment": 4, "start_ms": 800, "end_ms": 700},
        ],
    }
    assert spans_of(parse_segments("speech"), upstream) == [TimeSpan(0, 1000, 0), TimeSpan(3000, 4000, 2)]
    assert spans_of(parse_segments("transcripts"), upstream) == [TimeSpan(500, 900, 0)]
    assert spans_of(parse_segments("5s"), upstream) == []
    assert spans_of(parse_segments("speech"), {}) == []
