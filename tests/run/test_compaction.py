"""Compaction: the newest batch wins, nothing is lost or doubled, and it may be killed at any step."""

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tidymedia.errors import StudyError
from tidymedia.run import compaction
from tidymedia.run.batch import OpenBatch, status_row
from tidymedia.run.compaction import compact
from tidymedia.run.compaction_process import run_steps
from tidymedia.run.store import Store, schemas_of
from tidymedia.tables import Column, Table

TAGS = Table(
    "tags",
    ("picture", "rank"),
    (Column("label", "string", "Tag."), Column("vector", "vector", "A vector."), Column("sure", "boolean", "Sure?")),
    "One tag.",
)
TABLES = {"tags": TAGS}
A, B, C = ("a" * 64, "b" * 64, "c" * 64)
CURRENT = {"tagger": frozenset({"new"})}


def row(media_id: str, label: str, *, mark: str = "new", extractor: str = "tagger", rank: int = 0) -> dict[str, Any]:
    return {
        "media_id": media_id,
        "unit_id": f"{media_id}:p0:t{rank}",
        "picture": 0,
        "rank": rank,
        "label": label,
        "vector": [0.1, -2.5, 65504.0],
        "sure": True,
        "extractor": extractor,
        "fingerprint": mark,
    }


def medium(path: str, media_id: str | None, status: str = "ok") -> dict[str, Any]:
    return {"path": path, "media_id": media_id, "kind": "image", "bytes": 1, "status": status}


class Writer:
    """Commits batches made of rows, the way a run does."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.store = Store(folder)
        self.store.open_for_writing()

    def commit(
        self,
        media: Sequence[dict[str, Any]] = (),
        rows: Sequence[dict[str, Any]] = (),
        failures: Sequence[dict[str, Any]] = (),
        status: str = "ok",
        also: Sequence[dict[str, Any]] = (),
    ) -> None:
        batch = OpenBatch(schemas_of(TABLES), "run")
        for one in media:
            batch.add_medium(one)
        spoken = {(one["media_id"], one["extractor"], one["fingerprint"]) for one in rows}
        batch._add("tags", list(rows))
        batch._add("failures", list(failures))
        for media_id, extractor, mark in sorted(spoken):
            batch.add_status(status_row(media_id, extractor, mark, status))
        for one in also:
            batch.add_status(one)
        self.store.commit(batch)

    def compact(self, current: dict[str, frozenset[str]] | None = None, items: pd.DataFrame | None = None) -> bool:
        return compact(self.store, TABLES, CURRENT if current is None else current, items)

    def labels(self) -> list[tuple[str, str]]:
        table = pq.read_table(self.store.folder / "tables" / "tags.parquet")
        return list(zip(table["path"].to_pylist(), table["label"].to_pylist(), strict=True))

    def statuses(self) -> list[tuple[str, str, str]]:
        table = pq.read_table(self.store.folder / "status.parquet")
        columns = [table[name].to_pylist() for name in ("media_id", "extractor", "status")]
        return [(media_id[0], extractor, status) for media_id, extractor, status in zip(*columns, strict=True)]


@pytest.fixture(autouse=True)
def one_process(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the statements of a compaction here: a process for each of many compactions would take a second each."""
    if "own_process" not in request.fixturenames:
        config = {"memory_limit": "100MB", "threads": 1, "preserve_insertion_order": False}
        monkeypatch.setattr(compaction, "_run", lambda steps, spill, folder: run_steps(config, steps))


@pytest.fixture
def own_process() -> None:
    """Run the statements of a compaction in a process of their own, as a run does."""


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[[str], Writer]]:
    made: list[Writer] = []

    def make(name: str) -> Writer:
        made.append(Writer(tmp_path / name))
        return made[-1]

    yield make
    for writer in made:
        writer.store.close()


@pytest.fixture
def writer(make: Callable[[str], Writer]) -> Writer:
    return make("study")


def test_the_newest_batch_wins(writer: Writer) -> None:
    writer.commit([medium("a", A)], [row(A, "first"), row(A, "second", rank=1)])
    writer.compact()
    writer.commit([], [row(A, "third")])
    writer.commit([], [row(A, "fourth")])
    assert writer.compact()
    assert writer.labels() == [("a", "fourth")]
    assert not writer.compact()  # nothing new, nothing written


def test_a_newer_status_without_rows_takes_the_old_rows_away(writer: Writer) -> None:
    writer.commit([medium("a", A)], [row(A, "old")])
    writer.compact()
    writer.commit(also=[status_row(A, "tagger", "new", "empty")])
    writer.compact()
    assert writer.labels() == []
    assert writer.statuses() == [("a", "tagger", "empty")]


