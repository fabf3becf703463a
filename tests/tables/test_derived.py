"""Derived tables: whole, with their origin, and out of date when their sources change."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tidymedia.tables import Column, Table
from tidymedia.tables.derived import Derivation, fingerprint_of, origin_of, write_derived

GROUPS = Derivation("groups", "Groups.", Table("groups", (), (Column("group", "string", "The group."),), "A group."))


def study(folder: Path, paths: list[str]) -> Path:
    folder.mkdir(exist_ok=True)
    pq.write_table(pa.table({"path": paths, "media_id": [f"id of {path}" for path in paths]}), folder / "media.parquet")
    return folder


def rows() -> pa.Table:
    names = [column.name for column in GROUPS.table.all_columns()]
    return pa.table({name: ["x"] for name in reversed(names)} | {"more": [1]})


def test_it_is_written_whole_with_its_origin(tmp_path: Path) -> None:
    folder = study(tmp_path / "study", ["a.jpg"])
    assert origin_of(folder, "groups") is None
    path = write_derived(folder, GROUPS, rows(), {"by": "hash"}, ["media"])
    assert path == folder / "derived" / "groups.parquet"
    assert pq.read_table(path).column_names == [column.name for column in GROUPS.table.all_columns()]
    assert [found.name for found in path.parent.iterdir()] == ["groups.parquet"]
    origin = origin_of(folder, "groups")
    assert origin is not None
    assert origin.parameters == {"by": "hash"}
    assert origin.made.startswith("20")
    assert origin.is_current


def test_it_is_out_of_date_when_a_source_has_changed_or_gone(tmp_path: Path) -> None:
    folder = study(tmp_path / "study", ["a.jpg"])
    pq.write_table(pa.table({"media_id": ["x"]}), folder / "items.parquet")
    write_derived(folder, GROUPS, rows(), {}, ["media", "items"])
    study(folder, ["a.jpg", "b.jpg"])
    changed = origin_of(folder, "groups")
    assert changed is not None
    assert not changed.is_current
    study(folder, ["a.jpg"])
    again = origin_of(folder, "groups")
    assert again is not None
    assert again.is_current
    (folder / "items.parquet").unlink()
    gone = origin_of(folder, "groups")
    assert gone is not None
    assert not gone.is_current


def test_the_fingerprint_is_that_of_all_that_decides() -> None:
    first = fingerprint_of(GROUPS, {"by": "hash", "threshold": 8}, ["b", "a"])
    assert first == fingerprint_of(GROUPS, {"threshold": 8, "by": "hash"}, ["a", "b"])
    assert len({first, fingerprint_of(GROUPS, {"by": "hash"}, ["a", "b"]), fingerprint_of(GROUPS, {}, ["a"])}) == 3
