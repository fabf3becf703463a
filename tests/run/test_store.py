"""The store: what is committed counts, what is not is removed, the newest wins."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tidymedia.errors import StudyError
from tidymedia.run.batch import STATUS_FILE, OpenBatch, status_row
from tidymedia.run.store import Store, schemas_of
from tidymedia.run.task import TaskResult
from tidymedia.tables import Column, Table

NOTES = Table("notes", ("segment",), (Column("text", "string", "Text."),), "One note.")
A, B = "a" * 64, "b" * 64


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(tmp_path)
    made.open_for_writing()
    yield made
    made.close()


def commit(store: Store, *entries: tuple[str, str, str], media: dict[str, str] | None = None, text: str = "") -> None:
    batch = OpenBatch(schemas_of({"notes": NOTES}), "run")
    for media_id, mark, status in entries:
        batch.add_status(status_row(media_id, "e", mark, status))
        row: dict[str, Any] = {"media_id": media_id, "unit_id": f"{media_id}:g0", "segment": 0, "text": text}
        rows = {"notes": [{**row, "extractor": name, "fingerprint": mark} for name in ("e", "other")]} if text else {}
        batch.add_result(TaskResult(media_id, "a", rows), {})
    for path, media_id in (media or {}).items():
        batch.add_medium({"path": path, "media_id": media_id, "kind": "image", "bytes": 5, "status": "ok"})
    store.commit(batch)


def test_the_newest_of_all_batches_is_known(store: Store) -> None:
    commit(store, (A, "one", "failed"), (B, "one", "ok"), media={"a": A, "b": B})
    commit(store, (A, "two", "ok"), media={"a": B})
    assert store.known_statuses() == {bytes.fromhex(A): (("e", "two", "ok"),), bytes.fromhex(B): (("e", "one", "ok"),)}
    known = store.known_media()
    assert {path: known[path].media_id for path in known} == {"a": B, "b": B}
    assert known.get("c") is None


def test_what_was_not_committed_is_removed(store: Store, tmp_path: Path) -> None:
    commit(store, (A, "one", "ok"))
    commit(store, (A, "two", "ok"))
    (tmp_path / ".parts" / "batch-00000001" / STATUS_FILE).unlink()
    (tmp_path / "media.parquet.unfinished").write_bytes(b"half")
    assert len(store.committed_batches()) == 1
    store.close()
    store.open_for_writing()
    assert [path.name for path in (tmp_path / ".parts").iterdir()] == ["batch-00000000"]
    assert not list(tmp_path.glob("*.unfinished"))
    commit(store, (B, "one", "ok"))
    assert [path.name for path in store.committed_batches()] == ["batch-00000000", "batch-00000001"]


def test_rows_for_dependents_are_the_newest_of_the_wanted_ones(store: Store) -> None:
    commit(store, (A, "old", "ok"), (B, "new", "ok"), text="first")
    commit(store, (A, "new", "ok"), text="second")
    commit(store, (A, "new", "ok"), text="third")
    rows = store.rows_of([NOTES], [A, B], {("e", "new")})
    assert {media_id: [row["text"] for row in found["notes"]] for media_id, found in rows.items()} == {
        A: ["third"],
        B: ["first"],
    }
    assert store.rows_of([NOTES], [B], {("e", "old")}) == {B: {}}


def test_one_writer(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="in use"):
        Store(tmp_path).open_for_writing()
    store.close()
    store.close()  # once more does no harm