def test_each_path_of_the_same_bytes_has_its_rows(writer: Writer) -> None:
    writer.commit([medium("a", A), medium("x/b", A)], [row(A, "one"), row(A, "two", rank=1)])
    writer.compact()
    expected = [("a", "one"), ("a", "two"), ("x/b", "one"), ("x/b", "two")]
    assert writer.labels() == expected
    writer.commit([medium("0", A)])
    writer.compact()
    assert writer.labels() == [("0", "one"), ("0", "two"), *expected]
    writer.commit([medium("a", B)])  # other bytes now
    writer.compact()
    assert {path for path, _ in writer.labels()} == {"0", "x/b"}


def test_rows_of_other_fingerprints_leave_and_those_of_unknown_extractors_stay(writer: Writer) -> None:
    writer.commit([medium("a", A)], [row(A, "old", mark="old"), row(A, "gone", mark="any", extractor="plug-in")])
    writer.compact()
    assert writer.labels() == [("a", "gone")]
    assert writer.statuses() == [("a", "plug-in", "ok")]
    writer.commit([medium("b", A)])
    writer.compact()
    assert writer.labels() == [("a", "gone"), ("b", "gone")]


def test_tables_that_no_extractor_declares_any_more_stay(writer: Writer) -> None:
    writer.commit([medium("a", A)], [row(A, "two", rank=2), row(A, "ten", rank=10)])
    compact(writer.store, {}, {})
    assert writer.labels() == [("a", "two"), ("a", "ten")]
    writer.commit([medium("b", A)])
    compact(writer.store, {}, {})
    assert writer.labels() == [("a", "two"), ("a", "ten"), ("b", "two"), ("b", "ten")]
    table = pq.read_table(writer.store.folder / "tables" / "tags.parquet")
    assert table.column_names == [column.name for column in TAGS.all_columns()]
    assert table.schema.field("vector").type == pa.list_(pa.float16())


def test_bytes_that_come_back_are_not_taken_for_done(writer: Writer) -> None:
    writer.commit([medium("a", A)], [row(A, "first")])
    writer.compact()
    writer.commit([medium("a", B)], [row(B, "second")])
    writer.compact()
    assert writer.labels() == [("a", "second")]
    assert [status for status in writer.statuses() if status[0] == "a"] == []


def test_a_missing_file_keeps_its_rows(writer: Writer) -> None:
    writer.commit([medium("a", A)], [row(A, "one")])
    writer.commit([medium("a", A, "missing"), medium("broken", None, "failed")])
    writer.compact()
    assert writer.labels() == [("a", "one")]
    media = pq.read_table(writer.store.folder / "media.parquet").to_pydict()
    assert list(zip(media["path"], media["status"], strict=True)) == [("a", "missing"), ("broken", "failed")]


def test_vectors_survive_two_compactions(own_process: None, writer: Writer) -> None:
    writer.commit([medium("a", A)], [{**row(A, "one"), "vector": None}, row(A, "two", rank=1)])
    writer.compact()
    before = pq.read_table(writer.store.folder / "tables" / "tags.parquet")
    writer.commit([medium("b", B)], [row(B, "three")])
    writer.compact()
    after = pq.read_table(writer.store.folder / "tables" / "tags.parquet")
    assert after.schema.equals(before.schema)
    nothing, first, second = after["vector"].to_pylist()
    assert nothing is None
    assert first == second == np.array([0.1, -2.5, 65504.0], dtype=np.float16).tolist()


ANY_NAME = ["batch-7", "a [b] 'x", "batch-00000001/tables", "; $1", "%41 é", "{a,b}"]
NOT_ON_WINDOWS = ["a [b]*?'x", "**", 'q"uote']


@pytest.mark.parametrize("name", ANY_NAME if sys.platform == "win32" else [*ANY_NAME, *NOT_ON_WINDOWS])
def test_a_study_may_have_any_name(make: Callable[[str], Writer], name: str) -> None:
    writer = make(name)
    for label in ("one", "two", "three"):
        writer.commit([medium("a", A)], [row(A, label)])
        writer.commit([medium("b", B)], [row(B, label)])
        writer.compact()
        writer.compact({"tagger": frozenset({"new", label})})
        assert writer.labels() == [("a", label), ("b", label)]


def test_failures_of_current_statuses_alone(writer: Writer) -> None:
    def failure(media_id: str, message: str, extractor: str = "tagger") -> dict[str, Any]:
        return {"media_id": media_id, "extractor": extractor, "error_type": "E", "error_message": message}

    writer.commit([medium("a", A), medium("b", B)], [row(A, "half")], [failure(A, "was")], status="partial")
    writer.commit(failures=[failure(B, "old")], also=[status_row(B, "tagger", "old", "failed")])
    writer.compact()
    read = lambda: pq.read_table(writer.store.folder / "failures.parquet")["error_message"].to_pylist()  # noqa: E731
    assert read() == ["was"]
    writer.commit([], [row(A, "whole")])
    writer.compact()
    assert read() == []


