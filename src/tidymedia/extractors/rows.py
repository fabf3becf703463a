"""From what an extractor yields to rows that can be stored: keys counted, unit named, origin added."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tidymedia.errors import ExtractionError
from tidymedia.extractors.base import Extractor, Row
from tidymedia.tables.column import ColumnType
from tidymedia.tables.keys import KEYS, unit_id

__all__ = ["RowCompleter"]


class RowCompleter:
    """Completes the rows of one extractor for one medium.

    Parameters
    ----------
    extractor : Extractor
        Whose rows.
    media_id : str
        Of which medium.
    fingerprint : str
        The extractor's fingerprint for the medium.
    """

    def __init__(self, extractor: Extractor, media_id: str, fingerprint: str) -> None:
        self._tables = {table.name: table for table in extractor.tables}
        self._columns: dict[str, dict[str, ColumnType]] = {
            table.name: {
                **{column.name: column.type for column in table.columns},
                **{key: KEYS[key].column.type for key in table.keys},
            }
            for table in extractor.tables
        }
        self._media_id = media_id
        self._origin = {"extractor": extractor.name, "model": extractor.model, "fingerprint": fingerprint}
        self._name = extractor.name
        self._counts: Counter[tuple[Any, ...]] = Counter()

    def complete(
        self,
        rows: Iterable[Row],
        picture: int | None = None,
        completed: dict[str, list[dict[str, Any]]] | None = None,
    ) -> dict[str, list[dict[str, Any]]]:
        """Complete rows, by table.

        Parameters
        ----------
        rows : iterable of Row
            What the extractor yielded.
        picture : int or None, default None
            The picture that they are about, where they are about one.
        completed : dict of str to list of dict or None, default None
            Where they go, so that the first ones are there when a later one cannot be had; None for a new one.

        Returns
        -------
        dict of str to list of dict
            Rows by table, each with its keys, ``media_id``, ``unit_id`` and provenance.

        Raises
        ------
        ExtractionError
            Where a row names a table or column that the extractor does not declare.
        """
        completed = {} if completed is None else completed
        for table_name, values in rows:
            if table_name not in self._tables:
                raise ExtractionError(
                    f"The extractor {self._name} gave a row of {table_name}, a table that it does not declare."
                )
            unknown = values.keys() - self._columns[table_name].keys()
            if unknown:
                raise ExtractionError(
                    f"The extractor {self._name} gave {', '.join(sorted(unknown))}, which {table_name} does not have."
                )
            completed.setdefault(table_name, []).append(self._complete_one(table_name, values, picture))
        return completed

    def _complete_one(self, table_name: str, values: Mapping[str, Any], picture: int | None) -> dict[str, Any]:
        keys: dict[str, int] = {}
        for name in self._tables[table_name].keys:
            if values.get(name) is not None:
                keys[name] = int(values[name])
            elif name == "picture" and picture is not None:
                keys[name] = picture
            else:
                place = (table_name, name, *keys.values())
                keys[name] = self._counts[place]
                self._counts[place] += 1
        types = self._columns[table_name]
        return {
            "media_id": self._media_id,
            "unit_id": unit_id(self._media_id, keys),
            **{name: None if value is None else self._plain(value, name, types) for name, value in values.items()},
            **keys,
            **self._origin,
        }

    def _plain(self, value: Any, name: str, types: Mapping[str, ColumnType]) -> Any:
        """Read a value as the type that its column declares."""
        try:
            return _READERS[types[name]](value)
        except (TypeError, ValueError, OverflowError) as error:
            raise ExtractionError(
                f"The extractor {self._name} gave {str(value)[:80]!r} for {name}, a column of the type {types[name]}."
            ) from error


def _read_string(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")


def _read_integer(value: Any) -> int:
    number = int(value)
    if number != value or not -(2**63) <= number < 2**63:
        raise ValueError
    return number


def _read_number(value: Any) -> float | None:
    number = float(value)
    return number if math.isfinite(number) else None


def _read_boolean(value: Any) -> bool:
    if value not in (True, False):
        raise TypeError
    return bool(value)


def _read_vector(value: Any) -> list[float | None]:
    return [_read_number(part) for part in value]


_READERS: Mapping[ColumnType, Callable[[Any], Any]] = {
    "string": _read_string,
    "integer": _read_integer,
    "number": _read_number,
    "boolean": _read_boolean,
    "vector": _read_vector,
}
