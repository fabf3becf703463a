"""Prices: the dated table, the user's own, and what is wrong with a file of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tidymedia.errors import SettingError
from tidymedia.services.chat import host_of
from tidymedia.services.prices import find_price


def test_the_table_is_dated_and_knows_revisions_of_a_model() -> None:
    price = find_price("coding", "api.openai.com", "gpt-4o-mini")
    assert price is not None
    assert price.date
    assert price.source
    assert find_price("coding", "api.openai.com", "gpt-4o-mini-2024-07-18") == price
    assert find_price("coding", "api.openai.com", "gpt-4o-mini-audio") is None
    assert find_price("coding", "api.example.org", "gpt-4o-mini") is None


def test_the_users_own_prices_come_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "own.toml"
    monkeypatch.setenv("TIDYMEDIA_PRICES", str(own))
    with pytest.raises(SettingError, match=r"own\.toml cannot be read"):
        find_price("coding", "api.openai.com", "gpt-4o-mini")
    own.write_text(
        '[[price]]\nservice = "coding"\nrecipient = "api.openai.com"\nmodel = "gpt-4o-mini"\nrequest = 2\n',
        encoding="utf-8",
    )
    price = find_price("coding", "api.openai.com", "gpt-4o-mini")
    assert price is not None
    assert price.of(1, 1) == 2
    for bad in ("price = 1", "[[price]]\nrequest = 'free'", "[[price]]\nrequest = -1", "[[price]]\nrest = 1", "["):
        own.write_text(bad, encoding="utf-8")
        with pytest.raises(SettingError, match="cannot be read"):
            find_price("coding", "api.openai.com", "gpt-4o-mini")


def test_hosts() -> None:
    assert host_of("https://API.example.org/v1") == "api.example.org"
    assert host_of("http://[::1]:8080/v1") == "[::1]:8080"
