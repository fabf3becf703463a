"""Embeddings: one vector a picture, of length 1, the same whatever ran beside it."""

import json
import shutil
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tidymedia.errors import SettingError, UnavailableError
from tidymedia.extractors.embeddings import Embeddings
from tidymedia.extractors.registry import DEFAULT, make_extractor
from tidymedia.media.kinds import Kind
from tidymedia.media.locations import LocalFile
from tidymedia.media.opening import open_medium
from tidymedia.media.picture import ANALYSIS, THUMB, Picture
from tidymedia.media.settings import PictureSettings
from tidymedia.models.bundled import BUNDLED
from tidymedia.models.choice import choose_model
from tidymedia.models.files import ENVIRONMENT
from tidymedia.models.image_embedding import load_embedder
from tidymedia.models.image_features import image_features
from tidymedia.run.fingerprint import fingerprints
from tidymedia.study import Study

MEDIA = Path(__file__).resolve().parents[2] / "examples" / "media"
MODEL = BUNDLED["efficientnet_lite2"]


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    media = tmp_path_factory.mktemp("media")
    for name in ("photographs/dogs.jpg", "photographs/pagoda.jpg", "posts/ben/cut_off.jpg", "films/rabbit.gif"):
        shutil.copy(MEDIA / name, media)
    (media / "text.txt").write_text("No picture.", encoding="utf-8")
    folder = tmp_path_factory.mktemp("study")
    return Study(folder / "study", media).analyze(["embeddings"], jobs=1)


def test_a_vector_a_picture_of_length_one(study: Study) -> None:
    rows = study.table("embeddings")
    assert set(rows["path"]) == {"dogs.jpg", "pagoda.jpg", "rabbit.gif"}
    assert len(rows) == len(study.table("pictures").query("path != 'cut_off.jpg'"))
    vectors = np.stack(rows["vector"].to_list()).astype(np.float32)
    assert vectors.shape == (len(rows), 1280)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=2e-4)
    assert set(rows["model"]) == {"efficientnet_lite2@0.1.0"}


def test_stored_in_half_precision_and_as_the_function_gives_it(study: Study) -> None:
    stored = pq.read_table(study.folder / "tables" / "embeddings.parquet")
    assert stored.schema.field("vector").type == pa.list_(pa.float16())
    rows = study.table("embeddings").set_index("path")
    with open_medium(LocalFile(str(MEDIA / "photographs"), "dogs.jpg"), Kind.IMAGE) as medium:
        (picture,) = medium.pictures()
        assert isinstance(picture, Picture)
        (vector,) = image_features([picture.image(THUMB)])
    np.testing.assert_array_equal(np.asarray(rows.loc["dogs.jpg", "vector"], np.float16), vector.astype(np.float16))


def test_what_has_no_picture_or_is_broken_costs_only_itself(study: Study) -> None:
    status = study.status().query("extractor == 'embeddings'").set_index("path")
    assert status.loc["cut_off.jpg", "status"] == "failed"
    assert status.loc["text.txt", "status"] == "skipped"
    assert (status.loc[["dogs.jpg", "pagoda.jpg", "rabbit.gif"], "status"] == "ok").all()


def test_vectors_are_not_in_the_summary_but_in_the_codebook(study: Study) -> None:
    summary = study.summary()
    assert "vector" not in summary.columns
    assert not any(name.startswith("embedding") for name in summary.columns)
    codebook = study.codebook().query("table == 'embeddings' and column == 'vector'")
    assert "they are 1,280, none negative" in codebook.iloc[0]["meaning"]


def test_the_sha256_of_the_network_decides_the_fingerprint() -> None:
    extractor = make_extractor("embeddings")
    assert MODEL.sha256 in extractor.model_hash

    class Other(Embeddings):
        @property
        def model_hash(self) -> str:
            return "efficientnet_lite2@0.1.0 0000"

    prints = [
        fingerprints([one], PictureSettings(), Kind.IMAGE)["embeddings"]
        for one in (extractor, make_extractor("embeddings"), Other(extractor.parameters))
    ]
    assert prints[0] == prints[1] != prints[2]


