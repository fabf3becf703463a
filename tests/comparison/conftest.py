"""Studies with known tags, written as Parquet."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tidymedia.extractors.tags import TAGS
from tidymedia.tables.standard import MEDIA_COLUMNS, STATUS_COLUMNS, schema

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Give what writes a study: for each extractor, its model and the labels and scores of each file."""

    def written(
        name: str, taggers: Mapping[str, tuple[str, Mapping[str, str]]], files: tuple[str, ...] = "abc"
    ) -> Path:
        folder = tmp_path / name
        (folder / "tables").mkdir(parents=True)
        media = [{"path": f"{one}.png", "media_id": one, "status": "ok", "kind": "image"} for one in files]
        pq.write_table(pa.Table.from_pylist(media, schema=schema(MEDIA_COLUMNS)), folder / "media.parquet")
        tags, status = [], []
        for extractor, (model, said) in taggers.items():
            for one in files:
                labels = [label.rsplit(":", 1) for label in said.get(one, "").split("|") if label]
                state = "ok" if labels else "empty"
                status.append({"media_id": one, "extractor": extractor, "status": state, "seconds": 0.5})
                tags += [
                    {
                        "path": f"{one}.png",
                        "media_id": one,
                        "picture": 0,
                        "rank": rank,
                        "label": label,
                        "score": float(score),
                        "extractor": extractor,
                        "model": model,
                    }
                    for rank, (label, score) in enumerate(labels)
                ]
        columns = schema(TAGS.all_columns())
        pq.write_table(pa.Table.from_pylist(tags, schema=columns), folder / "tables" / "tags.parquet")
        pq.write_table(pa.Table.from_pylist(status, schema=schema(STATUS_COLUMNS)), folder / "status.parquet")
        pictures = pa.table({"media_id": [*files], "picture": pa.array([0] * len(files), pa.int64())})
        pq.write_table(pictures, folder / "tables" / "pictures.parquet")
        return folder

    return written
