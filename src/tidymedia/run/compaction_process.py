"""A process of its own for the queries of a compaction.

DuckDB needs memory by the size of the study, and gives it back late: here it may, and the driver stays small.
Started as ``python -m tidymedia.run.compaction_process PARENT``; the steps come as one line of JSON.
"""

from __future__ import annotations

import base64
import json
import os
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tidymedia.run.process_control import ignore_interrupts, leave_with_parent, offer_to_out_of_memory_killer

if TYPE_CHECKING:
    import duckdb

__all__ = ["main", "run_steps"]


def main() -> None:
    """Do the steps that standard input names, unless the parent leaves before they are done."""
    ignore_interrupts()
    leave_with_parent(int(sys.argv[1]))
    offer_to_out_of_memory_killer()
    order = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_leave_at_end_of_input, daemon=True).start()
    run_steps(order["config"], order["steps"])


def _leave_at_end_of_input() -> None:
    while os.read(0, 1024):  # a buffered read would hold a lock at the end
        pass
    os._exit(1)


def run_steps(config: Mapping[str, Any], steps: Sequence[Mapping[str, str]]) -> None:
    """Run statements of SQL, and write the answers of those that name a file.

    Parameters
    ----------
    config : mapping
        Settings of DuckDB.
    steps : sequence of mapping
        Each with ``sql``; one that writes also with ``path``, and ``schema`` as Arrow serializes it, in base64.
    """
    import duckdb

    with duckdb.connect(config=dict(config)) as connection:
        for step in steps:
            if "path" in step:
                _write(connection, step["sql"], Path(step["path"]), step["schema"])
            else:
                connection.execute(step["sql"])


def _write(connection: duckdb.DuckDBPyConnection, query: str, path: Path, schema: str) -> None:
    """Stream a query into a Parquet file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    wanted = pa.ipc.read_schema(pa.py_buffer(base64.b64decode(schema)))
    reader = connection.sql(query).to_arrow_reader(20_000)
    with pq.ParquetWriter(path, wanted, compression="zstd") as writer:
        for piece in reader:
            writer.write_table(pa.Table.from_batches([piece]).select(wanted.names).cast(wanted))


if __name__ == "__main__":
    main()
