"""The store of a study: committed batches, compacted tables, one writer."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from tidymedia.run.batch import STATUS_FILE, OpenBatch
from tidymedia.run.known_media import KnownMedia
from tidymedia.run.process_control import lock_file
from tidymedia.tables.table import Table

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Store"]

PARTS = ".parts"
"""Folder of the batches that wait for compaction."""


class Store:
    """The files of a study that hold rows.

    Parameters
    ----------
    folder : pathlib.Path
        The study's folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock: IO[str] | None = None
        self._number = 0

    def open_for_writing(self) -> None:
        """Take the lock, and remove what an interrupted run left without a commit.

        Raises
        ------
        StudyError
            Where another run uses the study.
        """
        parts = self.folder / PARTS
        parts.mkdir(parents=True, exist_ok=True)
        self._lock = lock_file(self.folder / ".lock")
        committed = set(self.committed_batches())
        for entry in parts.iterdir():
            if entry.is_dir() and entry not in committed:
                shutil.rmtree(entry)
        for folder in (self.folder, self.folder / "tables", self.folder / "derived"):
            for leftover in folder.glob("*.unfinished"):
                leftover.unlink()
        self._number = max((int(batch.name.rpartition("-")[2]) for batch in committed), default=-1) + 1

    def close(self) -> None:
        """Give the lock back."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def committed_batches(self) -> list[Path]:
        """Return the batches that are committed and not compacted, oldest first."""
        found = (path.parent for path in (self.folder / PARTS).glob(f"batch-*/{STATUS_FILE}"))
        return sorted(batch for batch in found if batch.name.removeprefix("batch-").isdigit())

    def commit(self, batch: OpenBatch) -> int:
        """Write a batch; after this its rows outlive any crash.

        Parameters
        ----------
        batch : OpenBatch
            The batch; do not add to it any more.

        Returns
        -------
        int
            Number of rows of the tables of extractors.
        """
        folder = self.folder / PARTS / f"batch-{self._number:08d}"
        self._number += 1
        return batch.write(folder)

    def sources(self, name: str) -> list[Path]:
        """Return the files that hold rows of a table, oldest first.

        Parameters
        ----------
        name : str
            ``media``, ``status``, ``failures``, or a table of an extractor.

        Returns
        -------
        list of pathlib.Path
            The compacted file, where there is one, then the files of the batches.
        """
        own = name in ("media", "status", "failures")
        compacted = self.folder / f"{name}.parquet" if own else self.folder / "tables" / f"{name}.parquet"
        batches = [batch / f"{name}.parquet" for batch in self.committed_batches()]
        return [path for path in (compacted, *batches) if path.is_file()]

    def known_media(self) -> KnownMedia:
        """Return what earlier runs found out, by path."""
        return KnownMedia(self._read("media", KnownMedia.columns))

    def known_statuses(self) -> dict[bytes, tuple[tuple[str, str, str], ...]]:
        """Return the statuses of earlier runs, by media_id.

        Returns
        -------
        dict of bytes to tuple of (str, str, str)
            Extractor, fingerprint and status, sorted; equal tuples are one object, so that a million media fit.
        """
        known: dict[bytes, dict[str, tuple[str, str, str]]] = {}
        shared: dict[tuple[tuple[str, str, str], ...], tuple[tuple[str, str, str], ...]] = {}
        packed: dict[bytes, tuple[tuple[str, str, str], ...]] = {}
        for piece in self._read("status", ["media_id", "extractor", "fingerprint", "status"]):
            known.clear()
            columns = [column.to_pylist() for column in piece.columns]
            for media_id, extractor, fingerprint, status in zip(*columns, strict=True):
                key = bytes.fromhex(media_id)
                if key not in known:
                    known[key] = {entry[0]: entry for entry in packed.get(key, ())}
                known[key][extractor] = (extractor, fingerprint, status)
            for key, entries in known.items():
                ordered = tuple(sorted(entries.values()))
                packed[key] = shared.setdefault(ordered, ordered)
        return packed

    def rows_of(
        self, tables: Sequence[Table], media_ids: Sequence[str], wanted: Collection[tuple[str, str]]
    ) -> dict[str, dict[str, list[dict[str, Any]]]]:
        """Return stored rows of some media, for the extractors that build on them.

        Parameters
        ----------
        tables : sequence of Table
            Which tables.
        media_ids : sequence of str
            Which media.
        wanted : collection of (str, str)
            Extractors and fingerprints whose rows count.

        Returns
        -------
        dict of str to dict of str to list of dict
            Rows by media_id and table; of each extractor those of the newest batch alone.
        """
        import pyarrow.dataset as ds

        found: dict[str, dict[str, list[dict[str, Any]]]] = {media_id: {} for media_id in media_ids}
        for table in tables:
            for path in self.sources(table.name):
                chosen = ds.dataset(path).to_table(filter=ds.field("media_id").isin(list(media_ids)))
                newer: dict[tuple[str, str], dict[str, dict[str, Any]]] = {}
                for row in chosen.to_pylist():
                    row.pop("path", None)  # a compacted table repeats a row for each path of the same bytes
                    if (row["extractor"], row["fingerprint"]) in wanted:
                        newer.setdefault((row["media_id"], row["extractor"]), {}).setdefault(row["unit_id"], row)
                for (media_id, extractor), rows in newer.items():
                    older = found[media_id].get(table.name, [])
                    others = [row for row in older if row["extractor"] != extractor]
                    found[media_id][table.name] = [*others, *rows.values()]
        return found

    def _read(self, name: str, columns: Sequence[str]) -> Iterator[pa.Table]:
        """Read some columns of all sources of a table, in pieces."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        for path in self.sources(name):
            with pq.ParquetFile(path) as file:
                for piece in file.iter_batches(batch_size=20_000, columns=list(columns)):
                    yield pa.Table.from_batches([piece]).select(list(columns))


def schemas_of(tables: Mapping[str, Table]) -> dict[str, pa.Schema]:
    """Return the schemas of stored rows by table."""
    return {name: table.schema() for name, table in tables.items()}
