"""A small study, written as the run layer writes one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tidymedia.tables import Column, Summary, Table
from tidymedia.tables.keys import unit_id
from tidymedia.tables.standard import FAILURE_COLUMNS, ITEM_COLUMNS, MEDIA_COLUMNS, STATUS_COLUMNS, schema


@dataclass(frozen=True)
class Described:
    name: str
    tables: tuple[Table, ...]
    title: str = "A measure."
    caveat: str = ""
    citation: str = ""


@dataclass(frozen=True)
class SmallStudy:
    folder: Path
    definitions: tuple[Table, ...]
    extractors: tuple[Described, ...]

    def rows(self, name: str) -> pa.Table:
        tables = self.folder / "tables" / f"{name}.parquet"
        return pq.read_table(tables if tables.exists() else self.folder / f"{name}.parquet")


TEXTS = Table(
    "texts",
    ("picture", "block"),
    (
        Column("text", "string", "Text of the block."),
        Column("score", "number", "Mean score of its words.", range="0 to 1", missing="from a text layer"),
        Column("lang", "string", "Language of the block.", missing="not known"),
    ),
    "One text block.",
    summary=(
        Summary(Column("words", "integer", "Number of words."), "coalesce(sum(len(string_split(text, ' '))), 0)"),
        Summary(Column("text", "string", "All text."), "string_agg(text, chr(10) || chr(10) ORDER BY picture, block)"),
        Summary(Column("text_pictures", "integer", "Pictures with text."), "count(DISTINCT picture)"),
    ),
)
FACES = Table(
    "faces",
    ("picture", "face"),
    (Column("score", "number", "Score.", range="0 to 1"), Column("is_smiling", "boolean", "Whether it smiles.")),
    "One face.",
    summary=(
        Summary(Column("faces", "integer", "Number of faces."), "count(*)"),
        Summary(Column("face_score", "number", "Mean score of the faces."), "avg(score)"),
        Summary(Column("status", "string", "A name that is taken."), "any_value(extractor)"),
    ),
)
METADATA = Table(
    "metadata",
    (),
    (Column("format", "string", "Format of the file."),),
    "What one file says about itself.",
    summary=(Summary(Column("format", "string", "Format of the file."), "any_value(format)"),),
)
EMBEDDINGS = Table("embeddings", ("picture",), (Column("embedding", "vector", "The vector."),), "One picture.")
PICTURES = Table(
    "pictures",
    ("picture",),
    (
        Column("page", "integer", "Page.", missing="no document"),
        Column("time_ms", "integer", "Time.", unit="ms", missing="no film"),
    ),
    "One picture.",
)
TABLES = (PICTURES, TEXTS, FACES, METADATA, EMBEDDINGS)

A, B, C, D = (letter * 64 for letter in "abcd")
PATHS = {A: ["copy/a.jpg", "photo, one.jpg"], B: ["report.pdf"], C: ["film.mp4"], D: ["empty.png"]}
PRINT = "0123456789ab"


def stored(table: Table, rows: list[tuple[str, dict[str, int], dict[str, Any]]]) -> pa.Table:
    """Return the rows of a table, one row set a path, sorted as the run layer sorts them."""
    written = [
        {
            "path": path,
            "media_id": media_id,
            "unit_id": unit_id(media_id, keys),
            **keys,
            **values,
            "extractor": "ocr" if table.name == "texts" else table.name,
            "model": None,
            "fingerprint": PRINT,
        }
        for media_id, keys, values in rows
        for path in PATHS[media_id]
    ]
    written.sort(key=lambda row: (row["path"], *(row[key] for key in table.keys)))
    return pa.Table.from_pylist(written, schema=schema(table.all_columns()))


def write(folder: Path, name: str, table: pa.Table) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, folder / f"{name}.parquet")


@pytest.fixture
def study(tmp_path: Path) -> SmallStudy:
    folder = tmp_path / "study"
    good = {"status": "ok", "error_type": None, "error_message": None, "remedy": None}
    kinds = {A: "image", B: "document", C: "video", D: "image"}
    media = [
        {"path": path, "media_id": key, "kind": kinds[key], "bytes": 9, "modified": "2024-05-01T08:30:00Z", **good}
        for key, paths in PATHS.items()
        for path in paths
    ]
    for path, status, problem in (("broken.jpg", "failed", "UnreadableError"), ("gone.jpg", "missing", "LinkError")):
        media.append(
            {"path": path, "status": status, "error_type": problem, "error_message": f"{path} is no file."}
            | {"remedy": "Look for it."}
        )
    media.sort(key=lambda row: row["path"])
    write(folder, "media", pa.Table.from_pylist(media, schema=schema(MEDIA_COLUMNS)))

    outcomes = {
        "ocr": {A: "ok", B: "partial", C: "skipped:over_limit", D: "empty"},
        "faces": {A: "ok", B: "failed", C: "ok", D: "empty"},
        "metadata": {A: "ok", B: "ok", C: "ok", D: "ok"},
        "speech": {A: "skipped:not_applicable", B: "skipped:not_applicable", D: "skipped:not_applicable"},
    }
    status = [
        {
            "media_id": media_id,
            "extractor": extractor,
            "fingerprint": PRINT,
            "status": outcome.partition(":")[0],
            "reason": outcome.partition(":")[2] or None,
            "n_rows": 1,
            "seconds": 0.5,
            "run": "20240501T083000Z",
        }
        for extractor, by_medium in outcomes.items()
        for media_id, outcome in by_medium.items()
    ]
    write(folder, "status", pa.Table.from_pylist(status, schema=schema(STATUS_COLUMNS)))
    failures = [
        {"media_id": B, "extractor": "ocr", "picture": 1, "time_ms": None, "error_message": "Page 2 is broken."},
        {"media_id": B, "extractor": "faces", "picture": None, "time_ms": None, "error_message": "It crashed."},
    ]
    for row in failures:
        row |= {"error_type": "BrokenFileError", "remedy": "Save it again."}
    write(folder, "failures", pa.Table.from_pylist(failures, schema=schema(FAILURE_COLUMNS)))

    items = pa.Table.from_pylist(
        [
            {"item_id": "10", "media_id": C, "position": 0, "path": "film.mp4", "Likes": 5, "status": "public"},
            {"item_id": "10", "media_id": A, "position": 1, "path": "photo, one.jpg", "Likes": 5, "status": "public"},
            {"item_id": "9", "media_id": B, "position": 0, "path": "report.pdf", "Likes": None, "status": "private"},
            {"item_id": "7", "media_id": None, "position": None, "path": None, "Likes": 1, "status": "public"},
            {"item_id": "6", "media_id": A, "position": 0, "path": "copy/a.jpg", "Likes": 2, "status": "public"},
            {"item_id": "6", "media_id": D, "position": 1, "path": "empty.png", "Likes": 2, "status": "public"},
            {"item_id": "5", "media_id": None, "position": 0, "path": "gone.jpg", "Likes": 2, "status": "public"},
        ],
        schema=pa.schema([*schema(ITEM_COLUMNS), pa.field("Likes", pa.int64()), pa.field("status", pa.string())]),
    )
    write(folder, "items", items)

    def block(text: str, lang: str | None = "en") -> dict[str, Any]:
        return {"text": text, "score": 0.5, "lang": lang}

    tables = folder / "tables"
    write(
        tables,
        "texts",
        stored(
            TEXTS,
            [
                (A, {"picture": 0, "block": 0}, block("Vote for")),
                (A, {"picture": 0, "block": 1}, block("us")),
                (B, {"picture": 0, "block": 0}, block("Erste Seite", "de")),
                (B, {"picture": 2, "block": 0}, block("Third page")),
            ],
        ),
    )
    face = {"score": 0.5, "is_smiling": True}
    write(
        tables,
        "faces",
        stored(
            FACES,
            [
                (A, {"picture": 0, "face": 0}, face),
                (A, {"picture": 0, "face": 1}, {"score": 1.0, "is_smiling": None}),
                (C, {"picture": 0, "face": 0}, face),
            ],
        ),
    )
    formats = {A: "JPEG", B: "PDF", C: "MP4", D: "PNG"}
    write(tables, "metadata", stored(METADATA, [(key, {}, {"format": name}) for key, name in formats.items()]))
    write(
        tables,
        "pictures",
        stored(
            PICTURES,
            [
                (A, {"picture": 0}, {"page": None, "time_ms": None}),
                *((B, {"picture": page}, {"page": page, "time_ms": None}) for page in range(3)),
                *((C, {"picture": frame}, {"page": None, "time_ms": 5000 * frame}) for frame in range(2)),
                (D, {"picture": 0}, {"page": None, "time_ms": None}),
            ],
        ),
    )
    vector = np.array([0.1, -2.5, 65504.0], np.float16)
    write(tables, "embeddings", stored(EMBEDDINGS, [(A, {"picture": 0}, {"embedding": vector})]))
    described = (
        Described("ocr", (TEXTS,), "Text in pictures.", "Weak on handwriting.", "Smith 2007"),
        Described("faces", (FACES,)),
        Described("metadata", (METADATA,)),
    )
    return SmallStudy(folder, TABLES, described)
