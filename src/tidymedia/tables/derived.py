"""Tables about a study as a whole, made from its other tables: duplicates, groups, maps."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tidymedia.tables.replacing import replacing
from tidymedia.tables.study_files import study_files
from tidymedia.tables.table import Table

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

__all__ = ["Derivation", "Origin", "fingerprint_of", "origin_of", "write_derived", "write_found"]

_MARK = b"tidymedia.derived"


@dataclass(frozen=True, slots=True)
class Derivation:
    """A way to derive a table from the tables of a study, in words; codebook and report print them.

    Parameters
    ----------
    name : str
        Name of the derivation; its rows carry it as their ``extractor``.
    title : str
        What it finds, in one sentence.
    table : Table
        The table that it makes.
    version : int, default 1
        Raised whenever its rows change.
    caveat : str, default ""
        Where the method is weak.
    citation : str, default ""
        What to cite for it, one source a line.
    command : str, default ""
        The command that makes it; empty where it is called as the table is.
    """

    name: str
    title: str
    table: Table
    version: int = 1
    caveat: str = ""
    citation: str = ""
    command: str = ""

    @property
    def tables(self) -> tuple[Table, ...]:
        """The one table that it makes."""
        return (self.table,)


@dataclass(frozen=True, slots=True)
class Origin:
    """How a derived table came about.

    Parameters
    ----------
    parameters : mapping of str to object
        The parameters with which it was made.
    made : str
        When, as ISO 8601 text.
    is_current : bool
        Whether the tables that it was made from are still the same.
    command : str, default ""
        The command that makes it anew, without the study.
    """

    parameters: Mapping[str, Any]
    made: str
    is_current: bool
    command: str = ""


def fingerprint_of(derivation: Derivation, parameters: Mapping[str, object], sources: Sequence[str]) -> str:
    """Return the fingerprint that the rows of a derived table carry.

    Parameters
    ----------
    derivation : Derivation
        How it is made.
    parameters : mapping of str to object
        With which parameters.
    sources : sequence of str
        Fingerprints of the rows that it is made from.

    Returns
    -------
    str
        12 hexadecimal digits.
    """
    said = {
        "name": derivation.name,
        "version": derivation.version,
        "parameters": parameters,
        "sources": sorted(sources),
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()[:12]


def write_derived(
    folder: Path, derivation: Derivation, rows: pa.Table, parameters: Mapping[str, object], sources: Sequence[str]
) -> Path:
    """Write a derived table, whole, with how it came about.

    Parameters
    ----------
    folder : pathlib.Path
        The study.
    derivation : Derivation
        How it was made.
    rows : pyarrow.Table
        Its rows: the columns of its table, the path among them.
    parameters : mapping of str to object
        With which parameters.
    sources : sequence of str
        Names of the tables that it was made from.

    Returns
    -------
    pathlib.Path
        ``derived/<name>.parquet``.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = derivation.table
    schema = pa.schema([column.arrow_field() for column in table.all_columns()])
    files = study_files(folder)
    said = {
        "parameters": dict(parameters),
        "command": derivation.command or derivation.name,
        "made": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "sources": {name: _hash_of(files[name]) for name in sources},
    }
    arranged = rows.select(schema.names).cast(schema)
    arranged = arranged.replace_schema_metadata({_MARK: json.dumps(said, sort_keys=True).encode()})
    destination = folder / "derived" / f"{table.name}.parquet"
    destination.parent.mkdir(exist_ok=True)
    with replacing(destination) as temporary:
        pq.write_table(arranged, temporary, compression="zstd")
    return destination


def write_found(
    folder: Path,
    derivation: Derivation,
    rows: pd.DataFrame,
    parameters: Mapping[str, object],
    sources: Sequence[str],
    *,
    model: str | None = None,
    fingerprints: Sequence[str] = (),
) -> Path:
    """Write what was found in a study as a derived table; each row gets its provenance.

    Parameters
    ----------
    folder : pathlib.Path
        The study.
    derivation : Derivation
        How it was found.
    rows : pandas.DataFrame
        The columns of its table but for ``extractor``, ``model`` and ``fingerprint``; further ones are left out.
    parameters : mapping of str to object
        With which parameters.
    sources : sequence of str
        Names of the tables that it was made from.
    model : str or None, default None
        The model that made the values in these tables.
    fingerprints : sequence of str, default ()
        Fingerprints of the rows in these tables.

    Returns
    -------
    pathlib.Path
        ``derived/<name>.parquet``.
    """
    import pyarrow as pa

    mark = fingerprint_of(derivation, parameters, fingerprints)
    stamped = rows.assign(extractor=derivation.name, model=model, fingerprint=mark)
    schema = pa.schema([column.arrow_field() for column in derivation.table.all_columns()])
    arranged = pa.Table.from_pandas(stamped[schema.names], schema=schema, preserve_index=False)
    return write_derived(folder, derivation, arranged, parameters, sources)


def origin_of(folder: Path, name: str) -> Origin | None:
    """Say how a derived table came about.

    Parameters
    ----------
    folder : pathlib.Path
        The study.
    name : str
        Name of the table.

    Returns
    -------
    Origin or None
        None where the study has no such derived table.
    """
    import pyarrow.parquet as pq

    path = folder / "derived" / f"{name}.parquet"
    if not path.is_file():
        return None
    said = json.loads((pq.read_schema(path).metadata or {}).get(_MARK, b"{}"))
    files = study_files(folder)
    current = all(one in files and _hash_of(files[one]) == mark for one, mark in said.get("sources", {}).items())
    return Origin(said.get("parameters", {}), said.get("made", ""), current, said.get("command", name))


def _hash_of(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
