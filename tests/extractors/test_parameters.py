"""Parameters are read from text, checked, and say what is wrong."""

from dataclasses import dataclass

import pytest

from tidymedia.errors import SettingError
from tidymedia.extractors.parameters import Parameters, parameter


@dataclass(frozen=True)
class Some(Parameters):
    level: float = parameter(0.5, "Level.", minimum=0, maximum=1)
    count: int = parameter(3, "Count.", minimum=1)
    mode: str = parameter("a", "Mode.", choices=("a", "b"))
    sure: bool = parameter(False, "Sure.")
    langs: tuple[str, ...] = parameter(("eng",), "Languages.")
    most: int | None = parameter(None, "Most.", minimum=2)


@pytest.mark.parametrize(
    ("name", "given", "read"),
    [
        ("level", "0.25", 0.25),
        ("level", 1, 1.0),
        ("count", "7", 7),
        ("mode", "b", "b"),
        ("sure", "Yes", True),
        ("sure", "0", False),
        ("sure", True, True),
        ("langs", "eng, deu", ("eng", "deu")),
        ("langs", ["eng", "deu"], ("eng", "deu")),
        ("most", "none", None),
        ("most", None, None),
        ("most", "5", 5),
    ],
)
def test_values_are_read_as_their_type(name: str, given: object, read: object) -> None:
    value = getattr(Some.parse({name: given}, "some"), name)
    assert value == read
    assert type(value) is type(read)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"levels": 1}, "no parameter levels"),
        ({"level": "high"}, "takes a number"),
        ({"level": 1.5}, "at most 1"),
        ({"level": True}, "takes a number"),
        ({"count": "1.5"}, "a whole number"),
        ({"count": 0}, "at least 1"),
        ({"mode": "c"}, "cannot be 'c'"),
        ({"sure": "perhaps"}, "true or false"),
        ({"langs": 3}, "takes a list"),
        ({"most": 1}, "at least 2"),
    ],
)
def test_what_is_not_allowed_is_named(given: dict[str, object], words: str) -> None:
    with pytest.raises(SettingError, match=words) as caught:
        Some.parse(given, "some")
    assert "some" in caught.value.message


def test_defaults_and_plain_values() -> None:
    assert Some.parse({}, "some") == Some()
    plain = Some(langs=("a", "b")).to_dict()
    assert plain["langs"] == ["a", "b"]
    assert Some.parse(plain, "some") == Some(langs=("a", "b"))
