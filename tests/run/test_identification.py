"""Files are identified in order, and read only where something changed."""

import hashlib
from pathlib import Path

import pytest

from tidymedia.errors import UnreadableError
from tidymedia.media.found import Found
from tidymedia.media.identify import Identity
from tidymedia.media.kinds import Kind
from tidymedia.media.locations import LocalFile
from tidymedia.media.settings import Limits
from tidymedia.run.identification import identified, modified_text
from tidymedia.run.known_media import KnownMedium

GIF = b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"


@pytest.fixture
def found(tmp_path: Path) -> list[Found]:
    made = []
    for number in range(400):
        name = f"{number:03d}.gif"
        (tmp_path / name).write_bytes(GIF + str(number).encode())
        made.append(Found(name, LocalFile(str(tmp_path), name), len(GIF) + len(str(number)), 1_000_000_000))
    return made


def test_all_come_in_order(found: list[Found]) -> None:
    answers = list(identified(found, {}, Limits()))
    assert [one.path for one, _ in answers] == [one.path for one in found]
    for number, (_, answer) in enumerate(answers):
        assert isinstance(answer, Identity)
        assert answer.media_id == hashlib.sha256(GIF + str(number).encode()).hexdigest()


def known(**more: object) -> dict[str, KnownMedium]:
    values = {
        "media_id": "ab" * 32,
        "kind": "image",
        "bytes": len(GIF) + 1,
        "modified": "1970-01-01T00:00:01Z",
        "etag": None,
        "status": "ok",
    }
    return {"000.gif": KnownMedium(**{**values, **more})}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "read"),
    [
        ({}, False),
        ({"bytes": 3}, True),
        ({"modified": "1970-01-01T00:00:02Z"}, True),
        ({"modified": None}, True),
        ({"status": "failed"}, True),
        ({"status": "missing"}, True),
        ({"media_id": None}, True),
        ({"kind": None}, True),
    ],
)
def test_what_is_unchanged_is_not_read(found: list[Found], changes: dict[str, object], read: bool) -> None:
    ((_, answer),) = identified(found[:1], known(**changes), Limits())
    assert isinstance(answer, Identity)
    assert (answer.media_id != "ab" * 32) == read
    ((_, again),) = identified(found[:1], known(**changes), Limits(), rehash=True)
    assert isinstance(again, Identity)
    assert again.media_id != "ab" * 32


def test_a_version_counts_more_than_a_time(found: list[Found]) -> None:
    one = Found(found[0].path, found[0].location, found[0].bytes, 2_000_000_000, "v1")
    ((_, answer),) = identified([one], known(etag="v1"), Limits())
    assert isinstance(answer, Identity)
    assert answer == Identity("ab" * 32, Kind.IMAGE, len(GIF) + 1)
    ((_, other),) = identified([one], known(etag="v2"), Limits())
    assert other != answer


def test_what_cannot_be_read_is_an_answer(found: list[Found], tmp_path: Path) -> None:
    (tmp_path / "000.gif").unlink()
    told = UnreadableError("dead link")
    answers = list(identified([found[0], Found("x", found[1].location, error=told), found[2]], {}, Limits()))
    assert isinstance(answers[0][1], UnreadableError)
    assert answers[1][1] is told
    assert isinstance(answers[2][1], Identity)


def test_it_can_be_left_in_the_middle(found: list[Found]) -> None:
    answers = identified(found, {}, Limits())
    assert next(answers)[0].path == "000.gif"
    answers.close()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("nanoseconds", "text"),
    [
        (0, "1970-01-01T00:00:00Z"),
        (-1, "1969-12-31T23:59:59.999999999Z"),
        (253_402_300_799 * 10**9, "9999-12-31T23:59:59Z"),
        (10**30, None),
        (None, None),
    ],
)
def test_moments(nanoseconds: int | None, text: str | None) -> None:
    assert modified_text(nanoseconds) == text
