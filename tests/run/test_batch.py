"""An open batch: what is added is what is written, and it counts when its status file is there."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from tidymedia.run.batch import STATUS_FILE, OpenBatch, status_row
from tidymedia.run.store import schemas_of
from tidymedia.run.task import Failure, Outcome, TaskResult
from tidymedia.tables import Column, Table

NOTES = Table(
    "notes",
    ("picture",),
    (
        Column("text", "string", "Text."),
        Column("number", "number", "Number."),
        Column("sure", "boolean", "Sure?"),
        Column("vector", "vector", "Vector."),
    ),
    "One note.",
)
MEDIA_ID = "ab" * 32


def note(**values: Any) -> dict[str, Any]:
    return {"media_id": MEDIA_ID, "unit_id": f"{MEDIA_ID}:p0", "picture": 0, "extractor": "e", **values}


def open_batch(most_seconds: float = 30.0) -> OpenBatch:
    return OpenBatch(schemas_of({"notes": NOTES}), "the run", most_seconds)


def written(tmp_path: Path, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    batch = open_batch()
    batch.add_result(TaskResult(MEDIA_ID, "a", {"notes": rows}), {})
    assert batch.write(tmp_path / "batch") == len(rows)
    table = pq.read_table(tmp_path / "batch" / "notes.parquet")
    assert table.schema.equals(NOTES.schema())
    return list(table.to_pylist())


@pytest.mark.parametrize(
    "text", ["", "né\n\r\u2028 \"'\\", "a\x00b\x1f", "2024-05-01T08:30:00Z", "007", "null", "😀" * 40_000, None]
)
def test_texts_come_back_as_they_were(tmp_path: Path, text: str | None) -> None:
    (row,) = written(tmp_path, [note(text=text)])
    assert row["text"] == text


@pytest.mark.parametrize("number", [0.1, 1e308, 5e-324, -0.0, 1 / 3, None])
def test_numbers_come_back_to_the_last_bit(tmp_path: Path, number: float | None) -> None:
    (row,) = written(tmp_path, [note(number=number, sure=True)])
    assert row["number"] == number
    assert row["sure"] is True


def test_vectors_are_half_precision(tmp_path: Path) -> None:
    given = [0.1, -2.5, 65504.0, 1e-7, None]
    rows = written(tmp_path, [note(vector=given), note(vector=[]), note(vector=None), note()])
    assert rows[0]["vector"][:4] == np.array(given[:4], dtype=np.float16).tolist()
    assert rows[0]["vector"][4] is None
    assert [row["vector"] for row in rows[1:]] == [[], None, None]


def test_large_integers_are_exact(tmp_path: Path) -> None:
    batch = open_batch()
    batch.add_medium({"path": "a", "bytes": 2**62 + 1, "status": "ok"})
    batch.write(tmp_path / "batch")
    assert pq.read_table(tmp_path / "batch" / "media.parquet")["bytes"].to_pylist() == [2**62 + 1]


def test_a_result_becomes_rows_failures_and_statuses(tmp_path: Path) -> None:
    batch = open_batch()
    assert batch.is_empty
    result = TaskResult(MEDIA_ID, "a.png")
    result.failures.append(Failure("e", "CrashError", "It crashed.", "", 3, 7))
    result.outcomes["e"] = Outcome("failed", None, 0, 0.5)
    batch.add_result(result, {"e": "0123456789ab"})
    assert not batch.is_empty
    assert batch.write(tmp_path / "batch") == 0
    (failure,) = pq.read_table(tmp_path / "batch" / "failures.parquet").to_pylist()
    assert failure == {
        "media_id": MEDIA_ID,
        "extractor": "e",
        "picture": 3,
        "time_ms": 7,
        "error_type": "CrashError",
        "error_message": "It crashed.",
        "remedy": None,
    }
    (status,) = pq.read_table(tmp_path / "batch" / STATUS_FILE).to_pylist()
    assert (status["status"], status["fingerprint"], status["run"]) == ("failed", "0123456789ab", "the run")


def test_half_a_character_in_a_message_does_not_end_the_run(tmp_path: Path) -> None:
    batch = open_batch()
    result = TaskResult(MEDIA_ID, "a.png")
    result.failures.append(Failure("e", "OSError", "no such file: a\udcff.png", "", None, None))
    batch.add_result(result, {})
    batch.write(tmp_path / "batch")
    messages = pq.read_table(tmp_path / "batch" / "failures.parquet")["error_message"].to_pylist()
    assert messages == ["no such file: a?.png"]


def test_many_rows_keep_their_order(tmp_path: Path) -> None:
    rows = written(tmp_path, [note(number=number) for number in range(9_001)])
    assert [row["number"] for row in rows] == list(range(9_001))


def test_a_batch_is_due_by_time_or_size(monkeypatch: pytest.MonkeyPatch) -> None:
    batch = open_batch(0.0)
    assert not batch.is_due  # an empty one never is
    batch.add_status(status_row(MEDIA_ID, "e", "f", "ok"))
    assert batch.is_due
    patient = open_batch(1_000.0)
    patient.add_status(status_row(MEDIA_ID, "e", "f", "ok"))
    assert not patient.is_due
    monkeypatch.setattr("tidymedia.run.batch._MOST_BYTES", 100)
    assert patient.is_due


def test_a_batch_killed_before_its_end_does_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = open_batch()
    batch.add_status(status_row(MEDIA_ID, "e", "f", "ok"))

    def killed(self: Path, target: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "rename", killed)
    with pytest.raises(KeyboardInterrupt):
        batch.write(tmp_path / "batch")
    assert not (tmp_path / "batch" / STATUS_FILE).exists()


def test_the_remains_of_an_uncommitted_batch_are_replaced(tmp_path: Path) -> None:
    (tmp_path / "batch").mkdir()
    (tmp_path / "batch" / "notes.parquet").write_bytes(b"half")
    batch = open_batch()
    batch.add_medium({"path": "a", "status": "ok"})
    batch.write(tmp_path / "batch")
    assert sorted(path.name for path in (tmp_path / "batch").iterdir()) == ["media.parquet", STATUS_FILE]