def _photographs(folder: Path, model: Path | str) -> Study:
    return Study(folder, MEDIA / "photographs").analyze(
        ["embeddings"], parameters={"embeddings": {"model": str(model)}}, include=["dogs.jpg", "pagoda.jpg"], jobs=1
    )


def test_a_model_of_the_hub_makes_the_vectors_and_is_named_in_the_rows(tiny_clip: Path, tmp_path: Path) -> None:
    study = _photographs(tmp_path / "study", tiny_clip)
    rows = study.table("embeddings")
    assert list(rows["path"]) == ["dogs.jpg", "pagoda.jpg"]
    chosen = choose_model(str(tiny_clip), "embeddings", default=MODEL)
    assert set(rows["model"]) == {chosen.identifier}
    assert chosen.identifier.startswith("clip@")
    vectors = np.stack(rows["vector"].to_list()).astype(np.float32)
    assert vectors.shape == (2, 8)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
    with open_medium(LocalFile(str(MEDIA / "photographs"), "dogs.jpg"), Kind.IMAGE) as medium:
        (picture,) = medium.pictures()
        assert isinstance(picture, Picture)
        expected = load_embedder(chosen).vector(picture.image(ANALYSIS))
    np.testing.assert_array_equal(np.asarray(rows["vector"].iloc[0], np.float16), expected.astype(np.float16))
    stored = pq.read_table(study.folder / "tables" / "embeddings.parquet")
    assert stored.schema.field("vector").type == pa.list_(pa.float16())
    (run,) = (study.folder / "runs").glob("*.json")
    (described,) = [one for one in json.loads(run.read_text())["extractors"] if one["name"] == "embeddings"]
    assert described["model_hash"] == f"{chosen.identifier} {chosen.sha256}"


def test_other_weights_make_the_rows_anew(tiny_clip: Path, tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers", reason="transformers comes with pip install 'tidymedia[hub]'")
    folder = shutil.copytree(tiny_clip, tmp_path / "model")
    first = _photographs(tmp_path / "study", folder).table("embeddings")
    transformers.set_seed(8)
    transformers.CLIPModel(transformers.CLIPConfig.from_pretrained(folder)).save_pretrained(folder)
    second = _photographs(tmp_path / "study", folder).table("embeddings")
    assert len(first) == len(second) == 2
    assert set(first["fingerprint"]).isdisjoint(second["fingerprint"])
    assert not np.array_equal(first["vector"].iloc[0], second["vector"].iloc[0])


def test_what_is_not_on_this_machine_ends_the_run_before_it_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("transformers", reason="transformers comes with pip install 'tidymedia[hub]'")
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "cache"))
    with pytest.raises(UnavailableError) as raised:
        _photographs(tmp_path / "study", "owner/absent")
    assert "Fetch it with: tidymedia models fetch owner/absent" in raised.value.remedy
    with pytest.raises(SettingError, match="There is no network clip"):
        _photographs(tmp_path / "study", "clip")


def test_it_runs_only_when_asked_for_and_is_ready() -> None:
    assert "embeddings" not in DEFAULT
    assert make_extractor("embeddings").availability().installed


def test_another_file_in_the_folder_of_networks_ends_the_run_before_it_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / MODEL.file).write_bytes(b"another network")
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path))
    assert not make_extractor("embeddings").availability().installed
    with pytest.raises(UnavailableError, match="is not the network efficientnet_lite2@"):
        make_extractor("embeddings").load()
    with pytest.raises(UnavailableError, match="is not the network efficientnet_lite2@"):
        Study(tmp_path / "study", MEDIA / "photographs").analyze(["embeddings"], include=["dogs.jpg"], jobs=1)
