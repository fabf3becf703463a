"""How near the camera is, told from faces."""

from pathlib import Path

import pytest

import tidymedia as tm
from tidymedia.errors import UsageError
from tidymedia.tables.shot_scales import SHOT_SCALES, scale_of

FILM = Path(__file__).resolve().parents[2] / "examples" / "media" / "films" / "montage.mp4"


@pytest.mark.parametrize(("name", "least"), SHOT_SCALES)
def test_thresholds_belong_to_the_nearer_scale(name: str, least: float) -> None:
    assert scale_of(least) == name
    assert scale_of(1.0) == "big close-up"
    assert scale_of(None) is None


def test_the_sample_film_has_a_portrait(tmp_path: Path) -> None:
    study = tm.Study(tmp_path / "study", FILM)
    study.analyze(["shots"], parameters={"pictures.video": "shot:middle"}, jobs=1)
    with pytest.raises(UsageError, match="has no pictures"):
        study.shot_scales()
    study.analyze(["shots", "pixels"], jobs=1)
    with pytest.raises(UsageError, match="Nobody looked for faces"):
        study.shot_scales()
    scales = study.analyze(["faces"], jobs=1).shot_scales()
    assert scales["shot"].tolist() == list(range(7))
    assert (scales["pictures"] == 1).all()
    portrait = scales.set_index("shot").loc[2]
    assert portrait["pictures_with_faces"] == 1
    faces = study.table("faces").query("picture == 2")
    assert portrait["face_height"] == pytest.approx(faces["box_height"].max() / 270)
    assert portrait["scale"] == scale_of(portrait["face_height"]) == "close-up"
    title = scales.set_index("shot").loc[0]
    assert title["pictures_with_faces"] == 0
    assert title[["face_height", "scale"]].isna().all()
