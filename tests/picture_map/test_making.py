"""The map of a study."""

import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tidymedia.cli.application import run_application
from tidymedia.errors import UsageError
from tidymedia.picture_map.making import make_map
from tidymedia.picture_map.table import MAP
from tidymedia.study import Study
from tidymedia.tables.derived import origin_of

MEDIA = Path(__file__).resolve().parents[2] / "examples" / "media"


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    folder = tmp_path_factory.mktemp("map")
    media = folder / "media"
    shutil.copytree(MEDIA / "photographs", media)
    shutil.copy(media / "dogs.jpg", media / "same.jpg")
    shutil.copy(MEDIA / "films" / "rabbit.gif", media)
    return Study(folder / "study", media, pictures={"animation": "1f"}).analyze(["embeddings"], jobs=1)


def test_each_path_and_picture_has_a_row(study: Study) -> None:
    rows = study.map()
    embedded = study.table("embeddings")
    assert rows[["path", "picture"]].values.tolist() == embedded[["path", "picture"]].values.tolist()
    assert list(rows.columns) == [column.name for column in MAP.table.all_columns()]
    assert rows[["x", "y"]].notna().all(axis=None) and rows["x"].between(0, 1).all() and rows["y"].between(0, 1).all()
    assert rows["unit_id"].tolist() == embedded["unit_id"].tolist()
    assert set(rows["model"]) == set(embedded["model"])
    assert rows["fingerprint"].nunique() == 1
    same = rows[rows["path"].isin(["dogs.jpg", "same.jpg"])]
    assert len(same) == 2 and same["x"].nunique() == 1
    assert "map" in study.tables
    codebook = study.codebook()
    assert set(codebook.loc[codebook["table"] == "map", "column"]) >= {"x", "y"}


def test_the_frames_of_a_film_lie_side_by_side(study: Study) -> None:
    rows = study.map()
    places = rows.set_index(["path", "picture"])[["x", "y"]]
    first, second = places.loc[("rabbit.gif", 0)], places.loc[("rabbit.gif", 1)]
    others = places.drop(index=[("rabbit.gif", 0)])
    nearest = ((others - first) ** 2).sum(axis=1).idxmin()
    assert nearest[0] == "rabbit.gif"
    assert ((first - second) ** 2).sum() < 0.1


def test_how_it_was_made_is_kept(study: Study) -> None:
    first = study.map(seed=4)
    origin = origin_of(study.folder, "map")
    pictures = first["unit_id"].nunique()
    assert origin is not None and origin.is_current
    assert dict(origin.parameters) == {
        "method": "t-SNE",
        "perplexity": pytest.approx((pictures - 1) / 3),
        "seed": 4,
        "pictures": pictures,
        "of_pictures": pictures,
    }
    other = study.map(perplexity=2, seed=4)
    assert set(other["fingerprint"]).isdisjoint(first["fingerprint"])


def test_of_too_many_pictures_a_sample_is_placed(study: Study) -> None:
    rows = study.map(most=6)
    assert rows["unit_id"].nunique() == 6
    assert set(study.map(most=6)["unit_id"]) == set(rows["unit_id"])
    assert set(study.map(most=6, seed=1)["unit_id"]) != set(rows["unit_id"])
    parameters = origin_of(study.folder, "map").parameters
    assert parameters["pictures"] == 6 < parameters["of_pictures"]


def test_what_cannot_be_done_is_said(study: Study, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="perplexity of 0"):
        study.map(perplexity=0)
    with pytest.raises(UsageError, match="0 pictures"):
        study.map(most=0)
    other = Study(tmp_path / "study", MEDIA / "photographs" / "dogs.jpg").analyze(["pixels"], jobs=1)
    with pytest.raises(UsageError, match="--with embeddings"):
        other.map()


def test_a_study_of_one_picture_and_of_none(tmp_path: Path) -> None:
    one = Study(tmp_path / "one", MEDIA / "photographs" / "dogs.jpg").analyze(["embeddings"], jobs=1)
    assert one.map()[["x", "y"]].values.tolist() == [[0.5, 0.5]]
    path = one.folder / "tables" / "embeddings.parquet"
    pq.write_table(pq.read_table(path).slice(0, 0), path)
    make_map(one.folder)
    assert one.table("map").empty
    assert one.report(tmp_path / "report.html").read_text(encoding="utf-8").count('id="map"') == 0


def test_the_command(study: Study, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_application(["map", str(study.folder), "--seed", "2"]) == 0
    said = capsys.readouterr()
    assert said.out.endswith(" pictures on the map: the table map.\n")
    assert "tidymedia report" in said.err
    assert origin_of(study.folder, "map").parameters["seed"] == 2
