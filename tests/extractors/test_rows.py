"""Rows are completed with keys, names and origin, and checked."""

from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np
import pytest

from tidymedia.errors import ExtractionError
from tidymedia.extractors.base import PictureExtractor, Row
from tidymedia.extractors.parameters import Parameters
from tidymedia.extractors.rows import RowCompleter
from tidymedia.media.picture import Picture
from tidymedia.tables import Column, Table

ID = "ab" * 32


class Faces(PictureExtractor):
    name = "faces"
    title = "Faces."
    tables: ClassVar[tuple[Table, ...]] = (
        Table(
            "faces",
            ("picture", "face"),
            (
                Column("word", "string", "W."),
                Column("count", "integer", "C."),
                Column("score", "number", "S."),
                Column("sure", "boolean", "B."),
                Column("vector", "vector", "V."),
            ),
            "One face.",
        ),
    )

    def from_picture(self, picture: Picture) -> Iterator[Row]:
        yield Row("faces", {})


@pytest.fixture
def completer() -> RowCompleter:
    return RowCompleter(Faces(Parameters()), ID, "0123456789ab")


def one(completer: RowCompleter, **values: Any) -> dict[str, Any]:
    (row,) = completer.complete([Row("faces", values)], 0)["faces"]
    return row


def test_keys_are_counted_within_their_picture(completer: RowCompleter) -> None:
    rows = completer.complete([Row("faces", {}), Row("faces", {})], 3)["faces"]
    rows += completer.complete([Row("faces", {})], 4)["faces"]
    rows += completer.complete([Row("faces", {"face": 7})], 5)["faces"]
    assert [row["unit_id"] for row in rows] == [f"{ID}:p3:f0", f"{ID}:p3:f1", f"{ID}:p4:f0", f"{ID}:p5:f7"]
    assert [(row["picture"], row["face"]) for row in rows] == [(3, 0), (3, 1), (4, 0), (5, 7)]
    assert rows[0]["extractor"] == "faces"
    assert rows[0]["model"] is None
    assert (rows[0]["media_id"], rows[0]["fingerprint"]) == (ID, "0123456789ab")


def test_values_become_plain(completer: RowCompleter) -> None:
    row = one(
        completer,
        word="a\udcff",
        count=np.int64(3),
        score=np.float32(0.5),
        sure=np.bool_(True),
        vector=np.array([1, np.nan], dtype=np.float32),
    )
    assert [type(row[name]) for name in ("word", "count", "score", "sure", "vector")] == [str, int, float, bool, list]
    assert row["word"] == "a?"
    assert row["vector"] == [1.0, None]
    assert one(completer, score=float("inf"), count=None)["score"] is None


@pytest.mark.parametrize(
    "values", [{"word": 3}, {"count": 1.5}, {"count": 2**63}, {"count": float("nan")}, {"score": "x"}, {"sure": 2}]
)
def test_a_value_of_another_type_is_refused(completer: RowCompleter, values: dict[str, Any]) -> None:
    with pytest.raises(ExtractionError, match=f"for {next(iter(values))}, a column of the type"):
        one(completer, **values)


def test_what_is_not_declared_is_refused(completer: RowCompleter) -> None:
    with pytest.raises(ExtractionError, match="age, which faces does not have"):
        one(completer, age=3)
    with pytest.raises(ExtractionError, match="a table that it does not declare"):
        completer.complete([Row("noses", {})])
