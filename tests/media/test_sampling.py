"""Rules that pick frames."""

import pytest

from tidymedia.errors import SettingError
from tidymedia.media.sampling import Sampling, parse_sampling


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("5s", Sampling("seconds", 5.0)),
        (" 0.5 S ", Sampling("seconds", 0.5)),
        ("1000f", Sampling("frames", 1000.0)),
        ("codec", Sampling("codec")),
        ("First", Sampling("first")),
        ("shot:middle", Sampling("shot:middle")),
        ("Shot : Sharpest", Sampling("shot:sharpest")),
    ],
)
def test_rules_are_read(text: str, rule: Sampling) -> None:
    assert parse_sampling(text) == rule


@pytest.mark.parametrize(
    "text", ["", "5", "s", "0s", "0.0s", "0f", "-1s", "1.5f", "5 m", "1e3s", "5s 5s", "shot", "shot:"]
)
def test_what_is_no_rule_is_refused(text: str) -> None:
    with pytest.raises(SettingError, match="cannot be picked") as caught:
        parse_sampling(text)
    assert "5s" in caught.value.remedy


def test_animations_have_no_shots() -> None:
    assert parse_sampling("2s", shots=False) == Sampling("seconds", 2.0)
    with pytest.raises(SettingError, match="films alone"):
        parse_sampling("shot:middle", shots=False)
