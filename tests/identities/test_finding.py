"""study.identities: faces of one person come together, those of two stay apart, and nobody is named from afar."""

from pathlib import Path

import pandas as pd
import pytest
from PIL import Image

from tidymedia.errors import UsageError
from tidymedia.identities.finding import THRESHOLD
from tidymedia.study import Study
from tidymedia.tables.derived import origin_of

ASTRONAUT = {"astronaut.jpg", "again.jpg", "tilted.png", "dark.png"}


def paths(rows: pd.DataFrame) -> set[str]:
    return set(rows["path"])


def test_one_identity_a_person(study: Study) -> None:
    found = study.identities()
    assert found["identity"].nunique() == 2
    largest = found[found["identity"] == found["identity"].iloc[0]]
    assert paths(largest) == ASTRONAUT | {"both.png"}
    assert paths(found.drop(largest.index)) == {"photographer.png", "both.png"}
    assert (found["distance"] <= THRESHOLD).all()
    assert found["name"].isna().all()
    assert found["name_distance"].isna().all()


def test_counts_are_of_faces_and_not_of_paths(study: Study) -> None:
    found = study.identities()
    counts = found.groupby("identity")["unit_id"].nunique()
    assert (found["identity_faces"] == found["identity"].map(counts)).all()
    assert sorted(counts) == [2, 4]


def test_the_tallest_face_stands_for_its_person(study: Study) -> None:
    found = study.identities()
    heights = study.table("faces").drop_duplicates("unit_id").set_index("unit_id")["box_height"]
    for identity, rows in found.groupby("identity"):
        assert heights[rows["unit_id"]].max() == heights[identity]
        assert set(rows.loc[rows["is_representative"], "unit_id"]) == {identity}
        assert (rows.loc[rows["is_representative"], "distance"] == 0).all()


def test_a_threshold_of_nothing_joins_nothing_and_of_one_joins_all(study: Study) -> None:
    alone = study.identities(0)
    assert alone["identity"].nunique() == alone["unit_id"].nunique()
    assert study.identities(1)["identity"].nunique() == 1


def test_the_same_study_gives_the_same(study: Study) -> None:
    pd.testing.assert_frame_equal(study.identities(), study.identities())


def test_names_come_from_the_gallery(study: Study, gallery: Path) -> None:
    found = study.identities(gallery=gallery)
    named = found["name"].notna()
    assert paths(found[named]) == ASTRONAUT | {"both.png"}
    assert set(found.loc[named, "name"]) == {"Eileen Collins"}
    assert found.loc[named, "name_distance"].max() <= THRESHOLD < found.loc[~named, "name_distance"].min()
    summary = study.summary().set_index("path")
    assert summary.loc["both.png", ["faces", "identities", "names"]].tolist() == [2, 2, "Eileen Collins"]
    assert pd.isna(summary.loc["photographer.png", "names"])


def test_parameters_and_warnings_are_kept(study: Study, gallery: Path) -> None:
    study.identities(0.2, gallery)
    origin = origin_of(study.folder, "identities")
    assert origin is not None
    assert origin.is_current
    assert origin.parameters["threshold"] == 0.2
    assert [name for name, _ in origin.parameters["gallery"]] == ["Eileen Collins"] * 2
    assert "forbid without consent" in (study.folder / "codebook.md").read_text(encoding="utf-8")
    page = study.report().read_text(encoding="utf-8")
    assert "Likeness is no proof" in page
    assert "Faces were brought together by likeness, up to a distance of 0.2 (version 1; model faceres@3.0.4" in page
    assert "6 faces, " in page


def test_another_gallery_is_another_fingerprint(study: Study, gallery: Path) -> None:
    prints = {study.identities(gallery=one)["fingerprint"].iloc[0] for one in (None, gallery)}
    assert len(prints) == 2


@pytest.mark.parametrize("threshold", [-0.1, 1.5, True])
def test_thresholds_that_make_no_sense(study: Study, threshold: float) -> None:
    with pytest.raises(UsageError, match="makes no sense"):
        study.identities(threshold)


def test_a_study_without_vectors_of_faces(people: Path, tmp_path: Path) -> None:
    study = Study(tmp_path / "study", people).analyze(["faces"], include=["dogs.jpg"], jobs=1)
    with pytest.raises(UsageError, match="has no table") as raised:
        study.identities()
    assert "face_embeddings" in (raised.value.remedy or "")


def test_a_study_without_faces(people: Path, tmp_path: Path) -> None:
    study = Study(tmp_path / "study", people).analyze(["face_embeddings"], include=["dogs.jpg"], jobs=1)
    with pytest.raises(UsageError, match="or there is no face"):
        study.identities()


def test_galleries_that_cannot_be_used(study: Study, people: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="There is no folder"):
        study.identities(gallery=tmp_path / "nowhere")
    with pytest.raises(UsageError, match="has no pictures"):
        study.identities(gallery=tmp_path)
    with Image.open(people / "both.png") as image:
        image.save(tmp_path / "Two.png")
    with pytest.raises(UsageError, match=r"Two\.png of the gallery shows 2 faces"):
        study.identities(gallery=tmp_path)
    Image.new("RGB", (300, 300)).save(tmp_path / "Nobody.png")
    with pytest.raises(UsageError, match=r"Nobody\.png of the gallery shows no faces"):
        study.identities(gallery=tmp_path)
