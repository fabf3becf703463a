"""What earlier runs found out about each path, packed: a million files are to take a hundred megabytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["KnownMedia", "KnownMedium"]


@dataclass(frozen=True, slots=True)
class KnownMedium:
    """What an earlier run found out about a path."""

    media_id: str | None
    kind: str | None
    bytes: int | None
    modified: str | None
    etag: str | None
    status: str


_NAMES = tuple(field.name for field in fields(KnownMedium))


class KnownMedia(Mapping[str, KnownMedium]):
    """What is known, by path; of several rows of a path the last counts.

    Rows stay in Arrow's columns, and are found by the sorted hashes of their paths: a sixth of what a dictionary of
    objects takes.

    Parameters
    ----------
    pieces : iterable of pyarrow.Table
        Rows of ``media``, oldest first, with the columns of :attr:`columns`.
    """

    columns = ("path", *_NAMES)

    def __init__(self, pieces: Iterable[pa.Table]) -> None:
        import numpy as np
        import pyarrow as pa

        tables: list[pa.Table] = []
        hashes: list[np.ndarray] = []
        for piece in pieces:
            tables.append(piece)
            hashes.append(np.fromiter(map(hash, piece["path"].to_pylist()), np.int64, piece.num_rows))
        joined = pa.concat_tables(tables).combine_chunks() if tables else None
        rows = joined.num_rows if joined is not None else 0
        self._columns = [joined[name].chunk(0) for name in self.columns] if joined is not None and rows else []
        unsorted = np.concatenate(hashes) if rows else np.empty(0, np.int64)
        order = np.argsort(unsorted, kind="stable")
        self._order, self._hashes = order.astype(np.int32), unsorted[order]
        self._count: int | None = None

    def _row(self, path: str) -> int | None:
        wanted = hash(path)
        place = int(self._hashes.searchsorted(wanted, side="right")) - 1
        while place >= 0 and self._hashes[place] == wanted:
            row = int(self._order[place])
            if self._columns[0][row].as_py() == path:
                return row
            place -= 1
        return None

    def __getitem__(self, path: str) -> KnownMedium:
        row = self._row(path)
        if row is None:
            raise KeyError(path)
        return KnownMedium(*(column[row].as_py() for column in self._columns[1:]))

    def __contains__(self, path: object) -> bool:
        return isinstance(path, str) and self._row(path) is not None

    def __iter__(self) -> Iterator[str]:
        for row in range(len(self._order)):
            path = self._columns[0][row].as_py()
            if self._row(path) == row:
                yield path

    def __len__(self) -> int:
        if self._count is None:
            self._count = sum(1 for _ in self)
        return self._count

    def __bool__(self) -> bool:
        return bool(self._columns)
