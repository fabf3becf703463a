"""Compaction: committed batches become the tables that users open.

Every table is written under another name and then renamed, so a reader sees the old one or the new one. Batches
are removed last and oldest first, each by its status file: a compaction that is killed is simply done again.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tidymedia.errors import StudyError
from tidymedia.run.batch import STATUS_FILE
from tidymedia.run.store import PARTS, Store
from tidymedia.tables.standard import FAILURE_COLUMNS, ITEM_COLUMNS, MEDIA_COLUMNS, STATUS_COLUMNS, schema
from tidymedia.tables.table import Table

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    import pyarrow as pa

__all__ = ["compact"]

_MEMORY = "160MB"


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
    import duckdb

    (store.folder / "tables").mkdir(exist_ok=True)
    spill = store.folder / PARTS / "spill"
    with duckdb.connect(config={"memory_limit": _MEMORY, "threads": 2, "temp_directory": str(spill)}) as connection:
        _Compaction(store, connection, definitions, current).run(items)
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


class _Compaction:
    def __init__(
        self,
        store: Store,
        connection: duckdb.DuckDBPyConnection,
        definitions: Mapping[str, Table],
        current: Mapping[str, frozenset[str]],
    ) -> None:
        self._store, self._connection, self._definitions = store, connection, definitions
        self._do("CREATE TEMP TABLE current (extractor VARCHAR, fingerprint VARCHAR)")
        for extractor, marks in current.items():
            for fingerprint in marks:
                self._do("INSERT INTO current VALUES ($1, $2)", extractor, fingerprint)

    def run(self, items: pd.DataFrame | None) -> None:
        self._media()
        self._statuses()
        for name, table in self._definitions.items():
            self._table(name, table)
        self._failures()
        self._items(items)

    def _media(self) -> None:
        """Take the newest row of each path."""
        self._source("media", "media_rows", schema(MEDIA_COLUMNS))
        names = ", ".join(column.name for column in MEDIA_COLUMNS)
        self._do(
            f"CREATE TEMP TABLE media AS SELECT {names} FROM media_rows "  # noqa: S608  # names are ours
            "QUALIFY row_number() OVER (PARTITION BY path ORDER BY batch DESC) = 1"
        )
        self._write("SELECT * FROM media ORDER BY path", self._store.folder / "media.parquet", schema(MEDIA_COLUMNS))
        self._do("CREATE TEMP TABLE paths AS SELECT path, media_id FROM media WHERE media_id IS NOT NULL")

    def _statuses(self) -> None:
        """Take the newest row of each medium and extractor, if its fingerprint counts."""
        self._source("status", "status_rows", schema(STATUS_COLUMNS))
        names = ", ".join(column.name for column in STATUS_COLUMNS)
        self._do(
            f"CREATE TEMP TABLE statuses AS SELECT {names}, batch FROM status_rows "  # noqa: S608  # names are ours
            "QUALIFY row_number() OVER (PARTITION BY media_id, extractor ORDER BY batch DESC) = 1"
        )
        self._do(
            "DELETE FROM statuses WHERE extractor IN (SELECT extractor FROM current) "
            "AND (extractor, fingerprint) NOT IN (SELECT (extractor, fingerprint) FROM current)"
        )
        self._write(
            f"SELECT {names} FROM statuses ORDER BY media_id, extractor",  # noqa: S608  # names are ours
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
            "CREATE OR REPLACE TEMP TABLE old_paths AS "
            "SELECT media_id, min(path) AS path FROM rows WHERE path IS NOT NULL GROUP BY media_id"
        )
        query = (
            f"SELECT p.path, {stored} FROM rows r "  # noqa: S608  # names are those of declared columns
            "JOIN statuses s ON s.media_id = r.media_id AND s.extractor = r.extractor AND s.batch = r.batch "
            "JOIN paths p ON p.media_id = r.media_id "
            "LEFT JOIN old_paths o ON o.media_id = r.media_id "
            f"WHERE r.path IS NULL OR r.path = o.path ORDER BY {order}"
        )
        self._write(query, self._store.folder / "tables" / f"{name}.parquet", wanted)

    def _failures(self) -> None:
        wanted = schema(FAILURE_COLUMNS)
        self._source("failures", "failure_rows", wanted)
        names = ", ".join(f"f.{column.name}" for column in FAILURE_COLUMNS)
        self._write(
            f"SELECT {names} FROM failure_rows f JOIN statuses s "  # noqa: S608  # names are ours
            "ON s.media_id = f.media_id AND s.extractor = f.extractor AND s.batch = f.batch "
            "ORDER BY f.media_id, f.extractor, f.picture, f.time_ms",
            self._store.folder / "failures.parquet",
            wanted,
        )

    def _items(self, items: pd.DataFrame | None) -> None:
        """Fill in the media_id of the user's table by the path."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        path = self._store.folder / "items.parquet"
        if items is None and not path.is_file():
            return
        table = pq.read_table(path) if items is None else pa.Table.from_pandas(items, preserve_index=False)
        paths = self._connection.sql("SELECT path, media_id FROM paths").to_arrow_table()
        media_ids = dict(zip(paths["path"].to_pylist(), paths["media_id"].to_pylist(), strict=True))
        ours = {column.name: column.arrow_field().type for column in ITEM_COLUMNS}
        filled = pa.array([media_ids.get(one) for one in table["path"].to_pylist()], pa.string())
        columns = {name: table[name].cast(type_) for name, type_ in ours.items() if name != "media_id"}
        columns |= {"media_id": filled} | {name: table[name] for name in table.column_names if name not in ours}
        order = [*ours, *(name for name in columns if name not in ours)]
        unfinished = path.with_name("items.parquet.unfinished")
        pq.write_table(pa.table({name: columns[name] for name in order}), unfinished, compression="zstd")
        _replace(unfinished, path)

    def _source(self, name: str, view: str, wanted: pa.Schema) -> None:
        """Make a view over all rows of a table, with the batch that each is from."""
        files = [re.sub(r"([*?\[])", r"[\1]", str(path)) for path in self._store.sources(name)]
        types = {"string": "VARCHAR", "int64": "BIGINT", "double": "DOUBLE", "bool": "BOOLEAN"}
        empty = ", ".join(f'NULL::{types.get(str(field.type), "FLOAT[]")} AS "{field.name}"' for field in wanted)
        nothing = f"SELECT {empty}, '' AS batch WHERE false"  # names are those of declared columns
        if not files:
            self._do(f"CREATE OR REPLACE TEMP VIEW {view} AS {nothing}")
            return
        listed = ", ".join(_quote(file) for file in files)
        batch = r"regexp_extract(filename, '[/\\](batch-\d+)[/\\][^/\\]+$', 1)"
        self._do(
            f"CREATE OR REPLACE TEMP VIEW {view} AS {nothing} UNION ALL BY NAME "  # noqa: S608  # paths are quoted
            f"SELECT * EXCLUDE (filename), {batch} AS batch "
            f"FROM read_parquet([{listed}], filename = true, union_by_name = true)"
        )

    def _write(self, query: str, path: Path, wanted: pa.Schema) -> None:
        """Stream a query into a Parquet file and put it in place."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        unfinished = path.with_name(f"{path.name}.unfinished")
        reader = self._connection.sql(query).to_arrow_reader(20_000)
        with pq.ParquetWriter(unfinished, wanted, compression="zstd") as writer:
            for piece in reader:
                writer.write_table(pa.Table.from_batches([piece]).select(wanted.names).cast(wanted))
        _replace(unfinished, path)

    def _do(self, statement: str, *values: Any) -> None:
        self._connection.execute(statement, list(values) or None)


def _quote(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _replace(unfinished: Path, path: Path, tries: Sequence[float] = (0.1, 0.5, 2.0)) -> None:
    """Rename a finished file into place; on Windows a reader may hold the old one for a moment."""
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
