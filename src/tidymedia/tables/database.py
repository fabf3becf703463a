"""A study as a database: its tables by name, for reading only."""

from __future__ import annotations

import atexit
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tidymedia.errors import StudyError, UsageError
from tidymedia.tables.description import ExtractorDescription
from tidymedia.tables.frames import to_frame
from tidymedia.tables.sql_names import no_rows, quoted_name, quoted_text
from tidymedia.tables.study_files import STANDARD_COLUMNS, file_schema, study_files
from tidymedia.tables.summary_query import Unit, summary_query
from tidymedia.tables.table import Table

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

__all__ = ["open_database", "query"]


def open_database(
    folder: Path,
    definitions: Sequence[Table] = (),
    *,
    extractors: Sequence[ExtractorDescription] = (),
    memory_limit: str = "2GB",
    need_summary: bool = False,
) -> duckdb.DuckDBPyConnection:
    """Open a study as a DuckDB database of views.

    Each Parquet file is a view of its name; ``status`` and ``failures`` have the ``path`` joined to them,
    and ``failures`` also holds the files that could not be read at all. ``summary`` has one row a file
    and, where the study began with a table of posts, ``item_summary`` one row an item.

    No query can change the study, or read or write another file, or reach the network.

    Parameters
    ----------
    folder : pathlib.Path
        The study.
    definitions : sequence of Table, default ()
        The tables that are known; ``summary`` gets their columns.
    extractors : sequence of ExtractorDescription, default ()
        The extractors that are known, which say who fills which table.
    memory_limit : str, default "2GB"
        What a query may use at most.
    need_summary : bool, default False
        Whether it is an error that the summary cannot be made; else its view is left out.

    Returns
    -------
    duckdb.DuckDBPyConnection
        The open database; close it when you are done, or use it in a ``with`` statement.

    Raises
    ------
    StudyError
        Where the folder holds no study, one of its files is damaged, or the summary is needed and cannot be made.
    """
    import duckdb

    from tidymedia.tables.read_only import PROTOCOL, ReadOnlyFiles

    files = study_files(folder)
    columns = {name: file_schema(path).names for name, path in files.items()}
    connection = duckdb.connect(
        config={
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "memory_limit": memory_limit,
            "python_enable_replacements": False,
        }
    )
    _close_at_exit(connection)
    connection.register_filesystem(ReadOnlyFiles(files))
    paths = ", ".join(quoted_text(f"{PROTOCOL}://{name}") for name in files)
    connection.execute("SET temp_directory = ''")
    connection.execute(f"SET allowed_paths = [{paths}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    connection.execute("CREATE SCHEMA stored")
    for name in dict.fromkeys(("media", "status", "failures", *files)):
        if name in files:
            source = f"SELECT * FROM read_parquet({quoted_text(f'{PROTOCOL}://{name}')})"  # noqa: S608
        else:
            source = no_rows(STANDARD_COLUMNS[name])
            columns[name] = [column.name for column in STANDARD_COLUMNS[name]]
        if name in {"status", "failures"}:
            connection.execute(f"CREATE VIEW stored.{name} AS {source}")
            source = _with_path(name)
        connection.execute(f"CREATE VIEW {quoted_name(name)} AS {source}")
    recorded = [row[0] for row in connection.execute("SELECT DISTINCT extractor FROM stored.status").fetchall()]
    views: dict[str, Unit] = {"summary": "medium", "item_summary": "item"}
    for view, unit in views.items():
        if unit == "item" and "items" not in files:
            continue
        wanted = summary_query(unit, columns, recorded, definitions, extractors)
        try:
            connection.execute(f"CREATE VIEW {view} AS {wanted.sql}")
        except duckdb.Error as error:
            if not need_summary:
                continue
            connection.close()
            raise StudyError(
                f"The summary of {folder} cannot be made: {error}",
                "The rows were made by another version of an extractor; run the analysis again.",
            ) from error
    return connection


def query(
    folder: Path,
    sql: str,
    definitions: Sequence[Table] = (),
    *,
    extractors: Sequence[ExtractorDescription] = (),
    memory_limit: str = "2GB",
) -> pd.DataFrame:
    """Ask the tables of a study a question in SQL.

    Parameters
    ----------
    folder : pathlib.Path
        The study.
    sql : str
        A query in the SQL of DuckDB, such as ``"SELECT kind, count(*) FROM media GROUP BY kind"``.
    definitions, extractors, memory_limit
        As for :func:`open_database`.

    Returns
    -------
    pandas.DataFrame
        The answer; empty where the statement gives none.

    Raises
    ------
    StudyError
        Where the folder holds no study.
    UsageError
        Where the query cannot be answered; the remedy names the tables.
    """
    import duckdb
    import pandas as pd

    with open_database(folder, definitions, extractors=extractors, memory_limit=memory_limit) as connection:
        try:
            relation = connection.sql(sql)
            if relation is None:
                return pd.DataFrame()
            answer = relation.to_arrow_table()
        except (duckdb.Error, RuntimeError) as error:
            names = [row[0] for row in connection.execute("SHOW TABLES").fetchall()]
            raise UsageError(
                f"The query cannot be answered: {_first_part(str(error))}",
                f"The study has the tables {', '.join(names)}; `DESCRIBE media` lists the columns of one.",
            ) from error
    return to_frame(answer)


def _with_path(name: str) -> str:
    """Return the query that joins the path to ``status`` or ``failures``."""
    joined = (
        f"SELECT media.path, stored.* FROM stored.{name} AS stored "  # noqa: S608  # a constant name
        "LEFT JOIN (SELECT DISTINCT path, media_id FROM media) AS media USING (media_id)"
    )
    if name == "failures":
        joined += (
            " UNION ALL BY NAME SELECT path, media_id, NULL::VARCHAR AS extractor, NULL::BIGINT AS picture, "
            "NULL::BIGINT AS time_ms, error_type, error_message, remedy FROM media "
            "WHERE status <> 'ok' AND media_id IS NULL"
        )
    order = "path, extractor" + (", picture, time_ms" if name == "failures" else "")
    return f"SELECT * FROM ({joined}) ORDER BY {order}"  # noqa: S608  # constant parts


def _first_part(message: str) -> str:
    """Return the message of DuckDB without the repeated query and its pointer."""
    return message.split("\n\nLINE ")[0].strip()


def _close_at_exit(connection: duckdb.DuckDBPyConnection) -> None:
    """Close a connection that is still open when Python ends; DuckDB complains on stderr otherwise."""
    reference = weakref.ref(connection)

    def close() -> None:
        still_open = reference()
        if still_open is not None:
            still_open.close()

    atexit.register(close)
    weakref.finalize(connection, atexit.unregister, close).atexit = False
