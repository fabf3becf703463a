"""Compaction: committed batches become the tables that users open.

Every table is written under another name and then renamed, so a reader sees the old one or the new one. Batches
are removed last and oldest first, each by its status file: a compaction that is killed is simply done again.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from tidymedia.errors import StudyError
from tidymedia.run.batch import STATUS_FILE
from tidymedia.run.messages import write_message
from tidymedia.run.process_control import exit_reason, start_flags, sync_file
from tidymedia.run.store import PARTS, Store
from tidymedia.run.undeclared import undeclared_tables
from tidymedia.tables.standard import FAILURE_COLUMNS, ITEM_COLUMNS, MEDIA_COLUMNS, STATUS_COLUMNS, schema
from tidymedia.tables.table import Table

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

__all__ = ["compact"]

_MEMORY = "1GB"
_SAME = "s.id = md5_number(r.media_id) AND s.extractor = r.extractor AND s.batch = r.batch"
"""Rows that a status speaks of. What is held in memory are 16 bytes an id, not its 64 digits."""


def compact(
    store: Store,
    definitions: Mapping[str, Table],
    current: Mapping[str, frozenset[str]],
    items: pd.DataFrame | None = None,
) -> bool:
    """Bring the tables up to date with the committed batches.

    Parameters
    ----------
    store : Store
        The store, open for writing.
    definitions : mapping of str to Table
        The tables that extractors fill.
    current : mapping of str to frozenset of str
        Fingerprints that count, by extractor; rows with others are dropped. Rows of extractors that are not
        named are kept.
    items : pandas.DataFrame or None, default None
        The user's table, where the input was one; its media_id is filled in by the path.

    Returns
    -------
    bool
        Whether anything had to be written.
    """
    batches = store.committed_batches()
    mark = store.folder / PARTS / "compacted.json"
    state = _state(definitions, current)
    if not batches and items is None and mark.is_file() and mark.read_text(encoding="utf-8") == state:
        return False
    (store.folder / "tables").mkdir(exist_ok=True)
    spill = store.folder / PARTS / "spill"
    steps = _Steps(store, definitions, current)
    _run(steps.make(), spill, store.folder)
    for path in steps.written:
        _replace(_unfinished(path), path)
    _fill_items(store.folder, items)
    for batch in batches:
        (batch / STATUS_FILE).unlink()
        shutil.rmtree(batch)
    shutil.rmtree(spill, ignore_errors=True)
    mark.write_text(state, encoding="utf-8")
    return True


def _state(definitions: Mapping[str, Table], current: Mapping[str, frozenset[str]]) -> str:
    names = {name: [column.name for column in table.all_columns()] for name, table in definitions.items()}
    text = json.dumps([sorted(names.items()), sorted((name, sorted(marks)) for name, marks in current.items())])
    return hashlib.sha256(text.encode()).hexdigest()


class _Steps:
    """Makes the statements of a compaction, in the order in which they run."""

    def __init__(self, store: Store, definitions: Mapping[str, Table], current: Mapping[str, frozenset[str]]) -> None:
        self._store, self._definitions, self._current = store, definitions, current
        self._steps: list[dict[str, str]] = []
        self.written: list[Path] = []

    def make(self) -> list[dict[str, str]]:
        self._do("CREATE TEMP TABLE current (extractor VARCHAR, fingerprint VARCHAR)")
        for extractor, marks in self._current.items():
            for fingerprint in sorted(marks):
                self._do(f"INSERT INTO current VALUES ({_quote(extractor)}, {_quote(fingerprint)})")  # noqa: S608
        self._media()
        self._statuses()
        undeclared = undeclared_tables(self._store, self._definitions)
        for name, table in {**self._definitions, **undeclared}.items():
            self._table(name, table)
        self._failures()
        return self._steps

    def _media(self) -> None:
        """Take the newest row of each path."""
        self._source("media", "media_rows", schema(MEDIA_COLUMNS))
        names = ", ".join(f"r.{column.name}" for column in MEDIA_COLUMNS)
        self._do(
            "CREATE TEMP TABLE newest AS "
            "SELECT md5_number(path) AS place, max(batch) AS batch FROM media_rows GROUP BY place"
        )
        path = self._store.folder / "media.parquet"
        self._write(
            f"SELECT {names} FROM media_rows r JOIN newest n "  # noqa: S608  # names are ours
            "ON n.place = md5_number(r.path) AND n.batch = r.batch ORDER BY r.path",
            path,
            schema(MEDIA_COLUMNS),
        )
        self._do("DROP TABLE newest")
        self._do(
            f"CREATE TEMP TABLE paths AS SELECT md5_number(media_id) AS id, path FROM {_files([_unfinished(path)])} "  # noqa: S608
            "WHERE media_id IS NOT NULL"
        )

    def _statuses(self) -> None:
        """Take the newest row of each medium and extractor, if its fingerprint counts."""
        self._source("status", "status_rows", schema(STATUS_COLUMNS))
        names = ", ".join(f"r.{column.name}" for column in STATUS_COLUMNS)
        self._do(
            "CREATE TEMP TABLE statuses AS SELECT md5_number(media_id) AS id, extractor, max(batch) AS batch, "
            "arg_max(fingerprint, batch) AS fingerprint FROM status_rows GROUP BY id, extractor"
        )
        self._do(
            "DELETE FROM statuses WHERE extractor IN (SELECT extractor FROM current) "
            "AND (extractor, fingerprint) NOT IN (SELECT (extractor, fingerprint) FROM current)"
        )
        # Bytes that no path has any more: should they come back, they are analysed anew, as their rows are gone.
        self._do("DELETE FROM statuses WHERE id NOT IN (SELECT id FROM paths)")
        self._write(
            f"SELECT {names} FROM status_rows r JOIN statuses s ON {_SAME} "  # noqa: S608  # names are ours
            "ORDER BY r.media_id, r.extractor",
            self._store.folder / "status.parquet",
            schema(STATUS_COLUMNS),
        )

    def _table(self, name: str, table: Table) -> None:
        """Take the rows that the newest status of their medium and extractor speaks of, a row set for each path."""
        wanted = schema(table.all_columns())
        if not self._store.sources(name):
            return
        self._source(name, "rows", wanted)
        stored = ", ".join(f'r."{column.name}"' for column in table.stored_columns())
        order = ", ".join(["p.path", *(f'r."{key}"' for key in table.keys), "r.extractor"])
        # A compacted table holds a row set for each path of the same bytes: one of them is kept and joined anew.
        self._do(
            "CREATE OR REPLACE TEMP TABLE copied AS SELECT md5_number(media_id) AS id, min(path) AS path FROM rows "
            "WHERE path IS NOT NULL GROUP BY id HAVING min(path) <> max(path)"
        )
        query = (
            f"SELECT p.path, {stored} FROM rows r "  # noqa: S608  # names are those of declared columns
            f"JOIN statuses s ON {_SAME} "
            "JOIN paths p ON p.id = md5_number(r.media_id) "
            "LEFT JOIN copied c ON c.id = md5_number(r.media_id) "
            f"WHERE r.path IS NULL OR c.path IS NULL OR r.path = c.path ORDER BY {order}"
        )
        self._write(query, self._store.folder / "tables" / f"{name}.parquet", wanted)

    def _failures(self) -> None:
        wanted = schema(FAILURE_COLUMNS)
        self._source("failures", "failure_rows", wanted)
        names = ", ".join(f"r.{column.name}" for column in FAILURE_COLUMNS)
        self._write(
            f"SELECT {names} FROM failure_rows r JOIN statuses s ON {_SAME} "  # noqa: S608  # names are ours
            "ORDER BY r.media_id, r.extractor, r.picture, r.time_ms",
            self._store.folder / "failures.parquet",
            wanted,
        )

    def _source(self, name: str, view: str, wanted: pa.Schema) -> None:
        """Make a view over all rows of a table, with the batch that each is from."""
        files = self._store.sources(name)
        types = {"string": "VARCHAR", "int64": "BIGINT", "double": "DOUBLE", "bool": "BOOLEAN"}
        empty = ", ".join(f'NULL::{types.get(str(field.type), "FLOAT[]")} AS "{field.name}"' for field in wanted)
        nothing = f"SELECT {empty}, 0 AS batch WHERE false"  # names are those of declared columns
        if not files:
            self._do(f"CREATE OR REPLACE TEMP VIEW {view} AS {nothing}")
            return
        # What was compacted before comes before all batches.
        parts = _quote(f"{self._store.folder / PARTS}{os.sep}")
        number = r"regexp_extract(filename, 'batch-(\d+)[/\\][^/\\]+$', 1)::INTEGER"
        batch = f"CASE WHEN starts_with(filename, {parts}) THEN {number} ELSE -1 END"
        self._do(
            f"CREATE OR REPLACE TEMP VIEW {view} AS {nothing} UNION ALL BY NAME "  # noqa: S608  # paths are quoted
            f"SELECT * EXCLUDE (filename), {batch} AS batch FROM {_files(files)}"
        )

    def _write(self, query: str, path: Path, wanted: pa.Schema) -> None:
        schema = base64.b64encode(wanted.serialize().to_pybytes()).decode()
        self._steps.append({"sql": query, "path": str(_unfinished(path)), "schema": schema})
        self.written.append(path)

    def _do(self, statement: str) -> None:
        self._steps.append({"sql": statement})


def _run(steps: Sequence[Mapping[str, str]], spill: Path, folder: Path) -> None:
    """Run the steps in a process of their own."""
    config = {
        "memory_limit": _MEMORY,
        "threads": 2,
        "temp_directory": str(spill),
        "preserve_insertion_order": False,
    }
    with subprocess.Popen(
        [sys.executable, "-m", "tidymedia.run.compaction_process", str(os.getpid())],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        creationflags=start_flags(),
    ) as process:
        stdin, stderr = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stderr)
        with contextlib.suppress(BrokenPipeError):  # it says why on its standard error
            write_message(stdin, {"config": config, "steps": steps})
        said = stderr.read().decode("utf-8", "replace").strip()
        code = process.wait()
    if not code:
        return
    reason = said.splitlines()[-1] if said else exit_reason(code)
    raise StudyError(
        f"The tables of {folder} could not be brought up to date: {reason}",
        "What was analysed is kept. Make room on the disk or in memory, then run tidymedia compact.",
    )


def _fill_items(folder: Path, items: pd.DataFrame | None) -> None:
    """Fill in the media_id of the user's table by the path."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = folder / "items.parquet"
    if items is None and not path.is_file():
        return
    table = pq.read_table(path) if items is None else pa.Table.from_pandas(items, preserve_index=False)
    media = pq.read_table(folder / "media.parquet", columns=["path", "media_id"])
    media_ids = dict(zip(media["path"].to_pylist(), media["media_id"].to_pylist(), strict=True))
    ours = {column.name: column.arrow_field().type for column in ITEM_COLUMNS}
    filled = pa.array([media_ids.get(one) for one in table["path"].to_pylist()], pa.string())
    columns = {name: table[name].cast(type_) for name, type_ in ours.items() if name != "media_id"}
    columns |= {"media_id": filled} | {name: table[name] for name in table.column_names if name not in ours}
    order = [*ours, *(name for name in columns if name not in ours)]
    unfinished = _unfinished(path)
    pq.write_table(pa.table({name: columns[name] for name in order}), unfinished, compression="zstd")
    _replace(unfinished, path)


def _quote(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _files(paths: Sequence[Path]) -> str:
    """Write files as a table of DuckDB; what would be a pattern in their names is none."""
    names = [re.sub(r"([*?\[])", r"[\1]", str(path)) for path in paths]
    listed = ", ".join(_quote(name) for name in names)
    return f"read_parquet([{listed}], filename = true, union_by_name = true)"


def _unfinished(path: Path) -> Path:
    return path.with_name(f"{path.name}.unfinished")


def _replace(unfinished: Path, path: Path, tries: Sequence[float] = (0.1, 0.5, 2.0)) -> None:
    """Rename a finished file into place; on Windows a reader may hold the old one for a moment."""
    sync_file(unfinished)
    for pause in tries:
        try:
            unfinished.replace(path)
        except PermissionError:
            time.sleep(pause)
        else:
            return
    try:
        unfinished.replace(path)
    except PermissionError as error:
        raise StudyError(
            f"{path} is open in another program.", "Close it there, then run tidymedia compact."
        ) from error
