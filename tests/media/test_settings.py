"""Settings are frozen, described, and have defaults that hold."""

import dataclasses
import re

import pytest

from tidymedia.media.sampling import parse_sampling
from tidymedia.media.settings import Limits, PictureSettings


@pytest.mark.parametrize("settings", [Limits(), PictureSettings()], ids=["limits", "pictures"])
def test_each_default_is_documented(settings: Limits | PictureSettings) -> None:
    told = dict(re.findall(r"^ {4}(\w+) : \w+, default (.+)$", type(settings).__doc__ or "", re.MULTILINE))
    assert {name: text.strip('"').replace("_", "") for name, text in told.items()} == {
        name: str(value) for name, value in dataclasses.asdict(settings).items()
    }


def test_they_do_not_change() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Limits().pages = 3  # type: ignore[misc]
    assert parse_sampling(PictureSettings().video)
    assert parse_sampling(PictureSettings().animation)
