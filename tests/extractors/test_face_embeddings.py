"""Faces as vectors: only when asked for, built on the table faces."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tidymedia.extractors.registry import DEFAULT, make_extractor
from tidymedia.models.bundled import BUNDLED
from tidymedia.study import Study

MEDIA = Path(__file__).resolve().parents[2] / "examples" / "media" / "photographs"


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("media")
    for name in ("astronaut.jpg", "dogs.jpg", "photographer.png"):
        shutil.copy(MEDIA / name, folder)
    with Image.open(folder / "astronaut.jpg") as image:
        portrait = image.convert("RGB")
    portrait.resize((300, 300)).save(folder / "small.png")
    portrait.resize((80, 80)).save(folder / "tiny.png")
    portrait.resize((3000, 3000), Image.Resampling.BICUBIC).save(folder / "large.jpg")
    return folder


@pytest.fixture(scope="module")
def study(media: Path, tmp_path_factory: pytest.TempPathFactory) -> Study:
    return Study(tmp_path_factory.mktemp("study") / "study", media).analyze(["face_embeddings"], jobs=1)


def test_a_vector_of_length_one_for_each_face_that_is_large_enough(study: Study) -> None:
    rows = study.table("face_embeddings")
    assert rows["path"].tolist() == ["astronaut.jpg", "large.jpg", "photographer.png", "small.png"]
    vectors = np.stack(rows["vector"].to_list()).astype(np.float32)
    assert vectors.shape == (4, 1024)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
    distance = 1 - vectors @ vectors.T
    assert distance[0, 1] < 0.1
    assert distance[0, 3] < 0.1
    assert distance[0, 2] > 0.45
    assert set(rows["model"]) == {"faceres@3.0.4"}
    faces = study.table("faces").set_index("unit_id")
    assert set(rows["unit_id"]) < set(faces.index)
    assert faces.loc[~faces.index.isin(rows["unit_id"]), "box_height"].max() < 24


def test_what_has_no_face_is_empty(study: Study) -> None:
    status = study.status().query("extractor == 'face_embeddings'").set_index("path")["status"]
    assert status[["dogs.jpg", "tiny.png", "small.png"]].tolist() == ["empty", "empty", "ok"]


def test_faces_of_an_earlier_run_give_the_same(media: Path, study: Study, tmp_path: Path) -> None:
    later = Study(tmp_path / "study", media).analyze(["faces", "pixels"], jobs=1).analyze(["face_embeddings"], jobs=1)
    for one, other in zip(
        study.table("face_embeddings")["vector"], later.table("face_embeddings")["vector"], strict=True
    ):
        np.testing.assert_array_equal(one, other)


def test_it_never_runs_by_itself_and_says_what_the_law_says() -> None:
    extractor = make_extractor("face_embeddings")
    assert "face_embeddings" not in DEFAULT
    assert extractor.needs == ("faces",)
    assert extractor.availability().installed
    assert BUNDLED["faceres"].sha256 in extractor.model_hash
    for words in ("biometric data", "Art. 9 of the GDPR", "consent"):
        assert words in extractor.caveat


def test_the_codebook_and_the_report_say_so_too(study: Study) -> None:
    assert "Art. 9" in (study.folder / "codebook.md").read_text(encoding="utf-8")
    assert "Art. 9" in study.report().read_text(encoding="utf-8")