def test_items_get_the_media_id_of_their_path(writer: Writer) -> None:
    items = pd.DataFrame(
        {"item_id": [1, 2, 3], "position": [0, 0, None], "path": ["a", "dead", None], "likes": [9, 8, 7]}
    )
    items["position"] = items["position"].astype("Int64")
    writer.commit([medium("dead", None, "missing")])
    writer.compact(items=items)
    path = writer.store.folder / "items.parquet"
    assert pq.read_table(path)["media_id"].to_pylist() == [None, None, None]
    writer.commit([medium("a", A)])
    writer.compact()  # later, without the table of posts at hand
    table = pq.read_table(path)
    assert table.column_names == ["item_id", "media_id", "position", "path", "likes"]
    assert table["media_id"].to_pylist() == [A, None, None]
    assert table["item_id"].to_pylist() == ["1", "2", "3"]


def everything(folder: Path) -> dict[str, list[dict[str, Any]]]:
    paths = [*folder.glob("*.parquet"), *folder.glob("tables/*.parquet")]
    return {path.name: pq.read_table(path).to_pylist() for path in sorted(paths)}


def fill(writer: Writer) -> None:
    writer.commit([medium("a", A), medium("b", B), medium("c", A)], [row(A, "a1"), row(B, "b1"), row(A, "a1b", rank=1)])
    writer.compact()
    writer.commit([], [row(A, "a2"), row(B, "b2", mark="old")])
    writer.commit([medium("d", C)], [row(A, "a3")], also=[status_row(C, "tagger", "new", "empty")])
    broken = {"media_id": B, "extractor": "tagger", "error_type": "E", "error_message": "no"}
    writer.commit([medium("b", B, "missing")], [row(B, "b3")], [broken], status="partial")


class Killed(BaseException):
    pass


def kill_at(monkeypatch: pytest.MonkeyPatch, step: int) -> Callable[[], int]:
    """Kill before the given one of the steps that change the disk; tell how many there were."""
    done = 0
    real = {
        "replace": compaction._replace,
        "unlink": Path.unlink,
        "rmtree": compaction.shutil.rmtree,
        "write_text": Path.write_text,
    }

    def watched(name: str) -> Callable[..., Any]:
        def run(*given: Any, **named: Any) -> Any:
            nonlocal done
            if done == step:
                raise Killed
            done += 1
            return real[name](*given, **named)

        return run

    monkeypatch.setattr(compaction, "_replace", watched("replace"))
    monkeypatch.setattr(Path, "unlink", watched("unlink"))
    monkeypatch.setattr(Path, "write_text", watched("write_text"))
    monkeypatch.setattr(compaction.shutil, "rmtree", watched("rmtree"))
    return lambda: done


def test_killed_between_any_two_steps_and_done_again(tmp_path: Path, make: Callable[[str], Writer]) -> None:
    items = pd.DataFrame({"item_id": ["1"], "position": [0], "path": ["a"]})
    calm = make("calm")
    fill(calm)
    with pytest.MonkeyPatch.context() as patch:
        steps = kill_at(patch, 1_000)
        calm.compact(items=items)
        count = steps()
    expected = everything(calm.store.folder)
    assert {name: len(rows) for name, rows in expected.items()} == {
        "failures.parquet": 1,
        "items.parquet": 1,
        "media.parquet": 4,
        "status.parquet": 3,
        "tags.parquet": 3,
    }
    assert count >= 5 + 2 * 3 + 2
    for step in range(count):
        folder = tmp_path / f"killed-{step}"
        writer = make(folder.name)
        fill(writer)
        with pytest.MonkeyPatch.context() as patch:
            kill_at(patch, step)
            with pytest.raises(Killed):
                writer.compact(items=items)
        writer.store.close()
        again = make(folder.name)  # as the next run does: it removes what was not committed
        again.compact(items=items)
        assert everything(folder) == expected, step
        assert not again.store.committed_batches()
        again.store.close()


def test_a_table_that_is_held_open_is_named(writer: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    tries = []

    def held(self: Path, target: Path) -> Path:
        tries.append(target)
        raise PermissionError

    monkeypatch.setattr(Path, "replace", held)
    target = writer.store.folder / "tags.parquet"
    target.touch()
    with pytest.raises(StudyError, match="open in another program"):
        compaction._replace(target, target, (0.0, 0.0))
    assert len(tries) == 3


def test_nothing_else_is_left_behind(own_process: None, writer: Writer) -> None:
    writer.commit([medium("a", A)], [row(A, "one")])
    writer.compact()
    assert [path.name for path in (writer.store.folder / ".parts").iterdir()] == ["compacted.json"]
    assert not list(writer.store.folder.rglob("*.unfinished"))
