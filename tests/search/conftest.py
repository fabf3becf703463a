"""Studies with tags that are known, written as Parquet."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tidymedia.tables.standard import MEDIA_COLUMNS

Write = Callable[..., Path]


@pytest.fixture
def write_tags(tmp_path: Path) -> Write:
    """Give what writes a study: tags as (path, media_id, picture, label, wordnet_id, score[, model])."""

    def write(*tags: tuple, columns: tuple[str, ...] = ()) -> Path:
        folder = tmp_path / "study"
        (folder / "tables").mkdir(parents=True)
        files = dict.fromkeys((tag[0], tag[1]) for tag in tags)
        media = [{"path": path, "media_id": media_id, "status": "ok", "kind": "image"} for path, media_id in files]
        schema = pa.schema([column.arrow_field() for column in MEDIA_COLUMNS])
        pq.write_table(pa.Table.from_pylist(media, schema=schema), folder / "media.parquet")
        names = ("path", "media_id", "picture", "label", "wordnet_id", "score", "model")
        rows = [dict(zip(names, (*tag, "net@1")[:7], strict=True)) for tag in tags]
        table = pa.Table.from_pylist(
            rows,
            schema=pa.schema(
                [
                    (name, pa.int64() if name == "picture" else pa.float64() if name == "score" else pa.string())
                    for name in names
                ]
            ),
        )
        pq.write_table(table.select(columns or names), folder / "tables" / "tags.parquet")
        return folder

    return write
