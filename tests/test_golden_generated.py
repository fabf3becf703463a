"""Rows of small media that are made here without loss: they are the same on every machine but for the last digit.

When they change, raise the version of the extractor, so that old rows are made anew, and then:
TIDYMEDIA_UPDATE_GOLDEN=1 python -m pytest tests/test_golden_generated.py
"""

from __future__ import annotations

import json
import math
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import audio_makers as recordings
import image_makers as images
from tidymedia.extractors.registry import extractor_types
from tidymedia.study import Study

HERE = Path(__file__).parent
EXTRACTORS = ("pictures", "metadata", "pixels", "hashes")
LEFT_OUT = {"media_id", "unit_id", "extractor", "model", "fingerprint"}
LAST_DIGIT = 1.01e-4
"""Measures are rounded to four digits; another processor may round the other way."""


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    folder = tmp_path_factory.mktemp("generated")
    media = folder / "media"
    media.mkdir()
    scene = images.scene((120, 90), 1)
    scene.save(media / "scene.png", dpi=(300, 300))
    images.scene((1_700, 300), 2).save(media / "wide.bmp")
    images.quarters((61, 47)).save(media / "quarters.png")
    Image.new("RGB", (40, 30), (200, 30, 40)).save(media / "flat.png")
    scene.quantize(16).save(media / "palette.gif")
    images.animation(media / "moving.gif", "GIF", [4_000, 4_000, 4_000])
    images.pages(media / "pages.tif", [(40, 30), (30, 50)])
    images.oriented(media / "turned.png", 6, (60, 40), "PNG")
    Image.fromarray(np.arange(60 * 40, dtype=np.uint16).reshape(40, 60) * 27).save(media / "deep.png")
    clear = scene.convert("RGBA")
    clear.putalpha(Image.linear_gradient("L").resize(scene.size))
    clear.save(media / "alpha.png")
    (media / "tone.wav").write_bytes(recordings.wav(recordings.tone(0.5, 8_000)[:, None]))
    return Study(folder / "study", media).analyze(list(EXTRACTORS[1:]), jobs=1)


def rows_of(study: Study, table: str) -> list[dict[str, Any]]:
    frame = study.table(table)
    kept = frame[[name for name in frame.columns if name not in LEFT_OUT]]
    rows: list[dict[str, Any]] = json.loads(kept.to_json(orient="records", double_precision=12))
    return rows


def alike(one: object, other: object) -> bool:
    numbers = [value for value in (one, other) if isinstance(value, (int, float)) and not isinstance(value, bool)]
    if len(numbers) == 2 and any(isinstance(value, float) for value in numbers):
        return math.isclose(*numbers, rel_tol=1e-6, abs_tol=LAST_DIGIT)
    return type(one) is type(other) and one == other


def differences(rows: list[dict[str, Any]], golden: list[dict[str, Any]]) -> list[str]:
    if [row["path"] for row in rows] != [row["path"] for row in golden]:
        return [f"rows of {[row['path'] for row in rows]}, not of {[row['path'] for row in golden]}"]
    return [
        f"{old['path']}: {column} is {new.get(column, 'gone')!r}, not {old.get(column, 'there')!r}"
        for new, old in zip(rows, golden, strict=True)
        for column in sorted({*new, *old})
        if column not in new or column not in old or not alike(new[column], old[column])
    ]


@pytest.mark.parametrize("extractor", EXTRACTORS)
def test_rows_change_only_with_the_version(extractor: str, study: Study) -> None:
    version = extractor_types([extractor])[extractor].version
    rows = rows_of(study, extractor)
    path = HERE / "golden" / f"generated_{extractor}.json"
    if os.environ.get("TIDYMEDIA_UPDATE_GOLDEN") == "1":
        lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        path.write_text(f'{{"version": {version}, "rows": [\n{lines}\n]}}\n', encoding="utf-8")
    golden = json.loads(path.read_text(encoding="utf-8"))
    update = "TIDYMEDIA_UPDATE_GOLDEN=1 python -m pytest tests/test_golden_generated.py"
    if version != golden["version"]:
        pytest.fail(f"{extractor} has version {version}, its golden rows {golden['version']}. Make them anew: {update}")
    changed = differences(rows, golden["rows"])
    listed = "\n".join(changed)
    assert not changed, f"Rows of {extractor} changed: raise its version in its class, then run: {update}\n{listed}"


def test_every_change_is_seen() -> None:
    row = {"path": "a", "sharpness": 2816.05, "pages": 2, "hash": "00ff", "dpi": None, "has_alpha": True, "hue": 0.5}
    assert differences([{**row, "hue": 0.5001}], [row]) == []
    for column, value in {**row, "sharpness": 2816.06, "pages": 3, "hash": "00fe", "dpi": 72, "hue": 0.5003}.items():
        if column != "path":
            without = {name: kept for name, kept in row.items() if name != column}
            assert len(differences([without], [row])) == 1
            assert len(differences([row], [without])) == 1
            assert len(differences([{**row, column: value if value != row[column] else "else"}], [row])) == 1
    assert differences([], [row])
