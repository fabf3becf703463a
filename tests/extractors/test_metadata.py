from __future__ import annotations

from typing import Any, get_type_hints

import pytest

from tidymedia.errors import SettingError
from tidymedia.extractors import make_extractor
from tidymedia.extractors.metadata import METADATA, Metadata
from tidymedia.media.kinds import Kind
from tidymedia.media.medium import Medium
from tidymedia.media.properties import Properties

TYPES = {"string": str, "integer": int, "number": float, "boolean": bool}


class Described(Medium):
    """A medium that only has properties, with a place whether asked or not."""

    kind = Kind.IMAGE

    def __init__(self, said: Properties) -> None:
        self.said = said
        self.asked: list[bool] = []

    def properties(self, *, gps: bool = False) -> Properties:
        self.asked.append(gps)
        return self.said


def values_of(medium: Medium, **given: object) -> dict[str, Any]:
    (row,) = make_extractor("metadata", given).from_medium(medium)  # type: ignore[attr-defined]  # a MediumExtractor
    assert row.table == "metadata"
    return dict(row.values)


def test_every_property_has_its_column_of_its_type_and_no_column_is_without_property() -> None:
    assert {column.name: TYPES[column.type] for column in METADATA.columns} == get_type_hints(Properties)


def test_one_row_with_every_column_and_what_is_not_said_missing() -> None:
    values = values_of(Described({"format": "PNG", "width": 1540, "height": 978, "mode": "RGBA", "has_alpha": True}))
    assert list(values) == [column.name for column in METADATA.columns]
    assert {name: value for name, value in values.items() if value is not None} == {
        "format": "PNG",
        "width": 1540,
        "height": 978,
        "mode": "RGBA",
        "has_alpha": True,
    }


def test_the_place_is_read_only_on_request() -> None:
    medium = Described({"format": "JPEG", "latitude": 52.3, "longitude": 4.9})
    unasked = values_of(medium)
    assert (unasked["latitude"], unasked["longitude"]) == (None, None)
    asked = values_of(medium, gps="yes")
    assert (asked["latitude"], asked["longitude"]) == (52.3, 4.9)
    assert medium.asked == [False, True]


def test_gps_takes_true_or_false_alone() -> None:
    with pytest.raises(SettingError, match=r"metadata\.gps takes true or false"):
        make_extractor("metadata", {"gps": "perhaps"})


def test_it_says_something_about_every_kind_that_can_be_opened() -> None:
    assert Metadata.kinds == {Kind.IMAGE, Kind.DOCUMENT, Kind.VECTOR, Kind.VIDEO, Kind.AUDIO}


@pytest.mark.parametrize(("orientation", "size"), [("NULL", (805, 453)), ("1", (805, 453)), ("6", (453, 805))])
def test_the_summary_is_upright(orientation: str, size: tuple[int, int]) -> None:
    import duckdb

    columns = ", ".join(f"{entry.aggregate} AS {entry.column.name}" for entry in METADATA.summary)
    source = (
        f"(SELECT 'a.jpg' AS path, {orientation} AS orientation, 'JPEG' AS format, 805 AS width, 453 AS height, "
        "NULL AS pages, NULL AS duration_ms, NULL AS taken_at)"
    )
    assert duckdb.sql(f"SELECT {columns} FROM {source}").fetchall() == [("JPEG", *size, None, None, None)]
