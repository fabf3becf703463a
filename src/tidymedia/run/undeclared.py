"""Tables of extractors that are gone: known by their files alone, and kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tidymedia.run.store import PARTS, Store
from tidymedia.tables.column import Column, ColumnType
from tidymedia.tables.keys import IDENTITY, KEYS, PATH, PROVENANCE
from tidymedia.tables.table import Table

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["undeclared_tables"]

_OWN = ("media", "status", "failures")
_COMMON = {column.name for column in (PATH, *IDENTITY, *PROVENANCE)}
_TYPES: Mapping[str, ColumnType] = {"string": "string", "int64": "integer", "double": "number", "bool": "boolean"}


def undeclared_tables(store: Store, declared: Mapping[str, Table]) -> dict[str, Table]:
    """Describe the tables that a study holds and that no extractor declares, by what their files say.

    Parameters
    ----------
    store : Store
        The study's store.
    declared : mapping of str to Table
        The tables that extractors declare.

    Returns
    -------
    dict of str to Table
        By name.
    """
    import pyarrow.parquet as pq

    files = [*(store.folder / "tables").glob("*.parquet"), *(store.folder / PARTS).glob("batch-*/*.parquet")]
    names = {path.stem for path in files} - {*declared, *_OWN}
    found: dict[str, Table] = {}
    for name in sorted(names):
        fields: dict[str, pa.Field] = {}
        for path in store.sources(name):
            fields |= {field.name: field for field in pq.read_schema(path) if field.name not in fields}
        if fields:
            keys = tuple(key for key, field in fields.items() if key in KEYS and _type(field) == "integer")
            columns = [Column(one, _type(field), "") for one, field in fields.items() if one not in {*keys, *_COMMON}]
            found[name] = Table(name, keys, tuple(columns), "")
    return found


def _type(field: pa.Field) -> ColumnType:
    return _TYPES.get(str(field.type), "vector")
