"""An open batch: what was found out since the last commit."""

from __future__ import annotations

import io
import json
import shutil
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tidymedia.run.process_control import sync_file, sync_folder
from tidymedia.run.task import TaskResult
from tidymedia.tables.standard import FAILURE_COLUMNS, MEDIA_COLUMNS, STATUS_COLUMNS, schema

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["MOST_SECONDS", "OpenBatch", "status_row"]

MOST_SECONDS = 30.0
"""After as many seconds a batch is committed: what a crash can cost."""

_MOST_BYTES = 64_000_000
_ROWS_BEFORE_PACKING = 4_000
STATUS_FILE = "status.parquet"
"""Written last: a batch without it was not committed."""


def status_row(
    media_id: str,
    extractor: str,
    fingerprint: str,
    status: str,
    reason: str | None = None,
    n_rows: int = 0,
    seconds: float = 0.0,
) -> dict[str, Any]:
    """Make a row of ``status``; the run is added when it is committed."""
    return {
        "media_id": media_id,
        "extractor": extractor,
        "fingerprint": fingerprint,
        "status": status,
        "reason": reason,
        "n_rows": n_rows,
        "seconds": seconds,
    }


class OpenBatch:
    """Gathers rows in memory and writes them as complete, immutable files.

    Parameters
    ----------
    schemas : mapping of str to pyarrow.Schema
        Schemas of the tables that extractors fill.
    run : str
        Name of the run.
    most_seconds : float, default MOST_SECONDS
        When it is due.
    """

    def __init__(self, schemas: Mapping[str, pa.Schema], run: str, most_seconds: float = MOST_SECONDS) -> None:
        self._schemas: dict[str, pa.Schema] = {
            **schemas,
            "media": schema(MEDIA_COLUMNS),
            "failures": schema(FAILURE_COLUMNS),
            "status": schema(STATUS_COLUMNS),
        }
        self._run, self._most_seconds = run, most_seconds
        self._pending: dict[str, list[dict[str, Any]]] = {}
        self._packed: dict[str, list[pa.Table]] = {}
        self._pending_rows = 0
        self._bytes = 0
        self._opened = time.monotonic()

    def add_medium(self, row: dict[str, Any]) -> None:
        """Add a row of ``media``."""
        self._add("media", [row])

    def add_status(self, row: dict[str, Any]) -> None:
        """Add a row of ``status``."""
        self._add("status", [{**row, "run": self._run}])

    def add_result(self, result: TaskResult, fingerprints: Mapping[str, str]) -> None:
        """Add all that came out of a file: rows, failures, and a status for each extractor.

        Parameters
        ----------
        result : TaskResult
            What came out of it.
        fingerprints : mapping of str to str
            By extractor.
        """
        for table, rows in result.rows.items():
            self._add(table, rows)
        for failure in result.failures:
            row = {name: getattr(failure, name) for name in failure.__dataclass_fields__}
            self._add("failures", [{**row, "media_id": result.media_id, "remedy": failure.remedy or None}])
        for name, outcome in result.outcomes.items():
            row = status_row(
                result.media_id,
                name,
                fingerprints[name],
                outcome.status,
                outcome.reason,
                outcome.n_rows,
                outcome.seconds,
            )
            self.add_status(row)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was added."""
        return not self._pending_rows and not self._packed

    @property
    def is_due(self) -> bool:
        """Whether it should be committed now."""
        return not self.is_empty and (
            time.monotonic() - self._opened > self._most_seconds or self._bytes + 200 * self._pending_rows > _MOST_BYTES
        )

    def write(self, folder: Path) -> int:
        """Write the batch; it counts once its status file has its name.

        Parameters
        ----------
        folder : pathlib.Path
            A new folder, in ``.parts``.

        Returns
        -------
        int
            Number of rows of the tables of extractors.
        """
        import pyarrow as pa
        import pyarrow.parquet as pq

        self._pack()
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        status = self._packed.pop("status", None) or [pa.Table.from_batches([], self._schemas["status"])]
        rows = 0
        for name, pieces in self._packed.items():
            table = pa.concat_tables(pieces)
            rows += 0 if name in ("media", "failures") else table.num_rows
            pq.write_table(table, folder / f"{name}.parquet", compression="zstd")
            sync_file(folder / f"{name}.parquet")
        unfinished = folder / f"{STATUS_FILE}.unfinished"
        pq.write_table(pa.concat_tables(status), unfinished, compression="zstd")
        sync_file(unfinished)
        sync_folder(folder)
        unfinished.rename(folder / STATUS_FILE)
        sync_folder(folder)
        return rows

    def _add(self, table: str, rows: Sequence[dict[str, Any]]) -> None:
        self._pending.setdefault(table, []).extend(rows)
        self._pending_rows += len(rows)
        if self._pending_rows >= _ROWS_BEFORE_PACKING:
            self._pack()

    def _pack(self) -> None:
        """Turn rows into Arrow tables, which take a tenth of the memory."""
        for table, rows in self._pending.items():
            if rows:
                packed = _packed(rows, self._schemas[table])
                self._bytes += packed.nbytes
                self._packed.setdefault(table, []).append(packed)
        self._pending.clear()
        self._pending_rows = 0


def _packed(rows: Sequence[Mapping[str, Any]], wanted: pa.Schema) -> pa.Table:
    """Make an Arrow table of rows, by way of JSON: to look at Python's values pyarrow would load pandas, 45 MB."""
    import pyarrow as pa
    import pyarrow.json as pj

    # The reader knows no half precision numbers.
    halves = [index for index, field in enumerate(wanted) if field.type == pa.list_(pa.float16())]
    readable = wanted
    for index in halves:
        readable = readable.set(index, wanted.field(index).with_type(pa.list_(pa.float32())))
    text = "\n".join(json.dumps(row, allow_nan=False, ensure_ascii=False) for row in rows).encode("utf-8", "replace")
    table = pj.read_json(
        io.BytesIO(text),
        read_options=pj.ReadOptions(use_threads=False, block_size=len(text) + 1),
        parse_options=pj.ParseOptions(explicit_schema=readable, unexpected_field_behavior="ignore"),
    )
    return table.cast(wanted) if halves else table
